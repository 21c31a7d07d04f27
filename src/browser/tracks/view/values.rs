//! Values of tracks in the forms in which a page holds them.

use crate::browser::view::{Signed, Step};
use crate::genome::{Chroms, Region, Segment};

/// Values by the names of their chromosomes.
pub fn by_chromosome(segments: &[Segment], chroms: &Chroms) -> Vec<(String, Vec<Step>)> {
    let of_chrom = |segments: &[Segment]| {
        let name = chroms.name(segments[0].region.chrom).to_string();
        (name, steps(segments))
    };
    segments
        .chunk_by(|a, b| a.region.chrom == b.region.chrom)
        .map(of_chrom)
        .collect()
}

/// Each from the end of the one before it.
fn steps(segments: &[Segment]) -> Vec<Step> {
    let ends = segments.iter().map(|segment| segment.region.end);
    let before = std::iter::once(0).chain(ends);
    let steps = segments.iter().zip(before).map(|(segment, before)| {
        let Region { start, end, .. } = segment.region;
        let gap = i64::from(start) - i64::from(before);
        (gap, end - start, four_digits(segment.value))
    });
    steps.collect()
}

/// A value as closely as a page tells it.
fn four_digits(value: f32) -> f32 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// The values of neighbouring bases together, as `pack` makes them of a chromosome's name, the first base and
/// the values.
pub fn signed(
    segments: &[Segment],
    chroms: &Chroms,
    pack: impl Fn(&str, u32, &[f32]) -> Signed,
) -> Vec<Signed> {
    let touch = |a: &Segment, b: &Segment| {
        a.region.chrom == b.region.chrom && a.region.end == b.region.start
    };
    let stretches = segments.chunk_by(touch).map(|stretch| {
        let first = stretch[0].region;
        let values = stretch
            .iter()
            .flat_map(|segment| std::iter::repeat_n(segment.value, segment.region.len() as usize));
        let values: Vec<f32> = values.collect();
        pack(chroms.name(first.chrom), first.start, &values)
    });
    stretches.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;

    #[test]
    fn steps_lead_back_to_the_places() {
        let segment = |chrom, start, end, value| Segment {
            region: Region {
                chrom: ChromId(chrom),
                start,
                end,
            },
            value,
        };
        let names = ["chr1", "chr2"].map(|name| (name.to_string(), 10_000));
        let chroms = Chroms::new(names).unwrap();
        let segments = [
            segment(0, 7, 30, 1.234567),
            segment(0, 30, 60, 0.00012344),
            segment(0, 500, 501, 0.0),
            segment(1, 40, 41, 98_767.0),
        ];
        let wanted: [(String, Vec<Step>); 2] = [
            (
                "chr1".to_string(),
                vec![(7, 23, 1.235), (0, 30, 0.0001234), (440, 1, 0.0)],
            ),
            ("chr2".to_string(), vec![(40, 1, 98_770.0)]),
        ];
        assert_eq!(by_chromosome(&segments, &chroms), wanted);
        assert!(by_chromosome(&[], &chroms).is_empty());
    }
}
