// Uses a page of `epitrack view` as a reader would: node view.mjs PAGE.html OUT_DIR
//
// What is right is worked out from the page's data, not by the page's code. A page that asks for
// igv.js at its published address is tested without it: that address never answers here.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { geneSteps } from "./genes.mjs";
import { genomeSteps } from "./genome.mjs";
import { pageData } from "./page_data.mjs";
import { readerSteps } from "./readers.mjs";

const [file, out] = process.argv.slice(2);
assert(file && out, "usage: node view.mjs PAGE.html OUT_DIR");
mkdirSync(out, { recursive: true });
const address = pathToFileURL(path.resolve(file)).href;
const SIDES = ["enhancer", "promoter"];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
/** Everything that must not happen, as it happens. */
const troubles = [];
const requests = [];

/** The page in a window of its own. */
async function visit(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(`error: ${error.stack}`));
  page.on("dialog", (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("console", (message) => {
    const allowed =
      message.location().url.startsWith("https://cdn.jsdelivr.net/") && /Failed to load/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !allowed) troubles.push(`console: ${message.text()}`);
  });
  await context.route("**", (route) => {
    const url = route.request().url();
    requests.push(url);
    return url === address ? route.continue() : route.abort();
  });
  context.on("request", (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && !requests.includes(url)) requests.push(url);
  });
  return page;
}

const page = await visit({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
await page.goto(address);
/** A canvas's pixels, read from a copy, because Chromium warns of canvases that are read often. */
await page.evaluate(() => {
  window.pixelsOf = (canvas) => {
    const { width, height } = canvas;
    const copy = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", {
      willReadFrequently: true,
    });
    copy.drawImage(canvas, 0, 0);
    return copy.getImageData(0, 0, width, height).data;
  };
});
const data = await pageData(page);
const scripts = await page.locator("script").count();
const linked = (await page.locator('script[src^="https:"]').count()) > 0;
const inlined = readFileSync(file, "utf8");
assert(
  linked ||
    !/<(script|link|img|iframe)[^>]+(src|href)="(?!data:)/.test(
      inlined.replace(/<script(?! src)[\s\S]*?<\/script>/g, ""),
    ),
  "an inlined page refers to a file",
);
/** Waits until what is shown is there. */
async function ready(page) {
  await page.waitForFunction(() => heatmap.plot || !data.pairs.length);
  if (!linked) await page.waitForFunction(() => genome.browser && !genome.busy);
}
await ready(page);

const steps = [];
async function step(name, run) {
  await run();
  assert.deepEqual(troubles, [], name);
  assert.equal(await page.evaluate(() => window.hurt), undefined, name);
  steps.push(name);
  console.log(`ok ${steps.length} ${name}`);
}

const byProbability = [...data.pairs].sort((a, b) => b.probability - a.probability);
/** What was never seen comes first, what is in no part last. */
// What training never saw comes first.
const PARTS = ["test", "other", "none", "validation", "train"];
const hasParts = data.pairs.some((pair) => pair.part);
const nameOfPart = (pair) => pair.part ?? "other";
const partOf = (pair) => PARTS.indexOf(nameOfPart(pair));
const asShown = [...byProbability].sort((a, b) => partOf(a) - partOf(b));
const locus = ([chrom, start, end]) =>
  `${chrom}:${(start + 1).toLocaleString("en-GB")}–${end.toLocaleString("en-GB")}`;
const rows = page.locator("#table tbody tr:not(.empty)");
const titles = (await page.locator("#table th").allTextContents()).map((text) => text.replace(/ [▲▼]$/, ""));
const place = (title) => titles.indexOf(title) + 1;
const head = (title) => page.locator(`#table th:nth-child(${place(title)})`);
const columnTexts = (title) => page.locator(`#table tbody td:nth-child(${place(title)})`).allTextContents();
const chosenEnhancer = () =>
  page.locator(`#table tbody tr[aria-selected="true"] td:nth-child(${place("Enhancer")})`).textContent();

async function clickRow(pair) {
  await rows
    .nth(await page.evaluate((name) => table.shown.findIndex((pair) => pair.name === name), pair.name))
    .click();
}

if (!linked)
  assert(await page.locator("#genome-note").isHidden(), await page.locator("#genome-note").textContent());
await step("the table has every pair, never seen before seen and strong before weak, the first chosen", async () => {
  assert.deepEqual(
    await columnTexts("Probability"),
    asShown.map((pair) => pair.probability.toFixed(3)),
  );
  assert.deepEqual(
    (await columnTexts("#")).map((text) => Number(text.replaceAll(",", ""))),
    asShown.map((pair) => pair.rank),
  );
  assert.equal(await chosenEnhancer(), locus(asShown[0].enhancer));
  assert.equal(place("Part") > 0, hasParts);
  assert.equal(place("Gene") > 0, data.pairs.some((pair) => pair.gene));
  assert.equal(await page.title(), data.title);
});

await step("typing filters", async () => {
  const { enhancer } = data.pairs[Math.floor(data.pairs.length / 2)];
  const wanted = (text) =>
    data.pairs.filter((pair) => [pair.enhancer, pair.promoter].some((place) => locus(place).includes(text)))
      .length;
  const start = (enhancer[1] + 1).toLocaleString("en-GB");
  await page.keyboard.press("/");
  await page.keyboard.type(start);
  assert.equal(await page.locator("#search").inputValue(), start);
  assert.equal(await rows.count(), wanted(start));
  await page.locator("#search").fill(start.replaceAll(",", ""));
  assert.equal(await rows.count(), wanted(start));
  await page.locator("#search").fill("positive");
  assert.equal(await rows.count(), data.pairs.filter((pair) => pair.label === 1).length);
  const third = byProbability[Math.min(2, byProbability.length - 1)];
  await page.locator("#search").fill(`#${third.rank}`);
  assert.deepEqual(await columnTexts("Enhancer"), [locus(third.enhancer)]);
  // A base inside an element, and a stretch over it.
  const [chrom, from, to] = third.promoter;
  if (!/\s/.test(chrom)) {
    const inside = Math.floor((from + to) / 2);
    const over = ([name, start, end], first, last) => name === chrom && start < last && end >= first;
    for (const [first, last] of [
      [inside, inside],
      [from - 20000, to + 20000],
    ]) {
      const [one, two] = [first, last].map((base) => Math.max(1, base).toLocaleString("en-GB"));
      await page.locator("#search").fill(`${chrom}:${one}${first === last ? "" : `–${two}`}`);
      const found = data.pairs.filter((pair) => SIDES.some((side) => over(pair[side], Math.max(1, first), last)));
      assert(found.includes(third));
      assert.equal(await rows.count(), found.length);
    }
  }
  const { gene } = data.pairs.find((pair) => pair.gene) ?? {};
  if (gene) {
    const word = gene.split(" ")[0].toLowerCase();
    await page.locator("#search").fill(word);
    const holds = (pair) => (pair.gene ?? "").toLowerCase().includes(word);
    assert.equal(await rows.count(), data.pairs.filter(holds).length);
  }
  await page.locator("#search").fill("no such pair anywhere");
  assert.equal(await rows.count(), 0);
  assert.match(await page.locator("#table tbody").textContent(), /No pair matches/);
  await page.keyboard.press("Escape");
  assert.equal(await rows.count(), data.pairs.length);
});

await step("a part can be chosen where the page has parts", async () => {
  assert.equal(await page.locator("#part").isVisible(), hasParts);
  if (!hasParts) return;
  const options = await page.locator("#part option").evaluateAll((all) => all.map(({ value }) => value));
  assert.deepEqual(options, ["", ...PARTS.filter((part) => data.pairs.some((pair) => nameOfPart(pair) === part))]);
  for (const part of options) {
    await page.locator("#part").selectOption(part);
    assert.equal(await rows.count(), data.pairs.filter((pair) => !part || nameOfPart(pair) === part).length);
    if (part) assert.deepEqual([...new Set(await columnTexts("Part"))], [part]);
  }
  await page.locator("#part").selectOption("");
});

await step("sorting sorts, both ways", async () => {
  const shown = async () =>
    (await columnTexts("Distance")).map((text) => Number(text.replaceAll(",", ""))).filter(Number.isFinite);
  const distances = data.pairs.map((pair) => pair.distance).filter((distance) => distance !== null);
  const distance = head("Distance");
  await distance.locator("button").click();
  assert.equal(await distance.getAttribute("aria-sort"), "ascending");
  assert.deepEqual(
    await shown(),
    [...distances].sort((a, b) => a - b),
  );
  await distance.locator("button").click();
  assert.equal(await distance.getAttribute("aria-sort"), "descending");
  assert.deepEqual(
    await shown(),
    [...distances].sort((a, b) => b - a),
  );
  await head("Enhancer").locator("button").click();
  const order = new Map(data.chromosomes.map(([name], place) => [name, place]));
  const places = data.pairs
    .map((pair) => pair.enhancer)
    .sort((a, b) => order.get(a[0]) - order.get(b[0]) || a[1] - b[1]);
  assert.deepEqual(await columnTexts("Enhancer"), places.map(locus));
  await head(hasParts ? "Part" : "Probability").locator("button").click();
});

await step("arrow keys choose", async () => {
  await rows.first().click();
  await page.keyboard.press("ArrowDown");
  assert.equal(await chosenEnhancer(), locus(asShown[Math.min(1, asShown.length - 1)].enhancer));
  await page.keyboard.press("End");
  assert.equal(await chosenEnhancer(), locus(asShown.at(-1).enhancer));
  await page.keyboard.press("Home");
  assert.equal(await chosenEnhancer(), locus(asShown[0].enhancer));
});

/** The matrix as the data says it, one row for each enhancer bin. */
const matrix = (pair, attention) => pair[`matrix_${attention}`].values;

const [across, down] = SIDES.map((side) => data.bins[side]);
const binPlace = (pair, side, bin) => {
  const [chrom, start] = pair[`${side}_window`];
  return [chrom, start + data.bins[side][bin], start + data.bins[side][bin + 1]];
};

/** The middle of a cell on the canvas. */
async function middle([i, j]) {
  const plot = await page.evaluate(() => heatmap.plot);
  const part = (edges, bin) => (edges[bin] + edges[bin + 1]) / 2 / edges.at(-1);
  return { x: plot.x + plot.width * part(across, i), y: plot.y + plot.height * part(down, j) };
}

const strongest = (values) => {
  const at = values.indexOf(Math.max(...values));
  return [Math.floor(at / (down.length - 1)), at % (down.length - 1)];
};
const heat = page.locator("#cursor");
const pairWithMatrix = asShown.find((pair) => pair.matrix_enhancer && pair.matrix_promoter);

await step(
  "the heat map says the bases and the value of a cell, and shows the strongest darkest",
  async () => {
    await clickRow(pairWithMatrix);
    for (const attention of SIDES) {
      await page.locator(`[data-attention="${attention}"]`).click();
      const values = matrix(pairWithMatrix, attention);
      for (const cell of [
        strongest(values),
        [0, 0],
        [across.length - 2, down.length - 2],
        [17 % (across.length - 1), 5 % (down.length - 1)],
      ]) {
        await heat.hover({ position: await middle(cell) });
        const text = await page.locator("#cell").textContent();
        SIDES.forEach((side, which) =>
          assert(text.includes(`${side} ${locus(binPlace(pairWithMatrix, side, cell[which]))}`), text),
        );
        const value = values[cell[0] * (down.length - 1) + cell[1]];
        assert(
          Math.abs(Number(/^attention ([\d.e-]+):/.exec(text)[1]) - value) <= 0.006 * value + 1e-9,
          `${text}, not ${value}`,
        );
      }
      const lightness = await page.evaluate(
        (cells) => {
          const canvas = document.getElementById("heat");
          const scale = canvas.width / canvas.clientWidth;
          const pixels = pixelsOf(canvas);
          return cells.map(({ x, y }) => {
            const at = 4 * (Math.floor(y * scale) * canvas.width + Math.floor(x * scale));
            const [red, green, blue] = pixels.slice(at, at + 3);
            return 0.299 * red + 0.587 * green + 0.114 * blue;
          });
        },
        await Promise.all(
          values.map((_, at) => middle([Math.floor(at / (down.length - 1)), at % (down.length - 1)])),
        ),
      );
      const [i, j] = strongest(values);
      assert.equal(lightness[i * (down.length - 1) + j], Math.min(...lightness));
      // A network that prefers nothing makes an even map.
      const weakest = Math.min(...values);
      if (weakest < Math.max(...values) / 4) {
        assert(lightness[values.indexOf(weakest)] > Math.min(...lightness) + 100);
      }
    }
  },
);

await step("the table of a matrix can be saved", async () => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
  const saved = path.join(out, "matrix.tsv");
  await download.saveAs(saved);
  const [head, ...lines] = readFileSync(saved, "utf8").trimEnd().split("\n");
  assert.equal(
    head,
    "enhancer_chrom\tenhancer_start\tenhancer_end\tpromoter_chrom\tpromoter_start\tpromoter_end\tattention_enhancer\tattention_promoter",
  );
  const matrices = SIDES.map((side) => matrix(pairWithMatrix, side));
  assert.equal(lines.length, matrices[0].length);
  lines.forEach((line, at) => {
    const fields = line.split("\t");
    const bins = [Math.floor(at / (down.length - 1)), at % (down.length - 1)];
    assert.deepEqual(
      fields.slice(0, 6),
      SIDES.flatMap((side, which) => binPlace(pairWithMatrix, side, bins[which]).map(String)),
    );
    matrices.forEach((values, which) =>
      assert(Math.abs(Number(fields[6 + which]) - values[at]) <= 0.006 * values[at]),
    );
  });
});

await geneSteps({ page, data, out, step, asShown, clickRow });

if (linked) {
  await step("without igv.js the page says so", async () => {
    assert.match(await page.locator("#genome-note").textContent(), /igv\.js could not be loaded/);
    assert(await page.locator("#genome-note").isVisible());
    assert(await page.locator('[data-place="pair"]').isDisabled());
  });
} else {
  await genomeSteps({
    page,
    data,
    out,
    step,
    rows,
    asShown,
    clickRow,
    cells: { matrix, strongest, place: binPlace, middle },
  });
}

await step("no name became markup, and nothing was asked for", async () => {
  const found = await page.evaluate(() => {
    const roots = [document, document.querySelector("#browser").shadowRoot].filter(Boolean);
    const nodes = roots.flatMap((root) => [...root.querySelectorAll("*")]);
    return {
      scripts: nodes.filter((node) => node.tagName === "SCRIPT").length,
      foreign: nodes
        .filter((node) => ["IMG", "IFRAME", "OBJECT", "EMBED", "VIDEO", "AUDIO"].includes(node.tagName))
        .map((node) => node.outerHTML),
      handlers: nodes
        .filter((node) => [...node.attributes].some(({ name }) => name.startsWith("on")))
        .map((node) => node.outerHTML),
    };
  });
  assert.deepEqual(found, { scripts, foreign: [], handlers: [] });
  const asked = requests.filter(
    (url) => url !== address && !(linked && url.startsWith("https://cdn.jsdelivr.net/npm/igv@")),
  );
  assert.deepEqual(asked, []);
});

for (const width of [1200, 1800]) {
  await page.setViewportSize({ width, height: 800 });
  await page.waitForTimeout(800);
  await step(`it fits ${width} pixels`, async () => {
    assert(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  });
  await page.screenshot({ path: path.join(out, `${width}.png`), fullPage: true });
}
await readerSteps({ visit, address, ready, data, out, step, cells: { matrix, strongest }, pair: pairWithMatrix });
await browser.close();
console.log(`${steps.length} steps passed`);
