//! Which transcription factors a matrix stands for.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::element::Sides;

/// Transcription factors and their matrices, numbered.
///
/// A matrix may stand for several factors, as that of a dimer does, or for none; a factor has at
/// least one matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Factors {
    /// Names of the matrices, by their number.
    pub(super) matrices: Vec<String>,
    /// Names of the factors, ascending.
    names: Vec<String>,
    /// The factors of each matrix, ascending.
    #[serde(skip)]
    of_matrix: Vec<Vec<u32>>,
    /// The matrices of each factor, by name.
    #[serde(skip)]
    matrices_of: Vec<Vec<u32>>,
}

impl Factors {
    /// From the name of each matrix and the symbols of its factors. Matrices keep their order;
    /// factors are the same if their symbols are, letter for letter.
    pub fn new(matrices: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        let (matrices, symbols): (Vec<String>, Vec<Vec<String>>) = matrices.into_iter().unzip();
        let mut factors: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (symbols, matrix) in symbols.iter().zip(0..) {
            for symbol in symbols {
                factors.entry(symbol).or_default().push(matrix);
            }
        }
        let mut of_matrix = vec![Vec::new(); matrices.len()];
        for (of_factor, factor) in factors.values_mut().zip(0..) {
            // A matrix that names a factor twice has it once.
            of_factor.dedup();
            for &matrix in of_factor.iter() {
                of_matrix[matrix as usize].push(factor);
            }
            of_factor.sort_by_key(|&matrix| (&matrices[matrix as usize], matrix));
        }
        Self {
            names: factors.keys().map(|name| name.to_string()).collect(),
            matrices_of: factors.into_values().collect(),
            of_matrix,
            matrices,
        }
    }

    /// Names of the factors, ascending.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A factor's name.
    pub fn name(&self, factor: u32) -> &str {
        &self.names[factor as usize]
    }

    /// A matrix's name.
    pub fn matrix(&self, matrix: u32) -> &str {
        &self.matrices[matrix as usize]
    }

    /// A factor's matrices, by name; at least one.
    pub fn matrices_of(&self, factor: u32) -> &[u32] {
        &self.matrices_of[factor as usize]
    }

    /// The factors of some matrices, ascending, each once.
    pub fn of(&self, matrices: impl Iterator<Item = u32>) -> Vec<u32> {
        let factors = matrices.flat_map(|matrix| &self.of_matrix[matrix as usize]);
        distinct(factors.copied().collect())
    }

    /// All pairs of a factor in the enhancer and one in the promoter.
    pub(super) fn pairs(&self) -> impl Iterator<Item = Sides<u32>> {
        let count = self.names.len() as u32;
        (0..count).flat_map(move |enhancer| {
            (0..count).map(move |promoter| Sides::new(enhancer, promoter))
        })
    }
}

/// Numbers in order, each once.
pub(super) fn distinct(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_of_a_dimer_stands_for_both() {
        let matrix = |name: &str, symbols: &[&str]| {
            (
                name.to_string(),
                symbols.iter().map(|symbol| symbol.to_string()).collect(),
            )
        };
        let factors = Factors::new([
            matrix("M2", &["JUN"]),
            matrix("M1", &["FOS", "JUN", "JUN"]),
            matrix("M0", &[]),
        ]);
        assert_eq!(factors.names(), ["FOS", "JUN"]);
        assert_eq!(factors.matrices_of(0), [1]);
        assert_eq!(factors.matrices_of(1), [1, 0]);
        assert_eq!(factors.of([0, 1, 1].into_iter()), [0, 1]);
        assert!(factors.of([2].into_iter()).is_empty());
    }
}
