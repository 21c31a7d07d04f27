//! STRING's `protein.links`, also its `detailed`, `full` and `physical` forms.
//!
//! A row counts if its combined score is high enough and both proteins' identifiers begin with
//! the taxon that is asked for. Proteins are named by `protein.info`: its `preferred_name`.
//!
//! <https://string-db.org/cgi/download>

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::row::{Partner, Row, Rows, field, for_each};
use super::source::InteractomeSource;
use crate::error::{Error, MissingInput, Result, RowProblem};
use crate::genome;
use crate::text::Lines;

const SCORE: &str = "combined_score";

/// Whether a line is the header of `protein.links`.
pub(super) fn matches(header: &str) -> bool {
    // Two columns of these names are a list of pairs.
    let names: Vec<&str> = header.split_whitespace().take(3).collect();
    matches!(names[..], ["protein1", "protein2", _])
}

/// How rows of links are read.
pub(super) struct Links {
    score: usize,
    smallest: u32,
    prefix: String,
    info: PathBuf,
    names: HashMap<String, String>,
}

impl Links {
    /// Finds the score's column and reads the proteins' names.
    pub fn open(path: &Path, header: &str, source: &InteractomeSource) -> Result<Self> {
        let score = header.split_whitespace().position(|name| name == SCORE);
        let score = score
            .ok_or_else(|| Error::format(path, format!("its header has no column {SCORE}")))?;
        let info = source.string_info.clone().ok_or_else(|| {
            let path = path.display();
            Error::Missing {
                what: format!("{path}: STRING's links name proteins by accession"),
                input: MissingInput::StringNames,
            }
        })?;
        let prefix = format!("{}.", source.taxon);
        Ok(Self {
            score,
            smallest: source.string_score,
            names: names(&info, &prefix)?,
            info,
            prefix,
        })
    }

    fn partner<'a>(&'a self, protein: &str) -> Result<Partner<'a>, RowProblem> {
        let symbol = self.names.get(protein).ok_or_else(|| {
            let info = self.info.display();
            RowProblem::Unreadable(format!("{info} has no protein {protein:?}"))
        })?;
        Ok(Partner::named(symbol))
    }
}

impl Rows for Links {
    fn row<'a>(&'a self, line: &'a str) -> Result<Row<'a>, RowProblem> {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let a = field(&fields, 0, "protein1")?;
        let b = field(&fields, 1, "protein2")?;
        let score = field(&fields, self.score, SCORE)?;
        let score: u32 = score.parse().map_err(|_| {
            RowProblem::Unreadable(format!("{SCORE} is not a whole number: {score:?}"))
        })?;
        if !a.starts_with(&self.prefix) || !b.starts_with(&self.prefix) {
            return Ok(Row::OtherOrganism);
        }
        if score < self.smallest {
            return Ok(Row::BelowScore);
        }
        Ok(Row::Interaction([self.partner(a)?, self.partner(b)?]))
    }
}

/// The names of an organism's proteins.
fn names(path: &Path, prefix: &str) -> Result<HashMap<String, String>> {
    const NAME: &str = "preferred_name";
    let mut lines = Lines::open(path)?;
    let (_, header) = lines.next_line()?.unwrap_or_default();
    let column = header
        .split('\t')
        .position(|name| name.trim() == NAME)
        .filter(|&column| column > 0)
        .ok_or_else(|| {
            let message = format!("is not STRING's protein.info: its header has no {NAME}");
            Error::format(path, message)
        })?;
    let mut names = HashMap::new();
    for_each(path, None, lines, |line| {
        let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
        let name = genome::field(&fields, column, NAME)?;
        if fields[0].starts_with(prefix) {
            names.insert(fields[0].to_string(), name.to_string());
        }
        Ok(())
    })?;
    Ok(names)
}
