//! A ready table of features, joined to pairs by the coordinates of their elements.

use crate::element::Sides;
use std::collections::HashMap;
use std::path::Path;

use tracing::info;

use super::{FeatureTable, Regions};
use crate::error::{Error, Result, RowProblem};
use crate::genome::{Chroms, Region};
use crate::pairs::Wanted;
use crate::pairs::row::Row;
use crate::pairs::targetfinder::{self, Columns};
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
        let mut lines = Lines::open(path)?;
        let (_, header) = lines
            .next_line()?
            .ok_or_else(|| Error::format(path, "is empty"))?;
        let layout = Layout::find(path, &header, regions)?;
        let mut joined = Joined::new(&layout, wanted);
        let (_, bad) = lines.rows(|line, text| Some(joined.line(line, text)))?;
        let left_out = wanted.left_out(path, |pair| joined.lines[pair].is_none());
        Error::bad_rows([(path, bad), (wanted.path, left_out)])?;
        joined.finish(path)
    }
}

/// Where everything stands in the table.
struct Layout {
    delimiter: u8,
    places: Columns,
    /// The name and the column of each feature.
    features: Vec<(String, usize)>,
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
        })
    }
}

/// The features of the wanted pairs, as far as they have been read.
struct Joined<'a> {
    layout: &'a Layout,
    wanted: Wanted<'a>,
    places: HashMap<Sides<Region>, usize>,
    /// The line of each pair's features.
    lines: Vec<Option<u64>>,
    labels: Vec<Option<bool>>,
    columns: Vec<Vec<f32>>,
    others: usize,
}

impl<'a> Joined<'a> {
    fn new(layout: &'a Layout, wanted: Wanted<'a>) -> Self {
        let pairs = wanted.pairs.len();
        let elements = wanted.pairs.iter().map(|pair| pair.elements);
        Self {
            layout,
            wanted,
            places: elements.zip(0..).collect(),
            lines: vec![None; pairs],
            labels: vec![None; pairs],
            columns: vec![vec![0.0; pairs]; layout.features.len()],
            others: 0,
        }
    }

    fn line(&mut self, line: u64, text: &str) -> Result<(), RowProblem> {
        let record = targetfinder::record(text, self.layout.delimiter)?;
        let row = self.layout.places.read(&record)?;
        let elements = elements(&row, self.wanted.chroms);
        let Some(&place) = elements.and_then(|elements| self.places.get(&elements)) else {
            self.others += 1;
            return Ok(());
        };
        if let Some(first) = self.lines[place] {
            let contradicts = self.labels[place] != row.label;
            return Err(RowProblem::Duplicate { first, contradicts });
        }
        (self.lines[place], self.labels[place]) = (Some(line), row.label);
        let pair = &self.wanted.pairs[place];
        if pair.label.is_some() && row.label.is_some() && pair.label != row.label {
            return Err(RowProblem::OtherLabel(pair.line));
        }
        for (column, (name, at)) in self.columns.iter_mut().zip(&self.layout.features) {
            let value = record.get(*at);
            let value = value.ok_or_else(|| RowProblem::Missing(name.clone()))?;
            column[place] = finite(name, value)?;
        }
        Ok(())
    }

    fn finish(self, path: &Path) -> Result<FeatureTable> {
        let (features, pairs, others) = (self.columns.len(), self.lines.len(), self.others);
        let what = format!("{features} features of {pairs} pairs");
        let shown = path.display();
        info!("{shown}: {what}, rows of {others} other pairs passed over");
        let names = self.layout.features.iter().map(|(name, _)| name.clone());
        FeatureTable::new(names.zip(self.columns))
    }
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
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use crate::pairs::Pair;
    use std::io::Write;

    const HEADER: &str = "enhancer_chrom,enhancer_start,enhancer_end,promoter_name,label,bin,\
                          A (enhancer),A (window),B (promoter)";

    /// A pair of elements of ten bases that start there.
    fn pair(enhancer: u32, promoter: u32) -> Pair {
        let region = |start| Region {
            chrom: ChromId(0),
            start,
            end: start + 10,
        };
        Pair {
            elements: Sides::new(region(enhancer), region(promoter)),
            label: None,
            line: 1,
            gene: None,
        }
    }

    /// Reads a table about the pairs 100~500 (line 2, positive) and 200~500 (line 3, unknown).
    fn read(text: &str, regions: Regions) -> Result<FeatureTable> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read_file(file.path(), regions)
    }

    fn read_file(path: &Path, regions: Regions) -> Result<FeatureTable> {
        let mut pairs = [pair(100, 500), pair(200, 500)];
        (pairs[0].line, pairs[1].line) = (2, 3);
        pairs[0].label = Some(true);
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let wanted = Wanted {
            path: Path::new("pairs.csv"),
            pairs: &pairs,
            chroms: &chroms,
        };
        FeatureTable::read(path, wanted, regions)
    }

    fn table(rows: &[&str]) -> String {
        [&[HEADER], rows].concat().join("\n")
    }

    /// What is said, without the path of the temporary file.
    fn said(rows: &[&str]) -> Vec<String> {
        let error = read(&table(rows), Regions::EnhancerPromoter).unwrap_err();
        let text = error.to_string();
        let after_line = |line: &str| {
            let (_, problem) = line.rsplit_once(".tmp").unwrap_or(("", line));
            problem[problem.find(':').unwrap_or(0)..].to_string()
        };
        text.lines().skip(1).map(after_line).collect()
    }

    #[test]
    fn rows_are_joined_by_coordinates_in_any_order() {
        let text = table(&[
            "1,200,210,x|chr1:500-510,0,\"(1, 2]\",0.5,7,2",
            "chr1,100,110,chr1:500-510,1,,1e-3,8,-1",
            "chr1,300,310,chr1:500-510,1,,nonsense,9,0",
            "chrUn,100,110,chr1:500-510,1,,1,1,1",
        ]);
        let ep = read(&text, Regions::EnhancerPromoter).unwrap();
        assert_eq!(ep.names(), ["A (enhancer)", "B (promoter)"]);
        assert_eq!(ep.columns(), [[0.001, 0.5], [-1.0, 2.0]]);
        let epw = read(&text, Regions::EnhancerPromoterWindow).unwrap();
        assert_eq!(epw.column("A (window)"), Some(&[8.0, 7.0][..]));
    }

    #[test]
    fn gzip_and_tabs_are_read() {
        let text = table(&[
            "chr1,200,210,x|chr1:500-510,0,,0.5,7,2",
            "chr1,100,110,chr1:500-510,1,,1,8,1",
        ]);
        let file = tempfile::NamedTempFile::new().unwrap();
        let level = flate2::Compression::fast();
        let mut gzip = flate2::write::GzEncoder::new(&file, level);
        gzip.write_all(text.replace(',', "\t").as_bytes()).unwrap();
        gzip.finish().unwrap();
        let got = read_file(file.path(), Regions::EnhancerPromoter).unwrap();
        assert_eq!(got, read(&text, Regions::EnhancerPromoter).unwrap());
    }

    #[test]
    fn bad_rows_and_pairs_without_one_are_told_together() {
        let said = said(&["chr1,100,110,chr1:500-510,1,,x,1,1"]);
        assert_eq!(said[0], ":2: A (enhancer) is not a finite number: \"x\"");
        assert_eq!(said.len(), 3);
        assert!(said[2].ends_with("has no row for this pair"), "{said:?}");
    }

    #[test]
    fn pairs_without_a_row_are_listed_with_their_lines() {
        let text = table(&["chr1,300,310,chr1:500-510,1,,1,1,1"]);
        let error = read(&text, Regions::EnhancerPromoter)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("pairs.csv: 2 rows are bad"), "{error}");
        assert!(error.contains("pairs.csv:2: ") && error.contains("pairs.csv:3: "));
        assert!(error.contains("has no row for this pair"));
    }

    #[test]
    fn values_that_are_no_finite_numbers_are_all_listed() {
        let rows = [
            "chr1,200,210,chr1:500-510,0,,NaN,7,2",
            "chr1,100,110,chr1:500-510,1,,1,8,inf",
        ];
        let said = said(&rows);
        assert_eq!(said[0], ":2: A (enhancer) is not a finite number: \"NaN\"");
        assert_eq!(said[1], ":3: B (promoter) is not a finite number: \"inf\"");
        for bad in ["", "1e60", "NA", "0x1"] {
            let row = format!("chr1,100,110,chr1:500-510,1,,{bad},8,1");
            let error = read(&table(&[&row]), Regions::EnhancerPromoter).unwrap_err();
            assert!(error.to_string().contains("not a finite number"), "{bad}");
        }
    }

    #[test]
    fn short_rows_and_bad_places_are_listed() {
        let said = said(&[
            "chr1,200,210,chr1:500-510,0,,1",
            "chr1,-1,210,chr1:500-510,0,,1,1,1",
        ]);
        assert_eq!(said[0], ":2: no field for B (promoter)");
        assert!(
            said[1].contains("enhancer_start is not a position"),
            "{said:?}"
        );
    }

    #[test]
    fn a_pair_that_stands_there_twice_is_refused_and_it_is_said_if_labels_differ() {
        let row = "chr1,200,210,chr1:500-510,0,,1,1,1";
        let other = "chr1,200,210,chr1:500-510,1,,1,1,1";
        let said = said(&[row, row, other]);
        assert_eq!(said[0], ":3: the same pair as line 2");
        assert_eq!(said[1], ":4: the same pair as line 2, with the other label");
    }

    #[test]
    fn a_label_that_the_pairs_contradict_is_refused() {
        let said = said(&[
            "chr1,100,110,chr1:500-510,0,,1,1,1",
            "chr1,200,210,chr1:500-510,0,,1,1,1",
        ]);
        assert_eq!(
            said,
            [":2: the label is not that of line 2 of the table of pairs"]
        );
    }

    #[test]
    fn a_region_without_features_is_refused() {
        let text = table(&[]).replace("A (window)", "window");
        let error = read(&text, Regions::EnhancerPromoterWindow).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("no column whose name ends in (window)")
        );
        assert!(read("", Regions::EnhancerPromoter).is_err());
        assert!(read("a,b\n1,2\n", Regions::EnhancerPromoter).is_err());
    }
}
