//! Log-odds in whole units, and how probable each score is by chance.
//!
//! Scores are sums of log2(p / background) over the positions of a site. Every term is rounded to
//! 1/1024 bit, so that sums are exact in whichever order they are formed, and a p-value is the exact
//! p-value of the scores that are compared. Inside, a site is known by its *loss*: how many units it
//! stays below the best site. Losses are never negative, so that the upper tail of their distribution
//! needs no more room than the tail is long: Staden 1989, doi:10.1093/bioinformatics/5.2.89.

use super::background::Background;
use super::matrix::Matrix;
use crate::genome::N;

/// Units in a bit: a power of two, so that a score in bits is exact too.
pub const UNITS: f64 = 1024.0;
/// The loss of N, and of a base that costs more than 64 bits: more than all positions of a matrix
/// can lose otherwise, and little enough for the sum of all positions.
pub const NEVER: u32 = 1 << 24;
const MOST_LOSS: i64 = 64 * 1024;
/// Where the search for a threshold begins, in units.
const FIRST_TAIL: u32 = 8 * 1024;

/// The losses of A, C, G, T and N at each position.
pub type Losses = Vec<[u32; N as usize + 1]>;

/// The scores of a matrix against a background.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// The highest score, in units.
    pub(super) best: i32,
    /// The losses on the forward strand.
    pub(super) losses: Losses,
    background: Background,
}

impl Scores {
    /// From the matrix's probabilities with their pseudocount; the matrix has no
    /// [`problem`](Matrix::problem).
    pub fn new(matrix: &Matrix, background: &Background) -> Self {
        let probabilities = matrix.probabilities(background);
        Self::against(&probabilities, background.frequencies(), *background)
    }

    /// From the matrix's probabilities as [HOMER takes them](Matrix::homers) against 0.25. The
    /// background is only that of the p-values.
    pub fn homer(matrix: &Matrix, background: &Background) -> Self {
        Self::against(&matrix.homers(), [0.25; 4], *background)
    }

    fn against(columns: &[[f64; 4]], null: [f64; 4], background: Background) -> Self {
        let (mut best, mut losses) = (0, Losses::new());
        for column in columns {
            let scores: [i64; 4] = std::array::from_fn(|base| {
                ((column[base] / null[base]).log2() * UNITS).round() as i64
            });
            let highest = scores.into_iter().fold(i64::MIN, i64::max);
            best += highest as i32;
            losses.push(std::array::from_fn(|base| match scores.get(base) {
                Some(score) if highest.saturating_sub(*score) <= MOST_LOSS => {
                    (highest - score) as u32
                }
                _ => NEVER,
            }));
        }
        Self {
            best,
            losses,
            background,
        }
    }

    /// The losses on the reverse strand, where the site is read backwards as its complement.
    pub fn reverse_losses(&self) -> Losses {
        let complement = |&[a, c, g, t, n]: &[u32; 5]| [t, g, c, a, n];
        self.losses.iter().rev().map(complement).collect()
    }

    /// The probability of a loss of at most 0, 1, 2, …, as far as that is at most `p`.
    pub fn tail_within(&self, p: f64) -> Vec<f64> {
        let all = self.largest_loss();
        let mut most = FIRST_TAIL.min(all);
        loop {
            let mut tail = self.tail(most);
            let within = tail.partition_point(|&probability| probability <= p);
            if within < tail.len() || most == all {
                tail.truncate(within);
                return tail;
            }
            most = most.saturating_mul(2).min(all);
        }
    }

    /// The probability of a loss of at most 0, 1, 2, …, `most`. One base after the other: the sum
    /// over its four letters, each of which moves the distribution by its loss. What loses more than
    /// `most` can never come back.
    pub fn tail(&self, most: u32) -> Vec<f64> {
        let most = most.min(self.largest_loss()) as usize;
        let mut tail = vec![0.0; most + 1];
        let mut next = tail.clone();
        tail[0] = 1.0;
        let mut reached = 0;
        for column in &self.losses {
            next[..=reached].fill(0.0);
            let mut farthest = 0;
            for (&loss, frequency) in column.iter().zip(self.background.frequencies()) {
                let loss = loss as usize;
                if loss > most {
                    continue;
                }
                farthest = farthest.max((reached + loss).min(most));
                for (to, from) in next[loss..].iter_mut().zip(&tail[..=reached]) {
                    *to += frequency * from;
                }
            }
            std::mem::swap(&mut tail, &mut next);
            reached = farthest;
        }
        let mut sum = 0.0;
        for probability in &mut tail {
            sum += *probability;
            // Rounding may lead a little past one.
            *probability = f64::min(sum, 1.0);
        }
        tail
    }

    /// The largest loss of a site that matches at all.
    fn largest_loss(&self) -> u32 {
        let largest =
            |column: &[u32; 5]| column.iter().filter(|&&loss| loss < NEVER).max().copied();
        self.losses.iter().filter_map(largest).sum()
    }
}

#[cfg(test)]
impl Scores {
    /// The probability, by chance, of a site of at least this score (in bits): of exactly that
    /// where the score is that of a site.
    pub fn p_value(&self, score: f64) -> f64 {
        let loss = (f64::from(self.best) - score * UNITS).floor();
        if loss < 0.0 {
            return 0.0;
        }
        self.tail(loss as u32).last().copied().unwrap_or(0.0)
    }

    /// The smallest score, in whole units but told in bits, whose p-value is at most `p`; none where
    /// already the best site is more probable.
    pub fn threshold(&self, p: f64) -> Option<f64> {
        let largest = self.tail_within(p).len().checked_sub(1)?;
        Some((f64::from(self.best) - largest as f64) / UNITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, stream};
    use proptest::prelude::*;
    use rand::RngExt;

    fn matrix(columns: Vec<[f64; 4]>) -> Matrix {
        Matrix::new("M", "M", columns)
    }

    /// Every word of the matrix's width: its score in units, and its probability.
    fn words(scores: &Scores) -> Vec<(i64, f64)> {
        let mut words = vec![(i64::from(scores.best), 1.0)];
        for column in &scores.losses {
            let longer = |&(score, probability): &(i64, f64)| {
                let frequencies = scores.background.frequencies();
                [0, 1, 2, 3].map(|b| (score - i64::from(column[b]), probability * frequencies[b]))
            };
            words = words.iter().flat_map(longer).collect();
        }
        words
    }

    fn p_value(words: &[(i64, f64)], score: i64) -> f64 {
        words
            .iter()
            .filter(|word| word.0 >= score)
            .map(|word| word.1)
            .sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn p_values_and_thresholds_are_those_of_all_words(
            counts in prop::collection::vec(prop::array::uniform4(0u8..20), 1..=7),
            gc in 0.1f64..0.9,
            p in 1e-5f64..1.0,
            seed: u64,
        ) {
            let column = |counts: &[u8; 4]| counts.map(|count| f64::from(count) + 0.01);
            let matrix = matrix(counts.iter().map(column).collect());
            let background = Background::new([1.0 - gc, gc, gc, 1.0 - gc]).unwrap();
            let scores = Scores::new(&matrix, &background);
            let words = words(&scores);
            let mut rng = stream(seed, Purpose::Simulation, 0);
            for _ in 0..20 {
                let (score, _) = words[rng.random_range(0..words.len())];
                let (got, wanted) = (scores.p_value(score as f64 / UNITS), p_value(&words, score));
                prop_assert!((got / wanted - 1.0).abs() < 1e-9, "{} {}", got, wanted);
            }
            // A p of which no sum of words is a rounding error away.
            let reaching = words.iter().filter(|word| p_value(&words, word.0) <= p);
            let wanted = reaching.map(|word| word.0).min();
            let got = scores.threshold(p).map(|bits| (bits * UNITS) as i64);
            let accepted = |least: Option<i64>| {
                words.iter().filter(|word| least.is_some_and(|least| word.0 >= least)).count()
            };
            prop_assert_eq!(accepted(got), accepted(wanted));
        }
    }

    #[test]
    fn eight_positions_by_all_words() {
        let columns = (0..8).map(|at| [9.0, f64::from(at), 3.0, 0.0]).collect();
        let background = Background::new([0.3, 0.2, 0.2, 0.3]).unwrap();
        let scores = Scores::new(&matrix(columns), &background);
        let words = words(&scores);
        for least in words.iter().step_by(997) {
            let got = scores.p_value(least.0 as f64 / UNITS);
            assert!((got / p_value(&words, least.0) - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_short_matrix_has_no_threshold_at_a_small_p() {
        let scores = Scores::new(
            &matrix(vec![[1.0, 0.0, 0.0, 0.0]; 4]),
            &Background::uniform(),
        );
        // 4^-4 is exact.
        assert!(scores.threshold(1.0 / 256.0).is_some());
        assert_eq!(scores.threshold(0.999 / 256.0), None);
        assert_eq!(scores.p_value(100.0), 0.0);
        assert_eq!(scores.p_value(-1e9), 1.0);
    }

    #[test]
    fn a_base_that_homer_gives_no_probability_costs_that_of_a_thousandth() {
        let scores = Scores::homer(&matrix(vec![[0.5, 0.5, 0.0, 0.0]]), &Background::uniform());
        // log2(0.5 / 0.25) − log2(0.001 / 0.25) = 1 + 7.96578 bits.
        assert_eq!(scores.losses, vec![[0, 0, 9181, 9181, NEVER]]);
        assert_eq!((scores.best, scores.p_value(-1e9)), (1024, 1.0));
        assert_eq!(scores.p_value(1.0), 0.5);
        assert_eq!(scores.reverse_losses(), vec![[9181, 9181, 0, 0, NEVER]]);
    }

    #[test]
    fn a_position_without_preference_scores_nothing() {
        let background = Background::new([0.3, 0.2, 0.2, 0.3]).unwrap();
        let scores = Scores::new(&matrix(vec![[30.0, 20.0, 20.0, 30.0]]), &background);
        assert_eq!(
            (scores.best, scores.losses[0][..4].to_vec()),
            (0, vec![0; 4])
        );
        assert_eq!(scores.threshold(1.0), Some(0.0));
    }
}
