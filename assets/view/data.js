"use strict";
// What the page shows, and how places and numbers are written. Places are [chromosome, start, end],
// 0-based half-open; people read them 1-based. Text from the data becomes text nodes, never markup.

const SIDES = ["enhancer", "promoter"];

/** What the page shows, once it is unpacked. */
let data = null;
let lengthOf = null;

const byId = (id) => document.getElementById(id);

/** The bytes of a block of the page, which holds them deflated, in base64. */
async function unpack(id) {
  const text = atob(byId(id).textContent);
  const packed = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) packed[at] = text.charCodeAt(at);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Reads what the page shows. The numbers of matrices, contributions and added tracks are in a block of their
    own, in the order in which the data name them, two bytes each. */
async function readData() {
  const [json, values] = await Promise.all([unpack("data"), unpack("values")]);
  data = JSON.parse(new TextDecoder().decode(json));
  lengthOf = new Map(data.chromosomes);
  let taken = 0;
  const take = (count) => values.subarray(taken, (taken += 2 * count));
  const cells = binCount("enhancer") * binCount("promoter");
  for (const pair of data.pairs) {
    for (const side of SIDES) {
      const packed = pair[`matrix_${side}`];
      if (packed) packed.bytes = take(cells);
    }
  }
  for (const side of SIDES) {
    for (const stretch of data.contributions?.tracks[side] ?? []) stretch.bytes = take(stretch.length);
  }
  for (const { bases } of data.add ?? []) {
    for (const stretch of bases ?? []) stretch.bytes = take(stretch.length);
  }
}

/** Numbers of either sign, whose low bytes stand before the high ones: 0, 1, 2, 3 are 0, -1, 1, -2. */
function numbers(bytes) {
  const length = bytes.length / 2;
  return Int32Array.from({ length }, (_, at) => {
    const code = bytes[at] | (bytes[length + at] << 8);
    return (code >>> 1) ^ -(code & 1);
  });
}

/** An element with properties, attributes (their names have a hyphen) and children; strings become text. */
function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children);
  return node;
}

const thousands = new Intl.NumberFormat("en-GB");
const whole = (number) => thousands.format(number);
const short = (number) => String(Number(number.toPrecision(3)));
const chance = (number) => number.toFixed(3);

/** A distance as people tell it: 134 kb. */
const apart = (bases) => (bases < 1000 ? `${bases} b` : `${whole(Math.round(bases / 1000))} kb`);

const locusText = ([chrom, start, end]) => `${chrom}:${whole(start + 1)}–${whole(end)}`;
const windowOf = (pair, side) => pair[`${side}_window`];
const oneChromosome = (pair) => windowOf(pair, "enhancer")[0] === windowOf(pair, "promoter")[0];
const binCount = (side) => data.bins[side].length - 1;

/** Red, green and blue of a name in the style sheet. What is drawn is drawn in these; in the dark the
    style sheet turns it over as a whole. */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
const rgb = (name) => `rgb(${colour(name)})`;

/** What the table of pairs says. */
const LABELS = { positive: "positive", negative: "negative", "no label": "unlabelled" };
const labelOf = (pair) => (pair.label === 1 ? "positive" : pair.label === 0 ? "negative" : "no label");
const isPredicted = (pair) => pair.probability >= data.threshold;
/** The colour's name of a pair's arc: strong where it is predicted to interact. */
const colourName = (label, predicted) => LABELS[label] + (predicted ? "" : "-weak");

/** Parts of the split, those that say most about the network first. */
const PARTS = {
  test: "test: never seen",
  other: "other: of another table, never seen",
  none: "none: left out",
  validation: "validation: chose the epoch",
  train: "train: learnt from",
};
const partOf = (pair) => pair.part ?? "other";
const partOrder = (pair) => Object.keys(PARTS).indexOf(partOf(pair));
/** Whether the tracks know of any pair what it was to the training. */
const partsKnown = () => data.pairs.some((pair) => pair.part);
const mostProbableFirst = (a, b) => b.probability - a.probability;
const geneOf = (pair) => [pair.gene ?? []].flat().join(", ");
const nameOf = (pair, side) => pair[`${side}_name`] ?? "";

/** A pair in one line, as a person would write of it. */
function sentence(pair) {
  const [enhancer, promoter] = SIDES.map((side) => {
    const name = side === "promoter" ? geneOf(pair) || nameOf(pair, side) : nameOf(pair, side);
    return [name, name && name.endsWith(side) ? "" : side, locusText(pair[side])].filter(Boolean).join(" ");
  });
  const distance = typeof pair.distance === "number" ? `, ${apart(pair.distance)}` : "";
  const alone = typeof pair.context === "number" && `context alone ${chance(pair.context)}`;
  const facts = [`probability ${chance(pair.probability)}`, alone, labelOf(pair), partsKnown() && PARTS[partOf(pair)]];
  return [`${enhancer} → ${promoter}${distance}`, ...facts.filter(Boolean)].join(" · ");
}

/** The bases of a bin on the genome. */
function binPlace(pair, side, bin) {
  const [chrom, start] = windowOf(pair, side);
  return [chrom, start + data.bins[side][bin], start + data.bins[side][bin + 1]];
}

/** An attention matrix, one row for each enhancer bin; null where the page has none. Of each value the page
    knows how many steps it is below the largest, as how far that is from an earlier one's. */
function matrixOf(pair, attention) {
  const packed = pair[`matrix_${attention}`];
  if (!packed) return null;
  const { max, step, back } = packed;
  const codes = numbers(packed.bytes);
  for (let at = 0; at < codes.length; at += 1) codes[at] = (codes[at] + (codes[at - back] ?? 0)) & 0xffff;
  return Float64Array.from(codes, (code) => (code === 0xffff ? 0 : max * Math.exp(-step * code)));
}

/** The most attention that each bin of an element gets. */
function marginal(matrix, side) {
  const most = new Float64Array(binCount(side));
  const columns = binCount("promoter");
  matrix.forEach((value, at) => {
    const bin = side === "enhancer" ? Math.floor(at / columns) : at % columns;
    most[bin] = Math.max(most[bin], value);
  });
  return most;
}

/** Ranks of the bins that top regions stand for. */
function topBins(pair, side) {
  const regions = pair.regions.filter((region) => region.element === side);
  return new Map(regions.map(({ bin, rank }) => [bin, rank]));
}

/** Both matrices in the columns of `epitrack tracks --matrix`, as closely as the page knows them. */
function matrixTable(pair) {
  const matrices = SIDES.map((side) => matrixOf(pair, side));
  const plain = (place) => place.map((field) => String(field).replace(/[\t\r\n]/g, " ")).join("\t");
  const lines = [
    ...SIDES.flatMap((side) => ["chrom", "start", "end"].map((field) => `${side}_${field}`)),
    ...SIDES.map((side) => `attention_${side}`),
  ]
    .join("\t")
    .concat("\n");
  const rows = Array.from(matrices[0], (_, at) => {
    const bins = [Math.floor(at / binCount("promoter")), at % binCount("promoter")];
    const places = SIDES.map((side, which) => plain(binPlace(pair, side, bins[which])));
    return [...places, ...matrices.map((matrix) => matrix[at].toPrecision(3))].join("\t");
  });
  return lines + rows.join("\n") + "\n";
}

/** Hands text to the reader as a file. */
function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/tab-separated-values" }));
  make("a", { href: url, download: name.replace(/[^A-Za-z0-9._-]/g, "_") }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
