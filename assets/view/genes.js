// Genes: a strip below the attention that shows where the chosen pair lies among them, in words too, and
// a track of igv.js. Each gene is one of its transcripts.

const GENE_ROW = 25; // A name, and the gene below it.
const GENE_ROWS = 4; // No more, or the strip would hide the page: then names go, and then genes.
const GENE_TOP = 12; // The windows' bar.
const GENES_NAMED = 8; // In words.

const genes = { pair: null, width: 0 };

/** The exons in parts that code and parts that do not, from left to right. */
function exonParts({ place, coding, exons }) {
  const [from, to] = coding ?? [0, 0];
  let at = place[1];
  return exons.flatMap(([gap, length]) => {
    const start = at + gap;
    at = start + length;
    const cuts = [start, ...[from, to].filter((cut) => start < cut && cut < at), at];
    return cuts.slice(1).map((end, before) => ({
      start: cuts[before],
      end,
      utr: cuts[before] < from || end > to,
    }));
  });
}

function geneTrack() {
  const features = data.genes.map((gene) => ({
    ...safePlace(gene.place),
    name: safeText(gene.name),
    transcript: safeText(gene.transcript),
    ...(gene.strand !== "." && { strand: gene.strand }),
    exons: exonParts(gene),
    implicitExons: true,
  }));
  return {
    type: "annotation",
    name: "genes",
    features,
    color: rgb("chosen"),
    displayMode: "EXPANDED",
    height: 70,
    searchable: false,
  };
}

genes.start = function () {
  if (!data.genes) return;
  byId("genes").hidden = false;
  byId("genes-here").hidden = false;
  new ResizeObserver(() => {
    if (byId("genes").clientWidth !== genes.width) genes.draw();
  }).observe(byId("genes"));
};

genes.show = function (pair) {
  if (!data.genes) return;
  genes.pair = pair;
  byId("gene-text").textContent = genes.words(pair);
  genes.draw();
};

const shareBases = ([chrom, start, end], [other, from, to]) => chrom === other && start < to && from < end;
const genesIn = (place) => data.genes.filter((gene) => shareBases(gene.place, place));

/** What the strip shows of: the chromosome from window to window, or both windows where there are two. */
genes.stretches = function (pair) {
  const windows = SIDES.map((side) => windowOf(pair, side));
  const margin = (place) => widened(place, Math.ceil(0.03 * (place[2] - place[1])));
  if (!oneChromosome(pair)) return windows.map(margin);
  const [one, two] = windows;
  return [margin([one[0], Math.min(one[1], two[1]), Math.max(one[2], two[2])])];
};

/** The genes of a pair's windows, and those between. */
genes.words = function (pair) {
  const strand = (gene) => (gene.strand === "." ? "" : ` (${gene.strand})`);
  const list = (found) => {
    const names = found.slice(0, GENES_NAMED).map((gene) => `${gene.name}${strand(gene)}`);
    const more = found.length - names.length;
    return (names.join(", ") || "none") + (more ? ` and ${whole(more)} more` : "");
  };
  const windows = SIDES.map((side) => genesIn(windowOf(pair, side)));
  const sentences = SIDES.map((side, which) => `Genes in the ${side} window: ${list(windows[which])}.`);
  if (oneChromosome(pair)) {
    const [span] = genes.stretches(pair);
    const between = genesIn(span).filter((gene) => !windows.flat().includes(gene));
    sentences.push(`Around and between: ${list(between)}.`);
  }
  return sentences.join(" ");
};

function drawn(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

genes.draw = function () {
  const [strip, width] = [byId("gene-strip"), byId("genes").clientWidth];
  if (!genes.pair || width < 40) return;
  genes.width = width;
  const stretches = genes.stretches(genes.pair);
  const room = (width - 12 * (stretches.length - 1)) / stretches.length;
  const parts = stretches.map((place, which) => genes.stretch(place, which * (room + 12), room));
  const height = Math.max(...parts.map((part) => part.height));
  strip.setAttribute("height", height);
  strip.setAttribute("viewBox", `0 0 ${width} ${height}`);
  strip.replaceChildren(...parts.map((part) => part.node));
};

/** A stretch with the pair's windows and elements on top, and the genes below. */
genes.stretch = function (place, left, room) {
  const [, start, end] = place;
  const at = (base) => left + (Math.min(Math.max(base, start), end) - start) * (room / (end - start));
  const bar = (from, to, y, height, more) =>
    drawn("rect", { x: at(from), y, width: Math.max(at(to) - at(from), 2), height, ...more });
  const packed = packGenes(genesIn(place), at, [left, left + room]);
  const bottom = GENE_TOP + packed.rows * GENE_ROW;
  // In the dark turned over with the other colours of what is shown.
  const sides = drawn("g", { class: "turned" });
  for (const side of SIDES.filter((name) => shareBases(windowOf(genes.pair, name), place))) {
    const [[, from, to], [, first, last]] = [windowOf(genes.pair, side), genes.pair[side]];
    sides.append(bar(from, to, 0, bottom, { fill: rgb(side), "fill-opacity": 0.2 }));
    sides.append(bar(first, last, 1, 7, { fill: rgb(side) }));
  }
  const line = { x1: left, x2: left + room, y1: 4.5, y2: 4.5, stroke: "currentColor" };
  const node = drawn("g", {}, drawn("line", line), sides, ...packed.genes.map(drawGene(place, at)));
  if (packed.leftOut) {
    const words = `… and ${whole(packed.leftOut)} more genes`;
    node.append(drawn("text", { x: left, y: bottom + 10 }, words));
  }
  const ends = [start + 1, end].map(whole);
  const y = bottom + (packed.leftOut ? 24 : 11);
  node.append(drawn("text", { x: left, y, class: "quiet" }, `${place[0]}:${ends[0]}`));
  node.append(drawn("text", { x: left + room, y, class: "quiet", "text-anchor": "end" }, ends[1]));
  return { node, height: y + 4 };
};

let penOfNames = null;
/** The width of a gene's name in the strip. */
function nameWidth(name) {
  penOfNames ??= document.createElement("canvas").getContext("2d");
  penOfNames.font = `600 11px ${getComputedStyle(document.body).fontFamily}`;
  return penOfNames.measureText(name).width;
}

/** Gives each gene a row in which neither it nor its name meets another; the pair's own first, then those that
    code, then the longest. */
function packGenes(found, at, [left, right]) {
  const own = new Set(geneOf(genes.pair).split(/[;,]\s*/));
  const order = (gene) => [own.has(gene.name) ? 0 : 1, gene.coding ? 0 : 1, gene.place[1] - gene.place[2]];
  const first = (one, other) => {
    const [a, b] = [order(one), order(other)];
    const differ = a.findIndex((value, which) => value !== b[which]);
    return differ < 0 ? 0 : a[differ] - b[differ];
  };
  const [rows, placed] = [[], []];
  let leftOut = 0;
  for (const gene of [...found].sort(first)) {
    const [from, to] = [at(gene.place[1]), at(gene.place[2])];
    for (const name of [gene.name, ""]) {
      const wide = name ? nameWidth(name) : 0;
      const x = Math.max(left, Math.min(from, right - wide));
      const extent = [Math.min(from, x), Math.max(to, x + wide, from + 1)];
      const free = (row) => row.every(([a, b]) => b + 5 < extent[0] || extent[1] + 5 < a);
      let row = rows.findIndex(free);
      if (row < 0 && rows.length < GENE_ROWS) row = rows.push([]) - 1;
      if (row >= 0) {
        rows[row].push(extent);
        placed.push({ gene, name, x, row, own: own.has(gene.name) });
        break;
      }
      if (!name) leftOut += 1;
    }
  }
  return { genes: placed, rows: rows.length, leftOut };
}

/** A line that points along the strand, exons as boxes, higher where they code, and the name above. */
const drawGene = (place, at) => (placed) => {
  const { gene, name, x, row, own } = placed;
  const top = GENE_TOP + row * GENE_ROW;
  const middle = top + 18;
  const [from, to] = [at(gene.place[1]), at(gene.place[2])];
  const words = `${gene.name} ${gene.strand} ${locusText(gene.place)}, ${gene.transcript}`;
  const node = drawn("g", {}, drawn("title", {}, words));
  const line = { x1: from, x2: Math.max(to, from + 1), y1: middle, y2: middle, stroke: "currentColor" };
  node.append(drawn("line", line));
  const seen = exonParts(gene).filter((part) => part.start < place[2] && place[1] < part.end);
  for (const { start, end, utr } of seen) {
    const half = utr ? 2 : 4;
    const box = { x: at(start), width: Math.max(at(end) - at(start), 0.8), y: middle - half, height: 2 * half };
    node.append(drawn("rect", { ...box, fill: "currentColor" }));
  }
  const back = { "+": -3, "-": 3 }[gene.strand];
  if (back) {
    const count = Math.max(1, Math.floor((to - from) / 14));
    const heads = Array.from({ length: count }, (_, number) => {
      const tip = from + ((number + 1) * (to - from)) / (count + 1);
      return `M${tip + back} ${middle - 3}L${tip} ${middle}L${tip + back} ${middle + 3}`;
    });
    const path = { d: heads.join(""), fill: "none", stroke: "currentColor", class: "strand" };
    node.append(drawn("path", path));
  }
  if (name) node.append(drawn("text", { x, y: top + 10, ...(own && { class: "own" }) }, name));
  return node;
};
