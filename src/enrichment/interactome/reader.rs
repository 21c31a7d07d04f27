//! The formats, told apart by content.

use tracing::info;

use super::builder::Builder;
use super::graph::{Format, Interactome};
use super::row::{Rows, for_each};
use super::source::InteractomeSource;
use super::{biogrid, string, two_column};
use crate::error::{Error, Result};
use crate::text::Lines;

impl Interactome {
    /// Reads BioGRID's tab 3.0 or 2.0, STRING's `protein.links` or a list of two columns, plain
    /// or gzip, told apart by content.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is none of these, all bad rows together, no interaction that
    /// counts, STRING's links without their names.
    pub fn read(source: &InteractomeSource) -> Result<Self> {
        let path = &source.file;
        let mut lines = Lines::open(path)?;
        let first = first(&mut lines)?.ok_or_else(|| Error::format(path, "has no row"))?;
        let (format, rows, is_header) = detect(&first.1, source)?;
        let mut builder = Builder::default();
        let first = (!is_header).then_some(first);
        for_each(path, first, lines, |line| builder.line(&*rows, line))?;
        let mut read = builder.finish(path)?;
        read.summary.format = format;
        let summary = &read.summary;
        info!(
            "{}: {} interactions of {} genes, {} of which bind themselves",
            path.display(),
            summary.interactions,
            summary.genes,
            summary.self_interacting
        );
        Ok(read)
    }
}

/// The first line that is no comment: BioGRID's header begins as comments do.
fn first(lines: &mut Lines) -> Result<Option<(u64, String)>> {
    while let Some((number, line)) = lines.next_line()? {
        if !line.starts_with('#') || biogrid::matches(&line) {
            return Ok(Some((number, line)));
        }
    }
    Ok(None)
}

/// The format by the first line, and whether that is a header.
fn detect(first: &str, source: &InteractomeSource) -> Result<(Format, Box<dyn Rows>, bool)> {
    let path = &source.file;
    if first.starts_with("PK\u{3}\u{4}") {
        return Err(Error::format(
            path,
            "is a zip archive: unpack it, and compress what is in it with gzip if it is large",
        ));
    }
    if biogrid::matches(first) {
        let columns = biogrid::Columns::find(path, first, source)?;
        return Ok((Format::BioGrid, Box::new(columns), true));
    }
    if string::matches(first) {
        let links = string::Links::open(path, first, source)?;
        return Ok((Format::String, Box::new(links), true));
    }
    if two_column::matches(first) {
        let is_header = two_column::is_header(first);
        return Ok((Format::TwoColumns, Box::new(two_column::List), is_header));
    }
    Err(Error::format(
        path,
        "is none of BioGRID's tab 3.0 or 2.0, STRING's protein.links, and a list of two columns \
         of gene symbols with a tab between them",
    ))
}
