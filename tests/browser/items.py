"""Asks pyBigWig for what overlaps each query: CHROM START END a line on standard input; on standard
output a line each, sorted and with tabs between: the names of a bigBed's items, or of a bigWig's
stretches start, end and eighths."""

import sys

import pyBigWig


def names(file, chrom, start, end):
    if file.isBigWig():
        stretches = file.intervals(chrom, start, end) or []
        return [f"{a}-{b}-{value * 8:g}" for a, b, value in stretches]
    return [rest.split("\t")[0] for _, _, rest in file.entries(chrom, start, end) or []]


with pyBigWig.open(sys.argv[1]) as file:
    for line in sys.stdin:
        chrom, start, end = line.split()
        print("\t".join(sorted(names(file, chrom, int(start), int(end)))))
