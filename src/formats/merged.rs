//! Merged regions as BED.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::bigbed::Schema;
use super::prediction::Prediction;
use super::regions::field;
use crate::element::Element;
use crate::element::colours::Rgb;
use crate::genome::{Chroms, Region};

/// The schema of the file.
pub const SCHEMA: Schema = Schema {
    auto_sql: include_str!("../../tracks/mergedRegions.as"),
    standard_fields: 9,
    indexed: None,
};

/// The same of a run that has a context, with a field of what that alone says.
pub const CONTEXT_SCHEMA: Schema = Schema {
    auto_sql: include_str!("../../tracks/mergedRegionsContext.as"),
    ..SCHEMA
};

/// Top regions of one element of any number of pairs, as one.
#[derive(Debug, Clone, PartialEq)]
pub struct MergedRegion {
    /// Where.
    pub region: Region,
    /// Whose.
    pub element: Element,
    /// Pairs that have a top region in it.
    pub pairs: u32,
    /// The largest value of these regions.
    pub value: f32,
    /// The pair that has it, and what is predicted about it.
    pub best: Prediction,
    /// The factors with a motif site inside one of the top regions, where motifs were given.
    pub factors: Option<BTreeSet<Arc<str>>>,
}

impl MergedRegion {
    /// A line of `merged_regions.bed`: BED9 and the further fields of [`SCHEMA`]. The score, or what stands for
    /// it, depends on the other regions of the file.
    pub fn bed(&self, score: impl fmt::Display, chroms: &Chroms) -> impl fmt::Display {
        let Region { start, end, .. } = self.region;
        let element = self.element.name();
        let rgb = Rgb::of(self.element);
        format!(
            "{}\t{element}_x{pairs}\t{score}\t.\t{start}\t{end}\t{rgb}\t{element}\t{pairs}\t{}\t{}\t{}\t{}\t{}{}",
            self.region.bed(chroms),
            self.value,
            self.best.pair.id(chroms),
            self.best.probability,
            self.best.pair.label_text(),
            self.factors(),
            self.best.context_column(),
            pairs = self.pairs,
        )
    }

    /// The factors in one field.
    fn factors(&self) -> String {
        match &self.factors {
            None => ".".to_string(),
            Some(factors) if factors.is_empty() => "none".to_string(),
            Some(factors) => {
                let factors: Vec<String> = factors.iter().map(|of| field(of)).collect();
                factors.join(",")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::element::Sides;
    use crate::genome::{ChromId, rewritten_bed};
    use crate::pairs::Pair;

    fn merged(factors: Option<&[&str]>) -> MergedRegion {
        let region = |start, end| Region {
            chrom: ChromId(0),
            start,
            end,
        };
        let factors = factors.map(|of| of.iter().map(|&name| Arc::from(name)).collect());
        MergedRegion {
            region: region(100, 170),
            element: Element::Promoter,
            pairs: 12,
            value: 2.5,
            best: Prediction {
                pair: Pair {
                    elements: Sides::new(region(800, 900), region(50, 400)),
                    label: Some(false),
                    gene: None,
                    line: 2,
                },
                probability: 0.25,
                logit: -1.0,
                part: None,
                context: None,
            },
            factors,
        }
    }

    fn bed(factors: Option<&[&str]>) -> String {
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        merged(factors).bed(437, &chroms).to_string()
    }

    #[test]
    fn a_line_has_the_declared_fields() {
        let line = bed(Some(&["SP1", "A,B|C\tD"]));
        let declared = SCHEMA.auto_sql.lines().filter(|line| line.contains(';'));
        assert_eq!(line.split('\t').count(), declared.count());
        assert_eq!(
            line,
            "chr1\t100\t170\tpromoter_x12\t437\t.\t100\t170\t94,60,153\tpromoter\t12\t2.5\t\
             chr1:800-900~chr1:50-400\t0.25\t0\tA_B_C_D,SP1"
        );
        assert!(bed(Some(&[])).ends_with("\t0\tnone"));
        assert!(bed(None).ends_with("\t0\t."));
    }

    proptest! {
        #[test]
        fn lines_are_those_of_noodles(
            chrom in "[A-Za-z0-9_]{1,20}",
            factor in "[ -~]{1,20}",
            (score, value) in (0u16..=1000, -9f32..200.0),
        ) {
            let merged = MergedRegion { value, ..merged(Some(&[factor.as_str()])) };
            let chroms = Chroms::new([(chrom, 1000)]).unwrap();
            let line = format!("{}\n", merged.bed(score, &chroms));
            prop_assert_eq!(rewritten_bed(&line).unwrap(), line);
        }
    }
}
