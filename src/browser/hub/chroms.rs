//! Chromosomes of several files that have to be of one assembly.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Names and lengths, in the order of the names.
pub type ChromLengths = BTreeMap<String, u32>;

/// What the files of a genome say about its chromosomes.
#[derive(Debug, Default)]
pub struct SeenChroms {
    lengths: BTreeMap<String, (u32, PathBuf)>,
}

/// Two files that disagree about a chromosome.
#[derive(Debug, PartialEq, Eq)]
pub struct Disagreement {
    chrom: String,
    first: (u32, PathBuf),
    second: (u32, PathBuf),
}

impl SeenChroms {
    /// Adds the chromosomes of a file.
    pub fn add(&mut self, file: &Path, chroms: &ChromLengths) -> Result<(), Disagreement> {
        for (chrom, &length) in chroms {
            let first = self
                .lengths
                .entry(chrom.clone())
                .or_insert_with(|| (length, file.to_path_buf()));
            if first.0 != length {
                return Err(Disagreement {
                    chrom: chrom.clone(),
                    first: first.clone(),
                    second: (length, file.to_path_buf()),
                });
            }
        }
        Ok(())
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            chrom,
            first,
            second,
        } = self;
        write!(
            f,
            "{chrom} has {} bases in {} and {} in {}: the files are of different assemblies",
            first.0,
            first.1.display(),
            second.0,
            second.1.display()
        )
    }
}
