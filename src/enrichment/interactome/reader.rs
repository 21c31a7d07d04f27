//! The formats, told apart by content.

use std::path::Path;

use tracing::info;

use super::builder::Builder;
use super::graph::{Format, Interactome, Summary};
use super::options::ReadOptions;
use super::row::{BadRows, Rows};
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
    pub fn read(path: &Path, options: &ReadOptions) -> Result<Self> {
        let mut lines = Lines::open(path)?;
        let first = first(&mut lines)?;
        let (number, first) = first.ok_or_else(|| Error::format(path, "has no row"))?;
        let (format, rows, is_header) = detect(path, &first, options)?;
        let mut builder = Builder::new(format);
        let mut bad = BadRows::default();
        if !is_header {
            bad.keep(number, builder.line(&*rows, &first));
        }
        while let Some((number, line)) = lines.next_line()? {
            bad.keep(number, builder.line(&*rows, &line));
            if bad.full() {
                break;
            }
        }
        bad.none(path)?;
        let read = builder.finish(path)?;
        let Summary {
            genes,
            interactions,
            self_interacting,
            ..
        } = &read.summary;
        info!(
            "{}: {interactions} interactions of {genes} genes, {self_interacting} of which bind \
             themselves",
            path.display()
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
fn detect<'a>(
    path: &Path,
    first: &str,
    options: &ReadOptions<'a>,
) -> Result<(Format, Box<dyn Rows + 'a>, bool)> {
    if first.starts_with("PK\u{3}\u{4}") {
        return Err(Error::format(
            path,
            "is a zip archive: unpack it, and compress what is in it with gzip if it is large",
        ));
    }
    if biogrid::matches(first) {
        let columns = biogrid::Columns::find(path, first, options)?;
        return Ok((Format::BioGrid, Box::new(columns), true));
    }
    if string::matches(first) {
        let links = string::Links::open(path, first, options)?;
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
