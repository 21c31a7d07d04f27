//! All that a logit needs of a network, on the host.

use crate::attention::Pooling;
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::network::kernels::attention::Scoring;
use crate::network::model::{Epiann, Weights};

/// Letters that a filter has values for: A, C, G, T.
pub const LETTERS_OF_A_FILTER: usize = 4;
/// Those, and all else.
pub const LETTERS: usize = LETTERS_OF_A_FILTER + 1;

/// The weights as mutagenesis reads them; made once for all pairs.
#[derive(Debug, Clone)]
pub struct Network {
    /// How the windows are pooled.
    pub(super) pooling: Sides<Pooling>,
    /// What the attentions' scores are.
    pub(super) scoring: Scoring,
    pub(super) filters: Filters,
    /// The attention over the bins of each side.
    pub(super) attention: Sides<Attention>,
    /// `W`, from the enhancer's activations to the promoter's: `[k, k]`.
    pub(super) interaction: Vec<f32>,
    /// `b`, which is added to each interaction.
    pub(super) bias: f32,
    pub(super) classifier: Classifier,
    /// Interactions that the classifier sees, `K`.
    pub(super) kept: usize,
}

impl Network {
    /// The weights of a network, fetched from its device.
    ///
    /// # Errors
    ///
    /// A device that failed.
    pub fn new(network: &Epiann) -> Result<Self> {
        let (config, weights) = (network.config(), network.weights()?);
        let (k, d) = (config.filters, config.attention_dim);
        let attention = |over: Element| Attention::new(&weights, over, d);
        Ok(Self {
            pooling: config.pooling(),
            scoring: config.attention.scoring(),
            filters: Filters::new(weights.values("conv.weight"), k, config.filter_width),
            attention: Sides::from_fn(attention),
            interaction: weights.values("interaction.weight").to_vec(),
            bias: weights.values("interaction.bias").iter().sum(),
            classifier: Classifier::new(&weights),
            kept: config.top_k,
        })
    }
}

/// What each letter adds to the sums of all filters.
#[derive(Debug, Clone)]
pub struct Filters {
    /// `k`
    pub count: usize,
    /// At each tap; of the fifth letter, nothing: `[w, 5, k]`.
    pub taps: Vec<f32>,
}

impl Filters {
    /// - filters: `[k, 4, w]`
    pub fn new(filters: &[f32], k: usize, width: usize) -> Self {
        let mut taps = vec![0.0; width * LETTERS * k];
        for (place, &value) in filters.iter().enumerate() {
            let (row, tap) = (place / width, place % width);
            let (filter, letter) = (row / LETTERS_OF_A_FILTER, row % LETTERS_OF_A_FILTER);
            taps[(tap * LETTERS + letter) * k + filter] = value;
        }
        Self { count: k, taps }
    }
}

/// An attention's weights.
#[derive(Debug, Clone)]
pub struct Attention {
    /// `U` of the enhancer and `V` of the promoter: `[k, d]`.
    pub projections: Sides<Vec<f32>>,
    /// `v`: `[d]`; where it is not learnt, 1/√d, as in the network.
    pub score: Vec<f32>,
}

impl Attention {
    fn new(weights: &Weights, over: Element, d: usize) -> Self {
        let of = |name: &str| weights.values(&format!("attend_{}.{name}.weight", over.name()));
        let score = match of("score") {
            [] => vec![(d as f64).sqrt().recip() as f32; d],
            learnt => learnt.to_vec(),
        };
        Self {
            projections: Sides::from_fn(|side: Element| of(side.name()).to_vec()),
            score,
        }
    }
}

/// From the largest interactions to the logit: linear → ReLU → linear.
#[derive(Debug, Clone)]
pub struct Classifier {
    /// `[K, hidden]`
    hidden: Vec<f32>,
    /// `[hidden]`
    hidden_bias: Vec<f32>,
    /// `[hidden]`
    output: Vec<f32>,
    output_bias: f32,
}

impl Classifier {
    fn new(weights: &Weights) -> Self {
        let of = |name: &str| weights.values(&format!("classifier.{name}"));
        Self {
            hidden: of("hidden.weight").to_vec(),
            hidden_bias: of("hidden.bias").to_vec(),
            output: of("output.weight").to_vec(),
            output_bias: of("output.bias").iter().sum(),
        }
    }

    /// The logit; `sums` is room for the hidden layer.
    ///
    /// - largest: `[K]`, in descending order
    pub fn logit(&self, largest: &[f32], sums: &mut Vec<f32>) -> f32 {
        sums.clear();
        sums.extend_from_slice(&self.hidden_bias);
        let rows = self.hidden.chunks_exact(self.hidden_bias.len());
        for (&value, weights) in largest.iter().zip(rows) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += value * weight;
            }
        }
        let outputs = sums.iter().zip(&self.output);
        // A comparison that keeps NaN, which `max` does not.
        let rectified = |sum: f32| if sum <= 0.0 { 0.0 } else { sum };
        let outputs = outputs.map(|(&sum, weight)| rectified(sum) * weight);
        outputs.sum::<f32>() + self.output_bias
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_letter_adds_nothing() {
        // Two filters of width 3: filter · 100 + letter · 10 + tap.
        let value = |place: usize| (place / 12 * 100 + place / 3 % 4 * 10 + place % 3) as f32;
        let filters: Vec<f32> = (0..24).map(value).collect();
        let filters = Filters::new(&filters, 2, 3);
        let wanted = [2.0, 102.0, 12.0, 112.0, 22.0, 122.0, 32.0, 132.0, 0.0, 0.0];
        assert_eq!(filters.taps[2 * LETTERS * 2..], wanted);
    }

    #[test]
    fn a_logit_by_hand() {
        let classifier = Classifier {
            hidden: vec![1.0, -1.0, 2.0, 0.5],
            hidden_bias: vec![0.5, 0.25],
            output: vec![3.0, 7.0],
            output_bias: -1.0,
        };
        // Hidden: 0.5 + 2 + 2 and 0.25 − 2 + 0.5, which is cut off.
        let logit = classifier.logit(&[2.0, 1.0], &mut Vec::new());
        assert_eq!(logit, 4.5 * 3.0 - 1.0);
        let none = classifier.logit(&[f32::NAN, 1.0], &mut Vec::new());
        assert!(none.is_nan());
    }
}
