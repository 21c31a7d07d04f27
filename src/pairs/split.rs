//! Which pairs train, which stop training, and which are kept for the test.

mod choose;
mod chromosomes;
mod fold;
mod part;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::chrom_counts::ChromCounts;
use super::classes::{self, CLASSES, none_is};
use super::few::warn_of_few;
use super::{Pair, PairTable, assignment};
use crate::error::{Error, Result};
use crate::genome::{ChromId, Chroms};
use crate::output::provenance::Input;
use crate::seed::{Purpose, stream};
use choose::divide;
pub use part::Part;

/// How pairs are divided into parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "rule")]
pub enum SplitRule {
    /// Pairs at random, each class divided in the same proportion: the paper's, which leaves the
    /// same promoters on both sides.
    Random,
    /// Whole chromosomes.
    Chromosome {
        /// The chromosomes of the test part; where empty, chosen to come near its size.
        test: Vec<String>,
    },
    /// As another run wrote it, or by the chromosomes of chrombpnet's file.
    File {
        /// A `split.tsv`, or JSON.
        file: Input,
    },
}

impl SplitRule {
    /// The parts of the chromosomes that it names, whether pairs lie on them or not: those that were chosen for
    /// the test, those of a file of chromosomes, and those of the pairs of a file that divides whole chromosomes.
    ///
    /// # Errors
    ///
    /// A test chromosome that the reference does not have; a file that cannot be read or is not of its form.
    pub fn chromosomes(&self, chroms: &Chroms) -> Result<BTreeMap<ChromId, Part>> {
        match self {
            Self::Random => Ok(BTreeMap::new()),
            Self::Chromosome { test } => {
                let test = find_all(test, chroms)?.into_iter();
                Ok(test.map(|chrom| (chrom, Part::Test)).collect())
            }
            Self::File { file } if chromosomes::is_one(&file.path) => {
                chromosomes::named(&file.path, chroms)
            }
            Self::File { file } => {
                let of = chromosomes::of_split(&file.path, chroms)?;
                Ok(of.unwrap_or_default())
            }
        }
    }
}

/// The parts that need pairs of both classes.
const PARTS: [Part; 3] = [Part::Train, Part::Validation, Part::Test];

/// The part of each pair of a table, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    parts: Vec<Part>,
}

impl Split {
    /// Divides labelled pairs. `test` and `validation` are parts of 1: of all pairs, and of those
    /// that are not test.
    ///
    /// # Errors
    ///
    /// A part that would hold only one class, by chromosome only where every division has one; a test
    /// chromosome that the reference does not have; a file that does not name every pair.
    pub fn new(
        rule: &SplitRule,
        pairs: &[Pair],
        chroms: &Chroms,
        (test, validation): (f64, f64),
        seed: u64,
    ) -> Result<Self> {
        let mut rng = stream(seed, Purpose::Split, 0);
        let split = match rule {
            SplitRule::Random => {
                let mut parts = vec![Part::Train; pairs.len()];
                let all = 0..pairs.len();
                random(&mut parts, pairs, all, (test, validation), &mut rng);
                Self { parts }
            }
            SplitRule::Chromosome { test: names } => {
                let chosen = find_all(names, chroms)?;
                Self::by_chromosome(pairs, chosen, (test, validation), &mut rng)
            }
            SplitRule::File { file } if chromosomes::is_one(&file.path) => {
                let parts = chromosomes::read(&file.path, pairs, chroms)?;
                Self { parts }
            }
            SplitRule::File { file } => Self::read(&file.path, pairs, chroms)?,
        };
        split.check(pairs, chroms, rule)?;
        // Whoever wrote a file has been told.
        if !matches!(rule, SplitRule::File { .. }) {
            for part in PARTS {
                warn_of_few(&format!("the {part} part"), pairs, &split.members(part));
            }
        }
        Ok(split)
    }

    /// The part of the pair at this place of the table.
    pub fn part(&self, pair: usize) -> Part {
        self.parts[pair]
    }

    /// The places of the pairs of a part, in the table's order.
    pub fn members(&self, part: Part) -> Vec<usize> {
        (0..self.parts.len())
            .filter(|&pair| self.parts[pair] == part)
            .collect()
    }

    fn by_chromosome(
        pairs: &[Pair],
        chosen: BTreeSet<ChromId>,
        (test, validation): (f64, f64),
        rng: &mut ChaCha8Rng,
    ) -> Self {
        let counts = ChromCounts::new(pairs);
        let mut all = counts.chroms();
        let (tests, validations) = if chosen.is_empty() {
            let mut sets = divide(&counts, &all, &[test, validation], rng).into_iter();
            (
                sets.next().unwrap_or_default(),
                sets.next().unwrap_or_default(),
            )
        } else {
            all.retain(|chrom| !chosen.contains(chrom));
            let mut sets = divide(&counts, &all, &[validation], rng).into_iter();
            (chosen, sets.next().unwrap_or_default())
        };
        let side = |chrom: ChromId| {
            if tests.contains(&chrom) {
                Part::Test
            } else if validations.contains(&chrom) {
                Part::Validation
            } else {
                Part::Train
            }
        };
        Self {
            parts: pairs.iter().map(|pair| Part::of(pair, side)).collect(),
        }
    }

    fn check(&self, pairs: &[Pair], chroms: &Chroms, rule: &SplitRule) -> Result<()> {
        self.check_classes(pairs).map_err(|(part, label, class)| {
            let advice = match rule {
                SplitRule::Random => "the table is too small for these parts".to_string(),
                SplitRule::Chromosome { test } => {
                    let advice = match test.is_empty() {
                        true => "no division by chromosome gives every part both classes",
                        false => "choose other test chromosomes",
                    };
                    let on = ChromCounts::new(pairs).holding(label);
                    let on: Vec<&str> = on.into_iter().map(|chrom| chroms.name(chrom)).collect();
                    format!("{advice}; {class} pairs lie on {}", on.join(", "))
                }
                SplitRule::File { .. } => "the file does not fit this table".to_string(),
            };
            Error::Configuration(format!(
                "the {part} part would hold no {class} pair: {advice}"
            ))
        })
    }

    /// Which part holds no pair of which class, by its label and its name, if there is one.
    fn check_classes(&self, pairs: &[Pair]) -> Result<(), (Part, bool, &'static str)> {
        for part in PARTS {
            let members = self.members(part);
            for (label, class) in CLASSES {
                if none_is(label, pairs, &members) {
                    return Err((part, label, class));
                }
            }
        }
        Ok(())
    }

    /// Writes `split.tsv`: a header, then for each pair its name, label and part.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, path: &Path, pairs: &[Pair], chroms: &Chroms) -> Result<()> {
        assignment::write(path, "part", pairs, self.parts.iter(), chroms)
    }

    /// The same of a table: of one of several cell lines with the cell line of each pair in a further column.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write_of(&self, path: &Path, table: &PairTable, chroms: &Chroms) -> Result<()> {
        match table.cells.is_empty() {
            true => self.write(path, &table.pairs, chroms),
            false => assignment::write_of_cells(path, "part", table, self.parts.iter(), chroms),
        }
    }

    /// Whether the parts of these pairs are whole chromosomes.
    pub fn is_by_chromosome(&self, pairs: &[Pair]) -> bool {
        chromosomes::are_whole(&self.parts, pairs)
    }

    /// Writes the division for chrombpnet, where it is one by chromosome; where it is not, a file of
    /// another one is removed.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write_chromosomes(&self, path: &Path, pairs: &[Pair], chroms: &Chroms) -> Result<()> {
        chromosomes::write(path, &self.parts, pairs, chroms)
    }

    /// Reads the parts of these pairs from a `split.tsv`, which may name others too, and pairs of several cell lines.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, a row that is not of this form, a pair that it does not name, or
    /// that stands there in two parts or with another label.
    pub fn read(path: &Path, pairs: &[Pair], chroms: &Chroms) -> Result<Self> {
        let parts = assignment::read(path, "part", pairs, str::parse, chroms)?;
        Ok(Self { parts })
    }
}

/// The parts that a `split.tsv` gives pairs of any table, with or without labels: none of pairs that it
/// does not name.
///
/// # Errors
///
/// A file that cannot be read, a row that is not of this form, a pair that stands there in two parts.
pub fn parts_of(path: &Path, pairs: &[Pair], chroms: &Chroms) -> Result<Vec<Option<Part>>> {
    assignment::find(path, "part", pairs, str::parse, chroms)
}

/// The part of each chromosome that pairs of a `split.tsv` lie on; none where it does not divide whole
/// chromosomes.
///
/// # Errors
///
/// A file that cannot be read, a row that is not of this form, pairs on chromosomes that the reference
/// does not have.
pub fn parts_of_chroms(path: &Path, chroms: &Chroms) -> Result<Option<BTreeMap<ChromId, Part>>> {
    chromosomes::of_split(path, chroms)
}

/// Deals the pairs at some places out at random, each class in the same proportion.
fn random(
    parts: &mut [Part],
    pairs: &[Pair],
    places: impl Iterator<Item = usize> + Clone,
    (test, validation): (f64, f64),
    rng: &mut ChaCha8Rng,
) {
    for class in classes::shuffled(pairs, places, rng) {
        let tests = (class.len() as f64 * test).round() as usize;
        let validations = ((class.len() - tests) as f64 * validation).round() as usize;
        for (place, pair) in class.into_iter().enumerate() {
            parts[pair] = if place < tests {
                Part::Test
            } else if place < tests + validations {
                Part::Validation
            } else {
                Part::Train
            };
        }
    }
}

fn find_all(names: &[String], chroms: &Chroms) -> Result<BTreeSet<ChromId>> {
    let find = |name: &String| {
        let unknown = || format!("the reference has no test chromosome {name:?}");
        let found = chroms.find(name).map(|(id, _)| id);
        found.ok_or_else(|| Error::Configuration(unknown()))
    };
    names.iter().map(find).collect()
}

#[cfg(test)]
mod tests;
