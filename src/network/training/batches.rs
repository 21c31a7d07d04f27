//! The order in which examples are seen.

use rand::seq::SliceRandom;

use super::config::TrainingConfig;
use crate::pairs::Example;
use crate::seed::{Purpose, stream};

/// The examples of one step: positives, then negatives.
pub type Batch = Vec<Example>;

/// The examples of a class in an epoch, over and over, each time in another order. Whole examples
/// are shuffled: an enhancer is never seen with another pair's promoter.
fn order(
    class: &[Example],
    seed: u64,
    purpose: Purpose,
    epoch: usize,
) -> impl Iterator<Item = Example> + '_ {
    (0u64..).flat_map(move |pass| {
        let mut shuffled = class.to_vec();
        shuffled.shuffle(&mut stream(seed, purpose, (epoch as u64) << 32 | pass));
        shuffled
    })
}

/// The batches of an epoch, without end.
pub fn epoch<'a>(
    positives: &'a [Example],
    negatives: &'a [Example],
    config: &'a TrainingConfig,
    epoch: usize,
) -> impl Iterator<Item = Batch> + 'a {
    let mut positives = order(positives, config.seed, Purpose::Positives, epoch);
    let mut negatives = order(negatives, config.seed, Purpose::Negatives, epoch);
    std::iter::repeat_with(move || {
        let mut batch: Batch = positives.by_ref().take(config.batch_positives).collect();
        batch.extend(negatives.by_ref().take(config.batch_negatives));
        batch
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn examples(pairs: std::ops::Range<usize>) -> Vec<Example> {
        pairs.map(|pair| Example { pair, shift: 0 }).collect()
    }

    #[test]
    fn batches_are_balanced_and_every_example_comes() {
        let (positives, negatives) = (examples(0..40), examples(40..360));
        let config = TrainingConfig::default();
        let batches: Vec<Batch> = epoch(&positives, &negatives, &config, 3).take(10).collect();
        for batch in &batches {
            assert_eq!(batch.len(), 64);
            assert!(batch[..32].iter().all(|example| example.pair < 40));
            assert!(batch[32..].iter().all(|example| example.pair >= 40));
        }
        let seen: HashSet<usize> = batches
            .iter()
            .flatten()
            .map(|example| example.pair)
            .collect();
        assert_eq!(seen.len(), 360);
    }

    #[test]
    fn the_order_depends_on_the_epoch_alone() {
        let (positives, negatives) = (examples(0..40), examples(40..360));
        let config = TrainingConfig::default();
        let batches = |number| {
            epoch(&positives, &negatives, &config, number)
                .take(3)
                .collect::<Vec<_>>()
        };
        assert_eq!(batches(1), batches(1));
        assert_ne!(batches(1), batches(2));
    }
}
