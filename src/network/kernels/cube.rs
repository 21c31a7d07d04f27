//! Tensors of the CubeCL backend as buffers, and kernels that several operations share.

use burn::backend::TensorMetadata;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::{DType, Shape};
use burn_wgpu::{CubeBackend, CubeTensor, into_contiguous};
use cubecl::calculate_cube_count_elemwise;
use cubecl::prelude::*;
use cubecl::server::CubeCountSelection;

/// The most units of a cube that work together; every device has as many.
pub const UNITS: usize = 256;

/// The shape of a tensor of `D` dimensions.
pub fn dims<const D: usize>(tensor: &CubeTensor) -> [usize; D] {
    tensor.shape().dims()
}

/// The same tensor, row by row without gaps.
pub fn rows(tensor: CubeTensor) -> CubeTensor {
    into_contiguous(tensor)
}

/// The same tensor, row by row, in memory that nothing else uses.
pub fn own(tensor: CubeTensor) -> CubeTensor {
    let tensor = rows(tensor);
    if tensor.can_mut() {
        tensor
    } else {
        tensor.copy()
    }
}

/// The same values in another shape.
pub fn reshaped<const D: usize>(tensor: CubeTensor, shape: [usize; D]) -> CubeTensor {
    CubeBackend::float_reshape(tensor, Shape::new(shape))
}

/// A tensor on the device of another, to be written row by row.
pub fn floats<const D: usize>(like: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    empty(like, shape, DType::F32)
}

/// A tensor on the device of another, to be written row by row.
pub fn ints<const D: usize>(like: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    empty(like, shape, DType::I32)
}

fn empty<const D: usize>(like: &CubeTensor, shape: [usize; D], dtype: DType) -> CubeTensor {
    let shape = Shape::new(shape);
    let memory = like.client.empty(shape.num_elements() * dtype.size());
    let (client, device) = (like.client.clone(), like.device.clone());
    CubeTensor::new_contiguous(client, device, shape, memory, dtype)
}

/// At least `count` units, whose places are `ABSOLUTE_POS`, on the device of a tensor.
pub fn elementwise(like: &CubeTensor, count: usize) -> (CubeCount, CubeDim) {
    let units = CubeDim::new(&like.client, count);
    (
        calculate_cube_count_elemwise(&like.client, count, units),
        units,
    )
}

/// At least `count` cubes, whose places are `CUBE_POS`, on the device of a tensor.
pub fn cubes(like: &CubeTensor, count: usize) -> CubeCount {
    CubeCountSelection::new(&like.client, count as u32).cube_count()
}

/// The sum of each column times a factor, in an order that only the shape decides.
///
/// # Shapes
///
/// - tensor: of `rows · columns` values, row by row
/// - returns: `[columns]`
pub fn column_sums(tensor: CubeTensor, rows: usize, columns: usize, factor: f32) -> CubeTensor {
    let sums = floats(&tensor, [columns]);
    let units = rows.next_power_of_two().min(UNITS);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        add_columns::launch_unchecked(
            &sums.client,
            cubes(&sums, columns),
            CubeDim::new_1d(units as u32),
            tensor.into_buffer_arg(),
            sums.clone().into_buffer_arg(),
            rows,
            columns,
            factor,
            units,
        );
    }
    sums
}

/// One cube for each column; `units`, a power of two, is its size.
#[cube(launch_unchecked)]
fn add_columns(
    values: &[f32],
    sums: &mut [f32],
    rows: usize,
    columns: usize,
    factor: f32,
    #[comptime] units: usize,
) {
    if CUBE_POS >= columns {
        terminate!();
    }
    let unit = UNIT_POS as usize;
    let mut parts = Shared::<[f32]>::new_slice(units);
    let mut sum = 0.0f32;
    let mut row = UNIT_POS as usize;
    while row < rows {
        sum += values[row * columns + CUBE_POS];
        row += units;
    }
    parts[unit] = sum;
    sync_cube();
    let mut active = units.runtime();
    while active > 1 {
        active /= 2;
        if unit < active {
            let other = parts[unit + active];
            parts[unit] += other;
        }
        sync_cube();
    }
    if unit == 0 {
        sums[CUBE_POS] = factor * parts[0];
    }
}

/// Units are started in groups of this many.
pub const GROUP: usize = 32;

/// Values that are asked for before the first of them is needed: a unit that asked for one at a time
/// would wait for each.
const AHEAD: usize = 8;

/// The sum of a column of a matrix of `rows · columns` values, row by row.
#[cube]
pub fn column_sum(values: &[f32], column: usize, rows: usize, columns: usize) -> f32 {
    let mut sum = 0.0f32;
    let mut row = 0usize;
    while row < rows {
        #[unroll]
        for ahead in 0..AHEAD {
            let value = values[min(row + ahead, rows - 1) * columns + column];
            sum += if row + ahead < rows { value } else { 0.0f32 };
        }
        row += AHEAD;
    }
    sum
}

/// Values of an array: the first one, and from each to the next.
#[derive(CubeType)]
pub struct Run {
    pub first: usize,
    pub step: usize,
}

/// The sum of the products of `count` values of each of two arrays.
#[cube]
pub fn dot(a: &[f32], of_a: Run, b: &[f32], of_b: Run, count: usize) -> f32 {
    let mut sum = 0.0f32;
    let mut place = 0usize;
    while place < count {
        #[unroll]
        for ahead in 0..AHEAD {
            let at = min(place + ahead, count - 1);
            let product = a[at * of_a.step + of_a.first] * b[at * of_b.step + of_b.first];
            sum += if place + ahead < count {
                product
            } else {
                0.0f32
            };
        }
        place += AHEAD;
    }
    sum
}
