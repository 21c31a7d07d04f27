//! The top regions as BED.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::attention::Element;
use crate::error::{IoContext, Result};
use crate::genome::{Chroms, Region};
use crate::output::Partial;
use crate::pairs::Pair;

/// The autoSql schema of the file.
pub const SCHEMA: &str = include_str!("../../tracks/topRegions.as");

/// The score of a bin that gets all attention; BED's scores end there.
const MAX_SCORE: f32 = 1000.0;
/// Colours of the two elements that colour-blind people can tell apart (ColorBrewer's PuOr).
const ENHANCER_RGB: &str = "230,97,1";
const PROMOTER_RGB: &str = "94,60,153";

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

/// Writes `top_regions.bed`: BED9 and the fields of [`SCHEMA`].
pub struct RegionWriter<'a> {
    file: Partial,
    writer: BufWriter<File>,
    chroms: &'a Chroms,
}

impl<'a> RegionWriter<'a> {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn new(path: &Path, chroms: &'a Chroms) -> Result<Self> {
        let file = Partial::new(path);
        let writer = file.create()?;
        Ok(Self {
            file,
            writer,
            chroms,
        })
    }

    /// Adds a region; the caller keeps the order.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn write(&mut self, record: &RegionRecord) -> Result<()> {
        let Region { chrom, start, end } = record.region;
        let element = record.element.name();
        let rgb = match record.element {
            Element::Enhancer => ENHANCER_RGB,
            Element::Promoter => PROMOTER_RGB,
        };
        writeln!(
            self.writer,
            "{}\t{start}\t{end}\t{element}_{rank}\t{:.0}\t.\t{start}\t{end}\t{rgb}\t{element}\t{rank}\t{}\t{}\t{}\t{}",
            self.chroms.name(chrom),
            record.attention * MAX_SCORE,
            record.value,
            record.pair.id(self.chroms),
            record.probability,
            record.pair.label_text(),
            rank = record.rank,
        )
        .at(self.file.path())
    }

    /// The complete file, to which the caller gives its name.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn finish(mut self) -> Result<Partial> {
        self.writer.flush().at(self.file.path())?;
        Ok(self.file)
    }
}
