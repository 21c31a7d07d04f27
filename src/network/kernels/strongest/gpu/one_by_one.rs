//! The largest values of a row one after the other, however many.

use cubecl::prelude::*;

use super::key::sort_key;

/// One cube for each of `rows` rows: the `count` largest of its `len` values in descending order,
/// the first of equal ones first. `units`, a power of two, is the size of a cube.
///
/// Each value is the largest of those that come after the one taken before it.
#[cube(launch_unchecked)]
pub fn take_largest(
    interaction: &[f32],
    bias: &[f32],
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
            values[to] = interaction[found as usize + first] + bias[0];
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
