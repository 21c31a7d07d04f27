//! Windows with their sequence, either way round.

use proptest::prelude::*;

use super::*;
use crate::network::activity::testing::{Genome, region};

/// As at the published size, 7 positions are missing at either end.
const POOLING: Pooling = Pooling {
    length: 300,
    width: 15,
    pool: 30,
};

fn parts(chrom: ChromId) -> Part {
    PARTS[chrom.0 as usize]
}

fn read(genome: &Genome, sources: &[Source]) -> Result<Examples> {
    let pairs = [Sides::new(region(0, 100, 400), region(0, 1500, 1700))];
    let mut reference = genome.reference();
    Examples::read(sources, &pairs, &parts, POOLING, 1000, 1, &mut reference)
}

fn genome() -> Genome {
    Genome::new(&["chr1", "chr2", "chr3"].map(|name| (name, 2000)))
}

fn rows(peaks: &[(u32, u32, u32)]) -> String {
    let row = |(chrom, start, length): &(u32, u32, u32)| {
        format!("chr{}\t{start}\t{}\n", chrom + 1, start + length)
    };
    peaks.iter().map(row).collect()
}

/// A peak on each chromosome.
fn peaks() -> [(u32, u32, u32); 3] {
    [(0, 700, 150), (1, 20, 150), (2, 1800, 150)]
}

/// Values that differ within every window.
fn varied(name: &str) -> Vec<(&str, u32, u32, f32)> {
    let run = |at: u32| (name, at * 100, at * 100 + 40, at as f32);
    (0..20).map(run).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_reverse_complement_has_its_own_bins(
        places in prop::collection::vec((0u32..1800, 60u32..120), 6)
    ) {
        let place = |(&(start, length), at): (&(u32, u32), u32)| (at / 2, start, length);
        let peaks: Vec<(u32, u32, u32)> = places.iter().zip(0..).map(place).collect();
        let genome = genome();
        let examples = read(&genome, &[genome.peaks("a", &rows(&peaks))]).unwrap();
        for (chrom, part) in (0..).zip(PARTS) {
            prop_assert!(examples.len(part) > 0);
            for (at, window) in examples.windows(part).iter().enumerate() {
                let [forward, reverse] = [false, true].map(|way| examples.codes(part, at, way));
                prop_assert_eq!(forward.len(), 300);
                for (place, code) in reverse.iter().enumerate() {
                    prop_assert_eq!(forward[299 - place] + code, 3);
                }
                let is_covered = |base: &u32| {
                    let mut own = peaks.iter().filter(|peak| peak.0 == chrom);
                    own.any(|peak| (peak.1..peak.1 + peak.2).contains(base))
                };
                for way in [false, true] {
                    let targets = examples.targets(part, at, way);
                    prop_assert_eq!(targets.len(), 10);
                    for (bin, target) in targets.into_iter().enumerate() {
                        let tile = examples.bins.tile(bin);
                        let tile = match way {
                            false => window.start + tile.start..window.start + tile.end,
                            true => window.end - tile.end..window.end - tile.start,
                        };
                        let length = tile.len();
                        let covered = tile.filter(is_covered).count();
                        prop_assert_eq!(target == 1.0, 2 * covered >= length);
                    }
                }
            }
        }
    }
}

#[test]
fn sequence_and_its_gc_are_the_references() {
    let genome = genome();
    let examples = read(&genome, &[genome.peaks("a", &rows(&peaks()))]).unwrap();
    let mut reference = genome.reference();
    for part in PARTS {
        for (at, &window) in examples.windows(part).iter().enumerate() {
            let codes = reference.codes(window).unwrap();
            assert_eq!(examples.codes(part, at, false), codes);
            let gc = examples.gc(part, at);
            assert_eq!(gc.len(), 10);
            for (bin, gc) in gc.into_iter().enumerate() {
                let middle = 15 + 30 * bin as i64;
                let near = |&at: &usize| (middle - 165..middle + 165).contains(&(at as i64));
                let near: Vec<u8> = (0..300).filter(near).map(|at| codes[at]).collect();
                let strong = near.iter().filter(|code| [1, 2].contains(*code)).count();
                assert!((gc - strong as f32 / near.len() as f32).abs() < 1e-6);
            }
        }
    }
    assert_eq!(examples.len(Part::None), 0);
    assert!(examples.windows(Part::None).is_empty());
}

#[test]
fn scales_are_those_of_the_training_bins() {
    let genome = genome();
    let values = ["chr1", "chr2", "chr3"].map(varied).concat();
    let sources = [
        genome.signal("signal", &values),
        genome.peaks("a", &rows(&peaks())),
    ];
    let examples = read(&genome, &sources).unwrap();
    let all = (0..examples.len(Part::Train)).map(|at| examples.targets(Part::Train, at, false));
    let own: Vec<f64> = all.flatten().step_by(2).map(f64::from).collect();
    let mean = own.iter().sum::<f64>() / own.len() as f64;
    let square = own.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    let sd = (square / own.len() as f64).sqrt();
    let [signal, peaks] = [examples.scales()[0], examples.scales()[1]];
    assert!(sd > 0.1 && (signal.mean - mean).abs() < 1e-9 && (signal.sd - sd).abs() < 1e-9);
    assert_eq!((peaks, examples.scales().len()), (Scale::NONE, 2));
}

#[test]
fn a_source_that_tells_nothing_apart_is_refused() {
    let genome = genome();
    let mut values = ["chr1", "chr2"].map(varied).concat();
    values.push(("chr3", 0, 2000, 2.0));
    let sources = [
        genome.signal("flat", &values),
        genome.peaks("a", &rows(&peaks())),
    ];
    let said = read(&genome, &sources).err().unwrap().to_string();
    assert!(
        said.contains("flat.bw: is the same in all windows of the test part"),
        "{said}"
    );
    let twice = [sources[1].clone(), sources[1].clone()];
    let said = read(&genome, &twice).err().unwrap().to_string();
    assert!(said.contains("two activities are called a"), "{said}");
}
