//! How boosted trees learn what a pair's context says, and what they say of pairs that they did not see.

use rand::RngExt;
use rayon::prelude::*;

use super::crossing::Crossing;
use crate::error::Result;
use crate::evaluation::{Correction, Scored};
use crate::seed::{Purpose, stream};
use crate::statistics::boosting::{Boosting, Criterion, Example, FeaturesPerNode, Forest};

/// How the trees are grown: shallow, slowly, each node from a few columns, with XGBoost's criterion and
/// λ, and without weights, so that log-odds are those of the table.
const BOOSTING: Boosting = Boosting {
    trees: SIZES[SIZES.len() - 1],
    rate: 0.03,
    depth: 4,
    features: FeaturesPerNode::Log2,
    criterion: Criterion::Newton {
        lambda: 1.0,
        side_weight: 1.0,
    },
    balanced: false,
};
/// The numbers of trees that are tried.
const SIZES: [usize; 4] = [50, 100, 200, 400];
/// Which of them is taken where none can be tried, or nothing may choose.
const USUAL: usize = 2;
/// Forests of different seeds whose log-odds are averaged.
const MEMBERS: u64 = 3;

/// Training examples, and the folds that they are divided into.
pub struct Learner<'a> {
    /// The columns of the table.
    pub columns: &'a [Vec<f32>],
    /// The examples.
    pub examples: &'a [Example],
    /// Their folds, by their places.
    pub crossing: &'a Crossing,
    /// What the trees' random numbers come from.
    pub seed: u64,
}

/// What was said of an example by trees that saw neither its fold nor another one.
struct Trial {
    /// The two folds.
    folds: [usize; 2],
    /// For either fold its examples, by their places, with the log-odds after each of [`SIZES`].
    said: [Vec<(usize, Vec<f64>)>; 2],
    /// The examples between the two folds, by their places, with the log-odds after the usual number of trees.
    across: Vec<(usize, f64)>,
}

/// The trials of all pairs of folds.
pub struct Trials<'a> {
    learner: &'a Learner<'a>,
    trials: Vec<Trial>,
}

impl<'a> Learner<'a> {
    /// Learns without each two folds and tries it on both; two folds whose rest lacks a class are left out.
    ///
    /// # Errors
    ///
    /// None but those of settings that make no sense.
    pub fn trials(&'a self) -> Result<Trials<'a>> {
        let folds = self.crossing.folds;
        let pairs = (0..folds).flat_map(|one| (one + 1..folds).map(move |other| [one, other]));
        let pairs: Vec<[usize; 2]> = pairs.collect();
        let trial = |(number, &folds): (usize, &[usize; 2])| {
            let train = self.of(&self.crossing.outside(&folds));
            let positives = train.iter().filter(|example| example.positive).count();
            if positives == 0 || positives == train.len() {
                return Ok(None);
            }
            let forest = BOOSTING.fit(self.columns, &train, self.seed(number as u64))?;
            let said = folds.map(|fold| {
                let inside = self.crossing.inside(fold);
                let rows = self.rows(&inside);
                let staged = forest.staged(self.columns, &rows, &SIZES);
                inside.into_iter().zip(staged).collect()
            });
            let across = self.crossing.between(folds);
            let staged = forest.staged(self.columns, &self.rows(&across), &[SIZES[USUAL]]);
            let across = across.into_iter().zip(staged.into_iter().flatten());
            Ok(Some(Trial {
                folds,
                said,
                across: across.collect(),
            }))
        };
        let trials: Vec<Option<Trial>> = pairs
            .par_iter()
            .enumerate()
            .map(trial)
            .collect::<Result<_>>()?;
        Ok(Trials {
            learner: self,
            trials: trials.into_iter().flatten().collect(),
        })
    }

    /// Forests of different seeds, of so many trees, that learned from some of the examples, by their places.
    ///
    /// # Errors
    ///
    /// Examples of one class only.
    pub fn forests(&self, places: &[usize], trees: usize) -> Result<Vec<Forest>> {
        let train = self.of(places);
        let boosting = Boosting { trees, ..BOOSTING };
        let fit = |member: u64| {
            let seed = self.seed(FIRST_MEMBER + member);
            boosting.fit(self.columns, &train, seed)
        };
        (0..MEMBERS).into_par_iter().map(fit).collect()
    }

    /// The rows of some examples.
    pub fn rows(&self, places: &[usize]) -> Vec<usize> {
        places
            .iter()
            .map(|&place| self.examples[place].row)
            .collect()
    }

    /// Some of the examples.
    fn of(&self, places: &[usize]) -> Vec<Example> {
        places.iter().map(|&place| self.examples[place]).collect()
    }

    /// The seed of a forest, by its number: those of two neighbouring runs have none in common.
    fn seed(&self, number: u64) -> u64 {
        stream(self.seed, Purpose::Context, number).random()
    }
}

/// The number of the first forest that is kept; those before it are tried.
const FIRST_MEMBER: u64 = 1000;

impl Trials<'_> {
    /// The number of trees with the least log loss on examples that were not seen, of those of which `fold`
    /// saw nothing where one is given, and what corrects their log-odds; none where nothing was tried.
    pub fn choose(&self, fold: Option<usize>) -> (usize, Option<Correction>) {
        let mut best: Option<(f64, usize, Vec<Scored>)> = None;
        for (size, &trees) in SIZES.iter().enumerate() {
            let scored = self.scored(fold, size);
            let loss = log_loss(&scored);
            if best.as_ref().is_none_or(|(least, ..)| loss < *least) {
                best = Some((loss, trees, scored));
            }
        }
        match best {
            Some((_, trees, scored)) if !scored.is_empty() => (trees, Correction::fit(&scored)),
            _ => (SIZES[USUAL], None),
        }
    }

    /// What was said of the examples between two folds, by their places, by trees that saw neither: as many as are
    /// usual, and uncorrected, as what would choose and correct them saw one of the folds. Where nothing was tried
    /// without the two, their examples are left out.
    pub fn across(&self) -> impl Iterator<Item = (usize, f64)> {
        self.trials.iter().flat_map(|of| of.across.iter().copied())
    }

    /// What was said of the examples of other folds by trees that did not see `fold`; without one of all
    /// examples.
    fn scored(&self, fold: Option<usize>, size: usize) -> Vec<Scored> {
        let mut scored = Vec::new();
        for Trial { folds, said, .. } in &self.trials {
            if fold.is_some_and(|fold| !folds.contains(&fold)) {
                continue;
            }
            for (of, said) in folds.iter().zip(said) {
                if Some(*of) == fold {
                    continue;
                }
                scored.extend(said.iter().map(|(place, log_odds)| Scored {
                    score: log_odds[size],
                    positive: self.learner.examples[*place].positive,
                }));
            }
        }
        scored
    }
}

/// The mean of some forests' log-odds of rows of a table.
pub fn mean_log_odds(forests: &[Forest], columns: &[Vec<f32>], rows: &[usize]) -> Vec<f64> {
    let mut means = vec![0.0; rows.len()];
    for forest in forests {
        for (mean, log_odds) in means.iter_mut().zip(forest.log_odds(columns, rows)) {
            *mean += log_odds / forests.len() as f64;
        }
    }
    means
}

/// The mean of −ln p of what is true, in nats.
fn log_loss(scored: &[Scored]) -> f64 {
    let of = |of: &Scored| {
        // ln(1 + e^x), with x the log-odds of what is not true.
        let x = if of.positive { -of.score } else { of.score };
        x.max(0.0) + (-x.abs()).exp().ln_1p()
    };
    scored.iter().map(of).sum::<f64>() / scored.len().max(1) as f64
}
