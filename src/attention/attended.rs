//! What attention says of a window.

use super::{Bins, TopRegion, top_regions};
use crate::element::Sides;
use crate::genome::Region;

/// A window and the attention to it.
#[derive(Debug, Clone)]
pub struct Attended<'a> {
    /// Where.
    pub window: Region,
    /// The window's bins.
    pub bins: Bins,
    /// Marginal attention of each bin: `[l]`.
    pub marginal: &'a [f32],
    /// The regions with the most of it.
    pub top: Vec<TopRegion>,
}

impl<'a> Attended<'a> {
    /// From the marginal attention of a window's bins, `[l]`.
    pub fn new(window: Region, bins: Bins, marginal: &'a [f32]) -> Self {
        Self {
            window,
            bins,
            marginal,
            top: top_regions(&bins, marginal),
        }
    }

    /// Both windows of a pair.
    pub fn both(
        windows: Sides<Region>,
        bins: Sides<Bins>,
        marginals: &'a Sides<Vec<f32>>,
    ) -> Sides<Self> {
        let sides = windows.zip(bins).zip(marginals.as_ref());
        sides.map(|((window, bins), marginal)| Self::new(window, bins, marginal))
    }

    /// Where the top regions lie, the best one first.
    pub fn regions(&self) -> Vec<Region> {
        let place = |top: &TopRegion| self.bins.region_in(self.window, top.bin);
        self.top.iter().map(place).collect()
    }

    /// What a track shows for attention of this window alone: times the number of bins, so that 1
    /// is no preference.
    pub fn value(&self, attention: f32) -> f32 {
        attention * self.bins.count() as f32
    }

    /// The same of each bin, `[l]`, before it is rounded.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        let bins = self.bins.count() as f64;
        let of = move |&attention: &f32| f64::from(attention) * bins;
        self.marginal.iter().map(of)
    }
}
