"""Asks pyBigWig for the items that overlap each query: CHROM START END a line on standard input,
their names on a line each, sorted and with tabs between them, on standard output."""

import sys

import pyBigWig

with pyBigWig.open(sys.argv[1]) as file:
    for line in sys.stdin:
        chrom, start, end = line.split()
        items = file.entries(chrom, int(start), int(end)) or []
        print("\t".join(sorted(rest.split("\t")[0] for _, _, rest in items)))
