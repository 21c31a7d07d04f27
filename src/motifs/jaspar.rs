//! JASPAR's matrix format: `>accession name`, then a row each for A, C, G and T.
//!
//! <https://jaspar.elixir.no/docs/>

use super::CountMatrix;

/// Reads matrices from text.
///
/// # Errors
///
/// The line (from 1) and what is wrong with it.
pub fn read(text: &str) -> Result<Vec<CountMatrix>, String> {
    let mut lines = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty());
    let mut matrices = Vec::new();
    while let Some((header, number)) = lines.next() {
        let mut names = header
            .strip_prefix('>')
            .ok_or_else(|| format!("line {number}: not a header: {header:?}"))?
            .split_whitespace();
        let accession = names
            .next()
            .ok_or_else(|| format!("line {number}: no accession"))?;
        let mut rows = Vec::new();
        for letter in ["A", "C", "G", "T"] {
            let (line, number) = lines
                .next()
                .ok_or_else(|| format!("line {number}: {accession} has no row {letter}"))?;
            let row =
                row(line, letter).ok_or_else(|| format!("line {number}: not a row {letter}"))?;
            rows.push(row);
        }
        let counts: Vec<[u32; 4]> = (0..rows[0].len())
            .map(|position| {
                [0, 1, 2, 3].map(|letter| rows[letter].get(position).copied().unwrap_or(0))
            })
            .collect();
        let same_length = rows.iter().all(|row| row.len() == counts.len());
        if !same_length || counts.is_empty() || counts.contains(&[0; 4]) {
            return Err(format!(
                "line {number}: {accession} has positions without counts"
            ));
        }
        matrices.push(CountMatrix {
            accession: accession.to_string(),
            name: names.next().unwrap_or(accession).to_string(),
            counts,
        });
    }
    Ok(matrices)
}

/// `A  [ 1 2 3 ]` or `A 1 2 3`.
fn row(line: &str, letter: &str) -> Option<Vec<u32>> {
    let numbers = line.trim().strip_prefix(letter)?.replace(['[', ']'], " ");
    numbers
        .split_whitespace()
        .map(|count| count.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_are_read() {
        let text =
            ">MA1 USF1\nA [ 1 0 ]\nC [ 2 0 ]\nG [ 3 9 ]\nT [ 4 0 ]\n\n>MA2\nA 1\nC 1\nG 1\nT 1\n";
        let got = read(text).unwrap();
        assert_eq!(got[0].counts, [[1, 2, 3, 4], [0, 0, 9, 0]]);
        assert_eq!(
            (got[0].name.as_str(), got[1].name.as_str()),
            ("USF1", "MA2")
        );
    }

    #[test]
    fn the_line_of_an_error_is_told() {
        assert!(read("MA1\n").unwrap_err().starts_with("line 1"));
        assert!(
            read(">MA1\nA 1\nC x\nG 1\nT 1\n")
                .unwrap_err()
                .starts_with("line 3")
        );
        assert!(read(">MA1\nA 1 0\nC 1 0\nG 1 0\nT 1 0\n").is_err());
    }
}
