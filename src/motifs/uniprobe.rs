//! UniPROBE's format: a line with the name, then rows `A:`, `C:`, `G:` and `T:` of probabilities.
//!
//! Newbury & Bulyk 2009, doi:10.1093/nar/gkn660. <http://the_brain.bwh.harvard.edu/uniprobe/>

use super::matrix::Matrix;
use super::rows::{Line, Parsed, bad, by_letter, letter};

/// Whether a line is a row, which can only be one of this format.
pub fn matches(line: &str) -> bool {
    let colon = line.trim_start().get(1..).map(str::trim_start);
    letter(line).is_some() && colon.is_some_and(|rest| rest.starts_with(':'))
}

/// Reads matrices.
pub fn read(lines: &[Line]) -> Vec<Parsed> {
    // A matrix ends where a line of rows is followed by another one.
    let blocks = lines.chunk_by(|(_, one), (_, next)| !matches(one) || matches(next));
    blocks.map(matrix).collect()
}

fn matrix(block: &[Line]) -> Parsed {
    let names = block.iter().take_while(|(_, line)| !matches(line)).count();
    let (names, rows) = block.split_at(names);
    let Some((line, text)) = names.first() else {
        let line = rows.first().map_or(0, |(line, _)| *line);
        return Err(bad(line, "no name before the rows"));
    };
    // `Protein: Arid3a  Seed k-mer: …` in the database's own files.
    let text = text.strip_prefix("Protein:").unwrap_or(text);
    let id = text.split_whitespace().next().unwrap_or_default();
    Ok((*line, Matrix::new(id, id, by_letter(*line, rows)?)))
}
