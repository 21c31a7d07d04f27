//! Gradient-boosted trees for two classes.
//!
//! Our own, as no crate repeats both settings (features are drawn for a tree only, or there is no seed,
//! or C++ comes along). One algorithm serves both that the baselines need: scikit-learn's
//! `GradientBoostingClassifier`, as TargetFinder uses it, and XGBoost, as PEP uses it. They differ
//! in what a cut maximises and in what a leaf's value is divided by; here as there features are
//! looked at in bins (255 at most, as in LightGBM and XGBoost's `hist`), and a forest depends on
//! the seed and the examples alone, not on the number of threads.
//!
//! # References
//!
//! 1. Friedman, J. Greedy function approximation: a gradient boosting machine. Annals of
//!    Statistics 29 (2001), doi:10.1214/aos/1013203451.
//! 2. Chen, T. & Guestrin, C. XGBoost: a scalable tree boosting system. KDD 2016,
//!    doi:10.1145/2939672.2939785.

mod bins;
mod split;
mod tree;
mod written;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::seed::{Purpose, stream};
use bins::Binned;
use split::{Demands, Pull};
use tree::{Grower, Tree};

/// The most trees, so that a forest fits into memory.
const MOST_TREES: usize = 100_000;
/// The deepest trees.
const DEEPEST: usize = 30;
/// The least curvature of a leaf that moves its examples, as in scikit-learn: probabilities of
/// exactly 0 or 1 have none.
const LEAST_CURVATURE: f64 = 1e-150;

/// A row of a table and its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// The row's place.
    pub row: usize,
    /// Whether it is a positive.
    pub positive: bool,
}

/// The numbers of positives and negatives, neither of which is 0.
///
/// # Errors
///
/// Pairs of one class only, or none.
pub fn classes(positive: impl IntoIterator<Item = bool>) -> Result<(f64, f64)> {
    let (mut positives, mut negatives) = (0usize, 0usize);
    for positive in positive {
        match positive {
            true => positives += 1,
            false => negatives += 1,
        }
    }
    if positives == 0 || negatives == 0 {
        return Err(Error::Undefined(format!(
            "nothing can be learned from {positives} positive and {negatives} negative pairs: \
             both must occur in every training part"
        )));
    }
    Ok((positives as f64, negatives as f64))
}

/// How a forest is grown.
#[derive(Debug, Clone, PartialEq)]
pub struct Boosting {
    /// The number of trees.
    pub trees: usize,
    /// What each tree's values are multiplied by.
    pub rate: f64,
    /// The most forks between root and leaf.
    pub depth: usize,
    /// How many features each node looks at.
    pub features: FeaturesPerNode,
    /// What a cut maximises.
    pub criterion: Criterion,
    /// Whether positives weigh as many times more as they are rarer.
    pub balanced: bool,
}

/// How many features each node looks at, drawn anew for every node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeaturesPerNode {
    /// All of them.
    All,
    /// The logarithm to base 2 of their number, rounded down, and at least one.
    Log2,
}

/// What a cut maximises, and what a leaf's value is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Criterion {
    /// scikit-learn's: the drop of the residuals' squared error; leaves take one Newton step.
    SquaredError,
    /// XGBoost's: the drop of the loss to second order, with the penalty λ on leaf values and a
    /// least curvature for each side of a cut (`min_child_weight`).
    Newton {
        /// λ.
        lambda: f64,
        /// The least sum of curvatures of a side.
        side_weight: f64,
    },
}

impl Boosting {
    /// TargetFinder's settings
    /// (<https://github.com/shwhalen/targetfinder#custom-analyses>), else scikit-learn's defaults.
    ///
    /// Its instructions say nothing of weights, but its released predictions cannot be had without:
    /// for NHEK E/P they have a precision of 0.65 and a recall of 0.54, as forests of balanced
    /// classes (0.66 and 0.54) and not as those of equal weights (0.71 and 0.42), at 0.5 each.
    pub const TARGETFINDER: Self = Self {
        trees: 4000,
        rate: 0.1,
        depth: 5,
        features: FeaturesPerNode::Log2,
        criterion: Criterion::SquaredError,
        balanced: true,
    };

    /// PEP's settings (`parametered_cv` in
    /// <https://github.com/ma-compbio/PEP/blob/master/mainPEP.py>), else XGBoost's defaults.
    pub const PEP: Self = Self {
        trees: 1000,
        rate: 0.1,
        depth: 10,
        features: FeaturesPerNode::All,
        criterion: Criterion::Newton {
            lambda: 1.0,
            side_weight: 1.0,
        },
        balanced: true,
    };

    /// Grows a forest on some examples of a table, of which `columns` has each feature's value in every
    /// row, each a finite number.
    ///
    /// # Errors
    ///
    /// Settings that make no sense; examples of one class only.
    ///
    /// # Panics
    ///
    /// If an example's row is not there.
    pub fn fit(&self, columns: &[Vec<f32>], train: &[Example], seed: u64) -> Result<Forest> {
        self.check()?;
        let (positives, negatives) = classes(train.iter().map(|example| example.positive))?;
        let weight = if self.balanced {
            negatives / positives
        } else {
            1.0
        };
        let binned = |column: &Vec<f32>| {
            let values: Vec<f32> = train.iter().map(|example| column[example.row]).collect();
            Binned::new(&values)
        };
        let features: Vec<Binned> = columns.par_iter().map(binned).collect();
        let prior = (weight * positives / negatives).ln();
        let mut examples = Examples::new(train, weight, prior);
        let mut trees = Vec::with_capacity(self.trees);
        for number in 0..self.trees as u64 {
            trees.push(self.tree(&features, &mut examples, (seed, number)));
        }
        Ok(Forest { prior, trees })
    }

    fn check(&self) -> Result<()> {
        let finite = |value: f64, least: f64| value.is_finite() && value >= least;
        let demands = self.criterion.demands();
        let good = (1..=MOST_TREES).contains(&self.trees)
            && (1..=DEEPEST).contains(&self.depth)
            && finite(self.rate, f64::MIN_POSITIVE)
            && finite(demands.lambda, 0.0)
            && finite(demands.side_weight, 0.0);
        good.then_some(()).ok_or_else(|| {
            Error::Configuration(format!(
                "boosting needs 1 to {MOST_TREES} trees, a depth of 1 to {DEEPEST}, a positive \
                 rate and penalties that are not negative: {self:?}"
            ))
        })
    }

    /// Grows a tree and moves the examples by its values.
    fn tree(&self, features: &[Binned], examples: &mut Examples, seed: (u64, u64)) -> Tree {
        let pulls = examples.pulls(self.criterion);
        let demands = self.criterion.demands();
        let grower = Grower {
            features,
            pulls: &pulls,
            depth: self.depth,
            sampled: self.features.of(features.len()),
            demands,
            rng: stream(seed.0, Purpose::Boosting, seed.1),
        };
        grower.grow(|rows| {
            let value = self.rate * examples.step(rows, demands.lambda);
            for &row in rows {
                examples.margins[row as usize] += value;
            }
            value
        })
    }
}

impl FeaturesPerNode {
    fn of(self, features: usize) -> usize {
        match self {
            Self::All => features,
            Self::Log2 => (features.max(1).ilog2() as usize).max(1),
        }
    }
}

impl Criterion {
    fn demands(self) -> Demands {
        match self {
            Self::SquaredError => Demands::default(),
            // XGBoost's kRtEps: https://github.com/dmlc/xgboost/blob/master/include/xgboost/base.h
            Self::Newton {
                lambda,
                side_weight,
            } => Demands {
                lambda,
                side_weight,
                gain: 1e-6,
            },
        }
    }
}

/// The training examples while the forest grows.
struct Examples {
    labels: Vec<f64>,
    weights: Vec<f64>,
    /// The log odds that the forest gives so far.
    margins: Vec<f64>,
    /// The probabilities before the tree that grows now.
    probabilities: Vec<f64>,
}

impl Examples {
    fn new(train: &[Example], positive_weight: f64, prior: f64) -> Self {
        let of = |positive, negative| {
            move |example: &Example| {
                if example.positive { positive } else { negative }
            }
        };
        Self {
            labels: train.iter().map(of(1.0, 0.0)).collect(),
            weights: train.iter().map(of(positive_weight, 1.0)).collect(),
            margins: vec![prior; train.len()],
            probabilities: vec![0.0; train.len()],
        }
    }

    /// What each example asks of the next tree.
    fn pulls(&mut self, criterion: Criterion) -> Vec<Pull> {
        let margins = self.margins.iter();
        self.probabilities = margins.map(|&margin| logistic(margin)).collect();
        (0..self.labels.len())
            .map(|row| Pull {
                residual: self.slope(row),
                weight: match criterion {
                    Criterion::SquaredError => self.weights[row],
                    Criterion::Newton { .. } => self.curvature(row),
                },
            })
            .collect()
    }

    fn slope(&self, row: usize) -> f64 {
        self.weights[row] * (self.labels[row] - self.probabilities[row])
    }

    fn curvature(&self, row: usize) -> f64 {
        let probability = self.probabilities[row];
        self.weights[row] * probability * (1.0 - probability)
    }

    /// The Newton step of a leaf.
    fn step(&self, rows: &[u32], lambda: f64) -> f64 {
        let sum = |of: &dyn Fn(usize) -> f64| rows.iter().map(|&row| of(row as usize)).sum::<f64>();
        let curvature = sum(&|row| self.curvature(row)) + lambda;
        if curvature < LEAST_CURVATURE {
            return 0.0;
        }
        sum(&|row| self.slope(row)) / curvature
    }
}

/// A grown forest. In JSON each tree is a line of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forest {
    /// The log odds before any tree.
    prior: f64,
    trees: Vec<Tree>,
}

impl Forest {
    /// The probability that each of these rows of a table, given as in [`Boosting::fit`], is positive.
    ///
    /// # Panics
    ///
    /// If a row, or a feature that the forest asks for, is not there.
    pub fn probabilities(&self, columns: &[Vec<f32>], rows: &[usize]) -> Vec<f64> {
        let log_odds = self.log_odds(columns, rows);
        log_odds.into_iter().map(logistic).collect()
    }

    /// The same as log-odds.
    ///
    /// # Panics
    ///
    /// As [`Self::probabilities`].
    pub fn log_odds(&self, columns: &[Vec<f32>], rows: &[usize]) -> Vec<f64> {
        let of = |&row: &usize| {
            let values: Vec<f32> = columns.iter().map(|column| column[row]).collect();
            let steps = self.trees.iter().map(|tree| tree.value(|at| values[at]));
            self.prior + steps.sum::<f64>()
        };
        rows.par_iter().map(of).collect()
    }

    /// The log-odds that the first trees alone give, for each of some numbers of trees: for each row those
    /// of every number, in their order.
    ///
    /// # Panics
    ///
    /// As [`Self::probabilities`], and where there are fewer trees.
    pub fn staged(&self, columns: &[Vec<f32>], rows: &[usize], trees: &[usize]) -> Vec<Vec<f64>> {
        let of = |&row: &usize| {
            let values: Vec<f32> = columns.iter().map(|column| column[row]).collect();
            let mut sums = vec![0.0; self.trees.len() + 1];
            for (number, tree) in self.trees.iter().enumerate() {
                sums[number + 1] = sums[number] + tree.value(|at| values[at]);
            }
            let after = trees.iter().map(|&trees| self.prior + sums[trees]);
            after.collect()
        };
        rows.par_iter().map(of).collect()
    }

    /// How many columns a table has to have so that the forest can be asked about its rows.
    pub fn features(&self) -> usize {
        self.trees.iter().map(Tree::features).max().unwrap_or(0)
    }
}

/// `1 / (1 + e^−x)`.
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests;
