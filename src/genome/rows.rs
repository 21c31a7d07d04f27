//! The rows of text files that name places of the genome.

use std::path::Path;

use tracing::{info, warn};

use super::chroms::{Chroms, Naming};
use super::region::Region;
use crate::error::{Error, Result, RowProblem};
use crate::text::Lines;

/// Places named in a file, checked against the reference.
pub struct Places<'a> {
    chroms: &'a Chroms,
    translated: bool,
}

impl<'a> Places<'a> {
    /// Of a file of which nothing was read yet.
    pub fn new(chroms: &'a Chroms) -> Self {
        Self {
            chroms,
            translated: false,
        }
    }

    /// The chromosomes of the reference.
    pub fn chroms(&self) -> &'a Chroms {
        self.chroms
    }

    /// Whether chromosome names had to be translated so far (`1` for `chr1`).
    pub fn translated(&self) -> bool {
        self.translated
    }

    /// A region of the reference: on one of its chromosomes, inside it, and not empty.
    ///
    /// # Errors
    ///
    /// What is wrong with the place; `element` is what the message calls it.
    pub fn region(
        &mut self,
        element: &'static str,
        (name, start, end): (&str, u32, u32),
    ) -> Result<Region, RowProblem> {
        let unknown = || RowProblem::UnknownChromosome(name.to_string());
        let (chrom, naming) = self.chroms.find(name).ok_or_else(unknown)?;
        self.translated |= naming == Naming::Translated;
        let region = Region::new(chrom, start, end).ok_or(RowProblem::Reversed {
            element,
            start,
            end,
        })?;
        let length = self.chroms.length(chrom);
        if end > length {
            return Err(RowProblem::PastTheEnd {
                element,
                end,
                chrom: self.chroms.name(chrom).to_string(),
                length,
            });
        }
        Ok(region)
    }
}

/// What a file held.
#[derive(Debug, Clone)]
pub struct Rows<T> {
    /// The good rows, in order.
    pub good: Vec<T>,
    /// How many bad ones were left out.
    pub skipped: usize,
}

impl<T> Rows<T> {
    /// Refuses a file without any good row.
    ///
    /// # Errors
    ///
    /// That there is none.
    pub fn not_empty(self, path: &Path) -> Result<Self> {
        if self.good.is_empty() {
            return Err(Error::format(path, "holds no usable row"));
        }
        Ok(self)
    }
}

/// Reads the rows of a file, plain or gzip; `parse` returns nothing for a line that is no row.
///
/// # Errors
///
/// A file that cannot be read and, unless `skip_bad`, all bad rows together.
pub fn read_rows<T>(
    path: &Path,
    chroms: &Chroms,
    skip_bad: bool,
    mut parse: impl FnMut(&str, &mut Places) -> Option<Result<T, RowProblem>>,
) -> Result<Rows<T>> {
    let mut places = Places::new(chroms);
    let (good, bad) = Lines::open(path)?.rows(|_, line| parse(line, &mut places))?;
    let skipped = bad.len();
    if !skip_bad {
        Error::bad_rows([(path, bad)])?;
    }
    tell(path, skipped, places.translated);
    Ok(Rows { good, skipped })
}

/// Says what was done to the rows of a file so that they could be used.
pub fn tell(path: &Path, skipped: usize, translated: bool) {
    let path = path.display();
    if skipped > 0 {
        warn!("{path}: {skipped} bad rows left out");
    }
    if translated {
        warn!(
            "{path}: chromosomes are named otherwise than in the reference (chr1 against 1); the \
             reference's names are used"
        );
    }
}

/// The fields of a line: between tabs, or, where it has none, between white space.
pub fn fields(line: &str) -> Vec<&str> {
    if line.contains('\t') {
        line.split('\t').map(str::trim).collect()
    } else {
        line.split_whitespace().collect()
    }
}

/// Whether a first line names columns: where a row has its positions it has words, which begin with a
/// letter, and no number anywhere, as a row of another format has.
pub fn names_columns(fields: &[&str], positions: &[usize]) -> bool {
    // NaN begins with a letter too.
    let is_number = |field: &&str| field.trim().parse::<f64>().is_ok();
    let is_word = |&at: &usize| {
        let first = fields.get(at).and_then(|field| field.trim().chars().next());
        first.is_some_and(|first| first.is_alphabetic() || first == '_')
    };
    positions.iter().all(is_word) && !fields.iter().any(is_number)
}

/// As [`names_columns`] of a line that is passed over for that, which is said.
pub fn is_passed_over(line: &str, fields: &[&str], positions: &[usize]) -> bool {
    let is_names = names_columns(fields, positions);
    if is_names {
        info!("the first line is taken for the names of columns: {line}");
    }
    is_names
}

/// Whether a row names one place of the reference's, as BED's do, and no second one as those of BEDPE.
pub fn is_one_place(fields: &[&str], chroms: &Chroms) -> bool {
    let is_position = |at: usize| fields.get(at).is_some_and(|of| of.parse::<u32>().is_ok());
    let is_chrom = |at: usize| fields.get(at).is_some_and(|of| chroms.find(of).is_some());
    // BED's sixth column is the strand.
    let is_strand = fields.get(5).is_none_or(|of| ["+", "-", "."].contains(of));
    is_position(1) && is_position(2) && !is_chrom(3) && is_strand
}

/// A field that a row must have.
///
/// # Errors
///
/// That it is missing or empty.
pub fn field<'a>(fields: &[&'a str], at: usize, name: &str) -> Result<&'a str, RowProblem> {
    fields
        .get(at)
        .copied()
        .filter(|field| !field.is_empty())
        .ok_or_else(|| RowProblem::Missing(name.to_string()))
}

/// A field as a position.
///
/// # Errors
///
/// What is no whole number of 32 bits.
pub fn position(column: &str, value: &str) -> Result<u32, RowProblem> {
    let position = value.parse();
    position.map_err(|_| RowProblem::not_a_position(column, value))
}
