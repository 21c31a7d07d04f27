//! What was measured in each bin.

use super::measured::Measured;
use crate::attention::Bins;
use crate::error::Result;
use crate::genome::Region;

/// What was measured in the bins of some windows.
#[derive(Debug, Clone, PartialEq)]
pub struct Targets {
    bins: usize,
    sources: usize,
    /// `[window][bin][source]`
    values: Vec<f32>,
}

impl Targets {
    /// Measures windows of one length, best from left to right, by the tiles of their bins.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, a signal that is no number from 0 up.
    pub(super) fn measure(
        windows: &[Region],
        bins: &Bins,
        measured: &mut [Measured],
    ) -> Result<Self> {
        let edges = bins.edges();
        let (bins, sources) = (bins.count(), measured.len());
        let mut values = vec![0.0; windows.len() * bins * sources];
        for (&window, values) in windows.iter().zip(values.chunks_exact_mut(bins * sources)) {
            for (at, measured) in measured.iter_mut().enumerate() {
                let tiles = measured.tiles(window, &edges)?;
                let own = values.iter_mut().skip(at).step_by(sources);
                for (value, tile) in own.zip(tiles) {
                    *value = tile;
                }
            }
        }
        Ok(Self {
            bins,
            sources,
            values,
        })
    }

    /// How many windows there are.
    pub fn windows(&self) -> usize {
        self.values.len() / (self.bins * self.sources)
    }

    /// Those of a window, `[bin][source]`.
    ///
    /// # Panics
    ///
    /// A window that is not there.
    pub fn of(&self, window: usize) -> &[f32] {
        let length = self.bins * self.sources;
        &self.values[window * length..][..length]
    }

    /// Those of a source, window after window, bin after bin.
    pub fn of_source(&self, source: usize) -> impl Iterator<Item = f32> {
        let own = self.values.iter().skip(source);
        own.step_by(self.sources).copied()
    }
}

#[cfg(test)]
mod tests;
