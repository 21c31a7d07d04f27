//! Which known matrix each of some is most like, and which of them each known one.

use rayon::prelude::*;

use crate::motifs::similarity::{Library, Likeness};
use crate::motifs::{Background, Matrix};
use crate::statistics::benjamini_hochberg;

/// A known matrix is found below this q-value.
pub const FOUND: f64 = 0.01;

/// The closest one of the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearest {
    /// Its place among them.
    pub place: usize,
    /// How the matrix, be it the other one, is like the known one.
    pub likeness: Likeness,
    /// The p-value adjusted after Benjamini and Hochberg over all comparisons.
    pub q: f64,
}

/// Matrices beside known ones.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Compared {
    /// For each matrix the known one that it is most like; none where none is known.
    pub nearest: Vec<Option<Nearest>>,
    /// For each known one the matrix that is most like it; none where there is no matrix.
    pub found: Vec<Option<Nearest>>,
}

impl Compared {
    /// Each of some matrices against each known one.
    pub fn new(matrices: &[Matrix], known: &[Matrix]) -> Self {
        let background = Background::uniform();
        let library = Library::new(known, &background);
        let compare = |matrix: &Matrix| library.compare(&matrix.probabilities(&background));
        let all: Vec<Vec<Likeness>> = matrices.par_iter().map(compare).collect();
        let p: Vec<f64> = all.iter().flatten().map(|likeness| likeness.p).collect();
        let q = benjamini_hochberg(&p);
        let at = |place: usize, matrix: usize, known_one: usize| Nearest {
            place,
            likeness: all[matrix][known_one],
            q: q[matrix * known.len() + known_one],
        };
        let of_matrix = |matrix| closest((0..known.len()).map(|other| at(other, matrix, other)));
        let of_known = |other| closest((0..all.len()).map(|matrix| at(matrix, matrix, other)));
        Self {
            nearest: (0..all.len()).map(of_matrix).collect(),
            found: (0..known.len()).map(of_known).collect(),
        }
    }
}

/// The one of the smallest p-value; the first of several.
fn closest(all: impl Iterator<Item = Nearest>) -> Option<Nearest> {
    all.min_by(|a, b| a.likeness.p.total_cmp(&b.likeness.p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motifs::parse;

    #[test]
    fn parts_of_known_matrices_are_found_from_both_sides() {
        let known = parse("motifs", include_str!("../../../assets/motifs.jaspar")).unwrap();
        let part = |place: usize| {
            let columns = known[place].columns[1..].to_vec();
            Matrix::new(format!("filter_{place}"), "", columns)
        };
        let matrices = [part(7), part(2), part(0)];
        let compared = Compared::new(&matrices, &known);
        for (nearest, wanted) in compared.nearest.iter().zip([7, 2, 0]) {
            let nearest = nearest.unwrap();
            assert_eq!((nearest.place, nearest.likeness.offset), (wanted, 1));
            assert!(nearest.q < 1e-5 && nearest.q >= nearest.likeness.p);
        }
        for (place, wanted) in [(7, 0), (2, 1), (0, 2)] {
            assert_eq!(compared.found[place].unwrap().place, wanted);
        }
        assert_eq!(Compared::new(&matrices, &[]).nearest, [None; 3]);
        assert_eq!(Compared::new(&[], &known).found, vec![None; known.len()]);
    }
}
