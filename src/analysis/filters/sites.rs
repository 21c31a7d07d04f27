//! The sub-sequences that activate a filter, as a matrix.
//!
//! A filter's sites are the sub-sequences at the maxima of pooling bins that reach half of its largest
//! activation over all windows (Kelley, Snoek & Rinn 2016, doi:10.1101/gr.200535.115; with another
//! threshold Alipanahi et al. 2015, doi:10.1038/nbt.3300); those that hold N are left out.

use rayon::prelude::*;

use super::bank::Bank;
use crate::attention::Pooling;
use crate::motifs::Matrix;

/// The part of its largest activation that a filter's sites reach.
pub const PART: f32 = 0.5;
/// The fewest sites that make a matrix.
pub const FEWEST: u32 = 20;

/// A window's base codes, and how it is pooled.
pub type Window<'a> = (&'a [u8], Pooling);

/// What activates a filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Sites {
    /// The largest activation over all windows; 0 where nothing activates it.
    pub largest: f32,
    /// How often each base is at each position: `[w][4]`.
    pub counts: Vec<[u32; 4]>,
}

impl Sites {
    /// The number of sites.
    pub fn count(&self) -> u32 {
        self.counts.first().map_or(0, |counts| counts.iter().sum())
    }

    /// Their matrix, if they are enough for one.
    pub fn matrix(&self, name: &str) -> Option<Matrix> {
        (self.count() >= FEWEST).then(|| matrix(name, &self.counts))
    }
}

/// A matrix of counts, which says how many sites it is of.
pub fn matrix(name: &str, counts: &[[u32; 4]]) -> Matrix {
    let columns = counts.iter().map(|counts| counts.map(f64::from));
    Matrix::new(name, name, columns.collect())
}

/// What activates each filter in some windows.
pub fn sites(bank: &Bank, windows: &[Window]) -> Vec<Sites> {
    let largest = largest(bank, windows);
    let none = || vec![[0u32; 4]; bank.filters() * bank.width()];
    let counted = |mut counts: Vec<[u32; 4]>, &(codes, pooling): &Window| {
        bank.maxima(codes, pooling, |maxima, places| {
            for filter in 0..bank.filters() {
                let reached = maxima[filter] > 0.0 && maxima[filter] >= PART * largest[filter];
                let site = &codes[places[filter]..places[filter] + bank.width()];
                if reached && site.iter().all(|&code| code < 4) {
                    let counts = &mut counts[filter * bank.width()..];
                    for (counts, &code) in counts.iter_mut().zip(site) {
                        counts[usize::from(code)] += 1;
                    }
                }
            }
        });
        counts
    };
    // Whole numbers: the order of the sums is nothing.
    let summed = |mut one: Vec<[u32; 4]>, other: Vec<[u32; 4]>| {
        let pairs = one.as_flattened_mut().iter_mut();
        pairs
            .zip(other.as_flattened())
            .for_each(|(one, other)| *one += other);
        one
    };
    let counts = windows.par_iter().fold(none, counted).reduce(none, summed);
    let counts = counts.chunks_exact(bank.width());
    let of = |(largest, counts): (f32, &[[u32; 4]])| Sites {
        largest,
        counts: counts.to_vec(),
    };
    largest.into_iter().zip(counts).map(of).collect()
}

/// The largest activation of each filter.
fn largest(bank: &Bank, windows: &[Window]) -> Vec<f32> {
    let none = || vec![0.0f32; bank.filters()];
    let larger = |one: Vec<f32>, other: &[f32]| -> Vec<f32> {
        let pairs = one.into_iter().zip(other);
        pairs.map(|(one, other)| one.max(*other)).collect()
    };
    let windows = windows.par_iter();
    let of_some = windows.fold(none, |found, &(codes, pooling)| {
        let mut largest = found;
        bank.maxima(codes, pooling, |maxima, _| {
            for (largest, maximum) in largest.iter_mut().zip(maxima) {
                *largest = largest.max(*maximum);
            }
        });
        largest
    });
    of_some.reduce(none, |one, other| larger(one, &other))
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::network::model::{ModelConfig, Weights};
    use crate::seed::{Purpose, stream};

    const MOTIF: [u8; 6] = [0, 2, 3, 1, 1, 0];

    /// A filter that is AGTCCA, one that nothing activates, one of random weights.
    fn bank() -> Bank {
        let model = ModelConfig {
            filters: 3,
            filter_width: 6,
            ..ModelConfig::default()
        };
        let mut rng = stream(1, Purpose::Simulation, 0);
        let weight = |place: usize| {
            let (filter, base, position) = (place / 24, place / 6 % 4, place % 6);
            let wanted = usize::from(MOTIF[position]) == base;
            match filter {
                0 => [-1.0, 1.0][usize::from(wanted)],
                1 => -1.0,
                _ => rng.random_range(-1.0..1.0),
            }
        };
        let mut weights = Weights::default();
        let values = (0..3 * 4 * 6).map(weight).collect();
        weights.insert("conv.weight".to_string(), vec![3, 4, 6], values);
        Bank::new(&weights, &model)
    }

    fn pooling(length: usize) -> Pooling {
        Pooling {
            length,
            width: 6,
            pool: 10,
        }
    }

    #[test]
    fn a_filter_that_is_a_motif_is_found_in_its_sites() {
        let bank = bank();
        let mut rng = stream(2, Purpose::Simulation, 0);
        let window = |_| -> Vec<u8> {
            let mut codes: Vec<u8> = (0..95).map(|_| rng.random_range(0..4)).collect();
            let at: usize = rng.random_range(0..89);
            codes[at..at + 6].copy_from_slice(&MOTIF);
            codes[60] = 4;
            codes
        };
        let codes: Vec<Vec<u8>> = (0..50).map(window).collect();
        let windows: Vec<Window> = codes
            .iter()
            .map(|codes| (&codes[..], pooling(95)))
            .collect();
        let found = sites(&bank, &windows);
        assert_eq!((found[0].largest, found[1].largest), (6.0, 0.0));
        assert_eq!((found[1].count(), found[1].matrix("b")), (0, None));
        let matrix = found[0].matrix("a").unwrap();
        assert_eq!(matrix.consensus(), "AGTCCA");
        // Each site once more, one bin after the other.
        for (filter, found) in found.iter().enumerate() {
            let mut count = 0;
            for codes in &codes {
                bank.maxima(codes, pooling(95), |maxima, places| {
                    let site = &codes[places[filter]..][..6];
                    let high = maxima[filter] > 0.0 && maxima[filter] >= 0.5 * found.largest;
                    count += u32::from(high && !site.contains(&4));
                });
            }
            assert_eq!(found.count(), count);
        }
    }

    #[test]
    fn maxima_are_those_of_plain_sums() {
        let bank = bank();
        let mut rng = stream(3, Purpose::Simulation, 0);
        let codes: Vec<u8> = (0..47).map(|_| rng.random_range(0..5)).collect();
        let pooling = pooling(47);
        let mut bin = 0;
        bank.maxima(&codes, pooling, |maxima, places| {
            for filter in 0..3 {
                let sums = pooling.positions_of(bin).map(|position| {
                    let taps = codes[position..position + 6].iter().enumerate();
                    let weight = |(tap, &code): (usize, &u8)| match code {
                        0..4 => bank.weights[(4 * tap + usize::from(code)) * 3 + filter],
                        _ => 0.0,
                    };
                    (position, taps.map(weight).sum::<f32>())
                });
                let best = sums.fold((0, 0.0f32), |best, next| match next.1 > best.1 {
                    true => next,
                    false => best,
                });
                assert_eq!(maxima[filter], best.1);
                assert!(best.1 == 0.0 || places[filter] == best.0);
            }
            bin += 1;
        });
        assert_eq!(bin, pooling.bins());
    }
}
