//! The values of a bigWig around places.

use std::path::Path;

use rand::RngExt;

use crate::error::{Result, RowProblem};
use crate::formats::BigWig;
use crate::genome::{
    BedReader, BedRow, ChromId, Chroms, Empty, Places, Region, Segment, merge, read_rows,
};
use crate::seed::{Purpose, stream};

/// The means of the bins around a place, from left to right; none where there is no value.
pub(super) type Row = Vec<Option<f32>>;

/// How far from a place values are taken, and in how wide bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spread {
    /// Bases on either side.
    pub flank: u32,
    /// Bases of a bin, which divide the flank.
    pub bin: u32,
}

/// A place to look around at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    chrom: ChromId,
    /// The middle lies before this base.
    middle: u32,
    /// Whether left and right are to be exchanged.
    reverse: bool,
}

impl Place {
    /// The centre of a region. That of a region of an odd number of bases lies in one: before it, or,
    /// mirrored, behind it.
    fn centre(region: Region, reverse: bool) -> Self {
        let half = match reverse {
            false => region.len() / 2,
            true => region.len().div_ceil(2),
        };
        Self {
            chrom: region.chrom,
            middle: region.start + half,
            reverse,
        }
    }

    /// The base of the centre.
    fn base(self) -> u32 {
        self.middle - u32::from(self.reverse)
    }
}

/// A bigWig with its own chromosomes.
pub(super) struct Signal {
    file: BigWig,
    chroms: Chroms,
}

impl Signal {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self> {
        let file = BigWig::open(path)?;
        let chroms = file.reference_chroms()?;
        Ok(Self { file, chroms })
    }

    /// The centres of the regions of a BED file; none of one on a chromosome that this file does not
    /// have, because it has no value there.
    pub fn places(&self, regions: &Path) -> Result<Vec<Option<Place>>> {
        let mut reader = BedReader::new("region", Empty::Refused);
        let place = |row: &BedRow, places: &mut Places| match row.region(places) {
            Err(RowProblem::UnknownChromosome(_)) => Ok(None),
            region => region.map(|region| Some(Place::centre(region, row.get(5) == Some("-")))),
        };
        let rows = read_rows(regions, &self.chroms, false, |line, places| {
            reader.row(line, |row| place(row, places))
        })?;
        Ok(rows.good)
    }

    /// The values of a chromosome, from left to right.
    fn segments(&mut self, chrom: ChromId) -> Result<Vec<Segment>> {
        let (start, end) = (0, self.chroms.length(chrom));
        let whole = Region { chrom, start, end };
        let mut segments = self.file.segments(self.chroms.name(chrom), whole)?;
        segments.retain(|segment| segment.value.is_finite());
        Ok(segments)
    }

    /// The bases with a value, as regions that neither touch nor overlap.
    pub fn covered(&mut self) -> Result<Vec<Region>> {
        let mut covered = Vec::new();
        let chroms: Vec<ChromId> = self.chroms.regions().map(|whole| whole.chrom).collect();
        for chrom in chroms {
            let segments = self.segments(chrom)?;
            covered.extend(merge(segments.iter().map(|segment| segment.region)));
        }
        Ok(covered)
    }

    /// The values around places, in their order; none around one that has no value itself.
    pub fn rows(&mut self, places: &[Place], spread: Spread) -> Result<Vec<Option<Row>>> {
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by_key(|&at| places[at].chrom);
        let mut rows = vec![None; places.len()];
        for on_chrom in order.chunk_by(|&one, &next| places[one].chrom == places[next].chrom) {
            let segments = self.segments(places[on_chrom[0]].chrom)?;
            for &at in on_chrom {
                rows[at] = spread.row(&segments, places[at]);
            }
        }
        Ok(rows)
    }
}

impl Spread {
    fn bins(self) -> usize {
        (2 * self.flank / self.bin) as usize
    }

    /// The means of the bins around a place, of a chromosome's segments from left to right.
    fn row(self, segments: &[Segment], place: Place) -> Option<Row> {
        let base = place.base();
        let after = segments.partition_point(|segment| segment.region.end <= base);
        segments
            .get(after)
            .filter(|segment| segment.region.start <= base)?;
        // The window may begin before the chromosome.
        let first = i64::from(place.middle) - i64::from(self.flank);
        let past = i64::from(place.middle) + i64::from(self.flank);
        let bin = i64::from(self.bin);
        let mut sums = vec![(0.0, 0u32); self.bins()];
        let start = segments.partition_point(|segment| i64::from(segment.region.end) <= first);
        for segment in &segments[start..] {
            let mut at = i64::from(segment.region.start).max(first);
            let end = i64::from(segment.region.end).min(past);
            if at >= past {
                break;
            }
            while at < end {
                let place = (at - first) / bin;
                let next = (first + (place + 1) * bin).min(end);
                let (sum, bases) = &mut sums[place as usize];
                *sum += f64::from(segment.value) * (next - at) as f64;
                *bases += (next - at) as u32;
                at = next;
            }
        }
        let mean = |(sum, bases): (f64, u32)| (bases > 0).then(|| (sum / f64::from(bases)) as f32);
        let mut row: Row = sums.into_iter().map(mean).collect();
        if place.reverse {
            row.reverse();
        }
        Some(row)
    }
}

/// So many places at random bases of regions that do not overlap, every base as likely as any other;
/// none where there is no base.
pub(super) fn random(covered: &[Region], count: usize, seed: u64) -> Vec<Place> {
    let mut total = 0;
    let mut ends: Vec<u64> = Vec::with_capacity(covered.len());
    for region in covered {
        total += u64::from(region.len());
        ends.push(total);
    }
    if total == 0 {
        return Vec::new();
    }
    let mut rng = stream(seed, Purpose::RandomRegions, 0);
    let mut place = || {
        let base = rng.random_range(0..total);
        let at = ends.partition_point(|end| *end <= base);
        let before = at.checked_sub(1).map_or(0, |at| ends[at]);
        Place {
            chrom: covered[at].chrom,
            middle: covered[at].start + (base - before) as u32,
            reverse: false,
        }
    };
    (0..count).map(|_| place()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::write_bigwig;

    const CHROM: ChromId = ChromId(0);

    fn segment((start, length, value): (u32, u32, f32)) -> Segment {
        let (chrom, end) = (CHROM, start + length);
        let region = Region { chrom, start, end };
        Segment { region, value }
    }

    fn place(middle: u32, reverse: bool) -> Place {
        let chrom = CHROM;
        Place {
            chrom,
            middle,
            reverse,
        }
    }

    #[test]
    fn a_region_on_the_reverse_strand_is_turned_around_its_own_middle() {
        let values: Vec<Segment> = (0..40).map(|at| segment((at, 1, at as f32))).collect();
        let spread = Spread { flank: 3, bin: 1 };
        let region = |start, end| Region {
            chrom: CHROM,
            start,
            end,
        };
        let around = |start, end, reverse| -> Vec<f32> {
            let place = Place::centre(region(start, end), reverse);
            let row = spread.row(&values, place).unwrap();
            row.into_iter().flatten().collect()
        };
        assert_eq!(around(10, 20, false), [12.0, 13.0, 14.0, 15.0, 16.0, 17.0]);
        assert_eq!(around(10, 20, true), [17.0, 16.0, 15.0, 14.0, 13.0, 12.0]);
        // The middle base of an odd number of them is the first behind the middle, either way.
        assert_eq!(around(10, 21, false)[3], 15.0);
        assert_eq!(around(10, 21, true)[3], 15.0);
    }

    #[test]
    fn regions_without_a_value_at_their_centre_or_without_a_chromosome_have_no_row() {
        let dir = tempfile::tempdir().unwrap();
        let (path, bed) = (dir.path().join("a.bw"), dir.path().join("a.bed"));
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let values = [(100, 50, 2.0), (150, 50, 4.0)].map(segment);
        let (file, _) = write_bigwig(&path, &chroms, values.into_iter()).unwrap();
        file.complete().unwrap();
        std::fs::write(
            &bed,
            "chr1\t140\t160\n1\t90\t100\nchrUn\t5\t9\nchr1\t195\t203\ta\t0\t-\n",
        )
        .unwrap();
        let mut signal = Signal::open(&path).unwrap();
        let places = signal.places(&bed).unwrap();
        assert_eq!(places[2], None);
        let known: Vec<Place> = places.into_iter().flatten().collect();
        let rows = signal.rows(&known, Spread { flank: 10, bin: 5 }).unwrap();
        assert_eq!(
            rows[0],
            Some(vec![Some(2.0), Some(2.0), Some(4.0), Some(4.0)])
        );
        assert_eq!(rows[1], None);
        assert_eq!(rows[2], Some(vec![None, Some(4.0), Some(4.0), Some(4.0)]));
        let covered = signal.covered().unwrap();
        let spans: Vec<(u32, u32)> = covered.iter().map(|of| (of.start, of.end)).collect();
        assert_eq!(spans, [(100, 200)]);
        std::fs::write(&bed, "chr1\t990\t1001\n").unwrap();
        assert!(signal.places(&bed).is_err());
    }

    proptest! {
        #[test]
        fn a_bin_is_the_mean_over_its_bases_with_a_value(
            runs in prop::collection::vec((0u32..20, 1u32..9, -5i8..5), 1..30),
            middle in 0u32..250, flank in 1u32..6, bin in 1u32..8, reverse: bool,
        ) {
            let spread = Spread { flank: flank * bin, bin };
            let mut bases: Vec<Option<f32>> = vec![None; 1200];
            let (mut at, mut segments) = (0, Vec::new());
            for (gap, length, value) in runs {
                let value = f32::from(value);
                segments.push(segment((at + gap, length, value)));
                bases[(at + gap) as usize..(at + gap + length) as usize].fill(Some(value));
                at += gap + length;
            }
            let place = place(middle + 1, reverse);
            let row = spread.row(&segments, place);
            prop_assert_eq!(row.is_some(), bases[place.base() as usize].is_some());
            let Some(mut row) = row else { return Ok(()) };
            if reverse {
                row.reverse();
            }
            let first = i64::from(place.middle) - i64::from(spread.flank);
            for (number, got) in row.into_iter().enumerate() {
                let start = first + number as i64 * i64::from(bin);
                let values = (start..start + i64::from(bin)).filter(|at| *at >= 0);
                let values: Vec<f32> = values.filter_map(|at| bases[at as usize]).collect();
                let mean = values.iter().sum::<f32>() / values.len() as f32;
                match got {
                    None => prop_assert!(values.is_empty()),
                    Some(got) => prop_assert!((got - mean).abs() < 1e-5, "{got} {mean}"),
                }
            }
        }

        #[test]
        fn random_places_are_bases_with_a_value_and_come_again(
            lengths in prop::collection::vec((1u32..50, 1u32..50), 1..20), seed: u64,
        ) {
            let mut at = 0;
            let region = |(gap, length): (u32, u32)| {
                let start = at + gap;
                at = start + length;
                Region { chrom: CHROM, start, end: at }
            };
            let covered: Vec<Region> = lengths.into_iter().map(region).collect();
            let places = random(&covered, 100, seed);
            prop_assert_eq!(&places, &random(&covered, 100, seed));
            prop_assert_eq!(places.len(), 100);
            for place in places {
                let holds = |of: &Region| of.start <= place.middle && place.middle < of.end;
                prop_assert!(covered.iter().any(holds));
            }
        }
    }

    #[test]
    fn every_covered_base_is_as_likely() {
        let region = |start, end| Region {
            chrom: CHROM,
            start,
            end,
        };
        let covered = [region(0, 10), region(100, 130)];
        let places = random(&covered, 4000, 1);
        let first = places.iter().filter(|place| place.middle < 10).count();
        // A quarter: 1000, with a standard deviation of 27.
        assert!((850..1150).contains(&first), "{first}");
        assert!(random(&[], 5, 1).is_empty());
    }
}
