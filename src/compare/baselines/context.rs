//! Context only: what is known of a pair beside its sequence.

use super::method::{Labelled, Method, classes};
use crate::error::Result;
use crate::pairs::{FeatureTable, Pair};
use crate::run;
use crate::statistics::boosting::logistic;

/// What a pair's context says alone, as a network may be trained beside it: see [`run::Context`].
#[derive(Debug, Clone)]
pub struct Context<'a> {
    pairs: &'a [Pair],
    table: FeatureTable,
}

impl<'a> Context<'a> {
    /// For the pairs of a table, of which `table` has the [scalars](run::ContextSource::table).
    pub fn new(pairs: &'a [Pair], table: FeatureTable) -> Self {
        Self { pairs, table }
    }
}

impl Method for Context<'_> {
    fn scores(&self, train: &[Labelled], test: &[usize], seed: u64) -> Result<Vec<f64>> {
        classes(train)?;
        let examples = Labelled::examples(train);
        let fitted = run::Context::fit_examples(&self.table, self.pairs, &examples, seed)?;
        let logits = fitted.context.logits(&self.table)?;
        Ok(test.iter().map(|&pair| logistic(logits[pair])).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::pair;
    use super::*;
    use crate::genome::{ChromId, Chroms};
    use crate::run::ContextSource;

    /// Pairs of four chromosomes, of which the near ones are positive.
    fn pairs() -> Vec<Pair> {
        let pair = |place: u32| {
            let distance = 1000 + 500 * (place / 4 % 40);
            let mut pair = pair(50 * place, 50 * place + 10 + distance);
            for element in [&mut pair.elements.enhancer, &mut pair.elements.promoter] {
                element.chrom = ChromId(place % 4);
            }
            pair.label = Some(distance < 8000);
            pair
        };
        (0..160).map(pair).collect()
    }

    fn scores(pairs: &[Pair], test: &[usize]) -> Vec<f64> {
        let names = ["chr1", "chr2", "chr3", "chr4"];
        let chroms = Chroms::new(names.map(|name| (name.to_string(), 100_000))).unwrap();
        let table = ContextSource::default().table(pairs, &chroms).unwrap();
        let train: Vec<usize> = (0..pairs.len()).filter(|place| place % 4 != 3).collect();
        let method = Context::new(pairs, table);
        let train = Labelled::of(pairs, &train);
        method.scores(&train, test, 1).unwrap()
    }

    #[test]
    fn what_is_near_is_learned_and_no_label_of_the_test_is_seen() {
        let mut pairs = pairs();
        let test: Vec<usize> = (3..160).step_by(4).collect();
        let before = scores(&pairs, &test);
        for (&place, score) in test.iter().zip(&before) {
            assert!((0.0..=1.0).contains(score));
            assert_eq!(
                pairs[place].label == Some(true),
                *score > 0.5,
                "{place}: {score}"
            );
        }
        for &place in &test {
            pairs[place].label = pairs[place].label.map(|label| !label);
        }
        assert_eq!(scores(&pairs, &test), before);
        assert_eq!(scores(&pairs, &test[5..6]), before[5..6]);
    }
}
