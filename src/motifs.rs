//! Transcription factor motifs.

mod jaspar;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

pub use jaspar::read as read_jaspar;

/// Counts of A, C, G and T at each position of a motif.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountMatrix {
    /// The matrix's accession.
    pub accession: String,
    /// The transcription factor.
    pub name: String,
    /// `[A, C, G, T]` for each position; every position has a count.
    pub counts: Vec<[u32; 4]>,
}

impl CountMatrix {
    /// Positions.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there is no position.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// A site drawn from the matrix, as base codes of its forward strand.
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        self.counts
            .iter()
            .map(|counts| {
                let mut left = rng.random_range(0..counts.iter().sum::<u32>());
                let drawn = counts
                    .iter()
                    .position(|&count| match left.checked_sub(count) {
                        Some(rest) => {
                            left = rest;
                            false
                        }
                        None => true,
                    });
                drawn.unwrap_or_default() as u8
            })
            .collect()
    }
}

/// The other strand of some base codes, read in its own direction.
pub fn reverse_complement(codes: &[u8]) -> Vec<u8> {
    let complement = |&code: &u8| if code < 4 { 3 - code } else { code };
    codes.iter().rev().map(complement).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, stream};

    #[test]
    fn sites_are_drawn_in_proportion() {
        let matrix = CountMatrix {
            accession: "M1".into(),
            name: "X".into(),
            counts: vec![[10, 0, 0, 0], [0, 30, 0, 10]],
        };
        let mut rng = stream(1, Purpose::Simulation, 0);
        let sites: Vec<Vec<u8>> = (0..4000).map(|_| matrix.draw(&mut rng)).collect();
        assert!(
            sites
                .iter()
                .all(|site| site[0] == 0 && [1, 3].contains(&site[1]))
        );
        let part = sites.iter().filter(|site| site[1] == 1).count() as f64 / 4000.0;
        assert!((part - 0.75).abs() < 0.03, "{part}");
    }

    #[test]
    fn strands_are_each_others() {
        assert_eq!(reverse_complement(&[0, 0, 1, 4, 2]), [1, 4, 2, 3, 3]);
    }
}
