//! The regions of a window that have the most of something.

use super::Bins;

/// Regions for each window: the paper's five.
pub const TOP: usize = 5;

/// A region of a window, ranked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TopRegion {
    /// The pooling bin that it stands for.
    pub bin: usize,
    /// What it is ranked by.
    pub score: f32,
    /// From 1.
    pub rank: u8,
}

/// The [`TOP`] bins by score whose regions do not overlap: the best one, then the best of those that
/// touch none of the chosen, and so on; of equal ones the leftmost. Fewer where the window has no
/// room.
///
/// # Shapes
///
/// - scores: `[l]`
pub fn top_regions(bins: &Bins, scores: &[f32]) -> Vec<TopRegion> {
    let mut order: Vec<usize> = (0..bins.count()).collect();
    // The sort is stable, so equal bins stay from left to right.
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let mut chosen: Vec<TopRegion> = Vec::with_capacity(TOP);
    for bin in order {
        let region = bins.region(bin);
        let free = chosen.iter().all(|other| {
            let other = bins.region(other.bin);
            region.end <= other.start || other.end <= region.start
        });
        if free {
            chosen.push(TopRegion {
                bin,
                score: scores[bin],
                rank: chosen.len() as u8 + 1,
            });
        }
        if chosen.len() == TOP {
            break;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attention::Pooling;
    use proptest::prelude::*;

    fn bins(length: usize) -> Bins {
        Bins(Pooling {
            length,
            width: 15,
            pool: 30,
        })
    }

    fn chosen(length: usize, marginal: &[f32]) -> Vec<usize> {
        top_regions(&bins(length), marginal)
            .iter()
            .map(|region| region.bin)
            .collect()
    }

    #[test]
    fn neighbours_are_passed_over_and_ties_go_left() {
        let mut marginal = vec![0.1; 20];
        (marginal[10], marginal[11], marginal[13]) = (0.9, 0.8, 0.9);
        assert_eq!(chosen(600, &marginal), [10, 13, 0, 2, 4]);
        assert_eq!(chosen(600, &[0.5; 20]), [0, 2, 4, 6, 8]);
    }

    #[test]
    fn a_short_window_has_fewer() {
        assert_eq!(chosen(100, &[0.2, 0.5, 0.3]), [1]);
        assert_eq!(chosen(40, &[1.0]), [0]);
    }

    proptest! {
        #[test]
        fn regions_never_overlap_and_ranks_follow_scores(
            marginal in prop::collection::vec(0f32..1.0, 20)
        ) {
            let bins = bins(600);
            let got = top_regions(&bins, &marginal);
            prop_assert_eq!(got.len(), TOP);
            prop_assert!(got.windows(2).all(|pair| pair[0].score >= pair[1].score));
            for (i, a) in got.iter().enumerate() {
                for b in &got[..i] {
                    let (a, b) = (bins.region(a.bin), bins.region(b.bin));
                    prop_assert!(a.end <= b.start || b.end <= a.start);
                }
            }
        }
    }
}
