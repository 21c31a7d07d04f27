//! Exact in-silico mutagenesis: what each letter at each base of both windows does to a pair's logit.
//!
//! A substitution changes the filters' sums where they see the base, and so the activations of one or
//! two bins of one window; nothing is approximated, but what these bins do not touch is not computed
//! again. With side S, which changes, of `l` bins, its partner T of `m` bins, `s1` the scores of
//! the attention over S's bins, `α` the attention over T's bins and `X = h_S W h_Tᵀ`, the
//! interactions are
//!
//! `P[j, i] = Σ_b softmax_b(s1[b, j]) Q[b, i] + bias` with `Q = X αᵀ`,
//!
//! for bin `j` of T and `i` of S: sums over S's bins, in which the sum over those that stay is known.
//! It is made for each set of bins that a base can reach, from those that stay alone: nothing is ever
//! taken off a sum, which would lose digits. For the promoter the roles are exchanged, and `W` is
//! transposed: the scores are symmetric.

// A function that names no vectors is compiled for every set of vector instructions all the same,
// by `with_simd`, whose parameter it then does not use.
#![allow(clippy::extra_unused_type_parameters)]

mod changes;
mod host;
mod interactions;
mod known;
mod on_device;
mod partner;
mod rest;
mod window;

use rayon::prelude::*;

pub use host::Network;
pub use on_device::mutagenesis_on_device;

use crate::element::Sides;
use changes::changes;
use known::Known;
use window::{Window, reaches};

/// The logit's change for each letter at each base of both windows of one pair: `[L_E][4]` and
/// `[L_P][4]`. It is 0 for the base's own letter, and where there is none of A, C, G and T to replace.
///
/// Each change is the difference of two logits that were computed in the same way, so that rounding
/// leaves no offset; the sets of bins are shared out among rayon's threads, whose number changes
/// nothing.
///
/// - windows: base codes, 0–3 for ACGT, 4 for all else, each of the network's length
pub fn mutagenesis(network: &Network, windows: Sides<&[u8]>) -> Sides<Vec<[f32; 4]>> {
    let windows = network
        .pooling
        .zip(windows)
        .map(|(pooling, codes)| Window::new(&network.filters, pooling, codes));
    Sides::from_fn(|side| {
        let (window, known) = (windows.get(side), Known::new(network, side, &windows));
        let of_sets: Vec<_> = reaches(window.pooling)
            .par_iter()
            .map(|reach| changes(&known, window, reach))
            .collect();
        let mut letters = vec![[0.0; 4]; window.codes.len()];
        for (substitution, change) in of_sets.into_iter().flatten() {
            letters[substitution.base][substitution.letter] = change;
        }
        letters
    })
}
