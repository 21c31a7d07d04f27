//! EPIANN: which enhancer–promoter pairs interact, and where on the sequence it shows.
//!
//! Mao, Kostka & Chikina 2017, "Modeling enhancer-promoter interactions with attention-based
//! neural networks", doi:10.1101/219667, sections 4.1 and 4.2.
//!
//! Symbols in the shapes: `n` pairs in a batch, `l_E` and `l_P` bins of the two windows, `k`
//! filters, `d` attention width, `K` interactions that are kept.

mod attention;
mod classifier;
mod config;
mod coordinates;
mod dropout;
mod interaction;
mod loss;
mod parameters;
mod weights;

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;

pub use config::ModelConfig;
pub use coordinates::{CoordinateScale, Scale};
pub use loss::{Loss, Targets};
pub use parameters::host;
pub use weights::{Metadata, Weights};

use crate::kernels::additive_attention::Over;
use crate::kernels::sequence_encoder::encode;
use attention::Attention;
use classifier::Classifier;
use coordinates::locate;
use dropout::dropout;
use interaction::Interaction;

/// The network. The names of its fields are the names of the weights in a safetensors file.
#[derive(Module, Debug)]
pub struct Epiann {
    conv: Filters,
    attend_promoter: Attention,
    attend_enhancer: Attention,
    interaction: Interaction,
    classifier: Classifier,
    enhancer_coordinates: Vec<Linear>,
    promoter_coordinates: Vec<Linear>,
    #[module(skip)]
    config: ModelConfig,
}

/// The filters, the same ones for both windows.
#[derive(Module, Debug)]
struct Filters {
    /// `[k, 4, w]`
    weight: Param<Tensor<3>>,
}

/// A batch of windows as base codes.
#[derive(Debug, Clone)]
pub struct Sequences {
    /// `[n, L_E]`
    pub enhancer: Tensor<2, Int>,
    /// `[n, L_P]`
    pub promoter: Tensor<2, Int>,
}

impl Sequences {
    /// Moves `n` windows of either kind, one after the other, to the device.
    pub fn new(enhancer: Vec<u8>, promoter: Vec<u8>, n: usize, device: &Device) -> Self {
        let tensor = |codes: Vec<u8>| {
            let length = codes.len() / n;
            let codes: Vec<i32> = codes.into_iter().map(i32::from).collect();
            Tensor::from_data(TensorData::new(codes, [n, length]), device)
        };
        Self {
            enhancer: tensor(enhancer),
            promoter: tensor(promoter),
        }
    }
}

/// What the attention part of the network says about a batch.
#[derive(Debug, Clone)]
pub struct Attended {
    /// Softmax over the enhancer's bins, for each bin of the promoter: `[n, l_E, l_P]`.
    pub attention_enhancer: Tensor<3>,
    /// Softmax over the promoter's bins, for each bin of the enhancer: `[n, l_E, l_P]`.
    pub attention_promoter: Tensor<3>,
    /// What each promoter bin sees of the enhancer, `r_E`: `[n, l_P, k]`.
    seen_enhancer: Tensor<3>,
    /// What each enhancer bin sees of the promoter, `r_P`: `[n, l_E, k]`.
    seen_promoter: Tensor<3>,
}

/// Everything that the network computes about a batch.
#[derive(Debug, Clone)]
pub struct Output {
    /// Log-odds of an interaction: `[n, 1]`.
    pub logit: Tensor<2>,
    /// The attentions.
    pub attended: Attended,
    /// The interaction matrix `P`: `[n, l_P, l_E]`.
    pub interaction: Tensor<3>,
    /// Standardised start and end of the enhancer in its window: `[n, 2]`.
    pub enhancer_coordinates: Tensor<2>,
    /// Standardised start and end of the promoter in its window: `[n, 2]`.
    pub promoter_coordinates: Tensor<2>,
}

/// What inference needs: no coordinates.
#[derive(Debug, Clone)]
pub struct Prediction {
    /// Log-odds of an interaction: `[n, 1]`.
    pub logit: Tensor<2>,
    /// The attentions.
    pub attended: Attended,
}

impl Epiann {
    /// The configuration that the network was built from.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// Everything, for training. With a generator, activations are dropped at the configured rate;
    /// without, none are.
    pub fn forward(&self, sequences: Sequences, mut rng: Option<&mut ChaCha8Rng>) -> Output {
        let attended = self.attend(sequences, rng.as_deref_mut());
        let interaction = self.interact(&attended);
        Output {
            logit: self.classify(interaction.clone(), rng),
            interaction,
            enhancer_coordinates: locate(
                &self.enhancer_coordinates,
                attended.seen_enhancer.clone(),
            ),
            // [n, l_E, k] → [n, k, l_E]: the order in which its weights are kept
            promoter_coordinates: locate(
                &self.promoter_coordinates,
                attended.seen_promoter.clone().swap_dims(1, 2),
            ),
            attended,
        }
    }

    /// The probability's log-odds and the attentions.
    pub fn predict(&self, sequences: Sequences) -> Prediction {
        let attended = self.attend(sequences, None);
        let interaction = self.interact(&attended);
        Prediction {
            logit: self.classify(interaction, None),
            attended,
        }
    }

    /// Both attentions, and what each side sees through them.
    fn attend(&self, sequences: Sequences, mut rng: Option<&mut ChaCha8Rng>) -> Attended {
        let rate = self.config.dropout;
        let filters = || self.conv.weight.val();
        let enhancer = encode(
            sequences.enhancer,
            filters(),
            self.config.enhancer_pooling(),
        );
        let promoter = encode(
            sequences.promoter,
            filters(),
            self.config.promoter_pooling(),
        );
        let enhancer = dropout(enhancer, rate, rng.as_deref_mut());
        let promoter = dropout(promoter, rate, rng);

        let attention = |of: &Attention, over| of.forward(enhancer.clone(), promoter.clone(), over);
        let attention_promoter = attention(&self.attend_promoter, Over::Promoter);
        let attention_enhancer = attention(&self.attend_enhancer, Over::Enhancer);
        Attended {
            // [n, l_P, l_E] · [n, l_E, k]
            seen_enhancer: attention_enhancer.clone().swap_dims(1, 2).matmul(enhancer),
            // [n, l_E, l_P] · [n, l_P, k]
            seen_promoter: attention_promoter.clone().matmul(promoter),
            attention_enhancer,
            attention_promoter,
        }
    }

    /// The interaction matrix: `[n, l_P, l_E]`.
    fn interact(&self, attended: &Attended) -> Tensor<3> {
        self.interaction.forward(
            attended.seen_enhancer.clone(),
            attended.seen_promoter.clone(),
        )
    }

    /// Log-odds from the largest interactions: `[n, l_P, l_E]` → `[n, 1]`.
    fn classify(&self, interaction: Tensor<3>, rng: Option<&mut ChaCha8Rng>) -> Tensor<2> {
        // [n, l_P·l_E] → [n, K], descending
        let largest = interaction.flatten::<2>(1, 2).topk(self.config.top_k, 1);
        self.classifier.forward(largest, self.config.dropout, rng)
    }
}
