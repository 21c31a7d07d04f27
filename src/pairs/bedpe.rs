//! BEDPE with a label: the first region is the enhancer, the second the promoter.
//!
//! <https://bedtools.readthedocs.io/en/latest/content/general-usage.html#bedpe-format>

use std::path::Path;

use super::gene::GeneColumns;
use super::row::{Row, label_in};
use crate::element::Sides;
use crate::error::{Error, Result, RowProblem};
use crate::genome::{is_bed_header, names_columns, position};

/// 0-based column of the score in BEDPE, where a table without a header is taken to keep the
/// label when it has more than seven columns.
const SCORE: usize = 7;
/// The six columns of positions.
const POSITIONS: [&str; 6] = ["chrom1", "start1", "end1", "chrom2", "start2", "end2"];

/// Whether a first line is a header or a row of this format.
pub fn matches(line: &str) -> bool {
    let fields: Vec<&str> = line.trim_end().split('\t').collect();
    let is_number = |at: usize| fields[at].trim().parse::<i64>().is_ok();
    fields.len() >= POSITIONS.len() && (is_header(line) || [1, 2, 4, 5].into_iter().all(is_number))
}

/// Whether a first line names the columns.
fn is_header(line: &str) -> bool {
    let fields: Vec<&str> = line.split('\t').collect();
    names_columns(&fields, &[1, 2, 4, 5])
}

/// Where the label stands in a table.
pub struct Columns {
    label: Option<usize>,
    genes: GeneColumns,
    /// The line that names the columns.
    header: Option<String>,
}

impl Columns {
    /// From the first line and the column that was asked for.
    ///
    /// The label stands in the column given, or else in the one that the header calls `label`, or
    /// else, without a header, in the seventh of seven columns, or, where every row must be
    /// `labelled`, in the eighth (the score).
    pub fn find(path: &Path, first: &str, column: Option<&str>, labelled: bool) -> Result<Self> {
        let names = first.trim_start_matches('#').split('\t').map(str::trim);
        let names: Vec<&str> = names.collect();
        let header = is_header(first);
        let named = |wanted: &str| names.iter().position(|name| header && *name == wanted);
        let label = match column {
            Some(wanted) => Some(
                named(wanted)
                    .or_else(|| wanted.parse::<usize>().ok()?.checked_sub(1))
                    .ok_or_else(|| Error::format(path, format!("has no column {wanted:?}")))?,
            ),
            None if header => named("label"),
            None if names.len() == SCORE => Some(SCORE - 1),
            None => (labelled && names.len() > SCORE).then_some(SCORE),
        };
        let genes = match header {
            true => GeneColumns::find(&names),
            false => GeneColumns::default(),
        };
        let header = header.then(|| first.to_string());
        Ok(Self {
            label,
            genes,
            header,
        })
    }

    /// The row of a line; none where it is a header or a comment.
    pub fn row(&self, line: &str) -> Option<Result<Row, RowProblem>> {
        let is_row = !is_bed_header(line) && self.header.as_deref() != Some(line);
        is_row.then(|| self.read(line))
    }

    fn read(&self, line: &str) -> Result<Row, RowProblem> {
        let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
        let field = |at: usize, name: &str| {
            let field = fields.get(at).copied();
            field.ok_or_else(|| RowProblem::Missing(name.to_string()))
        };
        let region = |from: usize| {
            let [chrom, start, end] = [0, 1, 2].map(|offset| POSITIONS[from + offset]);
            Ok((
                field(from, chrom)?.to_string(),
                position(start, field(from + 1, start)?)?,
                position(end, field(from + 2, end)?)?,
            ))
        };
        Ok(Row {
            elements: Sides::new(region(0)?, region(3)?),
            label: label_in(self.label, |at| field(at, "label"))?,
            gene: self.genes.gene(|at| fields.get(at).copied()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pairs::Gene;

    fn read(text: &str, column: Option<&str>) -> Vec<Result<Row, RowProblem>> {
        let first = text.lines().next().unwrap();
        assert!(matches(first));
        let columns = Columns::find(Path::new("pairs.bedpe"), first, column, true);
        let columns = columns.unwrap();
        text.lines().filter_map(|line| columns.row(line)).collect()
    }

    fn labels(text: &str, column: Option<&str>) -> Vec<Option<bool>> {
        let rows = read(text, column);
        rows.into_iter().map(|row| row.unwrap().label).collect()
    }

    #[test]
    fn the_label_is_found() {
        let plain = "chr1\t10\t20\tchr1\t30\t40";
        assert_eq!(labels(&format!("{plain}\n"), None), [None]);
        assert_eq!(labels(&format!("{plain}\t1\n"), None), [Some(true)]);
        assert_eq!(
            labels(&format!("{plain}\tname\t0\t+\t-\n"), None),
            [Some(false)]
        );
        assert_eq!(
            labels(&format!("{plain}\tname\t.\t1\n"), Some("9")),
            [Some(true)]
        );
        let header = "#chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tx\tlabel";
        assert_eq!(
            labels(&format!("{header}\n{plain}\t7\t1\n"), None),
            [Some(true)]
        );
        assert_eq!(
            labels(&format!("{header}\n{plain}\t0\t1\n"), Some("x")),
            [Some(false)]
        );
    }

    #[test]
    fn a_column_of_the_header_names_the_gene() {
        let header = "#chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tgene\tlabel";
        let row = "chr1\t10\t20\tchr1\t30\t40\tMYC\t1";
        let gene = |text: &str| read(text, None)[0].clone().unwrap().gene;
        assert_eq!(gene(&format!("{header}\n{row}\n")), Gene::new("MYC"));
        assert_eq!(gene("chr1\t10\t20\tchr1\t30\t40\tMYC\t1\n"), None);
    }

    #[test]
    fn bad_rows_say_what_is_wrong() {
        let got = read(
            "chr1\t10\t20\tchr1\t30\t40\t1\nchr1\t-5\t20\tchr1\t30\t40\t1\nchr1\t1\n",
            None,
        );
        assert!(got[0].is_ok());
        let problem = RowProblem::NotAPosition {
            column: "start1".into(),
            value: "-5".into(),
        };
        assert_eq!(got[1], Err(problem));
        assert_eq!(got[2], Err(RowProblem::Missing("end1".into())));
    }
}
