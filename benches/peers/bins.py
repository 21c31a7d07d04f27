"""How far off pyBigWig's bins of whole chromosomes are in bigWigs, and in ones of the same values that pyBigWig writes.

Run it through `just bins FILE …`: 300 bins of the first 60 Mb of each chromosome that has as many, zoom
levels beside the exact values; for each statistic the mean and the largest relative error.
"""

import argparse
import struct
import tempfile
from pathlib import Path

import pyBigWig

STATISTICS = ["mean", "max", "min", "coverage"]


def levels(path):
    """The bases of a record of each zoom level, from the header (Kent et al. 2010, tables 5 and 6)."""
    head = Path(path).read_bytes()[:304]
    (count,) = struct.unpack_from("<H", head, 6)
    return [struct.unpack_from("<I", head, 64 + 24 * level)[0] for level in range(count)]


def rewritten(path, to):
    with pyBigWig.open(str(path)) as file, pyBigWig.open(str(to), "w") as out:
        out.addHeader(list(file.chroms().items()))
        for chrom in file.chroms():
            if stretches := file.intervals(chrom):
                starts, ends, values = map(list, zip(*stretches))
                out.addEntries([chrom] * len(starts), starts, ends=ends, values=values)


def errors(path, exact, statistic, bases, bins):
    with pyBigWig.open(str(path)) as file, pyBigWig.open(str(exact)) as bare:
        for chrom, length in bare.chroms().items():
            if length < bases or not bare.intervals(chrom, 0, bases):
                continue
            seen = file.stats(chrom, 0, bases, type=statistic, nBins=bins)
            true = bare.stats(chrom, 0, bases, type=statistic, nBins=bins, exact=True)
            for zoomed, value in zip(seen, true):
                if value:
                    yield abs((zoomed or 0) / value - 1)
                elif zoomed:
                    # Something where there is nothing.
                    yield float("inf")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("files", nargs="+", type=Path)
    arguments.add_argument("--bases", type=int, default=60_000_000)
    arguments.add_argument("--bins", type=int, default=300)
    arguments = arguments.parse_args()
    for path in arguments.files:
        with tempfile.TemporaryDirectory() as folder:
            theirs = Path(folder) / "theirs.bw"
            rewritten(path, theirs)
            for name, file in [(path.name, path), ("pyBigWig's own", theirs)]:
                print(f"{name}: {file.stat().st_size:,} bytes, levels {levels(file)}")
                for statistic in STATISTICS:
                    off = list(errors(file, path, statistic, arguments.bases, arguments.bins))
                    if not off:
                        print(f"  {statistic:<8} nothing to compare in the first {arguments.bases:,} bases")
                        continue
                    print(f"  {statistic:<8} mean {sum(off) / len(off):.2%}, largest {max(off):.2%} of {len(off)} bins")


if __name__ == "__main__":
    main()
