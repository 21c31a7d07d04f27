use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::formats::write_bigwig;
use crate::genome::{ChromId, Segment};

fn region(chrom: u32, start: u32, end: u32) -> Region {
    Region {
        chrom: ChromId(chrom),
        start,
        end,
    }
}

fn chroms(names: &[&str], length: u32) -> Chroms {
    Chroms::new(names.iter().map(|name| (name.to_string(), length))).unwrap()
}

fn write(path: &Path, chroms: &Chroms, values: &[(Region, f32)]) {
    let segments = values
        .iter()
        .map(|&(region, value)| Segment { region, value });
    let segments: Vec<Segment> = segments.collect();
    let (file, _) = write_bigwig(path, chroms, segments.into_iter()).unwrap();
    file.complete().unwrap();
}

/// The sums over regions of a file of two chromosomes of 3 Mb.
fn found(values: &[(Region, f32)], regions: &[Region]) -> Result<Vec<f64>> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bw");
    let chroms = chroms(&["chr1", "chr2"], 3_000_000);
    write(&path, &chroms, values);
    sums(&mut BigWig::open(&path).unwrap(), &chroms, regions)
}

#[test]
fn values_are_summed_across_pieces_and_chromosomes() {
    let edge = PIECE;
    let values = [
        (region(0, 10, 20), 2.0),
        (region(0, edge - 5, edge + 5), 3.0),
        (region(1, 15, 30), 0.5),
    ];
    let regions = [
        region(0, 0, 2 * edge),
        region(0, 15, 16),
        region(0, 20, 30),
        region(0, edge - 1, edge + 1),
        region(0, edge, edge + 9),
        region(1, 0, 20),
        region(1, 29, 29),
        region(0, 0, 0),
    ];
    let wanted = [50.0, 2.0, 0.0, 6.0, 15.0, 2.5, 0.0, 0.0];
    assert_eq!(found(&values, &regions).unwrap(), wanted);
}

#[test]
fn values_that_are_no_activity_are_refused_where_they_are_asked_for() {
    let below = [(region(0, 10, 20), -1.0), (region(0, 40, 50), 1.0)];
    let error = found(&below, &[region(0, 0, 30)]).unwrap_err().to_string();
    assert!(
        error.contains("holds values below 0: take counts"),
        "{error}"
    );
    assert_eq!(found(&below, &[region(0, 30, 60)]).unwrap(), [10.0]);
}

#[test]
fn another_assembly_is_told_by_its_lengths_and_other_names_are_understood() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bw");
    write(&path, &chroms(&["1"], 1000), &[(region(0, 100, 200), 2.0)]);
    let reference = chroms(&["chr1", "chr2"], 5000);
    let mut file = BigWig::open(&path).unwrap();
    let asked = [region(0, 150, 300), region(1, 150, 300)];
    assert_eq!(sums(&mut file, &reference, &asked).unwrap(), [100.0, 0.0]);
    let error = sums(&mut file, &reference, &[region(0, 150, 1001)]).unwrap_err();
    assert!(error.to_string().contains("is it of another assembly?"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn as_summed_base_by_base(
        steps in prop::collection::vec((0u32..30, 1u32..30, 0u8..5), 1..40),
        regions in prop::collection::vec((0u32..1500, 0u32..600), 1..20),
    ) {
        let mut values = Vec::new();
        let mut signal = vec![0.0; 3000];
        let mut at = 0;
        for (gap, length, value) in steps {
            let (start, end) = (at + gap, at + gap + length);
            values.push((region(0, start, end), f32::from(value)));
            signal[start as usize..end as usize].fill(f64::from(value));
            at = end;
        }
        let regions: Vec<Region> = regions
            .into_iter()
            .map(|(start, length)| region(0, start, start + length))
            .collect();
        let brute = |of: &Region| signal[of.start as usize..of.end as usize].iter().sum::<f64>();
        let wanted: Vec<f64> = regions.iter().map(brute).collect();
        prop_assert_eq!(found(&values, &regions).unwrap(), wanted);
    }
}
