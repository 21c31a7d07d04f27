//! The loss on WGPU: one cube for its sums, one unit for each pair's gradients.

use burn::backend::tensor::FloatTensor;
use burn_wgpu::CubeBackend;
use cubecl::prelude::*;

use super::{Inputs, PairLossForm};
use crate::network::kernels::cube::{UNITS, cubes, dims, elementwise, floats, rows};

/// Exponents are held below this: WGSL does not promise infinities.
const LARGEST: f32 = 80.0;

impl PairLossForm for CubeBackend {
    fn losses(inputs: &Inputs<Self>, lambda: f32) -> [FloatTensor<Self>; 2] {
        let [n, _] = dims(&inputs.logit);
        let [total, both] = [1, 2].map(|count| floats(&inputs.logit, [count]));
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            add_losses::launch_unchecked(
                &total.client,
                cubes(&total, 1),
                CubeDim::new_1d(UNITS as u32),
                values(inputs.clone()),
                total.clone().into_buffer_arg(),
                both.clone().into_buffer_arg(),
                n,
                lambda,
            );
        }
        [total, both]
    }

    fn loss_gradients(
        inputs: Inputs<Self>,
        lambda: f32,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 3] {
        let [n, _] = dims(&inputs.logit);
        let [logit, enhancer, promoter] =
            [[n, 1], [n, 2], [n, 2]].map(|shape| floats(&gradient, shape));
        let (cubes, units) = elementwise(&logit, n);
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            fill_gradients::launch_unchecked(
                &logit.client,
                cubes,
                units,
                values(inputs),
                rows(gradient).into_buffer_arg(),
                logit.clone().into_buffer_arg(),
                enhancer.clone().into_buffer_arg(),
                promoter.clone().into_buffer_arg(),
                n,
                lambda,
            );
        }
        [logit, enhancer, promoter]
    }
}

/// [`Inputs`] in kernels.
#[derive(CubeLaunch, CubeType)]
struct Values {
    logit: Box<[f32]>,
    label: Box<[f32]>,
    enhancer: Box<[f32]>,
    enhancer_target: Box<[f32]>,
    promoter: Box<[f32]>,
    promoter_target: Box<[f32]>,
}

fn values(inputs: Inputs<CubeBackend>) -> ValuesLaunch {
    let buffer = |tensor| rows(tensor).into_buffer_arg();
    ValuesLaunch::new(
        buffer(inputs.logit),
        buffer(inputs.label),
        buffer(inputs.enhancer),
        buffer(inputs.enhancer_target),
        buffer(inputs.promoter),
        buffer(inputs.promoter_target),
    )
}

/// One cube of [`UNITS`] units: the means over `n` pairs.
#[cube(launch_unchecked)]
fn add_losses(values: &Values, total: &mut [f32], both: &mut [f32], n: usize, lambda: f32) {
    if CUBE_POS >= 1 {
        terminate!();
    }
    let unit = UNIT_POS as usize;
    let mut entropies = Shared::<[f32]>::new_slice(UNITS);
    let mut squares = Shared::<[f32]>::new_slice(UNITS);
    let mut entropy = 0.0f32;
    let mut square = 0.0f32;
    let mut pair = UNIT_POS as usize;
    while pair < n {
        entropy += cross_entropy(values.logit[pair], values.label[pair]);
        #[unroll]
        for end in 0..2 {
            let place = pair * 2 + end;
            let of_enhancer = values.enhancer[place] - values.enhancer_target[place];
            let of_promoter = values.promoter[place] - values.promoter_target[place];
            square += of_enhancer * of_enhancer + of_promoter * of_promoter;
        }
        pair += UNITS;
    }
    entropies[unit] = entropy;
    squares[unit] = square;
    sync_cube();
    let mut active = UNITS.runtime();
    while active > 1 {
        active /= 2;
        if unit < active {
            let other = entropies[unit + active];
            entropies[unit] += other;
            let other = squares[unit + active];
            squares[unit] += other;
        }
        sync_cube();
    }
    if unit == 0 {
        let mean = entropies[0] / n as f32;
        let whole = lambda * mean + squares[0] / (2.0f32 * n as f32);
        total[0] = whole;
        both[0] = whole;
        both[1] = mean;
    }
}

/// One unit for each of `n` pairs: the gradients from `gradient`, that of the whole loss.
#[cube(launch_unchecked)]
fn fill_gradients(
    values: &Values,
    gradient: &[f32],
    logit: &mut [f32],
    enhancer: &mut [f32],
    promoter: &mut [f32],
    n: usize,
    lambda: f32,
) {
    let pair = ABSOLUTE_POS;
    if pair >= n {
        terminate!();
    }
    let of_pair = gradient[0] / n as f32;
    logit[pair] = of_pair * lambda * (sigmoid(values.logit[pair]) - values.label[pair]);
    #[unroll]
    for end in 0..2 {
        let place = pair * 2 + end;
        enhancer[place] = of_pair * (values.enhancer[place] - values.enhancer_target[place]);
        promoter[place] = of_pair * (values.promoter[place] - values.promoter_target[place]);
    }
}

/// `−y · ln σ(x) − (1 − y) · ln σ(−x)`
#[cube]
fn cross_entropy(x: f32, y: f32) -> f32 {
    y * minus_ln_sigmoid(x) + (1.0f32 - y) * minus_ln_sigmoid(-x)
}

/// `−ln σ(x)`, whose exponential is at most 1.
#[cube]
fn minus_ln_sigmoid(x: f32) -> f32 {
    let ln = ((-x.abs()).exp() + 1.0f32).ln();
    // A comparison that keeps NaN, which `max` may not.
    if x > 0.0f32 { ln } else { ln - x }
}

/// `σ(x)`
#[cube]
fn sigmoid(x: f32) -> f32 {
    let exponent = if -x > LARGEST { LARGEST } else { -x };
    1.0f32 / (1.0f32 + exponent.exp())
}
