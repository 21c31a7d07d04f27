//! Which pairs a knock-out is of.

use super::windows::{Said, Tops, Windows};
use crate::browser::tracks::Selection;
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::genome::Reference;
use crate::network::inference::{Predictor, along_the_genome, probability};
use crate::pairs::{Pair, PairTable};
use crate::run::Offsets;
use crate::statistics::Clusters;

/// The pairs of a selection, along the genome.
pub struct Selected {
    /// Their windows.
    pub windows: Windows,
    /// What the networks say of each.
    pub said: Vec<Said>,
    /// The top regions of each window.
    pub tops: Sides<Tops>,
    /// What they share.
    pub clusters: Clusters,
}

impl Selected {
    /// Those of some places of a table; what the networks predict, with what the run's context says of the
    /// table's pairs, is compared with the threshold.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read, no pair.
    pub fn new(
        (table, mut places): (&PairTable, Vec<usize>),
        (selection, threshold, context): (Selection, f64, Option<&Offsets>),
        reference: &mut Reference,
        predictors: &[Predictor],
    ) -> Result<Self> {
        if selection == Selection::Positive {
            places.retain(|&place| table.pairs[place].label == Some(true));
        }
        let order = along_the_genome(&table.windows_of(&places));
        let mut places: Vec<usize> = order.into_iter().map(|place| places[place]).collect();
        let mut windows = Windows::read(reference, &table.windows_of(&places))?;
        let (mut said, mut tops) = windows.asked(predictors)?;
        if selection == Selection::Predicted {
            let predicted = |place: usize, said: &Said| match context {
                Some(of) => f64::from(probability(of.of(place).log_odds(said.log_odds))),
                None => said.probability,
            };
            let kept = places.iter().zip(&said).filter_map(|(&place, said)| {
                let is_kept = predicted(place, said) >= threshold;
                is_kept.then_some(place)
            });
            places = kept.collect();
            windows = Windows::read(reference, &table.windows_of(&places))?;
            // Top regions are those of the windows' selected pairs.
            (said, tops) = windows.asked(predictors)?;
        }
        if places.is_empty() {
            let problem = "there is no pair of this selection: nothing can be knocked out";
            return Err(Error::Undefined(problem.to_string()));
        }
        let pairs: Vec<&Pair> = places.iter().map(|&place| &table.pairs[place]).collect();
        Ok(Self {
            windows,
            said,
            tops,
            clusters: Pair::clusters(pairs),
        })
    }
}
