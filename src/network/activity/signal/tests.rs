//! Signals bin by bin, their strongest places, and files that are none.

use proptest::prelude::*;

use super::*;
use crate::network::activity::testing::{Genome, bigwig, raw_bigwig, region};

type Values<'a> = Vec<(&'a str, u32, u32, f32)>;

fn open(genome: &Genome, values: &[(&str, u32, u32, f32)]) -> Signal {
    let reference = genome.reference();
    let path = genome.path("signal.bw");
    bigwig(&path, reference.chroms(), values);
    Signal::open(&path, reference.chroms()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn tiles_are_those_of_single_bases(
        runs in prop::collection::vec((0u32..30, 1u32..40, 0u32..50), 1..20),
        start in 0u32..300,
        tiles in prop::collection::vec(1u32..40, 1..8),
    ) {
        let genome = Genome::new(&[("chr1", 2000)]);
        let mut values = Values::new();
        let mut bases = vec![0.0f64; 2000];
        let mut place = 0;
        for (gap, length, value) in runs {
            let value = value as f32 / 8.0;
            let first = place + gap;
            place = first + length;
            values.push(("chr1", first, place, value));
            bases[first as usize..place as usize].fill(f64::from(value));
        }
        let mut edges = vec![0];
        for tile in tiles {
            let last = edges[edges.len() - 1];
            edges.push(last + tile);
        }
        let window = region(0, start, start + edges[edges.len() - 1]);
        let got = open(&genome, &values).tiles(window, &edges).unwrap();
        prop_assert_eq!(got.len() + 1, edges.len());
        for (ends, got) in edges.windows(2).zip(got) {
            let tile = &bases[(start + ends[0]) as usize..(start + ends[1]) as usize];
            let mean = tile.iter().sum::<f64>() / tile.len() as f64;
            prop_assert!((f64::from(got) - (1.0 + mean).ln()).abs() < 1e-5, "{got} for {mean}");
        }
    }
}

#[test]
fn the_strongest_places_have_sequence() {
    // 28 of the 40 tiles have enough around them, so that two are the twentieth.
    let letters = ["ACGT".repeat(1500), "N".repeat(3000), "ACGT".repeat(750)].concat();
    let genome = Genome::of(&[("chr1", letters.as_str())]);
    let mut reference = genome.reference();
    let chroms: Vec<Region> = reference.chroms().regions().collect();
    let known = Known::read(&mut reference, &chroms).unwrap();
    let values = [
        ("chr1", 1005, 1015, 50.0),
        ("chr1", 4000, 4010, 30.0),
        ("chr1", 7000, 7010, 1000.0),
        ("chr1", 10_050, 10_060, 20.0),
    ];
    let strongest = open(&genome, &values).strongest(&known, 600).unwrap();
    assert_eq!(strongest, [region(0, 900, 1050), region(0, 3900, 4050)]);
    let one = open(&genome, &values[..1]).strongest(&known, 600).unwrap();
    assert_eq!(one, [region(0, 900, 1050)]);
}

#[test]
fn what_counts_nothing_is_refused_with_its_place() {
    let genome = Genome::new(&[("chr1", 2000)]);
    let reference = genome.reference();
    let path = genome.path("odd.bw");
    for (value, advice) in [
        (-0.5, "take counts"),
        (f32::NAN, "leave bases without a value out"),
        (f32::INFINITY, "take counts"),
    ] {
        let values = [("chr1", 0, 10, 1.0), ("chr1", 1000, 1010, value)];
        raw_bigwig(&path, reference.chroms(), &values);
        let mut signal = Signal::open(&path, reference.chroms()).unwrap();
        signal.tiles(region(0, 0, 500), &[0, 500]).unwrap();
        let said = signal.tiles(region(0, 500, 1500), &[0, 500, 1000]);
        let said = said.unwrap_err().to_string();
        assert!(said.contains("odd.bw: chr1:1,001-1,010 holds "), "{said}");
        assert!(said.contains(advice), "{said}");
    }
}

#[test]
fn another_assembly_is_refused() {
    let genome = Genome::new(&[("chr1", 2000), ("chr2", 1000)]);
    let reference = genome.reference();
    let path = genome.path("other.bw");
    let opened = |name: &str, length: u32| {
        let chroms = Chroms::new([(name.to_string(), length)]).unwrap();
        bigwig(&path, &chroms, &[(name, 0, 10, 1.0)]);
        Signal::open(&path, reference.chroms())
    };
    let said = |name, length| opened(name, length).err().unwrap().to_string();
    let longer = said("chr1", 2001);
    assert!(
        longer.contains("other.bw: is of another assembly"),
        "{longer}"
    );
    assert!(longer.contains("chr1 has 2001 bases, not 2000"), "{longer}");
    assert!(said("chr7", 2000).contains("has no chromosome of the reference"));
    // Ensembl's name.
    let translated = opened("1", 2000).unwrap();
    let covers = [0, 1].map(|chrom| translated.covers(ChromId(chrom)));
    assert_eq!(covers, [true, false]);
}
