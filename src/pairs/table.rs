//! Tables of pairs: which format, which rows are good, and why the others are not.

use std::collections::HashMap;
use std::path::Path;

use tracing::{info, warn};

use super::{BengiAnnotation, Pair, WindowLengths, Windows, bedpe, bengi, targetfinder};
use crate::error::{BadRow, Error, MissingInput, Result, RowProblem};
use crate::genome::{Chroms, Places, Region};
use crate::text::Lines;

/// What to ask of the labels of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// Every row has one and both kinds occur: what training and evaluation need.
    BothClasses,
    /// They may be missing, as in a table of pairs that nobody has tested yet.
    Optional,
}

/// How to read a table of pairs.
#[derive(Debug, Clone)]
pub struct ReadOptions<'a> {
    /// The windows that every pair must have room for.
    pub lengths: WindowLengths,
    /// What to ask of the labels.
    pub labels: Labels,
    /// The label's column in BEDPE: its name in the header line, or its 1-based number.
    pub label_column: Option<&'a str>,
    /// Where BENGI's accessions lie.
    pub bengi: Option<&'a BengiAnnotation>,
    /// Leave bad rows out instead of refusing the table.
    pub skip_bad: bool,
}

/// The good pairs of a table, in its order.
#[derive(Debug, Clone)]
pub struct PairTable {
    /// The pairs; no two have the same elements.
    pub pairs: Vec<Pair>,
    /// How many rows were left out.
    pub skipped: usize,
    /// Whether chromosome names had to be translated (`1` for `chr1`).
    pub translated: bool,
}

/// A row as a format's reader hands it over, before any reference has been asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The enhancer: chromosome, start, end (0-based half-open).
    pub enhancer: (String, u32, u32),
    /// The promoter, likewise.
    pub promoter: (String, u32, u32),
    /// The label, where the table has one.
    pub label: Option<bool>,
}

impl PairTable {
    /// Reads TargetFinder's CSV, BEDPE or BENGI's table, plain or gzip, told apart by content.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is none of the three, all bad rows together, no row at all,
    /// and where both classes are asked for, only one of them.
    pub fn read(path: &Path, chroms: &Chroms, options: &ReadOptions) -> Result<Self> {
        let mut lines = Lines::open(path)?;
        let (number, first) = lines
            .next_line()?
            .ok_or_else(|| Error::format(path, "is empty"))?;
        let format = format(path, &first, options)?;
        let mut checker = Checker::new(chroms, options);
        checker.line(&*format, number, &first);
        while let Some((number, line)) = lines.next_line()? {
            checker.line(&*format, number, &line);
        }
        let table = checker.finish(path)?;
        table.report(path);
        table.check_classes(path, options.labels)?;
        Ok(table)
    }

    /// The number of pairs with each label: (positive, negative).
    pub fn classes(&self) -> (usize, usize) {
        let count = |label| {
            self.pairs
                .iter()
                .filter(|pair| pair.label == Some(label))
                .count()
        };
        (count(true), count(false))
    }

    fn report(&self, path: &Path) {
        let (positive, negative) = self.classes();
        info!(
            "{}: {} pairs ({positive} positive, {negative} negative)",
            path.display(),
            self.pairs.len()
        );
        if self.skipped > 0 {
            warn!("{}: {} bad rows left out", path.display(), self.skipped);
        }
        if self.translated {
            warn!(
                "{}: chromosomes are named otherwise than in the reference (chr1 against 1); \
                 the reference's names are used",
                path.display()
            );
        }
    }

    fn check_classes(&self, path: &Path, labels: Labels) -> Result<()> {
        if self.pairs.is_empty() {
            return Err(Error::format(path, "holds no usable pair"));
        }
        if labels == Labels::Optional {
            return Ok(());
        }
        match self.classes() {
            (0, _) => Err(Error::format(path, "holds no positive pair (label 1)")),
            (_, 0) => Err(Error::format(path, "holds no negative pair (label 0)")),
            _ => Ok(()),
        }
    }
}

/// A format of tables: how a line becomes a row.
pub(super) trait Format {
    /// The row of a line, none where the line holds none, as a header does.
    fn row(&self, line: &str) -> Option<Result<Row, RowProblem>>;
}

/// Finds out the format from the first line.
fn format<'a>(path: &Path, first: &str, options: &ReadOptions<'a>) -> Result<Box<dyn Format + 'a>> {
    if targetfinder::matches(first) {
        return Ok(Box::new(targetfinder::Columns::find(path, first)?));
    }
    if bengi::matches(first) {
        let annotation = options.bengi.ok_or_else(|| {
            let path = path.display();
            Error::Missing {
                what: format!("{path}: BENGI's table names elements by accession"),
                input: MissingInput::BengiAnnotation,
            }
        })?;
        return Ok(Box::new(annotation));
    }
    if bedpe::matches(first) {
        return Ok(Box::new(bedpe::Columns::find(
            path,
            first,
            options.label_column,
            options.labels,
        )?));
    }
    Err(Error::format(
        path,
        "is none of TargetFinder's CSV (with a header), BEDPE and BENGI's table",
    ))
}

/// Checks rows against the reference and against each other.
struct Checker<'a> {
    places: Places<'a>,
    options: &'a ReadOptions<'a>,
    seen: HashMap<[Region; 2], (u64, Option<bool>)>,
    pairs: Vec<Pair>,
    bad: Vec<BadRow>,
}

impl<'a> Checker<'a> {
    fn new(chroms: &'a Chroms, options: &'a ReadOptions) -> Self {
        Self {
            places: Places::new(chroms),
            options,
            seen: HashMap::new(),
            pairs: Vec::new(),
            bad: Vec::new(),
        }
    }

    fn line(&mut self, format: &dyn Format, line: u64, text: &str) {
        let Some(row) = format.row(text) else {
            return;
        };
        match row.and_then(|row| self.pair(line, row)) {
            Ok(pair) => self.pairs.push(pair),
            Err(problem) => self.bad.push(BadRow { line, problem }),
        }
    }

    fn finish(self, path: &Path) -> Result<PairTable> {
        if !self.bad.is_empty() && !self.options.skip_bad {
            return Err(Error::BadRows {
                path: path.to_path_buf(),
                rows: self.bad,
            });
        }
        Ok(PairTable {
            pairs: self.pairs,
            skipped: self.bad.len(),
            translated: self.places.translated(),
        })
    }

    fn pair(&mut self, line: u64, row: Row) -> Result<Pair, RowProblem> {
        if row.label.is_none() && self.options.labels == Labels::BothClasses {
            return Err(RowProblem::Missing("label".to_string()));
        }
        let mut region = |element, (name, start, end): (String, u32, u32)| {
            self.places.region(element, (&name, start, end))
        };
        let pair = Pair {
            enhancer: region("enhancer", row.enhancer)?,
            promoter: region("promoter", row.promoter)?,
            label: row.label,
            line: line as u32,
        };
        Windows::centred(&pair, self.options.lengths, self.places.chroms())?;
        if let Some(&(first, label)) = self.seen.get(&pair.elements()) {
            return Err(RowProblem::Duplicate {
                first,
                contradicts: label != pair.label,
            });
        }
        self.seen.insert(pair.elements(), (line, pair.label));
        Ok(pair)
    }
}

/// A field as a label: none for `.` and an empty field. `0.0` and `1.0`, which some programs
/// write, count too.
pub(super) fn label(value: &str) -> Result<Option<bool>, RowProblem> {
    match value {
        "0" | "0.0" => Ok(Some(false)),
        "1" | "1.0" => Ok(Some(true)),
        "." | "" => Ok(None),
        _ => Err(RowProblem::NotALabel(value.to_string())),
    }
}
