//! What scores chance gives.

use rand::Rng;
use rand::seq::SliceRandom;

use super::cuts::CutCounts;
use super::wellington::{Scorer, Wellington};

/// How often the cuts of a region are shuffled.
pub const SHUFFLES: usize = 100;

impl Wellington {
    /// The score (ln p) below which lies the part `fdr` of the scores of all bases when the counts
    /// of each strand are shuffled over the region, [`SHUFFLES`] times.
    pub fn null_cutoff(&self, cuts: &CutCounts, fdr: f64, rng: &mut impl Rng) -> f64 {
        let mut cuts = cuts.clone();
        let mut scorer = Scorer::default();
        let mut null = Percentile::new(SHUFFLES * cuts.forward.len(), fdr);
        for _ in 0..SHUFFLES {
            cuts.forward.shuffle(rng);
            cuts.reverse.shuffle(rng);
            null.add(&scorer.score(self, &cuts, null.bound).ln_p);
        }
        null.value()
    }
}

/// A percentile of many values, of which only the smallest are kept.
struct Percentile {
    /// Where it lies in the sorted values, from 0.
    place: f64,
    /// How many of the smallest values decide it.
    needed: usize,
    /// At least those that are needed and have come, at most twice as many.
    smallest: Vec<f32>,
    /// What is not below it is not needed.
    bound: f32,
}

impl Percentile {
    /// Of `count` values, the part `part` of which is to lie below.
    fn new(count: usize, part: f64) -> Self {
        let place = count.saturating_sub(1) as f64 * part;
        let needed = place.ceil() as usize + 1;
        Self {
            place,
            needed,
            smallest: Vec::with_capacity(2 * needed),
            bound: f32::INFINITY,
        }
    }

    fn add(&mut self, values: &[f32]) {
        for &value in values {
            if value >= self.bound {
                continue;
            }
            self.smallest.push(value);
            if self.smallest.len() == 2 * self.needed {
                let last = self.needed - 1;
                let (_, &mut bound, _) = self.smallest.select_nth_unstable_by(last, f32::total_cmp);
                self.bound = bound;
                self.smallest.truncate(self.needed);
            }
        }
    }

    /// Between two values it is interpolated, as pyDNase does; 0 of no values.
    fn value(mut self) -> f64 {
        self.smallest.sort_unstable_by(f32::total_cmp);
        let at = |place: f64| self.smallest.get(place as usize).map_or(0.0, |&v| v.into());
        let (below, above) = (at(self.place.floor()), at(self.place.ceil()));
        below + (above - below) * self.place.fract()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::settings::Settings;
    use super::*;
    use crate::seed::{Purpose, stream};

    proptest! {
        #[test]
        fn the_percentile_is_that_of_all_values(
            values in prop::collection::vec(-50i32..1, 1..400),
            part in 0.0f64..1.0,
        ) {
            let values: Vec<f32> = values.into_iter().map(|value| value as f32).collect();
            let mut percentile = Percentile::new(values.len(), part);
            for chunk in values.chunks(7) {
                percentile.add(chunk);
            }
            let mut sorted = values;
            sorted.sort_unstable_by(f32::total_cmp);
            let place = (sorted.len() - 1) as f64 * part;
            let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
            let wanted = f64::from(below) * (1.0 - place.fract()) + f64::from(above) * place.fract();
            prop_assert!((percentile.value() - wanted).abs() < 1e-9);
        }
    }

    proptest! {
        #[test]
        fn the_cutoff_is_the_percentile_of_all_shuffled_scores(
            cuts in prop::collection::vec((0u32..30, 0u32..9), 110..160),
            seed in 0u64..1000,
        ) {
            let wellington = Wellington::new(&Settings::default()).unwrap();
            let mut cuts = CutCounts {
                forward: cuts.iter().map(|&(count, some)| count * (some / 7)).collect(),
                reverse: cuts.iter().map(|&(count, some)| count * (some / 8)).collect(),
            };
            let mut rng = stream(seed, Purpose::Footprints, 0);
            let got = wellington.null_cutoff(&cuts, 0.01, &mut rng);
            let mut rng = stream(seed, Purpose::Footprints, 0);
            let mut null = Percentile::new(SHUFFLES * cuts.forward.len(), 0.01);
            for _ in 0..SHUFFLES {
                cuts.forward.shuffle(&mut rng);
                cuts.reverse.shuffle(&mut rng);
                null.add(&wellington.scores(&cuts).ln_p);
            }
            prop_assert_eq!(got, null.value());
        }
    }

    #[test]
    fn structure_scores_below_its_null_and_noise_does_not() {
        let wellington = Wellington::new(&Settings::default()).unwrap();
        let mut rng = stream(1, Purpose::Footprints, 0);
        let noise = CutCounts {
            forward: (0..400u32).map(|base| base * 7919 % 5).collect(),
            reverse: (0..400u32).map(|base| base * 104_729 % 5).collect(),
        };
        let mut bound = noise.clone();
        bound.forward[190..211].fill(0);
        bound.reverse[190..211].fill(0);
        let strongest = |cuts: &CutCounts| {
            let scores = wellington.scores(cuts).ln_p;
            f64::from(scores.into_iter().fold(0.0, f32::min))
        };
        let mut null = |cuts: &CutCounts| wellington.null_cutoff(cuts, 0.01, &mut rng);
        assert!(strongest(&bound) < 2.0 * null(&bound));
        assert!(strongest(&noise) > 2.0 * null(&noise));
        assert!(null(&noise) < -2.0);
    }

    #[test]
    fn a_region_without_cuts_has_no_null() {
        let wellington = Wellington::new(&Settings::default()).unwrap();
        for bases in [0, 200] {
            let cuts = CutCounts {
                forward: vec![0; bases],
                reverse: vec![3; bases],
            };
            let mut rng = stream(1, Purpose::Footprints, 0);
            assert_eq!(wellington.null_cutoff(&cuts, 0.01, &mut rng), 0.0);
        }
    }
}
