//! What attention says of a window.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Bins, TopCount, TopRegion, top_regions};
use crate::element::Sides;
use crate::genome::Region;
use crate::text::choice::{Choice, Named};

/// What the top regions of a window have most of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// Marginal attention, as published.
    #[default]
    Attention,
    /// The sum of what the region's bases add to the pair's logit.
    Contribution,
    /// The activity that is predicted of the region's bin, of several that of the first.
    Activity,
}

impl Rank {
    /// Whether it is the published one.
    pub fn is_attention(&self) -> bool {
        *self == Self::Attention
    }
}

impl Choice for Rank {
    const ALL: &'static [Named<Self>] = &[
        (Self::Attention, "attention", "The most marginal attention"),
        (
            Self::Contribution,
            "contribution",
            "The largest sum of what their bases add to the logit",
        ),
        (
            Self::Activity,
            "activity",
            "The highest predicted activity, of several sources that of the first; of a run that has learnt it",
        ),
    ];
}

/// A window and the attention to it.
#[derive(Debug, Clone)]
pub struct Attended<'a> {
    /// Where.
    pub window: Region,
    /// The window's bins.
    pub bins: Bins,
    /// Marginal attention of each bin: `[l]`.
    pub marginal: &'a [f32],
    /// What the top regions have most of.
    pub rank: Rank,
    /// The regions with the most of it.
    pub top: Vec<TopRegion>,
}

impl<'a> Attended<'a> {
    /// From the marginal attention of a window's bins, `[l]`, with so many top regions.
    pub fn new(window: Region, bins: Bins, marginal: &'a [f32], count: TopCount) -> Self {
        Self {
            window,
            bins,
            marginal,
            rank: Rank::Attention,
            top: top_regions(&bins, marginal, count),
        }
    }

    /// Both windows of a pair, each with so many top regions.
    pub fn both(
        windows: Sides<Region>,
        bins: Sides<Bins>,
        marginals: &'a Sides<Vec<f32>>,
        count: TopCount,
    ) -> Sides<Self> {
        let sides = windows.zip(bins).zip(marginals.as_ref());
        sides.map(|((window, bins), marginal)| Self::new(window, bins, marginal, count))
    }

    /// The same with the so many regions whose bases add most to the logit, from what each base of the
    /// window adds: `[L]`.
    pub fn by_contribution(self, contribution: &[f32], count: TopCount) -> Self {
        let of_region = |bin: usize| {
            let Range { start, end } = self.bins.region(bin);
            contribution[start as usize..end as usize].iter().sum()
        };
        let scores: Vec<f32> = (0..self.bins.count()).map(of_region).collect();
        Self {
            rank: Rank::Contribution,
            top: top_regions(&self.bins, &scores, count),
            ..self
        }
    }

    /// The same with the so many regions of the highest predicted activity, from what is predicted of the
    /// sources in each bin, `[l × sources]` row by row: the first source counts.
    pub fn by_activity(self, activity: &[f32], count: TopCount) -> Self {
        let sources = (activity.len() / self.bins.count()).max(1);
        let scores: Vec<f32> = activity.iter().step_by(sources).copied().collect();
        Self {
            rank: Rank::Activity,
            top: top_regions(&self.bins, &scores, count),
            ..self
        }
    }

    /// Where the top regions lie, the best one first.
    pub fn regions(&self) -> Vec<Region> {
        let place = |top: &TopRegion| self.bins.region_in(self.window, top.bin);
        self.top.iter().map(place).collect()
    }

    /// What is said of a top region: of attention as a track shows it, times the number of bins, so
    /// that 1 is no preference; of contributions their sum, in logits; of activity what is predicted of the
    /// region's bin.
    pub fn value(&self, top: &TopRegion) -> f32 {
        match self.rank {
            Rank::Attention => top.score * self.bins.count() as f32,
            Rank::Contribution | Rank::Activity => top.score,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attention::Pooling;
    use crate::genome::ChromId;

    #[test]
    fn regions_are_ranked_by_the_first_activity() {
        let bins = Bins(Pooling {
            length: 150,
            width: 15,
            pool: 30,
        });
        assert_eq!(bins.count(), 5);
        let window = Region::new(ChromId(0), 1000, 1150).unwrap();
        let attended = Attended::new(window, bins, &[0.2; 5], TopCount(2));
        let top = |side: &Attended| -> Vec<(usize, f32)> {
            let top = side.top.iter();
            top.map(|top| (top.bin, side.value(top))).collect()
        };
        // No preference: five times a fifth.
        assert_eq!(top(&attended), [(0, 1.0), (2, 1.0)]);
        // Two sources by turns; the second one likes bin 0.
        let activity = [0.1, 0.9, 0.2, 0.1, 0.1, 0.1, 0.3, 0.1, 0.7, 0.1];
        let ranked = attended.by_activity(&activity, TopCount(2));
        assert_eq!(ranked.rank, Rank::Activity);
        assert_eq!(top(&ranked), [(4, 0.7), (1, 0.2)]);
    }
}
