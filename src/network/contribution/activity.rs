//! Contributions to a predicted activity, by gradient: those of one window, whatever its partner is.

use std::ops::Range;

use burn::tensor::{Device, Int, Tensor, TensorData};
use rayon::prelude::*;

use super::gradient::corrected;
use super::{Contribution, Method};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::network::kernels::letters::Taps;
use crate::network::kernels::sequence_encoder::encode_with_positions;
use crate::network::model::{ByElement, Epiann, activity_slopes, host, host_ints, not_finite};

/// Windows that are computed together. The last ones are joined by copies of the last: with one shape for
/// all, what is found of a window does not depend on those beside it.
const WINDOWS: usize = 32;

/// A window whose bases are asked what they add to the activity of some of its bins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityWindow<'a> {
    /// Base codes, 0–3 for ACGT and 4 for all else, of a window of its side's length.
    pub codes: &'a [u8],
    /// The bins whose mean counts, at least one.
    pub bins: Range<usize>,
}

/// A network that is asked for gradients of an activity: of what its layers say of a source, of peaks the
/// log-odds, of a signal ln(1 + signal) in standard deviations from its mean; corrected as those of the
/// logit are.
pub struct ActivityGradients<'a> {
    network: &'a Epiann,
    by_element: &'a ByElement,
    device: &'a Device,
    taps: Taps,
    source: usize,
}

impl<'a> ActivityGradients<'a> {
    /// Of a network in both of its forms, and a source by its place.
    ///
    /// # Errors
    ///
    /// A network without it, a device that failed.
    pub fn new(
        network: &'a Epiann,
        by_element: &'a ByElement,
        source: usize,
        device: &'a Device,
    ) -> Result<Self> {
        let known = network.config().activity.map_or(0, |form| form.outputs);
        if source >= known {
            return Err(without_task());
        }
        let filters = host(by_element.filters())?;
        Ok(Self {
            network,
            by_element,
            device,
            taps: Taps::new(&filters, network.config().filter_width),
            source,
        })
    }

    /// Of each window of a side, in order.
    ///
    /// # Errors
    ///
    /// A contribution that is not a number, a device that failed.
    pub fn of_windows(
        &self,
        side: Element,
        windows: &[ActivityWindow],
    ) -> Result<Vec<Contribution>> {
        let mut all = Vec::with_capacity(windows.len());
        for windows in windows.chunks(WINDOWS) {
            all.extend(self.of_batch(side, windows)?);
        }
        Ok(all)
    }

    /// Of windows that are computed together, at least one.
    fn of_batch(&self, side: Element, windows: &[ActivityWindow]) -> Result<Vec<Contribution>> {
        let pooling = *self.by_element.pooling().get(side);
        let (length, bins) = (pooling.length, pooling.bins());
        let places = (0..WINDOWS).map(|place| place.min(windows.len() - 1));
        let batch = places.map(|place| &windows[place]);
        let codes = batch.clone().flat_map(|window| window.codes);
        let codes: Vec<i32> = codes.map(|&code| i32::from(code)).collect();
        let weights: Vec<f32> = batch.flat_map(|window| weights(window, bins)).collect();
        let codes = TensorData::new(codes, [WINDOWS, length]);
        let codes: Tensor<2, Int> = Tensor::from_data(codes, self.device);
        let weights = TensorData::new(weights, [WINDOWS, bins]);
        let weights: Tensor<2> = Tensor::from_data(weights, self.device);
        // On a thread of the pool: from outside, each kernel would have to wake one up.
        let found = rayon::scope(|_| {
            let filters = self.by_element.filters();
            let (activations, positions) = encode_with_positions(codes, filters, pooling);
            let slopes = activity_slopes(self.network, activations, weights, self.source);
            slopes.map(|slopes| (slopes, positions))
        });
        let (slopes, positions) = found.ok_or_else(without_task)?;
        let (slopes, positions) = (host(slopes)?, host_ints(positions)?);
        // [l, k] of a window
        let size = slopes.len() / WINDOWS;
        let of_window = |place: usize| {
            let part = place * size..(place + 1) * size;
            let (slopes, positions) = (&slopes[part.clone()], &positions[part]);
            corrected(self.taps.letter_gradient(slopes, positions, length))
        };
        let letters = (0..windows.len()).into_par_iter().map(of_window);
        let letters: Vec<Vec<[f32; 4]>> = letters.collect();
        let mut values = letters.iter().flatten().flatten();
        if !values.all(|value| value.is_finite()) {
            return Err(not_finite());
        }
        let of = |letters| Contribution::new(Method::Gradient, letters);
        Ok(letters.into_iter().map(of).collect())
    }
}

/// What each bin of a window counts: `[l]`.
fn weights(window: &ActivityWindow, bins: usize) -> impl Iterator<Item = f32> {
    let counted = window.bins.clone();
    let share = 1.0 / counted.len() as f32;
    (0..bins).map(move |bin| if counted.contains(&bin) { share } else { 0.0 })
}

fn without_task() -> Error {
    Error::Configuration("the network has no layers for this activity".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bins_that_count_have_a_share_each() {
        let window = ActivityWindow {
            codes: &[],
            bins: 1..3,
        };
        let of_bins: Vec<f32> = weights(&window, 4).collect();
        assert_eq!(of_bins, [0.0, 0.5, 0.5, 0.0]);
    }
}
