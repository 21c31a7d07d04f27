//! What of two runs is compared.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::attention::Bins;
use crate::element::Sides;
use crate::network::inference::PairAttention;
use crate::text::choice::{Choice, Named};

/// What of two runs is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Marginal attention of each bin, times the number of bins.
    #[default]
    Attention,
    /// What the bases that a bin stands for add to the logit, by gradient, in logits.
    Contribution,
}

impl Choice for Measure {
    const ALL: &'static [Named<Self>] = &[
        (
            Self::Attention,
            "attention",
            "Marginal attention, times the number of bins",
        ),
        (
            Self::Contribution,
            "contribution",
            "What each bin's bases add to the logit together, by gradient",
        ),
    ];
}

impl Measure {
    /// Whether it is the one that needs no telling.
    pub(super) fn is_attention(&self) -> bool {
        *self == Self::Attention
    }

    /// What a network says of the bins of a pair's windows: `[l_E]` and `[l_P]`; none of contributions
    /// that the network was not asked for.
    pub(super) fn values(
        self,
        found: &PairAttention,
        bins: Sides<Bins>,
    ) -> Option<Sides<Vec<f64>>> {
        match self {
            Self::Contribution => {
                let sides = bins.zip(found.contributions.as_ref()?.as_ref());
                Some(sides.map(|(bins, bases)| {
                    let of_bin = |bin: usize| {
                        let Range { start, end } = bins.tile(bin);
                        let bases = &bases[start as usize..end as usize];
                        bases.iter().map(|&value| f64::from(value)).sum::<f64>()
                    };
                    (0..bins.count()).map(of_bin).collect()
                }))
            }
            Self::Attention => Some(found.marginal.as_ref().map(|marginal| {
                let bins = marginal.len() as f64;
                let values = marginal.iter();
                values.map(|&value| f64::from(value) * bins).collect()
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attention::{Pooling, Rank};

    #[test]
    fn every_base_is_in_one_bin() {
        let pooling = Pooling {
            length: 100,
            width: 15,
            pool: 30,
        };
        let bins = Sides::new(Bins(pooling), Bins(pooling));
        let bases: Vec<f32> = (0..100).map(|base| base as f32).collect();
        let found = PairAttention {
            logit: 0.0,
            probability: 0.5,
            marginal: Sides::new(vec![0.5, 0.25, 0.0], vec![0.0; 3]),
            contributions: Some(Sides::new(bases, vec![-1.0; 100])),
            activity: None,
            rank: Rank::Attention,
        };
        let attention = Measure::Attention.values(&found, bins).unwrap();
        assert_eq!(attention.enhancer, [1.5, 0.75, 0.0]);
        let Sides { enhancer, promoter } = Measure::Contribution.values(&found, bins).unwrap();
        assert_eq!(enhancer.len(), 3);
        assert_eq!(enhancer.iter().sum::<f64>(), 4950.0);
        assert!(enhancer.is_sorted());
        assert_eq!(promoter.iter().sum::<f64>(), -100.0);
    }
}
