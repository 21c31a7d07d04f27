//! The wide linear layer on the CPU, in parts that the cache holds.

use std::borrow::Cow;

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use rayon::prelude::*;

use super::{Order, WideLinearForm};
use crate::kernels::flex::{
    Columns, Matrix, Unwritten, dims, floats, part_of, rows, tensor, zeros,
};

/// Inputs in a part.
const INPUTS: usize = 512;

impl WideLinearForm for Flex {
    fn outputs(
        seen: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        order: Order,
    ) -> FloatTensor<Self> {
        let [n, l, k] = dims(&seen);
        let [width, columns] = dims(&weight);
        let (seen, weight) = (rows(seen), rows(weight));
        let inputs = ordered(floats(&seen), [l, k], order);
        let inputs = Matrix::of(&inputs, n, width);
        // Every part's sums, added in the order of the parts.
        let parts: Vec<Matrix<Vec<f32>>> = floats(&weight)
            .par_chunks(INPUTS * columns)
            .enumerate()
            .map(|(part, weight)| {
                let of_part = part_of(width, part, INPUTS);
                let weight = Matrix::of(weight, of_part.len(), columns);
                inputs.columns(of_part).times(&weight)
            })
            .collect();
        let mut outputs = vec![0.0; n * columns];
        for part in parts {
            for (sum, part) in outputs.iter_mut().zip(part.values()) {
                *sum += part;
            }
        }
        tensor(outputs, [n, columns])
    }

    fn wide_linear_gradients(
        seen: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        order: Order,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2] {
        let [n, l, k] = dims(&seen);
        let [width, columns] = dims(&weight);
        let [seen, weight, gradient] = [seen, weight, gradient].map(rows);
        let inputs = ordered(floats(&seen), [l, k], order);
        let inputs = Matrix::of(&inputs, n, width);
        let gradient = floats(&gradient);

        let gradient = Matrix::of(gradient, n, columns);

        // [n, outputs] · [outputs, inputs]
        let mut of_inputs = Unwritten::new(n * width);
        Columns::parts(of_inputs.places(), width, INPUTS)
            .into_par_iter()
            .zip(floats(&weight).par_chunks(INPUTS * columns))
            .for_each(|(of_inputs, weight)| {
                let weight = Matrix::of(weight, weight.len() / columns, columns);
                gradient.times_into_columns(&weight.transposed(), of_inputs);
            });
        // [inputs, n] · [n, outputs]
        let mut of_weight = Unwritten::new(width * columns);
        of_weight
            .places()
            .par_chunks_mut(INPUTS * columns)
            .enumerate()
            .for_each(|(part, of_weight)| {
                let inputs = inputs.columns(part_of(width, part, INPUTS));
                inputs.transposed().times_into(&gradient, of_weight);
            });
        // SAFETY: the products of all parts fill both.
        let (of_inputs, of_weight) = unsafe { (of_inputs.written(), of_weight.written()) };
        let of_seen = match order {
            Order::Bins => of_inputs,
            Order::Filters => transposed(&of_inputs, [k, l]),
        };
        [
            tensor(of_seen, [n, l, k]),
            tensor(of_weight, [width, columns]),
        ]
    }
}

/// The inputs of every pair, `[n, l·k]`, from what its bins see, `[n, l, k]`.
fn ordered(seen: &[f32], shape: [usize; 2], order: Order) -> Cow<'_, [f32]> {
    match order {
        Order::Bins => Cow::Borrowed(seen),
        Order::Filters => Cow::Owned(transposed(seen, shape)),
    }
}

/// Each of many matrices with rows and columns exchanged.
fn transposed(matrices: &[f32], [rows, columns]: [usize; 2]) -> Vec<f32> {
    /// Rows and columns that are exchanged together, so that both sides stay in the cache.
    const TILE: usize = 16;
    let mut exchanged = zeros(matrices.len());
    exchanged
        .par_chunks_mut(rows * columns)
        .zip(matrices.par_chunks(rows * columns))
        .for_each(|(exchanged, matrix)| {
            for first in (0..rows).step_by(TILE) {
                for (column, exchanged) in exchanged.chunks_exact_mut(rows).enumerate() {
                    let last = (first + TILE).min(rows);
                    for (row, value) in (first..last).zip(&mut exchanged[first..last]) {
                        *value = matrix[row * columns + column];
                    }
                }
            }
        });
    exchanged
}
