//! The regions in which footprints are looked for.

use std::path::Path;

use crate::error::{Error, Result};
use crate::genome::{Chroms, Region, merge, read_bed};
use crate::text::thousands;

/// The longest region, in bases: open chromatin is a thousand times shorter.
const LONGEST: u32 = 1_000_000;

/// Regions that neither touch nor overlap, in the order of their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regions {
    /// As they stand in the file.
    pub rows: usize,
    /// Those that touch or overlap as one, because a base has one score.
    pub merged: Vec<Region>,
}

impl Regions {
    /// Reads a BED file, plain or gzip.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, all bad rows together, no row at all, a region of more than a
    /// million bases.
    pub fn read(path: &Path, chroms: &Chroms) -> Result<Self> {
        let read = read_bed(path, chroms)?;
        let rows = read.len();
        let merged = merge(read);
        if let Some(region) = merged.iter().find(|region| region.len() > LONGEST) {
            let (place, length) = (region.told(chroms), thousands(region.len()));
            let problem = format!(
                "{place} is {length} bases long, with what it overlaps: give regions of open \
                 chromatin, of at most {} bases",
                thousands(LONGEST)
            );
            return Err(Error::format(path, problem));
        }
        Ok(Self { rows, merged })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(u32, u32)>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bed");
        std::fs::write(&path, text).unwrap();
        let chroms = Chroms::new([("chr1".to_string(), 2_000_000)]).unwrap();
        let regions = Regions::read(&path, &chroms)?;
        assert_eq!(regions.rows, text.lines().count());
        let places = regions.merged.iter();
        Ok(places.map(|region| (region.start, region.end)).collect())
    }

    #[test]
    fn regions_that_overlap_or_touch_become_one() {
        let text = "chr1\t500\t700\nchr1\t100\t200\nchr1\t150\t300\nchr1\t300\t310\n";
        assert_eq!(read(text).unwrap(), [(100, 310), (500, 700)]);
    }

    #[test]
    fn whole_chromosomes_and_empty_files_are_refused() {
        let said = read("chr1\t0\t2000000\n").unwrap_err().to_string();
        assert!(
            said.contains("chr1:1-2,000,000 is 2,000,000 bases long"),
            "{said}"
        );
        assert!(read("").unwrap_err().to_string().contains("no region"));
    }
}
