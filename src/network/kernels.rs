//! The operations that most of the model's time goes into, written for it.
//!
//! They are our own because no library has operations of these shapes, and the same network put
//! together from plain ones, in PyTorch, takes five to 35 times as long: see `docs/performance.md`.
//!
//! Each is a backend extension of burn's. Its file has its gradient where something is learnt through
//! it; below it stand a form for the CPU (`cpu.rs`: vector instructions chosen at run time, all cores)
//! and one for WGPU (`gpu.rs`: CubeCL). What it means, `tests/kernels/plain.rs` says as a composition
//! of plain tensor operations, which every form is compared with. Every form gives the same numbers
//! whatever the number of threads. [`dropout`] is a part of some of them; [`logit_gradient`] is the
//! CPU's alone, [`substitutions`] WGPU's, and [`letters`] the host's.

// A function that names no vectors is compiled for every set of vector instructions all the same,
// by `with_simd`, whose parameter it then does not use.
#![allow(clippy::extra_unused_type_parameters)]

pub mod adam;
pub mod attention;
pub mod dropout;
pub mod letters;
pub mod logit_gradient;
pub mod loss;
pub mod matrix_product;
pub mod pairwise;
pub mod perceptron;
pub mod sequence_encoder;
pub mod strongest;
pub mod substitutions;
pub mod wide_linear;
pub mod windows;

pub(super) mod exp;
pub(super) mod flex;

mod cube;
mod learnt;
