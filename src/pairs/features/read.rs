//! A ready table of features, joined to pairs by the coordinates of their elements.

use crate::element::Sides;
use std::collections::HashMap;
use std::path::Path;

use csv::StringRecord;
use tracing::info;

use super::{FeatureTable, Regions};
use crate::error::{BadRow, Error, Result, RowProblem};
use crate::genome::{Chroms, Region};
use crate::pairs::gene::is_gene_column;
use crate::pairs::row::Row;
use crate::pairs::targetfinder::{self, Columns};
use crate::pairs::{Pair, Wanted};
use crate::text::{Lines, finite};

impl FeatureTable {
    /// Reads TargetFinder's `training.csv` or a table like it, plain or gzip, separated by commas
    /// or tabs: a header, the elements' places as in a table of pairs, and the columns whose names
    /// end in ` (enhancer)`, ` (promoter)` and, where `regions` have a window, ` (window)`.
    ///
    /// Rows about other pairs are passed over. A label column is not needed.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; a header without the elements' places or without a feature of
    /// one of the regions; then all bad rows together: places that are none, values that are no
    /// finite numbers, pairs that stand there twice (with the same label or not), labels that
    /// contradict the table of pairs, and pairs that have no row.
    pub fn read(path: &Path, wanted: Wanted, regions: Regions) -> Result<Self> {
        let layout = |header: &str| Layout::find(path, header, regions);
        let (joined, bad) = Joined::read(path, wanted, layout, Matching::ByPlace)?;
        let left_out = joined.left_out(path);
        Error::bad_rows([(path, bad), (wanted.path, left_out)])?;
        joined.finish(path)
    }

    /// Reads every column of numbers of such a table: all but places and names of elements, cell lines and
    /// labels, the distance, which the pairs themselves tell, what TargetFinder counted by labels, and the numbers
    /// of rows (no name, `index`, pandas' `Unnamed: 0`), in whatever case.
    ///
    /// A pair's row is the one with its two elements, whatever the order, for pairs that stand twice in the table
    /// of pairs too; rows about other pairs are passed over, and a second row of a pair that says the same
    /// numbers. Where some pair finds no row in this way
    /// and there are as many rows as pairs, rows and pairs are taken in their order, if chromosomes, labels
    /// and, as far as overlaps go, elements agree in each: tables of one collection may call a promoter
    /// by its start site here and by its stretch there.
    ///
    /// # Errors
    ///
    /// As [`Self::read`]; rows in the pairs' order that are of other pairs; a column that is the label of every
    /// labelled pair.
    pub fn read_all(path: &Path, wanted: Wanted) -> Result<Self> {
        let layout = |header: &str| Layout::all(path, header);
        let (joined, bad) = Joined::read(path, wanted, layout, Matching::ByPlace)?;
        let left_out = joined.left_out(path);
        let in_order = !left_out.is_empty() && joined.rows == wanted.pairs.len();
        if !in_order {
            Error::bad_rows([(path, bad), (wanted.path, left_out)])?;
            return joined.finish(path);
        }
        let (joined, bad) = Joined::read(path, wanted, layout, Matching::InOrder)?;
        Error::bad_rows([(path, bad)])?;
        joined.finish(path)
    }
}

/// Columns of numbers that are no features of their own, in small letters: what stands in the pairs themselves,
/// what was counted by labels, and the numbers of rows.
const PASSED_OVER: [&str; 9] = [
    "",
    "index",
    "label",
    "bin",
    "celltype",
    "cell",
    "enhancer_distance_to_promoter",
    "interactions_in_window",
    "active_promoters_in_window",
];

/// What the names of columns begin with that pandas makes of those without one, such as the numbers of rows.
const NAMELESS: &str = "unnamed:";

/// Whether a column says where or what an element is.
fn names_an_element(column: &str) -> bool {
    let mut parts = ["chrom", "start", "end", "name"].into_iter();
    let sides = ["enhancer", "promoter", "window", "enh", "prom"];
    let is = |part: &str| {
        let side = column
            .strip_suffix(part)
            .and_then(|of| of.strip_suffix('_'));
        column == part || side.is_some_and(|side| sides.contains(&side))
    };
    parts.any(is)
}

/// How rows and pairs find each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Matching {
    /// By the places of the two elements.
    ByPlace,
    /// By their order.
    InOrder,
}

/// Where everything stands in the table.
struct Layout {
    delimiter: u8,
    places: Columns,
    /// The name and the column of each feature.
    features: Vec<(String, usize)>,
    /// Whether a pair may stand there twice, if its numbers are the same.
    lenient: bool,
}

impl Layout {
    fn find(path: &Path, header: &str, regions: Regions) -> Result<Self> {
        let places = Columns::find(path, header)?;
        let names = targetfinder::names(header);
        let mut features = Vec::new();
        for &region in regions.names() {
            let suffix = format!("({region})");
            let known = features.len();
            let columns = names.iter().map(str::to_string).zip(0..);
            features.extend(columns.filter(|(name, _)| name.ends_with(&suffix)));
            if features.len() == known {
                let problem = format!("has no column whose name ends in {suffix}");
                return Err(Error::format(path, problem));
            }
        }
        Ok(Self {
            delimiter: targetfinder::delimiter(header),
            places,
            features,
            lenient: false,
        })
    }

    /// All columns of numbers.
    fn all(path: &Path, header: &str) -> Result<Self> {
        let places = Columns::find(path, header)?;
        let names = targetfinder::names(header);
        let columns = names.iter().map(str::to_string).zip(0..);
        let is_feature = |(name, _): &(String, usize)| {
            let name = name.trim().to_lowercase();
            let known = PASSED_OVER.contains(&name.as_str()) || name.starts_with(NAMELESS);
            !known && !names_an_element(&name) && !is_gene_column(&name)
        };
        let features: Vec<(String, usize)> = columns.filter(is_feature).collect();
        if features.is_empty() {
            return Err(Error::format(path, "has no column of features"));
        }
        Ok(Self {
            delimiter: targetfinder::delimiter(header),
            places,
            features,
            lenient: true,
        })
    }
}

/// The features of the wanted pairs, as far as they have been read.
struct Joined<'a> {
    layout: Layout,
    wanted: Wanted<'a>,
    matching: Matching,
    /// The first place of two elements.
    places: HashMap<Sides<Region>, usize>,
    /// Where the features of each pair are read to: by place those of equal pairs to the first of them.
    first: Vec<usize>,
    /// The line of each pair's features.
    lines: Vec<Option<u64>>,
    labels: Vec<Option<bool>>,
    columns: Vec<Vec<f32>>,
    /// Rows, of whatever pairs.
    rows: usize,
    others: usize,
}

impl<'a> Joined<'a> {
    /// Reads a table, whose layout the header tells.
    fn read(
        path: &Path,
        wanted: Wanted<'a>,
        layout: impl Fn(&str) -> Result<Layout>,
        matching: Matching,
    ) -> Result<(Self, Vec<BadRow>)> {
        let mut lines = Lines::open(path)?;
        let (_, header) = lines
            .next_line()?
            .ok_or_else(|| Error::format(path, "is empty"))?;
        let mut joined = Self::new(layout(&header)?, wanted, matching);
        let (_, bad) = lines.rows(|line, text| Some(joined.line(line, text)))?;
        Ok((joined, bad))
    }

    fn new(layout: Layout, wanted: Wanted<'a>, matching: Matching) -> Self {
        let pairs = wanted.pairs.len();
        let mut places = HashMap::new();
        let numbered = wanted.pairs.iter().enumerate();
        let first = numbered.map(|(place, pair)| {
            let first = *places.entry(pair.elements).or_insert(place);
            match matching {
                Matching::ByPlace => first,
                Matching::InOrder => place,
            }
        });
        let first: Vec<usize> = first.collect();
        Self {
            wanted,
            matching,
            places,
            first,
            lines: vec![None; pairs],
            labels: vec![None; pairs],
            columns: vec![vec![0.0; pairs]; layout.features.len()],
            layout,
            rows: 0,
            others: 0,
        }
    }

    fn line(&mut self, line: u64, text: &str) -> Result<(), RowProblem> {
        let record = targetfinder::record(text, self.layout.delimiter)?;
        self.rows += 1;
        let row = self.layout.places.read(&record)?;
        let Some(place) = self.place(&row)? else {
            self.others += 1;
            return Ok(());
        };
        if let Some(first) = self.lines[place] {
            return self.again(first, place, &row, &record);
        }
        (self.lines[place], self.labels[place]) = (Some(line), row.label);
        let pair = &self.wanted.pairs[place];
        if self.contradicts(place, row.label) {
            return Err(RowProblem::OtherLabel(pair.line));
        }
        for (column, feature) in self.columns.iter_mut().zip(&self.layout.features) {
            column[place] = number(feature, &record)?;
        }
        Ok(())
    }

    /// Whether a row's label is that of none of the pairs that are read to a place.
    fn contradicts(&self, place: usize, label: Option<bool>) -> bool {
        let agrees = |pair: &Pair| pair.label.is_none() || label.is_none() || pair.label == label;
        if agrees(&self.wanted.pairs[place]) {
            return false;
        }
        let mut all = self.wanted.pairs.iter().zip(&self.first);
        !all.any(|(pair, first)| *first == place && agrees(pair))
    }

    /// The pair of a row, by its place; none where it is of another.
    fn place(&self, row: &Row) -> Result<Option<usize>, RowProblem> {
        let elements = elements(row, self.wanted.chroms);
        match self.matching {
            Matching::ByPlace => {
                let place = elements.and_then(|elements| self.places.get(&elements));
                Ok(place.copied())
            }
            Matching::InOrder => {
                let place = self.rows - 1;
                let pair = self.wanted.pairs.get(place);
                let shared = |(ours, theirs): (Region, Region)| ours.overlap(&theirs) > 0;
                let agree = pair.zip(elements).is_some_and(|(pair, elements)| {
                    pair.elements.zip(elements).into_iter().all(shared)
                });
                match agree {
                    true => Ok(Some(place)),
                    false => Err(RowProblem::UnknownPair(named(row))),
                }
            }
        }
    }

    /// A further row of a pair.
    fn again(
        &self,
        first: u64,
        place: usize,
        row: &Row,
        record: &StringRecord,
    ) -> Result<(), RowProblem> {
        let mut same = self.layout.lenient;
        for (column, feature) in self.columns.iter().zip(&self.layout.features) {
            same = same && column[place] == number(feature, record)?;
        }
        match same {
            true => Ok(()),
            false => Err(RowProblem::Duplicate {
                first,
                contradicts: self.labels[place] != row.label,
            }),
        }
    }

    /// The pairs without a row.
    fn left_out(&self, path: &Path) -> Vec<BadRow> {
        let missing = |pair: usize| self.lines[self.first[pair]].is_none();
        self.wanted.left_out(path, missing)
    }

    /// The name of a column of all numbers that says of each labelled pair its label, 1 or 0, as far as there are
    /// both.
    fn label_itself(&self) -> Option<&str> {
        let labels = self.wanted.pairs.iter().map(|pair| pair.label);
        let known = labels.enumerate();
        let known: Vec<(usize, bool)> = known
            .filter_map(|(place, label)| Some((place, label?)))
            .collect();
        let both = known.iter().any(|of| of.1) && known.iter().any(|of| !of.1);
        if !self.layout.lenient || !both {
            return None;
        }
        let is_label = |column: &Vec<f32>| {
            let mut all = known.iter();
            all.all(|&(place, label)| column[place] == f32::from(u8::from(label)))
        };
        let at = self.columns.iter().position(is_label)?;
        Some(&self.layout.features[at].0)
    }

    fn finish(mut self, path: &Path) -> Result<FeatureTable> {
        for column in &mut self.columns {
            for (place, &first) in self.first.iter().enumerate() {
                column[place] = column[first];
            }
        }
        if let Some(name) = self.label_itself() {
            let problem = format!(
                "{name:?} is the label of every pair: leave the column out, or call it label"
            );
            return Err(Error::format(path, problem));
        }
        let (features, pairs, others) = (self.columns.len(), self.lines.len(), self.others);
        let what = format!("{features} features of {pairs} pairs");
        let shown = path.display();
        info!("{shown}: {what}, rows of {others} other pairs passed over");
        let names = self.layout.features.into_iter().map(|(name, _)| name);
        FeatureTable::new(names.zip(self.columns))
    }
}

/// The number of a feature, given with its column, in a row.
fn number((name, at): &(String, usize), record: &StringRecord) -> Result<f32, RowProblem> {
    let value = record.get(*at);
    let value = value.ok_or_else(|| RowProblem::Missing(name.clone()))?;
    finite(name, value)
}

/// The pair of a row as files call it.
fn named(row: &Row) -> String {
    let Sides { enhancer, promoter } = row
        .elements
        .as_ref()
        .map(|(chrom, start, end)| format!("{chrom}:{start}-{end}"));
    format!("{enhancer}~{promoter}")
}

/// The row's elements, where both lie on chromosomes that the pairs can lie on.
fn elements(row: &Row, chroms: &Chroms) -> Option<Sides<Region>> {
    let region = |(name, start, end): &(String, u32, u32)| {
        let (chrom, _) = chroms.find(name)?;
        Region::new(chrom, *start, *end)
    };
    let Sides { enhancer, promoter } = row.elements.as_ref().map(region);
    Some(Sides::new(enhancer?, promoter?))
}

#[cfg(test)]
mod tests;
