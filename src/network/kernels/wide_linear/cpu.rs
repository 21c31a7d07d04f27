//! The wide linear layer on the CPU, in parts that the cache holds.

use std::mem::MaybeUninit;

use burn::backend::Flex;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::tensor::Shape;
use rayon::prelude::*;

use super::{Layer, Order, WideLinearForm};
use crate::network::kernels::flex::{
    Columns, Matrix, dims, floats, part_of, rows, tensor, unwritten,
};

/// Inputs in a part.
const INPUTS: usize = 512;

impl WideLinearForm for Flex {
    fn arranged(seen: FloatTensor<Self>, order: Order) -> FloatTensor<Self> {
        let [n, l, k] = dims(&seen);
        let seen = match order {
            Order::Bins => rows(seen),
            Order::Filters => exchanged(seen),
        };
        Self::float_reshape(seen, Shape::new([n, l * k]))
    }

    fn outputs(layer: &Layer<Self>) -> FloatTensor<Self> {
        let [n, width] = dims(&layer.inputs);
        let [_, columns] = dims(&layer.weight);
        let [inputs, weight] = [layer.inputs.clone(), layer.weight.clone()].map(rows);
        let inputs = Matrix::of(floats(&inputs), n, width);
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
        layer: Layer<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2] {
        let ([n, _], [l, k]) = (dims(&gradient), layer.bins);
        let [of_inputs, of_weight] = product_gradients(layer.inputs, layer.weight, gradient);
        let of_seen = match layer.order {
            Order::Bins => Self::float_reshape(of_inputs, Shape::new([n, l, k])),
            // [n, k, l] → [n, l, k]
            Order::Filters => exchanged(Self::float_reshape(of_inputs, Shape::new([n, k, l]))),
        };
        [of_seen, of_weight]
    }
}

/// The gradients of `inputs`, `[n, width]`, and `weight`, `[width, columns]`, from that of their
/// product, `[n, columns]`.
fn product_gradients(
    inputs: FloatTensor<Flex>,
    weight: FloatTensor<Flex>,
    gradient: FloatTensor<Flex>,
) -> [FloatTensor<Flex>; 2] {
    let [n, width] = dims(&inputs);
    let [_, columns] = dims(&weight);
    let [inputs, weight, gradient] = [inputs, weight, gradient].map(rows);
    let inputs = Matrix::of(floats(&inputs), n, width);
    let gradient = Matrix::of(floats(&gradient), n, columns);

    // [n, columns] · [columns, width]
    let mut of_inputs = unwritten(n * width);
    Columns::parts(&mut of_inputs, width, INPUTS)
        .into_par_iter()
        .zip(floats(&weight).par_chunks(INPUTS * columns))
        .for_each(|(of_inputs, weight)| {
            let weight = Matrix::of(weight, weight.len() / columns, columns);
            gradient.times_into_columns(&weight.transposed(), of_inputs);
        });
    // [width, n] · [n, columns]
    let mut of_weight = unwritten(width * columns);
    of_weight
        .par_chunks_mut(INPUTS * columns)
        .enumerate()
        .for_each(|(part, of_weight)| {
            let inputs = inputs.columns(part_of(width, part, INPUTS));
            inputs.transposed().times_into(&gradient, of_weight);
        });
    // SAFETY: the products of all parts fill both.
    let (of_inputs, of_weight) = unsafe { (of_inputs.assume_init(), of_weight.assume_init()) };
    [
        tensor(of_inputs.into_vec(), [n, width]),
        tensor(of_weight.into_vec(), [width, columns]),
    ]
}

/// Each of many matrices with rows and columns exchanged: `[n, a, b]` → `[n, b, a]`.
fn exchanged(matrices: FloatTensor<Flex>) -> FloatTensor<Flex> {
    let [n, height, width] = dims(&matrices);
    let matrices = rows(matrices);
    let mut exchanged = unwritten(n * height * width);
    exchanged
        .par_chunks_mut(height * width)
        .zip(floats(&matrices).par_chunks(height * width))
        .for_each(|(exchanged, matrix)| transpose(matrix, [height, width], exchanged));
    // SAFETY: every place of every matrix was written to.
    let exchanged = unsafe { exchanged.assume_init() };
    tensor(exchanged.into_vec(), [n, width, height])
}

/// Tile by tile, so that what is read and what is written both stay in the cache.
fn transpose(matrix: &[f32], [rows, columns]: [usize; 2], exchanged: &mut [MaybeUninit<f32>]) {
    const TILE: usize = 32;
    let mut tile = [[MaybeUninit::uninit(); TILE]; TILE];
    for first_row in (0..rows).step_by(TILE) {
        let height = TILE.min(rows - first_row);
        for first_column in (0..columns).step_by(TILE) {
            let width = TILE.min(columns - first_column);
            for row in 0..height {
                let values = &matrix[(first_row + row) * columns + first_column..][..width];
                for (column, &value) in tile.iter_mut().zip(values) {
                    column[row].write(value);
                }
            }
            for (column, values) in tile[..width].iter().enumerate() {
                let places = &mut exchanged[(first_column + column) * rows + first_row..];
                places[..height].copy_from_slice(&values[..height]);
            }
        }
    }
}
