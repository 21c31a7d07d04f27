//! Dropout inside kernels.

use cubecl::prelude::*;

use super::{Dropout, FIRST, SECOND};

/// [`Dropout`] in kernels.
#[derive(CubeLaunch, CubeType)]
pub struct Drops {
    threshold: u32,
    first_seed: u32,
    second_seed: u32,
    scale: f32,
}

pub fn drops(dropout: Dropout) -> DropsLaunch {
    let [first_seed, second_seed] = dropout.seed;
    DropsLaunch::new(dropout.threshold, first_seed, second_seed, dropout.scale)
}

/// [`Dropout::factor`]
#[cube]
pub fn drop_factor(place: u32, drops: &Drops) -> f32 {
    let number = scramble(scramble(place ^ drops.first_seed) + drops.second_seed);
    if number < drops.threshold {
        0.0f32
    } else {
        drops.scale
    }
}

/// As on the CPU: kernels' integers wrap around.
#[cube]
fn scramble(word: u32) -> u32 {
    let once = (word ^ (word >> 16)) * FIRST;
    let twice = (once ^ (once >> 15)) * SECOND;
    twice ^ (twice >> 16)
}
