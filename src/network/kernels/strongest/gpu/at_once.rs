//! The largest values of a row at once.
//!
//! Each unit has a part of the row. Of the `K` units whose own largest values are the largest, all
//! others of these values come after the last of those (none, where there are fewer units than
//! `K`); what does not come after it is a candidate. A candidate's place among the largest is the
//! number of candidates that come before it.

use cubecl::prelude::*;

use super::key::{comes_before, sort_key};
use crate::network::kernels::cube::UNITS;

/// The most candidates that a cube holds.
const CANDIDATES: usize = 1536;

/// Whether there cannot be more candidates than a cube holds.
pub fn fits(len: usize, count: usize) -> bool {
    count.min(UNITS) * len.div_ceil(UNITS) <= CANDIDATES
}

/// One cube of [`UNITS`] for each of `rows` rows: the `count` largest of its `len` values in
/// descending order with the bias added, the first of equal ones first.
#[cube(launch_unchecked)]
pub fn take_largest(
    interaction: &[f32],
    bias: &[f32],
    values: &mut [f32],
    places: &mut [i32],
    rows: usize,
    len: usize,
    count: usize,
) {
    if CUBE_POS >= rows {
        terminate!();
    }
    let unit = UNIT_POS as usize;
    let first = CUBE_POS * len;
    let (key, number) = largest_of_unit(interaction, first, len);
    let rank = rank_of_unit(key, number);
    let chosen = number > 0 && rank < count;
    let (last_key, last_number) = last_candidate(key, number, chosen && rank + 1 == count);

    // How many candidates the unit of each rank has.
    let mut counts = Shared::<[u32]>::new_slice(UNITS);
    counts[unit] = 0;
    sync_cube();
    if chosen {
        counts[rank] = candidates_of_unit(interaction, first, len, last_key, last_number);
    }
    sync_cube();
    let mut candidate_keys = Shared::<[u32]>::new_slice(CANDIDATES);
    let mut candidate_numbers = Shared::<[u32]>::new_slice(CANDIDATES);
    if chosen {
        let mut to = sum_of(&counts, rank);
        let mut place = unit;
        while place < len {
            let key = sort_key(interaction[place + first]);
            let number = place as u32 + 1;
            if !comes_before(last_key, last_number, key, number) {
                candidate_keys[to] = key;
                candidate_numbers[to] = number;
                to += 1;
            }
            place += UNITS;
        }
    }
    sync_cube();
    let candidates = sum_of(&counts, UNITS.runtime());
    let mut candidate = unit;
    while candidate < candidates {
        let (key, number) = (candidate_keys[candidate], candidate_numbers[candidate]);
        let rank = number_before(&candidate_keys, &candidate_numbers, candidates, key, number);
        if rank < count {
            let found = number as usize - 1;
            let to = rank + CUBE_POS * count;
            values[to] = interaction[found + first] + bias[0];
            places[to] = found as i32;
        }
        candidate += UNITS;
    }
}

/// The last that a candidate can be: the value of the unit that says that it is its own. Where none
/// does, it comes after all.
#[cube]
fn last_candidate(key: u32, number: u32, own: bool) -> (u32, u32) {
    let mut last = Shared::<[u32]>::new_slice(2usize);
    if UNIT_POS == 0 {
        last[0] = 0;
        last[1] = u32::MAX;
    }
    sync_cube();
    if own {
        last[0] = key;
        last[1] = number;
    }
    sync_cube();
    (last[0], last[1])
}

/// Key and number of the largest value of a unit's part, both 0 where it has none.
#[cube]
fn largest_of_unit(interaction: &[f32], first: usize, len: usize) -> (u32, u32) {
    let mut best_key = 0u32;
    let mut best_number = 0u32;
    let mut place = UNIT_POS as usize;
    while place < len {
        let key = sort_key(interaction[place + first]);
        if key > best_key {
            best_key = key;
            best_number = place as u32 + 1;
        }
        place += UNITS;
    }
    (best_key, best_number)
}

/// How many units' own largest values come before a unit's.
#[cube]
fn rank_of_unit(key: u32, number: u32) -> usize {
    let mut keys = Shared::<[u32]>::new_slice(UNITS);
    let mut numbers = Shared::<[u32]>::new_slice(UNITS);
    keys[UNIT_POS as usize] = key;
    numbers[UNIT_POS as usize] = number;
    sync_cube();
    number_before(&keys, &numbers, UNITS.runtime(), key, number)
}

/// How many values of a unit's part do not come after the last that a candidate can be.
#[cube]
fn candidates_of_unit(
    interaction: &[f32],
    first: usize,
    len: usize,
    last_key: u32,
    last_number: u32,
) -> u32 {
    let mut count = 0u32;
    let mut place = UNIT_POS as usize;
    while place < len {
        let key = sort_key(interaction[place + first]);
        if !comes_before(last_key, last_number, key, place as u32 + 1) {
            count += 1;
        }
        place += UNITS;
    }
    count
}

/// How many of the first `count` values come before one.
#[cube]
fn number_before(
    keys: &Shared<[u32]>,
    numbers: &Shared<[u32]>,
    count: usize,
    key: u32,
    number: u32,
) -> usize {
    let mut before = 0usize;
    for other in 0..count {
        if comes_before(keys[other], numbers[other], key, number) {
            before += 1;
        }
    }
    before
}

/// The sum of the first `count` counts.
#[cube]
fn sum_of(counts: &Shared<[u32]>, count: usize) -> usize {
    let mut sum = 0usize;
    for place in 0..count {
        sum += counts[place] as usize;
    }
    sum
}
