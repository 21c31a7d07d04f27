//! How much better one method is than another on the same pairs.

use std::iter::repeat_n;

use super::metrics::Scored;
use crate::error::Result;
use crate::statistics::{Clusters, Estimate, bootstrap_difference};

/// What two methods say of a pair, and whether it is a positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// The higher, the more likely positive; never NaN.
    pub scores: [f64; 2],
    /// The truth.
    pub positive: bool,
}

/// A measure of the first method less that of the second, with its 95 % interval over resamples of what the
/// pairs share, `clusters`; both methods are measured on every resample ([`bootstrap_difference`]).
///
/// `independent` is the number of clusters that the measure rests on
/// ([`Support::independent`](super::Support::independent)).
///
/// # Errors
///
/// A measure that is undefined on the pairs themselves.
pub fn difference(
    pairs: &[Paired],
    clusters: &Clusters,
    independent: usize,
    seed: u64,
    measure: impl Fn(&[Scored]) -> Result<f64> + Sync,
) -> Result<Estimate> {
    let places: Vec<usize> = (0..pairs.len()).collect();
    // Sorted once, so that no resample has to be.
    let [first, second] = [0, 1].map(|method| sorted(pairs, method));
    bootstrap_difference(&places, clusters, independent, seed, |drawn| {
        let mut times = vec![0usize; pairs.len()];
        drawn.iter().for_each(|&place| times[place] += 1);
        let of = |sorted: &[(usize, Scored)]| {
            let again = sorted.iter();
            let again = again.flat_map(|&(place, scored)| repeat_n(scored, times[place]));
            measure(&again.collect::<Vec<Scored>>())
        };
        Ok(of(&first)? - of(&second)?)
    })
}

/// The pairs as one of the methods scores them, from the highest score down, with their places.
fn sorted(pairs: &[Paired], method: usize) -> Vec<(usize, Scored)> {
    let scored = pairs.iter().enumerate().map(|(place, pair)| {
        let (score, positive) = (pair.scores[method], pair.positive);
        (place, Scored { score, positive })
    });
    let mut scored: Vec<(usize, Scored)> = scored.collect();
    scored.sort_by(|a, b| b.1.score.total_cmp(&a.1.score));
    scored
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::{auroc, average_precision};
    use proptest::prelude::*;

    /// Forty genes with four elements each, of which one acts; the first method tells it with some luck, the
    /// second says nearly the same.
    fn pairs() -> (Vec<Paired>, Clusters) {
        let pair = |place: usize| {
            let positive = place.is_multiple_of(4);
            let luck = (place * 61 % 160) as f64 / 160.0;
            let score = luck + if positive { 0.3 } else { 0.0 };
            let other = score + (place * 37 % 160) as f64 / 4000.0;
            Paired {
                scores: [score, other],
                positive,
            }
        };
        let clusters = Clusters::new((0..160).map(|place| (place, place / 4)));
        ((0..160).map(pair).collect(), clusters)
    }

    fn width(of: Estimate) -> f64 {
        let interval = of.interval().unwrap();
        interval.high - interval.low
    }

    #[test]
    fn what_both_have_in_common_makes_no_interval_wider() {
        let (pairs, clusters) = pairs();
        let of = |pairs: &[Paired]| difference(pairs, &clusters, 40, 1, auroc).unwrap();
        let got = of(&pairs);
        assert!(got.value.abs() < 0.02, "{got:?}");
        // Beside one that says nothing the interval is that of the first itself.
        let beside_nothing = pairs.iter().map(|of| Paired {
            scores: [of.scores[0], 0.0],
            ..*of
        });
        let alone = of(&beside_nothing.collect::<Vec<_>>());
        assert!(width(alone) > 0.1, "{alone:?}");
        assert!(width(got) < width(alone) / 4.0, "{got:?}");
        assert_eq!(got, of(&pairs));
    }

    #[test]
    fn a_method_is_no_better_than_itself() {
        let (pairs, clusters) = pairs();
        let same = pairs.iter().map(|of| Paired {
            scores: [of.scores[0]; 2],
            ..*of
        });
        let got = difference(
            &same.collect::<Vec<_>>(),
            &clusters,
            40,
            1,
            average_precision,
        );
        assert_eq!(got.unwrap(), Estimate::within(0.0, 0.0, 0.0));
        let negatives = pairs.iter().map(|of| Paired {
            positive: false,
            ..*of
        });
        let got = difference(&negatives.collect::<Vec<_>>(), &clusters, 40, 1, auroc);
        assert!(got.is_err());
    }

    proptest! {
        #[test]
        fn the_value_is_the_difference_of_the_measures(
            rows in prop::collection::vec((0u8..5, 0u8..5, any::<bool>()), 2..40)
        ) {
            let pairs: Vec<Paired> = rows
                .iter()
                .map(|&(one, other, positive)| Paired {
                    scores: [f64::from(one), f64::from(other)],
                    positive,
                })
                .collect();
            let of = |method: usize| -> Vec<Scored> {
                let scored = |pair: &Paired| Scored {
                    score: pair.scores[method],
                    positive: pair.positive,
                };
                pairs.iter().map(scored).collect()
            };
            let clusters = Clusters::new((0..pairs.len()).map(|place| (place, place)));
            // Too few for an interval: the value alone.
            let got = difference(&pairs, &clusters, 1, 1, auroc);
            match (auroc(&of(0)), auroc(&of(1))) {
                (Ok(one), Ok(other)) => prop_assert_eq!(got.unwrap(), Estimate::alone(one - other)),
                _ => prop_assert!(got.is_err()),
            }
        }
    }
}
