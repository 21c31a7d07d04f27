//! What the validation part says of weights.

use burn::tensor::Device;

use super::config::TrainingConfig;
use super::data::TrainingData;
use crate::error::Result;
use crate::evaluation::{self, Correction, Scored, Sum, Told};
use crate::network::inference::{Ensemble, Predictor, probability};
use crate::network::model::{Epiann, ModelConfig, Weights};

/// What the validation part decides about networks that are trained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Validated {
    /// How their log-odds and those of what is known beside sequence become one; none where nothing is.
    pub sum: Option<Sum>,
    /// The threshold with the best F1 of their mean probability.
    pub threshold: f64,
    /// What makes calibrated probabilities of the log-odds of their mean probability; none where a class
    /// is missing.
    pub correction: Option<Correction>,
}

/// Pairs of the training and validation parts, by their places in the table, with the probabilities
/// that a network of these weights gives them.
///
/// # Errors
///
/// Weights that do not fit the network, a probability that is not a number.
pub fn score(
    data: &TrainingData,
    pairs: &[usize],
    weights: &Weights,
    model: &ModelConfig,
    device: &Device,
) -> Result<Vec<Scored>> {
    let told = data.told(pairs, &ensemble(&[weights], model, device)?)?;
    Ok(probabilities(&logits(&told, None)))
}

/// What the validation part decides about the networks of these weights together, which were trained so.
///
/// # Errors
///
/// Weights that do not fit the network, a probability that is not a number; no positive.
pub fn validated(
    data: &TrainingData,
    members: &[&Weights],
    (model, config): (&ModelConfig, &TrainingConfig),
    device: &Device,
) -> Result<Validated> {
    let told = data.told(&data.validation, &ensemble(members, model, device)?)?;
    let sum = data.has_context();
    let sum = sum.then(|| Sum::beside(&told, config.batch_log_odds()));
    let logits = logits(&told, sum);
    Ok(Validated {
        sum,
        threshold: evaluation::best_f1_threshold(&probabilities(&logits))?,
        correction: Correction::fit(&logits),
    })
}

/// Pairs with their log-odds, the sum of the two that are told unless they become one in another way.
fn logits(told: &[Told], sum: Option<Sum>) -> Vec<Scored> {
    let of = |told: &Told| Scored {
        score: match sum {
            Some(sum) => sum.log_odds(told.sequence, told.context),
            None => told.sequence + told.context,
        },
        positive: told.positive,
    };
    told.iter().map(of).collect()
}

/// The same pairs with their probabilities in place of their log-odds.
fn probabilities(logits: &[Scored]) -> Vec<Scored> {
    let of = |pair: &Scored| Scored {
        score: f64::from(probability(pair.score as f32)),
        ..*pair
    };
    logits.iter().map(of).collect()
}

/// The networks of these weights.
fn ensemble(members: &[&Weights], model: &ModelConfig, device: &Device) -> Result<Ensemble> {
    let member = |weights: &&Weights| -> Result<Predictor> {
        let network = Epiann::load(model, weights, device)?;
        Ok(Predictor::new(network, device.clone()))
    };
    let members: Vec<Predictor> = members.iter().map(member).collect::<Result<_>>()?;
    Ok(Ensemble::new(members))
}
