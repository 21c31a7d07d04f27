//! HOMER's `.motif`: a header of fields between tabs (`>consensus`, name, detection threshold, more),
//! then a line for each position with the probabilities of A, C, G and T.
//!
//! The threshold is in natural logarithms against 0.25. The consensus names nothing that is unique, so
//! that the name is also the accession. <http://homer.ucsd.edu/homer/motif/creatingCustomMotifs.html>

use super::matrix::Matrix;
use super::rows::{Line, Parsed, bad, headed, position};

/// Whether a first line is a header of this format.
pub fn matches(line: &str) -> bool {
    let threshold = line.split('\t').nth(2);
    line.starts_with('>') && threshold.is_some_and(|field| field.trim().parse::<f64>().is_ok())
}

/// Reads matrices.
pub fn read(lines: &[Line]) -> Vec<Parsed> {
    let matrices = headed(lines, |text| text.starts_with('>'));
    matrices.map(matrix).collect()
}

fn matrix(((line, header), rows): (&Line, &[Line])) -> Parsed {
    let fields: Vec<&str> = header.split('\t').map(str::trim).collect();
    let [_, name, threshold, ..] = fields[..] else {
        return Err(bad(*line, "no name and threshold after the consensus"));
    };
    let number = threshold.parse::<f64>().ok();
    let number = number
        .filter(|number| number.is_finite())
        .ok_or_else(|| bad(*line, format!("not a threshold: {threshold:?}")))?;
    if name.is_empty() {
        return Err(bad(*line, "no name"));
    }
    let row = |(line, text): &Line| position(*line, text.split_whitespace());
    let columns = rows.iter().map(row).collect::<Result<_, _>>()?;
    let matrix = Matrix {
        threshold: Some(number),
        ..Matrix::new(name, name, columns)
    };
    Ok((*line, matrix))
}
