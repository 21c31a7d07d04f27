//! A trained network at work: probability and attention of pairs.

use burn::tensor::{Device, Tensor};

use crate::error::{Error, Result};
use crate::genome::{self, Reference, Region};
use crate::model::{self, Epiann, Prediction};
use crate::pairs::Windows;

/// Pairs that go through the network at once.
pub const BATCH: usize = 64;
/// Pairs whose sequence is held in memory at once.
const CHUNK: usize = 16 * BATCH;

/// What the network says about a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct PairAttention {
    /// Log-odds of an interaction.
    pub logit: f32,
    /// Probability of an interaction.
    pub probability: f32,
    /// Marginal attention of each enhancer bin, `max_j attention_enhancer[i, j]`: `l_E` values.
    pub enhancer: Vec<f32>,
    /// Marginal attention of each promoter bin, `max_i attention_promoter[i, j]`: `l_P` values.
    pub promoter: Vec<f32>,
}

/// Both attention matrices of a pair, `l_E` rows of `l_P` values each, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct AttentionMatrices {
    /// Softmax over the enhancer's bins: each column sums to 1.
    pub enhancer: Vec<f32>,
    /// Softmax over the promoter's bins: each row sums to 1.
    pub promoter: Vec<f32>,
}

/// A trained network on a device.
pub struct Predictor {
    network: Epiann,
    device: Device,
}

impl Predictor {
    /// A network and the device that its weights are on.
    pub fn new(network: Epiann, device: Device) -> Self {
        Self { network, device }
    }

    /// The network's configuration.
    pub fn config(&self) -> &model::ModelConfig {
        self.network.config()
    }

    /// Probability and marginal attention of each pair of windows, handed over in order.
    ///
    /// Sequence is read and results are handed over piece by piece: memory does not depend on
    /// the number of pairs.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read, a probability that is not a number, and what `each`
    /// returns.
    pub fn for_each(
        &self,
        reference: &mut Reference,
        windows: &[Windows],
        mut each: impl FnMut(usize, PairAttention) -> Result<()>,
    ) -> Result<()> {
        for (chunk, start) in windows.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
            let regions = chunk.iter().flat_map(|pair| [pair.enhancer, pair.promoter]);
            let sequences = genome::Sequences::read(reference, regions)?;
            for (batch, offset) in chunk.chunks(BATCH).zip((start..).step_by(BATCH)) {
                for (result, place) in self
                    .attentions(&sequences, batch)?
                    .into_iter()
                    .zip(offset..)
                {
                    each(place, result)?;
                }
            }
        }
        Ok(())
    }

    /// The logits of pairs whose sequence is in memory.
    ///
    /// # Errors
    ///
    /// A logit that is not a number.
    pub fn logits(&self, sequences: &genome::Sequences, windows: &[Windows]) -> Result<Vec<f32>> {
        let mut logits = Vec::with_capacity(windows.len());
        for batch in windows.chunks(BATCH) {
            logits.extend(finite(self.predict(sequences, batch).logit)?);
        }
        Ok(logits)
    }

    /// Both attention matrices of a pair.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn matrices(
        &self,
        reference: &mut Reference,
        windows: Windows,
    ) -> Result<AttentionMatrices> {
        let regions = [windows.enhancer, windows.promoter];
        let sequences = genome::Sequences::read(reference, regions)?;
        let attended = self.predict(&sequences, &[windows]).attended;
        Ok(AttentionMatrices {
            enhancer: finite(attended.attention_enhancer)?,
            promoter: finite(attended.attention_promoter)?,
        })
    }

    fn predict(&self, sequences: &genome::Sequences, windows: &[Windows]) -> Prediction {
        let sequences = batch(sequences, windows, &self.device);
        self.network.predict(sequences)
    }

    fn attentions(
        &self,
        sequences: &genome::Sequences,
        windows: &[Windows],
    ) -> Result<Vec<PairAttention>> {
        let Prediction { logit, attended } = self.predict(sequences, windows);
        let [_, bins_e, bins_p] = attended.attention_enhancer.dims();
        let logits = finite(logit)?;
        // [n, l_E, l_P] → [n, l_E, 1] and [n, 1, l_P]
        let enhancer = finite(attended.attention_enhancer.max_dim(2))?;
        let promoter = finite(attended.attention_promoter.max_dim(1))?;
        Ok((0..windows.len())
            .map(|pair| PairAttention {
                logit: logits[pair],
                probability: probability(logits[pair]),
                enhancer: enhancer[pair * bins_e..(pair + 1) * bins_e].to_vec(),
                promoter: promoter[pair * bins_p..(pair + 1) * bins_p].to_vec(),
            })
            .collect())
    }
}

/// Windows whose sequence is in memory, as a batch on a device.
pub(crate) fn batch(
    sequences: &genome::Sequences,
    windows: &[Windows],
    device: &Device,
) -> model::Sequences {
    let codes = |of: fn(&Windows) -> Region| {
        let regions = windows.iter().map(of);
        regions
            .flat_map(|region| sequences.codes(region).iter().copied())
            .collect()
    };
    model::Sequences::new(
        codes(|windows| windows.enhancer),
        codes(|windows| windows.promoter),
        windows.len(),
        device,
    )
}

/// `σ(logit)`, on the host, so that one logit has one probability wherever it was computed.
pub fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// The values of a tensor, unless one of them is not a number.
fn finite<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let values = model::host(tensor)?;
    if values.iter().all(|value| value.is_finite()) {
        return Ok(values);
    }
    Err(Error::NotFinite(
        "the network's output is not a finite number: are the weights of a run that diverged?"
            .to_string(),
    ))
}
