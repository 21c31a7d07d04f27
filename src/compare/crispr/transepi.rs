//! TransEPI's table of CRISPRi pairs: ten columns without a header.
//!
//! <https://github.com/biomed-AI/TransEPI>: label, distance, then chromosome, start, end and name of the
//! element (`chr4:84551045-84551768|K562|.`) and of the start site
//! (`chr4:84457564-84457565|K562|ENST00000509044|GPAT3|TPM=9.15|.`).

use super::row::{Read, Row, given, start_site};
use crate::error::RowProblem;
use crate::genome::position;
use crate::pairs::Gene;
use crate::text::finite;

/// The columns, by the names that messages have for them.
const COLUMNS: [&str; 10] = [
    "label",
    "distance",
    "element chromosome",
    "element start",
    "element end",
    "element name",
    "TSS chromosome",
    "TSS start",
    "TSS end",
    "TSS name",
];

/// Whether a first line is a row of this layout.
pub fn matches(line: &str) -> bool {
    let fields: Vec<&str> = line.split('\t').collect();
    let is_number = |at: usize| fields[at].parse::<u32>().is_ok();
    fields.len() == COLUMNS.len()
        && ["0", "1"].contains(&fields[0])
        && fields[1].parse::<f64>().is_ok()
        && [3, 4, 7, 8].into_iter().all(is_number)
        && fields[9].contains('|')
}

/// What a line tells.
pub fn read(line: &str) -> Result<Read, RowProblem> {
    let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
    let field = |at: usize| {
        let field = fields.get(at).copied().filter(|field| !field.is_empty());
        field.ok_or_else(|| RowProblem::Missing(COLUMNS[at].to_string()))
    };
    let number = |at: usize| position(COLUMNS[at], field(at)?);
    let regulated = match field(0)? {
        "1" => true,
        "0" => false,
        other => return Err(RowProblem::NotALabel(other.to_string())),
    };
    let gene = field(9)?.split('|').nth(3).and_then(Gene::new);
    let cell = field(5)?.split('|').nth(1).and_then(given);
    let row = Row {
        element: (field(2)?.to_string(), number(3)?, number(4)?),
        tss: start_site(field(6)?, number(7)?, number(8)?),
        gene: gene.ok_or_else(|| RowProblem::Missing("the gene in the TSS name".to_string()))?,
        ensembl: None,
        regulated,
        cell: cell.unwrap_or(".").to_string(),
        distance: Some(finite::<f64>(COLUMNS[1], field(1)?)?.abs()),
        activity: None,
    };
    row.checked().map(Read::Pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "1\t93842.0\tchr4\t84551045\t84551768\tchr4:84551045-84551768|K562|.\tchr4\t84457564\t\
                        84457565\tchr4:84457564-84457565|K562|ENST00000509044|GPAT3|TPM=9.156785|.";

    #[test]
    fn a_row_is_a_pair() {
        assert!(matches(LINE));
        let wanted = Row {
            element: ("chr4".to_string(), 84_551_045, 84_551_768),
            tss: ("chr4".to_string(), 84_457_564, 84_457_565),
            gene: Gene::new("GPAT3").unwrap(),
            ensembl: None,
            regulated: true,
            cell: "K562".to_string(),
            distance: Some(93_842.0),
            activity: None,
        };
        assert_eq!(read(LINE), Ok(Read::Pair(wanted)));
    }

    #[test]
    fn bad_rows_say_what_is_wrong() {
        for (from, to, wanted) in [
            ("1\t93842.0", "2\t93842.0", "label is not 0 or 1: \"2\""),
            ("93842.0", "nan", "distance is not a finite number: \"nan\""),
            (
                "\t84551768",
                "\t84551045",
                "element starts at 84551045 and ends at 84551045",
            ),
            (
                "\t84457564\t",
                "\tx\t",
                "TSS start is not a position: \"x\"",
            ),
            ("|GPAT3|", "|.|", "no field for the gene in the TSS name"),
        ] {
            let problem = read(&LINE.replacen(from, to, 1)).unwrap_err();
            assert_eq!(problem.to_string(), wanted);
        }
        let short = LINE.rsplit_once('\t').unwrap().0;
        assert!(!matches(short) && read(short).is_err());
    }
}
