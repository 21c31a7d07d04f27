//! From the gradient of a window's activations to that of its letters, on the host.
//!
//! An activation is the sum of the taps of its filter over the letters at its first maximum, so that
//! its gradient times all taps is what the letters there receive: [`Taps`] has the four letters of a
//! tap side by side, as the window does, and each activation adds one run of values to another.

use macerator::{Simd, with_simd};

/// A, C, G, T.
const LETTERS: usize = 4;

/// The filters, tap by tap: `[k, w, 4]`.
#[derive(Debug, Clone)]
pub struct Taps {
    values: Vec<f32>,
    /// Values of a filter, `4·w`.
    size: usize,
}

impl Taps {
    /// Filters of a width `w`: `[k, 4, w]`.
    pub fn new(filters: &[f32], width: usize) -> Self {
        let size = LETTERS * width;
        let mut values = Vec::with_capacity(filters.len());
        for filter in filters.chunks_exact(size) {
            for tap in 0..width {
                values.extend((0..LETTERS).map(|letter| filter[letter * width + tap]));
            }
        }
        Self { values, size }
    }

    /// The gradient of the one-hot letters of a window: `[L, 4]`.
    ///
    /// - gradient: of the activations, `[l, k]`
    /// - positions: where their maxima are, −1 where an activation is 0, `[l, k]`
    pub fn letter_gradient(
        &self,
        gradient: &[f32],
        positions: &[i32],
        length: usize,
    ) -> Vec<[f32; LETTERS]> {
        let mut letters = vec![[0.0; LETTERS]; length];
        let sums = letters.as_flattened_mut();
        add(sums, gradient, positions, &self.values, self.size);
        letters
    }
}

#[with_simd]
fn add<S: Simd>(
    letters: &mut [f32],
    gradient: &[f32],
    positions: &[i32],
    taps: &[f32],
    size: usize,
) {
    let filters = taps.len() / size;
    let bins = gradient.chunks_exact(filters);
    for (gradient, positions) in bins.zip(positions.chunks_exact(filters)) {
        let activations = gradient.iter().zip(positions);
        for ((&gradient, &position), taps) in activations.zip(taps.chunks_exact(size)) {
            if position < 0 || gradient == 0.0 {
                continue;
            }
            let seen = &mut letters[LETTERS * position as usize..][..size];
            for (sum, tap) in seen.iter_mut().zip(taps) {
                *sum += gradient * tap;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_activation_adds_its_taps_where_its_maximum_is() {
        // Two filters of two taps, letter by letter.
        let filters = [
            [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
            [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0],
        ];
        let taps = Taps::new(filters.as_flattened(), 2);
        // Two bins: the first filter at 1, the second nowhere; the first at 2, the second without gradient.
        let letters = taps.letter_gradient(&[1.0, 9.0, -1.0, 0.0], &[1, -1, 2, 0], 4);
        let wanted = [
            [0.0; 4],
            [1.0, 3.0, 5.0, 7.0],
            [2.0 - 1.0, 4.0 - 3.0, 6.0 - 5.0, 8.0 - 7.0],
            [-2.0, -4.0, -6.0, -8.0],
        ];
        assert_eq!(letters, wanted);
    }
}
