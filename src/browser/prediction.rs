//! What is predicted about a pair, as a line of each format that shows pairs.

use std::fmt;

use crate::genome::{Chroms, Region};
use crate::pairs::{Pair, Part};

/// The header of `predictions.tsv`.
pub const PREDICTIONS_HEADER: &str = "pair\tline\tlabel\tpart\tprobability\tlogit";
/// The header of `pairs.bedpe`: the ten columns of BEDPE, then label and probability.
pub const BEDPE_HEADER: &str = "#chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tname\tscore\tstrand1\t\
                                strand2\tlabel\tprobability";

/// A pair and what is predicted about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The pair.
    pub pair: Pair,
    /// Probability of an interaction.
    pub probability: f32,
    /// Its log-odds.
    pub logit: f32,
    /// The part of the data that the pair belonged to in training.
    pub part: Option<Part>,
}

impl Prediction {
    /// The probability as browsers' scores count, 0 to 1000.
    pub fn score(&self) -> u16 {
        (self.probability * 1000.0).round() as u16
    }

    /// A line of `predictions.tsv`: the pair's name, its line in the table, its label, the part of
    /// the data that it belonged to, its probability and the probability's log-odds.
    pub fn tsv(&self, chroms: &Chroms) -> impl fmt::Display {
        let part = self.part.map_or(".".to_string(), |part| part.to_string());
        format!(
            "{}\t{}\t{}\t{part}\t{}\t{}",
            self.pair.id(chroms),
            self.pair.line,
            self.pair.label_text(),
            self.probability,
            self.logit,
        )
    }

    /// A line of `pairs.bedpe`. The first region is the enhancer, the second the promoter.
    pub fn bedpe(&self, chroms: &Chroms) -> impl fmt::Display {
        let [enhancer, promoter] = self.pair.elements().map(|region| bed(region, chroms));
        format!(
            "{enhancer}\t{promoter}\t{}\t{}\t.\t.\t{}\t{}",
            self.pair.id(chroms),
            self.score(),
            self.pair.label_text(),
            self.probability,
        )
    }
}

/// The first three columns of BED.
pub(super) fn bed(region: Region, chroms: &Chroms) -> String {
    format!(
        "{}\t{}\t{}",
        chroms.name(region.chrom),
        region.start,
        region.end
    )
}
