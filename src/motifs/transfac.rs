//! TRANSFAC's format: records that end in `//`, of lines that begin with a tag. `AC` is the accession,
//! `ID` and `NA` are names; after `P0` (or `PO`) `A C G T` comes a line for each position.
//!
//! <http://gene-regulation.com/pub/databases/transfac/doc/matrix1SM.html>

use super::matrix::Matrix;
use super::rows::{Line, Parsed, bad, headed, position};
use crate::error::BadRow;

/// The tags of what names a matrix.
const NAMES: [&str; 3] = ["AC", "ID", "NA"];

/// Whether a line can only be one of this format.
pub fn matches(line: &str) -> bool {
    let mut fields = line.split_whitespace();
    matches!(fields.next(), Some("P0" | "PO")) && fields.next().is_some()
}

/// Reads matrices.
pub fn read(lines: &[Line]) -> Vec<Parsed> {
    let ended = lines.split(|(_, text)| text.starts_with("//"));
    ended.flat_map(records).filter_map(record).collect()
}

/// The records of lines up to a `//`, which some programs leave out: behind a matrix, the next name or
/// the next matrix begins another record.
fn records(mut lines: &[Line]) -> Vec<&[Line]> {
    let mut records = Vec::new();
    let begins = |text: &str| matches(text) || NAMES.iter().any(|tag| value(text, tag).is_some());
    while let Some(table) = lines.iter().position(|(_, text)| matches(text)) {
        let behind = lines[table + 1..].iter();
        let Some(next) = behind.clone().position(|(_, text)| begins(text)) else {
            break;
        };
        let (record, rest) = lines.split_at(table + 1 + next);
        records.push(record);
        lines = rest;
    }
    records.push(lines);
    records
}

/// What stands behind a tag.
fn value<'a>(text: &'a str, tag: &str) -> Option<&'a str> {
    let value = text.strip_prefix(tag)?;
    let value = value.strip_prefix(char::is_whitespace)?.trim();
    (!value.is_empty()).then_some(value)
}

/// The matrix of a record; nothing for one that only tells about the file.
fn record(lines: &[Line]) -> Option<Parsed> {
    let tag = |wanted: &str| {
        let mut lines = lines.iter();
        lines.find_map(|(line, text)| Some((*line, value(text, wanted)?.to_string())))
    };
    let [accession, identifier, name] = NAMES.map(tag);
    let table = headed(lines, matches).next();
    let first = lines.first().map_or(0, |(line, _)| *line);
    let named = accession.clone().or(identifier.clone()).or(name.clone());
    let Some((line, id)) = named else {
        return table.map(|_| Err(bad(first, "the record has neither AC, ID nor NA")));
    };
    let name = name.or(identifier).map_or(id.clone(), |(_, name)| name);
    let Some(table) = table else {
        return Some(Err(bad(line, format!("{id} has no matrix (P0)"))));
    };
    let columns = columns(table);
    Some(columns.map(|columns| (line, Matrix::new(id, name, columns))))
}

fn columns(((line, head), rows): (&Line, &[Line])) -> Result<Vec<[f64; 4]>, BadRow> {
    let letters: String = head.split_whitespace().skip(1).take(4).collect();
    if !letters.eq_ignore_ascii_case("ACGT") {
        return Err(bad(*line, "the columns are not A, C, G and T"));
    }
    let mut columns = Vec::new();
    let mut before: Option<u32> = None;
    for (line, text) in rows {
        let mut fields = text.split_whitespace();
        let first = fields.next().unwrap_or_default();
        if !first.starts_with(|letter: char| letter.is_ascii_digit()) {
            continue;
        }
        // After the four numbers a consensus letter may follow.
        columns.push(position(*line, fields.take(4))?);
        let number = first.parse().ok();
        if let (Some(before), Some(number)) = (before, number)
            && before.checked_add(1) != Some(number)
        {
            let said = format!("position {number} follows position {before}");
            return Err(bad(*line, said));
        }
        before = number;
    }
    Ok(columns)
}
