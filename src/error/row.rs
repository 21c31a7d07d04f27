//! Rows of tables that cannot be used, and how they are told.

use std::fmt;
use std::mem::discriminant;
use std::path::Path;

/// A row of a table that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// 1-based line in the file (in the decompressed text of a gzip file).
    pub line: u64,
    /// Why it cannot be used.
    pub problem: RowProblem,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

/// Why a row of a table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    /// The row has too few fields.
    #[error("no field for {0}")]
    Missing(String),
    /// The row has one place where there have to be two.
    #[error("one place: this is BED, not BEDPE, whose rows have two")]
    OnePlace,
    /// A field is not a position (a whole number from 0 to 4,294,967,295).
    #[error("{column} is not a position: {value:?}")]
    NotAPosition {
        /// The column's name.
        column: String,
        /// What stands there.
        value: String,
    },
    /// A name is not of the form `CELL|chrom:start-end`.
    #[error("{column} does not end in chrom:start-end: {value:?}")]
    NotAName {
        /// The column's name.
        column: String,
        /// What stands there.
        value: String,
    },
    /// The label is neither 0 nor 1.
    #[error("label is not 0 or 1: {0:?}")]
    NotALabel(String),
    /// An element of no length or of negative length.
    #[error("{element} starts at {start} and ends at {end}")]
    Reversed {
        /// `enhancer` or `promoter`.
        element: &'static str,
        /// 0-based start.
        start: u32,
        /// End (exclusive).
        end: u32,
    },
    /// A chromosome that the reference does not have.
    #[error("the reference has no chromosome {0:?}")]
    UnknownChromosome(String),
    /// An element that reaches past its chromosome.
    #[error("{element} ends at {end}, past the end of {chrom} ({length})")]
    PastTheEnd {
        /// `enhancer` or `promoter`.
        element: &'static str,
        /// End (exclusive).
        end: u32,
        /// The chromosome's name in the reference.
        chrom: String,
        /// The chromosome's length.
        length: u32,
    },
    /// A chromosome too short to hold the window.
    #[error("{chrom} ({length} bases) is shorter than the {element} window ({window} bases)")]
    ShortChromosome {
        /// `enhancer` or `promoter`.
        element: &'static str,
        /// The chromosome's name in the reference.
        chrom: String,
        /// The chromosome's length.
        length: u32,
        /// The window's length.
        window: u32,
    },
    /// The same two elements as in an earlier row.
    #[error("the same pair as line {first}{}", if *.contradicts { ", with the other label" } else { "" })]
    Duplicate {
        /// The line where the pair came first.
        first: u64,
        /// Whether the two rows disagree about the label.
        contradicts: bool,
    },
    /// An accession that the annotation does not have.
    #[error("{0:?} is not in the annotation")]
    UnknownAccession(String),
    /// A field is not a finite number.
    #[error("{column} is not a finite number: {value:?}")]
    NotFinite {
        /// The column's name.
        column: String,
        /// What stands there.
        value: String,
    },
    /// A label that the table of pairs contradicts.
    #[error("the label is not that of line {0} of the table of pairs")]
    OtherLabel(u32),
    /// A pair that the table of pairs does not have.
    #[error("{0:?} is no pair of the table of pairs")]
    UnknownPair(String),
    /// A pair that a table about pairs leaves out.
    #[error("{0} has no row for this pair")]
    LeftOut(String),
    /// Bases that the reference does not have there.
    #[error("REF is {given}, but the reference has {there}")]
    OtherBases {
        /// What the row says.
        given: String,
        /// What stands in the reference.
        there: String,
    },
    /// The row is not valid text of its format.
    #[error("{0}")]
    Unreadable(String),
}

impl RowProblem {
    /// What it comes from where many rows have it.
    fn likely(&self) -> &'static str {
        match self {
            Self::UnknownChromosome(_) => {
                ": are the names those of the reference, or is it another assembly?"
            }
            Self::PastTheEnd { .. } | Self::OtherBases { .. } => ": is it another assembly?",
            Self::Missing(_) | Self::NotAPosition { .. } => ": is it another format?",
            _ => "",
        }
    }

    /// A [`RowProblem::NotAPosition`] of a column.
    pub fn not_a_position(column: &str, value: &str) -> Self {
        Self::NotAPosition {
            column: column.to_string(),
            value: value.to_string(),
        }
    }
}

/// How many rows of one kind are told one by one.
const TOLD: usize = 3;

/// The first rows of each kind of problem, in the table's order, and how many more there are.
pub(super) fn bad_rows(path: &Path, rows: &[BadRow]) -> String {
    let (noun, verb) = if rows.len() == 1 {
        ("row", "is")
    } else {
        ("rows", "are")
    };
    let path = path.display();
    let mut text = format!("{path}: {} {noun} {verb} bad", rows.len());
    let mut kinds: Vec<(&BadRow, usize)> = Vec::new();
    for row in rows {
        let kind = discriminant(&row.problem);
        let mut known = kinds.iter_mut();
        let known = known.find(|(first, _)| discriminant(&first.problem) == kind);
        let count = match known {
            Some((_, count)) => count,
            None => {
                kinds.push((row, 0));
                let last = kinds.len() - 1;
                &mut kinds[last].1
            }
        };
        *count += 1;
        if *count <= TOLD {
            let BadRow { line, problem } = row;
            text += &format!("\n  {path}:{line}: {problem}");
        }
    }
    for (BadRow { line, problem }, count) in kinds {
        if count > TOLD {
            let (more, likely) = (count - TOLD, problem.likely());
            text += &format!("\n  and {more} more like that of line {line}{likely}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rows_of_a_kind_are_summed_up() {
        let unknown = |line| BadRow {
            line,
            problem: RowProblem::UnknownChromosome(format!("NC_{line}")),
        };
        let mut rows: Vec<BadRow> = (1..=20_000).map(unknown).collect();
        rows[1].problem = RowProblem::NotALabel("x".to_string());
        let said = bad_rows(Path::new("genes.gtf"), &rows);
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines[0], "genes.gtf: 20000 rows are bad");
        assert!(
            lines[2].ends_with(":2: label is not 0 or 1: \"x\""),
            "{said}"
        );
        assert!(lines[4].contains(":4: "), "{said}");
        assert!(
            lines[5].starts_with("  and 19996 more like that of line 1: "),
            "{said}"
        );
        assert!(lines[5].ends_with("another assembly?"), "{said}");
        assert_eq!(lines.len(), 6);
    }
}
