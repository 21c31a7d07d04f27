//! The wide linear layer on the CPU, in parts that the cache holds.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use rayon::prelude::*;

use super::WideLinearForm;
use crate::kernels::flex::{Columns, Matrix, dims, floats, part_of, rows, tensor, zeros};

/// Inputs in a part.
const INPUTS: usize = 512;

impl WideLinearForm for Flex {
    fn outputs(inputs: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let [n, width] = dims(&inputs);
        let [_, columns] = dims(&weight);
        let (inputs, weight) = (rows(inputs), rows(weight));
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
        inputs: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2] {
        let [n, width] = dims(&inputs);
        let [_, columns] = dims(&weight);
        let [inputs, weight, gradient] = [inputs, weight, gradient].map(rows);
        let inputs = Matrix::of(floats(&inputs), n, width);
        let gradient = floats(&gradient);

        let gradient = Matrix::of(gradient, n, columns);

        // [n, outputs] · [outputs, inputs]
        let mut of_inputs = zeros(n * width);
        Columns::parts(&mut of_inputs, width, INPUTS)
            .into_par_iter()
            .zip(floats(&weight).par_chunks(INPUTS * columns))
            .for_each(|(of_inputs, weight)| {
                let weight = Matrix::of(weight, weight.len() / columns, columns);
                gradient.times_into_columns(&weight.transposed(), of_inputs);
            });
        // [inputs, n] · [n, outputs]
        let mut of_weight = zeros(width * columns);
        of_weight
            .par_chunks_mut(INPUTS * columns)
            .enumerate()
            .for_each(|(part, of_weight)| {
                let inputs = inputs.columns(part_of(width, part, INPUTS));
                inputs.transposed().times_into(&gradient, of_weight);
            });
        [tensor(of_inputs, [n, width]), tensor(of_weight, [width, columns])]
    }
}
