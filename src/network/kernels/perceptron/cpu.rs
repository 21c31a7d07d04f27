//! The small layers on the CPU: matrix products of so few values that one thread makes them.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;

use super::{Inputs, Kept, PerceptronForm};
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::flex::{Matrix, dims, floats, rows, tensor};

impl PerceptronForm for Flex {
    fn layered(
        mut inputs: Inputs<Self>,
        bias: Option<FloatTensor<Self>>,
        dropout: Dropout,
    ) -> (Kept<Self>, FloatTensor<Self>) {
        let rectified = bias.is_some();
        if let Some(bias) = bias {
            let shape: [usize; 2] = dims(&inputs.x);
            let mut x = values(&inputs.x);
            add_to_rows(&mut x, &bias);
            x.iter_mut().for_each(|value| *value = relu(*value));
            inputs.x = tensor(x, shape);
        }
        let [n, _] = dims(&inputs.x);
        let [width, outputs] = dims(&inputs.output_weight);
        // [n, inputs] · [inputs, hidden]
        let mut hidden = matrix(&inputs.x).times(&matrix(&inputs.hidden_weight));
        add_to_rows(hidden.values_mut(), &inputs.hidden_bias);
        for (value, place) in hidden.values_mut().iter_mut().zip(0..) {
            *value = relu(*value) * dropout.factor(place);
        }
        // [n, hidden] · [hidden, outputs]
        let mut found = hidden.times(&matrix(&inputs.output_weight));
        add_to_rows(found.values_mut(), &inputs.output_bias);
        let kept = Kept {
            inputs,
            rectified,
            hidden: tensor(hidden.into_values(), [n, width]),
            scale: dropout.scale,
        };
        (kept, tensor(found.into_values(), [n, outputs]))
    }

    fn layered_gradients(kept: Kept<Self>, gradient: FloatTensor<Self>) -> [FloatTensor<Self>; 6] {
        let inputs = kept.inputs;
        let [n, outputs] = dims(&gradient);
        let [entering, width] = dims(&inputs.hidden_weight);
        let [x, hidden, gradient] = [&inputs.x, &kept.hidden, &gradient].map(matrix);
        // [n, outputs] · [outputs, hidden]
        let mut of_hidden = gradient.times(&matrix(&inputs.output_weight).transposed());
        for (slope, &value) in of_hidden.values_mut().iter_mut().zip(hidden.values()) {
            *slope = if value <= 0.0 {
                0.0
            } else {
                *slope * kept.scale
            };
        }
        // [n, hidden] · [hidden, inputs]
        let mut of_x = of_hidden.times(&matrix(&inputs.hidden_weight).transposed());
        if kept.rectified {
            for (slope, &value) in of_x.values_mut().iter_mut().zip(x.values()) {
                *slope = if value <= 0.0 { 0.0 } else { *slope };
            }
        }
        // [inputs, n] · [n, hidden] and [hidden, n] · [n, outputs]
        let of_hidden_weight = x.transposed().times(&of_hidden);
        let of_output_weight = hidden.transposed().times(&gradient);
        let sums = [&of_hidden, &gradient, &of_x].map(column_sums);
        let [of_hidden_bias, of_output_bias, of_bias] = sums;
        [
            tensor(of_x.into_values(), [n, entering]),
            tensor(of_hidden_weight.into_values(), [entering, width]),
            of_hidden_bias,
            tensor(of_output_weight.into_values(), [width, outputs]),
            of_output_bias,
            of_bias,
        ]
    }
}

fn values(tensor: &FloatTensor<Flex>) -> Vec<f32> {
    floats(&rows(tensor.clone())).to_vec()
}

fn matrix(tensor: &FloatTensor<Flex>) -> Matrix<Vec<f32>> {
    let [height, width] = dims(tensor);
    Matrix::of(values(tensor), height, width)
}

/// Rectified; what is not a number remains so.
fn relu(value: f32) -> f32 {
    if value <= 0.0 { 0.0 } else { value }
}

fn add_to_rows(matrix: &mut [f32], bias: &FloatTensor<Flex>) {
    let bias = values(bias);
    for row in matrix.chunks_exact_mut(bias.len()) {
        row.iter_mut().zip(&bias).for_each(|(value, b)| *value += b);
    }
}

/// `[columns]`
fn column_sums(matrix: &Matrix<Vec<f32>>) -> FloatTensor<Flex> {
    let [_, columns] = matrix.shape();
    let mut sums = vec![0.0; columns];
    for row in matrix.values().chunks_exact(columns) {
        sums.iter_mut()
            .zip(row)
            .for_each(|(sum, value)| *sum += value);
    }
    tensor(sums, [columns])
}
