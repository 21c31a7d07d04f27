//! Mutagenesis on WGPU: all substitutions of a pair together, as many pairs in a row as are asked for.

use std::iter;

use burn::tensor::{Device, Tensor};

use super::host::LETTERS_OF_A_FILTER;
use super::window::reaches;
use crate::attention::Pooling;
use crate::element::Sides;
use crate::error::Result;
use crate::network::kernels::substitutions::{Piece, Values, most_of_piece};
use crate::network::model::{ByElement, codes, host};

/// What [`mutagenesis`](super::mutagenesis) says of each of some pairs, by a device of WGPU's, which is
/// waited for once.
///
/// Each change is the difference of two log-odds that were computed in the same way, so that rounding
/// leaves no offset.
///
/// # Errors
///
/// A device that failed.
pub fn mutagenesis_on_device(
    by_element: &ByElement,
    device: &Device,
    windows: &[Sides<&[u8]>],
) -> Result<Vec<Sides<Vec<[f32; 4]>>>> {
    let pooling = by_element.pooling();
    let (mut logits, mut of_pairs) = (Vec::new(), Vec::new());
    for windows in windows {
        let sides = windows.as_ref().map(std::slice::from_ref);
        let unchanged = by_element.unchanged(codes(sides, device));
        of_pairs.push(Sides::from_fn(|side| {
            let pieces = pieces(
                windows.get(side),
                *pooling.get(side),
                by_element.values(side),
            );
            // On a thread of the pool: from outside, each kernel would have to wake one up.
            logits.push(rayon::scope(|_| {
                by_element.substituted(&unchanged, side, pieces.clone())
            }));
            pieces
        }));
    }
    if logits.is_empty() {
        return Ok(Vec::new());
    }
    // [n, 1] each
    let logits = host(Tensor::cat(logits, 0))?;
    let mut logits = logits.as_slice();
    let mut of_side = |(pieces, codes): (Vec<Piece>, &[u8])| {
        let mut letters = vec![[0.0; 4]; codes.len()];
        for piece in pieces {
            let (of_piece, others) = logits.split_at(piece.of.len());
            logits = others;
            for (&(base, letter), logit) in piece.of[1..].iter().zip(&of_piece[1..]) {
                letters[base][usize::from(letter)] = logit - of_piece[0];
            }
        }
        letters
    };
    let pairs = of_pairs.into_iter().zip(windows);
    let all = pairs.map(|(pieces, windows)| pieces.zip(*windows).map(&mut of_side));
    Ok(all.collect())
}

/// All substitutions of a window, in pieces that each begin with one that changes nothing.
fn pieces(codes: &[u8], pooling: Pooling, values: Values) -> Vec<Piece> {
    let mut all = Vec::new();
    for reach in reaches(pooling) {
        let most = most_of_piece(reach.bins.len(), values) - 1;
        let own = |base: usize| (base, codes[base]);
        let lettered = |&base: &usize| usize::from(codes[base]) < LETTERS_OF_A_FILTER;
        let substitutions = reach.bases.clone().filter(lettered).flat_map(|base| {
            let letters = 0..LETTERS_OF_A_FILTER as u8;
            let others = letters.filter(move |&letter| letter != codes[base]);
            others.map(move |letter| (base, letter))
        });
        let substitutions: Vec<_> = substitutions.collect();
        all.extend(substitutions.chunks(most).map(|of| {
            Piece {
                bins: reach.bins.clone(),
                of: iter::once(own(reach.bases.start))
                    .chain(of.iter().copied())
                    .collect(),
            }
        }));
    }
    if all.is_empty() {
        // A window without letters: what changes nothing alone.
        all.push(Piece {
            bins: 0..1,
            of: vec![(0, codes[0])],
        });
    }
    all
}
