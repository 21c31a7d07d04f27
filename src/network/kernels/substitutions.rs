//! The strongest interactions of a pair with each of many substitutions in one of its windows, on WGPU.
//!
//! The formulas are those of mutagenesis on the CPU (`contribution/ism.rs`), in which a substitution
//! changes one or two bins of one window and what stays is known; here all substitutions that fit
//! into memory are computed together, each kernel one step of all of them.

mod gpu;

use std::ops::Range;

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, ExtensionType, backend_extension};
use burn::tensor::Tensor;

use super::attention::Scoring;
use crate::attention::Pooling;
use crate::element::Element;

/// The most values of one step, 128 MiB: what every WGPU device can read from one buffer
/// (`maxStorageBufferBindingSize` of <https://www.w3.org/TR/webgpu/#limits>).
const VALUES: usize = 1 << 25;

/// Substitutions that reach the same bins, of which a piece has no more than fit into memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The bins.
    pub bins: Range<usize>,
    /// Bases and the letters that are put there, 0–3 for ACGT; a base's own code puts nothing there.
    pub of: Vec<(usize, u8)>,
}

/// The most substitutions of a [`Piece`] of so many bins where a substitution has this many values for all
/// interactions, and as many for each bin.
pub fn most_of_piece(bins: usize, values: Values) -> usize {
    (VALUES / values.of(bins)).max(2)
}

/// How many values a substitution has in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Values {
    /// Interactions, `l · m`.
    pub interactions: usize,
    /// Of a bin that it reaches, the larger of `l`, `m`, `k` and `2·d`.
    pub of_bin: usize,
}

impl Values {
    /// Of a substitution that reaches so many bins, in the step that has most.
    fn of(self, bins: usize) -> usize {
        self.interactions.max(bins * self.of_bin)
    }
}

/// The window that changes, and what the other one and the network's weights are to it.
#[derive(Debug, Clone, ExtensionType)]
pub struct Inputs<B: Backend> {
    /// Base codes of the window, 0–3 for ACGT and 4 for all else: `[1, L]`.
    pub codes: IntTensor<B>,
    /// `[k, 4, w]`
    pub filters: FloatTensor<B>,
    /// The window's activations as they are, `h_S`: `[l, k]`.
    pub activations: FloatTensor<B>,
    /// What projects them, for the attention over the promoter, then for that over the enhancer:
    /// `[k, 2·d]`.
    pub projections: FloatTensor<B>,
    /// The other window's activations times `Wᵀ`, or times `W` where it is the enhancer's: `[m, k]`.
    pub weighted_partner: FloatTensor<B>,
    /// The other window's projections: `[m, 2·d]`.
    pub projected_partner: FloatTensor<B>,
    /// `v` of the attention over the promoter, then of that over the enhancer: `[2, d]`.
    pub scores: FloatTensor<B>,
    /// `b`: `[1]`.
    pub bias: FloatTensor<B>,
}

/// The window that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changing {
    /// Whose window it is.
    pub side: Element,
    /// How it is pooled.
    pub pooling: Pooling,
    /// What a substitution there has.
    pub values: Values,
}

/// The `count` strongest interactions with each substitution, in descending order, as they come piece
/// after piece: `[n, count]`.
///
/// # Panics
///
/// On another device than WGPU's, and without any substitution.
pub fn substituted_strongest(
    inputs: Inputs<Dispatch>,
    pieces: Vec<Piece>,
    changing: Changing,
    scoring: Scoring,
    count: usize,
) -> Tensor<2> {
    let found = Dispatch::substituted_strongest(inputs, pieces, changing, scoring, count);
    Tensor::from_dispatch(found)
}

/// [`substituted_strongest`](substituted_strongest()) as an extension of burn's backends.
#[backend_extension(Cube)]
pub trait SubstitutedStrongest: Backend {
    /// See [`substituted_strongest`](substituted_strongest()).
    fn substituted_strongest(
        #[extension_type] inputs: Inputs<Self>,
        pieces: Vec<Piece>,
        changing: Changing,
        scoring: Scoring,
        count: usize,
    ) -> FloatTensor<Self>;
}
