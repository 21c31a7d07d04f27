//! Which windows are chosen, and what is refused.

use std::collections::BTreeSet;

use super::*;
use crate::network::activity::source::Source;
use crate::network::activity::testing::{Genome, region};

const NAMES: [&str; 4] = ["chr1", "chr2", "chr3", "chr4"];

/// A chromosome each, and one that was left out.
fn parts(chrom: ChromId) -> Part {
    match chrom.0 {
        0 => Part::Train,
        1 => Part::Validation,
        2 => Part::Test,
        _ => Part::None,
    }
}

/// Windows of 300 bases.
fn chosen(
    genome: &Genome,
    sources: &[Source],
    pairs: &[Sides<Region>],
    (most, seed): (usize, u64),
) -> Result<Parts<Vec<Region>>> {
    let mut reference = genome.reference();
    let chroms = reference.chroms().clone();
    let open = |source: &Source| Measured::open(source, &chroms);
    let mut measured: Vec<Measured> = sources.iter().map(open).collect::<Result<_>>()?;
    let wanted = Wanted {
        pairs,
        parts: &parts,
        length: 300,
        most,
        seed,
    };
    choose(&wanted, &mut measured, &mut reference)
}

fn genome() -> Genome {
    Genome::new(&NAMES.map(|name| (name, 20_000)))
}

/// Five peaks of 200 bases on each of some chromosomes.
fn rows(names: &[&str]) -> String {
    let row = |name: &&str, place: u32| {
        let start = 1000 + place * 3000;
        format!("{name}\t{start}\t{}\n", start + 200)
    };
    let of = |name| (0..5).map(move |place| row(name, place));
    names.iter().flat_map(of).collect()
}

fn pairs() -> [Sides<Region>; 3] {
    let pair = Sides::new(region(0, 5200, 5500), region(0, 8000, 8200));
    // The window around a peak; a chromosome of no part.
    let others = Sides::new(region(0, 950, 1250), region(3, 7000, 7200));
    [pair, pair, others]
}

#[test]
fn windows_lie_around_peaks_pairs_and_elsewhere() {
    let genome = genome();
    let sources = [genome.peaks("a", &rows(&NAMES))];
    let got = chosen(&genome, &sources, &pairs(), (100, 1)).unwrap();
    for (number, windows) in (0..).zip(got.iter()) {
        let mut distinct: BTreeSet<Region> = windows.iter().copied().collect();
        assert!(windows.is_sorted());
        assert_eq!(distinct.len(), windows.len());
        let inside = |of: &Region| of.chrom == ChromId(number) && of.end <= 20_000;
        assert!(windows.iter().all(|of| inside(of) && of.len() == 300));
        for place in 0..5 {
            let start = 950 + place * 3000;
            assert!(distinct.remove(&region(number, start, start + 300)));
        }
        if number == 0 {
            assert!(distinct.remove(&region(0, 5200, 5500)));
            assert!(distinct.remove(&region(0, 7950, 8250)));
        }
        // As many elsewhere as there are peaks.
        assert_eq!(distinct.len(), 5);
    }
    let again = chosen(&genome, &sources, &pairs(), (100, 1)).unwrap();
    assert_eq!(again, got);
    let other = chosen(&genome, &sources, &pairs(), (100, 2)).unwrap();
    assert_ne!(other, got);
}

#[test]
fn of_too_many_windows_each_kind_keeps_its_share() {
    let genome = genome();
    let sources = [genome.peaks("a", &rows(&NAMES))];
    let all = chosen(&genome, &sources, &pairs(), (32, 1)).unwrap();
    let numbers = |of: &Parts<Vec<Region>>| -> Vec<usize> { of.iter().map(Vec::len).collect() };
    assert_eq!(numbers(&all), [12, 10, 10]);
    let half = chosen(&genome, &sources, &pairs(), (16, 1)).unwrap();
    assert_eq!(numbers(&half), [5, 4, 4]);
    for (some, all) in half.iter().zip(all.iter()) {
        assert!(some.iter().all(|of| all.contains(of)) && some.is_sorted());
    }
    let is_peak = |of: &&Region| of.start % 3000 == 950;
    assert_eq!(half.test.iter().filter(is_peak).count(), 2);
    // One of each kind at least.
    let few = chosen(&genome, &sources, &pairs(), (1, 1)).unwrap();
    assert_eq!(numbers(&few), [3, 2, 2]);
}

#[test]
fn windows_are_sequence_and_elsewhere_too() {
    let letters = ["N".repeat(5000), "ACGTT".repeat(600), "N".repeat(9000)].concat();
    let genome = Genome::of(&NAMES.map(|name| (name, letters.as_str())));
    let row = |name: &&str, place: u32| format!("{name}\t{}\t{}\n", place * 100, place * 100 + 9);
    let rows: String = NAMES
        .iter()
        .flat_map(|name| (1..160).map(move |place| row(name, place)))
        .collect();
    let sources = [genome.peaks("a", &rows)];
    let got = chosen(&genome, &sources, &[], (1000, 3)).unwrap();
    for windows in got.iter() {
        // A tenth of a window may be unknown.
        assert!(windows.iter().all(|of| of.start >= 4970 && of.end <= 8030));
        let around_peaks = windows
            .iter()
            .filter(|of| (of.start + 146).is_multiple_of(100))
            .count();
        assert!((27..=29).contains(&around_peaks), "{around_peaks}");
        assert!(windows.len() > 2 * around_peaks - 9, "{}", windows.len());
    }
}

#[test]
fn a_chromosome_that_a_source_lacks_is_left_out_and_a_part_is_not() {
    let mut lengths = NAMES.map(|name| (name, 20_000)).to_vec();
    lengths.push(("chr5", 20_000));
    lengths.push(("chrM", 20_000));
    let genome = Genome::new(&lengths);
    let parts = |chrom: ChromId| match chrom.0 {
        3..=5 => Part::Train,
        _ => parts(chrom),
    };
    let chosen = |sources: &[Source], pairs: &[Sides<Region>]| {
        let mut reference = genome.reference();
        let chroms = reference.chroms().clone();
        let open = |source: &Source| Measured::open(source, &chroms).unwrap();
        let mut measured: Vec<Measured> = sources.iter().map(open).collect();
        let wanted = Wanted {
            pairs,
            parts: &parts,
            length: 300,
            most: 1000,
            seed: 1,
        };
        choose(&wanted, &mut measured, &mut reference)
    };
    let all = ["chr1", "chr2", "chr3", "chr4", "chr5", "chrM"];
    let whole = genome.peaks("whole", &rows(&all));
    let some = genome.peaks("some", &rows(&["chr1", "chr2", "chr3", "chr5", "chrM"]));
    let got = chosen(&[whole.clone(), some.clone()], &pairs()).unwrap();
    let on: BTreeSet<u32> = got.train.iter().map(|of| of.chrom.0).collect();
    assert_eq!(on, BTreeSet::from([0, 4]));
    let wig = [
        ("chr1", 100, 200, 9.0),
        ("chr2", 100, 200, 9.0),
        ("chr5", 100, 200, 9.0),
    ];
    let path = genome.path("signal.bw");
    let listed = ["chr1", "chr2", "chr5"].map(|name| (name.to_string(), 20_000));
    let listed = Chroms::new(listed).unwrap();
    crate::network::activity::testing::bigwig(&path, &listed, &wig);
    let signal = Source::signal(path.to_str().unwrap()).unwrap();
    let on_test = [Sides::new(region(2, 500, 800), region(2, 7000, 7200))];
    let said = chosen(&[whole.clone(), signal], &on_test);
    let said = said.unwrap_err().to_string();
    assert!(
        said.contains("the test part, whose pairs lie on chr3: choose other test"),
        "{said}"
    );
    let only = genome.peaks("only", &rows(&["chr3"]));
    let other = genome.peaks("other", &rows(&["chr1"]));
    let said = chosen(&[only.clone(), other], &[]).unwrap_err().to_string();
    assert!(
        said.contains("no chromosome of the pairs' parts has every activity"),
        "{said}"
    );
    let said = chosen(&[only], &[]).unwrap_err().to_string();
    assert!(
        said.contains("the train part, whose pairs lie on no chromosome"),
        "{said}"
    );
}
