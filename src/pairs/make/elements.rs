//! The enhancers or the promoters that pairs are made of.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;
use tracing::warn;

use super::called::Called;
use super::tss::{Flank, TssFeature, TssReader};
use crate::error::{Error, Result};
use crate::genome::{BedReader, Chroms, Empty, Overlaps, Region, Rows, read_rows};

/// Different regions, in order.
#[derive(Debug, Clone)]
pub struct Elements {
    pub(super) index: Overlaps<()>,
    pub(super) summary: ElementsSummary,
    /// What regions are called, where the file says so.
    pub(super) called: HashMap<Region, Called>,
}

/// What a file of elements held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ElementsSummary {
    /// Good rows.
    pub rows: usize,
    /// Bad rows that were left out.
    pub skipped: usize,
    /// Different regions.
    pub regions: usize,
}

impl Elements {
    /// From regions in any order, in which some may stand several times.
    pub fn new(regions: Vec<Region>) -> Self {
        Self::of(Rows {
            good: regions,
            skipped: 0,
        })
    }

    /// Reads the first three columns of a BED file; `what` is `enhancer` or `promoter`.
    ///
    /// <https://genome.ucsc.edu/FAQ/FAQformat.html#format1>
    ///
    /// # Errors
    ///
    /// A file that cannot be read, no row, and, unless `skip_bad`, all rows together that are not
    /// regions of the reference.
    pub fn read_bed(
        path: &Path,
        what: &'static str,
        chroms: &Chroms,
        skip_bad: bool,
    ) -> Result<Self> {
        let mut reader = BedReader::new(what, Empty::Refused);
        let rows = read_rows(path, chroms, skip_bad, |line, places| {
            reader.row(line, |row| row.region(places))
        })?;
        Ok(Self::of(rows.not_empty(path)?).told(path))
    }

    /// Reads transcription start sites, BED or GTF, and takes the promoter around each, with the names
    /// of genes and transcripts.
    ///
    /// # Errors
    ///
    /// As [`Elements::read_bed`]; a flank that makes a promoter of no length.
    pub fn read_tss(
        path: &Path,
        flank: Flank,
        feature: TssFeature,
        chroms: &Chroms,
        skip_bad: bool,
    ) -> Result<Self> {
        if flank.upstream == 0 && flank.downstream == 0 {
            let problem = "a promoter needs at least one base beside its start";
            return Err(Error::Configuration(problem.to_string()));
        }
        let mut reader = TssReader::new(flank, feature);
        let rows = read_rows(path, chroms, skip_bad, |line, places| {
            reader.row(line, places)
        })?;
        let rows = rows.not_empty(path);
        let rows = rows.map_err(|error| reader.explain(path, error))?;
        let mut called: HashMap<Region, Called> = HashMap::new();
        for (promoter, site) in &rows.good {
            called.entry(*promoter).or_default().add(site);
        }
        called.retain(|_, called| !called.is_empty());
        let regions = Rows {
            good: rows.good.iter().map(|(promoter, _)| *promoter).collect(),
            skipped: rows.skipped,
        };
        Ok(Self {
            called,
            ..Self::of(regions).told(path)
        })
    }

    fn of(rows: Rows<Region>) -> Self {
        let good = rows.good.len();
        let index = Overlaps::of(rows.good);
        let summary = ElementsSummary {
            rows: good,
            skipped: rows.skipped,
            regions: index.len(),
        };
        Self {
            index,
            summary,
            called: HashMap::new(),
        }
    }

    fn told(self, path: &Path) -> Self {
        let repeated = self.summary.rows - self.summary.regions;
        if repeated > 0 {
            let path = path.display();
            warn!("{path}: {repeated} rows repeat a region, which is taken once");
        }
        self
    }
}
