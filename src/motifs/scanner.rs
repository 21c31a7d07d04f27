//! Where matrices match a sequence.
//!
//! Our own scanner: lightmotif knows neither HOMER's thresholds nor exact p-values of the very scores
//! that are compared (its crate for these is GPL), and N has to match nothing.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::background::Background;
use super::matrix::Matrix;
use super::prefilter::{Padded, Prefilter};
use super::scores::{Losses, Scores, UNITS};
use crate::error::{Error, Result};

/// Starts that are looked at for all matrices in turn: so much sequence stays near the processor.
const PIECE: usize = 1 << 16;

/// From where on a place counts as a site.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// The probability, by chance, of a site at least as good as this one is at most so much.
    PValue(f64),
    /// The matrices' own thresholds, HOMER's: the sum of ln(p / 0.25), p at least 0.001, computed in
    /// double precision, reaches the matrix's.
    Homer,
    /// The score reaches so many bits.
    Score(f64),
}

/// A site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The matrix's place in the list.
    pub matrix: u32,
    /// The first base, wherever the strand.
    pub start: u32,
    /// Whether the matrix matches the sequence as it is read, else its reverse complement.
    pub forward: bool,
    /// Log-odds, in bits; exact, see [`Scores`].
    pub score: f32,
    /// The probability of a site at least as good at a place of the background: for one strand,
    /// and not corrected for the number of places.
    pub p_value: f32,
}

/// Matrices that are ready to be looked for.
///
/// A palindrome is a site on either strand, and both are told.
#[derive(Debug, Clone)]
pub struct Scanner {
    patterns: Vec<Pattern>,
    /// The places of the matrices that no site can match: even the best one stays below the
    /// threshold.
    pub(super) never: Vec<u32>,
    /// Positions of the widest matrix.
    pub(super) widest: usize,
}

/// A matrix that can match.
#[derive(Debug, Clone)]
struct Pattern {
    matrix: u32,
    best: i32,
    /// The p-value of each loss that a site may have.
    p_values: Vec<f32>,
    strands: [Strand; 2],
    homer: Option<Homer>,
}

#[derive(Debug, Clone)]
struct Strand {
    forward: bool,
    losses: Losses,
    prefilter: Prefilter,
}

/// HOMER's own rule.
#[derive(Debug, Clone)]
struct Homer {
    logarithms: Vec<[f64; 4]>,
    threshold: f64,
}

impl Scanner {
    /// Works out every matrix's threshold, with all cores.
    ///
    /// # Errors
    ///
    /// A matrix that cannot be used; for [`Threshold::Homer`] matrices that have none; a p-value
    /// that is none.
    pub fn new(matrices: &[Matrix], background: &Background, threshold: Threshold) -> Result<Self> {
        validate(matrices, threshold)?;
        let patterns: Vec<Option<Pattern>> = matrices
            .par_iter()
            .zip(0..matrices.len() as u32)
            .map(|(matrix, place)| Pattern::new(matrix, place, background, threshold))
            .collect();
        let none = |(pattern, _): &(&Option<Pattern>, u32)| pattern.is_none();
        let never = patterns.iter().zip(0..).filter(none);
        Ok(Self {
            never: never.map(|(_, place)| place).collect(),
            patterns: patterns.into_iter().flatten().collect(),
            widest: matrices.iter().map(Matrix::len).max().unwrap_or(0),
        })
    }

    /// Sites to expect at a place of the background, of all matrices on both strands: the sum of what
    /// the thresholds let through.
    pub fn expected(&self) -> f64 {
        let most = |pattern: &Pattern| pattern.p_values.last().map_or(0.0, |&p| 2.0 * f64::from(p));
        self.patterns.iter().map(most).sum()
    }

    /// All sites of a sequence of base codes (0–3 are A, C, G, T, all else N, which never matches),
    /// on both strands, by start, matrix and strand, the forward one first. Sequences of less than
    /// 4 Gb; all cores.
    pub fn scan(&self, codes: &[u8]) -> Vec<Hit> {
        let pieces: Vec<usize> = (0..codes.len()).step_by(PIECE).collect();
        let hits: Vec<Vec<Hit>> = pieces
            .into_par_iter()
            .map(|start| self.piece(codes, start))
            .collect();
        hits.concat()
    }

    /// The sites that start in the piece that begins here.
    fn piece(&self, codes: &[u8], start: usize) -> Vec<Hit> {
        let end = codes.len().min(start + PIECE);
        let reach = codes.len().min(end + self.widest.saturating_sub(1));
        let mut hits = Vec::new();
        if codes[start..end].iter().all(|&code| code > 3) {
            return hits;
        }
        let padded = Padded::new(&codes[start..reach], end - start, self.widest);
        let mut candidates = Vec::new();
        for pattern in &self.patterns {
            for strand in &pattern.strands {
                candidates.clear();
                strand.prefilter.candidates(&padded, &mut candidates);
                let hit = |&place: &u32| pattern.hit(strand, padded.from(place as usize), place);
                hits.extend(candidates.iter().filter_map(hit));
            }
        }
        hits.sort_unstable_by_key(|hit| (hit.start, hit.matrix, !hit.forward));
        for hit in &mut hits {
            hit.start += start as u32;
        }
        hits
    }
}

/// Whether matrices can be looked for with a threshold.
///
/// # Errors
///
/// As [`Scanner::new`].
pub(super) fn validate(matrices: &[Matrix], threshold: Threshold) -> Result<()> {
    let refuse = |problem: String| Err(Error::Configuration(problem));
    for matrix in matrices {
        if let Some(problem) = matrix.problem() {
            return refuse(format!("the matrix {} {problem}", matrix.id));
        }
    }
    match threshold {
        Threshold::PValue(p) if !(p > 0.0 && p <= 1.0) => {
            refuse(format!("{p} is not a p-value between 0 and 1"))
        }
        Threshold::Score(bits) if !bits.is_finite() => refuse(format!("{bits} is not a score")),
        Threshold::Homer => {
            let none = matrices.iter().filter(|matrix| matrix.threshold.is_none());
            let none: Vec<&str> = none.map(|matrix| &*matrix.id).collect();
            let Some(first) = none.first() else {
                return Ok(());
            };
            let (without, all) = (none.len(), matrices.len());
            refuse(format!(
                "only HOMER's files give thresholds: {without} of {all} matrices have none, \
                 {first} first"
            ))
        }
        _ => Ok(()),
    }
}

impl Pattern {
    /// Nothing where no site can match.
    fn new(
        matrix: &Matrix,
        place: u32,
        background: &Background,
        threshold: Threshold,
    ) -> Option<Self> {
        let homer = Homer::of(matrix, threshold);
        let scores = match homer {
            Some(_) => Scores::homer(matrix, background),
            None => Scores::new(matrix, background),
        };
        let best = f64::from(scores.best);
        let tail = match (threshold, &homer) {
            (Threshold::PValue(p), _) => scores.tail_within(p),
            (Threshold::Score(bits), _) => tail_of(&scores, best - (bits * UNITS).ceil()),
            // Rounding moves a score by at most half a unit for each position: what HOMER takes
            // is among what loses so much more.
            (Threshold::Homer, Some(homer)) if homer.can_match() => {
                let least = homer.threshold / std::f64::consts::LN_2 * UNITS;
                let loss = best - least.floor() + matrix.len() as f64 / 2.0 + 1.0;
                tail_of(&scores, loss)
            }
            (Threshold::Homer, _) => Vec::new(),
        };
        let most = tail.len().checked_sub(1)? as u32;
        let strand = |forward: bool, losses: Losses| Strand {
            forward,
            prefilter: Prefilter::new(&losses, most),
            losses,
        };
        let representable = |&p: &f64| (p as f32).max(f32::MIN_POSITIVE);
        Some(Self {
            matrix: place,
            best: scores.best,
            p_values: tail.iter().map(representable).collect(),
            strands: [
                strand(true, scores.losses.clone()),
                strand(false, scores.reverse_losses()),
            ],
            homer,
        })
    }

    /// The site that a candidate is, if it is one: the exact sum decides.
    fn hit(&self, strand: &Strand, codes: &[u8], start: u32) -> Option<Hit> {
        let columns = strand.losses.iter().zip(codes);
        let loss: u32 = columns
            .map(|(column, &code)| column[usize::from(code)])
            .sum();
        let p_value = *self.p_values.get(loss as usize)?;
        let site = &codes[..strand.losses.len()];
        let refuses = |homer: &Homer| !homer.takes(site, strand.forward);
        if self.homer.as_ref().is_some_and(refuses) {
            return None;
        }
        Some(Hit {
            matrix: self.matrix,
            start,
            forward: strand.forward,
            score: ((f64::from(self.best) - f64::from(loss)) / UNITS) as f32,
            p_value,
        })
    }
}

/// The tail up to a loss; none where that is negative.
fn tail_of(scores: &Scores, loss: f64) -> Vec<f64> {
    if loss < 0.0 {
        return Vec::new();
    }
    scores.tail(loss as u32)
}

impl Homer {
    fn of(matrix: &Matrix, threshold: Threshold) -> Option<Self> {
        let wanted = matrix.threshold.filter(|_| threshold == Threshold::Homer)?;
        let logarithm = |column: [f64; 4]| column.map(|p| (p / 0.25).ln());
        Some(Self {
            logarithms: matrix.homers().into_iter().map(logarithm).collect(),
            threshold: wanted,
        })
    }

    fn can_match(&self) -> bool {
        let highest = |column: &[f64; 4]| column.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
        self.logarithms.iter().map(highest).sum::<f64>() >= self.threshold
    }

    /// Whether bases that are all known reach the threshold.
    fn takes(&self, site: &[u8], forward: bool) -> bool {
        let last = site.len() - 1;
        let base = |at: usize| match forward {
            true => usize::from(site[at]),
            false => 3 - usize::from(site[last - at]),
        };
        let logarithms = self.logarithms.iter().enumerate();
        logarithms.map(|(at, column)| column[base(at)]).sum::<f64>() >= self.threshold
    }
}

#[cfg(test)]
mod tests;
