// Asks JBrowse's reader for the items that overlap each query: CHROM START END a line on standard
// input, their names on a line each, sorted and with tabs between them, on standard output.

import { createInterface } from "node:readline";

import { BigBed } from "@gmod/bbi";

const file = new BigBed({ path: process.argv[2] });
for await (const line of createInterface({ input: process.stdin })) {
  const [chrom, start, end] = line.split(" ");
  const items = await file.getFeatures(chrom, Number(start), Number(end));
  console.log(
    items
      // It counts items that only touch the query.
      .filter((item) => item.end > Number(start) && item.start < Number(end))
      .map((item) => item.rest.split("\t")[0])
      .sort()
      .join("\t"),
  );
}
