//! What a sequence model must beat to mean anything: published methods on other data, and two
//! that know no biology at all.
//!
//! Every method is asked in the same way ([`Method`]): here are some pairs with their labels, now
//! score those. The labels of the pairs to be scored are not among what a method is given, so that
//! none can look at them:
//!
//! | method | made by | from |
//! |---|---|---|
//! | TargetFinder E/P, EE/P, E/P/W | [`Boosted::targetfinder`] | [`FeatureTable::read`], or [`targetfinder_features`] of [`assays`] |
//! | PEP-Motif | [`Boosted::pep_motif`] | [`pep::motif_features`] |
//! | PEP-Word | [`pep::PepWord::new`] | the sequence of [`pep::regions`] |
//! | distance only | [`Distance::new`] | the pairs |
//! | propensity only | [`Propensity::new`] | the pairs |
//! | predictions from elsewhere | [`Scores::read`] | a table of pairs and scores |
//!
//! Only their settings and formulas come from the publications; the boosted trees are
//! [our own](Boosting).

mod boosting;
mod distance;
mod features;
mod peaks;
pub mod pep;
mod propensity;
mod scores;
mod targetfinder;

use std::path::Path;
use std::str::FromStr;

use crate::error::{BadRow, Error, Result, RowProblem};
use crate::genome::Chroms;
use crate::pairs::Pair;

pub use boosting::{Boosting, Criterion, FeaturesPerNode, Forest};
pub use distance::Distance;
pub use features::FeatureTable;
pub use peaks::{Assay, PeakFormat, assays};
pub use propensity::Propensity;
pub use scores::Scores;
pub use targetfinder::{Regions, compute as targetfinder_features};

/// A pair of a table and its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labelled {
    /// The pair's place in its table.
    pub pair: usize,
    /// Whether its elements interact.
    pub positive: bool,
}

impl Labelled {
    /// The pairs at these places of a table, with their labels; those that have none teach nothing
    /// and are left out.
    pub fn of(pairs: &[Pair], places: &[usize]) -> Vec<Self> {
        let labelled = |&pair: &usize| {
            let positive = pairs[pair].label?;
            Some(Self { pair, positive })
        };
        places.iter().filter_map(labelled).collect()
    }
}

/// The pairs that a file is to tell something about.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The table of pairs, for messages.
    pub path: &'a Path,
    /// The pairs.
    pub pairs: &'a [Pair],
    /// The chromosomes that they lie on.
    pub chroms: &'a Chroms,
}

impl Wanted<'_> {
    /// The rows of the pairs, by their places, that the file `by` does not have.
    fn left_out(&self, by: &Path, missing: impl Fn(usize) -> bool) -> Vec<BadRow> {
        let bad = |(place, pair): (usize, &Pair)| {
            missing(place).then(|| BadRow {
                line: u64::from(pair.line),
                problem: RowProblem::LeftOut(by.display().to_string()),
            })
        };
        self.pairs.iter().enumerate().filter_map(bad).collect()
    }
}

/// A way to tell interacting pairs from others.
///
/// It knows the pairs of one table, but none of their labels.
pub trait Method: Sync {
    /// Learns from the pairs `train` and gives each of the pairs `test` the probability that it is
    /// positive, in their order; [`Scores`] gives what its file says. The same arguments bring the
    /// same scores, whatever the number of threads, and a pair's score does not depend on what else
    /// is tested.
    ///
    /// # Errors
    ///
    /// Training pairs of one class only, settings that make no sense.
    fn scores(&self, train: &[Labelled], test: &[usize], seed: u64) -> Result<Vec<f64>>;
}

/// Boosted trees on a table of features: TargetFinder and PEP-Motif.
#[derive(Debug, Clone)]
pub struct Boosted {
    /// The features of every pair.
    pub table: FeatureTable,
    /// How the trees are grown.
    pub settings: Boosting,
}

impl Boosted {
    /// TargetFinder on its features.
    pub fn targetfinder(table: FeatureTable) -> Self {
        Self {
            table,
            settings: Boosting::TARGETFINDER,
        }
    }

    /// PEP-Motif on [its features](pep::motif_features).
    pub fn pep_motif(table: FeatureTable) -> Self {
        Self {
            table,
            settings: Boosting::PEP,
        }
    }
}

impl Method for Boosted {
    fn scores(&self, train: &[Labelled], test: &[usize], seed: u64) -> Result<Vec<f64>> {
        let forest = self.settings.fit(&self.table, train, seed)?;
        Ok(forest.probabilities(&self.table, test))
    }
}

/// The numbers of positives and negatives, neither of which is 0.
fn classes(train: &[Labelled]) -> Result<(f64, f64)> {
    let positives = train.iter().filter(|example| example.positive).count();
    let negatives = train.len() - positives;
    if positives == 0 || negatives == 0 {
        return Err(Error::Undefined(format!(
            "nothing can be learned from {positives} positive and {negatives} negative pairs: \
             both must occur in every training part"
        )));
    }
    Ok((positives as f64, negatives as f64))
}

/// A field as a finite number.
fn finite<T: FromStr + Copy + Into<f64>>(column: &str, value: &str) -> Result<T, RowProblem> {
    value
        .parse()
        .ok()
        .filter(|&number: &T| number.into().is_finite())
        .ok_or_else(|| RowProblem::NotFinite {
            column: column.to_string(),
            value: value.to_string(),
        })
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod testing {
    use super::Labelled;
    use crate::element::Sides;
    use crate::genome::{ChromId, Region, base_code};
    use crate::motifs::{Background, Collection, Matrix, Scanner, Symbols, Threshold};
    use crate::pairs::Pair;
    use crate::progress::Progress;

    /// Tells nobody.
    pub struct Silent;

    impl Progress for Silent {
        fn start(&self, _: &str, _: u64, _: u64) {}
        fn advance(&self, _: u64, _: &str) {}
        fn finish(&self) {}
    }

    /// Motifs M0, M1, …, each of which matches one word only.
    pub fn collection(words: &[&str]) -> Collection {
        let column = |letter: u8| {
            let mut column = [0.0; 4];
            column[usize::from(base_code(letter))] = 1000.0;
            column
        };
        let matrix = |(place, word): (usize, &&str)| Matrix {
            id: format!("M{place}"),
            name: format!("M{place}"),
            columns: word.bytes().map(column).collect(),
            sites: None,
            threshold: None,
        };
        let matrices: Vec<Matrix> = words.iter().enumerate().map(matrix).collect();
        let background = Background::uniform();
        let scanner = Scanner::new(&matrices, &background, Threshold::Score(5.0)).unwrap();
        Collection {
            symbols: Symbols::of(&matrices),
            matrices,
            background,
            scanner,
        }
    }

    /// A pair of elements of ten bases that start there.
    pub fn pair(enhancer: u32, promoter: u32) -> Pair {
        let region = |start| Region {
            chrom: ChromId(0),
            start,
            end: start + 10,
        };
        Pair {
            elements: Sides::new(region(enhancer), region(promoter)),
            label: None,
            line: 1,
        }
    }

    /// The first pairs of a table, with these labels.
    pub fn train(labels: &[u8]) -> Vec<Labelled> {
        let labelled = |(pair, &label): (usize, &u8)| Labelled {
            pair,
            positive: label == 1,
        };
        labels.iter().enumerate().map(labelled).collect()
    }
}
