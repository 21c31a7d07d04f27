//! The regions of a window that have the most of something.

use serde::{Deserialize, Serialize};

use super::Bins;
use crate::element::Sides;
use crate::error::{Error, Result};

/// Regions for each window: the paper's five.
pub const TOP: usize = 5;

/// How many regions are taken of each window, at least one; the paper's [`TOP`] by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TopCount(pub u8);

impl Default for TopCount {
    fn default() -> Self {
        Self(TOP as u8)
    }
}

impl TopCount {
    /// Checks that the windows of some bins have room for so many regions, none over another. Of [`TOP`] and
    /// fewer as many are taken as there is room for.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] for none, and for more than either window has room for.
    pub fn check(self, bins: Sides<Bins>) -> Result<()> {
        if self.0 == 0 {
            let message = "each window has at least one top region".to_string();
            return Err(Error::Configuration(message));
        }
        for (element, bins) in bins.iter() {
            let room = bins.apart();
            if usize::from(self.0) > room.max(TOP) {
                return Err(Error::Configuration(format!(
                    "{} top regions: the {}'s window of {} bases has room for {room} of {} bases, none over \
                     another",
                    self.0,
                    element.name(),
                    bins.0.length,
                    bins.region(0).len()
                )));
            }
        }
        Ok(())
    }
}

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

/// So many bins by score whose regions do not overlap: the best one, then the best of those that
/// overlap none of the chosen, and so on; of equal ones the leftmost. Fewer where the window has no
/// room.
///
/// # Shapes
///
/// - scores: `[l]`
pub fn top_regions(bins: &Bins, scores: &[f32], count: TopCount) -> Vec<TopRegion> {
    let most = usize::from(count.0);
    let mut order: Vec<usize> = (0..bins.count()).collect();
    // The sort is stable, so equal bins stay from left to right.
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let mut chosen: Vec<TopRegion> = Vec::with_capacity(most);
    for bin in order {
        if chosen.len() == most {
            break;
        }
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
        top_regions(&bins(length), marginal, TopCount::default())
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

    #[test]
    fn no_more_are_asked_for_than_windows_have_room_for() {
        // Every second of the published windows' 100 and 67 bins.
        let published = Sides::new(bins(3000), bins(2000));
        let room = published.map(|bins| bins.apart());
        assert_eq!(room, Sides::new(50, 34));
        assert!((1..=34).all(|count| TopCount(count).check(published).is_ok()));
        let said = TopCount(35).check(published).unwrap_err().to_string();
        assert_eq!(
            said,
            "35 top regions: the promoter's window of 2000 bases has room for 34 of 45 bases, none over another"
        );
        assert!(TopCount(0).check(published).is_err());
        // The paper's five may be asked of any window.
        let short = Sides::new(bins(3000), bins(100));
        assert_eq!(short.promoter.apart(), 2);
        assert!(TopCount::default().check(short).is_ok() && TopCount(6).check(short).is_err());
    }

    proptest! {
        #[test]
        fn regions_never_overlap_and_ranks_follow_scores(
            marginal in prop::collection::vec(0f32..1.0, 20),
            count in 1u8..=5,
        ) {
            let bins = bins(600);
            let got = top_regions(&bins, &marginal, TopCount(count));
            prop_assert_eq!(got.len(), usize::from(count));
            // Those of a larger number begin with them.
            let more = top_regions(&bins, &marginal, TopCount(count + 1));
            prop_assert!(more.starts_with(&got));
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
