"use strict";
// What the page shows, and how places and numbers are written. Places are [chromosome, start, end],
// 0-based half-open; people read them 1-based. Text from the data becomes text nodes, never markup.

const data = JSON.parse(document.getElementById("data").textContent);
const SIDES = ["enhancer", "promoter"];

const lengthOf = new Map(data.chromosomes);

const byId = (id) => document.getElementById(id);

/** An element with properties and children; strings become text. */
function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

const thousands = new Intl.NumberFormat("en-GB");
const whole = (number) => thousands.format(number);
const short = (number) => String(Number(number.toPrecision(3)));
const chance = (number) => number.toFixed(3);

const locusText = ([chrom, start, end]) => `${chrom}:${whole(start + 1)}–${whole(end)}`;
const windowOf = (pair, side) => pair[`${side}_window`];
const oneChromosome = (pair) => windowOf(pair, "enhancer")[0] === windowOf(pair, "promoter")[0];
const binCount = (side) => data.bins[side].length - 1;

/** What the table of pairs says, and the colours of its arc: predicted, and not predicted. */
const LABELS = {
  positive: { strong: "#00796b", weak: "#80bcb5" },
  negative: { strong: "#8a8a8a", weak: "#c4c4c4" },
  "no label": { strong: "#3a6ea5", weak: "#9db7d2" },
};
const CHOSEN = "#111111";
const labelOf = (pair) => (pair.label === 1 ? "positive" : pair.label === 0 ? "negative" : "no label");
const isPredicted = (pair) => pair.probability >= data.threshold;
const colourOf = (pair) => LABELS[labelOf(pair)][isPredicted(pair) ? "strong" : "weak"];

/** The bases of a bin on the genome. */
function binPlace(pair, side, bin) {
  const [chrom, start] = windowOf(pair, side);
  return [chrom, start + data.bins[side][bin], start + data.bins[side][bin + 1]];
}

/** An attention matrix, one row for each enhancer bin; null where the page has none. */
function matrixOf(pair, attention) {
  const packed = pair[`matrix_${attention}`];
  if (!packed) return null;
  const bytes = Uint8Array.from(atob(packed.u16), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const size = binCount("enhancer") * binCount("promoter");
  return Float64Array.from({ length: size }, (_, at) => (view.getUint16(2 * at, true) / 65535) * packed.max);
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

/** Both matrices as `epitrack tracks --matrix` writes them. */
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
    return [...places, ...matrices.map((matrix) => matrix[at].toPrecision(6))].join("\t");
  });
  return lines + rows.join("\n") + "\n";
}

/** Hands text to the reader as a file. */
function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/tab-separated-values" }));
  make("a", { href: url, download: name.replace(/[^A-Za-z0-9._-]/g, "_") }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
