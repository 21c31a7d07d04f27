//! Two log-odds of a pair as one.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most steps of Newton's method; a handful serve.
const STEPS: usize = 100;
/// The smallest part of a step that is tried.
const SMALLEST_PART: f64 = 1e-10;
/// What a coefficient's square costs, in nats, halved: coefficients of classes that are apart stay finite. A few
/// tens of pairs outweigh it.
const RIDGE: f64 = 1.0;

/// What two log-odds say of a pair, and its label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// By the sequence.
    pub sequence: f64,
    /// Without it.
    pub context: f64,
    /// The truth.
    pub positive: bool,
}

/// Two log-odds as one: sequence · `sequence` + context · `context` + `offset`.
///
/// The coefficients are those of a logistic regression on pairs that neither was fitted to, by Newton's method, with
/// both standardised and the squares of their coefficients held small by a ridge of 1. What would count the wrong way
/// round counts for nothing: a few pairs by which log-odds are the better the lower they are tell of no rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sum {
    /// What the log-odds by sequence are multiplied by.
    pub sequence: f64,
    /// What those without it are multiplied by.
    pub context: f64,
    /// What is added.
    pub offset: f64,
    /// Positive pairs that it was fitted on.
    pub positives: usize,
    /// Negative pairs that it was fitted on.
    pub negatives: usize,
}

impl Sum {
    /// From pairs; none where a class is missing, which leaves nothing to fit.
    pub fn fit(pairs: &[Told]) -> Option<Self> {
        let [positives, negatives] = classes(pairs);
        if positives == 0 || negatives == 0 {
            return None;
        }
        let columns: [fn(&Told) -> f64; 2] = [|of| of.sequence, |of| of.context];
        let scales = columns.map(|column| {
            let values: Vec<f64> = pairs.iter().map(column).collect();
            Scale::of(&values)
        });
        let point = |of: &Told| Point {
            values: [
                scales[0].of_value(of.sequence),
                scales[1].of_value(of.context),
                1.0,
            ],
            known: 0.0,
            target: f64::from(u8::from(of.positive)),
        };
        let mut points: Vec<Point> = pairs.iter().map(point).collect();
        let first = [0.0, 0.0, (positives as f64 / negatives as f64).ln()];
        let mut weights = least(&points, first);
        // One after the other, the worse first: without it the other may count for something.
        while let Some(at) = against(weights) {
            points.iter_mut().for_each(|point| point.values[at] = 0.0);
            weights = least(&points, first);
        }
        let [sequence, context] = [0, 1].map(|at| weights[at] / scales[at].sd);
        Some(Self {
            sequence,
            context,
            offset: weights[2] - sequence * scales[0].mean - context * scales[1].mean,
            positives,
            negatives,
        })
    }

    /// Of a sequence's log-odds that were learnt beside those of the context: these count once, as they did then, and
    /// the sequence's as far as pairs say that neither was fitted to. What it is multiplied by is that of a logistic
    /// regression with the same ridge, from 0 to 1, times (χ² − 1) / χ², where χ² is twice what it gains in nats,
    /// and 0 where that is less than 1: what the same pairs choose looks better on them than on others (van
    /// Houwelingen & le Cessie, Predictive value of statistical models, Statistics in Medicine 9 (1990),
    /// doi:10.1002/sim.4780091109). Where it is less than 1, the rest of the `prior` that both were learnt
    /// at, in log-odds, which the sequence's hold, is added. Pairs without one of the classes choose nothing: both
    /// are added as they are.
    pub fn beside(pairs: &[Told], prior: f64) -> Self {
        let [positives, negatives] = classes(pairs);
        let weight = match positives == 0 || negatives == 0 {
            true => 1.0,
            false => weight_beside(pairs, positives as f64 / negatives as f64),
        };
        Self {
            sequence: weight,
            context: 1.0,
            offset: (1.0 - weight) * prior,
            positives,
            negatives,
        }
    }

    /// The log-odds of a pair of which the two are known.
    pub fn log_odds(&self, sequence: f64, context: f64) -> f64 {
        self.sequence * sequence + self.context * context + self.offset
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.3} × the sequence's log-odds and {:.3} × the others, from {} + {} validation pairs",
            self.sequence, self.context, self.positives, self.negatives
        )
    }
}

/// The numbers of positives and negatives.
fn classes(pairs: &[Told]) -> [usize; 2] {
    let positives = pairs.iter().filter(|pair| pair.positive).count();
    [positives, pairs.len() - positives]
}

/// What log-odds by sequence are multiplied by beside those of the context; `odds` are those of a positive.
fn weight_beside(pairs: &[Told], odds: f64) -> f64 {
    let values: Vec<f64> = pairs.iter().map(|of| of.sequence).collect();
    let scale = Scale::of(&values);
    let point = |of: &Told| Point {
        values: [scale.of_value(of.sequence), 0.0, 1.0],
        known: of.context,
        target: f64::from(u8::from(of.positive)),
    };
    let mut points: Vec<Point> = pairs.iter().map(point).collect();
    let first = [0.0, 0.0, odds.ln()];
    let with = least(&points, first);
    let loss_with = loss(&points, with);
    points.iter_mut().for_each(|point| point.values[0] = 0.0);
    let chi_square = 2.0 * (loss(&points, least(&points, first)) - loss_with);
    let weight = with[0] / scale.sd;
    match weight > 0.0 && chi_square > 1.0 {
        // Never more than was learnt: of log-odds that hardly differ a few pairs would make large ones.
        true => weight.min(1.0) * (1.0 - 1.0 / chi_square),
        false => 0.0,
    }
}

/// The weights of the least loss, from some.
fn least(points: &[Point], mut weights: [f64; 3]) -> [f64; 3] {
    for _ in 0..STEPS {
        match improved(points, weights) {
            Some(better) => weights = better,
            None => break,
        }
    }
    weights
}

/// Which of two log-odds counts the most against itself.
fn against(weights: [f64; 3]) -> Option<usize> {
    let worse = usize::from(weights[1] < weights[0]);
    (weights[worse] < 0.0).then_some(worse)
}

/// Mean and standard deviation of values.
struct Scale {
    mean: f64,
    sd: f64,
}

impl Scale {
    /// Of values, of which there are some; those that are all the same stay as far apart as they are.
    fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares = values.iter().map(|value| (value - mean).powi(2));
        let sd = (squares.sum::<f64>() / n).sqrt();
        Self {
            mean,
            sd: if sd > 0.0 { sd } else { 1.0 },
        }
    }

    fn of_value(&self, value: f64) -> f64 {
        (value - self.mean) / self.sd
    }
}

/// Standardised log-odds, a 1 for the offset, log-odds that count as they are, and what is to come out.
struct Point {
    values: [f64; 3],
    known: f64,
    target: f64,
}

impl Point {
    fn log_odds(&self, weights: [f64; 3]) -> f64 {
        let terms = weights.iter().zip(self.values);
        self.known + terms.map(|(weight, value)| weight * value).sum::<f64>()
    }
}

/// The cross-entropy in nats, and what the coefficients cost.
fn loss(points: &[Point], weights: [f64; 3]) -> f64 {
    let of = |point: &Point| {
        let x = point.log_odds(weights);
        // ln(1 + e^x)
        x.max(0.0) + (-x.abs()).exp().ln_1p() - point.target * x
    };
    let squares = weights[0].powi(2) + weights[1].powi(2);
    points.iter().map(of).sum::<f64>() + RIDGE / 2.0 * squares
}

/// The weights after a step of Newton's method, halved until it is one down; none where there is none.
fn improved(points: &[Point], weights: [f64; 3]) -> Option<[f64; 3]> {
    let mut gradient = [RIDGE * weights[0], RIDGE * weights[1], 0.0];
    let mut curvature = [[RIDGE, 0.0, 0.0], [0.0, RIDGE, 0.0], [0.0; 3]];
    for point in points {
        let said = 1.0 / (1.0 + (-point.log_odds(weights)).exp());
        let weight = said * (1.0 - said);
        let rows = gradient.iter_mut().zip(&mut curvature);
        for ((slope, row), value) in rows.zip(point.values) {
            *slope += (said - point.target) * value;
            for (cell, other) in row.iter_mut().zip(point.values) {
                *cell += weight * value * other;
            }
        }
    }
    let step = solved(curvature, gradient);
    let before = loss(points, weights);
    let mut part = 1.0;
    while part >= SMALLEST_PART {
        let tried = [0, 1, 2].map(|at| weights[at] - part * step[at]);
        if loss(points, tried) < before {
            return Some(tried);
        }
        part /= 2.0;
    }
    None
}

/// `x` of `matrix · x = right`, by Cramer's rule; NaN where the matrix is singular.
fn solved(matrix: [[f64; 3]; 3], right: [f64; 3]) -> [f64; 3] {
    let all = determinant(matrix);
    [0, 1, 2].map(|column| {
        let mut replaced = matrix;
        for (row, value) in replaced.iter_mut().zip(right) {
            row[column] = value;
        }
        determinant(replaced) / all
    })
}

fn determinant([a, b, c]: [[f64; 3]; 3]) -> f64 {
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
        + a[2] * (b[0] * c[1] - b[1] * c[0])
}

#[cfg(test)]
mod tests;
