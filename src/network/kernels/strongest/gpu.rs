//! The strongest interactions on WGPU.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn_wgpu::CubeBackend;
use cubecl::prelude::*;

use super::{Inputs, Kept, StrongestInteractionsForm};
use crate::network::kernels::cube::{
    UNITS, column_sums, cubes, dims, elementwise, floats, ints, reshaped, rows, zeros,
};
use crate::network::kernels::matrix_product::MatrixProduct;

/// The sign of a number's bits.
const SIGN: u32 = 0x8000_0000;
/// The bits of infinity; those of NaN are more, but for the sign.
const INFINITY: u32 = 0x7f80_0000;

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
        count: usize,
    ) -> (FloatTensor<Self>, IntTensor<Self>) {
        let [n, len] = dims(&interaction);
        let interaction = rows(interaction);
        let values = floats(&interaction, [n, count]);
        let places = ints(&interaction, [n, count]);
        take_largest::launch(
            &values.client,
            cubes(&values, n),
            CubeDim::new_1d(UNITS as u32),
            interaction.into_buffer_arg(),
            values.clone().into_buffer_arg(),
            places.clone().into_buffer_arg(),
            n,
            len,
            count,
            UNITS,
        );
        (values, places)
    }

    fn strongest_gradients(
        kept: Kept<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 4] {
        let inputs = kept.inputs;
        let [n, bins_p, k] = dims(&inputs.seen_enhancer);
        let [_, bins_e, _] = dims(&inputs.seen_promoter);
        let [_, count] = dims(&gradient);
        let (gradient, places) = (rows(gradient), rows(kept.places));
        // The gradient of the whole of P.
        let whole = zeros(&gradient, [n, bins_p, bins_e]);
        let (cubes, units) = elementwise(&gradient, n * count);
        scatter::launch(
            &whole.client,
            cubes,
            units,
            gradient.clone().into_buffer_arg(),
            places.into_buffer_arg(),
            whole.clone().into_buffer_arg(),
            n * count,
            count,
            bins_p * bins_e,
        );
        // [n, l_P, l_E] · [n, l_E, k] → [n·l_P, k]
        let seen = Self::product(whole.clone(), inputs.seen_promoter);
        let seen = reshaped(seen, [n * bins_p, k]);
        // [k, n·l_P] · [n·l_P, k]
        let enhancers = reshaped(inputs.seen_enhancer, [n * bins_p, k]);
        let gradient_w = Self::product(Self::float_transpose(enhancers), seen.clone());
        // [n·l_P, k] · [k, k] → [n, l_P, k]
        let gradient_e = Self::product(seen, Self::float_transpose(inputs.weight));
        let gradient_e = reshaped(gradient_e, [n, bins_p, k]);
        // [n, l_E, l_P] · [n, l_P, k]
        let gradient_p = Self::product(Self::float_transpose(whole), kept.weighted);
        let gradient_b = column_sums(gradient, n * count, 1, 1.0);
        [gradient_e, gradient_p, gradient_w, gradient_b]
    }
}

/// One cube for each of `rows` rows: the `count` largest of its `len` values in descending order,
/// the first of equal ones first. `units`, a power of two, is the size of a cube.
///
/// Each value is the largest of those that come after the one taken before it.
#[cube(launch)]
fn take_largest(
    interaction: &[f32],
    values: &mut [f32],
    places: &mut [i32],
    rows: usize,
    len: usize,
    count: usize,
    #[comptime] units: usize,
) {
    if CUBE_POS >= rows {
        terminate!();
    }
    let unit = UNIT_POS as usize;
    let first = CUBE_POS * len;
    let mut keys = Shared::<[u32]>::new_slice(units);
    // Places counted from 1; 0 and the key 0 mean that there is none.
    let mut numbers = Shared::<[u32]>::new_slice(units);
    // What was taken last; at first, what comes before all values.
    let mut last_key = u32::MAX.runtime();
    let mut last_number = 0u32;
    for taken in 0..count {
        let (best_key, best_number) =
            next_largest(interaction, first, len, last_key, last_number, units);
        keys[unit] = best_key;
        numbers[unit] = best_number;
        sync_cube();
        let mut active = units.runtime();
        while active > 1 {
            active /= 2;
            if unit < active {
                let key = keys[unit];
                let number = numbers[unit];
                let other_key = keys[unit + active];
                let other_number = numbers[unit + active];
                if other_key > key || (other_key == key && other_number < number) {
                    keys[unit] = other_key;
                    numbers[unit] = other_number;
                }
            }
            sync_cube();
        }
        last_key = keys[0];
        last_number = numbers[0];
        // All have read this before any unit writes the next.
        sync_cube();
        if unit == 0 {
            let found = last_number - 1;
            let to = taken + CUBE_POS * count;
            values[to] = interaction[found as usize + first];
            places[to] = found as i32;
        }
    }
}

/// Of the values that one of `units` units looks through, the largest that comes after the last one:
/// its key and its place counted from 1, both 0 where there is none.
#[cube]
fn next_largest(
    interaction: &[f32],
    first: usize,
    len: usize,
    last_key: u32,
    last_number: u32,
    #[comptime] units: usize,
) -> (u32, u32) {
    let mut best_key = 0u32;
    let mut best_number = 0u32;
    let mut place = UNIT_POS as usize;
    while place < len {
        let key = sort_key(interaction[place + first]);
        let number = place as u32 + 1;
        let remains = key < last_key || (key == last_key && number > last_number);
        if remains && key > best_key {
            best_key = key;
            best_number = number;
        }
        place += units;
    }
    (best_key, best_number)
}

/// A positive number that is the larger the larger the value is: the same for 0 and −0, and the
/// largest for NaN.
#[cube]
fn sort_key(value: f32) -> u32 {
    let bits = u32::reinterpret(value);
    let size = bits % SIGN;
    if size > INFINITY {
        u32::MAX
    } else if bits < SIGN {
        size + SIGN
    } else {
        SIGN - size
    }
}

/// One unit for each of `values` values, `count` of each pair: puts it in its place among the
/// pair's `cells`.
#[cube(launch)]
fn scatter(
    gradient: &[f32],
    places: &[i32],
    whole: &mut [f32],
    values: usize,
    count: usize,
    cells: usize,
) {
    if ABSOLUTE_POS >= values {
        terminate!();
    }
    let place = places[ABSOLUTE_POS] as usize;
    whole[ABSOLUTE_POS / count * cells + place] = gradient[ABSOLUTE_POS];
}
