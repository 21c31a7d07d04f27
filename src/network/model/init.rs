//! A network of a configuration, before it has weights.

use burn::module::{Param, ParamId};
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use super::activity::{ActivityForm, ActivityLayers, DILATIONS};
use super::layers::{Attention, Classifier, Filters, Interaction};
use super::{AttentionForm, Epiann, ModelConfig};

impl ModelConfig {
    /// A network with all weights 0, to be filled with [`Epiann::load`].
    pub(super) fn init(&self, device: &Device) -> Epiann {
        let (k, d) = (self.filters, self.attention_dim);
        let attention = || Attention {
            enhancer: linear(k, d, false, device),
            promoter: linear(k, d, false, device),
            score: (self.attention != AttentionForm::Cross).then(|| linear(d, 1, false, device)),
        };
        let coordinates = |bins: usize| {
            let [first, second] = self.coordinate_hidden;
            [
                linear(bins * k, first, true, device),
                linear(first, second, true, device),
                linear(second, 2, true, device),
            ]
        };
        Epiann {
            conv: Filters {
                weight: zeros([k, 4, self.filter_width], device),
            },
            attend_promoter: attention(),
            attend_enhancer: attention(),
            interaction: Interaction {
                weight: zeros([k, k], device),
                bias: zeros([1], device),
            },
            classifier: Classifier {
                hidden: linear(self.top_k, self.classifier_hidden, true, device),
                output: linear(self.classifier_hidden, 1, true, device),
            },
            enhancer_coordinates: coordinates(self.pooling().promoter.bins()),
            promoter_coordinates: coordinates(self.pooling().enhancer.bins()),
            activity: self.activity.map(|form| activity(k, form, device)),
            config: self.clone(),
        }
    }
}

/// The layers of the activity task behind so many filters.
fn activity(filters: usize, form: ActivityForm, device: &Device) -> ActivityLayers {
    let ActivityForm { hidden, outputs } = form;
    let block = |_| linear(hidden, 3 * hidden, true, device);
    ActivityLayers {
        projection: linear(filters, hidden, true, device),
        blocks: DILATIONS.map(block).to_vec(),
        output: linear(hidden, outputs, true, device),
    }
}

fn zeros<const D: usize>(shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    Param::initialized(ParamId::new(), leaf(Tensor::zeros(shape, device)))
}

fn linear(inputs: usize, outputs: usize, bias: bool, device: &Device) -> Linear {
    Linear {
        weight: zeros([inputs, outputs], device),
        bias: bias.then(|| zeros([outputs], device)),
    }
}

/// A value that gradients are asked for, on a device that computes them.
pub(super) fn leaf<const D: usize>(value: Tensor<D>) -> Tensor<D> {
    if value.device().is_autodiff() {
        value.require_grad()
    } else {
        value
    }
}
