//! The tables of a knock-out.

use std::cmp::Ordering;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::request::Knock;
use crate::enrichment::tf_pairs::CALLED;
use crate::error::{Error, IoContext, Result};
use crate::output::Partial;
use crate::statistics::{Clusters, ComponentSums, Interval, benjamini_hochberg};

/// What was found of a number beside that of moved places, over pairs; the columns that both tables have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// Pairs that it is the mean of.
    pub pairs: usize,
    /// Connected components of shared elements that these are.
    pub components: usize,
    /// The mean of what sites change.
    pub mean: f64,
    /// The mean of what moved places change.
    pub control: f64,
    /// The mean difference of the two.
    pub difference: f64,
    /// The end of its 95 % interval, where there are enough components.
    pub low: Option<f64>,
    /// The other end.
    pub high: Option<f64>,
    /// Two-sided, of signs flipped by component; none with too few of them.
    pub p: Option<f64>,
}

/// The least difference, in logits, that is called one: a network is never quite without an effect, and in
/// many pairs the smallest is significant. It changes the odds by a tenth.
pub const LEAST: f64 = 0.1;

/// Whether a difference is called one.
fn is_called(difference: f64, q: Option<f64>) -> bool {
    difference.abs() >= LEAST && q.is_some_and(|q| q <= CALLED)
}

impl FactorRow {
    /// Whether the factor's sites are said to matter.
    pub fn is_called(&self) -> bool {
        is_called(self.difference, self.q)
    }
}

impl PairRow {
    /// Whether the two factors are said to matter together.
    pub fn is_called(&self) -> bool {
        is_called(self.difference, self.q) && self.explained_by.is_none()
    }

    /// Whether that is said of what is left of them without the sites of stronger ones.
    pub fn is_called_apart(&self) -> bool {
        let difference = self.difference_apart;
        difference.is_some_and(|difference| is_called(difference, self.q_apart))
    }
}

/// A line of `knockout.tsv`: what a factor's sites contribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FactorRow {
    /// The factor.
    pub factor: String,
    /// Where its sites were taken out.
    pub side: Knock,
    /// Pairs that have sites there, of which `pairs` were taken.
    pub pairs_with_sites: usize,
    /// Stretches of sites that were replaced, those of a window once for each of its pairs.
    pub sites: usize,
    /// The part of them, over all draws, that holds a site still.
    pub not_removed: f64,
    /// The part of the draws of moved places that could lie in sites of other factors, as there was no
    /// other room.
    pub crowded: f64,
    /// Pairs that the means are over.
    pub pairs: usize,
    /// Connected components of shared elements that these are.
    pub components: usize,
    /// The mean of the logit as it is less that without the sites.
    pub mean_delta: f64,
    /// The mean of what moved places change.
    pub control: f64,
    /// The mean difference of the two.
    pub difference: f64,
    /// The end of its 95 % interval, where there are enough components.
    pub low: Option<f64>,
    /// The other end.
    pub high: Option<f64>,
    /// Two-sided, of signs flipped by component; none with too few of them.
    pub p: Option<f64>,
    /// Adjusted after Benjamini and Hochberg over the table.
    pub q: Option<f64>,
}

/// A line of `knockout_pairs.tsv`: what two factors' sites contribute together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairRow {
    /// The factor that was taken out of the enhancer.
    pub enhancer_tf: String,
    /// The one that was taken out of the promoter.
    pub promoter_tf: String,
    /// Pairs that have both, of which `pairs` were taken.
    pub pairs_with_both: usize,
    /// Pairs that the means are over.
    pub pairs: usize,
    /// Connected components of shared elements that these are.
    pub components: usize,
    /// The mean change by the enhancer's factor alone.
    pub delta_enhancer: f64,
    /// The mean change by the promoter's factor alone.
    pub delta_promoter: f64,
    /// The mean change by both.
    pub delta_both: f64,
    /// `delta_both` less the other two.
    pub interaction: f64,
    /// The mean of what moved places change.
    pub control: f64,
    /// The mean difference of the two.
    pub difference: f64,
    /// The end of its 95 % interval, where there are enough components.
    pub low: Option<f64>,
    /// The other end.
    pub high: Option<f64>,
    /// Two-sided, of signs flipped by component; none with too few of them.
    pub p: Option<f64>,
    /// Adjusted after Benjamini and Hochberg over the table.
    pub q: Option<f64>,
    /// The difference without the sites that overlap those of stronger pairs of factors; none where that is
    /// not called one, or no site does, or too few components have others.
    pub difference_apart: Option<f64>,
    /// The q-value that its p-value would have in the table; 1 where too few components have other sites.
    pub q_apart: Option<f64>,
    /// The stronger pair of factors that has this one's sites, where without them it is not called one:
    /// joined by `~`, the enhancer's first.
    pub explained_by: Option<String>,
}

impl Tested {
    /// Of what sites and what moved places change in each of some pairs, which share elements; none without
    /// any pair. `number` tells the tests of a seed apart.
    pub fn new(
        changes: &[[f64; 2]],
        clusters: &Clusters,
        (seed, number): (u64, u64),
    ) -> Option<Self> {
        let differences: Vec<f64> = changes.iter().map(|[of, moved]| of - moved).collect();
        let sums = ComponentSums::new(&differences, &clusters.components());
        let estimate = sums.estimate(seed)?;
        let interval = estimate.interval();
        Some(Self {
            pairs: changes.len(),
            components: sums.components(),
            mean: mean(changes.iter().map(|of| of[0])),
            control: mean(changes.iter().map(|of| of[1])),
            difference: estimate.value,
            low: interval.map(|interval| interval.low),
            high: interval.map(|interval| interval.high),
            p: sums.sign_flips(seed, number),
        })
    }
}

/// The mean of numbers; 0 without any.
pub fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0usize);
    for number in numbers {
        sum += number;
        count += 1;
    }
    sum / count.max(1) as f64
}

/// A row of a table that was tested.
pub trait Row: Serialize + DeserializeOwned {
    /// Its p-value, where it was tested.
    fn p(&self) -> Option<f64>;
    /// Its q-value, to be set.
    fn q(&mut self) -> &mut Option<f64>;
    /// The mean difference.
    fn difference(&self) -> f64;
    /// The interval of that, where there is one.
    fn interval(&self) -> Option<Interval>;

    /// The smallest p-value first, of equal ones the largest difference; what was not tested last.
    fn compare(&self, other: &Self) -> Ordering {
        let p = |row: &Self| row.p().unwrap_or(2.0);
        let size = |row: &Self| row.difference().abs();
        let p = p(self).total_cmp(&p(other));
        p.then(size(other).total_cmp(&size(self)))
    }
}

macro_rules! row {
    ($row:ty) => {
        impl Row for $row {
            fn p(&self) -> Option<f64> {
                self.p
            }

            fn q(&mut self) -> &mut Option<f64> {
                &mut self.q
            }

            fn difference(&self) -> f64 {
                self.difference
            }

            fn interval(&self) -> Option<Interval> {
                Some(Interval {
                    value: self.difference,
                    low: self.low?,
                    high: self.high?,
                })
            }
        }
    };
}

row!(FactorRow);
row!(PairRow);

/// Adjusts the p-values of a table together, and sorts it.
pub fn adjust<R: Row>(rows: &mut [R]) {
    let p: Vec<f64> = rows.iter().filter_map(R::p).collect();
    let mut adjusted = benjamini_hochberg(&p).into_iter();
    for row in rows.iter_mut().filter(|row| row.p().is_some()) {
        *row.q() = adjusted.next();
    }
    // Stable: of rows that are alike the factors' order decides.
    rows.sort_by(R::compare);
}

/// Writes rows with the names of their fields as header, complete or not at all; `header` where there is no
/// row.
pub fn write<R: Row>(path: &Path, header: &[&str], rows: &[R]) -> Result<()> {
    let file = Partial::new(path);
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b'\t')
        .has_headers(false)
        .from_writer(file.create()?);
    let failed = |error: csv::Error| Error::format(path, error);
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        writer.serialize(row).map_err(failed)?;
    }
    writer.flush().at(file.target())?;
    file.complete()
}

/// Reads rows.
///
/// # Errors
///
/// A file that cannot be read, or is no such table.
pub fn read<R: Row>(path: &Path) -> Result<Vec<R>> {
    let text = std::fs::read_to_string(path).at(path)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .from_reader(text.as_bytes());
    let rows = reader.deserialize::<R>();
    let rows = rows.map(|row| row.map_err(|error| Error::format(path, error)));
    rows.collect()
}

/// The columns of `knockout.tsv`.
pub const FACTOR_COLUMNS: [&str; 15] = [
    "factor",
    "side",
    "pairs_with_sites",
    "sites",
    "not_removed",
    "crowded",
    "pairs",
    "components",
    "mean_delta",
    "control",
    "difference",
    "low",
    "high",
    "p",
    "q",
];

/// The columns of `knockout_pairs.tsv`.
pub const PAIR_COLUMNS: [&str; 18] = [
    "enhancer_tf",
    "promoter_tf",
    "pairs_with_both",
    "pairs",
    "components",
    "delta_enhancer",
    "delta_promoter",
    "delta_both",
    "interaction",
    "control",
    "difference",
    "low",
    "high",
    "p",
    "q",
    "difference_apart",
    "q_apart",
    "explained_by",
];
