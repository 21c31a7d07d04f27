//! Substitutions as a device reads them.

use burn::backend::TensorMetadata;
use burn::backend::ops::IntTensorOps;
use burn::tensor::TensorData;
use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use crate::network::kernels::substitutions::{Piece, VALUES, Values};

/// Whole numbers of a substitution: the base, the letter, and the place of its piece.
const OF_CHANGE: usize = 3;

/// Some substitutions, and the bins that they reach, on a device.
pub struct Listed {
    /// `[n, 3]`
    pub changes: CubeTensor,
    /// The first bin of each piece and the one behind its last: `[r, 2]`.
    pub bins: CubeTensor,
    /// `n`
    pub count: usize,
    /// `r`
    pub pieces: usize,
    /// The most bins that a substitution reaches, which every one has room for.
    pub most: usize,
}

impl Listed {
    /// On the device of a tensor.
    pub fn new(pieces: &[Piece], like: &CubeTensor) -> Self {
        let ints = |values: Vec<i32>, width: usize| {
            let shape = [values.len() / width, width];
            CubeBackend::int_from_data(TensorData::new(values, shape), &like.device())
        };
        let (mut changes, mut bins) = (Vec::new(), Vec::new());
        for (place, piece) in pieces.iter().enumerate() {
            bins.extend([piece.bins.start as i32, piece.bins.end as i32]);
            let of = |&(base, letter): &(usize, u8)| [base as i32, i32::from(letter), place as i32];
            changes.extend(piece.of.iter().flat_map(of));
        }
        Self {
            count: changes.len() / OF_CHANGE,
            pieces: pieces.len(),
            most: pieces
                .iter()
                .map(|piece| piece.bins.len())
                .max()
                .unwrap_or(1),
            changes: ints(changes, OF_CHANGE),
            bins: ints(bins, 2),
        }
    }
}

/// A substitution as a unit sees it.
#[derive(CubeType)]
pub struct Change {
    /// The base and the letter that is put there.
    pub base: usize,
    pub letter: i32,
    /// Which piece it is of.
    pub piece: usize,
    /// The bins that it reaches.
    pub first: usize,
    pub end: usize,
}

/// A substitution by its place.
#[cube]
pub fn change(changes: &[i32], bins: &[i32], place: usize) -> Change {
    let at = place * OF_CHANGE;
    let piece = changes[at + 2] as usize;
    Change {
        base: changes[at] as usize,
        letter: changes[at + 1],
        piece,
        first: bins[piece * 2] as usize,
        end: bins[piece * 2 + 1] as usize,
    }
}

/// Pieces in groups of which each fits into memory.
///
/// - bins: `[l, m]`
pub fn together(pieces: &[Piece], values: Values, [l, m]: [usize; 2]) -> Vec<&[Piece]> {
    let most = pieces.iter().map(|piece| piece.bins.len()).max();
    // `E` has l · m of a piece, the products with it m · l and m · m.
    let (of_change, of_piece) = (values.of(most.unwrap_or(1)), m * l.max(m));
    let (mut groups, mut begin) = (Vec::new(), 0);
    let (mut changes, mut all) = (0, 0);
    for (place, piece) in pieces.iter().enumerate() {
        changes += piece.of.len();
        all += 1;
        if place > begin && (changes * of_change > VALUES || all * of_piece > VALUES) {
            groups.push(&pieces[begin..place]);
            (begin, changes, all) = (place, piece.of.len(), 1);
        }
    }
    groups.push(&pieces[begin..]);
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_hold_all_pieces_in_order_and_fit() {
        let piece = |count: usize| Piece {
            bins: 0..1,
            of: vec![(0, 0); count],
        };
        let pieces: Vec<Piece> = (1..60).map(|count| piece(count * 7)).collect();
        let values = Values {
            interactions: 50_000,
            of_bin: 1000,
        };
        let groups = together(&pieces, values, [1000, 50]);
        assert!(groups.len() > 3);
        assert_eq!(groups.concat(), pieces);
        for group in groups {
            let changes: usize = group.iter().map(|piece| piece.of.len()).sum();
            assert!(changes * 50_000 <= VALUES && group.len() * 50_000 <= VALUES);
        }
        // What fits nowhere stands alone.
        let large = Values {
            interactions: 1 << 26,
            of_bin: 1 << 13,
        };
        let pieces = [piece(9), piece(8)];
        assert_eq!(together(&pieces, large, [1 << 13, 1 << 13]).len(), 2);
        // Where the bins that one reaches have more values than its interactions, these count.
        let wide = |bins: usize| Piece {
            bins: 0..bins,
            of: vec![(0, 0); 30_000],
        };
        let of_bins = Values {
            interactions: 10,
            of_bin: 500,
        };
        assert_eq!(together(&[wide(1), wide(1)], of_bins, [10, 1]).len(), 1);
        assert_eq!(together(&[wide(2), wide(1)], of_bins, [10, 1]).len(), 2);
    }
}
