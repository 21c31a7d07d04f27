//! The sum of the parts of a product.

use cubecl::prelude::*;

/// Values of the result for which a cube adds up the parts.
pub const SUMS: usize = 32;
/// Units that share the parts of a value.
pub const SHARES: usize = 8;

/// One cube for every [`SUMS`] of `count` values, one unit for each of them and every
/// [`SHARES`]th part; the sum is added to what is there where that is asked for.
///
/// - values: `[parts, count]`
#[cube(launch_unchecked)]
pub fn add_parts(
    values: &[f32],
    out: &mut [f32],
    count: usize,
    parts: usize,
    #[comptime] add: bool,
) {
    if CUBE_POS * SUMS >= count {
        terminate!();
    }
    let unit = UNIT_POS as usize;
    let place = CUBE_POS * SUMS + unit % SUMS;
    let mut shares = Shared::<[f32]>::new_slice(comptime!(SUMS * SHARES));
    let mut sum = 0.0f32;
    if place < count {
        let mut part = unit / SUMS;
        while part < parts {
            sum += values[part * count + place];
            part += SHARES;
        }
    }
    shares[unit] = sum;
    sync_cube();
    if unit < SUMS && place < count {
        let mut sum = 0.0f32;
        #[unroll]
        for share in 0..SHARES {
            sum += shares[share * SUMS + unit];
        }
        if comptime!(add) {
            sum += out[place];
        }
        out[place] = sum;
    }
}
