//! The best place to cut one feature of a node's examples in two.

use super::bins::{Binned, MOST_BINS};

/// Examples up to which sorting is faster than filling every bin.
const FEW: usize = 48;

/// What an example, or some together, weigh in the choice of a cut.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pull {
    /// The slope of the loss, turned to point downhill: the label less the probability, weighted.
    pub residual: f64,
    /// What residuals are averaged by: the example's weight, or the curvature of its loss.
    pub weight: f64,
}

/// When a cut is worth making.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Demands {
    /// Added to the weight of each side, so that small sides pull less (XGBoost's λ).
    pub lambda: f64,
    /// The least weight of a side.
    pub side_weight: f64,
    /// What the gain must exceed.
    pub gain: f64,
}

/// A cut between two bins of a feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    /// How much better two means fit than one.
    pub gain: f64,
    /// The last bin of the left side that holds an example.
    pub lower: u8,
    /// The first bin of the right side that holds an example.
    pub upper: u8,
}

/// What looking at one feature brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CutSearch {
    /// All examples stand in one bin.
    Constant,
    /// They do not, but no cut meets the demands.
    Nothing,
    /// The best cut; of equals the lowest.
    Cut(Cut),
}

impl Pull {
    fn plus(self, other: Self) -> Self {
        Self {
            residual: self.residual + other.residual,
            weight: self.weight + other.weight,
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            residual: self.residual - other.residual,
            weight: self.weight - other.weight,
        }
    }

    /// `(Σ residuals)² / (Σ weights + λ)`, equation 7 of Chen & Guestrin 2016
    /// (doi:10.1145/2939672.2939785); with the examples' own weights and no λ what
    /// scikit-learn's criterion maximises.
    fn score(self, lambda: f64) -> f64 {
        self.residual * self.residual / (self.weight + lambda)
    }
}

/// The best cut of `feature` for the examples `rows`, whose pulls stand in `pulls` in their order.
pub fn best(feature: &Binned, rows: &[u32], pulls: &[Pull], demands: Demands) -> CutSearch {
    if rows.len() <= FEW {
        let mut sorted: Vec<(u8, Pull)> = rows
            .iter()
            .zip(pulls)
            .map(|(&row, &pull)| (feature.codes[row as usize], pull))
            .collect();
        sorted.sort_by_key(|&(code, _)| code);
        let groups = sorted.chunk_by(|a, b| a.0 == b.0).map(|group| {
            let sum = |sum: Pull, &(_, pull): &(u8, Pull)| sum.plus(pull);
            (group[0].0, group.iter().fold(Pull::default(), sum))
        });
        return scan(groups, demands);
    }
    let mut bins = [(Pull::default(), 0u32); MOST_BINS];
    for (&row, &pull) in rows.iter().zip(pulls) {
        let (sums, examples) = &mut bins[usize::from(feature.codes[row as usize])];
        *sums = sums.plus(pull);
        *examples += 1;
    }
    let groups = (0..).zip(&bins[..feature.count()]);
    let filled = groups.filter(|(_, (_, examples))| *examples > 0);
    scan(filled.map(|(code, (sums, _))| (code, *sums)), demands)
}

/// Tries the cut between each two neighbours of the bins that hold examples.
fn scan(bins: impl Iterator<Item = (u8, Pull)> + Clone, demands: Demands) -> CutSearch {
    let total = bins
        .clone()
        .fold(Pull::default(), |sum, bin| sum.plus(bin.1));
    let whole = total.score(demands.lambda);
    let mut best: Option<Cut> = None;
    let mut left: Option<(u8, Pull)> = None;
    let mut constant = true;
    for (upper, sums) in bins {
        if let Some((lower, below)) = left {
            constant = false;
            let above = total.minus(below);
            let gain = below.score(demands.lambda) + above.score(demands.lambda) - whole;
            let heavy = below.weight.min(above.weight) >= demands.side_weight;
            let better = best.map_or(demands.gain, |best| best.gain);
            if heavy && gain > better {
                best = Some(Cut { gain, lower, upper });
            }
        }
        left = Some((upper, left.map_or(sums, |(_, below)| below.plus(sums))));
    }
    match best {
        Some(cut) => CutSearch::Cut(cut),
        None if constant => CutSearch::Constant,
        None => CutSearch::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: Demands = Demands {
        lambda: 0.0,
        side_weight: 1.0,
        gain: 0.0,
    };

    fn pulls(residuals: &[f64]) -> Vec<Pull> {
        let weight = 1.0;
        residuals
            .iter()
            .map(|&residual| Pull { residual, weight })
            .collect()
    }

    #[test]
    fn the_cut_stands_between_values_that_the_node_holds() {
        let feature = Binned::new(&[0.0, 1.0, 2.0, 3.0, 4.0]);
        let rows = [0, 1, 4];
        let found = best(&feature, &rows, &pulls(&[-1.0, -1.0, 1.0]), PLAIN);
        let CutSearch::Cut(cut) = found else {
            panic!("{found:?}")
        };
        assert_eq!((cut.lower, cut.upper), (1, 4));
        assert_eq!(feature.threshold(cut.lower, cut.upper), 2.5);
    }

    #[test]
    fn a_feature_of_one_value_is_constant_and_an_even_one_brings_nothing() {
        let constant = Binned::new(&[7.0; 4]);
        let rows = [0, 1, 2, 3];
        let halves = pulls(&[1.0, -1.0, 1.0, -1.0]);
        assert_eq!(best(&constant, &rows, &halves, PLAIN), CutSearch::Constant);
        let even = Binned::new(&[0.0, 0.0, 1.0, 1.0]);
        assert_eq!(best(&even, &rows, &halves, PLAIN), CutSearch::Nothing);
    }

    #[test]
    fn sides_that_weigh_too_little_are_not_cut_off() {
        let feature = Binned::new(&[0.0, 1.0, 1.0, 1.0]);
        let one_off = pulls(&[4.0, -1.0, -1.0, -1.0]);
        let demands = Demands {
            side_weight: 2.0,
            ..PLAIN
        };
        let rows = [0, 1, 2, 3];
        assert_eq!(best(&feature, &rows, &one_off, demands), CutSearch::Nothing);
    }

    proptest! {
        /// Both ways to sum, against the drop of the squared error at every cut.
        #[test]
        fn no_cut_lowers_the_squared_error_more(
            examples in prop::collection::vec((0u8..20, -8i8..8), 2..120),
        ) {
            let values: Vec<f32> = examples.iter().map(|&(value, _)| f32::from(value)).collect();
            let residuals: Vec<f64> = examples.iter().map(|&(_, r)| f64::from(r)).collect();
            let rows: Vec<u32> = (0..examples.len() as u32).collect();
            let feature = Binned::new(&values);
            let error = |keep: &dyn Fn(f32) -> bool| {
                let kept: Vec<f64> = values
                    .iter()
                    .zip(&residuals)
                    .filter(|(value, _)| keep(**value))
                    .map(|(_, &residual)| residual)
                    .collect();
                let mean = kept.iter().sum::<f64>() / kept.len().max(1) as f64;
                kept.iter().map(|residual| (residual - mean).powi(2)).sum::<f64>()
            };
            let drop = |at: f32| error(&|_| true) - error(&|v| v <= at) - error(&|v| v > at);
            let brute = (0..20).map(|at| drop(f32::from(at as u8) + 0.5)).fold(0.0, f64::max);
            match best(&feature, &rows, &pulls(&residuals), PLAIN) {
                CutSearch::Cut(cut) => {
                    prop_assert!((cut.gain - brute).abs() < 1e-9);
                    let threshold = feature.threshold(cut.lower, cut.upper) as f32;
                    prop_assert!((drop(threshold) - brute).abs() < 1e-9);
                }
                _ => prop_assert!(brute < 1e-9),
            }
        }
    }
}
