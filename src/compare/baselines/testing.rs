//! What several tests of methods need.

use super::method::Labelled;
use crate::element::Sides;
use crate::genome::{ChromId, Region, base_code};
use crate::motifs::{Background, Collection, Matrix, Scanner, Symbols, Threshold};
use crate::pairs::Pair;

/// Motifs M0, M1, …, each of which matches one word only.
pub fn collection(words: &[&str]) -> Collection {
    let column = |letter: u8| {
        let mut column = [0.0; 4];
        column[usize::from(base_code(letter))] = 1000.0;
        column
    };
    let matrix = |(place, word): (usize, &&str)| Matrix {
        id: format!("M{place}"),
        name: format!("M{place}"),
        columns: word.bytes().map(column).collect(),
        sites: None,
        threshold: None,
    };
    let matrices: Vec<Matrix> = words.iter().enumerate().map(matrix).collect();
    let background = Background::uniform();
    let scanner = Scanner::new(&matrices, &background, Threshold::Score(5.0)).unwrap();
    Collection {
        symbols: Symbols::of(&matrices),
        matrices,
        background,
        scanner,
    }
}

/// A pair of elements of ten bases that start there.
pub fn pair(enhancer: u32, promoter: u32) -> Pair {
    let region = |start| Region {
        chrom: ChromId(0),
        start,
        end: start + 10,
    };
    Pair {
        elements: Sides::new(region(enhancer), region(promoter)),
        label: None,
        line: 1,
        gene: None,
    }
}

/// The first pairs of a table, with these labels.
pub fn train(labels: &[u8]) -> Vec<Labelled> {
    let labelled = |(pair, &label): (usize, &u8)| Labelled {
        pair,
        positive: label == 1,
    };
    labels.iter().enumerate().map(labelled).collect()
}
