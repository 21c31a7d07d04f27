//! Matrices as files that other programs read: MEME's and JASPAR's formats.

use std::fmt::Write;

use super::matrix::Matrix;

/// The letters of a matrix's rows.
const LETTERS: [char; 4] = ['A', 'C', 'G', 'T'];

/// A file in MEME's format (<https://meme-suite.org/meme/doc/meme-format.html>): probabilities, and the
/// sites behind them as far as they are known.
pub fn to_meme(matrices: &[Matrix]) -> String {
    let mut text = "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\n\
                    Background letter frequencies\nA 0.25 C 0.25 G 0.25 T 0.25\n"
        .to_string();
    for matrix in matrices {
        let (id, name) = (word(&matrix.id), word(&matrix.name));
        let width = matrix.len();
        let _ = write!(
            text,
            "\nMOTIF {id} {name}\nletter-probability matrix: alength= 4 w= {width}"
        );
        if let Some(sites) = sites(matrix) {
            let _ = write!(text, " nsites= {sites}");
        }
        text.push_str(" E= 0\n");
        for [a, c, g, t] in matrix.frequencies() {
            let _ = writeln!(text, "{a:.6} {c:.6} {g:.6} {t:.6}");
        }
    }
    text
}

/// A file in JASPAR's format (<https://jaspar.elixir.no/docs/>): weights as they are.
pub fn to_jaspar(matrices: &[Matrix]) -> String {
    let mut text = String::new();
    for matrix in matrices {
        let _ = writeln!(text, ">{}\t{}", word(&matrix.id), word(&matrix.name));
        for (base, letter) in LETTERS.into_iter().enumerate() {
            let _ = write!(text, "{letter}  [");
            for column in &matrix.columns {
                let _ = write!(text, " {}", column[base]);
            }
            text.push_str(" ]\n");
        }
    }
    text
}

/// The sites behind a matrix, where it says so or holds counts.
fn sites(matrix: &Matrix) -> Option<f64> {
    let counted = matrix.holds_counts().then(|| {
        let totals = matrix
            .columns
            .iter()
            .map(|column| column.iter().sum::<f64>());
        totals.fold(0.0, f64::max)
    });
    matrix.sites.or(counted)
}

/// A name as one word: between spaces the formats have the next field.
fn word(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motifs::parse;

    fn matrices() -> [Matrix; 2] {
        [
            Matrix::new(
                "filter_0",
                "filter_0",
                vec![[3.0, 0.0, 4.0, 0.0], [0.0, 7.0, 0.0, 0.0]],
            ),
            Matrix::new("M 2", "a name", vec![[1.0, 2.0, 3.0, 4.0]]),
        ]
    }

    #[test]
    fn jaspars_reader_has_what_was_written() {
        let got = parse("written", &to_jaspar(&matrices())).unwrap();
        let wanted = matrices();
        assert_eq!(got[0], wanted[0]);
        assert_eq!((&*got[1].id, &*got[1].name), ("M_2", "a_name"));
        assert_eq!(got[1].columns, wanted[1].columns);
    }

    #[test]
    fn memes_reader_has_the_probabilities_and_the_sites() {
        let got = parse("written", &to_meme(&matrices())).unwrap();
        for (got, wanted) in got.iter().zip(matrices()) {
            assert_eq!(got.len(), wanted.len());
            let (got, wanted) = (got.frequencies(), wanted.frequencies());
            let pairs = got.as_flattened().iter().zip(wanted.as_flattened());
            for (got, wanted) in pairs {
                assert!((got - wanted).abs() < 2e-6, "{got} {wanted}");
            }
        }
        assert_eq!((got[0].sites, got[1].sites), (Some(7.0), Some(10.0)));
        assert_eq!((&*got[1].id, &*got[1].name), ("M_2", "a_name"));
    }
}
