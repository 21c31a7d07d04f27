// Makes a page with invented pairs: node fixture.mjs OUT.html [igv.min.js]
//
// Without the second argument the page asks for igv.js at its published address.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deflateSync } from "node:zlib";

const assets = path.join(import.meta.dirname, "../../assets/view");
const [out, igv] = process.argv.slice(2);

/** Invented but always the same: numbers between 0 and 1. */
let state = 20170623;
function random() {
  state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x6d2b79f5) | 0;
  return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
}
const between = (low, high) => Math.floor(low + random() * (high - low));

const HOSTILE = "<img/src=x/onerror=window.hurt=1>";
const SCRIPT = "</script><script>alert(1)</script>";
const chromosomes = [
  ["chr1", 249250621],
  ["chr2", 243199373],
  ["HLA-A*01:01 new", 3503],
  [HOSTILE, 60000],
  [SCRIPT, 90000],
];
const ENHANCER = { length: 3000, edges: Array.from({ length: 101 }, (_, bin) => 30 * bin) };
const PROMOTER = {
  length: 2000,
  edges: Array.from({ length: 68 }, (_, bin) => Math.min(Math.max(0, 30 * bin - 5), 2000)),
};
const ELEMENTS = { enhancer: ENHANCER, promoter: PROMOTER };

function windowOf([chrom, start, end], length) {
  const size = new Map(chromosomes).get(chrom);
  const from = Math.min(Math.max(0, Math.floor((start + end - length) / 2)), size - length);
  return [chrom, from, from + length];
}

/** Attention as softmax over one side's bins: a few motifs stand out of noise. */
function attention(overEnhancer) {
  const [rows, columns] = [100, 67];
  const motifs = Array.from({ length: 4 }, () => [between(5, 95), between(3, 64), 1 + 3.5 * random()]);
  const noise = Array.from({ length: rows + columns }, () => random());
  const score = Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    const near = motifs.reduce(
      (sum, [a, b, weight]) =>
        sum + weight * Math.exp(-((i - a) ** 2) / 1.5) * (0.35 + 0.65 * Math.exp(-((j - b) ** 2) / 20)),
      0,
    );
    return Math.exp(near + 0.8 * noise[i] + 0.8 * noise[rows + j] + 0.3 * random());
  });
  const group = (at) => (overEnhancer ? at % columns : Math.floor(at / columns));
  const sums = [];
  score.forEach((value, at) => (sums[group(at)] = (sums[group(at)] ?? 0) + value));
  return score.map((value, at) => value / sums[group(at)]);
}

/** The bytes of all matrices, and of what was added. */
const bytes = [];

/** Codes with their signs in the lowest bit, all low bytes before all high ones. */
function pack(matrix, back) {
  const [max, step] = [Math.max(...matrix), 0.05];
  const codes = matrix.map((value) => (value > 0 ? Math.round(Math.log(max / value) / step) : 65535));
  const signed = codes.map((code, at) => ((code - (codes[at - back] ?? 0)) << 16) >> 16);
  const packed = signed.map((number) => (number < 0 ? -2 * number - 1 : 2 * number));
  bytes.push(...packed.map((code) => code & 255), ...packed.map((code) => code >> 8));
  return { max, step, back };
}

function regions(element, [, from], edges, length, values) {
  const place = (bin) => Math.min(Math.max(0, edges[bin] - 7), length - 45);
  const order = values.map((_, bin) => bin).sort((a, b) => values[b] - values[a]);
  const chosen = [];
  for (const bin of order) {
    if (chosen.length < 5 && chosen.every((other) => Math.abs(place(other) - place(bin)) >= 45))
      chosen.push(bin);
  }
  return chosen.map((bin, at) => ({
    element,
    rank: at + 1,
    start: from + place(bin),
    end: from + place(bin) + 45,
    bin,
    attention: values[bin],
    value: values[bin] * values.length,
    ...(at === 0 && { factors: ["CTCF", HOSTILE], footprint: 12.5 }),
  }));
}

const values = { enhancer: new Map(), promoter: new Map() };

function pair(enhancer, promoter, label) {
  const windows = { enhancer: windowOf(enhancer, 3000), promoter: windowOf(promoter, 2000) };
  const matrices = { enhancer: attention(true), promoter: attention(false) };
  const most = { enhancer: Array(100).fill(0), promoter: Array(67).fill(0) };
  for (let at = 0; at < 6700; at += 1) {
    const [i, j] = [Math.floor(at / 67), at % 67];
    most.enhancer[i] = Math.max(most.enhancer[i], matrices.enhancer[at]);
    most.promoter[j] = Math.max(most.promoter[j], matrices.promoter[at]);
  }
  for (const [side, { edges }] of Object.entries(ELEMENTS)) {
    const [chrom, from] = windows[side];
    if (!values[side].has(chrom)) values[side].set(chrom, new Map());
    most[side].forEach((value, bin) =>
      values[side]
        .get(chrom)
        .set(from + edges[bin], [from + edges[bin], from + edges[bin + 1], value * most[side].length]),
    );
  }
  const name = ([chrom, start, end]) => `${chrom}:${start}-${end}`;
  return {
    name: `${name(enhancer)}~${name(promoter)}`,
    label,
    probability: label === 1 ? 1 - 0.5 * random() ** 2 : 0.95 * random() ** 2,
    distance: enhancer[0] === promoter[0] ? Math.abs(enhancer[1] - promoter[1]) : null,
    enhancer,
    promoter,
    enhancer_window: windows.enhancer,
    promoter_window: windows.promoter,
    regions: Object.entries(ELEMENTS).flatMap(([side, { edges, length }]) =>
      regions(side, windows[side], edges, length, most[side]),
    ),
    matrix_enhancer: pack(matrices.enhancer, 1),
    matrix_promoter: pack(matrices.promoter, 67),
  };
}

function near(chrom, middle, label) {
  const enhancer = middle + between(-1200000, 1200000);
  const promoter = middle + between(-300000, 300000);
  return pair(
    [chrom, enhancer, enhancer + between(200, 1600)],
    [chrom, promoter, promoter + between(800, 2600)],
    label,
  );
}

const pairs = [
  ...Array.from({ length: 16 }, (_, at) => near("chr1", 154000000 + 400000 * (at % 4), at % 3 ? 0 : 1)),
  ...Array.from({ length: 8 }, (_, at) => near("chr2", 60000000 + 700000 * (at % 3), [1, 0, null][at % 3])),
  pair(["chr1", 154321000, 154321700], ["chr2", 60500100, 60501900], 1),
  pair(["HLA-A*01:01 new", 400, 900], ["chr2", 60500100, 60501900], null),
  pair([HOSTILE, 20000, 20600], [HOSTILE, 44000, 45500], 1),
  pair([SCRIPT, 20000, 20600], [HOSTILE, 44000, 45500], 0),
];

// Ranks among more pairs than are shown.
[...pairs].sort((a, b) => b.probability - a.probability).forEach((pair, at) => (pair.rank = 2 * at + 1));

// Parts and genes of some: a page may have them or not.
pairs.forEach((pair, at) => {
  if (at % 7) pair.part = ["train", "test", "validation", "train", "none"][at % 5];
  if (at % 3) pair.gene = ["MYC", `TAL1 ${HOSTILE}`, "HBG2"][at % 4 % 3];
});

/** Genes of three exons in and around the windows, on both strands and on none; one covers a window and is
    the pair's own, one has a hostile name, and many stand side by side. */
function genesOf(pair, at) {
  const [chrom, start, end] = pair.promoter_window;
  const gene = (name, from, to, strand, codes = true) => ({
    name,
    transcript: `NM_${at}.1`,
    place: [chrom, from, to],
    strand,
    ...(codes && { coding: [from + 150, to - 150] }),
    exons: [
      [0, 200],
      [100, 100],
      [to - from - 600, 200],
    ],
  });
  const many = Array.from({ length: 12 }, (_, which) => gene(`ZNF${which}`, start - 900, start - 100, "-", which % 2));
  return [
    gene(`TAL${at}`, start - 500, end + 500, "+"),
    gene(HOSTILE, start + 300, start + 1200, "-"),
    gene("LOC", Math.max(0, start - 300), start + 500, ".", false),
    ...(at === 0 ? many : []),
  ];
}

/** Values that were added, one for each base, as the page holds them. */
function ownBases(chrom, start, length) {
  const [max, steps] = [2, 255];
  const codes = Array.from({ length }, () => 2 * between(0, steps));
  bytes.push(...codes.map((code) => code & 255), ...codes.map((code) => code >> 8));
  return { chrom, start, length, max, steps };
}

const track = (side) =>
  [...values[side]].map(([chrom, places]) => {
    let last = 0;
    const steps = [...places.values()]
      .sort((a, b) => a[0] - b[0])
      .map(([start, end, value]) => {
        const step = [start - last, end - start, Number(value.toPrecision(4))];
        last = end;
        return step;
      });
    return [chrom, steps];
  });
const data = {
  title: `GM12878 ${HOSTILE}`,
  version: "0.1.0",
  genome: "hg19",
  chromosomes,
  value:
    "Marginal attention of the base's pooling bin times the number of bins in the window: 1 is no preference, 3 is three times its share. Where the windows of several pairs cover a base: the largest value of the pairs whose windows cover the base. Bases that no window covers have no value.",
  made: [
    [
      "network",
      "run/model.safetensors, SHA-256 2631454793f132c8226a6e148800b4b60bd6fe7afd8a50915d512756f7442994",
    ],
    ["pairs", "GM12878.csv.gz, SHA-256 bb59917c1a831c0945b29a247225354604addcb0895d94a5f8a1b028c13cf8af"],
    ["reference", "hg19.fa.gz, SHA-256 0caab263c6de65f5f395fe045ee1540fa0ad4f0709584286579a45972fe9e80c"],
    ["device", "CPU"],
    ["aggregation", `max ${HOSTILE}`],
  ],
  threshold: 0.753,
  pairs_shown: pairs.length,
  pairs_total: 2174,
  bins: { enhancer: ENHANCER.edges, promoter: PROMOTER.edges },
  scale: 8,
  tracks: { enhancer: track("enhancer"), promoter: track("promoter") },
  genes: pairs.filter((pair) => pair.promoter_window[0].startsWith("chr")).flatMap(genesOf),
  add: [
    {
      name: `CTCF ${HOSTILE}`,
      colour: "0,114,178",
      kind: "features",
      features: pairs.flatMap((pair) =>
        pair.regions
          .slice(0, 2)
          .map(({ element, start }) => [
            pair[element][0],
            start + 10,
            start + 29,
            `CTCF ${HOSTILE}`,
            between(0, 1000),
            "+",
          ]),
      ),
    },
    {
      name: `DNase ${HOSTILE}`,
      colour: "136,0,170",
      kind: "signal",
      range: [0, 2],
      values: [["chr2", [[60500100, 1800, 1.5]]]],
      bases: [ownBases("chr1", 154321000, 500)],
    },
  ],
  pairs,
};

const read = (name) => readFileSync(path.join(assets, name), "utf8");
const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const parts = {
  title: escape(data.title),
  css: read("view.css"),
  js: ["data", "table", "heatmap", "tracks", "added", "genes", "genome", "view"].map((name) => read(`${name}.js`)).join(""),
  data: deflateSync(JSON.stringify(data)).toString("base64"),
  values: deflateSync(Uint8Array.from(bytes)).toString("base64"),
  script: igv && readFileSync(igv, "utf8").replace(/\/\/# sourceMappingURL=.*\s*$/, ""),
};
mkdirSync(path.dirname(path.resolve(out)), { recursive: true });
// The template's only choice is where igv.js comes from.
const choice = /\{% if [^%]* %\}(.*)\{% else %\}(.*)\{% endif %\}/;
const page = read("page.html").replace(choice, igv ? "$1" : "$2");
// In one pass, so that no text is mistaken for a placeholder.
writeFileSync(
  out,
  page.replace(/\{\{ (\w+)(?:\|safe)? \}\}/g, (_, name) => parts[name]),
);
