//! What the header of a file says of its content.

use super::auto_sql::AutoSql;
use super::totals::Totals;

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A bigWig, with what its values are like where the file says so.
    Signal(Option<Values>),
    /// A bigBed.
    Items(Fields),
}

/// What the values of a bigWig are like, over the bases that have one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Values {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
}

/// The fields of a bigBed's items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// All of them.
    pub count: u16,
    /// Those that the header calls BED's own; some writers count all.
    pub defined: u16,
    /// The autoSql schema, if there is one that can be read.
    pub schema: Option<AutoSql>,
}

impl Values {
    /// What sums say of the values; nothing where there is no value, or one that is no number.
    pub fn new(totals: Totals) -> Option<Self> {
        let Totals { min, max, .. } = totals;
        let mean = totals.sum / totals.bases as f64;
        let finite = [min, max, totals.sum].iter().all(|value| value.is_finite());
        (totals.bases > 0 && finite && min <= max).then_some(Self { min, max, mean })
    }
}

impl Fields {
    /// Whether the items are UCSC's interactions
    /// (<https://genome.ucsc.edu/goldenPath/help/interact.html>), which may have fields of their own behind
    /// UCSC's.
    pub fn is_interact(&self) -> bool {
        let named = |schema: &AutoSql| schema.table == "interact" && schema.fields.len() >= 18;
        self.count >= 18 && self.schema.as_ref().is_some_and(named)
    }

    /// Whether the items have a field of this name.
    pub fn has(&self, name: &str) -> bool {
        let schema = self.schema.as_ref();
        schema.is_some_and(|schema| schema.fields.iter().any(|field| field == name))
    }

    /// How many of the fields are BED's own: as many as the header says, but no more than the
    /// schema names as BED does.
    pub fn bed(&self) -> u16 {
        let named = self.schema.as_ref().map_or(12, AutoSql::bed_fields);
        let most = if named < 3 { 12 } else { named };
        self.defined.min(self.count).min(most).max(3)
    }
}
