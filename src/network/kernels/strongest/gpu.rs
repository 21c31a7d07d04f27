//! The strongest interactions on WGPU.

mod at_once;
mod key;
mod one_by_one;

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use super::{Inputs, Kept, StrongestInteractionsForm};
use crate::element::Sides;
use crate::network::kernels::cube::{
    UNITS, column_sums, cubes, dims, floats, ints, reshaped, rows,
};
use crate::network::kernels::matrix_product::MatrixProduct;

impl StrongestInteractionsForm for CubeBackend {
    fn products(inputs: &Inputs<Self>) -> [FloatTensor<Self>; 2] {
        let [n, bins_p, k] = dims(&inputs.seen_enhancer);
        // [n·l_P, k] · [k, k] → [n, l_P, k]
        let rows = reshaped(inputs.seen_enhancer.clone(), [n * bins_p, k]);
        let weighted = Self::product(rows, inputs.weight.clone());
        let weighted = reshaped(weighted, [n, bins_p, k]);
        // [n, l_P, k] · [n, k, l_E] → [n, l_P, l_E]
        let columns = Self::float_swap_dims(inputs.seen_promoter.clone(), 1, 2);
        let products = Self::product(weighted.clone(), columns);
        [weighted, products]
    }

    fn largest(
        interaction: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        count: usize,
    ) -> (FloatTensor<Self>, IntTensor<Self>) {
        let [n, len] = dims(&interaction);
        let interaction = rows(interaction);
        let values = floats(&interaction, [n, count]);
        let places = ints(&interaction, [n, count]);
        let (client, of_rows) = (values.client.clone(), cubes(&values, n));
        let units = CubeDim::new_1d(UNITS as u32);
        let (interaction, bias) = (interaction.into_buffer_arg(), rows(bias).into_buffer_arg());
        let out = [values.clone(), places.clone()].map(CubeTensor::into_buffer_arg);
        let [of_values, of_places] = out;
        if at_once::fits(len, count) {
            // SAFETY: units without work of their own end at once, the others stay inside the arrays.
            unsafe {
                at_once::take_largest::launch_unchecked(
                    &client,
                    of_rows,
                    units,
                    interaction,
                    bias,
                    of_values,
                    of_places,
                    n,
                    len,
                    count,
                );
            }
        } else {
            // SAFETY: units without work of their own end at once, the others stay inside the arrays.
            unsafe {
                one_by_one::take_largest::launch_unchecked(
                    &client,
                    of_rows,
                    units,
                    interaction,
                    bias,
                    of_values,
                    of_places,
                    n,
                    len,
                    count,
                    UNITS,
                );
            }
        }
        (values, places)
    }

    fn strongest_gradients(
        kept: Kept<Self>,
        gradient: FloatTensor<Self>,
        elsewhere: Sides<FloatTensor<Self>>,
    ) -> [FloatTensor<Self>; 4] {
        let inputs = kept.inputs;
        let [n, bins_p, k] = dims(&inputs.seen_enhancer);
        let [_, bins_e, _] = dims(&inputs.seen_promoter);
        let [_, count] = dims(&gradient);
        let (gradient, places) = (rows(gradient), rows(kept.places));
        // The gradient of the whole of P.
        let whole = floats(&gradient, [n, bins_p, bins_e]);
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            scatter::launch_unchecked(
                &whole.client,
                cubes(&whole, n),
                CubeDim::new_1d(UNITS as u32),
                gradient.clone().into_buffer_arg(),
                places.into_buffer_arg(),
                whole.clone().into_buffer_arg(),
                n,
                count,
                bins_p * bins_e,
            );
        }
        // [n, l_P, l_E] · [n, l_E, k] → [n·l_P, k]
        let seen = Self::product(whole.clone(), inputs.seen_promoter);
        let seen = reshaped(seen, [n * bins_p, k]);
        // [k, n·l_P] · [n·l_P, k]
        let enhancers = reshaped(inputs.seen_enhancer, [n * bins_p, k]);
        let gradient_w = Self::product(Self::float_transpose(enhancers), seen.clone());
        // [n·l_P, k] · [k, k] → [n, l_P, k]
        let of_enhancer = reshaped(elsewhere.enhancer, [n * bins_p, k]);
        let weight = Self::float_transpose(inputs.weight);
        let gradient_e = Self::product_onto(of_enhancer, seen, weight);
        let gradient_e = reshaped(gradient_e, [n, bins_p, k]);
        // [n, l_E, l_P] · [n, l_P, k]
        let whole = Self::float_transpose(whole);
        let gradient_p = Self::product_onto(elsewhere.promoter, whole, kept.weighted);
        let gradient_b = column_sums(gradient, n * count, 1, 1.0);
        [gradient_e, gradient_p, gradient_w, gradient_b]
    }
}

/// One cube of [`UNITS`] for each of `pairs` pairs: puts its `count` values in their places among its
/// `cells`, the others of which become 0.
#[cube(launch_unchecked)]
fn scatter(
    gradient: &[f32],
    places: &[i32],
    whole: &mut [f32],
    pairs: usize,
    count: usize,
    cells: usize,
) {
    if CUBE_POS >= pairs {
        terminate!();
    }
    let first = CUBE_POS * cells;
    let mut cell = UNIT_POS as usize;
    while cell < cells {
        whole[cell + first] = 0.0f32;
        cell += UNITS;
    }
    sync_storage();
    let mut value = UNIT_POS as usize;
    while value < count {
        let from = CUBE_POS * count + value;
        whole[places[from] as usize + first] = gradient[from];
        value += UNITS;
    }
}
