//! STRING's `protein.links`, also its `detailed`, `full` and `physical` forms.
//!
//! A row counts if its combined score is high enough and both proteins' identifiers begin with
//! the taxon that is asked for. Proteins are named by `protein.info`: its `preferred_name`.
//!
//! <https://string-db.org/cgi/download>

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::options::ReadOptions;
use super::row::{BadRows, LeftOut, Partner, Row, Rows};
use crate::error::{Error, MissingInput, Result, RowProblem};
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
    pub fn open(path: &Path, header: &str, options: &ReadOptions) -> Result<Self> {
        let score = header
            .split_whitespace()
            .position(|name| name == SCORE)
            .ok_or_else(|| Error::format(path, format!("its header has no column {SCORE}")))?;
        let info = options.string_info.ok_or_else(|| {
            let path = path.display();
            Error::Missing {
                what: format!("{path}: STRING's links name proteins by accession"),
                input: MissingInput::StringNames,
            }
        })?;
        let prefix = format!("{}.", options.taxon);
        Ok(Self {
            score,
            smallest: options.string_score,
            info: info.to_path_buf(),
            names: names(info, &prefix)?,
            prefix,
        })
    }

    fn partner<'a>(&'a self, protein: &str) -> Result<Partner<'a>, RowProblem> {
        let symbol = self.names.get(protein).ok_or_else(|| {
            let info = self.info.display();
            RowProblem::Unreadable(format!("{info} has no protein {protein:?}"))
        })?;
        Ok(Partner {
            symbol,
            synonyms: "",
        })
    }
}

impl Rows for Links {
    fn row<'a>(&'a self, line: &'a str) -> Result<Row<'a>, RowProblem> {
        let mut fields = line.split_whitespace();
        let mut protein = |name: &str| {
            let field = fields.next();
            field.ok_or_else(|| RowProblem::Missing(name.to_string()))
        };
        let proteins = [protein("protein1")?, protein("protein2")?];
        let score = line
            .split_whitespace()
            .nth(self.score)
            .ok_or_else(|| RowProblem::Missing(SCORE.to_string()))?;
        let score: u32 = score.parse().map_err(|_| {
            RowProblem::Unreadable(format!("{SCORE} is not a whole number: {score:?}"))
        })?;
        if proteins
            .iter()
            .any(|protein| !protein.starts_with(&self.prefix))
        {
            return Ok(Row::LeftOut(LeftOut::OtherOrganism));
        }
        if score < self.smallest {
            return Ok(Row::LeftOut(LeftOut::BelowScore));
        }
        let [a, b] = proteins;
        Ok(Row::Interaction([self.partner(a)?, self.partner(b)?]))
    }
}

/// The names of an organism's proteins.
fn names(path: &Path, prefix: &str) -> Result<HashMap<String, String>> {
    const NAME: &str = "preferred_name";
    let mut lines = Lines::open(path)?;
    let header = lines
        .next_line()?
        .map(|(_, header)| header)
        .unwrap_or_default();
    let column = header
        .split('\t')
        .position(|name| name.trim() == NAME)
        .filter(|&column| column > 0)
        .ok_or_else(|| {
            let message = format!("is not STRING's protein.info: its header has no {NAME}");
            Error::format(path, message)
        })?;
    let mut names = HashMap::new();
    let mut bad = BadRows::default();
    while let Some((number, line)) = lines.next_line()? {
        let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
        let name = fields.get(column).filter(|name| !name.is_empty());
        let row = match name {
            Some(name) if fields[0].starts_with(prefix) => {
                names.insert(fields[0].to_string(), name.to_string());
                Ok(())
            }
            Some(_) => Ok(()),
            None => Err(RowProblem::Missing(NAME.to_string())),
        };
        bad.keep(number, row);
        if bad.full() {
            break;
        }
    }
    bad.none(path)?;
    Ok(names)
}
