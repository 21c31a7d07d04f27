//! A table of pairs as a file, and how it is read: TargetFinder's CSV, BEDPE or BENGI's table,
//! plain or gzip, told apart by content.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tracing::info;

use super::row::{Format, Labels, Row};
use super::{BengiAnnotation, Pair, PairTable, bedpe, bengi, centred, targetfinder};
use crate::element::{Element, Sides};
use crate::error::{Error, MissingInput, Result, RowProblem};
use crate::genome::{Chroms, Places, Region, fields, is_bed_header, is_one_place, tell};
use crate::output::provenance::Input;
use crate::text::Lines;

/// A table of pairs and what the user said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSource {
    /// The table.
    pub file: Input,
    /// The label's column in BEDPE: its name in the header line, or its 1-based number.
    pub label_column: Option<String>,
    /// Where BENGI's accessions lie.
    pub bengi: Option<BengiFiles>,
    /// Whether bad rows are left out instead of refused.
    pub skip_bad: bool,
}

/// BENGI's annotation files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BengiFiles {
    /// `hg19-cCREs.bed.gz`
    pub ccres: Input,
    /// `GENCODEv19-TSSs.bed.gz`
    pub tss: Input,
}

impl TableSource {
    /// A table of a format that needs no further word.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn plain(path: &Path) -> Result<Self> {
        Ok(Self {
            file: Input::new(path)?,
            label_column: None,
            bengi: None,
            skip_bad: false,
        })
    }

    /// Reads the table; `lengths` are those of the windows that every pair must have room for.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is none of the three formats, all bad rows together, no row at
    /// all, and where both classes are asked for, only one of them.
    pub fn read(&self, chroms: &Chroms, lengths: Sides<u32>, labels: Labels) -> Result<PairTable> {
        let path = &self.file.path;
        let first = self.first_line()?;
        let row = self.format(&first, chroms, labels)?;
        let mut checker = Checker {
            places: Places::new(chroms),
            lengths,
            labels,
            seen: HashMap::new(),
        };
        let (rows, bad) = Lines::open(path)?.rows(|line, text| {
            let row = row(text)?;
            Some(row.and_then(|row| checker.check(line, row)))
        })?;
        let skipped = bad.len();
        if !self.skip_bad {
            Error::bad_rows([(path, bad)])?;
        }
        let (pairs, windows) = rows.into_iter().unzip();
        let table = PairTable {
            pairs,
            windows,
            skipped,
            translated: checker.places.translated(),
            cells: Vec::new(),
        };
        let (positive, negative) = table.classes();
        info!(
            "{}: {} pairs ({positive} positive, {negative} negative)",
            path.display(),
            table.pairs.len()
        );
        tell(path, table.skipped, table.translated);
        let lacks = match (positive, negative) {
            _ if table.pairs.is_empty() => "usable pair",
            (0, _) if labels == Labels::BothClasses => "positive pair (label 1)",
            (_, 0) if labels == Labels::BothClasses => "negative pair (label 0)",
            _ => return Ok(table),
        };
        Err(Error::format(path, format!("holds no {lacks}")))
    }

    /// The first line that no browser or reader passes over: a header, or a row.
    fn first_line(&self) -> Result<String> {
        let mut lines = Lines::open(&self.file.path)?;
        while let Some((_, line)) = lines.next_line()? {
            if !is_bed_header(&line) || bedpe::matches(&line) {
                return Ok(line);
            }
        }
        Err(Error::format(&self.file.path, "is empty"))
    }

    /// Finds out the format from the first line.
    fn format(&self, first: &str, chroms: &Chroms, labels: Labels) -> Result<Format> {
        let path = &self.file.path;
        if targetfinder::matches(first) {
            let columns = targetfinder::Columns::find(path, first)?;
            let is_comment = |line: &str| line.starts_with('#');
            return Ok(Box::new(move |line: &str| {
                if is_comment(line) {
                    None
                } else {
                    columns.row(line)
                }
            }));
        }
        if bengi::matches(first) {
            let table = path.display();
            let files = self.bengi.as_ref().ok_or_else(|| Error::Missing {
                what: format!("{table}: BENGI's table names elements by accession"),
                input: MissingInput::BengiAnnotation,
            })?;
            let annotation = BengiAnnotation::read(&files.ccres.path, &files.tss.path, chroms)?;
            return Ok(Box::new(move |line: &str| {
                (!is_bed_header(line)).then(|| annotation.row(line))
            }));
        }
        if bedpe::matches(first) {
            let (column, labelled) = (self.label_column.as_deref(), labels.are_needed());
            let columns = bedpe::Columns::find(path, first, column, labelled)?;
            return Ok(Box::new(move |line: &str| columns.row(line)));
        }
        let guess = match is_one_place(&fields(first), chroms) {
            true => ": this is BED, not BEDPE, whose rows have two places",
            false => "",
        };
        let problem = "is none of TargetFinder's CSV (with a header), BEDPE and BENGI's table";
        Err(Error::format(path, format!("{problem}{guess}")))
    }

    /// Every file that is read.
    pub fn inputs(&mut self) -> impl Iterator<Item = &mut Input> {
        let bengi = self.bengi.iter_mut();
        let bengi = bengi.flat_map(|files| [&mut files.ccres, &mut files.tss]);
        std::iter::once(&mut self.file).chain(bengi)
    }
}

/// Checks rows against the reference and against each other.
struct Checker<'a> {
    places: Places<'a>,
    lengths: Sides<u32>,
    labels: Labels,
    seen: HashMap<Sides<Region>, (u64, Option<bool>)>,
}

impl Checker<'_> {
    /// The pair of a row, and its windows.
    fn check(&mut self, line: u64, row: Row) -> Result<(Pair, Sides<Region>), RowProblem> {
        if row.label.is_none() && self.labels.are_needed() {
            return Err(RowProblem::Missing("label".to_string()));
        }
        let mut region = |element: Element| {
            let (name, start, end) = row.elements.get(element);
            self.places
                .region(element.name(), (name.as_str(), *start, *end))
        };
        let elements = Sides::new(region(Element::Enhancer)?, region(Element::Promoter)?);
        let windows = centred(elements, self.lengths, self.places.chroms())?;
        if let Some(&(first, label)) = self.seen.get(&elements) {
            return Err(RowProblem::Duplicate {
                first,
                contradicts: label != row.label,
            });
        }
        self.seen.insert(elements, (line, row.label));
        let pair = Pair {
            elements,
            label: row.label,
            line: line as u32,
            gene: row.gene,
        };
        Ok((pair, windows))
    }
}
