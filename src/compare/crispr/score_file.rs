//! Scores of pairs from elsewhere.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::method::{Method, Role, Threshold};
use super::row::given;
use super::table::{CrisprTable, Tested};
use crate::error::{Error, Result, RowProblem};
use crate::genome::{Region, field, position};
use crate::output::provenance::Input;
use crate::text::{Lines, finite};

/// The names of the column with the score, the best first: ours, ENCODE's, ENCODE-rE2G's own, ABC's.
const SCORES: [&str; 5] = [
    "score",
    "probability",
    "Score",
    "ENCODE-rE2G.Score",
    "ABC.Score",
];

/// The names of the column with the cell type: ours, ENCODE's.
const CELLS: [&str; 2] = ["cell", "CellType"];

/// Where things stand in a row.
struct Columns {
    key: Key,
    score: usize,
    /// The cell type, where the file has it.
    cell: Option<usize>,
}

/// How a row names a pair.
enum Key {
    /// By our name for it, `chrom:start-end~chrom:start-end`.
    Pair(usize),
    /// By a region that shares a base with the element, and the gene: links of ENCODE-rE2G's columns.
    Link { place: [usize; 3], gene: usize },
}

/// The scores that a file has for pairs of a table: a table separated by tabs with a header, plain or
/// gzip, that names pairs in a column `pair` as we do, or as ENCODE-rE2G does by `chr`, `start`, `end` and
/// `TargetGene`; a row with a cell type (`cell`, `CellType`) is of pairs of that alone. Of several links to
/// a pair the highest score counts; rows of other pairs are passed over, `NA` is no score.
///
/// # Errors
///
/// A file that cannot be read, a header of another kind, all bad rows together, a file without any pair of
/// the table.
pub fn method(
    name: &str,
    path: &Path,
    table: &CrisprTable,
    threshold: Option<f64>,
) -> Result<Method> {
    let Some((_, header)) = Lines::open(path)?.next_line()? else {
        return Err(Error::format(path, "is empty"));
    };
    let columns = Columns::find(path, &header)?;
    let mut joined = Joined::new(table);
    let (_, bad) = Lines::open(path)?.rows::<()>(|line, text| {
        let is_header = text == header;
        let read = (!is_header).then(|| joined.row(line, text, &columns));
        read?.err().map(Err)
    })?;
    Error::bad_rows([(path, bad)])?;
    let scores = joined.scores;
    if scores.iter().all(Option::is_none) {
        let problem = "scores no pair of the CRISPRi table, whose pairs are called \
                       chrom:start-end~chrom:start-end (element, start site), or told by chr, start, end \
                       and TargetGene";
        let cells = columns.cell.map_or(String::new(), |_| of_cells(table));
        return Err(Error::format(path, format!("{problem}{cells}")));
    }
    let scores = scores.into_iter().map(|of| of.map(|(score, _)| score));
    let mut method = Method::new(name, "as the file says".to_string(), scores.collect());
    method.role = Role::Scores;
    method.inputs = vec![Input::new(path)?];
    method.threshold = threshold.map(|value| Threshold {
        value,
        from: "as given",
    });
    Ok(method)
}

/// What cell types the rows of a file that names them may have.
fn of_cells(table: &CrisprTable) -> String {
    let cells: BTreeSet<&str> = table.tested.iter().map(|of| of.cell.as_str()).collect();
    let cells: Vec<&str> = cells.into_iter().collect();
    format!(
        "; its rows have to be of the cell types {}",
        cells.join(", ")
    )
}

impl Columns {
    fn find(path: &Path, header: &str) -> Result<Self> {
        let names: Vec<&str> = header
            .split('\t')
            .map(|name| name.trim().trim_start_matches('#'))
            .collect();
        let find = |name: &str| names.iter().position(|other| *other == name);
        let score = SCORES.into_iter().find_map(find);
        let score = score.ok_or_else(|| {
            let problem = format!("has none of the columns {}", SCORES.join(", "));
            Error::format(path, problem)
        })?;
        let cell = CELLS.into_iter().find_map(find);
        let of = |key: Key| Self { key, score, cell };
        if let Some(pair) = find("pair") {
            return Ok(of(Key::Pair(pair)));
        }
        let place = (find("chr"), find("start"), find("end"), find("TargetGene"));
        let (Some(chrom), Some(start), Some(end), Some(gene)) = place else {
            let problem = "has neither a column pair nor chr, start, end and TargetGene";
            return Err(Error::format(path, problem));
        };
        let place = [chrom, start, end];
        Ok(of(Key::Link { place, gene }))
    }
}

/// The pairs of a table with the scores that were found, and their lines.
struct Joined<'a> {
    table: &'a CrisprTable,
    by_name: HashMap<String, Vec<usize>>,
    by_gene: HashMap<&'static str, Vec<usize>>,
    scores: Vec<Option<(f64, u64)>>,
}

impl<'a> Joined<'a> {
    fn new(table: &'a CrisprTable) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_gene: HashMap<&'static str, Vec<usize>> = HashMap::new();
        for (place, tested) in table.tested.iter().enumerate() {
            let name = tested.pair.id(&table.chroms).to_string();
            by_name.entry(name).or_default().push(place);
            let genes = tested.pair.gene.into_iter().flat_map(|gene| gene.each());
            genes.for_each(|gene| by_gene.entry(gene).or_default().push(place));
        }
        Self {
            table,
            by_name,
            by_gene,
            scores: vec![None; table.tested.len()],
        }
    }

    fn row(&mut self, line: u64, text: &str, columns: &Columns) -> Result<(), RowProblem> {
        let fields: Vec<&str> = text.split('\t').map(str::trim).collect();
        let cell = columns.cell.and_then(|at| fields.get(at).copied());
        let cell = cell.and_then(given);
        match columns.key {
            Key::Pair(pair) => {
                let name = field(&fields, pair, "the pair")?;
                let Some(score) = score_in(&fields, columns.score)? else {
                    return Ok(());
                };
                self.add_to_pair((name, cell), (score, line))
            }
            Key::Link { place, gene } => {
                let [chrom, start, end] = place;
                let chrom = field(&fields, chrom, "chr")?;
                let start = position("start", field(&fields, start, "start")?)?;
                let end = position("end", field(&fields, end, "end")?)?;
                let gene = field(&fields, gene, "TargetGene")?;
                if let Some(score) = score_in(&fields, columns.score)? {
                    self.add_to_link((chrom, start, end), (gene, cell), (score, line));
                }
                Ok(())
            }
        }
    }

    /// A pair of ours stands in several rows of a table where a gene's transcripts begin at one place: a
    /// file may name it as often, but with one score.
    fn add_to_pair(
        &mut self,
        (name, cell): (&str, Option<&str>),
        (score, line): (f64, u64),
    ) -> Result<(), RowProblem> {
        for &place in self.by_name.get(name).into_iter().flatten() {
            if !is_of(&self.table.tested[place], cell) {
                continue;
            }
            match self.scores[place] {
                Some((other, first)) if other != score => {
                    let contradicts = false;
                    return Err(RowProblem::Duplicate { first, contradicts });
                }
                _ => self.scores[place] = Some((score, line)),
            }
        }
        Ok(())
    }

    fn add_to_link(
        &mut self,
        (name, start, end): (&str, u32, u32),
        (gene, cell): (&str, Option<&str>),
        found: (f64, u64),
    ) {
        let Some((chrom, _)) = self.table.chroms.find(name) else {
            return;
        };
        let link = Region { chrom, start, end };
        for &place in self.by_gene.get(gene).into_iter().flatten() {
            let tested = &self.table.tested[place];
            let element = tested.pair.elements.enhancer;
            let is_higher = self.scores[place].is_none_or(|(other, _)| other < found.0);
            if is_of(tested, cell) && element.overlap(&link) > 0 && is_higher {
                self.scores[place] = Some(found);
            }
        }
    }
}

/// Whether a row, which may tell a cell type, is of a pair: it is where one of them tells none.
fn is_of(tested: &Tested, cell: Option<&str>) -> bool {
    let known = given(&tested.cell);
    cell.zip(known).is_none_or(|(cell, known)| cell == known)
}

fn score_in(fields: &[&str], at: usize) -> Result<Option<f64>, RowProblem> {
    match field(fields, at, "the score")? {
        "NA" | "." => Ok(None),
        text => finite::<f64>("the score", text).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::crispr::testing::{engreitz, table, transepi};

    fn read(text: &str) -> Result<Vec<Option<f64>>> {
        let rows = [
            (1000, 9000, "A", true),
            (1000, 9500, "B", false),
            (3000, 9000, "A", false),
            // Another transcript that begins there.
            (3000, 9000, "A", false),
        ];
        scores(&table(&transepi(&rows)), text)
    }

    fn scores(table: &CrisprTable, text: &str) -> Result<Vec<Option<f64>>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("scores.tsv");
        std::fs::write(&path, text).unwrap();
        method("m", &path, table, None).map(|method| method.scores)
    }

    #[test]
    fn pairs_are_found_by_name() {
        let text = "line\tpair\tprobability\n\
                    1\tchr1:3000-3500~chr1:9000-9001\t0.25\n\
                    2\tchr1:1000-1500~chr1:9500-9501\tNA\n\
                    3\tchr1:1-2~chr1:9500-9501\t0.5\n\
                    4\tchr1:3000-3500~chr1:9000-9001\t0.25\n";
        assert_eq!(read(text).unwrap(), [None, None, Some(0.25), Some(0.25)]);
        let said = read(&text.replace(
            "4\tchr1:3000-3500~chr1:9000-9001\t0.25",
            "4\tchr1:3000-3500~chr1:9000-9001\t1",
        ));
        let said = said.unwrap_err().to_string();
        assert!(said.contains("tsv:5: the same pair as line 2"), "{said}");
        let said = read(&text.replace("\tNA", "\tnan"))
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("tsv:3: the score is not a finite number"),
            "{said}"
        );
    }

    #[test]
    fn links_are_found_by_gene_and_overlap_and_the_best_counts() {
        let text = "#chr\tstart\tend\tTargetGene\tScore\n\
                    chr1\t1499\t2000\tA\t0.2\n\
                    chr1\t900\t1001\tA\t0.7\n\
                    chr1\t1100\t1200\tA\t0.1\n\
                    chr1\t1500\t1600\tB\t0.9\n\
                    chr9\t1000\t1100\tB\t0.9\n\
                    chr1\t3100\t3200\tA\t0.3\n";
        assert_eq!(read(text).unwrap(), [Some(0.7), None, Some(0.3), Some(0.3)]);
    }

    #[test]
    fn scores_are_of_their_cell_type() {
        let rows = [(1000, 9000, "A", true), (1000, 9000, "A", false)];
        let text = engreitz(&rows).replace("\tK562\tFALSE", "\tJurkat\tFALSE");
        let table = table(&text);
        let links = "#chr\tstart\tend\tTargetGene\tCellType\tScore\n\
                     chr1\t1000\t1500\tA\tK562\t0.2\n\
                     chr1\t1000\t1500\tA\tJurkat\t0.7\n\
                     chr1\t1000\t1500\tA\tHeLa\t0.9\n";
        let pair = "chr1:1000-1500~chr1:9000-9001";
        let pairs = format!("pair\tcell\tscore\n{pair}\tK562\t0.2\n{pair}\tJurkat\t0.7\n");
        for text in [links, pairs.as_str()] {
            assert_eq!(scores(&table, text).unwrap(), [Some(0.2), Some(0.7)]);
            // Of what tells no cell type, both are.
            let text = text.replace("\tK562", "\t.").replace("Jurkat", "HeLa");
            assert_eq!(scores(&table, &text).unwrap(), [Some(0.2), Some(0.2)]);
            let text = text.replace("\t.\t", "\tHeLa\t");
            let said = scores(&table, &text).unwrap_err().to_string();
            assert!(said.ends_with("of the cell types Jurkat, K562"), "{said}");
        }
    }

    #[test]
    fn other_files_are_refused() {
        for (text, wanted) in [
            ("", "is empty"),
            ("pair\tx\n", "has none of the columns score, probability"),
            ("gene\tscore\n", "has neither a column pair nor chr"),
            (
                "pair\tscore\nchr1:1-2~chr1:3-4\t1\n",
                "scores no pair of the CRISPRi table",
            ),
        ] {
            let said = read(text).unwrap_err().to_string();
            assert!(said.contains(wanted), "{said}");
        }
    }
}
