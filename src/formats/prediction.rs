//! What is predicted about a pair, as a line of each format that shows pairs.

use std::fmt;

use crate::element::Sides;
use crate::element::colours::Rgb;
use crate::genome::Chroms;
use crate::pairs::{Pair, Part};

/// The header of `predictions.tsv`.
pub const PREDICTIONS_HEADER: &str =
    "pair\tline\tlabel\tpart\tprobability\tlogit\tgene\tcalibrated";
/// The header of `predictions.tsv` of a run that has a context, or none.
pub fn predictions_header(context: bool) -> String {
    with_context(PREDICTIONS_HEADER, context)
}

/// The header of `pairs.bedpe` of a run that has a context, or none.
pub fn bedpe_header(context: bool) -> String {
    with_context(BEDPE_HEADER, context)
}

/// A header with the column of what the context alone says, or without.
pub(super) fn with_context(header: &str, context: bool) -> String {
    match context {
        true => format!("{header}\tcontext"),
        false => header.to_string(),
    }
}

/// The header of `pairs.bedpe`: the ten columns of BEDPE, then label, probability, gene, part
/// and colour: IGV desktop draws a line in the colour of the column of this name
/// (`org.broad.igv.bedpe.BedPEParser`).
pub const BEDPE_HEADER: &str = "#chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tname\tscore\tstrand1\t\
                                strand2\tlabel\tprobability\tgene\tpart\tcolor";

/// A pair and what is predicted about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The pair.
    pub pair: Pair,
    /// Probability of an interaction.
    pub probability: f32,
    /// Its log-odds.
    pub logit: f32,
    /// The part of the data that the pair belonged to in training; none of a pair that the run's table
    /// did not have.
    pub part: Option<Part>,
    /// The probability that the context alone gives the pair; none of a run without one.
    pub context: Option<f32>,
}

impl Prediction {
    /// The probability as browsers' scores count, 0 to 1000.
    pub fn score(&self) -> u16 {
        (self.probability * 1000.0).round() as u16
    }

    /// Its colour, weaker where the probability is below a threshold.
    pub fn colour(&self, threshold: f64) -> Rgb {
        Rgb::of_pair(self.pair.label, f64::from(self.probability) >= threshold)
    }

    /// The part as the output files have it: `.` of a pair that the run's table did not have.
    pub fn part_text(&self) -> String {
        self.part.map_or(".".to_string(), |part| part.to_string())
    }

    /// The last column of files of a run that has a context, what that alone says, with the tab before it;
    /// nothing of a run without.
    pub(super) fn context_column(&self) -> String {
        self.context
            .map_or(String::new(), |context| format!("\t{context}"))
    }

    /// A line of `predictions.tsv`: the pair's name, its line in the table, its label, the part of
    /// the data that it belonged to, its probability, the probability's log-odds, its gene and its
    /// calibrated probability, `.` of a run without a correction; of a run with a context what that alone says.
    pub fn tsv(&self, chroms: &Chroms, calibrated: Option<f64>) -> impl fmt::Display {
        // To as many digits as the probability.
        let calibrated = calibrated.map(|value| (value as f32).to_string());
        format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}{}",
            self.pair.id(chroms),
            self.pair.line,
            self.pair.label_text(),
            self.part_text(),
            self.probability,
            self.logit,
            self.pair.gene_text(),
            calibrated.as_deref().unwrap_or("."),
            self.context_column(),
        )
    }

    /// A line of `pairs.bedpe`. The first region is the enhancer, the second the promoter.
    pub fn bedpe(&self, chroms: &Chroms, threshold: f64) -> impl fmt::Display {
        let Sides { enhancer, promoter } = self.pair.elements.map(|region| region.bed(chroms));
        format!(
            "{enhancer}\t{promoter}\t{}\t{}\t.\t.\t{}\t{}\t{}\t{}\t{}{}",
            self.pair.id(chroms),
            self.score(),
            self.pair.label_text(),
            self.probability,
            self.pair.gene_text(),
            self.part_text(),
            self.colour(threshold),
            self.context_column(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::{ChromId, Region};
    use crate::pairs::Gene;

    #[test]
    fn lines_are_those_of_their_formats() {
        let region = |start, end| Region {
            chrom: ChromId(0),
            start,
            end,
        };
        let prediction = Prediction {
            pair: Pair {
                elements: Sides::new(region(5000, 5200), region(100, 400)),
                label: Some(false),
                line: 7,
                gene: Gene::new("MYC"),
            },
            probability: 0.7512,
            logit: -1.5,
            part: Some(Part::Test),
            context: None,
        };
        let chroms = Chroms::new([("chr1".to_string(), 10_000)]).unwrap();
        assert_eq!(
            prediction.tsv(&chroms, None).to_string(),
            "chr1:5000-5200~chr1:100-400\t7\t0\ttest\t0.7512\t-1.5\tMYC\t."
        );
        let calibrated = prediction.tsv(&chroms, Some(0.0625)).to_string();
        assert!(calibrated.ends_with("\tMYC\t0.0625"), "{calibrated}");
        assert_eq!(
            prediction.bedpe(&chroms, 0.7).to_string(),
            "chr1\t5000\t5200\tchr1\t100\t400\tchr1:5000-5200~chr1:100-400\t751\t.\t.\t0\t0.7512\t\
             MYC\ttest\t102,51,0"
        );
        let none = Prediction {
            part: None,
            ..prediction
        };
        let columns = |line: &str| line.split('\t').count();
        let (tsv, bedpe) = (
            none.tsv(&chroms, None).to_string(),
            none.bedpe(&chroms, 0.8).to_string(),
        );
        assert!(tsv.contains("\t0\t.\t0.7512"), "{tsv}");
        assert_eq!(columns(&tsv), columns(PREDICTIONS_HEADER));
        assert_eq!(columns(&bedpe), columns(BEDPE_HEADER));
        let known = Prediction {
            context: Some(0.125),
            ..none
        };
        let (tsv, bedpe_of_known) = (
            known.tsv(&chroms, None).to_string(),
            known.bedpe(&chroms, 0.8).to_string(),
        );
        assert!(tsv.ends_with("\t.\t0.125"), "{tsv}");
        assert_eq!(bedpe_of_known, format!("{bedpe}\t0.125"));
        assert_eq!(columns(&tsv), columns(&predictions_header(true)));
        assert_eq!(columns(&bedpe_of_known), columns(&bedpe_header(true)));
        assert_eq!(predictions_header(false), PREDICTIONS_HEADER);
        // Below the threshold: a weaker shade.
        assert!(bedpe.ends_with("\t.\t186,163,140"), "{bedpe}");
    }
}
