//! What a file calls the chromosomes.

use std::path::{Path, PathBuf};

use tracing::warn;

use crate::error::{Error, Result};
use crate::genome::{Chroms, Region};

/// Differences that an error names.
const NAMED: usize = 3;

/// For each chromosome of an assembly its name in a file.
#[derive(Debug, Clone)]
pub struct ChromNames {
    path: PathBuf,
    /// The file's name; where it has none, the assembly's.
    names: Vec<Result<String, String>>,
}

impl ChromNames {
    /// Compares the chromosomes of a file with those of an assembly.
    ///
    /// # Errors
    ///
    /// Chromosomes of other lengths.
    pub fn new(path: &Path, own: &Chroms, chroms: &Chroms) -> Result<Self> {
        let mut names = Vec::new();
        let mut differences = Vec::new();
        for (name, length) in chroms.iter() {
            let Some((id, _)) = own.find(name) else {
                names.push(Err(name.to_string()));
                continue;
            };
            let (own_name, own_length) = (own.name(id), own.length(id));
            names.push(Ok(own_name.to_string()));
            // The mitochondrion of UCSC's hg19 is another sequence than that of everyone else, and goes by
            // both names.
            if own_length != length && ["chrM", "MT"].contains(&name) {
                warn!(
                    "{}: {own_name} has {own_length} bases, {length} in the reference: another \
                     mitochondrion, of which positions may differ",
                    path.display()
                );
            } else if own_length != length {
                differences.push(format!("{own_name} has {own_length} bases, not {length}"));
            }
        }
        if !differences.is_empty() {
            let more = differences.len().saturating_sub(NAMED);
            differences.truncate(NAMED);
            if more > 0 {
                differences.push(format!("{more} more differ"));
            }
            let differences = differences.join("; ");
            let problem = format!("is of another assembly than the reference: {differences}");
            return Err(Error::format(path, problem));
        }
        let path = path.to_path_buf();
        Ok(Self { path, names })
    }

    /// What the file calls the chromosome of a region; none where it does not have it.
    pub fn get(&self, region: Region) -> Option<&str> {
        let name = self.names.get(region.chrom.0 as usize)?;
        name.as_deref().ok()
    }

    /// What the file calls the chromosome of a region.
    ///
    /// # Errors
    ///
    /// A chromosome that the file does not have.
    pub fn of(&self, region: Region) -> Result<&str> {
        let name = self.names[region.chrom.0 as usize].as_deref();
        name.map_err(|name| {
            let problem = format!("has no chromosome {name}, where regions lie");
            Error::format(&self.path, problem)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;

    fn chroms(chroms: &[(&str, u32)]) -> Chroms {
        Chroms::new(
            chroms
                .iter()
                .map(|&(name, length)| (name.to_string(), length)),
        )
        .unwrap()
    }

    fn at(chrom: u32) -> Region {
        Region {
            chrom: ChromId(chrom),
            start: 0,
            end: 1,
        }
    }

    #[test]
    fn names_are_those_of_the_file() {
        let own = chroms(&[("1", 100), ("MT", 16_569), ("X", 50)]);
        let of = chroms(&[("chr1", 100), ("chr2", 90), ("chrM", 16_571)]);
        let names = ChromNames::new(Path::new("a.bam"), &own, &of).unwrap();
        assert_eq!(names.of(at(0)).unwrap(), "1");
        assert_eq!(names.of(at(2)).unwrap(), "MT");
        let said = names.of(at(1)).unwrap_err().to_string();
        assert_eq!(said, "a.bam: has no chromosome chr2, where regions lie");
    }

    #[test]
    fn another_assembly_is_refused() {
        let own = chroms(&[
            ("chr1", 101),
            ("chr2", 90),
            ("chr3", 1),
            ("chr4", 1),
            ("chr5", 1),
        ]);
        let of = chroms(&[
            ("chr1", 100),
            ("chr2", 90),
            ("chr3", 2),
            ("chr4", 2),
            ("chr5", 2),
        ]);
        let said = ChromNames::new(Path::new("a.bam"), &own, &of)
            .unwrap_err()
            .to_string();
        assert!(said.contains("another assembly"), "{said}");
        assert!(said.contains("chr1 has 101 bases, not 100"), "{said}");
        assert!(said.ends_with("1 more differ"), "{said}");
    }
}
