//! The Engreitz laboratory's tables of CRISPRi pairs (`EPCrisprBenchmark`): tabs and a header, columns
//! found by name.
//!
//! <https://github.com/EngreitzLab/CRISPR_comparison>, `resources/crispr_data/README.md`.

use std::path::Path;

use super::row::{Read, Row, given, start_site};
use crate::error::{Error, Result, RowProblem};
use crate::genome::position;
use crate::pairs::Gene;
use crate::text::finite;

/// What an element's activity is made of, as in ABC (Fulco et al. 2019, doi:10.1038/s41588-019-0538-0).
pub const ACTIVITY: &str = "√(DHS.RPM × H3K27ac.RPM)";

/// Columns that there have to be.
const NEEDED: [&str; 6] = [
    "chrom",
    "chromStart",
    "chromEnd",
    "startTSS",
    "endTSS",
    "measuredGeneSymbol",
];
const LABEL: &str = "Regulated";
const DHS: &str = "DHS.RPM";
/// The signal of the element with 150 bases to either side, and without.
const H3K27AC: [&str; 2] = ["H3K27ac.RPM.expandedRegion", "H3K27ac.RPM"];

/// Where everything stands in a table.
#[derive(Debug, Clone)]
pub struct Columns {
    needed: [usize; NEEDED.len()],
    label: usize,
    tss_chrom: Option<usize>,
    valid: Option<usize>,
    ensembl: Option<usize>,
    cell: Option<usize>,
    distance: Option<usize>,
    /// Accessibility and acetylation, with their names.
    activity: Option<[(usize, &'static str); 2]>,
}

/// Whether a first line is a header of this layout.
pub fn matches(line: &str) -> bool {
    let names: Vec<&str> = line.split('\t').map(str::trim).collect();
    [LABEL, NEEDED[5]].iter().all(|name| names.contains(name))
}

impl Columns {
    /// From the header.
    pub fn find(path: &Path, header: &str) -> Result<Self> {
        let names: Vec<&str> = header.split('\t').map(str::trim).collect();
        let find = |name: &str| names.iter().position(|other| *other == name);
        let need = |name: &str| {
            let missing = || Error::format(path, format!("has no column {name}"));
            find(name).ok_or_else(missing)
        };
        let mut needed = [0; NEEDED.len()];
        for (place, name) in needed.iter_mut().zip(NEEDED) {
            *place = need(name)?;
        }
        let acetylation = H3K27AC
            .into_iter()
            .find_map(|name| Some((find(name)?, name)));
        let activity = find(DHS).zip(acetylation);
        Ok(Self {
            needed,
            label: need(LABEL)?,
            tss_chrom: find("chrTSS"),
            valid: find("ValidConnection"),
            ensembl: find("measuredGeneEnsemblId"),
            cell: find("CellType"),
            distance: find("distanceToTSS"),
            activity: activity.map(|(dhs, acetylation)| [(dhs, DHS), acetylation]),
        })
    }

    /// What a line tells. Of pairs that do not count nothing else is read: much may be missing.
    pub fn read(&self, line: &str) -> Result<Read, RowProblem> {
        let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
        let text = |at: usize| fields.get(at).copied().unwrap_or_default();
        let optional = |at: Option<usize>| at.and_then(|at| given(text(at)));
        if self.valid.is_some_and(|at| !is_true(text(at))) {
            return Ok(Read::Invalid);
        }
        let Some(label) = given(text(self.label)) else {
            return Ok(Read::Unlabelled);
        };
        let regulated = is_true(label);
        if !regulated && !label.eq_ignore_ascii_case("FALSE") {
            let problem = format!("{LABEL} is neither TRUE nor FALSE: {label:?}");
            return Err(RowProblem::Unreadable(problem));
        }
        let needed = |column: usize| {
            let field = given(text(self.needed[column]));
            field.ok_or_else(|| RowProblem::Missing(NEEDED[column].to_string()))
        };
        let number = |column: usize| position(NEEDED[column], needed(column)?);
        let chrom = needed(0)?;
        let tss_chrom = optional(self.tss_chrom).unwrap_or(chrom);
        let gene = needed(5)?;
        let distance = optional(self.distance).map(|text| finite::<f64>("distanceToTSS", text));
        let row = Row {
            element: (chrom.to_string(), number(1)?, number(2)?),
            tss: start_site(tss_chrom, number(3)?, number(4)?),
            gene: Gene::new(gene).ok_or_else(|| RowProblem::Missing(NEEDED[5].to_string()))?,
            ensembl: optional(self.ensembl).map(str::to_string),
            regulated,
            cell: optional(self.cell).unwrap_or(".").to_string(),
            distance: distance.transpose()?.map(f64::abs),
            activity: self.activity_of(text)?,
        };
        row.checked().map(Read::Pair)
    }

    /// The geometric mean of both marks; none where one is not known.
    fn activity_of<'a>(&self, text: impl Fn(usize) -> &'a str) -> Result<Option<f64>, RowProblem> {
        let Some(columns) = self.activity else {
            return Ok(None);
        };
        let mut product = 1.0;
        for (at, name) in columns {
            let Some(text) = given(text(at)) else {
                return Ok(None);
            };
            let amount = finite::<f64>(name, text)?;
            if amount < 0.0 {
                let problem = format!("{name} is less than 0: {text}");
                return Err(RowProblem::Unreadable(problem));
            }
            product *= amount;
        }
        Ok(Some(product.sqrt()))
    }
}

/// Whether a field says yes.
fn is_true(field: &str) -> bool {
    field.eq_ignore_ascii_case("TRUE")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "chrom\tchromStart\tchromEnd\tname\tchrTSS\tstartTSS\tendTSS\tmeasuredGeneSymbol\t\
                          measuredGeneEnsemblId\tValidConnection\tCellType\tRegulated\tdistanceToTSS\t\
                          H3K27ac.RPM\tH3K27ac.RPM.expandedRegion\tDHS.RPM";
    const LINE: &str = "chr1\t3774714\t3775214\tx\tchr1\t3857213\t3857213\tCEP104\tENSG00000116198\tTRUE\tK562\t\
                        TRUE\t82268\t2\t4\t9";

    fn read(line: &str) -> Result<Read, RowProblem> {
        let columns = Columns::find(Path::new("t.tsv"), HEADER).unwrap();
        columns.read(line)
    }

    #[test]
    fn a_row_is_a_pair_with_the_activity_of_abc() {
        assert!(matches(HEADER) && !matches(LINE));
        let wanted = Row {
            element: ("chr1".to_string(), 3_774_714, 3_775_214),
            // A start site of no length has one base.
            tss: ("chr1".to_string(), 3_857_213, 3_857_214),
            gene: Gene::new("CEP104").unwrap(),
            ensembl: Some("ENSG00000116198".to_string()),
            regulated: true,
            cell: "K562".to_string(),
            distance: Some(82_268.0),
            activity: Some(6.0),
        };
        assert_eq!(read(LINE), Ok(Read::Pair(wanted)));
    }

    #[test]
    fn pairs_that_do_not_count_are_told_apart() {
        let invalid = LINE.replacen("\tTRUE\t", "\toverlaps potential promoter\t", 1);
        assert_eq!(read(&invalid.replace("3857213", "NA")), Ok(Read::Invalid));
        let unlabelled = LINE.replace("TRUE\t82268", "NA\t82268");
        assert_eq!(read(&unlabelled), Ok(Read::Unlabelled));
        let unknown = read(&LINE.replace("\t9", "\tNA")).unwrap();
        let Read::Pair(row) = unknown else {
            panic!("{unknown:?}")
        };
        assert_eq!(row.activity, None);
    }

    #[test]
    fn bad_rows_and_missing_columns_are_told() {
        for (from, to, wanted) in [
            (
                "TRUE\t82268",
                "yes\t82268",
                "Regulated is neither TRUE nor FALSE: \"yes\"",
            ),
            ("CEP104", "NA", "no field for measuredGeneSymbol"),
            ("\t3774714", "\t-1", "chromStart is not a position: \"-1\""),
            ("\t9", "\t-9", "DHS.RPM is less than 0: -9"),
            (
                "\t82268",
                "\tfar",
                "distanceToTSS is not a finite number: \"far\"",
            ),
        ] {
            let problem = read(&LINE.replacen(from, to, 1)).unwrap_err();
            assert_eq!(problem.to_string(), wanted);
        }
        let header = HEADER.replace("endTSS\t", "");
        let said = Columns::find(Path::new("t.tsv"), &header).unwrap_err();
        assert_eq!(said.to_string(), "t.tsv: has no column endTSS");
    }
}
