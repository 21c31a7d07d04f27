//! Matrix products on WGPU: where the result alone does not fill a device, the inner dimension is
//! divided over cubes, and the parts are added in their order.
//!
//! What runs follows from the shapes and from how the sides lie in memory, nothing else.

mod kernels;
mod parts;
mod plan;
mod side;
mod stage;

use burn::backend::tensor::FloatTensor;
use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use super::MatrixProduct;
use crate::network::kernels::cube::{cubes, floats, own};
use kernels::{Form, SizesLaunch, Turned, multiply};
use parts::{SHARES, SUMS, add_parts};
use plan::{Plan, UNITS};
use side::{Side, together};

impl MatrixProduct for CubeBackend {
    fn product(left: FloatTensor<Self>, right: FloatTensor<Self>) -> FloatTensor<Self> {
        Product::new(left, right).compute()
    }

    fn product_onto(
        sum: FloatTensor<Self>,
        left: FloatTensor<Self>,
        right: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Product::new(left, right).onto(sum).compute()
    }
}

/// Matrices whose lines stand in another order in memory: line `b · k + f` of `l · k` is line
/// `f · l + b` there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The lines of the right side: its inner positions where it is row by row, its columns where
    /// it is a transposed view.
    Right([usize; 2]),
    /// The rows of the result.
    Rows([usize; 2]),
}

/// A product, and what else becomes of its sums.
///
/// # Shapes
///
/// - left: `[b, rows, inner]` or `[rows, inner]`, right: `[b, inner, columns]` or
///   `[inner, columns]`; a batch of one serves all of the other side's
/// - result: `[b, rows, columns]`, `[rows, columns]` of two matrices
pub struct Product {
    left: CubeTensor,
    right: CubeTensor,
    turn: Option<Turn>,
    onto: Option<CubeTensor>,
}

impl Product {
    /// Of two sides, each as it lies in memory.
    pub fn new(left: CubeTensor, right: CubeTensor) -> Self {
        Self {
            left,
            right,
            turn: None,
            onto: None,
        }
    }

    /// With lines in another order, which those given as `[l, k]` are.
    pub fn turned(self, turn: Option<Turn>) -> Self {
        Self { turn, ..self }
    }

    /// Added to a tensor of the result's shape.
    pub fn onto(self, sum: CubeTensor) -> Self {
        Self {
            onto: Some(sum),
            ..self
        }
    }

    /// The result.
    pub fn compute(self) -> CubeTensor {
        let add = self.onto.is_some();
        let rank = self.left.meta.num_dims();
        let (turned, [count, width], right) = match self.turn {
            None => (Turned::Nothing, [1, 1], Side::new(self.right, 0)),
            Some(Turn::Rows(lines)) => (Turned::Rows, lines, Side::new(self.right, 0)),
            Some(Turn::Right(lines)) => (Turned::Right, lines, Side::by_lines(self.right, 0)),
        };
        let left = Side::new(self.left, 1);
        let plan = Plan::new(&left, &right);
        let [batch, rows, columns] = plan.shape();
        let out = match self.onto {
            Some(sum) => own(sum),
            None if rank == 2 => floats(&left.tensor, [rows, columns]),
            None => floats(&left.tensor, [batch, rows, columns]),
        };
        assert_eq!(out.meta.num_elements(), batch * rows * columns);
        let turn = [count, width];
        if plan.parts == 1 {
            launch(left, right, &out, &plan, turned, turn, add);
        } else {
            let partial = floats(&out, [plan.parts, batch * rows * columns]);
            launch(left, right, &partial, &plan, turned, turn, false);
            add_up(partial, &out, &plan, add);
        }
        out
    }
}

/// The products of all parts: `[parts, b, rows, columns]`.
fn launch(
    left: Side,
    right: Side,
    out: &CubeTensor,
    plan: &Plan,
    turned: Turned,
    [turn_count, turn_width]: [usize; 2],
    add: bool,
) {
    let [batch, rows, columns] = plan.shape();
    if plan.cubes() == 0 {
        return;
    }
    let sizes = SizesLaunch::new(
        plan.cubes(),
        batch,
        rows,
        columns,
        plan.inner,
        plan.parts,
        plan.of_part,
        left.pitch,
        left.next,
        right.pitch,
        right.next,
        turn_count,
        turn_width,
    );
    let form = Form {
        tile: plan.tile,
        along_inner: [left.along_inner, right.along_inner],
        turned,
        add,
    };
    // SAFETY: the kernel compares every place with the ends of its side and of the result.
    unsafe {
        multiply::launch_unchecked(
            &out.client,
            cubes(out, plan.cubes()),
            CubeDim::new_1d(UNITS as u32),
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

/// The sums of the parts.
fn add_up(partial: CubeTensor, out: &CubeTensor, plan: &Plan, add: bool) {
    let count = plan.shape().iter().product::<usize>();
    // SAFETY: a unit reads and writes where `count` says that there is a value.
    unsafe {
        add_parts::launch_unchecked(
            &out.client,
            cubes(out, count.div_ceil(SUMS)),
            CubeDim::new_1d((SUMS * SHARES) as u32),
            partial.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            count,
            plan.parts,
            add,
        );
    }
}
