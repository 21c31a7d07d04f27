// What a page of `epitrack view` holds, read without the page's own code.

import { inflateSync } from "node:zlib";

const SIDES = ["enhancer", "promoter"];

/** Numbers of two bytes, all low ones before all high ones; 0, 1, 2, 3 stand for 0, -1, 1, -2. */
function numbers(bytes) {
  const [low, high] = [bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)];
  return Array.from(low, (byte, at) => byte + 256 * high[at]).map((code) =>
    code % 2 ? -(code + 1) / 2 : code / 2,
  );
}

/** The values of a matrix, one row for each enhancer bin. */
function values({ max, step, back }, bytes) {
  const codes = [];
  for (const difference of numbers(bytes))
    codes.push((difference + (codes[codes.length - back] ?? 0) + 65536) % 65536);
  return codes.map((code) => (code === 65535 ? 0 : max * Math.exp(-step * code)));
}

/** The page's data, each matrix with its values. */
export async function pageData(page) {
  const block = async (id) => inflateSync(Buffer.from(await page.locator(id).textContent(), "base64"));
  const data = JSON.parse((await block("#data")).toString("utf8"));
  const bytes = await block("#values");
  const cells = SIDES.map((side) => data.bins[side].length - 1).reduce((a, b) => a * b);
  let taken = 0;
  for (const pair of data.pairs)
    for (const side of SIDES) {
      const matrix = pair[`matrix_${side}`];
      if (matrix) matrix.values = values(matrix, bytes.subarray(taken, (taken += 2 * cells)));
    }
  for (const side of SIDES)
    for (const stretch of data.contributions?.tracks[side] ?? []) taken += 2 * stretch.length;
  for (const { bases } of data.add ?? []) for (const stretch of bases ?? []) taken += 2 * stretch.length;
  if (taken !== bytes.length) throw new Error(`${bytes.length} bytes of values, not ${taken}`);
  return data;
}
