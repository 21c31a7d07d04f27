//! Regions from BED files (<https://genome.ucsc.edu/FAQ/FAQformat.html#format1>).

use std::path::Path;

use tracing::warn;

use super::{Chroms, Naming, Region};
use crate::error::{BadRow, Error, Result, RowProblem};
use crate::text::Lines;

/// Reads the regions of a BED file, plain or gzip, in its order. Comments and lines that begin with
/// `track` or `browser` are passed over.
///
/// # Errors
///
/// A file that cannot be read or holds no region; all bad rows together: no positions, an unknown
/// chromosome, a region without bases or past its chromosome's end.
pub fn read_bed(path: &Path, chroms: &Chroms) -> Result<Vec<Region>> {
    let mut lines = Lines::open(path)?;
    let (mut regions, mut rows) = (Vec::new(), Vec::new());
    let mut translated = false;
    while let Some((line, text)) = lines.next_line()? {
        if is_comment(&text) {
            continue;
        }
        let fields: Vec<&str> = text.split('\t').collect();
        match bed_region(&fields, chroms) {
            Ok((region, naming)) => {
                translated |= naming == Naming::Translated;
                regions.push(region);
            }
            Err(problem) => rows.push(BadRow { line, problem }),
        }
    }
    if !rows.is_empty() {
        let path = path.to_path_buf();
        return Err(Error::BadRows { path, rows });
    }
    if regions.is_empty() {
        return Err(Error::format(path, "holds no region"));
    }
    if translated {
        warn!(
            "{}: chromosomes are named otherwise than in the reference (chr1 against 1); the \
             reference's names are used",
            path.display()
        );
    }
    Ok(regions)
}

/// Whether a line of a BED file holds no region.
pub fn is_comment(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    first.starts_with('#') || matches!(first, "track" | "browser")
}

/// The region of a row.
///
/// # Errors
///
/// Why there is none.
pub fn bed_region(fields: &[&str], chroms: &Chroms) -> Result<(Region, Naming), RowProblem> {
    let [name, start, end, ..] = fields else {
        return Err(RowProblem::Missing(
            "chrom, chromStart and chromEnd".to_string(),
        ));
    };
    let position = |column: &str, value: &str| {
        value
            .trim()
            .parse::<u32>()
            .map_err(|_| RowProblem::NotAPosition {
                column: column.to_string(),
                value: value.to_string(),
            })
    };
    let (start, end) = (position("chromStart", start)?, position("chromEnd", end)?);
    let (chrom, naming) = chroms
        .find(name)
        .ok_or_else(|| RowProblem::UnknownChromosome(name.to_string()))?;
    let element = "region";
    if end <= start {
        return Err(RowProblem::Reversed {
            element,
            start,
            end,
        });
    }
    let length = chroms.length(chrom);
    if end > length {
        let chrom = chroms.name(chrom).to_string();
        return Err(RowProblem::PastTheEnd {
            element,
            end,
            chrom,
            length,
        });
    }
    Ok((Region { chrom, start, end }, naming))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;

    fn read(text: &str) -> Result<Vec<Region>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("regions.bed");
        std::fs::write(&path, text).unwrap();
        let chroms = Chroms::new([("chr1".to_string(), 100), ("chr2".to_string(), 50)]).unwrap();
        read_bed(&path, &chroms)
    }

    #[test]
    fn regions_are_read_in_their_order() {
        let got = read("track name=x\n#c\nchr2\t0\t50\tname\n1\t7\t9\n").unwrap();
        let region = |chrom, start, end| Region {
            chrom: ChromId(chrom),
            start,
            end,
        };
        assert_eq!(got, [region(1, 0, 50), region(0, 7, 9)]);
    }

    #[test]
    fn all_bad_rows_are_told() {
        let text = "chr1\t1\nchr3\t1\t2\nchr1\t5\t5\nchr1\t-1\t5\nchr2\t1\t51\nchr1\t1\t2\n";
        let Err(Error::BadRows { rows, .. }) = read(text) else {
            panic!("the file is bad");
        };
        let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5]);
        assert!(read("#nothing\n").is_err());
    }
}
