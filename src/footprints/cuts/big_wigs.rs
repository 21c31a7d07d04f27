//! Cuts from counts that are ready, one bigWig a strand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::counts::MOST;
use crate::error::{Error, Result};
use crate::formats::BigWig;
use crate::genome::{Chroms, Region, Segment, Strand};
use crate::text::thousands;

/// Counts of forward and of reverse reads.
pub struct BigWigs {
    pub forward: PathBuf,
    reverse: PathBuf,
    pub chroms: Chroms,
}

impl BigWigs {
    pub fn open(forward: &Path, reverse: &Path) -> Result<Self> {
        Ok(Self {
            chroms: chroms(&BigWig::open(forward)?, &BigWig::open(reverse)?)?,
            forward: forward.to_path_buf(),
            reverse: reverse.to_path_buf(),
        })
    }

    pub fn reader(&self) -> Result<Reader> {
        Ok(Reader([
            (BigWig::open(&self.forward)?, Strand::Forward),
            (BigWig::open(&self.reverse)?, Strand::Reverse),
        ]))
    }
}

/// The chromosomes of either file; one without cuts on a strand may lack there.
fn chroms(forward: &BigWig, reverse: &BigWig) -> Result<Chroms> {
    let mut lengths: BTreeMap<String, u32> = BTreeMap::new();
    for (name, length) in forward.chroms().chain(reverse.chroms()) {
        let first = *lengths.entry(name.to_string()).or_insert(length);
        if first != length {
            let other = forward.path().display();
            let problem = format!("{name} has {length} bases, and {first} in {other}");
            return Err(Error::format(reverse.path(), problem));
        }
    }
    Chroms::new(lengths)
        .map_err(|name| Error::format(forward.path(), format!("{name} stands there twice")))
}

/// Both files, open.
pub struct Reader([(BigWig, Strand); 2]);

impl Reader {
    /// Tells of the cuts at every base of a region that has any.
    pub fn cuts(
        &mut self,
        name: &str,
        region: Region,
        tell: &mut impl FnMut(Strand, i64, u32),
    ) -> Result<()> {
        for (file, strand) in &mut self.0 {
            if !file.has(name) {
                continue;
            }
            for segment in file.segments(name, region)? {
                let cuts = count(file.path(), name, &segment)?;
                if cuts > 0 {
                    for base in segment.region.start..segment.region.end {
                        tell(*strand, base.into(), cuts);
                    }
                }
            }
        }
        Ok(())
    }
}

/// A value as a count.
fn count(path: &Path, name: &str, segment: &Segment) -> Result<u32> {
    let Segment { region, value } = segment;
    let size = value.abs();
    if size.fract() != 0.0 || size > MOST as f32 {
        let problem = format!(
            "{name}:{}-{} holds {value}, which is no number of cuts up to {MOST}: give counts that \
             are neither scaled nor smoothed",
            thousands(region.start + 1),
            thousands(region.end)
        );
        return Err(Error::format(path, problem));
    }
    Ok(size as u32)
}
