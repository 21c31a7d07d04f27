//! What every way to the maxima reads and writes.

use burn_wgpu::CubeTensor;
use cubecl::prelude::*;

use crate::network::kernels::dropout::gpu::{Drops, drop_factor};

/// What both ways to the maxima read and write, row by row.
pub struct Buffers {
    /// `[n, length]`
    pub codes: CubeTensor,
    /// `[k, 4, w]`
    pub filters: CubeTensor,
    /// `[n, l, k]`
    pub activations: CubeTensor,
    /// `[n, l, k]`
    pub positions: Option<CubeTensor>,
}

impl Buffers {
    /// The positions as a kernel takes them.
    pub fn positions(positions: Option<CubeTensor>) -> ComptimeOptionArgs<&'static mut [i32]> {
        match positions {
            Some(positions) => ComptimeOptionArgs::Some(positions.into_buffer_arg()),
            None => ComptimeOptionArgs::None,
        }
    }
}

/// Writes a maximum down, and its position where it is wanted: −1 where nothing comes out.
#[cube]
pub fn write(
    activations: &mut [f32],
    positions: &mut ComptimeOption<&mut [i32]>,
    place: usize,
    best: f32,
    at: i32,
    drops: &Drops,
) {
    let activation = best * drop_factor(place as u32, drops);
    activations[place] = activation;
    #[comptime]
    if let ComptimeOption::Some(positions) = positions {
        positions[place] = if activation > 0.0f32 {
            at
        } else {
            i32::new(-1)
        };
    }
}
