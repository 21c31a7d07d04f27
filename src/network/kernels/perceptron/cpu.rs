//! The small layers on the CPU: matrix products of so few values that one thread makes them.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;

use super::{Inputs, Kept, PerceptronForm};
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::flex::{Matrix, dims, floats, rows, tensor};

impl PerceptronForm for Flex {
    fn layered(
        inputs: &Inputs<Self>,
        bias: Option<&FloatTensor<Self>>,
        dropout: Dropout,
    ) -> [FloatTensor<Self>; 2] {
        let [n, _] = dims(&inputs.x);
        let [width, outputs] = dims(&inputs.output_weight);
        let x = rectified(&inputs.x, bias);
        // [n, inputs] · [inputs, hidden]
        let mut hidden = x.times(&matrix(&inputs.hidden_weight)).values().to_vec();
        add_to_rows(&mut hidden, &inputs.hidden_bias);
        for (value, place) in hidden.iter_mut().zip(0..) {
            *value = relu(*value) * dropout.factor(place);
        }
        let hidden = Matrix::of(hidden, n, width);
        // [n, hidden] · [hidden, outputs]
        let mut found = hidden
            .times(&matrix(&inputs.output_weight))
            .values()
            .to_vec();
        add_to_rows(&mut found, &inputs.output_bias);
        [
            tensor(hidden.values().to_vec(), [n, width]),
            tensor(found, [n, outputs]),
        ]
    }

    fn layered_gradients(kept: Kept<Self>, gradient: FloatTensor<Self>) -> [FloatTensor<Self>; 6] {
        let inputs = kept.inputs;
        let [n, outputs] = dims(&gradient);
        let [entering, width] = dims(&inputs.hidden_weight);
        let (gradient, hidden) = (matrix(&gradient), matrix(&kept.hidden));
        // [n, outputs] · [outputs, hidden]
        let output_weight = matrix(&inputs.output_weight);
        let of_hidden = gradient.times(&output_weight.transposed());
        let mut of_hidden = of_hidden.values().to_vec();
        for (slope, &value) in of_hidden.iter_mut().zip(hidden.values()) {
            *slope = if value <= 0.0 {
                0.0
            } else {
                *slope * kept.scale
            };
        }
        let of_hidden = Matrix::of(of_hidden, n, width);
        // [n, hidden] · [hidden, inputs]
        let hidden_weight = matrix(&inputs.hidden_weight);
        let of_x = of_hidden.times(&hidden_weight.transposed());
        let mut of_x = of_x.values().to_vec();
        let x = rectified(&inputs.x, kept.bias.as_ref());
        if kept.bias.is_some() {
            for (slope, &value) in of_x.iter_mut().zip(x.values()) {
                *slope = if value <= 0.0 { 0.0 } else { *slope };
            }
        }
        // [inputs, n] · [n, hidden] and [hidden, n] · [n, outputs]
        let of_hidden_weight = x.transposed().times(&of_hidden);
        let of_output_weight = hidden.transposed().times(&gradient);
        let of_hidden_bias = column_sums(of_hidden.values(), width);
        let of_bias = column_sums(&of_x, entering);
        [
            tensor(of_x, [n, entering]),
            tensor(of_hidden_weight.values().to_vec(), [entering, width]),
            tensor(of_hidden_bias, [width]),
            tensor(of_output_weight.values().to_vec(), [width, outputs]),
            tensor(column_sums(gradient.values(), outputs), [outputs]),
            tensor(of_bias, [entering]),
        ]
    }
}

/// A matrix of a tensor's values.
fn matrix(tensor: &FloatTensor<Flex>) -> Matrix<Vec<f32>> {
    let [height, width] = dims(tensor);
    Matrix::of(floats(&rows(tensor.clone())).to_vec(), height, width)
}

/// `relu(x + b)`, or `x` where there is no bias.
fn rectified(x: &FloatTensor<Flex>, bias: Option<&FloatTensor<Flex>>) -> Matrix<Vec<f32>> {
    let [n, width] = dims(x);
    let mut values = floats(&rows(x.clone())).to_vec();
    if let Some(bias) = bias {
        add_to_rows(&mut values, bias);
        values.iter_mut().for_each(|value| *value = relu(*value));
    }
    Matrix::of(values, n, width)
}

/// Rectified; what is not a number remains so.
fn relu(value: f32) -> f32 {
    if value <= 0.0 { 0.0 } else { value }
}

fn add_to_rows(values: &mut [f32], bias: &FloatTensor<Flex>) {
    let bias = rows(bias.clone());
    let bias = floats(&bias);
    for row in values.chunks_exact_mut(bias.len()) {
        row.iter_mut().zip(bias).for_each(|(value, b)| *value += b);
    }
}

fn column_sums(values: &[f32], columns: usize) -> Vec<f32> {
    let mut sums = vec![0.0; columns];
    for row in values.chunks_exact(columns) {
        sums.iter_mut()
            .zip(row)
            .for_each(|(sum, value)| *sum += value);
    }
    sums
}
