//! JASPAR's formats: `>accession name`, then a row each for A, C, G and T, with letters and brackets
//! (`.jaspar`) or without (`.pfm`).
//!
//! <https://jaspar.elixir.no/docs/>

use super::matrix::Matrix;
use super::rows::{Line, Parsed, bad, by_letter, headed};

/// Reads matrices.
pub fn read(lines: &[Line]) -> Vec<Parsed> {
    let matrices = headed(lines, |text| text.starts_with('>'));
    matrices.map(matrix).collect()
}

fn matrix(((line, header), rows): (&Line, &[Line])) -> Parsed {
    let mut names = header.trim_start_matches('>').split_whitespace();
    let id = names.next().ok_or_else(|| bad(*line, "no accession"))?;
    let name = names.next().unwrap_or(id);
    Ok((*line, Matrix::new(id, name, by_letter(*line, rows)?)))
}
