//! How much a network's answers change without one of its filters.

use super::bank::CONVOLUTION;
use crate::element::Sides;
use crate::error::Result;
use crate::genome::{Region, Sequences};
use crate::network::device::ComputeDevice;
use crate::network::inference::Predictor;
use crate::network::model::{Epiann, ModelConfig, Weights};
use crate::progress::Progress;

/// What becomes of the logits of some pairs where a filter is silent: without a filter less with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Silenced {
    /// The mean size of the change over all pairs.
    pub change: f64,
    /// The mean change over positive pairs; none without any.
    pub positive: Option<f64>,
    /// The mean change over negative pairs.
    pub negative: Option<f64>,
}

/// Pairs whose sequence is in memory, and whether each of them is positive.
pub struct Pairs<'a> {
    /// The sequence.
    pub sequences: &'a Sequences,
    /// Their windows.
    pub windows: &'a [Sides<Region>],
    /// Their labels.
    pub positive: &'a [bool],
}

/// A network of some weights.
///
/// # Errors
///
/// Weights that do not fit the configuration.
pub fn network(
    weights: &Weights,
    model: &ModelConfig,
    device: &ComputeDevice,
) -> Result<Predictor> {
    let network = Epiann::load(model, weights, &device.inference())?;
    Ok(Predictor::new(network, device.inference()))
}

/// Silences each filter for which `wanted` is true, one after the other: without weights it is never
/// activated, as ReLU of 0 is 0. None for the others, and for all where there is no pair.
///
/// # Errors
///
/// See [`network`] and [`Predictor::logits`].
pub fn silence(
    weights: &Weights,
    model: &ModelConfig,
    wanted: &[bool],
    pairs: &Pairs,
    (device, progress): (&ComputeDevice, &dyn Progress),
) -> Result<Vec<Option<Silenced>>> {
    if pairs.windows.is_empty() {
        return Ok(vec![None; wanted.len()]);
    }
    let logits =
        |weights: &Weights| network(weights, model, device)?.logits(pairs.sequences, pairs.windows);
    let with = logits(weights)?;
    // [k, 4, w]
    let shape = vec![model.filters, 4, model.filter_width];
    let filters = weights.values(CONVOLUTION).to_vec();
    let size = 4 * model.filter_width;
    let mut silent = weights.clone();
    progress.start("silenced filters", wanted.len() as u64, 0);
    let mut all = Vec::with_capacity(wanted.len());
    for (filter, wanted) in wanted.iter().enumerate() {
        let mut changed = None;
        if *wanted {
            let mut values = filters.clone();
            values[filter * size..(filter + 1) * size].fill(0.0);
            silent.insert(CONVOLUTION.to_string(), shape.clone(), values);
            changed = Some(change(&with, &logits(&silent)?, pairs.positive));
        }
        all.push(changed);
        progress.advance(1, "");
    }
    progress.finish();
    Ok(all)
}

/// What becomes of logits.
fn change(with: &[f32], without: &[f32], positive: &[bool]) -> Silenced {
    let pairs = with.iter().zip(without);
    let changes = pairs.map(|(with, without)| f64::from(*without) - f64::from(*with));
    let changes: Vec<f64> = changes.collect();
    let of_class = |class: bool| -> Vec<f64> {
        let labelled = changes.iter().zip(positive);
        let of_class = labelled.filter(|(_, positive)| **positive == class);
        of_class.map(|(change, _)| *change).collect()
    };
    let sizes: Vec<f64> = changes.iter().map(|change| change.abs()).collect();
    Silenced {
        change: mean(&sizes).unwrap_or(0.0),
        positive: mean(&of_class(true)),
        negative: mean(&of_class(false)),
    }
}

/// The mean; none of nothing.
fn mean(numbers: &[f64]) -> Option<f64> {
    let count = numbers.len() as f64;
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_by_class() {
        let found = change(&[1.0, 2.0, 0.5], &[0.0, 1.0, 1.0], &[true, true, false]);
        assert_eq!((found.positive, found.negative), (Some(-1.0), Some(0.5)));
        assert!((found.change - 2.5 / 3.0).abs() < 1e-12);
        assert_eq!(change(&[1.0], &[1.0], &[false]).positive, None);
    }
}
