//! The small layers on WGPU: one cube for each pair, there and back, and then one unit for each
//! parameter's gradient.

use burn::backend::tensor::FloatTensor;
use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use super::{Inputs, Kept, PerceptronForm};
use crate::network::kernels::cube::{
    GROUP, Run, UNITS, column_sum, cubes, dims, dot, elementwise, floats, rows,
};
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::dropout::gpu::{Drops, drop_factor, drops};

impl PerceptronForm for CubeBackend {
    fn layered(
        mut inputs: Inputs<Self>,
        bias: Option<FloatTensor<Self>>,
        dropout: Dropout,
    ) -> (Kept<Self>, FloatTensor<Self>) {
        let sizes = sizes(&inputs);
        let [n, entering, width, outputs] = sizes;
        let rectified = bias.is_some();
        let x = rows(inputs.x);
        inputs.x = match rectified {
            true => floats(&x, [n, entering]),
            false => x.clone(),
        };
        let hidden = floats(&x, [n, width]);
        let found = floats(&x, [n, outputs]);
        let before = match bias {
            Some(bias) => ComptimeOptionArgs::Some(BeforeLaunch::new(buffer(&x), buffer(&bias))),
            None => ComptimeOptionArgs::None,
        };
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            fill_outputs::launch_unchecked(
                &found.client,
                cubes(&found, n),
                units(width.max(outputs)),
                before,
                buffer(&inputs.x),
                buffer(&inputs.hidden_weight),
                buffer(&inputs.hidden_bias),
                buffer(&inputs.output_weight),
                buffer(&inputs.output_bias),
                buffer(&hidden),
                buffer(&found),
                launched(sizes),
                drops(dropout),
            );
        }
        let kept = Kept {
            inputs,
            rectified,
            hidden,
            scale: dropout.scale,
        };
        (kept, found)
    }

    fn layered_gradients(kept: Kept<Self>, gradient: FloatTensor<Self>) -> [FloatTensor<Self>; 6] {
        let (inputs, hidden) = (kept.inputs, kept.hidden);
        let sizes = sizes(&inputs);
        let [n, entering, width, outputs] = sizes;
        let of_hidden = floats(&gradient, [n, width]);
        let of_x = floats(&gradient, [n, entering]);
        let gradient = rows(gradient);
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            fill_gradients::launch_unchecked(
                &gradient.client,
                cubes(&gradient, n),
                units(width.max(entering)),
                buffer(&inputs.x),
                buffer(&inputs.hidden_weight),
                buffer(&inputs.output_weight),
                buffer(&hidden),
                buffer(&gradient),
                buffer(&of_hidden),
                buffer(&of_x),
                launched(sizes),
                kept.scale,
                kept.rectified,
            );
        }
        let of_hidden_weight = floats(&gradient, [entering, width]);
        let of_output_weight = floats(&gradient, [width, outputs]);
        let [of_hidden_bias, of_output_bias, of_bias] =
            [width, outputs, entering].map(|count| floats(&gradient, [count]));
        let count = (entering + 1) * width + (width + 1) * outputs + entering;
        let (cubes, units) = elementwise(&gradient, count);
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            add_gradients::launch_unchecked(
                &gradient.client,
                cubes,
                units,
                buffer(&inputs.x),
                buffer(&hidden),
                buffer(&gradient),
                buffer(&of_hidden),
                buffer(&of_x),
                buffer(&of_hidden_weight),
                buffer(&of_hidden_bias),
                buffer(&of_output_weight),
                buffer(&of_output_bias),
                buffer(&of_bias),
                launched(sizes),
            );
        }
        [
            of_x,
            of_hidden_weight,
            of_hidden_bias,
            of_output_weight,
            of_output_bias,
            of_bias,
        ]
    }
}

/// `[n, inputs, hidden, outputs]`
fn sizes(inputs: &Inputs<CubeBackend>) -> [usize; 4] {
    let [n, entering] = dims(&inputs.x);
    let [width, outputs] = dims(&inputs.output_weight);
    [n, entering, width, outputs]
}

fn launched([n, inputs, hidden, outputs]: [usize; 4]) -> SizesLaunch {
    SizesLaunch::new(n, inputs, hidden, outputs)
}

/// Those of a cube that has a row of so many values to fill.
fn units(count: usize) -> CubeDim {
    CubeDim::new_1d(count.next_multiple_of(GROUP).min(UNITS) as u32)
}

fn buffer(tensor: &CubeTensor) -> BufferArg {
    rows(tensor.clone()).into_buffer_arg()
}

/// Pairs and the widths of the layers.
#[derive(CubeLaunch, CubeType)]
struct Sizes {
    n: usize,
    inputs: usize,
    hidden: usize,
    outputs: usize,
}

/// What the inputs are made from: `relu(x + b)`.
#[derive(CubeLaunch, CubeType)]
struct Before {
    /// `[n, inputs]`
    x: Box<[f32]>,
    /// `[inputs]`
    bias: Box<[f32]>,
}

/// One cube for each pair, whose units share the inputs where they are still to be made, then the
/// hidden values, then the outputs.
///
/// - inputs: `[n, inputs]`; hidden: `[n, hidden]`; outputs: `[n, outputs]`
#[cube(launch_unchecked)]
fn fill_outputs(
    before: ComptimeOption<Before>,
    inputs: &mut [f32],
    hidden_weight: &[f32],
    hidden_bias: &[f32],
    output_weight: &[f32],
    output_bias: &[f32],
    hidden: &mut [f32],
    outputs: &mut [f32],
    sizes: Sizes,
    drops: Drops,
) {
    let pair = CUBE_POS;
    if pair >= sizes.n {
        terminate!();
    }
    #[comptime]
    if let ComptimeOption::Some(before) = before {
        let mut input = UNIT_POS as usize;
        while input < sizes.inputs {
            let place = pair * sizes.inputs + input;
            inputs[place] = relu(before.x[place] + before.bias[input]);
            input += CUBE_DIM as usize;
        }
        sync_storage();
    }
    let mut value = UNIT_POS as usize;
    while value < sizes.hidden {
        let of_pair = row(pair, sizes.inputs);
        let weights = column(value, sizes.hidden);
        let sum = dot(&*inputs, of_pair, hidden_weight, weights, sizes.inputs);
        let place = pair * sizes.hidden + value;
        hidden[place] = relu(sum + hidden_bias[value]) * drop_factor(place as u32, &drops);
        value += CUBE_DIM as usize;
    }
    sync_storage();
    let mut output = UNIT_POS as usize;
    while output < sizes.outputs {
        let of_pair = row(pair, sizes.hidden);
        let weights = column(output, sizes.outputs);
        let sum = dot(&*hidden, of_pair, output_weight, weights, sizes.hidden);
        outputs[pair * sizes.outputs + output] = sum + output_bias[output];
        output += CUBE_DIM as usize;
    }
}

/// One cube for each pair: the gradients of what its hidden values are rectified from, and of its
/// inputs.
///
/// - gradient: of the outputs, `[n, outputs]`
/// - of_hidden: `[n, hidden]`; of_x: `[n, inputs]`
#[cube(launch_unchecked)]
fn fill_gradients(
    inputs: &[f32],
    hidden_weight: &[f32],
    output_weight: &[f32],
    hidden: &[f32],
    gradient: &[f32],
    of_hidden: &mut [f32],
    of_x: &mut [f32],
    sizes: Sizes,
    scale: f32,
    #[comptime] rectified: bool,
) {
    let pair = CUBE_POS;
    if pair >= sizes.n {
        terminate!();
    }
    let mut value = UNIT_POS as usize;
    while value < sizes.hidden {
        let of_pair = row(pair, sizes.outputs);
        let weights = row(value, sizes.outputs);
        let sum = dot(gradient, of_pair, output_weight, weights, sizes.outputs);
        let place = pair * sizes.hidden + value;
        of_hidden[place] = passed(sum * scale, hidden[place]);
        value += CUBE_DIM as usize;
    }
    sync_storage();
    let mut input = UNIT_POS as usize;
    while input < sizes.inputs {
        let of_pair = row(pair, sizes.hidden);
        let weights = row(input, sizes.hidden);
        let sum = dot(&*of_hidden, of_pair, hidden_weight, weights, sizes.hidden);
        let place = pair * sizes.inputs + input;
        of_x[place] = if rectified {
            passed(sum, inputs[place])
        } else {
            sum
        };
        input += CUBE_DIM as usize;
    }
}

/// One unit for each value of the parameters' gradients, one array after the other: sums over the
/// pairs.
#[cube(launch_unchecked)]
fn add_gradients(
    inputs: &[f32],
    hidden: &[f32],
    gradient: &[f32],
    of_hidden: &[f32],
    of_x: &[f32],
    of_hidden_weight: &mut [f32],
    of_hidden_bias: &mut [f32],
    of_output_weight: &mut [f32],
    of_output_bias: &mut [f32],
    of_bias: &mut [f32],
    sizes: Sizes,
) {
    let hidden_biases = sizes.inputs * sizes.hidden;
    let output_weights = hidden_biases + sizes.hidden;
    let output_biases = output_weights + sizes.hidden * sizes.outputs;
    let biases = output_biases + sizes.outputs;
    let place = ABSOLUTE_POS;
    if place < hidden_biases {
        let from = column(place / sizes.hidden, sizes.inputs);
        let to = column(place % sizes.hidden, sizes.hidden);
        of_hidden_weight[place] = dot(inputs, from, of_hidden, to, sizes.n);
    } else if place < output_weights {
        let value = place - hidden_biases;
        of_hidden_bias[value] = column_sum(of_hidden, value, sizes.n, sizes.hidden);
    } else if place < output_biases {
        let weight = place - output_weights;
        let from = column(weight / sizes.outputs, sizes.hidden);
        let to = column(weight % sizes.outputs, sizes.outputs);
        of_output_weight[weight] = dot(hidden, from, gradient, to, sizes.n);
    } else if place < biases {
        let output = place - output_biases;
        of_output_bias[output] = column_sum(gradient, output, sizes.n, sizes.outputs);
    } else if place < biases + sizes.inputs {
        let input = place - biases;
        of_bias[input] = column_sum(of_x, input, sizes.n, sizes.inputs);
    }
}

/// A row of a matrix of so many columns.
#[cube]
fn row(row: usize, columns: usize) -> Run {
    Run {
        first: row * columns,
        step: 1usize.runtime(),
    }
}

/// A column of a matrix of so many columns.
#[cube]
fn column(column: usize, columns: usize) -> Run {
    Run {
        first: column,
        step: columns,
    }
}

/// Rectified; what is not a number remains so.
#[cube]
fn relu(value: f32) -> f32 {
    if value <= 0.0f32 { 0.0f32 } else { value }
}

/// The gradient before a rectifier from which a value came.
#[cube]
fn passed(gradient: f32, value: f32) -> f32 {
    if value <= 0.0f32 { 0.0f32 } else { gradient }
}
