//! A source, open.

use std::sync::Arc;

use super::known::Known;
use super::peaks::Peaks;
use super::signal::Signal;
use super::source::{Kind, Source};
use crate::error::Result;
use crate::genome::{ChromId, Chroms, Region};

/// A source, open.
pub enum Measured {
    /// A bigWig.
    Signal(Box<Signal>),
    /// Peaks, in memory.
    Peaks(Peaks),
}

impl Measured {
    /// Opens a source.
    ///
    /// # Errors
    ///
    /// See [`Signal::open`] and [`Peaks::read`].
    pub fn open(source: &Source, chroms: &Arc<Chroms>) -> Result<Self> {
        let path = &source.file.path;
        Ok(match source.kind {
            Kind::Signal => Self::Signal(Box::new(Signal::open(path, chroms)?)),
            Kind::Peaks => Self::Peaks(Peaks::read(path, chroms)?),
        })
    }

    /// Whether it says anything about a chromosome: a signal has it, a peak lies on it.
    pub fn covers(&self, chrom: ChromId) -> bool {
        match self {
            Self::Signal(signal) => signal.covers(chrom),
            Self::Peaks(peaks) => peaks.covers(chrom),
        }
    }

    /// What windows of a length are laid around: the highest bases of peaks, or where a signal is strongest.
    ///
    /// # Errors
    ///
    /// See [`Signal::strongest`].
    pub fn centres(&mut self, known: &Known, length: u32) -> Result<Vec<Region>> {
        match self {
            Self::Signal(signal) => signal.strongest(known, length),
            Self::Peaks(peaks) => Ok(peaks.summits().to_vec()),
        }
    }

    /// What is to be predicted of each tile of a window, which ends where the next begins.
    ///
    /// # Errors
    ///
    /// See [`Signal::tiles`].
    pub fn tiles(&mut self, window: Region, edges: &[u32]) -> Result<Vec<f32>> {
        match self {
            Self::Signal(signal) => signal.tiles(window, edges),
            Self::Peaks(peaks) => Ok(peaks.tiles(window, edges)),
        }
    }
}
