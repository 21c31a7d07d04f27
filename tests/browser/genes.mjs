// The genes of a page of `epitrack view`: the strip below the attention, its words, and that none meets another.

import assert from "node:assert/strict";
import path from "node:path";

const SIDES = ["enhancer", "promoter"];

/** Runs each step on a page. */
export async function geneSteps({ page, data, out, step, asShown, clickRow }) {
  const panel = page.locator("#genes");
  if (!data.genes) {
    await step("a page without genes has no strip", async () => assert(await panel.isHidden()));
    return;
  }
  const shares = ([chrom, start, end], [other, from, to]) => chrom === other && start < to && from < end;
  const before = await page.evaluate(() => table.chosen.name);
  const within = (place) => data.genes.filter((gene) => shares(gene.place, place));

  await step("genes of both windows are named in words, and the strip is called by them", async () => {
    for (const pair of asShown.slice(0, 12)) {
      await clickRow(pair);
      const words = await page.locator("#gene-text").textContent();
      for (const side of SIDES) {
        const found = within(pair[`${side}_window`]);
        const [, list] = words.split(`Genes in the ${side} window: `);
        if (!found.length) assert(list.startsWith("none."), words);
        for (const { name, strand } of found.slice(0, 8)) {
          const wanted = strand === "." ? name : `${name} (${strand})`;
          assert(list.includes(wanted), `${wanted}: ${words}`);
        }
      }
    }
    assert.equal(await page.locator("#gene-strip").getAttribute("aria-labelledby"), "gene-text");
  });

  await step("genes, exons and names lie in the strip, and no name meets another", async () => {
    const [crowded] = [...asShown].sort(
      (one, other) => within(other.promoter_window).length - within(one.promoter_window).length,
    );
    await clickRow(crowded);
    assert(await page.locator("#gene-strip").isVisible());
    const found = await page.evaluate(() => {
      const box = (node) => {
        const { left, right, top, bottom } = node.getBoundingClientRect();
        return { left, right, top, bottom, text: node.textContent };
      };
      const strip = document.querySelector("#gene-strip");
      const nodes = (what) => [...strip.querySelectorAll(what)].map(box);
      return { strip: box(strip), names: nodes("text"), boxes: nodes("rect"), heads: nodes(".strand") };
    });
    assert(found.boxes.length > 4 && found.heads.length > 0, JSON.stringify(found));
    for (const one of [...found.names, ...found.boxes, ...found.heads]) {
      const inside = one.left >= found.strip.left - 1 && one.right <= found.strip.right + 1;
      assert(inside && one.bottom <= found.strip.bottom + 1, JSON.stringify(one));
    }
    found.names.forEach((one, at) => {
      for (const other of found.names.slice(at + 1)) {
        const apart = one.right <= other.left || other.right <= one.left;
        const below = one.bottom <= other.top + 1 || other.bottom <= one.top + 1;
        assert(apart || below, `${JSON.stringify(one)} meets ${JSON.stringify(other)}`);
      }
    });
    await page.screenshot({ path: path.join(out, "genes.png"), fullPage: true });
    await clickRow(data.pairs.find((pair) => pair.name === before));
  });
}
