//! What a run's sequence adds to what is known of pairs without it.

use tracing::warn;

use super::context::Context;
use super::offsets::Offsets;
use crate::error::{Error, Result};
use crate::evaluation::{Ablated, Ablation, Known, Sum, Told};
use crate::pairs::{FeatureTable, Pair, PairTable, Part, Split};

/// What the sequence adds on the test part, by the places of the held-out pairs in the table and the
/// log-odds that the network gives them by their sequence alone.
///
/// A run with a context is measured as it is: its log-odds are those that it gives everywhere. Of one without, what is
/// known is distance, which the same kind of context is fitted to on the training part, or where none can be
/// fitted nearness as it is; and a logistic regression on the validation part makes one of the two.
///
/// # Errors
///
/// Parts without one of the classes; pairs that nothing can be fitted on.
pub(super) fn ablation(
    (table, split): (&PairTable, &Split),
    held_out: &[(usize, f32)],
    context: Option<&Offsets>,
    seed: u64,
) -> Result<Ablation> {
    match context {
        Some(offsets) => {
            let test = of_part((table, split), held_out, Part::Test, |place, sequence| {
                let both = offsets.of(place).log_odds(sequence);
                [offsets.alone(place), both].map(f64::from)
            });
            measured((Known::Context, offsets.sum()), (table, &test), seed)
        }
        None => {
            let (how, known) = by_distance(table, &split.members(Part::Train), seed)?;
            let alone = |place: usize, _: f32| [known[place]; 2];
            let validation = of_part((table, split), held_out, Part::Validation, alone);
            let told = validation.iter().map(|(_, of)| Told {
                sequence: of.sequence,
                context: of.context,
                positive: of.positive,
            });
            let sum = Sum::fit(&told.collect::<Vec<_>>()).ok_or_else(|| {
                let problem = "the validation part lacks positives or negatives";
                Error::Undefined(problem.to_string())
            })?;
            let test = of_part((table, split), held_out, Part::Test, |place, sequence| {
                let known = known[place];
                [known, sum.log_odds(f64::from(sequence), known)]
            });
            measured((how, Some(sum)), (table, &test), seed)
        }
    }
}

/// The pairs of a part, by their places; `of` makes of a place and the log-odds by sequence those without it and
/// those of both.
fn of_part(
    (table, split): (&PairTable, &Split),
    held_out: &[(usize, f32)],
    part: Part,
    of: impl Fn(usize, f32) -> [f64; 2],
) -> Vec<(usize, Ablated)> {
    let in_part = held_out
        .iter()
        .filter(|(place, _)| split.part(*place) == part);
    let ablated = in_part.map(|&(place, sequence)| {
        let [context, both] = of(place, sequence);
        let ablated = Ablated {
            context,
            sequence: f64::from(sequence),
            both,
            positive: table.pairs[place].label == Some(true),
        };
        (place, ablated)
    });
    ablated.collect()
}

fn measured(
    how: (Known, Option<Sum>),
    (table, test): (&PairTable, &[(usize, Ablated)]),
    seed: u64,
) -> Result<Ablation> {
    let clusters = Pair::clusters(test.iter().map(|(place, _)| &table.pairs[*place]));
    let test: Vec<Ablated> = test.iter().map(|(_, of)| *of).collect();
    Ablation::new(how, &test, &clusters, seed)
}

/// What distance says of the pairs of a table, by those of the training part.
fn by_distance(table: &PairTable, train: &[usize], seed: u64) -> Result<(Known, Vec<f64>)> {
    // Elements of two chromosomes are farther apart than any of one.
    let distance = |pair: &Pair| f64::from(pair.distance().unwrap_or(u32::MAX)).ln_1p();
    let distances: Vec<f64> = table.pairs.iter().map(distance).collect();
    let column = distances.iter().map(|&distance| distance as f32).collect();
    let features = FeatureTable::new([("ln(1 + distance)".to_string(), column)])?;
    match Context::fit(&features, &table.pairs, train, seed) {
        Ok(fitted) => Ok((Known::Distance, fitted.context.logits(&features)?)),
        Err(Error::Undefined(problem)) => {
            warn!("nothing is learned from distance, nearness takes its place: {problem}");
            let nearness = distances.into_iter().map(|distance| -distance);
            Ok((Known::Nearness, nearness.collect()))
        }
        Err(error) => Err(error),
    }
}
