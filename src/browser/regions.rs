//! The top regions as BED.

use std::io::Write;

use noodles_bed as bed;
use noodles_bed::feature::record_buf::OtherFields;
use noodles_bed::feature::record_buf::other_fields::Value;
use noodles_core::Position;

use crate::attention::Element;
use crate::error::{IoContext, Result};
use crate::genome::{Chroms, Region};
use crate::output::Partial;
use crate::pairs::Pair;

/// The autoSql schema of the file.
pub const SCHEMA: &str = include_str!("../../tracks/topRegions.as");

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
    writer: bed::io::Writer<6, std::io::BufWriter<std::fs::File>>,
    chroms: &'a Chroms,
}

impl<'a> RegionWriter<'a> {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn new(path: &std::path::Path, chroms: &'a Chroms) -> Result<Self> {
        let file = Partial::new(path);
        let writer = bed::io::Writer::<6, _>::new(file.create()?);
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
        let rgb = match record.element {
            Element::Enhancer => ENHANCER_RGB,
            Element::Promoter => PROMOTER_RGB,
        };
        let text = |text: String| Value::from(text);
        let other = [
            // thickStart, thickEnd: the whole region is drawn thick.
            text(start.to_string()),
            text(end.to_string()),
            text(rgb.to_string()),
            text(record.element.name().to_string()),
            text(record.rank.to_string()),
            text(record.value.to_string()),
            text(record.pair.id(self.chroms).to_string()),
            text(record.probability.to_string()),
            text(label(record.pair.label).to_string()),
        ];
        // noodles counts from 1, and writes 0-based starts.
        let position = |base: u32| Position::try_from(base as usize);
        let bounds = position(start + 1).and_then(|start| Ok((start, position(end)?)));
        let (first, last) = bounds
            .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidInput, error))
            .at(self.file.path())?;
        let feature = bed::feature::RecordBuf::<6>::builder()
            .set_reference_sequence_name(self.chroms.name(chrom))
            .set_feature_start(first)
            .set_feature_end(last)
            .set_name(format!("{}_{}", record.element.name(), record.rank))
            .set_score((record.attention * 1000.0).round().clamp(0.0, 1000.0) as u16)
            .set_other_fields(OtherFields::from(other.to_vec()))
            .build();
        self.writer
            .write_feature_record(&feature)
            .at(self.file.path())
    }

    /// Gives the complete file its name.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn complete(mut self) -> Result<()> {
        self.writer.get_mut().flush().at(self.file.path())?;
        drop(self.writer);
        self.file.complete()
    }
}

/// `1`, `0`, or `.` where nobody knows.
pub(super) fn label(label: Option<bool>) -> &'static str {
    match label {
        Some(true) => "1",
        Some(false) => "0",
        None => ".",
    }
}
