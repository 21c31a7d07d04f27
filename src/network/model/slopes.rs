//! How the log-odds of pairs, and what is predicted of activities, depend on the activations of windows.

use burn::tensor::{Device, Int, Tensor};

use super::Epiann;
use super::by_element::{ByElement, Elements, Marginals};
use super::layers::small;
use crate::attention::Pooling;
use crate::element::Sides;
use crate::network::kernels::logit_gradient::{Inputs, logit_gradient};
use crate::network::kernels::sequence_encoder::encode_with_positions;

/// Windows, each computed once, with what the gradients of pairs of them need.
pub struct Located {
    /// Of each activation where in its window what its filter saw begins, or −1 where it is 0:
    /// `[u, l_E, k]` and `[v, l_P, k]`.
    pub positions: Sides<Tensor<3, Int>>,
    /// `h_E`, `[u, l_E, k]`, and `h_P`, `[v, l_P, k]`.
    activations: Sides<Tensor<3>>,
    /// What the CPU's form starts from.
    elements: Option<Elements>,
}

impl ByElement {
    /// The windows of `u` enhancers and `v` promoters.
    ///
    /// # Shapes
    ///
    /// - sequences: `[u, L_E]` and `[v, L_P]`, base codes
    pub fn located(&self, sequences: Sides<Tensor<2, Int>>) -> Located {
        let pooling = self.config.pooling();
        let encode = |codes: Tensor<2, Int>, pooling: Pooling| {
            encode_with_positions(codes, self.filters.clone(), pooling)
        };
        let Sides { enhancer, promoter } = sequences;
        let (enhancers, promoters) = rayon::join(
            || encode(enhancer, pooling.enhancer),
            || encode(promoter, pooling.promoter),
        );
        let activations = Sides::new(enhancers.0, promoters.0);
        let on_cpu = activations.enhancer.device() == Device::flex();
        let mut located = Located {
            positions: Sides::new(enhancers.1, promoters.1),
            activations,
            elements: None,
        };
        located.elements = on_cpu.then(|| self.elements_at(&located));
        located
    }

    /// What tracks are made of, for pairs of these windows.
    ///
    /// # Shapes
    ///
    /// - pairs: `[n, 2]`, the places of enhancer and promoter among the windows
    pub fn marginals(&self, located: &Located, pairs: Tensor<2, Int>) -> Marginals {
        match &located.elements {
            Some(elements) => self.pairs(elements, pairs),
            None => self.pairs(&self.elements_at(located), pairs),
        }
    }

    /// Windows whose activations are known.
    fn elements_at(&self, located: &Located) -> Elements {
        self.elements_from(located.activations.clone())
    }

    /// The gradient of the log-odds of each pair by its activations: `[n, l_E, k]` and `[n, l_P, k]`.
    ///
    /// # Shapes
    ///
    /// - pairs: `[n, 2]`, the places of enhancer and promoter among the windows
    pub fn slopes(
        &self,
        network: &Epiann,
        located: &Located,
        pairs: Tensor<2, Int>,
    ) -> Sides<Tensor<3>> {
        let Some(elements) = &located.elements else {
            return slopes_by_graph(network, located.of_pairs(pairs));
        };
        let layers = small(&self.classifier.hidden, &self.classifier.output);
        let inputs = Inputs {
            elements: elements.0.clone(),
            promoters: located.activations.promoter.clone().into_dispatch(),
            enhancer_weights: self.enhancer.clone().into_dispatch(),
            promoter_weights: self.promoter.clone().into_dispatch(),
            interaction: self.interaction.clone().into_dispatch(),
            hidden_weight: layers.hidden.0.into_dispatch(),
            hidden_bias: layers.hidden.1.into_dispatch(),
            output_weight: layers.output.0.into_dispatch(),
        };
        logit_gradient(inputs, pairs, self.config.attention.scoring())
    }
}

impl Located {
    /// `h_E`, `[u, l_E, k]`, and `h_P`, `[v, l_P, k]`.
    pub fn activations(&self) -> &Sides<Tensor<3>> {
        &self.activations
    }

    /// The activations of pairs, side by side: `[n, l_E, k]` and `[n, l_P, k]`.
    fn of_pairs(&self, pairs: Tensor<2, Int>) -> Sides<Tensor<3>> {
        let [n, _] = pairs.dims();
        let of = |activations: &Tensor<3>, side: usize| {
            // [n, 2] → [n]
            let places = pairs.clone().slice([0..n, side..side + 1]);
            activations.clone().select(0, places.reshape([n]))
        };
        let Sides { enhancer, promoter } = &self.activations;
        Sides::new(of(enhancer, 0), of(promoter, 1))
    }
}

/// The gradient of the log-odds of each pair by its activations, through burn's graph, on any device.
///
/// # Shapes
///
/// - activations: `h_E`, `[n, l_E, k]`, and `h_P`, `[n, l_P, k]`; the gradients likewise
pub fn slopes_by_graph(network: &Epiann, activations: Sides<Tensor<3>>) -> Sides<Tensor<3>> {
    let activations = activations.map(|side| side.autodiff().require_grad());
    // No pair's log-odds depend on another's activations: the gradient of the sum is that of each.
    let mut gradients = network.logit(activations.clone()).sum().backward();
    activations.map(|side| {
        let gradient = side.grad_remove(&mut gradients);
        gradient.unwrap_or_else(|| side.without_autodiff().zeros_like())
    })
}

/// The gradient of a weighted sum over the bins of each window, of what the activity task says of a source
/// there, by the window's activations, through burn's graph, on any device; none of a network without that
/// task.
///
/// # Shapes
///
/// - activations: of windows of either side, `[n, l, k]`; the gradient likewise
/// - weights: of the bins, `[n, l]`
///
/// # Panics
///
/// A source that the network does not have.
pub fn activity_slopes(
    network: &Epiann,
    activations: Tensor<3>,
    weights: Tensor<2>,
    source: usize,
) -> Option<Tensor<3>> {
    let activations = activations.autodiff().require_grad();
    let activity = network.activity_of(activations.clone())?;
    let [n, l, _] = activity.dims();
    // [n, l, a] → [n, l]
    let activity = activity.slice([0..n, 0..l, source..source + 1]);
    let weighted = activity.reshape([n, l]) * weights;
    // No window's activity depends on another's activations: the gradient of the sum is that of each.
    let mut gradients = weighted.sum().backward();
    let gradient = activations.grad_remove(&mut gradients);
    Some(gradient.unwrap_or_else(|| activations.without_autodiff().zeros_like()))
}
