//! JASPAR's formats: `>accession name`, then a row each for A, C, G and T, with letters and brackets
//! (`.jaspar`) or without (`.pfm`).
//!
//! <https://jaspar.elixir.no/docs/>

use super::matrix::Matrix;
use super::rows::{Line, Parsed, bad, by_letter};

/// Reads matrices.
pub fn read(lines: &[Line]) -> Vec<Parsed> {
    let is_header = |(_, text): &Line| text.starts_with('>');
    let mut found = Vec::new();
    let mut rest = lines;
    while let Some((header, after)) = rest.split_first() {
        let rows = after.iter().position(is_header).unwrap_or(after.len());
        let (rows, next) = after.split_at(rows);
        found.push(matrix(header, rows));
        rest = next;
    }
    found
}

fn matrix((line, header): &Line, rows: &[Line]) -> Parsed {
    let mut names = header.trim_start_matches('>').split_whitespace();
    let id = names.next().ok_or_else(|| bad(*line, "no accession"))?;
    let name = names.next().unwrap_or(id);
    Ok((*line, Matrix::new(id, name, by_letter(*line, rows)?)))
}
