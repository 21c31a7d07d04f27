// The genome view of a page of `epitrack view`, as a reader would use it.

import assert from "node:assert/strict";
import path from "node:path";

const SIDES = ["enhancer", "promoter"];

/** Runs each step on a page whose igv.js has started; `cells` knows the attention matrices. */
export async function genomeSteps({ page, data, out, step, rows, asShown, clickRow, cells }) {
  const pairWithMatrix = asShown.find((pair) => pair.matrix_enhancer && pair.matrix_promoter);
  const [across, down] = SIDES.map((side) => data.bins[side]);
  const heat = page.locator("#cursor");

  async function settled() {
    await page.waitForFunction(() => !genome.busy && genome.wanted === null);
  }

  /** Where igv.js is: [chromosome, start, end], 0-based. */
  async function loci() {
    await settled();
    const found = [await page.evaluate(() => genome.browser.currentLoci())].flat();
    return found.map((text) => {
      // Of a chromosome whose length it does not know igv.js tells parts of bases.
      const [, chrom, start, end] = /^([^:]*):([\d.]+)-([\d.]+)$/.exec(text);
      return [chrom, Math.round(start) - 1, Math.round(end)];
    });
  }

  /** A name that igv.js shows, for one of ours: the same where nothing in it can do harm, numbered where
    another would be taken for it. */
  function sameName(shown, name) {
    if (/^[A-Za-z0-9_.]+$/.test(name)) assert.equal(shown.replace(/_\d+$/, ""), name.replace(/_\d+$/, ""));
    assert.match(shown, /^[A-Za-z0-9_.*+-]+$/);
  }

  function covers([chrom, start, end], place, most) {
    sameName(chrom, place[0]);
    assert(start <= place[1] && end >= place[2], `${chrom}:${start}-${end} does not cover ${place}`);
    assert(end - start <= most, `${end - start} bases for ${place}`);
  }

  await step("tracks and arcs are drawn", async () => {
    await page.locator('[data-place="both"]').click();
    await settled();
    // White and transparent do not count, nor does grey; the chosen pair is nearly black.
    const inked = await page.evaluate(() =>
      [...document.querySelector("#browser").shadowRoot.querySelectorAll(".igv-viewport")]
        .filter((viewport) => viewport.querySelector(".igv-track-label"))
        .map((viewport) => {
          const counts = {
            name: viewport.querySelector(".igv-track-label").textContent,
            coloured: 0,
            black: 0,
          };
          for (const canvas of viewport.querySelectorAll("canvas")) {
            const data = pixelsOf(canvas);
            for (let at = 0; at < data.length; at += 4) {
              const [low, high] = [
                Math.min(data[at], data[at + 1], data[at + 2]),
                Math.max(data[at], data[at + 1], data[at + 2]),
              ];
              if (data[at + 3] > 100 && high - low > 40) counts.coloured += 1;
              if (data[at + 3] > 200 && high < 40) counts.black += 1;
            }
          }
          return counts;
        }),
    );
    const sum = (name, what) =>
      inked.filter((track) => track.name === name).reduce((total, track) => total + track[what], 0);
    assert(sum("pairs", "black") > 20, "the chosen pair");
    const contributions = data.contributions ? SIDES.map((side) => `${side} contribution`) : [];
    for (const name of ["enhancer attention", "promoter attention", ...contributions, "elements", "top regions"])
      assert(sum(name, "coloured") > 50, name);
    const predicted = 2 * (data.activity ?? []).length;
    const count = 5 + contributions.length + predicted + (data.genes ? 1 : 0) + (data.add ?? []).length;
    assert.equal(new Set(inked.map((track) => track.name)).size, count);
    await page.screenshot({ path: path.join(out, "side-by-side.png"), fullPage: true });
    await page.locator('[data-place="pair"]').click();
  });

  await step("a click in the table moves to the pair", async () => {
    for (const pair of data.pairs.slice(0, 60)) {
      await clickRow(pair);
      const windows = SIDES.map((side) => pair[`${side}_window`]);
      const found = await loci();
      if (windows[0][0] === windows[1][0]) {
        assert.equal(found.length, 1);
        const span = [
          windows[0][0],
          Math.min(windows[0][1], windows[1][1]),
          Math.max(windows[0][2], windows[1][2]),
        ];
        covers(found[0], span, 1.2 * (span[2] - span[1]) + 1100);
      } else {
        assert.equal(found.length, 2);
        windows.forEach((window, which) => covers(found[which], window, 1.2 * (window[2] - window[1]) + 100));
      }
      assert.equal(await page.locator(".igv-ui-alert-dialog-container:visible").count(), 0);
    }
    await clickRow(asShown[0]);
    await settled();
    await page.screenshot({ path: path.join(out, "pair.png"), fullPage: true });
  });

  await step("the last of many quick choices wins", async () => {
    await rows.first().click();
    await settled();
    await page.evaluate(() => {
      for (let press = 0; press < 8; press += 1) {
        document.activeElement.dispatchEvent(
          new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }),
        );
      }
    });
    const pair = asShown[Math.min(8, asShown.length - 1)];
    const found = await loci();
    const window = pair.enhancer_window;
    sameName(found[0][0], window[0]);
    assert(found[0][1] <= window[1] && found[0][2] >= window[2]);
  });

  await step("buttons jump to the windows", async () => {
    for (const pair of [asShown[0], asShown.at(-1)]) {
      await clickRow(pair);
      for (const side of SIDES) {
        await page.locator(`[data-place="${side}"]`).click();
        const [found, ...others] = await loci();
        const window = pair[`${side}_window`];
        assert.deepEqual(others, []);
        covers(found, window, 1.3 * (window[2] - window[1]) + 100);
      }
      await page.locator('[data-place="pair"]').click();
    }
  });

  await step("a click in the heat map jumps to the bases of the cell", async () => {
    await clickRow(pairWithMatrix);
    const [i, j] = cells.strongest(cells.matrix(pairWithMatrix, "enhancer"));
    for (const cell of [
      [3 % (across.length - 1), 2 % (down.length - 1)],
      [across.length - 3, 1],
      [i, j],
    ]) {
      await heat.click({ position: await cells.middle(cell) });
      const found = await loci();
      assert.equal(found.length, 2);
      SIDES.forEach((side, which) => {
        const place = cells.place(pairWithMatrix, side, cell[which]);
        covers(found[which], place, Math.max(50, 7 * (place[2] - place[1]) + 10));
        const size = new Map(data.chromosomes).get(place[0]);
        const atAnEnd = place[1] < 1000 || place[2] > size - 1000;
        const miss = Math.abs((found[which][1] + found[which][2]) / 2 - (place[1] + place[2]) / 2);
        assert(atAnEnd || miss <= 2, `the bin is ${miss} bases beside the middle`);
      });
    }
    await heat.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    covers(
      (await loci())[0],
      cells.place(pairWithMatrix, "enhancer", i === across.length - 2 ? i : i + 1),
      400,
    );
    // Last, because a full page is another layout, in which the mouse leaves the matrix and its cell.
    await page.screenshot({ path: path.join(out, "cell.png"), fullPage: true });
  });

  if (data.contributions)
    await step("bases are letters as high as their contributions", async () => {
      await heat.click({ position: await cells.middle(cells.strongest(cells.matrix(pairWithMatrix, "enhancer"))) });
      await settled();
      // Bars have one colour, letters that of their base: green, blue, red and more.
      const found = await page.evaluate(() => {
        const tracks = [...document.querySelector("#browser").shadowRoot.querySelectorAll(".igv-viewport")];
        const ours = tracks.filter((track) => /contribution/.test(track.querySelector(".igv-track-label")?.textContent));
        const counts = { red: 0, green: 0, blue: 0 };
        for (const canvas of ours.flatMap((track) => [...track.querySelectorAll("canvas")])) {
          const pixels = pixelsOf(canvas);
          for (let at = 0; at < pixels.length; at += 4) {
            const [red, green, blue, alpha] = pixels.slice(at, at + 4);
            if (alpha < 200) continue;
            if (red > 150 && green < 90 && blue < 90) counts.red += 1;
            if (green > 100 && red < 90 && blue < 90) counts.green += 1;
            if (blue > 120 && red < 90 && green < 90) counts.blue += 1;
          }
        }
        return counts;
      });
      for (const [colour, count] of Object.entries(found)) assert(count > 10, `${colour}: ${count}`);
      await page.screenshot({ path: path.join(out, "letters.png"), fullPage: true });
    });

  /** What igv.js says about the feature under a base, in the part of a track that shows it. */
  async function popup(track, column, base) {
    const viewport = page
      .locator(`#browser .igv-viewport:has(.igv-track-label:text-is("${track}"))`)
      .nth(column);
    const [, start, end] = (await loci())[column];
    await viewport.scrollIntoViewIfNeeded();
    const box = await viewport.boundingBox();
    const x = box.x + (box.width * (base - start)) / (end - start);
    for (const y of [0.85, 0.3, 0.45, 0.6]) {
      await page.mouse.click(x, box.y + y * box.height);
      await page.waitForTimeout(700); // igv.js waits for a second click.
      const said = page.locator("#browser .igv-ui-popover:visible");
      if (!(await said.count())) continue;
      const text = await said.first().textContent();
      await page.screenshot({ path: path.join(out, `popup-${track.replace(/\W/g, "_")}.png`) });
      await said.first().locator("> div:first-child > div:last-child").click();
      return text;
    }
    return "";
  }

  await step("names do no harm in what igv.js says about features", async () => {
    const labels = page.locator("#browser").getByText("Track Labels", { exact: true }).first();
    await labels.click(); // They lie over some features.
    const odd = (pair) => [pair.enhancer[0], pair.promoter[0]].some((name) => !/^[A-Za-z0-9_.]+$/.test(name));
    const digits = (base) => base.toLocaleString("en-US");
    const told = ({ start, end }) => `:${digits(start + 1)}-${digits(end)}`;
    const regions = data.pairs.flatMap((pair) => pair.regions);
    for (const pair of [...data.pairs.filter(odd).slice(-2), asShown[0]]) {
      await clickRow(pair);
      await page.locator('[data-place="pair"]').click();
      const middle = SIDES.map((side) => (pair[side][1] + pair[side][2]) / 2);
      if (pair.enhancer[0] === pair.promoter[0])
        assert.match(await popup("pairs", 0, (middle[0] + middle[1]) / 2), /Region 1/);
      await page.locator('[data-place="both"]').click();
      assert.match(await popup("elements", 0, middle[0]), /Element\W*enhancer/);
      for (const [column, side] of SIDES.entries()) {
        const best = (region) => region.element === side && region.rank === 1;
        const { start, end } = pair.regions.find(best);
        const said = await popup("top regions", column, (start + end) / 2);
        assert.match(said, new RegExp(`Element\\W*${side}`));
        // That of another pair may lie over it.
        const shown = regions.find((region) => region.factors?.length && said.includes(told(region)));
        if (shown) assert(said.includes(shown.factors[0]), said);
      }
      for (const { name, features = [] } of data.add ?? []) {
        const [, start, end] = pair.enhancer_window;
        const inside = features.find(
          (item) => item[0] === pair.enhancer[0] && item[1] >= start && item[2] <= end,
        );
        const label = page
          .locator("#browser .igv-track-label")
          .filter({ hasText: name.slice(0, 4) })
          .first();
        if (inside)
          assert.match(
            await popup(await label.textContent(), 0, (inside[1] + inside[2]) / 2),
            /Location/,
            name,
          );
      }
    }
    await labels.click();
    await page.locator('[data-place="pair"]').click();
    await settled();
  });

  await step("a search in igv.js for a name asks nobody", async () => {
    const input = page.locator("#browser input.igv-search-input");
    await input.fill("BRCA1");
    await input.press("Enter");
    await page.waitForTimeout(500);
    assert.match(
      await page.locator("#browser .igv-ui-alert-dialog-container:visible").textContent(),
      /BRCA1/,
    );
    await page.locator("#browser .igv-ui-alert-dialog-container:visible").getByText("OK").click();
  });
}
