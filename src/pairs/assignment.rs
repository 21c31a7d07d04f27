//! A table that gives each pair something: its part of a split, its fold.

use std::collections::HashMap;
use std::fmt::Display;
use std::path::Path;

use super::Pair;
use crate::error::{Error, Result};
use crate::genome::Chroms;
use crate::output;
use crate::text::Lines;

/// Writes a header, then for each pair its name, its label and what it is given; `what` is the name
/// of that column.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(
    path: &Path,
    what: &str,
    pairs: &[Pair],
    given: impl Iterator<Item: Display>,
    chroms: &Chroms,
) -> Result<()> {
    let rows = pairs.iter().zip(given).map(|(pair, given)| {
        let id = pair.id(chroms).to_string();
        (id, pair.label_text(), given.to_string())
    });
    output::write_table(path, &format!("pair\tlabel\t{what}"), rows)
}

/// What each of these pairs is given in a file that may name others too; `parse` reads the column
/// `what`, or says why it cannot.
///
/// # Errors
///
/// A file that cannot be read, a row that is not of this form, a pair that is given two things or
/// stands there with another label than here, a pair that the file does not name.
pub fn read<T: PartialEq + Clone>(
    path: &Path,
    what: &str,
    pairs: &[Pair],
    parse: impl Fn(&str) -> Result<T, String>,
    chroms: &Chroms,
) -> Result<Vec<T>> {
    let named = all(path, what, parse)?;
    let given = |pair: &Pair| {
        let (id, label) = (pair.id(chroms).to_string(), pair.label_text());
        match named.get(&id) {
            Some((given, same)) if same == label => Ok(given.clone()),
            Some((_, other)) => {
                let problem = format!("gives the pair {id} the label {other}, the table {label}");
                Err(Error::format(path, problem))
            }
            None => Err(Error::format(path, format!("does not name the pair {id}"))),
        }
    };
    pairs.iter().map(given).collect()
}

/// As [`read`] of pairs of any table, with or without labels: nothing of those that the file does not
/// name.
///
/// # Errors
///
/// A file that cannot be read, a row that is not of this form, a pair that is given two things.
pub fn find<T: PartialEq + Clone>(
    path: &Path,
    what: &str,
    pairs: &[Pair],
    parse: impl Fn(&str) -> Result<T, String>,
    chroms: &Chroms,
) -> Result<Vec<Option<T>>> {
    let named = all(path, what, parse)?;
    let given = |pair: &Pair| {
        let given = named.get(&pair.id(chroms).to_string());
        given.map(|(given, _)| given.clone())
    };
    Ok(pairs.iter().map(given).collect())
}

/// What each pair of a file is given, and its label there, by the pairs' names.
fn all<T: PartialEq + Clone>(
    path: &Path,
    what: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<HashMap<String, (T, String)>> {
    let mut named: HashMap<String, (T, String)> = HashMap::new();
    let mut lines = Lines::open(path)?;
    while let Some((number, line)) = lines.next_line()? {
        if number == 1 && line.starts_with("pair\t") {
            continue;
        }
        let refuse = |problem: String| Error::format(path, format!("line {number}: {problem}"));
        let fields: Vec<&str> = line.split('\t').collect();
        let [pair, label, given] = fields[..] else {
            return Err(refuse("not three fields".to_string()));
        };
        let row = (parse(given).map_err(refuse)?, label.to_string());
        if let Some(other) = named.insert(pair.to_string(), row.clone())
            && other != row
        {
            let problem = format!("the pair stands in two {what}s or with two labels");
            return Err(refuse(problem));
        }
    }
    Ok(named)
}
