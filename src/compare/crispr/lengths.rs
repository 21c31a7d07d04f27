//! How long the chromosomes of a CRISPRi table are, which its pairs do not tell.

use std::path::Path;

use serde::Serialize;

use super::assembly;
use super::table::CrisprTable;
use crate::error::{BadRow, Error, Result, RowProblem};
use crate::genome::{Chroms, known_length, read_chrom_sizes};
use crate::output::provenance::Input;

/// The lengths of a table's chromosomes, and who says so.
#[derive(Debug, Clone, Serialize)]
pub struct Lengths {
    /// The assembly by whose name they are known, or what else told them; none where one is not known.
    pub from: Option<String>,
    /// The file that was given.
    pub file: Option<Input>,
    /// Chromosomes of which nobody says how long they are.
    pub missing: Vec<String>,
    /// The table's chromosomes, with the same numbers, where all are known.
    #[serde(skip)]
    pub chroms: Option<Chroms>,
}

impl Lengths {
    /// As a file of names and lengths has them, if one is given, or else as they are known of an assembly.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, is of another assembly or lacks a chromosome; all rows of the table together
    /// that reach past the end of theirs.
    pub fn new(table: &CrisprTable, assembly: &str, file: Option<&Path>) -> Result<Self> {
        let found = match file {
            Some(file) => Self::of_file(table, assembly, file)?,
            None => Self::of(table, assembly, |name| known_length(assembly, name)),
        };
        found.check(table)?;
        Ok(found)
    }

    /// As a run's reference has them, if it has all of the table's chromosomes and no file was given.
    pub fn or_of_reference(self, table: &CrisprTable, reference: &Chroms) -> Self {
        let found = Self::of(table, "the run's reference", |name| {
            in_file(reference, name)
        });
        match self.file.is_none() && found.chroms.is_some() {
            true => found,
            false => self,
        }
    }

    fn of_file(table: &CrisprTable, assembly: &str, file: &Path) -> Result<Self> {
        let sizes = read_chrom_sizes(file)?;
        assembly::check(file, sizes.iter(), assembly)?;
        let found = Self::of(table, "a file of lengths", |name| in_file(&sizes, name));
        if !found.missing.is_empty() {
            let missing = found.missing.join(", ");
            let problem = format!("lacks chromosomes of the CRISPRi table: {missing}");
            return Err(Error::format(file, problem));
        }
        Ok(Self {
            file: Some(Input::new(file)?),
            ..found
        })
    }

    fn of(table: &CrisprTable, from: &str, length: impl Fn(&str) -> Option<u32>) -> Self {
        let (mut known, mut missing) = (Vec::new(), Vec::new());
        for (name, _) in table.chroms.iter() {
            match length(name) {
                Some(length) => known.push((name.to_string(), length)),
                None => missing.push(name.to_string()),
            }
        }
        let chroms = match missing.is_empty() {
            // The names are those of the table, which differ.
            true => Chroms::new(known).ok(),
            false => None,
        };
        Self {
            from: chroms.as_ref().map(|_| from.to_string()),
            file: None,
            missing,
            chroms,
        }
    }

    fn check(&self, table: &CrisprTable) -> Result<()> {
        let Some(chroms) = &self.chroms else {
            return Ok(());
        };
        let mut bad = Vec::new();
        for tested in &table.tested {
            let past = |end: u32, chrom| end > chroms.length(chrom);
            let mut elements = tested.pair.elements.iter();
            let Some((element, region)) = elements.find(|(_, of)| past(of.end, of.chrom)) else {
                continue;
            };
            bad.push(BadRow {
                line: u64::from(tested.pair.line),
                problem: RowProblem::PastTheEnd {
                    element: element.name(),
                    end: region.end,
                    chrom: chroms.name(region.chrom).to_string(),
                    length: chroms.length(region.chrom),
                },
            });
        }
        Error::bad_rows([(table.path.as_path(), bad)])
    }
}

/// The length of a chromosome among others, in whatever form these have its name.
fn in_file(chroms: &Chroms, name: &str) -> Option<u32> {
    let (chrom, _) = chroms.find(name)?;
    Some(chroms.length(chrom))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::crispr::testing::{table, transepi};

    fn pairs() -> CrisprTable {
        table(&transepi(&[
            (1000, 9000, "A", true),
            (2000, 9000, "A", false),
        ]))
    }

    /// The lengths of chr1, with a file of this text if there is one.
    fn of(table: &CrisprTable, assembly: &str, file: Option<&str>) -> Result<Lengths> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("chrom.sizes");
        let given = file.map(|text| {
            std::fs::write(&path, text).unwrap();
            path.as_path()
        });
        Lengths::new(table, assembly, given)
    }

    fn length(of: &Lengths) -> Option<u32> {
        in_file(of.chroms.as_ref()?, "chr1")
    }

    #[test]
    fn lengths_are_given_or_known_or_those_of_a_reference() {
        let table = pairs();
        let known = of(&table, "hg19", None).unwrap();
        assert_eq!(known.from.as_deref(), Some("hg19"));
        assert_eq!(length(&known), Some(249_250_621));
        let unknown = of(&table, "mine", None).unwrap();
        assert_eq!(
            (length(&unknown), &*unknown.missing),
            (None, &["chr1".to_string()][..])
        );
        let given = of(&table, "mine", Some("1\t20000\n2\t7\n")).unwrap();
        assert_eq!(length(&given), Some(20_000));
        assert!(given.file.is_some());

        let reference = |name: &str| Chroms::new([(name.to_string(), 30_000)]).unwrap();
        let after = |of: &Lengths, name| {
            let of = of.clone().or_of_reference(&table, &reference(name));
            length(&of)
        };
        assert_eq!(after(&known, "chr1"), Some(30_000));
        assert_eq!(after(&unknown, "1"), Some(30_000));
        assert_eq!(after(&given, "chr1"), Some(20_000));
        // What lacks a chromosome says nothing.
        assert_eq!(after(&known, "chr2"), Some(249_250_621));
        assert_eq!(after(&unknown, "chr2"), None);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let table = pairs();
        let said = |assembly, file| of(&table, assembly, file).unwrap_err().to_string();
        let lacks = said("mine", Some("chr2\t20000\n"));
        assert!(
            lacks.ends_with("lacks chromosomes of the CRISPRi table: chr1"),
            "{lacks}"
        );
        let other = said("hg38", Some("chr1\t249250621\n"));
        assert!(
            other.contains("is of hg19, and the CRISPRi table of hg38"),
            "{other}"
        );
        // Both rows, of the first the start site.
        let short = said("mine", Some("chr1\t2300\n"));
        assert!(short.contains("2 rows are bad"), "{short}");
        assert!(
            short.contains(":1: promoter ends at 9001, past the end of chr1 (2300)"),
            "{short}"
        );
        assert!(short.contains(":2: enhancer ends at 2500"), "{short}");
    }
}
