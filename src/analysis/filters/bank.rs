//! A network's filters, and what they are activated by: sums over sequence, on the host.

use crate::attention::Pooling;
use crate::network::model::{ModelConfig, Weights};

/// The filters' name among the weights.
pub const CONVOLUTION: &str = "conv.weight";

/// The filters of a network as they are summed: the weights of all filters for a letter at a position
/// lie side by side, `[w, 4, k]`.
pub struct Bank {
    filters: usize,
    width: usize,
    pub(super) weights: Vec<f32>,
}

impl Bank {
    /// Of a network's weights: `[k, 4, w]` there.
    pub fn new(weights: &Weights, model: &ModelConfig) -> Self {
        let (filters, width) = (model.filters, model.filter_width);
        let values = weights.values(CONVOLUTION);
        let at = |place: usize| {
            let (position, base) = (place / filters / 4, place / filters % 4);
            values[(place % filters * 4 + base) * width + position]
        };
        Self {
            filters,
            width,
            weights: (0..filters * 4 * width).map(at).collect(),
        }
    }

    /// Filters, `k`.
    pub fn filters(&self) -> usize {
        self.filters
    }

    /// Bases that a filter sees, `w`.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The largest activation of each filter in each bin of a window, `[k]`, 0 where none is positive,
    /// and the first position that has it, `[k]`; bins from left to right. N adds nothing.
    pub fn maxima(&self, codes: &[u8], pooling: Pooling, mut each: impl FnMut(&[f32], &[usize])) {
        let mut sums = vec![0.0; self.filters];
        let mut largest = vec![0.0; self.filters];
        let mut places = vec![0; self.filters];
        for bin in 0..pooling.bins() {
            largest.fill(0.0);
            for position in pooling.positions_of(bin) {
                self.sum(&codes[position..position + self.width], &mut sums);
                let maxima = largest.iter_mut().zip(&mut places);
                for (sum, (largest, place)) in sums.iter().zip(maxima) {
                    if *sum > *largest {
                        (*largest, *place) = (*sum, position);
                    }
                }
            }
            each(&largest, &places);
        }
    }

    /// What each filter sums to over the letters of one position.
    fn sum(&self, codes: &[u8], sums: &mut [f32]) {
        sums.fill(0.0);
        for (position, &code) in codes.iter().enumerate() {
            if code < 4 {
                let first = (4 * position + usize::from(code)) * self.filters;
                let weights = &self.weights[first..first + self.filters];
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += weight;
                }
            }
        }
    }
}
