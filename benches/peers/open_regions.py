#!/usr/bin/env python3
"""How many top regions of a folder of tracks lie in peaks, and how many bound sites they hold.

    open_regions.py TRACKS PEAKS [SITES]

PEAKS: BED or narrowPeak, plain or gzip. Without SITES: the part of the top regions that share a base with
a peak, beside that of all places of the same windows, 15 bases apart. With SITES, a BED file of
`epitrack motifs scan`: the sites that lie under a peak (a factor's own, by ChIP-seq), and how many of them
lie whole inside a top region, beside 1,000 draws of as many regions in the same windows, none over another;
p is the part of the draws that hold as many. Windows are counted once. `held-out` are those of pairs that
training did not see. Windows have the published lengths. Only Python's own library is needed.
"""

import bisect
import collections
import gzip
import random
import sys

LENGTHS = {"enhancer": 3000, "promoter": 2000}
REGION = 45
DRAWS = 1000


def lines(path):
    opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
    with opened as file:
        yield from (line.rstrip("\n").split("\t") for line in file if not line.startswith("#"))


class Intervals:
    """Intervals by chromosome, asked whether they share a base with another."""

    def __init__(self, path):
        self.of = collections.defaultdict(list)
        for fields in lines(path):
            self.of[fields[0]].append((int(fields[1]), int(fields[2])))
        self.longest = {}
        for chrom, found in self.of.items():
            found.sort()
            self.longest[chrom] = max(end - start for start, end in found)

    def meet(self, chrom, start, end):
        found = self.of.get(chrom, [])
        at = bisect.bisect_left(found, (end, 0))
        while at > 0 and found[at - 1][0] > start - self.longest[chrom]:
            at -= 1
            if found[at][1] > start:
                return True
        return False


def top_regions(folder):
    """The top regions of each window, and whether training saw a pair of it."""
    regions, seen = collections.defaultdict(set), set()
    for fields in lines(f"{folder}/top_regions.bed"):
        chrom, start, end, element, pair, part = (fields[at] for at in (0, 1, 2, 9, 12, 19))
        place = pair.split("~")[element == "promoter"].split(":")[1].split("-")
        middle = sum(map(int, place)) // 2
        window = (element, chrom, middle - LENGTHS[element] // 2)
        regions[window].add((int(start), int(end)))
        if part == "train":
            seen.add(window)
    return regions, seen


def open_part(regions, peaks):
    inside = places = open_places = count = 0
    for (element, chrom, first), of in regions.items():
        count += len(of)
        inside += sum(peaks.meet(chrom, *region) for region in of)
        for start in range(first, first + LENGTHS[element] - REGION + 1, 15):
            places += 1
            open_places += peaks.meet(chrom, start, start + REGION)
    part, chance = inside / count, open_places / places
    return f"{count} regions, {part:.3f} in peaks, {chance:.3f} of all places: {part / chance:.2f} times"


def drawn(rng, window, count):
    element, _, first = window
    starts = []
    while len(starts) < count:
        start = first + rng.randrange(LENGTHS[element] - REGION + 1)
        if all(abs(start - other) >= REGION for other in starts):
            starts.append(start)
    return [(start, start + REGION) for start in starts]


def held(sites, regions):
    return sum(any(a <= start and end <= b for a, b in regions) for start, end in sites)


def captured(regions, peaks, sites):
    bound = {}
    for window in regions:
        element, chrom, first = window
        last = first + LENGTHS[element]
        own = sites.of.get(chrom, [])
        near = own[bisect.bisect_left(own, (first, 0)) : bisect.bisect_left(own, (last, 0))]
        near = {site for site in near if site[1] <= last and peaks.meet(chrom, *site)}
        if near:
            bound[window] = near
    found = sum(held(near, regions[window]) for window, near in bound.items())
    rng = random.Random(1)
    draws = [
        sum(held(near, drawn(rng, window, len(regions[window]))) for window, near in bound.items())
        for _ in range(DRAWS)
    ]
    chance = sum(draws) / DRAWS
    p = (1 + sum(draw >= found for draw in draws)) / (1 + DRAWS)
    times = f"{found / chance:.2f} times" if chance else "no chance"
    return f"{sum(map(len, bound.values()))} bound sites, {found} in top regions, {chance:.1f} by chance: {times}, p {p:.4f}"


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    regions, seen = top_regions(sys.argv[1])
    peaks = Intervals(sys.argv[2])
    sites = Intervals(sys.argv[3]) if len(sys.argv) == 4 else None
    for element in LENGTHS:
        for name, kept in (("all", lambda _: True), ("held-out", lambda window: window not in seen)):
            own = {w: of for w, of in regions.items() if w[0] == element and kept(w)}
            if own:
                told = captured(own, peaks, sites) if sites else open_part(own, peaks)
                print(f"{element}s, {name}: {told}")


main()
