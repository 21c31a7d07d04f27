//! Whether the files of a genome are of one assembly.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::genome::{ChromLengths, wrong_lengths};

/// What is known of a genome's chromosomes, from its name, its sequence and its files.
pub struct Agreement<'a> {
    name: &'a str,
    sequence: Option<&'a ChromLengths>,
    seen: BTreeMap<String, (u32, PathBuf)>,
}

impl<'a> Agreement<'a> {
    /// Of the genome of this name; `sequence` has the chromosomes of one that the hub brings along.
    pub fn new(name: &'a str, sequence: Option<&'a ChromLengths>) -> Self {
        Self {
            name,
            sequence,
            seen: BTreeMap::new(),
        }
    }

    /// Adds a file, or says how it disagrees with an earlier one.
    pub fn add(&mut self, file: &Path, chroms: &ChromLengths) -> Result<(), String> {
        for (chrom, &length) in chroms {
            if let Some((first, other)) = self.seen.get(chrom)
                && *first != length
            {
                let (other, file) = (other.display(), file.display());
                return Err(format!(
                    "{chrom} has {first} bases in {other} and {length} in {file}: the files are of \
                     different assemblies"
                ));
            }
        }
        for (chrom, &length) in chroms {
            let seen = self.seen.entry(chrom.clone());
            seen.or_insert_with(|| (length, file.to_path_buf()));
        }
        Ok(())
    }

    /// How chromosomes are not the genome's: the first against what its name says, and the first
    /// against its sequence.
    pub fn problems(&self, chroms: &ChromLengths) -> impl Iterator<Item = String> {
        let name = self.name;
        let unlike = |chrom: &str, length: u32, right: u32| {
            format!("{chrom} has {length} bases, but {right} in {name}")
        };
        let by_name = wrong_lengths(name, chroms)
            .next()
            .map(|(chrom, length, right)| unlike(chrom, length, right));
        let by_sequence = self.sequence.and_then(|sequence| {
            let mut chroms = chroms.iter();
            chroms.find_map(|(chrom, &length)| match sequence.get(chrom) {
                Some(&right) if right == length => None,
                Some(&right) => Some(unlike(chrom, length, right)),
                None => Some(format!("{chrom} is not in {name}")),
            })
        });
        by_name.into_iter().chain(by_sequence)
    }
}
