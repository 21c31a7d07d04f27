//! The small layers on WGPU: one cube for each pair, there and back, and then one unit for each
//! parameter's gradient.

use burn::backend::tensor::FloatTensor;
use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use super::{Inputs, Kept, PerceptronForm};
use crate::network::kernels::cube::{UNITS, cubes, dims, elementwise, floats, rows};
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::dropout::gpu::{Drops, drop_factor, drops};

/// Units are started in groups of this many.
const GROUP: usize = 32;

impl PerceptronForm for CubeBackend {
    fn layered(
        inputs: &Inputs<Self>,
        bias: Option<&FloatTensor<Self>>,
        dropout: Dropout,
    ) -> [FloatTensor<Self>; 2] {
        let sizes = sizes(inputs);
        let [n, _, width, outputs] = sizes;
        let hidden = floats(&inputs.x, [n, width]);
        let found = floats(&inputs.x, [n, outputs]);
        let inputs = inputs.clone();
        fill_outputs::launch(
            &found.client,
            cubes(&found, n),
            units(width.max(outputs)),
            buffer(inputs.x),
            optional(bias.cloned()),
            buffer(inputs.hidden_weight),
            buffer(inputs.hidden_bias),
            buffer(inputs.output_weight),
            buffer(inputs.output_bias),
            hidden.clone().into_buffer_arg(),
            found.clone().into_buffer_arg(),
            sizes_of(sizes),
            drops(dropout),
        );
        [hidden, found]
    }

    fn layered_gradients(kept: Kept<Self>, gradient: FloatTensor<Self>) -> [FloatTensor<Self>; 6] {
        let Kept {
            inputs,
            bias,
            hidden,
            scale,
        } = kept;
        let sizes = sizes(&inputs);
        let [n, entering, width, outputs] = sizes;
        let gradient = rows(gradient);
        let of_hidden = floats(&gradient, [n, width]);
        let of_x = floats(&gradient, [n, entering]);
        let x = rows(inputs.x);
        fill_gradients::launch(
            &gradient.client,
            cubes(&gradient, n),
            units(width.max(entering)),
            x.clone().into_buffer_arg(),
            optional(bias.clone()),
            buffer(inputs.hidden_weight),
            buffer(inputs.output_weight),
            hidden.clone().into_buffer_arg(),
            gradient.clone().into_buffer_arg(),
            of_hidden.clone().into_buffer_arg(),
            of_x.clone().into_buffer_arg(),
            sizes_of(sizes),
            scale,
        );
        let of_hidden_weight = floats(&gradient, [entering, width]);
        let of_output_weight = floats(&gradient, [width, outputs]);
        let [of_hidden_bias, of_output_bias, of_bias] =
            [width, outputs, entering].map(|count| floats(&gradient, [count]));
        let count = (entering + 1) * width + (width + 1) * outputs + entering;
        let (cubes, units) = elementwise(&gradient, count);
        add_gradients::launch(
            &gradient.client,
            cubes,
            units,
            x.into_buffer_arg(),
            optional(bias),
            hidden.into_buffer_arg(),
            gradient.clone().into_buffer_arg(),
            of_hidden.into_buffer_arg(),
            of_x.clone().into_buffer_arg(),
            of_hidden_weight.clone().into_buffer_arg(),
            of_hidden_bias.clone().into_buffer_arg(),
            of_output_weight.clone().into_buffer_arg(),
            of_output_bias.clone().into_buffer_arg(),
            of_bias.clone().into_buffer_arg(),
            sizes_of(sizes),
        );
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

fn sizes_of([n, inputs, hidden, outputs]: [usize; 4]) -> SizesLaunch {
    SizesLaunch::new(n, inputs, hidden, outputs)
}

/// Those of a cube that has a row of so many values to fill.
fn units(count: usize) -> CubeDim {
    CubeDim::new_1d(count.next_multiple_of(GROUP).min(UNITS) as u32)
}

fn buffer(tensor: CubeTensor) -> BufferArg {
    rows(tensor).into_buffer_arg()
}

fn optional(tensor: Option<CubeTensor>) -> ComptimeOptionArgs<&'static [f32]> {
    match tensor {
        Some(tensor) => ComptimeOptionArgs::Some(buffer(tensor)),
        None => ComptimeOptionArgs::None,
    }
}

/// Pairs and the widths of the layers.
#[derive(CubeLaunch, CubeType)]
struct Sizes {
    n: usize,
    inputs: usize,
    hidden: usize,
    outputs: usize,
}

/// One cube for each pair, whose units share the hidden values and then the outputs.
///
/// - hidden: `[n, hidden]`; outputs: `[n, outputs]`
#[cube(launch)]
fn fill_outputs(
    x: &[f32],
    bias: ComptimeOption<&[f32]>,
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
    let mut value = UNIT_POS as usize;
    while value < sizes.hidden {
        let mut sum = hidden_bias[value];
        for input in 0..sizes.inputs {
            let x = rectified(x, &bias, pair * sizes.inputs + input, input);
            sum += x * hidden_weight[input * sizes.hidden + value];
        }
        let place = pair * sizes.hidden + value;
        hidden[place] = relu(sum) * drop_factor(place as u32, &drops);
        value += CUBE_DIM as usize;
    }
    sync_storage();
    let mut output = UNIT_POS as usize;
    while output < sizes.outputs {
        let mut sum = output_bias[output];
        for value in 0..sizes.hidden {
            let weight = output_weight[value * sizes.outputs + output];
            sum += hidden[pair * sizes.hidden + value] * weight;
        }
        outputs[pair * sizes.outputs + output] = sum;
        output += CUBE_DIM as usize;
    }
}

/// One cube for each pair: the gradients of what its hidden values are rectified from, and of its
/// inputs.
///
/// - gradient: of the outputs, `[n, outputs]`
/// - of_hidden: `[n, hidden]`; of_x: `[n, inputs]`
#[cube(launch)]
fn fill_gradients(
    x: &[f32],
    bias: ComptimeOption<&[f32]>,
    hidden_weight: &[f32],
    output_weight: &[f32],
    hidden: &[f32],
    gradient: &[f32],
    of_hidden: &mut [f32],
    of_x: &mut [f32],
    sizes: Sizes,
    scale: f32,
) {
    let pair = CUBE_POS;
    if pair >= sizes.n {
        terminate!();
    }
    let mut value = UNIT_POS as usize;
    while value < sizes.hidden {
        let mut sum = 0.0f32;
        for output in 0..sizes.outputs {
            let slope = gradient[pair * sizes.outputs + output];
            sum += slope * output_weight[value * sizes.outputs + output];
        }
        let place = pair * sizes.hidden + value;
        of_hidden[place] = if hidden[place] <= 0.0f32 {
            0.0f32
        } else {
            sum * scale
        };
        value += CUBE_DIM as usize;
    }
    sync_storage();
    let mut input = UNIT_POS as usize;
    while input < sizes.inputs {
        let mut sum = 0.0f32;
        for value in 0..sizes.hidden {
            let weight = hidden_weight[input * sizes.hidden + value];
            sum += of_hidden[pair * sizes.hidden + value] * weight;
        }
        let place = pair * sizes.inputs + input;
        let x = rectified(x, &bias, place, input);
        if bias.is_some() && x <= 0.0f32 {
            sum = 0.0f32;
        }
        of_x[place] = sum;
        input += CUBE_DIM as usize;
    }
}

/// One unit for each value of the parameters' gradients, one array after the other: sums over the
/// pairs.
#[cube(launch)]
fn add_gradients(
    x: &[f32],
    bias: ComptimeOption<&[f32]>,
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
    let mut sum = 0.0f32;
    if place < hidden_biases {
        let (input, value) = (place / sizes.hidden, place % sizes.hidden);
        for pair in 0..sizes.n {
            let x = rectified(x, &bias, pair * sizes.inputs + input, input);
            sum += x * of_hidden[pair * sizes.hidden + value];
        }
        of_hidden_weight[place] = sum;
    } else if place < output_weights {
        let value = place - hidden_biases;
        of_hidden_bias[value] = column_sum(of_hidden, value, sizes.hidden, sizes.n);
    } else if place < output_biases {
        let weight = place - output_weights;
        let (value, output) = (weight / sizes.outputs, weight % sizes.outputs);
        for pair in 0..sizes.n {
            let slope = gradient[pair * sizes.outputs + output];
            sum += hidden[pair * sizes.hidden + value] * slope;
        }
        of_output_weight[weight] = sum;
    } else if place < biases {
        let output = place - output_biases;
        of_output_bias[output] = column_sum(gradient, output, sizes.outputs, sizes.n);
    } else if place < biases + sizes.inputs {
        let input = place - biases;
        of_bias[input] = column_sum(of_x, input, sizes.inputs, sizes.n);
    }
}

/// The sum of a column of a matrix.
#[cube]
fn column_sum(values: &[f32], column: usize, columns: usize, rows: usize) -> f32 {
    let mut sum = 0.0f32;
    for row in 0..rows {
        sum += values[row * columns + column];
    }
    sum
}

/// The input at a place, rectified where a bias is added to it.
#[cube]
fn rectified(x: &[f32], bias: &ComptimeOption<&[f32]>, place: usize, input: usize) -> f32 {
    let mut value = x[place];
    #[comptime]
    if let ComptimeOption::Some(bias) = bias {
        value = relu(value + bias[input]);
    }
    value
}

/// Rectified; what is not a number remains so.
#[cube]
fn relu(value: f32) -> f32 {
    if value <= 0.0f32 { 0.0f32 } else { value }
}
