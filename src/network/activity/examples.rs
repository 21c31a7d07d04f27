//! The windows of the activity task, with sequence and what was measured there.

use super::measured::Measured;
use super::parts::{PARTS, Parts};
use super::scale::Scale;
use super::source::{Kind, Source};
use super::targets::Targets;
use super::windows::{self, Wanted};
use crate::attention::{Bins, Pooling};
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::genome::{ChromId, N, Reference, Region, Sequences};
use crate::pairs::Part;

/// Bases around a bin of which the share of G and C is taken: eleven bins of thirty.
const GC_BASES: u32 = 330;
/// The share of G and C where no base is known.
const UNKNOWN_GC: f32 = 0.5;

/// The windows of the activity task with what is measured there, and their sequence, each base once.
#[derive(Debug, Clone)]
pub struct Examples {
    /// What was measured, in the order of the targets.
    pub sources: Vec<Source>,
    /// The bins of every window.
    pub bins: Bins,
    parts: Parts<Measurements>,
    sequences: Sequences,
    scales: Vec<Scale>,
}

/// The windows of a part, from left to right, and what was measured there.
#[derive(Debug, Clone)]
struct Measurements {
    windows: Vec<Region>,
    targets: Targets,
}

impl Examples {
    /// Chooses the windows (of `pooling.length` bases, around the middles of the windows of `pairs`, around
    /// peaks, and as many elsewhere; `most` at most), measures them and reads their sequence. `parts` says which part a chromosome belongs to.
    ///
    /// # Errors
    ///
    /// Sources of one name; a file that cannot be read, is of another assembly, has no chromosome of the
    /// reference, or holds what no activity is; a part without a peak, or where a source is the same
    /// everywhere.
    pub fn read(
        sources: &[Source],
        pairs: &[Sides<Region>],
        parts: &dyn Fn(ChromId) -> Part,
        pooling: Pooling,
        most: usize,
        seed: u64,
        reference: &mut Reference,
    ) -> Result<Self> {
        Source::check(sources)?;
        let bins = Bins(pooling);
        let chroms = reference.chroms().clone();
        let open = |source: &Source| Measured::open(source, &chroms);
        let mut measured: Vec<Measured> = sources.iter().map(open).collect::<Result<_>>()?;
        let wanted = Wanted {
            pairs,
            parts,
            length: pooling.length as u32,
            most,
            seed,
        };
        let windows = windows::choose(&wanted, &mut measured, reference)?;
        let all = windows.iter().flatten().copied();
        let sequences = Sequences::read(reference, all)?;
        let parts = windows.try_map(|windows| -> Result<Measurements> {
            let targets = Targets::measure(&windows, &bins, &mut measured)?;
            Ok(Measurements { windows, targets })
        })?;
        check(sources, &parts)?;
        let scale = |(at, source): (usize, &Source)| match source.kind {
            Kind::Signal => Scale::of(parts.train.targets.of_source(at)),
            Kind::Peaks => Scale::NONE,
        };
        let scales = sources.iter().enumerate().map(scale).collect();
        Ok(Self {
            sources: sources.to_vec(),
            bins,
            parts,
            sequences,
            scales,
        })
    }

    /// Windows of a part; 0 of what was left out.
    pub fn len(&self, part: Part) -> usize {
        let windows = self.parts.get(part).map(|of| of.windows.len());
        windows.unwrap_or_default()
    }

    /// The windows of a part, from left to right; none of what was left out.
    pub fn windows(&self, part: Part) -> &[Region] {
        self.parts.get(part).map_or(&[], |of| &of.windows)
    }

    /// The base codes of a window of a part, of its strand or of the other one: `[L]`, 0–3 for A, C, G and
    /// T, else 4.
    ///
    /// # Panics
    ///
    /// A window that the part does not have.
    pub fn codes(&self, part: Part, window: usize, reverse: bool) -> Vec<u8> {
        let codes = self.sequences.codes(self.windows(part)[window]);
        match reverse {
            false => codes.to_vec(),
            true => {
                let other = |&code: &u8| if code < N { 3 - code } else { code };
                codes.iter().rev().map(other).collect()
            }
        }
    }

    /// What was measured in a window of a part: `[l][sources]`, in the order of its bins; of the reverse
    /// complement in the order of that one's bins. Of peaks 1 where at least half of a bin's
    /// tile lies in one, else 0; of a signal ln(1 + mean over the tile), not standardised.
    ///
    /// At the published size (filters of 15 bases, 7 positions missing at either end) the tiles of the
    /// reverse complement are those of the window. At a size where one position more is missing at the
    /// right, or where a filter's width is even, they may lie a base aside of these, which is not corrected.
    ///
    /// # Panics
    ///
    /// A window that the part does not have.
    pub fn targets(&self, part: Part, window: usize, reverse: bool) -> Vec<f32> {
        let held = self.parts.get(part).expect("a part that has windows");
        let targets = held.targets.of(window);
        match reverse {
            false => targets.to_vec(),
            true => {
                let bins = targets.chunks_exact(self.sources.len());
                bins.rev().flatten().copied().collect()
            }
        }
    }

    /// The share of G and C among the known bases of the 330 around the middle of each bin's tile, as far as
    /// they lie in the window, `[l]`; a half where none is known. It is the simple predictor that the task is
    /// compared with.
    ///
    /// # Panics
    ///
    /// A window that the part does not have.
    pub fn gc(&self, part: Part, window: usize) -> Vec<f32> {
        let codes = self.sequences.codes(self.windows(part)[window]);
        let length = codes.len() as u32;
        // Before each base: those that are known, and G and C among them.
        let mut before = Vec::with_capacity(codes.len() + 1);
        let (mut known, mut gc) = (0u32, 0u32);
        before.push((known, gc));
        for &code in codes {
            known += u32::from(code < N);
            gc += u32::from(code == 1 || code == 2);
            before.push((known, gc));
        }
        let share = |bin: usize| {
            let tile = self.bins.tile(bin);
            let start = ((tile.start + tile.end) / 2).saturating_sub(GC_BASES / 2);
            let end = ((tile.start + tile.end) / 2 + GC_BASES / 2).min(length);
            let (first, last) = (before[start as usize], before[end as usize]);
            let (known, gc) = (last.0 - first.0, last.1 - first.1);
            if known == 0 {
                UNKNOWN_GC
            } else {
                gc as f32 / known as f32
            }
        };
        (0..self.bins.count()).map(share).collect()
    }

    /// The scale of each source, in their order: of a signal over the bins of the training part; peaks have
    /// a mean of 0 and a deviation of 1.
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }
}

/// Refuses a part in which a source is the same everywhere: nothing is learnt or judged by it.
fn check(sources: &[Source], parts: &Parts<Measurements>) -> Result<()> {
    for part in PARTS {
        let held = parts.get(part);
        for (at, source) in sources.iter().enumerate() {
            let mut values = held.into_iter().flat_map(|of| of.targets.of_source(at));
            let first = values.next();
            if values.all(|value| Some(value) == first) {
                let problem = format!(
                    "is the same in all windows of the {part} part: choose other chromosomes for it, or \
                     leave the file away"
                );
                return Err(Error::format(&source.file.path, problem));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
