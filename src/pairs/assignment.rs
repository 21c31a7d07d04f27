//! A table that gives each pair something: its part of a split, its fold.

use std::collections::HashMap;
use std::fmt::Display;
use std::path::Path;

use super::{Pair, PairTable};
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

/// The same of the pairs of several cell lines, with the cell line of each behind.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write_of_cells(
    path: &Path,
    what: &str,
    table: &PairTable,
    given: impl Iterator<Item: Display>,
    chroms: &Chroms,
) -> Result<()> {
    let pairs = table.pairs.iter().enumerate();
    let rows = pairs.zip(given).map(|((place, pair), given)| {
        let id = pair.id(chroms).to_string();
        let cell = table.cell(place).unwrap_or(".");
        (id, pair.label_text(), given.to_string(), cell)
    });
    output::write_table(path, &format!("pair\tlabel\t{what}\tcell"), rows)
}

/// What each of these pairs is given in a file that may name others too; `parse` reads the column
/// `what`, or says why it cannot.
///
/// # Errors
///
/// A file that cannot be read, a row that is not of this form, a pair that is given two things or
/// stands there with another label than here, a pair that the file does not name. Of several cell lines
/// one pair may have both labels.
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
            Some(named) if named.labels.iter().any(|(_, same)| same == label) => {
                Ok(named.given.clone())
            }
            Some(Named { labels, .. }) => {
                let other = &labels[0].1;
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
        given.map(|named| named.given.clone())
    };
    Ok(pairs.iter().map(given).collect())
}

/// What every pair of a file is given, by the pairs' names, in no order.
///
/// # Errors
///
/// As [`find`].
pub fn names<T: PartialEq>(
    path: &Path,
    what: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<(String, T)>> {
    let named = all(path, what, parse)?.into_iter();
    Ok(named.map(|(name, named)| (name, named.given)).collect())
}

/// What a file says of a pair.
struct Named<T> {
    given: T,
    /// Its label, and before it the cell line, which is empty where the file tells none; of each cell line
    /// one.
    labels: Vec<(String, String)>,
}

/// What a file says of each of its pairs, by their names.
fn all<T: PartialEq>(
    path: &Path,
    what: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<HashMap<String, Named<T>>> {
    let mut named: HashMap<String, Named<T>> = HashMap::new();
    let mut lines = Lines::open(path)?;
    while let Some((number, line)) = lines.next_line()? {
        if number == 1 && line.starts_with("pair\t") {
            continue;
        }
        let refuse = |problem: String| Error::format(path, format!("line {number}: {problem}"));
        let fields: Vec<&str> = line.split('\t').collect();
        let (pair, label, given, cell) = match fields[..] {
            [pair, label, given] => (pair, label, given, ""),
            [pair, label, given, cell] => (pair, label, given, cell),
            _ => {
                return Err(refuse(
                    "not three fields, or four with the cell line".to_string(),
                ));
            }
        };
        let given = parse(given).map_err(refuse)?;
        let row = (cell.to_string(), label.to_string());
        let Some(known) = named.get_mut(pair) else {
            let labels = vec![row];
            named.insert(pair.to_string(), Named { given, labels });
            continue;
        };
        let other = known.labels.iter().find(|(of, _)| *of == row.0);
        if known.given != given || other.is_some_and(|other| *other != row) {
            let problem = format!("the pair stands in two {what}s or with two labels");
            return Err(refuse(problem));
        }
        if other.is_none() {
            known.labels.push(row);
        }
    }
    Ok(named)
}
