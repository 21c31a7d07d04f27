//! From log-odds of batches that are half and half to probabilities that hold in a table.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::metrics::{Scored, classes};

/// The fewest pairs of either class from which a slope is taken: with fewer its standard error is as
/// large as what there is to correct.
const FEWEST: usize = 20;
/// The most steps of Newton's method; a handful serve.
const STEPS: usize = 100;
/// The smallest part of a step that is tried, and what keeps its matrix from being singular, both of
/// Lin, Lin & Weng 2007.
const SMALLEST_PART: f64 = 1e-10;
const RIDGE: f64 = 1e-12;
/// Halvings of an interval of log-odds, far beyond the digits of a double.
const HALVINGS: usize = 100;

/// What makes calibrated probabilities of a network's log-odds: log-odds = slope · logit + offset, a line
/// that never falls, so that the order of pairs stays.
///
/// The slope is that of Platt's logistic regression on pairs which the network was not fitted to (Platt
/// 1999, "Probabilistic outputs for support vector machines", with its targets (n₊ + 1) / (n₊ + 2) and
/// 1 / (n₋ + 2); Newton's method of Lin, Lin & Weng 2007, doi:10.1007/s10994-007-5018-6): 1 / slope is the
/// temperature of Guo, Pleiss, Sun & Weinberger 2017, arXiv:1706.04599. It is 1 where a class has fewer
/// than 20 pairs, and 0 where the regression's is not above 0. The offset is such that the mean
/// probability of these pairs is the part of positives among them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// What the logit is multiplied by, at least 0.
    pub slope: f64,
    /// What is added, in logits.
    pub offset: f64,
    /// Positive pairs that it was fitted on.
    pub positives: usize,
    /// Negative pairs that it was fitted on.
    pub negatives: usize,
    /// The part of positives that probabilities are stated for, where it is not that of these pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<f64>,
}

impl Correction {
    /// From pairs with their log-odds as scores; none where a class is missing, which leaves nothing
    /// to fit.
    pub fn fit(scored: &[Scored]) -> Option<Self> {
        let (positives, negatives) = classes(scored);
        if positives == 0 || negatives == 0 {
            return None;
        }
        let slope = match positives.min(negatives) < FEWEST || all_equal(scored) {
            true => 1.0,
            false => slope(scored, (positives, negatives)).max(0.0),
        };
        Some(Self {
            slope,
            offset: offset(scored, slope),
            positives,
            negatives,
            prior: None,
        })
    }

    /// The same for another part of positives, if one is stated (Saerens, Latinne & Decaestecker 2002,
    /// doi:10.1162/089976602753284446): within a class the pairs have to be alike.
    pub fn with_prior(self, prior: Option<f64>) -> Self {
        Self { prior, ..self }
    }

    /// The calibrated probability of a pair by its log-odds.
    pub fn probability(&self, logit: f64) -> f64 {
        sigmoid(self.log_odds(logit))
    }

    /// The same as log-odds.
    pub fn log_odds(&self, logit: f64) -> f64 {
        let prior = self.prior.map(log_odds);
        let shift = prior.map_or(0.0, |prior| prior - log_odds(self.prevalence()));
        self.slope * logit + self.offset + shift
    }

    /// What a network's probability is when it is calibrated.
    pub fn of_probability(&self, probability: f64) -> f64 {
        // A probability that was rounded to 0 or 1 has no log-odds.
        let probability = probability.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON);
        self.probability(log_odds(probability))
    }

    /// The part of positives among the pairs that it was fitted on.
    fn prevalence(&self) -> f64 {
        self.positives as f64 / (self.positives + self.negatives) as f64
    }
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.offset < 0.0 { '−' } else { '+' };
        let (slope, offset) = (self.slope, self.offset.abs());
        let (positives, negatives) = (self.positives, self.negatives);
        write!(
            f,
            "log-odds {slope:.3} × logit {sign} {offset:.3}, from {positives} + {negatives} validation pairs"
        )?;
        if positives.min(negatives) < FEWEST {
            write!(f, ", too few for a slope")?;
        } else if slope == 0.0 {
            write!(f, ", of which the logit does not tell positives")?;
        }
        match self.prior {
            Some(prior) => write!(f, "; for a prevalence of {prior}"),
            None => write!(f, "; for their prevalence of {:.4}", self.prevalence()),
        }
    }
}

fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}

fn sigmoid(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

fn all_equal(scored: &[Scored]) -> bool {
    scored.windows(2).all(|two| two[0].score == two[1].score)
}

/// The slope of the logistic regression on scores that are not all equal.
fn slope(scored: &[Scored], (positives, negatives): (usize, usize)) -> f64 {
    let n = scored.len() as f64;
    let mean = scored.iter().map(|of| of.score).sum::<f64>() / n;
    let squares = scored.iter().map(|of| (of.score - mean).powi(2));
    let sd = (squares.sum::<f64>() / n).sqrt();
    let [positives, negatives] = [positives, negatives].map(|count| count as f64);
    let point = |of: &Scored| Point {
        score: (of.score - mean) / sd,
        target: match of.positive {
            true => (positives + 1.0) / (positives + 2.0),
            false => 1.0 / (negatives + 2.0),
        },
    };
    let points: Vec<Point> = scored.iter().map(point).collect();
    let mut line = [0.0, ((positives + 1.0) / (negatives + 1.0)).ln()];
    for _ in 0..STEPS {
        match improved(&points, line) {
            Some(better) => line = better,
            None => break,
        }
    }
    line[0] / sd
}

/// A standardised score, and the probability that the regression is to give it.
struct Point {
    score: f64,
    target: f64,
}

impl Point {
    fn log_odds(&self, [slope, offset]: [f64; 2]) -> f64 {
        slope * self.score + offset
    }
}

/// The cross-entropy, in nats.
fn loss(points: &[Point], line: [f64; 2]) -> f64 {
    let of = |point: &Point| {
        let x = point.log_odds(line);
        // ln(1 + e^x)
        x.max(0.0) + (-x.abs()).exp().ln_1p() - point.target * x
    };
    points.iter().map(of).sum()
}

/// Slope and offset after a step of Newton's method, halved until it is one down; none where there is
/// none.
fn improved(points: &[Point], line: [f64; 2]) -> Option<[f64; 2]> {
    let mut gradient = [0.0; 2];
    let [mut squares, mut products, mut weights] = [RIDGE, 0.0, RIDGE];
    for point in points {
        let said = sigmoid(point.log_odds(line));
        let weight = said * (1.0 - said);
        gradient[0] += (said - point.target) * point.score;
        gradient[1] += said - point.target;
        squares += weight * point.score * point.score;
        products += weight * point.score;
        weights += weight;
    }
    let determinant = squares * weights - products * products;
    let step = [
        (weights * gradient[0] - products * gradient[1]) / determinant,
        (squares * gradient[1] - products * gradient[0]) / determinant,
    ];
    let before = loss(points, line);
    let mut part = 1.0;
    while part >= SMALLEST_PART {
        let tried = [line[0] - part * step[0], line[1] - part * step[1]];
        if loss(points, tried) < before {
            return Some(tried);
        }
        part /= 2.0;
    }
    None
}

/// The offset with which the mean probability is the part of positives, of which there is one at least,
/// as of negatives.
fn offset(scored: &[Scored], slope: f64) -> f64 {
    let n = scored.len() as f64;
    let rate = classes(scored).0 as f64 / n;
    let scores = || scored.iter().map(|of| slope * of.score);
    let middle = log_odds(rate);
    let mut low = middle - scores().fold(f64::NEG_INFINITY, f64::max);
    let mut high = middle - scores().fold(f64::INFINITY, f64::min);
    for _ in 0..HALVINGS {
        let offset = low + (high - low) / 2.0;
        let mean = scores().map(|score| sigmoid(score + offset)).sum::<f64>() / n;
        match mean < rate {
            true => low = offset,
            false => high = offset,
        }
    }
    low + (high - low) / 2.0
}

#[cfg(test)]
mod tests;
