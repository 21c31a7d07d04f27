//! TRANSFAC's format: records that end in `//`, of lines that begin with a tag. `AC` is the accession,
//! `ID` and `NA` are names; after `P0` (or `PO`) `A C G T` comes a line for each position.
//!
//! <http://gene-regulation.com/pub/databases/transfac/doc/matrix1SM.html>

use super::matrix::Matrix;
use super::rows::{Line, Parsed, bad, headed, position};
use crate::error::BadRow;

/// Whether a line can only be one of this format.
pub fn matches(line: &str) -> bool {
    let mut fields = line.split_whitespace();
    matches!(fields.next(), Some("P0" | "PO")) && fields.next().is_some()
}

/// Reads matrices.
pub fn read(lines: &[Line]) -> Vec<Parsed> {
    let records = lines.split(|(_, text)| text.starts_with("//"));
    records.filter_map(record).collect()
}

/// The matrix of a record; nothing for one that only tells about the file.
fn record(lines: &[Line]) -> Option<Parsed> {
    let tag = |wanted: &str| {
        lines.iter().find_map(|(line, text)| {
            let value = text.strip_prefix(wanted)?;
            let value = value.strip_prefix(char::is_whitespace)?.trim();
            (!value.is_empty()).then(|| (*line, value.to_string()))
        })
    };
    let (accession, identifier, name) = (tag("AC"), tag("ID"), tag("NA"));
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
    let is_row = |(_, text): &&Line| text.starts_with(|letter: char| letter.is_ascii_digit());
    // After the four numbers a consensus letter may follow.
    let row = |(line, text): &Line| position(*line, text.split_whitespace().skip(1).take(4));
    rows.iter().take_while(is_row).map(row).collect()
}
