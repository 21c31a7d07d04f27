//! The softmax of a matrix, and its gradient.

use macerator::{Simd, with_simd};

use crate::network::kernels::attention::Over;
use crate::network::kernels::exp::exp;

/// Softmax over each row, in place.
#[with_simd]
pub fn softmax_of_rows<S: Simd>(scores: &mut [f32], columns: usize) {
    for row in scores.chunks_exact_mut(columns) {
        let largest = row.iter().fold(f32::NEG_INFINITY, |max, &x| max.max(x));
        for value in row.iter_mut() {
            *value = exp(*value - largest);
        }
        let sum: f32 = row.iter().sum();
        for value in row.iter_mut() {
            *value /= sum;
        }
    }
}

/// Softmax over each column, in place.
#[with_simd]
pub fn softmax_of_columns<S: Simd>(scores: &mut [f32], columns: usize) {
    let mut largest = vec![f32::NEG_INFINITY; columns];
    for row in scores.chunks_exact(columns) {
        for (largest, &value) in largest.iter_mut().zip(row) {
            *largest = if value > *largest { value } else { *largest };
        }
    }
    let mut sums = vec![0.0; columns];
    for row in scores.chunks_exact_mut(columns) {
        for ((value, largest), sum) in row.iter_mut().zip(&largest).zip(&mut sums) {
            *value = exp(*value - largest);
            *sum += *value;
        }
    }
    for row in scores.chunks_exact_mut(columns) {
        for (value, sum) in row.iter_mut().zip(&sums) {
            *value /= sum;
        }
    }
}

/// The gradient of a softmax's input: `a (g − Σ a g)`, all `[l_E, l_P]`.
#[with_simd]
pub fn score_gradients<S: Simd>(
    attention: &[f32],
    gradient: &[f32],
    over: Over,
    columns: usize,
    scores: &mut [f32],
) {
    let cells = || {
        let rows = attention.chunks_exact(columns);
        rows.zip(gradient.chunks_exact(columns))
    };
    match over {
        Over::Promoter => {
            for (scores, (attention, gradient)) in scores.chunks_exact_mut(columns).zip(cells()) {
                let products = attention.iter().zip(gradient).map(|(a, g)| a * g);
                let common: f32 = products.sum();
                for ((score, a), g) in scores.iter_mut().zip(attention).zip(gradient) {
                    *score = a * (g - common);
                }
            }
        }
        Over::Enhancer => {
            let mut common = vec![0.0; columns];
            for (attention, gradient) in cells() {
                for ((common, a), g) in common.iter_mut().zip(attention).zip(gradient) {
                    *common += a * g;
                }
            }
            for (scores, (attention, gradient)) in scores.chunks_exact_mut(columns).zip(cells()) {
                let sides = attention.iter().zip(gradient).zip(&common);
                for (score, ((a, g), common)) in scores.iter_mut().zip(sides) {
                    *score = a * (g - common);
                }
            }
        }
    }
}
