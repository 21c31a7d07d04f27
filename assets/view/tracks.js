// What igv.js shows: arcs, attention, predicted activity, contributions, elements, top regions, added tracks.
//
// igv.js writes names into its page as markup and splits places at colons and spaces. So it gets
// none of ours as they are: chromosomes go by names made of safe characters, other text goes
// without the characters of markup. It is given no address to ask either: of the reference it has
// the chromosomes' lengths and at most the windows, and the tracks are in memory.

const LOOKALIKES = { "<": "‹", ">": "›", "&": "＆", '"': "”", "'": "’", "`": "’" };
const safeText = (text) => String(text).replace(/[<>&"'`]/g, (character) => LOOKALIKES[character]);

/** Names for igv.js, which takes `1` and `chr1` for one chromosome and `all` for the genome, and
    keeps features in objects under their chromosome's name. */
function nameSafely() {
  const names = new Map();
  const key = (name) => name.toLowerCase().replace(/^chr/, "");
  const taken = new Set(["all", "", ...Object.getOwnPropertyNames(Object.prototype)].map(key));
  for (const [name] of data.chromosomes) {
    const plain = name.replace(/[^A-Za-z0-9_.*+-]/g, "_").replace(/^\*$/, "_");
    let safe = plain;
    for (let count = 2; taken.has(key(safe)); count += 1) safe = `${plain}_${count}`;
    taken.add(key(safe));
    names.set(name, safe);
  }
  return names;
}
let safeNames = null;

const safePlace = ([chrom, start, end]) => ({ chr: safeNames.get(chrom), start, end });

/** A FASTA of one unknown base for each chromosome, and of the windows where their letters are shown:
    igv.js reads place and length from the header. */
function reference() {
  const pieces = data.chromosomes.map(([name, length]) => [name, 0, "N", length]);
  for (const { chrom, start, letters } of data.contributions?.sequences ?? [])
    pieces.push([chrom, start, letters, lengthOf.get(chrom)]);
  const records = pieces.map(
    ([name, start, letters, length]) =>
      `>${safeNames.get(name)}:${start + 1}-${start + letters.length} @len=${length}\n${letters}\n`,
  );
  const name = safeText(data.genome);
  const id = name.replace(/[^A-Za-z0-9_.-]/g, "_");
  return {
    id,
    name,
    fastaURL: `data:text/plain;base64,${btoa(records.join(""))}`,
    indexed: false,
    wholeGenomeView: false,
  };
}

/** Arcs between elements, the chosen one last so that it lies on top. */
const arcs = {
  getFeatures({ chr, start, end }) {
    const pairs = data.pairs.filter((pair) => pair !== genome.chosen).concat(genome.chosen ?? []);
    return pairs.flatMap(arcsOf).filter((arc) => arc.chr === chr && arc.start < end && arc.end > start);
  },
  supportsWholeGenome: () => false,
};

/** One arc, or one block on each of two chromosomes. */
function arcsOf(pair) {
  const [one, two] = SIDES.map((side) => safePlace(pair[side]));
  const chosen = pair === genome.chosen;
  const arc = {
    chr1: one.chr,
    start1: one.start,
    end1: one.end,
    chr2: two.chr,
    start2: two.start,
    end2: two.end,
    name: safeText(sentence(pair)),
    score: pair.probability,
    color: rgb(chosen ? "chosen" : colourName(labelOf(pair), isPredicted(pair))),
    thickness: chosen ? 2.5 : 1,
  };
  if (one.chr !== two.chr)
    return [
      { ...arc, ...one },
      { ...arc, ...two },
    ];
  return [{ ...arc, chr: one.chr, start: Math.min(one.start, two.start), end: Math.max(one.end, two.end) }];
}

/** Values of stretches, each told from the end of the one before it. */
function stretchValues(chromosomes) {
  return chromosomes.flatMap(([chrom, steps]) => {
    let end = 0;
    return steps.map(([gap, length, value]) => {
      const start = end + gap;
      end = start + length;
      return { ...safePlace([chrom, start, end]), value };
    });
  });
}

/** Values of bases side by side, each in steps of either sign. */
function baseValues(stretches) {
  return stretches.flatMap(({ chrom, start, max, steps, bytes }) =>
    Array.from(numbers(bytes), (number, at) => ({
      ...safePlace([chrom, start + at, start + at + 1]),
      value: (number / steps) * max,
    })),
  );
}

function attentionTrack(side) {
  return {
    type: "wig",
    name: `${side} attention`,
    features: stretchValues(data.tracks[side]),
    color: rgb(side),
    height: 64,
    min: 0,
    max: data.scale,
    autoscale: false,
    overflowColor: "rgb(0,0,0)",
    searchable: false,
  };
}

/** What the network predicts of an activity from the sequence. */
function activityTrack({ names, scale, tracks }, side) {
  return {
    ...attentionTrack(side),
    name: safeText(names[side]),
    features: stretchValues(tracks[side]),
    max: scale,
  };
}

/** What each base adds to the logit, or to an activity: letters where there is room for them, bars where there is not. */
function contributionTrack(side) {
  return {
    type: "wig",
    graphType: "dynseq",
    name: `${side} ${data.contributions.activity ? "activity " : ""}contribution`,
    features: baseValues(data.contributions.tracks[side]),
    color: rgb(side),
    height: 80,
    autoscale: true,
    searchable: false,
  };
}

/** The value from which on a region has its full colour: the best regions of 19 in 20 pairs have less, since a
    single strong one would make the rest pale. */
function usualPeak(side) {
  const peaks = data.pairs.flatMap((pair) =>
    pair.regions.filter(({ element, rank }) => element === side && rank === 1),
  );
  const values = peaks.map(({ value }) => value).sort((a, b) => a - b);
  return Math.ceil(values[Math.floor(0.95 * (values.length - 1))] ?? 1);
}

/** One item for each place of an element, however many pairs have it: the one with most attention. */
function distinct(items) {
  const found = new Map();
  for (const item of items) {
    const key = JSON.stringify([item.chr, item.start, item.end, item.element, item.annotated]);
    const same = found.get(key);
    if (!same || same.attention < item.attention) found.set(key, item);
  }
  return [...found.values()];
}

/** The windows, thin, and in them the annotated elements, thick, drawn as transcript and coding part. */
function windowTrack() {
  const features = data.pairs.flatMap((pair) =>
    SIDES.map((side) => {
      const { chr, start, end } = safePlace(windowOf(pair, side));
      const [from, to] = pair[side].slice(1).map((base) => Math.min(Math.max(base, start), end));
      const exons = [
        { start, end: from, utr: true },
        { start: from, end: to },
        { start: to, end, utr: true },
      ].filter((part) => part.start < part.end);
      // Implicit: so that a click is not told the number of an exon.
      return {
        chr,
        start,
        end,
        element: side,
        annotated: `${whole(from + 1)}–${whole(to)}`,
        exons,
        implicitExons: true,
        color: rgb(side),
      };
    }),
  );
  return {
    type: "annotation",
    name: "elements",
    features: distinct(features),
    displayMode: "SQUISHED",
    height: 42,
    searchable: false,
  };
}

function regionTrack() {
  const peaks = Object.fromEntries(SIDES.map((side) => [side, usualPeak(side)]));
  const features = data.pairs.flatMap((pair) =>
    pair.regions.map((region) => ({
      ...safePlace([windowOf(pair, region.element)[0], region.start, region.end]),
      name: [region.rank, safeText((region.factors ?? []).slice(0, 3).join(", "))].join(" ").trim(),
      element: region.element,
      attention: Number(short(region.attention)),
      value: Number(short(region.value)),
      ...(region.factors?.length && { factors: safeText(region.factors.join(", ")) }),
      ...(region.footprint !== undefined && { footprint: Number(short(region.footprint)) }),
      color: rgb(region.element),
      alpha: 0.35 + 0.65 * Math.min(1, region.value / peaks[region.element]),
    })),
  );
  return {
    type: "annotation",
    name: "top regions",
    features: distinct(features),
    displayMode: "EXPANDED",
    height: 54,
    searchable: false,
  };
}
