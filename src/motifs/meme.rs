//! MEME's format: `MOTIF accession name`, `letter-probability matrix: … w= … nsites= …`, and a line for
//! each position with the probabilities of A, C, G and T.
//!
//! The background that the file states is not used: the scan has one of its own.
//! <https://meme-suite.org/meme/doc/meme-format.html>

use super::matrix::Matrix;
use super::rows::{Line, Parsed, bad, headed, position};
use crate::error::BadRow;

/// Whether a line says that this is the format.
pub fn matches(line: &str) -> bool {
    line.starts_with("MEME version")
}

/// Reads matrices.
pub fn read(lines: &[Line]) -> Vec<Parsed> {
    let is_motif = |text: &str| text.split_whitespace().next() == Some("MOTIF");
    let mut head = lines.iter().take_while(|(_, text)| !is_motif(text));
    let other = head.find_map(other_alphabet);
    let found = headed(lines, is_motif).map(matrix);
    other.map(Err).into_iter().chain(found).collect()
}

/// A line that says that the letters are not those of DNA.
fn other_alphabet((line, text): &Line) -> Option<BadRow> {
    let letters = text.strip_prefix("ALPHABET=")?.trim();
    (!letters.eq_ignore_ascii_case("ACGT"))
        .then(|| bad(*line, format!("the alphabet is not ACGT: {letters:?}")))
}

fn matrix(((line, motif), block): (&Line, &[Line])) -> Parsed {
    // MEME's own text output has `width = 8 sites = …` behind the names.
    let names = motif
        .split_once("width =")
        .map_or(&motif[..], |(names, _)| names);
    let mut names = names.split_whitespace().skip(1);
    let id = names.next().ok_or_else(|| bad(*line, "no accession"))?;
    let name = names.next().unwrap_or(id);
    let begins = |text: &str| text.starts_with("letter-probability matrix");
    let Some(((head_line, head), rows)) = headed(block, begins).next() else {
        return Err(bad(*line, format!("{id} has no letter-probability matrix")));
    };
    let setting = |wanted: &str| setting(head, wanted);
    if setting("alength=").is_some_and(|letters| letters != 4.0) {
        return Err(bad(*head_line, "alength is not 4"));
    }
    let is_row = |(_, text): &&Line| {
        let first = text.split_whitespace().next();
        first.is_some_and(|field| field.parse::<f64>().is_ok())
    };
    let rows = rows.iter().take_while(is_row);
    let row = |(line, text): &Line| position(*line, text.split_whitespace());
    let columns: Vec<[f64; 4]> = rows.map(row).collect::<Result<_, _>>()?;
    if setting("w=").is_some_and(|width| width != columns.len() as f64) {
        let message = format!(
            "{id} has {} positions, not as many as w= says",
            columns.len()
        );
        return Err(bad(*head_line, message));
    }
    let matrix = Matrix {
        sites: setting("nsites=").filter(|sites| (1.0..=f64::from(u32::MAX)).contains(sites)),
        ..Matrix::new(id, name, columns)
    };
    Ok((*line, matrix))
}

/// The number after `wanted`, with a space between them or without.
fn setting(head: &str, wanted: &str) -> Option<f64> {
    let (_, value) = head.split_once(&format!(" {wanted}"))?;
    value.split_whitespace().next()?.parse().ok()
}
