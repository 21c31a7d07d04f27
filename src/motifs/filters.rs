//! Matrices as the filters of a convolution.

use super::background::Background;
use super::matrix::Matrix;

/// Log-odds in bits of A, C, G and T at each of a filter's positions.
pub type Filter = Vec<[f64; 4]>;

/// For each matrix two filters of a width, one a strand: log₂(p / background), in the middle
/// and with zeros around it where the matrix is narrower. Of a wider one it is the
/// stretch of positions that tells most.
pub fn filters(matrices: &[Matrix], background: &Background, width: usize) -> Vec<Filter> {
    let both_strands = |matrix: &Matrix| {
        let forward = filter(matrix, background, width);
        let reverse = forward.iter().rev().map(|&[a, c, g, t]| [t, g, c, a]);
        let reverse = reverse.collect();
        [forward, reverse]
    };
    matrices.iter().flat_map(both_strands).collect()
}

fn filter(matrix: &Matrix, background: &Background, width: usize) -> Filter {
    let columns = matrix.probabilities(background);
    let odds = |column: &[f64; 4]| -> [f64; 4] {
        std::array::from_fn(|base| (column[base] / background.frequencies()[base]).log2())
    };
    let scores: Filter = columns.iter().map(odds).collect();
    let information = |at: usize| -> f64 {
        (0..4)
            .map(|base| columns[at][base] * scores[at][base])
            .sum()
    };
    let wanted = width.min(scores.len());
    let told = |start: &usize| -> f64 { (*start..start + wanted).map(information).sum() };
    // The first of equally good stretches.
    let starts = (0..=scores.len() - wanted).rev();
    let start = starts
        .max_by(|a, b| told(a).total_cmp(&told(b)))
        .unwrap_or(0);
    let mut filter = vec![[0.0; 4]; width];
    let margin = (width - wanted) / 2;
    filter[margin..margin + wanted].copy_from_slice(&scores[start..start + wanted]);
    filter
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motifs::{Hit, Scanner, Threshold, reverse_complement};

    /// A matrix that wants these letters; `n` is any.
    fn matrix(letters: &str) -> Matrix {
        let column = |letter| match "acgt".find(letter) {
            Some(wanted) => std::array::from_fn(|base| if base == wanted { 97.0 } else { 1.0 }),
            None => [25.0; 4],
        };
        Matrix::new(letters, letters, letters.chars().map(column).collect())
    }

    #[test]
    fn both_strands_of_a_narrow_matrix_stand_in_the_middle() {
        let uniform = Background::uniform();
        let found = filters(&[matrix("acc")], &uniform, 6);
        assert_eq!(found.len(), 2);
        let best = |filter: &Filter| -> String {
            let letter = |column: &[f64; 4]| {
                let best = (0..4).max_by(|&a, &b| column[a].total_cmp(&column[b]));
                best.filter(|&base| column[base] > 1.9)
                    .map_or('.', |base| b"ACGT"[base] as char)
            };
            filter.iter().map(letter).collect()
        };
        assert_eq!(best(&found[0]), ".ACC..");
        assert_eq!(best(&found[1]), "..GGT.");
    }

    #[test]
    fn of_a_wide_matrix_the_best_stretch_is_taken() {
        let uniform = Background::uniform();
        let found = filters(&[matrix("nnacgtacgtn")], &uniform, 8);
        assert_eq!(found[0], filters(&[matrix("acgtacgt")], &uniform, 8)[0]);
    }

    #[test]
    fn a_filter_gives_the_scores_of_the_scanner() {
        let uniform = Background::uniform();
        let matrices = [matrix("acgnta")];
        let scanner = Scanner::new(&matrices, &uniform, Threshold::Score(-100.0)).unwrap();
        let word = [0u8, 1, 2, 2, 3, 1];
        let hits: Vec<Hit> = scanner.scan(&word);
        let sum = |filter: &Filter, word: &[u8]| -> f64 {
            filter
                .iter()
                .zip(word)
                .map(|(column, &base)| column[usize::from(base)])
                .sum()
        };
        let found = filters(&matrices, &uniform, 6);
        let best = hits
            .iter()
            .map(|hit| f64::from(hit.score))
            .fold(f64::MIN, f64::max);
        let ours = sum(&found[0], &word).max(sum(&found[1], &word));
        assert!((best - ours).abs() < 1e-2, "{best} {ours}");
        assert_eq!(
            sum(&found[1], &word),
            sum(&found[0], &reverse_complement(&word))
        );
    }
}
