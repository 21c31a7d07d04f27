// Asks JBrowse's reader for what overlaps each query: CHROM START END a line on standard input; on
// standard output a line each, sorted and with tabs between: the names of a bigBed's items, or of a
// bigWig's stretches start, end and eighths.

import { createInterface } from "node:readline";

import { BigBed, BigWig } from "@gmod/bbi";

const path = process.argv[2];
const isBigWig = path.endsWith(".bw");
const file = isBigWig ? new BigWig({ path }) : new BigBed({ path });
const name = (item) =>
  isBigWig ? `${item.start}-${item.end}-${item.score * 8}` : item.rest.split("\t")[0];
for await (const line of createInterface({ input: process.stdin })) {
  const [chrom, start, end] = line.split(" ");
  const items = await file.getFeatures(chrom, Number(start), Number(end));
  console.log(
    items
      // It counts items that only touch the query.
      .filter((item) => item.end > Number(start) && item.start < Number(end))
      .map(name)
      .sort()
      .join("\t"),
  );
}
