//! bigBed files.

use std::path::Path;

use bigtools::BigBedWrite;
use bigtools::beddata::BedParserStreamingIterator;

use super::bbi::{self, Kind};
use crate::error::{Error, IoContext, Result};
use crate::genome::Chroms;
use crate::output::Partial;
use crate::text;

/// How the lines of a BED file are to be read.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// autoSql.
    pub auto_sql: &'static str,
    /// The first fields that are BED's own, the `n` of `bed n +`.
    pub standard_fields: u16,
    /// The field, counted from 0 and behind the place, by whose text readers look items up, if any.
    pub indexed: Option<u16>,
}

/// Items that are compressed together, as in UCSC's bedToBigBed.
const ITEMS: u32 = 512;

/// Writes the lines of a BED file, plain or gzip, sorted by chromosome name and start, as a bigBed. The caller
/// completes it.
///
/// # Errors
///
/// No line at all, a folder that cannot be written to.
pub fn write(bed: &Path, path: &Path, schema: Schema, chroms: &Chroms) -> Result<Partial> {
    let standard_fields = schema.standard_fields;
    let kind = Kind::BigBed { standard_fields };
    let (file, _) = bbi::write(path, kind, schema.indexed, |raw| {
        let mut writer = BigBedWrite::new(raw, bbi::sizes(chroms));
        writer.autosql = Some(schema.auto_sql.to_string());
        writer.options.max_zooms = 0;
        writer.options.items_per_slot = ITEMS;
        let lines = text::open(bed)?;
        let lines = BedParserStreamingIterator::from_bed_file(lines, false);
        let written = writer.write(lines, bbi::runtime().at(path)?);
        written.map_err(|error| Error::format(path, error))
    })?;
    Ok(file)
}
