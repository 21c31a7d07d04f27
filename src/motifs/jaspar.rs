//! JASPAR's formats: `>accession name`, then a row each for A, C, G and T, with letters and brackets
//! (`.jaspar`) or without (`.pfm`); and what others call `.pfm` and `.pcm` (HOCOMOCO, gimmemotifs), with a
//! row for each position.
//!
//! <https://jaspar.elixir.no/docs/>

use tracing::warn;

use super::matrix::Matrix;
use super::rows::{Line, Parsed, bad, by_letter, headed, position};
use crate::error::BadRow;

/// Reads matrices.
pub fn read(lines: &[Line]) -> Vec<Parsed> {
    let matrices = headed(lines, |text| text.starts_with('>'));
    matrices.map(matrix).collect()
}

fn matrix(((line, header), rows): (&Line, &[Line])) -> Parsed {
    let mut names = header.trim_start_matches('>').split_whitespace();
    let id = names.next().ok_or_else(|| bad(*line, "no accession"))?;
    let name = names.next().unwrap_or(id);
    let columns = match by_position(rows) {
        None => by_letter(*line, rows)?,
        Some(columns) if rows.len() != 4 => columns?,
        Some(columns) => square(*line, id, rows, columns?)?,
    };
    Ok((*line, Matrix::new(id, name, columns)))
}

/// A row as a position, where every row has four numbers and no letter, and some rows.
fn by_position(rows: &[Line]) -> Option<Result<Vec<[f64; 4]>, BadRow>> {
    let is_position = |(_, text): &Line| {
        let mut fields = text.split_whitespace();
        fields.clone().count() == 4 && fields.all(|field| field.parse::<f64>().is_ok())
    };
    let all = !rows.is_empty() && rows.iter().all(is_position);
    let read = |(line, text): &Line| position(*line, text.split_whitespace());
    all.then(|| rows.iter().map(read).collect())
}

/// Four rows of four numbers, which can be read both ways: positions have the same sum.
fn square(
    line: u64,
    id: &str,
    rows: &[Line],
    positions: Vec<[f64; 4]>,
) -> Result<Vec<[f64; 4]>, BadRow> {
    let letters = by_letter(line, rows);
    let even = |columns: &[[f64; 4]]| {
        let sums = columns.iter().map(|column| column.iter().sum::<f64>());
        let (least, most) = sums.fold((f64::MAX, 0.0), |(least, most): (f64, f64), sum| {
            (least.min(sum), most.max(sum))
        });
        most - least <= 0.02 * most
    };
    match (even(&positions), letters) {
        (true, Ok(letters)) if even(&letters) => {
            let said = format!(
                "{id} is four by four and can be read both ways: name the rows A, C, G and T"
            );
            Err(bad(line, said))
        }
        (true, _) => {
            warn!("{id}: its four rows are read as four positions, which have the same sum");
            Ok(positions)
        }
        (false, letters) => {
            if letters.as_ref().is_ok_and(|letters| !even(letters)) {
                warn!("{id}: its four rows are read as those of A, C, G and T");
            }
            letters
        }
    }
}
