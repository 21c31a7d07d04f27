//! A CRISPRi table: pairs of a perturbed element and a measured gene.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::row::{Read, Row};
use super::{engreitz, transepi};
use crate::element::Sides;
use crate::error::{Error, Result, RowProblem};
use crate::genome::{Chroms, Region};
use crate::pairs::{Gene, Pair};
use crate::text::Lines;

/// The layouts that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// TransEPI's ten columns.
    Transepi,
    /// The Engreitz laboratory's columns by name.
    Engreitz,
}

/// A pair that was tested.
#[derive(Debug, Clone)]
pub struct Tested {
    /// The element and, in the promoter's place, the gene's start site; the gene is always known.
    pub pair: Pair,
    /// The gene's accession in Ensembl, where the table has it.
    pub ensembl: Option<String>,
    /// The cell type.
    pub cell: String,
    /// Bases between them: as the table states them, or else from the element's middle to the start
    /// site; none on two chromosomes.
    pub distance: Option<f64>,
    /// The element's activity, where the table has the marks.
    pub activity: Option<f64>,
}

/// Rows that do not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Those that the table does not take for a valid pair of a distal element and a gene.
    pub invalid: usize,
    /// Those of which it does not say whether the gene reacted.
    pub unlabelled: usize,
    /// Those of cell types that were not asked for.
    pub other_cells: usize,
}

/// A table of both classes.
#[derive(Debug, Clone)]
pub struct CrisprTable {
    /// The file.
    pub path: PathBuf,
    /// How it is laid out.
    pub layout: Layout,
    /// Its chromosomes, each as long as the table's pairs reach.
    pub chroms: Chroms,
    /// The pairs, in its order.
    pub tested: Vec<Tested>,
    /// The rows that do not count.
    pub left_out: LeftOut,
}

impl Layout {
    /// What it is called.
    pub fn told(self) -> &'static str {
        match self {
            Self::Transepi => "TransEPI's CRISPRi table",
            Self::Engreitz => "the Engreitz laboratory's CRISPRi table",
        }
    }

    /// The assembly that its authors' tables lie on.
    pub fn assembly(self) -> &'static str {
        match self {
            Self::Transepi => "hg19",
            Self::Engreitz => "hg38",
        }
    }
}

/// What makes a row of a line; none of a header.
type Reader = Box<dyn Fn(&str) -> Option<Result<Read, RowProblem>>>;

impl CrisprTable {
    /// Reads a table, plain or gzip, whose layout its first line tells; of a cell type only its pairs.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is of another layout, all bad rows together, a cell type that it does
    /// not have, pairs of one class only.
    pub fn read(path: &Path, cell_type: Option<&str>) -> Result<Self> {
        let (layout, reader) = reader(path)?;
        let mut left_out = LeftOut::default();
        let mut cells = BTreeSet::new();
        let (rows, bad) = Lines::open(path)?.rows(|line, text| match reader(text)? {
            Ok(Read::Pair(row)) => {
                cells.insert(row.cell.clone());
                if cell_type.is_some_and(|wanted| wanted != row.cell) {
                    left_out.other_cells += 1;
                    return None;
                }
                Some(Ok((line, row)))
            }
            Ok(Read::Invalid) => {
                left_out.invalid += 1;
                None
            }
            Ok(Read::Unlabelled) => {
                left_out.unlabelled += 1;
                None
            }
            Err(problem) => Some(Err(problem)),
        })?;
        Error::bad_rows([(path, bad)])?;
        if let Some(wanted) = cell_type.filter(|wanted| !cells.contains(*wanted)) {
            let cells: Vec<String> = cells.into_iter().collect();
            let problem = format!("has no pair of {wanted}, but of {}", cells.join(", "));
            return Err(Error::format(path, problem));
        }
        let chroms = chroms(path, &rows)?;
        let tested = rows.into_iter();
        let tested = tested.filter_map(|(line, row)| Tested::new(line, row, &chroms));
        let table = Self {
            path: path.to_path_buf(),
            layout,
            tested: tested.collect(),
            chroms,
            left_out,
        };
        match table.classes() {
            (0, _) => Err(Error::format(path, "holds no pair whose gene reacted")),
            (_, 0) => Err(Error::format(
                path,
                "holds no pair whose gene did not react",
            )),
            _ => Ok(table),
        }
    }

    /// The number of pairs whose element and gene lie on two chromosomes.
    pub fn on_two_chromosomes(&self) -> usize {
        let apart = self.tested.iter().filter(|of| of.distance.is_none());
        apart.count()
    }

    /// The number of pairs whose gene reacted, and of those whose gene did not.
    pub fn classes(&self) -> (usize, usize) {
        let positives = self.tested.iter().filter(|of| of.is_positive()).count();
        (positives, self.tested.len() - positives)
    }
}

/// How a table is laid out, and what reads its rows.
fn reader(path: &Path) -> Result<(Layout, Reader)> {
    let Some((_, first)) = Lines::open(path)?.next_line()? else {
        return Err(Error::format(path, "is empty"));
    };
    if transepi::matches(&first) {
        let read: Reader = Box::new(|line| Some(transepi::read(line)));
        return Ok((Layout::Transepi, read));
    }
    if engreitz::matches(&first) {
        let columns = engreitz::Columns::find(path, &first)?;
        let read: Reader = Box::new(move |line| (line != first).then(|| columns.read(line)));
        return Ok((Layout::Engreitz, read));
    }
    let problem = "is neither TransEPI's CRISPRi table (ten columns between tabs, no header: label, distance, \
                   the element's chromosome, start, end and name, the TSS's) nor one of the Engreitz \
                   laboratory's (a header with chrom, chromStart, chromEnd, startTSS, endTSS, \
                   measuredGeneSymbol and Regulated)";
    Err(Error::format(path, problem))
}

/// The chromosomes of rows, each as long as these reach.
fn chroms(path: &Path, rows: &[(u64, Row)]) -> Result<Chroms> {
    let mut lengths: BTreeMap<&str, u32> = BTreeMap::new();
    for (name, _, end) in rows.iter().flat_map(|(_, row)| [&row.element, &row.tss]) {
        let length = lengths.entry(name.as_str()).or_default();
        *length = (*length).max(*end);
    }
    let owned = lengths
        .into_iter()
        .map(|(name, length)| (name.to_string(), length));
    Chroms::new(owned).map_err(|name| Error::format(path, format!("{name} stands there twice")))
}

impl Tested {
    /// Of a row whose chromosomes are known.
    fn new(line: u64, row: Row, chroms: &Chroms) -> Option<Self> {
        let region = |(name, start, end): &(String, u32, u32)| {
            let (chrom, _) = chroms.find(name)?;
            Region::new(chrom, *start, *end)
        };
        let elements = Sides::new(region(&row.element)?, region(&row.tss)?);
        let Sides { enhancer, promoter } = elements;
        let middle = f64::from(enhancer.start) / 2.0 + f64::from(enhancer.end) / 2.0;
        let computed = (middle - f64::from(promoter.start)).abs();
        let computed = (enhancer.chrom == promoter.chrom).then_some(computed);
        Some(Self {
            pair: Pair {
                elements,
                label: Some(row.regulated),
                line: line as u32,
                gene: Some(row.gene),
            },
            ensembl: row.ensembl,
            cell: row.cell,
            distance: computed.map(|computed| row.distance.unwrap_or(computed)),
            activity: row.activity,
        })
    }

    /// Whether the gene reacted.
    pub fn is_positive(&self) -> bool {
        self.pair.label == Some(true)
    }

    /// What pairs share: the element, and the gene.
    pub fn shared(&self) -> (Region, Option<Gene>) {
        (self.pair.elements.enhancer, self.pair.gene)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::crispr::testing::{engreitz, table, transepi};

    #[test]
    fn both_layouts_tell_the_same_pairs() {
        // Element, start site, gene, label.
        let pairs = [
            (1000, 51_000, "A", true),
            (1000, 81_000, "B", false),
            (90_000, 51_000, "A", false),
        ];
        let (one, other) = (table(&transepi(&pairs)), table(&engreitz(&pairs)));
        assert_eq!(
            (one.layout, other.layout),
            (Layout::Transepi, Layout::Engreitz)
        );
        assert_eq!([one.classes(), other.classes()], [(1, 2); 2]);
        for (a, b) in one.tested.iter().zip(&other.tested) {
            // The header is a line.
            assert_eq!(
                (a.pair.elements, a.pair.line + 1),
                (b.pair.elements, b.pair.line)
            );
            assert_eq!((a.shared(), a.distance), (b.shared(), b.distance));
        }
        assert_eq!(one.tested[0].distance, Some(49_750.0));
        assert_eq!(one.chroms.iter().collect::<Vec<_>>(), [("chr1", 90_500)]);
    }

    #[test]
    fn two_chromosomes_lie_at_no_distance_whatever_a_table_states() {
        let rows = [(1000, 51_000, "A", true), (1000, 81_000, "B", false)];
        let text = transepi(&rows).replace("\tchr1\t81000\t", "\tchrX\t81000\t");
        let table = table(&text);
        let distances = table.tested.iter().map(|of| of.distance);
        assert_eq!(distances.collect::<Vec<_>>(), [Some(49_750.0), None]);
        assert_eq!(table.on_two_chromosomes(), 1);
    }

    #[test]
    fn what_does_not_count_is_counted() {
        let text = engreitz(&[
            (1000, 51_000, "A", true),
            (2000, 51_000, "A", false),
            (3000, 51_000, "A", false),
            (4000, 51_000, "A", false),
        ]);
        let text = text.replace(
            "chr1\t2000\t2500\tTRUE",
            "chr1\t2000\t2500\toverlaps a promoter",
        );
        let text = text.replace(
            "chr1\t3000\t3500\tTRUE\tK562",
            "chr1\t3000\t3500\tTRUE\tJurkat",
        );
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.tsv");
        std::fs::write(&path, &text).unwrap();
        let table = CrisprTable::read(&path, Some("K562")).unwrap();
        assert_eq!(table.classes(), (1, 1));
        let wanted = LeftOut {
            invalid: 1,
            unlabelled: 0,
            other_cells: 1,
        };
        assert_eq!(table.left_out, wanted);
        assert_eq!(CrisprTable::read(&path, None).unwrap().classes(), (1, 2));
        let said = CrisprTable::read(&path, Some("HeLa")).unwrap_err();
        assert!(
            said.to_string()
                .ends_with("has no pair of HeLa, but of Jurkat, K562")
        );
    }

    #[test]
    fn other_files_and_tables_of_one_class_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.tsv");
        let said = |text: &str| {
            std::fs::write(&path, text).unwrap();
            CrisprTable::read(&path, None).unwrap_err().to_string()
        };
        assert!(said("chr1\t10\t20\tpeak\n").contains("is neither TransEPI's"));
        assert!(said("").ends_with("is empty"));
        let one = transepi(&[(1000, 51_000, "A", false)]);
        assert!(said(&one).ends_with("holds no pair whose gene reacted"));
        let bad = one.replace("\t1000\t", "\tx\t") + &one.replace("\t1500\t", "\t1000\t");
        // The first line tells the layout; those behind it are bad rows.
        let said = said(&(one + &bad));
        assert!(
            said.contains("2 rows are bad") && said.contains("t.tsv:3: element starts"),
            "{said}"
        );
    }
}
