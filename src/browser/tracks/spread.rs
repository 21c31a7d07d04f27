//! How far the members of an ensemble disagree about attention, as tracks.

use std::path::Path;

use super::summary::Track;
use crate::attention::{Aggregate, Bins, Coverage};
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::formats;
use crate::genome::{Chroms, Region};
use crate::output::{self, Partial};

/// The standard deviation over the members of the attention of each bin. Where the windows of several
/// pairs cover a base, it becomes one value by the rule of the attention itself.
pub struct Spread {
    coverage: Sides<Coverage>,
}

impl Spread {
    /// No base has a value yet.
    pub fn new(aggregate: Aggregate, bins: Sides<Bins>) -> Self {
        Self {
            coverage: bins.map(|bins| Coverage::new(aggregate, bins)),
        }
    }

    /// Adds a pair: its windows, its probability and the standard deviation of each bin, `[l_E]` and
    /// `[l_P]`.
    pub fn add(&mut self, windows: Sides<Region>, probability: f32, sd: &Sides<Vec<f32>>) {
        for (element, sd) in sd.iter() {
            let coverage = self.coverage.get_mut(element);
            coverage.add(*windows.get(element), probability, sd);
        }
    }

    /// Writes the tracks; the caller completes the files.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn finish(self, dir: &Path, chroms: &Chroms) -> Result<Sides<(Partial, Track)>> {
        let track =
            |element: Element| write_track(dir, file(element), self.coverage.get(element), chroms);
        Sides::from_fn(track).transpose()
    }
}

/// Removes the tracks that an ensemble has left in a folder.
///
/// # Errors
///
/// A file that cannot be removed.
pub fn remove(dir: &Path) -> Result<()> {
    let mut elements = Element::BOTH.into_iter();
    elements.try_for_each(|element| output::remove_if_there(&dir.join(file(element))))
}

fn file(element: Element) -> String {
    format!("{}_attention_sd.bw", element.name())
}

/// Writes what windows have brought as a bigWig, which the caller completes.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write_track(
    dir: &Path,
    file: String,
    coverage: &Coverage,
    chroms: &Chroms,
) -> Result<(Partial, Track)> {
    let path = dir.join(&file);
    let (partial, summary) = formats::write_bigwig(&path, chroms, coverage.segments())?;
    let windows = coverage.windows();
    let track = Track {
        file,
        windows,
        summary,
    };
    Ok((partial, track))
}
