//! EPIANN: which enhancer–promoter pairs interact, and where on the sequence it shows.
//!
//! Mao, Kostka & Chikina 2017, "Modeling enhancer-promoter interactions with attention-based
//! neural networks", doi:10.1101/219667, sections 4.1 and 4.2.
//!
//! Symbols in the shapes: `n` pairs in a batch, `l_E` and `l_P` bins of the two windows, `k`
//! filters, `d` attention width, `K` interactions that are kept.

mod activity;
mod by_element;
mod config;
mod coordinates;
mod init;
mod layer;
mod layers;
mod loss;
mod parameters;
mod sequences;
mod slopes;
mod substituted;
mod weights;

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Int, Tensor};
use rand_chacha::ChaCha8Rng;

pub use activity::ActivityForm;
pub use by_element::{ByElement, Elements, Marginals};
pub use config::{AttentionForm, ModelConfig};
pub use coordinates::Scale;
pub use layer::Layer;
pub use loss::{Loss, Targets};
pub use parameters::{Named, host, host_all, host_ints, not_finite};
pub use sequences::{HeldSequence, codes};
pub use slopes::{Located, activity_slopes, slopes_by_graph};
pub use substituted::Unchanged;
pub use weights::Weights;

use crate::element::Sides;
use crate::network::kernels::attention::{Attentions, Parameters, attend};
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::sequence_encoder::encode;
use crate::network::kernels::strongest::{Strongest, interaction, strongest};
use crate::network::kernels::wide_linear::Order;
use activity::ActivityLayers;
use coordinates::locate;
use layers::{Attention, Classifier, Filters, Interaction};

/// The network. The names of its fields are the names of the weights in a safetensors file.
#[derive(Module, Debug)]
pub struct Epiann {
    conv: Filters,
    attend_promoter: Attention,
    attend_enhancer: Attention,
    interaction: Interaction,
    classifier: Classifier,
    enhancer_coordinates: [Linear; 3],
    promoter_coordinates: [Linear; 3],
    activity: Option<ActivityLayers>,
    #[module(skip)]
    config: ModelConfig,
}

/// What the attention part of the network says about a batch.
#[derive(Debug, Clone)]
pub struct Attended {
    /// Softmax over the bins of each side, for each bin of the other: `[n, l_E, l_P]`.
    pub attention: Sides<Tensor<3>>,
    /// What the other side's bins see of each: `r_E`, `[n, l_P, k]`, and `r_P`, `[n, l_E, k]`.
    seen: Sides<Tensor<3>>,
}

/// Everything that the network computes about a batch.
#[derive(Debug, Clone)]
pub struct Output {
    /// Log-odds of an interaction: `[n, 1]`.
    pub logit: Tensor<2>,
    /// The attentions.
    pub attended: Attended,
    /// Standardised start and end of each element in its window: `[n, 2]`.
    pub coordinates: Sides<Tensor<2>>,
}

impl Epiann {
    /// The configuration that the network was built from.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// Everything, for training. With a generator, activations are dropped at the configured rate;
    /// without, none are.
    pub fn forward(
        &self,
        sequences: Sides<Tensor<2, Int>>,
        rng: Option<&mut ChaCha8Rng>,
    ) -> Output {
        let dropouts = self.dropouts(rng);
        let attended = self.attend(self.encode(sequences, dropouts));
        let Strongest { values, seen } = self.strongest(&attended);
        Output {
            logit: self.classifier.forward(values, dropouts[2]),
            coordinates: Sides::new(
                locate(&self.enhancer_coordinates, seen.enhancer, Order::Bins),
                locate(&self.promoter_coordinates, seen.promoter, Order::Filters),
            ),
            attended,
        }
    }

    /// The attentions alone.
    pub fn attentions(&self, sequences: Sides<Tensor<2, Int>>) -> Attended {
        self.attend(self.encode(sequences, self.dropouts(None)))
    }

    /// Log-odds from the activations, of which none are dropped: `[n, 1]`.
    ///
    /// # Shapes
    ///
    /// - activations: `h_E`, `[n, l_E, k]`, and `h_P`, `[n, l_P, k]`
    pub fn logit(&self, activations: Sides<Tensor<3>>) -> Tensor<2> {
        let Strongest { values, .. } = self.strongest(&self.attend(activations));
        self.classifier.forward(values, Dropout::NONE)
    }

    /// What the activity task makes of windows as long as an enhancer's: of peaks their log-odds, of signals
    /// the logarithm of 1 + signal, in standard deviations from its mean; none of a network without that task.
    /// What is dropped of the activations is not that of pairs.
    ///
    /// # Shapes
    ///
    /// - sequences: `[n, L_E]`, base codes
    /// - returns: `[n, l_E, a]`
    pub fn activity(&self, sequences: Tensor<2, Int>, dropout: Dropout) -> Option<Tensor<3>> {
        let layers = self.activity.as_ref()?;
        let pooling = self.config.pooling().enhancer;
        // [n, L_E] → [n, l_E, k] → [n, l_E, a]
        let activations = encode(sequences, self.conv.weight.val(), pooling, dropout);
        Some(layers.forward(activations))
    }

    /// The same of windows of either side, from activations of which none are dropped:
    /// `[n, l, k]` → `[n, l, a]`.
    pub fn activity_of(&self, activations: Tensor<3>) -> Option<Tensor<3>> {
        let layers = self.activity.as_ref()?;
        Some(layers.forward(activations))
    }

    /// The interaction matrix `P`: `[n, l_P, l_E]`.
    pub fn interaction(&self, attended: &Attended) -> Tensor<3> {
        let Sides { enhancer, promoter } = attended.seen.clone();
        let Interaction { weight, bias } = &self.interaction;
        interaction(enhancer, promoter, weight.val(), bias.val())
    }

    /// What is dropped of the enhancer's and of the promoter's activations and of the classifier's.
    fn dropouts(&self, rng: Option<&mut ChaCha8Rng>) -> [Dropout; 3] {
        let rate = self.config.dropout;
        match rng {
            Some(rng) if rate > 0.0 => [(); 3].map(|()| Dropout::new(rate, rng)),
            _ => [Dropout::NONE; 3],
        }
    }

    /// The activations of both windows, `h_E`, `[n, l_E, k]`, and `h_P`, `[n, l_P, k]`.
    fn encode(&self, sequences: Sides<Tensor<2, Int>>, dropouts: [Dropout; 3]) -> Sides<Tensor<3>> {
        let pooling = self.config.pooling();
        let encode = |codes, pooling, dropout| {
            let filters = self.conv.weight.val();
            encode(codes, filters, pooling, dropout)
        };
        // [n, L] → [n, l, k]
        Sides::new(
            encode(sequences.enhancer, pooling.enhancer, dropouts[0]),
            encode(sequences.promoter, pooling.promoter, dropouts[1]),
        )
    }

    /// Both attentions, and what each side sees through them.
    fn attend(&self, activations: Sides<Tensor<3>>) -> Attended {
        let Sides { enhancer, promoter } = activations;
        let scoring = self.config.attention.scoring();
        let parameters = |attention: &Attention| {
            let [enhancer, promoter] = [&attention.enhancer, &attention.promoter];
            let weights = Sides::new(enhancer, promoter).map(|side| side.weight.val());
            Parameters::new(weights, attention.score())
        };
        let parameters = Sides::new(&self.attend_enhancer, &self.attend_promoter).map(parameters);
        let Attentions { attention, seen } = attend(enhancer, promoter, parameters, scoring);
        Attended { attention, seen }
    }

    /// The strongest interactions.
    fn strongest(&self, attended: &Attended) -> Strongest {
        let Sides { enhancer, promoter } = attended.seen.clone();
        let Interaction { weight, bias } = &self.interaction;
        let kept = self.config.top_k;
        strongest(enhancer, promoter, weight.val(), bias.val(), kept)
    }
}
