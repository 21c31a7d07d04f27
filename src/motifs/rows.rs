//! What the formats of matrices have in common: rows of numbers.

use std::collections::HashMap;

use super::matrix::{Matrix, column_problem};
use crate::error::{BadRow, RowProblem};

/// A line of a file and its number.
pub type Line = (u64, String);
/// A matrix and the line it begins in, or what is wrong and where.
pub type Parsed = Result<(u64, Matrix), BadRow>;

/// A problem of a line.
pub fn bad(line: u64, message: impl Into<String>) -> BadRow {
    let problem = RowProblem::Unreadable(message.into());
    BadRow { line, problem }
}

/// Notes the line in which a name stands; a name stands in one alone.
pub fn once(seen: &mut HashMap<String, u64>, name: &str, line: u64) -> Result<(), BadRow> {
    match seen.insert(name.to_string(), line) {
        Some(first) => Err(bad(line, format!("{name} stands already in line {first}"))),
        None => Ok(()),
    }
}

/// The lines that are heads, each with those behind it up to the next.
pub fn headed(lines: &[Line], is_head: fn(&str) -> bool) -> impl Iterator<Item = (&Line, &[Line])> {
    let first = lines.iter().position(|(_, text)| is_head(text));
    let headed = &lines[first.unwrap_or(lines.len())..];
    let blocks = headed.chunk_by(move |_, (_, text)| !is_head(text));
    blocks.filter_map(|block| block.split_first())
}

/// The numbers of a line.
pub fn numbers<'a>(line: u64, fields: impl Iterator<Item = &'a str>) -> Result<Vec<f64>, BadRow> {
    let number = |field: &str| {
        let number = field.parse::<f64>().ok();
        let number = number.filter(|number| (0.0..=f64::MAX).contains(number));
        number.ok_or_else(|| bad(line, format!("not a count or a probability: {field:?}")))
    };
    fields.map(number).collect()
}

/// A line as one position: A, C, G, T.
pub fn position<'a>(line: u64, fields: impl Iterator<Item = &'a str>) -> Result<[f64; 4], BadRow> {
    let numbers = numbers(line, fields)?;
    let column: [f64; 4] = numbers
        .try_into()
        .map_err(|_| bad(line, "not four numbers, of A, C, G and T"))?;
    match column_problem(&column) {
        Some(problem) => Err(bad(line, format!("the position {problem}"))),
        None => Ok(column),
    }
}

/// Four lines as the rows of A, C, G and T: `A [ 1 2 3 ]`, `A: 1 2 3`, `A | 1 2 3`, `1 2 3`. Rows
/// with letters may come in any order.
pub fn by_letter(header: u64, lines: &[Line]) -> Result<Vec<[f64; 4]>, BadRow> {
    if let [_, _, _, _, (line, _), ..] = lines {
        return Err(bad(*line, "a fifth row"));
    }
    let mut rows: [Option<Vec<f64>>; 4] = Default::default();
    for ((line, text), place) in lines.iter().zip(0..) {
        let (letter, text) = letter(text).unwrap_or((place, text.as_str()));
        let text = text.replace(['[', ']'], " ");
        let row = numbers(*line, text.split_whitespace())?;
        if rows[letter].replace(row).is_some() {
            return Err(bad(*line, "a second row of the same base"));
        }
    }
    let [Some(a), Some(c), Some(g), Some(t)] = rows else {
        return Err(bad(header, "the matrix has no four rows, of A, C, G and T"));
    };
    if [&c, &g, &t].iter().any(|row| row.len() != a.len()) {
        return Err(bad(header, "the matrix has rows of unequal length"));
    }
    let columns = a.iter().zip(c).zip(g).zip(t);
    Ok(columns.map(|(((&a, c), g), t)| [a, c, g, t]).collect())
}

/// A row's base and the rest of it, if it names one.
pub fn letter(text: &str) -> Option<(usize, &str)> {
    let text = text.trim_start();
    let letter = "ACGT".find(text.chars().next()?.to_ascii_uppercase())?;
    let rest = text[1..].trim_start();
    Some((letter, rest.trim_start_matches([':', '|', '='])))
}
