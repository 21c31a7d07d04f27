//! A motif's matrix.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::background::Background;

/// The most positions of a matrix: real ones have some thirty, and sums of so many stay exact.
pub const MOST_POSITIONS: usize = 200;
/// Weight that the background adds to every position, as in MOODS (Korhonen et al. 2017,
/// doi:10.1093/bioinformatics/btw683) and FIMO (Grant et al. 2011,
/// doi:10.1093/bioinformatics/btr064).
const PSEUDOCOUNT: f64 = 0.1;
/// Sites behind a matrix of probabilities that does not say how many: MEME's default
/// (<https://meme-suite.org/meme/doc/meme-format.html>).
const DEFAULT_SITES: f64 = 20.0;
/// The largest sum of a position that can be one of probabilities, which are often rounded.
const MOST_PROBABILITY: f64 = 1.5;
/// The least probability in HOMER's scores: `MOTIF_PROBABILITY_MINIMUM` of its `Motif2.h`.
const HOMERS_LEAST: f64 = 0.001;

/// A motif as a file gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// What tells it from the others: the accession, or the name where there is none.
    pub id: String,
    /// What people call it; the same as `id` where the file has no name.
    pub name: String,
    /// Weights of A, C, G and T at each position: counts or probabilities.
    pub columns: Vec<[f64; 4]>,
    /// The sites behind probabilities, where the file says.
    pub sites: Option<f64>,
    /// HOMER's own detection threshold: the sum of ln(p / 0.25) that a site reaches.
    pub threshold: Option<f64>,
}

impl Matrix {
    /// From what every format tells of it.
    pub fn new(id: impl Into<String>, name: impl Into<String>, columns: Vec<[f64; 4]>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            columns,
            sites: None,
            threshold: None,
        }
    }

    /// Positions.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is no position.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Why the matrix cannot be used, if it cannot.
    pub fn problem(&self) -> Option<String> {
        match self.len() {
            0 => Some("has no positions".to_string()),
            1..=MOST_POSITIONS => self.columns.iter().zip(1..).find_map(|(column, at)| {
                let problem = column_problem(column)?;
                Some(format!("position {at} {problem}"))
            }),
            _ => Some(format!("has more than {MOST_POSITIONS} positions")),
        }
    }

    /// The probabilities of A, C, G and T at each position, as they are.
    pub fn frequencies(&self) -> Vec<[f64; 4]> {
        let normalised = |column: &[f64; 4]| column.map(|weight| weight / total(column));
        self.columns.iter().map(normalised).collect()
    }

    /// The same with a pseudocount, so that none is zero: a weight of 0.1, divided as the
    /// background is, joins the counts of each position. Probabilities count as many sites as
    /// the file says, or 20. A matrix is one of probabilities where no position sums to more
    /// than 1.5.
    pub fn probabilities(&self, background: &Background) -> Vec<[f64; 4]> {
        let counts = self.holds_counts();
        let sites = self.sites.unwrap_or(DEFAULT_SITES);
        let smoothed = |(column, frequencies): (&[f64; 4], [f64; 4])| {
            let sites = if counts { total(column) } else { sites };
            std::array::from_fn(|base| {
                let prior = PSEUDOCOUNT * background.frequencies()[base];
                (sites * frequencies[base] + prior) / (sites + PSEUDOCOUNT)
            })
        };
        let columns = self.columns.iter().zip(self.frequencies());
        columns.map(smoothed).collect()
    }

    /// The probabilities as HOMER takes them: as the file has them, whatever a position sums to,
    /// but at least 0.001 (`Motif::readMotifFile` and `Motif::logxform` of `homer2`, `Motif2.cpp`;
    /// the floor is not followed by a division by the sum). Counts, which HOMER does not know, are
    /// divided by theirs first.
    pub fn homers(&self) -> Vec<[f64; 4]> {
        let columns = match self.holds_counts() {
            true => self.frequencies(),
            false => self.columns.clone(),
        };
        let floored = |column: [f64; 4]| column.map(|p| p.max(HOMERS_LEAST));
        columns.into_iter().map(floored).collect()
    }

    /// The information of all positions in bits, `Σ p log₂(p / background)` of its probabilities
    /// (Schneider et al. 1986, doi:10.1016/0022-2836(86)90165-8, without their correction for few sites).
    pub fn information(&self, background: &Background) -> f64 {
        let frequencies = background.frequencies();
        let of_column = |column: [f64; 4]| -> f64 {
            let bases = column.iter().zip(frequencies);
            bases.map(|(p, by_chance)| p * (p / by_chance).log2()).sum()
        };
        let columns = self.probabilities(background).into_iter();
        columns.map(of_column).sum()
    }

    /// At each position the letter that at least half of the sites have, or N.
    pub fn consensus(&self) -> String {
        let letter = |column: [f64; 4]| {
            let most = column.iter().position(|p| *p >= 0.5);
            most.map_or('N', |base| char::from(b"ACGT"[base]))
        };
        self.frequencies().into_iter().map(letter).collect()
    }

    /// Whether the weights are counts, not probabilities.
    pub(super) fn holds_counts(&self) -> bool {
        let counted = |column: &[f64; 4]| total(column) > MOST_PROBABILITY;
        self.columns.iter().any(counted)
    }

    /// A site drawn from the matrix, as base codes of its forward strand.
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let base = |column: &[f64; 4]| {
            let total = total(column);
            // Counts are drawn from as whole numbers.
            let whole = column.iter().all(|weight| weight.fract() == 0.0);
            let mut left = match total as u32 {
                most if whole && most > 0 => f64::from(rng.random_range(0..most)),
                _ => total * rng.random::<f64>(),
            };
            let drawn = column.iter().position(|weight| {
                left -= weight;
                left < 0.0
            });
            let heaviest = (0..4).max_by(|&a, &b| column[a].total_cmp(&column[b]));
            drawn.or(heaviest).unwrap_or_default() as u8
        };
        self.columns.iter().map(base).collect()
    }
}

/// The weight of a position.
fn total(column: &[f64; 4]) -> f64 {
    column.iter().sum()
}

/// Why a position cannot be used, if it cannot.
pub fn column_problem(column: &[f64; 4]) -> Option<String> {
    let unusable = |weight: &&f64| !(0.0..=f64::MAX).contains(*weight);
    if let Some(bad) = column.iter().find(unusable) {
        return Some(format!("holds {bad}, which is no count and no probability"));
    }
    match total(column) {
        0.0 => Some("has no weight".to_string()),
        total if total.is_infinite() => Some("has weights that are too large".to_string()),
        _ => None,
    }
}

/// The other strand of some base codes, read in its own direction.
pub fn reverse_complement(codes: &[u8]) -> Vec<u8> {
    let complement = |&code: &u8| if code < 4 { 3 - code } else { code };
    codes.iter().rev().map(complement).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, stream};

    pub fn matrix(columns: &[[f64; 4]]) -> Matrix {
        Matrix::new("M1", "X", columns.to_vec())
    }

    #[test]
    fn sites_are_drawn_in_proportion() {
        for scale in [1.0, 0.025] {
            let columns = [[10.0, 0.0, 0.0, 0.0], [0.0, 30.0, 0.0, 10.0]];
            let matrix = matrix(&columns.map(|column| column.map(|weight| weight * scale)));
            let mut rng = stream(1, Purpose::Simulation, 0);
            let sites: Vec<Vec<u8>> = (0..4000).map(|_| matrix.draw(&mut rng)).collect();
            let possible = |site: &Vec<u8>| site[0] == 0 && [1, 3].contains(&site[1]);
            assert!(sites.iter().all(possible));
            let part = sites.iter().filter(|site| site[1] == 1).count() as f64 / 4000.0;
            assert!((part - 0.75).abs() < 0.03, "{part}");
        }
    }

    #[test]
    fn the_background_joins_counts_with_a_tenth_of_a_site() {
        let background = Background::new([0.3, 0.2, 0.2, 0.3]).unwrap();
        let near = |got: f64, wanted: f64| assert!((got - wanted).abs() < 1e-12, "{got} {wanted}");
        let counts = matrix(&[[9.0, 0.0, 0.0, 1.0]]).probabilities(&background);
        near(counts[0][0], 9.03 / 10.1);
        near(counts[0][1], 0.02 / 10.1);
        let mut probabilities = matrix(&[[0.9, 0.0, 0.0, 0.1]]);
        near(probabilities.probabilities(&background)[0][0], 18.03 / 20.1);
        probabilities.sites = Some(100.0);
        near(
            probabilities.probabilities(&background)[0][3],
            10.03 / 100.1,
        );
    }

    #[test]
    fn homer_takes_no_probability_below_a_thousandth() {
        let probabilities = matrix(&[[0.0, 0.499, 0.5, 0.0], [1.0, 0.0, 0.0, 0.0005]]);
        let wanted = [[0.001, 0.499, 0.5, 0.001], [1.0, 0.001, 0.001, 0.001]];
        assert_eq!(probabilities.homers(), wanted);
        let counts = matrix(&[[0.0, 3.0, 1.0, 0.0]]);
        assert_eq!(counts.homers(), [[0.001, 0.75, 0.25, 0.001]]);
    }

    #[test]
    fn matrices_that_cannot_be_used_say_why() {
        let problem = |columns: &[[f64; 4]]| matrix(columns).problem().unwrap_or_default();
        assert_eq!(problem(&[[1.0; 4]]), "");
        assert_eq!(problem(&[]), "has no positions");
        assert_eq!(problem(&[[1.0; 4], [0.0; 4]]), "position 2 has no weight");
        assert!(problem(&[[1.0, -1.0, 1.0, 1.0]]).contains("-1"));
        assert!(problem(&[[f64::NAN; 4]]).contains("NaN"));
        assert!(problem(&[[f64::MAX; 4]]).contains("too large"));
        assert!(problem(&[[1.0; 4]; 201]).contains("more than 200"));
    }

    #[test]
    fn information_and_consensus_are_those_of_the_positions() {
        let uniform = Background::uniform();
        let counts = matrix(&[[97.0, 1.0, 1.0, 1.0], [25.0; 4], [0.0, 60.0, 40.0, 0.0]]);
        assert_eq!(counts.consensus(), "ANC");
        assert!(matrix(&[[25.0; 4]]).information(&uniform).abs() < 1e-12);
        // 0 · log 0 aside, a fixed position has 2 bits; the pseudocount of a tenth takes little of it.
        let fixed = matrix(&[[1000.0, 0.0, 0.0, 0.0]; 3]).information(&uniform);
        assert!((fixed - 6.0).abs() < 0.01 && fixed < 6.0, "{fixed}");
    }

    #[test]
    fn strands_are_each_others() {
        assert_eq!(reverse_complement(&[0, 0, 1, 4, 2]), [1, 4, 2, 3, 3]);
    }
}
