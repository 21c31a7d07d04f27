//! The rows of BED and narrowPeak files as people bring them along.

use std::path::Path;

use tracing::warn;

use crate::error::{Error, Result};
use crate::genome::{BedReader, BedRow, Chroms, Empty, Region, read_rows};

/// What is wrong with a file that has none of the reference's chromosomes.
pub const OTHER_ASSEMBLY: &str =
    "is of another assembly: it has none of the reference's chromosomes";

/// Endings of text files that hold values, and what makes a bigWig of them.
const VALUES: [(&str, &str); 4] = [
    (".bedgraph", "bedGraphToBigWig"),
    (".bdg", "bedGraphToBigWig"),
    (".bg", "bedGraphToBigWig"),
    (".wig", "wigToBigWig"),
];

/// What `row` makes of the rows of a BED file, plain or gzip, in its order. Rows on chromosomes that the
/// reference does not have are left out, which is told: peaks lie on more contigs than most references
/// have.
///
/// # Errors
///
/// A file that cannot be read or holds values, all bad rows together, no row on any of the reference's
/// chromosomes.
pub fn rows<T>(
    path: &Path,
    chroms: &Chroms,
    mut row: impl FnMut(Region, &BedRow) -> Option<T>,
) -> Result<Vec<(Region, T)>> {
    refuse_values(path)?;
    let mut reader = BedReader::new("region", Empty::Refused);
    let (mut known, mut unknown) = (0u64, 0u64);
    let rows = read_rows(path, chroms, false, |line, places| {
        let read = reader.row(line, |found| {
            if places.chroms().find(found.chrom).is_none() {
                return Ok(None);
            }
            let region = found.region(places)?;
            Ok(Some((region, row(region, found))))
        })?;
        match read {
            Ok(None) => {
                unknown += 1;
                None
            }
            Ok(Some((region, kept))) => {
                known += 1;
                kept.map(|kept| Ok((region, kept)))
            }
            Err(problem) => Some(Err(problem)),
        }
    })?;
    match (known, unknown) {
        (0, 0) => Err(Error::format(path, "holds no region")),
        (0, _) => Err(Error::format(path, OTHER_ASSEMBLY)),
        (_, 0) => Ok(rows.good),
        _ => {
            let path = path.display();
            warn!(
                "{path}: {unknown} rows on chromosomes that the reference does not have are left out"
            );
            Ok(rows.good)
        }
    }
}

fn refuse_values(path: &Path) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match VALUES.iter().find(|(ending, _)| name.ends_with(ending)) {
        None => Ok(()),
        Some((_, tool)) => {
            let problem = format!(
                "holds values as text, of which no browser reads a part: make a bigWig of it with UCSC's {tool}"
            );
            Err(Error::format(path, problem))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(name: &str, text: &str) -> Result<Vec<(u32, String)>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let name = |region: Region, row: &BedRow| {
            let name = row.get(3).unwrap_or("none").to_string();
            (region.start != 7).then_some(name)
        };
        let found = rows(&path, &chroms, name)?;
        Ok(found
            .into_iter()
            .map(|(region, name)| (region.start, name))
            .collect())
    }

    #[test]
    fn rows_elsewhere_are_left_out_and_bad_ones_told() {
        let text = "track name=x\nchr1\t5\t9\ta\nchrUn_1\t5\t9\tb\n1\t6\t9\nchr1\t7\t9\n";
        let found = read("a.bed", text).unwrap();
        assert_eq!(found, [(5, "a".to_string()), (6, "none".to_string())]);
        for (text, problem) in [
            ("chrUn_1\t5\t9\tb\n", "is of another assembly"),
            ("#\n", "holds no region"),
            ("chr1\t5\t9\nchr1\t5\t1001\n", "ends at 1001"),
        ] {
            let said = read("a.narrowPeak", text).unwrap_err().to_string();
            assert!(said.contains(problem), "{said}");
        }
        let said = read("a.bedGraph.gz", "chr1\t5\t9\t0.5\n").unwrap_err();
        assert!(said.to_string().contains("bedGraphToBigWig"), "{said}");
    }
}
