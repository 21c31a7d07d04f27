//! *g*: the log-odds of an interaction by what is known of a pair beside its sequence.

use serde::{Deserialize, Serialize};
use tracing::info;

use super::crossing::Crossing;
use super::learner::{Learner, mean_log_odds};
use crate::error::{Error, Result};
use crate::evaluation::{Correction, Scored};
use crate::pairs::{FeatureTable, Pair};
use crate::statistics::boosting::{Example, Forest};

/// g: log-odds of an interaction from a pair's context.
///
/// The mean of some forests of boosted trees, corrected so that 1 / (1 + e^−g) is a probability at the
/// prevalence of the pairs that it was fitted on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Context {
    /// The columns that it asks for.
    columns: Vec<String>,
    forests: Vec<Forest>,
    /// What makes log-odds that hold of the forests'.
    correction: Option<Correction>,
}

/// As a file has it, before it is known whether the trees ask for the columns that are there.
#[derive(Deserialize)]
struct Stored {
    columns: Vec<String>,
    forests: Vec<Forest>,
    correction: Option<Correction>,
}

/// A context, and what others say that did not see some of its pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedContext {
    /// Fitted on all training pairs.
    pub context: Context,
    /// Of the training pairs, in their order: the log-odds of a g that was fitted without the chromosomes of
    /// the pair, whose labels had no part in it.
    pub crossed: Vec<f64>,
}

impl Context {
    /// Checks without learning that examples, whose labels are given, can be fitted on.
    ///
    /// # Errors
    ///
    /// Those of one chromosome, or of which those outside some fold of whole chromosomes are of one class.
    pub fn check(pairs: &[Pair], examples: &[Example]) -> Result<()> {
        let crossing = Crossing::new(examples.iter().map(|example| &pairs[example.row]))?;
        for fold in 0..crossing.folds {
            let outside = crossing.outside(&[fold]);
            let positives = outside.iter().filter(|&&place| examples[place].positive);
            let positives = positives.count();
            if positives == 0 || positives == outside.len() {
                return Err(Error::Undefined(format!(
                    "without some of their chromosomes {positives} of {} training pairs are positive: what their \
                     context says is learned from some chromosomes and tried on others, and takes both classes",
                    outside.len()
                )));
            }
        }
        Ok(())
    }

    /// Fits on the training pairs, by their places in the table, cross-fitted over whole chromosomes:
    /// `crossed` holds for each training pair the log-odds of a g that was fitted without its chromosome
    /// (what a network may be trained beside), `context` the g of all of them.
    ///
    /// Chromosomes are dealt out to five folds at most. Without each two folds trees are grown and tried on
    /// both: of a fold they say how many trees to take and how to correct their log-odds for those that are
    /// grown without it. What all of the folds' trees say of pairs that they did not see corrects the
    /// log-odds of those that are grown on all pairs. A pair between chromosomes of two folds has what the trees
    /// that were tried without the two say, uncorrected, after a fixed number of trees; where there are none, as
    /// the rest lacks a class, the log-odds of the prevalence among pairs that lie in none of the two. All cores;
    /// the same whatever their number.
    ///
    /// # Errors
    ///
    /// Training pairs without a label, of one chromosome, or of which those outside some fold, or all, are
    /// of one class.
    pub fn fit(
        table: &FeatureTable,
        pairs: &[Pair],
        train: &[usize],
        seed: u64,
    ) -> Result<FittedContext> {
        let example = |&place: &usize| {
            let pair = &pairs[place];
            let positive = pair.label.ok_or_else(|| {
                Error::Undefined(format!("the pair of line {} has no label", pair.line))
            })?;
            Ok(Example {
                row: place,
                positive,
            })
        };
        let examples: Vec<Example> = train.iter().map(example).collect::<Result<_>>()?;
        Self::fit_examples(table, pairs, &examples, seed)
    }

    /// The same on examples whose labels are given; those of the pairs are not looked at.
    ///
    /// # Errors
    ///
    /// As [`Self::fit`].
    pub fn fit_examples(
        table: &FeatureTable,
        pairs: &[Pair],
        examples: &[Example],
        seed: u64,
    ) -> Result<FittedContext> {
        let columns = table.columns();
        let crossing = Crossing::new(examples.iter().map(|example| &pairs[example.row]))?;
        let learner = Learner {
            columns,
            examples,
            crossing: &crossing,
            seed,
        };
        let trials = learner.trials()?;
        let mut crossed = vec![0.0; examples.len()];
        let mut unseen = Vec::with_capacity(examples.len());
        for fold in 0..crossing.folds {
            let (trees, correction) = trials.choose(Some(fold));
            let forests = learner.forests(&crossing.outside(&[fold]), trees)?;
            let inside = crossing.inside(fold);
            let said = mean_log_odds(&forests, columns, &learner.rows(&inside));
            for (place, score) in inside.into_iter().zip(said) {
                crossed[place] = corrected(correction, score);
                let positive = examples[place].positive;
                unseen.push(Scored { score, positive });
            }
        }
        for (place, folds) in crossing.across() {
            crossed[place] = prevalence(examples, &crossing.outside(&folds));
        }
        for (place, log_odds) in trials.across() {
            crossed[place] = log_odds;
        }
        let (trees, _) = trials.choose(None);
        let all: Vec<usize> = (0..examples.len()).collect();
        let context = Self {
            columns: table.names().to_vec(),
            forests: learner.forests(&all, trees)?,
            correction: Correction::fit(&unseen),
        };
        info!("context: {trees} trees on {} pairs", examples.len());
        Ok(FittedContext { context, crossed })
    }

    /// The names of the columns that it asks for.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Log-odds of all pairs of a table, in their order.
    ///
    /// # Errors
    ///
    /// Another set of columns than it was fitted on; all differences are named.
    pub fn logits(&self, table: &FeatureTable) -> Result<Vec<f64>> {
        let foreign = |name: &&String| !self.columns.contains(name);
        let foreign: Vec<&String> = table.names().iter().filter(foreign).collect();
        let columns: Vec<Option<&[f32]>> =
            self.columns.iter().map(|name| table.column(name)).collect();
        let missing = self.columns.iter().zip(&columns);
        let missing = missing.filter(|(_, column)| column.is_none());
        let missing: Vec<&String> = missing.map(|(name, _)| name).collect();
        if !foreign.is_empty() || !missing.is_empty() {
            return Err(other_columns(&missing, &foreign));
        }
        let columns: Vec<Vec<f32>> = columns.into_iter().flatten().map(<[f32]>::to_vec).collect();
        let rows: Vec<usize> = (0..columns.first().map_or(0, Vec::len)).collect();
        let said = mean_log_odds(&self.forests, &columns, &rows).into_iter();
        Ok(said.map(|of| corrected(self.correction, of)).collect())
    }
}

impl TryFrom<Stored> for Context {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        let Stored {
            columns,
            forests,
            correction,
        } = stored;
        let asked = forests.iter().map(Forest::features).max();
        match asked {
            Some(asked) if asked <= columns.len() => Ok(Self {
                columns,
                forests,
                correction,
            }),
            Some(asked) => Err(format!(
                "the trees of a context ask for {asked} columns, and it names {}",
                columns.len()
            )),
            None => Err("a context has no trees".to_string()),
        }
    }
}

fn corrected(correction: Option<Correction>, log_odds: f64) -> f64 {
    correction.map_or(log_odds, |of| of.log_odds(log_odds))
}

/// The log-odds of the part of positives among some examples, of which one more is taken of either class.
fn prevalence(examples: &[Example], places: &[usize]) -> f64 {
    let positives = places
        .iter()
        .filter(|&&place| examples[place].positive)
        .count();
    let negatives = places.len() - positives;
    ((positives + 1) as f64 / (negatives + 1) as f64).ln()
}

fn other_columns(missing: &[&String], foreign: &[&String]) -> Error {
    let named = |names: &[&String]| {
        let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
        names.join(", ")
    };
    let mut problems = Vec::new();
    if !missing.is_empty() {
        problems.push(format!("{} missing", named(missing)));
    }
    if !foreign.is_empty() {
        problems.push(format!(
            "{} not among those of the training",
            named(foreign)
        ));
    }
    let problems = problems.join("; ");
    Error::Configuration(format!(
        "the context has other columns than that of the training: {problems}; give the same assays, by the \
         same names, and a table of features with the same columns"
    ))
}

#[cfg(test)]
mod tests;
