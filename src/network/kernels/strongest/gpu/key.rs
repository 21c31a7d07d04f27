//! The order of values.

use cubecl::prelude::*;

/// The sign of a number's bits.
const SIGN: u32 = 0x8000_0000;
/// The bits of infinity; those of NaN are more, but for the sign.
const INFINITY: u32 = 0x7f80_0000;

/// A positive number that is the larger the larger the value is: the same for 0 and −0, and the
/// largest for NaN.
#[cube]
pub fn sort_key(value: f32) -> u32 {
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

/// Whether a value comes before another: it is the larger, or the first of equal ones. Numbers are
/// places counted from 1; where there is no value, key and number are 0.
#[cube]
pub fn comes_before(key: u32, number: u32, other_key: u32, other_number: u32) -> bool {
    key > other_key || (key == other_key && number < other_number)
}
