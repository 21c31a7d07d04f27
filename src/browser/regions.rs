//! The top regions as BED.

use std::fmt;

use super::bigbed::Schema;
use super::prediction::bed;
use crate::attention::Element;
use crate::genome::{Chroms, Region};
use crate::pairs::Pair;

/// The schema of the file.
pub const SCHEMA: Schema = Schema {
    auto_sql: include_str!("../../tracks/topRegions.as"),
    standard_fields: 9,
};

/// The score of a bin that gets all attention; BED's scores end there.
const MAX_SCORE: f32 = 1000.0;
/// Colours of the two elements that colour-blind people can tell apart (ColorBrewer's PuOr).
pub const ENHANCER_RGB: &str = "230,97,1";
/// See [`ENHANCER_RGB`].
pub const PROMOTER_RGB: &str = "94,60,153";

/// A top region of a pair's element.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionRecord {
    /// Where.
    pub region: Region,
    /// Whose.
    pub element: Element,
    /// From 1.
    pub rank: u8,
    /// Marginal attention of the bin, 0–1.
    pub attention: f32,
    /// Attention × number of bins: what the track shows for this pair alone.
    pub value: f32,
    /// The pair.
    pub pair: Pair,
    /// Its predicted probability.
    pub probability: f32,
}

impl RegionRecord {
    /// A line of `top_regions.bed`: BED9 and the further fields of [`SCHEMA`].
    pub fn bed(&self, chroms: &Chroms) -> impl fmt::Display {
        let Region { start, end, .. } = self.region;
        let element = self.element.name();
        let rgb = match self.element {
            Element::Enhancer => ENHANCER_RGB,
            Element::Promoter => PROMOTER_RGB,
        };
        format!(
            "{}\t{element}_{rank}\t{:.0}\t.\t{start}\t{end}\t{rgb}\t{element}\t{rank}\t{}\t{}\t{}\t{}",
            bed(self.region, chroms),
            self.attention * MAX_SCORE,
            self.value,
            self.pair.id(chroms),
            self.probability,
            self.pair.label_text(),
            rank = self.rank,
        )
    }
}
