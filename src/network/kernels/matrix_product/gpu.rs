//! Matrix products on WGPU: where the result alone does not fill a device, the inner dimension is
//! divided over cubes, and the parts are added in their order.
//!
//! What runs follows from the shapes and from how the sides lie in memory, nothing else.

mod kernels;

use burn::backend::tensor::FloatTensor;
use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use super::MatrixProduct;
use crate::network::kernels::cube::{cubes, floats, own, rows};
use kernels::{Form, SHARES, SUMS, SizesLaunch, Tile, add_parts, multiply};

/// Cubes that fill a device: four for each multiprocessor of the largest there are.
const FILL: usize = 512;
/// The fewest inner positions that are worth a cube of their own.
const LEAST_INNER: usize = 128;
/// The fewest parts that are worth adding up.
const LEAST_PARTS: usize = 4;

/// For results that fill a device with them.
const LARGE: Tile = Tile {
    cube: [128, 64],
    unit: [8, 8],
    depth: 16,
};
const MEDIUM: Tile = Tile {
    cube: [64, 64],
    unit: [8, 4],
    depth: 32,
};
/// For results of few columns.
const NARROW: Tile = Tile {
    cube: [64, 32],
    unit: [4, 4],
    depth: 32,
};

impl MatrixProduct for CubeBackend {
    fn product(left: FloatTensor<Self>, right: FloatTensor<Self>) -> FloatTensor<Self> {
        multiplied(left, right, None)
    }

    fn product_onto(
        sum: FloatTensor<Self>,
        left: FloatTensor<Self>,
        right: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        multiplied(left, right, Some(sum))
    }
}

/// Sizes of a product, and of its batch.
#[derive(Debug, Clone, Copy)]
struct Extent {
    batch: usize,
    rows: usize,
    inner: usize,
    columns: usize,
}

impl Extent {
    fn tiles(&self, tile: Tile) -> usize {
        let [rows, columns] = tile.cube;
        self.batch * self.rows.div_ceil(rows) * self.columns.div_ceil(columns)
    }

    fn tile(&self) -> Tile {
        if self.columns <= NARROW.cube[1] {
            NARROW
        } else if self.tiles(LARGE) >= FILL {
            LARGE
        } else {
            MEDIUM
        }
    }

    /// Inner positions in a part, whole stages.
    fn of_part(&self, tile: Tile) -> usize {
        let parts = (FILL / self.tiles(tile).max(1)).min(self.inner / LEAST_INNER);
        let parts = if parts < LEAST_PARTS { 1 } else { parts };
        let of_part = self.inner.div_ceil(parts);
        of_part.next_multiple_of(tile.depth).max(tile.depth)
    }
}

/// A side of a product as it lies in memory.
struct Side {
    tensor: CubeTensor,
    batch: usize,
    /// Of the dimension that stays.
    outer: usize,
    inner: usize,
    along_inner: bool,
    /// From one line of memory to the next.
    pitch: usize,
    /// From one matrix to the next.
    next: usize,
}

impl Side {
    /// Of a tensor `[.., a, b]` whose inner dimension is its last but one (0) or last (1).
    fn new(tensor: CubeTensor, inner: usize) -> Self {
        Self::as_it_lies(&tensor, inner)
            .unwrap_or_else(|| Self::as_it_lies(&rows(tensor), inner).expect("row by row"))
    }

    /// None where neither dimension's neighbours are neighbours in memory.
    fn as_it_lies(tensor: &CubeTensor, inner: usize) -> Option<Self> {
        let (shape, strides) = (tensor.meta.shape(), tensor.meta.strides());
        let matrix = shape.num_dims() - 2;
        let (outer, inner) = (matrix + 1 - inner, matrix + inner);
        // One value has no neighbours.
        let lines = |along: usize| strides[along] == 1 || shape[along] == 1;
        let (along_inner, along, across) = match (lines(inner), lines(outer)) {
            (true, false) => (true, inner, outer),
            (false, true) => (false, outer, inner),
            (true, true) if shape[inner] > 1 => (true, inner, outer),
            (true, true) => (false, outer, inner),
            (false, false) => return None,
        };
        let (batch, next) = match matrix {
            0 => (1, 0),
            1 if shape[0] == 1 => (1, 0),
            1 => (shape[0], strides[0]),
            _ => panic!("a product has matrices or one batch of them, not {shape:?}"),
        };
        Some(Self {
            batch,
            outer: shape[outer],
            inner: shape[inner],
            along_inner,
            // The one line of a matrix has no next.
            pitch: match shape[across] {
                1 => shape[along],
                _ => strides[across],
            },
            next,
            tensor: tensor.clone(),
        })
    }

    /// Values that can be read together.
    fn together(&self) -> usize {
        let length = if self.along_inner {
            self.inner
        } else {
            self.outer
        };
        together([length, self.pitch, self.next])
    }
}

/// Values that can be read or written together where all of these distances are between lines.
fn together<const N: usize>(distances: [usize; N]) -> usize {
    let whole = distances.iter().all(|distance| distance.is_multiple_of(4));
    if whole { 4 } else { 1 }
}

fn multiplied(left: CubeTensor, right: CubeTensor, onto: Option<CubeTensor>) -> CubeTensor {
    let rank = left.meta.num_dims().max(right.meta.num_dims());
    let (left, right) = (Side::new(left, 1), Side::new(right, 0));
    assert_eq!(left.inner, right.inner, "inner dimensions of a product");
    assert!(left.batch == right.batch || left.batch == 1 || right.batch == 1);
    let extent = Extent {
        batch: left.batch.max(right.batch),
        rows: left.outer,
        inner: left.inner,
        columns: right.outer,
    };
    let shape = [extent.batch, extent.rows, extent.columns];
    let add = onto.is_some();
    let out = match onto {
        Some(sum) => {
            assert_eq!(sum.meta.shape()[..], shape[3 - rank..]);
            own(sum)
        }
        None if rank == 2 => floats(&left.tensor, [extent.rows, extent.columns]),
        None => floats(&left.tensor, shape),
    };
    let tile = extent.tile();
    let of_part = extent.of_part(tile);
    let parts = extent.inner.div_ceil(of_part).max(1);
    if parts == 1 {
        launch(left, right, &out, extent, tile, of_part, add);
        return out;
    }
    let count = extent.batch * extent.rows * extent.columns;
    let partial = floats(&out, [parts, count]);
    launch(left, right, &partial, extent, tile, of_part, false);
    // SAFETY: a unit reads and writes where `count` says that there is a value.
    unsafe {
        add_parts::launch_unchecked(
            &out.client,
            cubes(&out, count.div_ceil(SUMS)),
            CubeDim::new_1d((SUMS * SHARES) as u32),
            partial.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            count,
            parts,
            add,
        );
    }
    out
}

/// The products of all parts, `[parts, batch, rows, columns]`, or what is added to.
fn launch(
    left: Side,
    right: Side,
    out: &CubeTensor,
    extent: Extent,
    tile: Tile,
    of_part: usize,
    add: bool,
) {
    let Extent {
        batch,
        rows,
        inner,
        columns,
    } = extent;
    let parts = inner.div_ceil(of_part).max(1);
    let count = extent.tiles(tile) * parts;
    if count == 0 {
        return;
    }
    let sizes = SizesLaunch::new(
        count,
        batch,
        rows,
        columns,
        inner,
        parts,
        of_part,
        left.pitch,
        left.next,
        right.pitch,
        right.next,
    );
    let form = Form {
        tile,
        along_inner: [left.along_inner, right.along_inner],
        add,
    };
    // SAFETY: the kernel compares every place with the ends of its side and of the result.
    unsafe {
        multiply::launch_unchecked(
            &out.client,
            cubes(out, count),
            CubeDim::new_1d(Tile::UNITS as u32),
            left.together(),
            right.together(),
            together([columns]),
            left.tensor.into_buffer_arg(),
            right.tensor.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            sizes,
            form,
        );
    }
}
