// A page of `epitrack view` for those who read it on a phone, in the dark, by ear or keyboard alone, or with
// an old browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESK = { viewport: { width: 1400, height: 900 } };

/** Lightness, 0 to 255, of points of what is seen of an element. */
async function lightness(page, element, points) {
  const png = (await element.screenshot()).toString("base64");
  return page.evaluate(
    async ({ png, points }) => {
      const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const copy = new OffscreenCanvas(image.width, image.height).getContext("2d", {
        willReadFrequently: true,
      });
      copy.drawImage(image, 0, 0);
      const scale = image.width / document.getElementById("plot").clientWidth;
      return points.map(({ x, y }) => {
        const [red, green, blue] = copy.getImageData(Math.floor(x * scale), Math.floor(y * scale), 1, 1).data;
        return 0.299 * red + 0.587 * green + 0.114 * blue;
      });
    },
    { png, points },
  );
}

/** Contrast of a text with the page's ground, as WCAG 2 counts it. */
function contrast(page, what) {
  return page.evaluate((what) => {
    const light = (colour) => {
      const parts = colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255);
      const [red, green, blue] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = light(getComputedStyle(document.documentElement).backgroundColor);
    const ink = light(getComputedStyle(document.querySelector(what)).color);
    return { ground, contrast: (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05) };
  }, what);
}

/** Runs each step in windows of its own. */
export async function readerSteps({ visit, address, ready, data, out, step, cells, pair }) {
  async function open(options) {
    const page = await visit(options);
    await page.goto(address);
    await ready(page);
    await page.waitForTimeout(500);
    return page;
  }
  const [across, down] = ["enhancer", "promoter"].map((side) => data.bins[side]);

  /** The middles of the cells with the most and the least attention on the canvas. */
  async function extremes(page) {
    await page.evaluate((name) => table.choose(data.pairs.find((pair) => pair.name === name)), pair.name);
    const plot = await page.evaluate(() => heatmap.plot);
    const part = (edges, bin) => (edges[bin] + edges[bin + 1]) / 2 / edges.at(-1);
    const values = cells.matrix(pair, "enhancer");
    const middle = ([i, j]) => ({
      x: plot.x + plot.width * part(across, i),
      y: plot.y + plot.height * part(down, j),
    });
    const weakest = cells.strongest(values.map((value) => -value));
    return { plot, points: [cells.strongest(values), weakest].map(middle), even: new Set(values).size === 1 };
  }

  await step("on a phone the heat map is there, whole, and a tap tells a cell", async () => {
    const page = await open(PHONE);
    assert(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "too wide");
    const { plot, points, even } = await extremes(page);
    assert(plot.width > 220 && plot.height > 180, JSON.stringify(plot));
    const box = await page.locator("#heat").boundingBox();
    assert(box.x >= 0 && box.x + box.width <= PHONE.viewport.width, JSON.stringify(box));
    assert(plot.x >= 0 && plot.x + plot.width < box.width && plot.y + plot.height < box.height);
    const [most, least] = await lightness(page, page.locator("#plot"), points);
    assert(even || most < least - 20, `${most} and ${least}`);
    await page.locator("#cursor").tap({ position: points[0] });
    assert.match(await page.locator("#cell").textContent(), /^attention [\d.e-]+: enhancer .+ × promoter /);
    await page.screenshot({ path: path.join(out, "390.png"), fullPage: true });
    await page.context().close();
  });

  await step("in the dark the page is dark, and attention light", async () => {
    const page = await open({ ...DESK, colorScheme: "dark" });
    for (const what of ["body", "#summary", "#chosen", "#table tbody td", "#search", ".hint"]) {
      const found = await contrast(page, what);
      assert(found.ground < 0.02, `the ground is ${found.ground}`);
      assert(found.contrast >= 4.5, `${what}: ${found.contrast}`);
    }
    const { points, even } = await extremes(page);
    const [most, least, beside] = await lightness(page, page.locator("#plot"), [...points, { x: 3, y: 3 }]);
    assert(even || most > least + 20, `${most} and ${least}`);
    assert(beside < 30, `${beside} beside the matrix`);
    await page.screenshot({ path: path.join(out, "dark.png"), fullPage: true });
    await page.context().close();
  });

  await step("axe finds nothing of levels A and AA, wide or narrow, light or dark", async () => {
    for (const options of [DESK, PHONE])
      for (const colorScheme of ["light", "dark"]) {
        const page = await open({ ...options, colorScheme });
        await page.evaluate(axe);
        const found = await page.evaluate(async (values) => {
          const { violations, passes } = await window.axe.run(document, { runOnly: { type: "tag", values } });
          const told = violations.flatMap(({ id, nodes }) =>
            nodes.map((node) => `${id}: ${node.target} ${node.html.slice(0, 200)}`),
          );
          return { told, passed: passes.length };
        }, LEVELS);
        assert.deepEqual(found.told, []);
        assert(found.passed > 15, `${found.passed} rules passed`);
        await page.context().close();
      }
  });

  await step("with the keyboard alone each part is reached, and seen to be", async () => {
    const page = await open(DESK);
    const wanted = ["search", "row", "attention", "download", "cursor", "place"];
    const reached = new Set();
    for (let press = 0; press < 40 && reached.size < wanted.length; press += 1) {
      await page.keyboard.press("Tab");
      const found = await page.evaluate(() => {
        const at = document.activeElement;
        const what = at.id || Object.keys(at.dataset)[0] || (at.matches("tbody tr") ? "row" : "");
        return { what, outline: getComputedStyle(at).outlineStyle, named: at.ariaLabel || at.textContent };
      });
      if (!wanted.includes(found.what)) continue;
      assert.equal(found.outline, "solid", found.what);
      assert(found.named.trim(), `${found.what} has no name`);
      reached.add(found.what);
    }
    // Where igv.js is not there, its buttons are off.
    const off = await page.locator('[data-place="pair"]').isDisabled();
    assert.deepEqual(
      wanted.filter((what) => !reached.has(what)),
      off ? ["place"] : [],
    );
    await page.locator("#cursor").focus();
    await page.keyboard.press("ArrowRight");
    assert.match(await page.locator("#cell").textContent(), /^attention /);
    assert.match(await page.locator("#top").textContent(), /^Top regions of the enhancer: 1, .+:[\d,]+–[\d,]+/);
    await page.context().close();
  });

  await step("a browser that cannot unpack the data says which ones can", async () => {
    const page = await visit(DESK);
    await page.addInitScript(() => delete window.DecompressionStream);
    await page.goto(address);
    assert.match(await page.locator("#refusal").textContent(), /Firefox from 113/);
    assert(await page.locator("#refusal").isVisible());
    assert(await page.locator("#pairs").isHidden());
    assert(await page.locator("#reading-title").isVisible());
    await page.context().close();
  });
}
