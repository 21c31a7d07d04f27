//! BED files (<https://genome.ucsc.edu/FAQ/FAQformat.html#format1>).

use std::path::Path;

use super::rows::{Places, field, fields, position, read_rows};
use super::{Chroms, Region};
use crate::error::{Error, Result, RowProblem};

/// Reads the regions of a BED file, plain or gzip, in its order.
///
/// # Errors
///
/// See [`read_bed_rows`]; a file that holds no region.
pub fn read_bed(path: &Path, chroms: &Chroms) -> Result<Vec<Region>> {
    let regions = read_bed_rows(path, chroms, |_| {}, |region, _| Ok(region))?;
    if regions.is_empty() {
        return Err(Error::format(path, "holds no region"));
    }
    Ok(regions)
}

/// Reads a BED file, plain or gzip, row by row: `row` gets the region and all fields, split at
/// tabs or, where a row has none, at white space. Comments and what tells a browser how to show
/// the rows go to `header`.
///
/// # Errors
///
/// A file that cannot be read; all bad rows together: no positions, an unknown chromosome, a region
/// without bases or past its chromosome's end, what `row` refuses.
pub fn read_bed_rows<T>(
    path: &Path,
    chroms: &Chroms,
    mut header: impl FnMut(&str),
    mut row: impl FnMut(Region, &[&str]) -> Result<T, RowProblem>,
) -> Result<Vec<T>> {
    let rows = read_rows(path, chroms, false, |line, places| {
        if is_header(line) {
            header(line);
            return None;
        }
        let fields = fields(line);
        Some(region("region", &fields, places).and_then(|region| row(region, &fields)))
    })?;
    Ok(rows.good)
}

/// Comments and what tells a browser how to show the rows. Track lines are often wrapped, also in
/// UCSC's own examples, so that a setting (`itemRgb="On"`) may begin a line.
pub fn is_header(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    let setting = word.split_once('=').map_or("", |(name, _)| name);
    word.starts_with('#')
        || word == "track"
        || word == "browser"
        || !setting.is_empty() && setting.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The region of a row, which the messages call `element`.
pub fn region(
    element: &'static str,
    fields: &[&str],
    places: &mut Places,
) -> Result<Region, RowProblem> {
    let name = field(fields, 0, "chrom")?;
    let start = position("start", field(fields, 1, "start")?)?;
    let end = position("end", field(fields, 2, "end")?)?;
    places.region(element, (name, start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions(text: &str) -> Result<Vec<(u32, u32)>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bed");
        std::fs::write(&path, text).unwrap();
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let regions = read_bed(&path, &chroms)?;
        Ok(regions
            .iter()
            .map(|region| (region.start, region.end))
            .collect())
    }

    #[test]
    fn headers_are_passed_over_and_both_separators_taken() {
        let text = "#comment\nbrowser hide all\ntrack name=a\nitemRgb=\"On\"\nvisibility=2 color=1\n\
                    chr1\t5\t9\tname with spaces\n1 7 1000 x\r\n\n";
        assert_eq!(regions(text).unwrap(), [(5, 9), (7, 1000)]);
    }

    #[test]
    fn a_file_without_regions_is_refused() {
        let said = regions("#nothing\n").unwrap_err().to_string();
        assert!(said.contains("holds no region"), "{said}");
    }

    #[test]
    fn all_bad_rows_are_told() {
        let text = "chr1\t5\nchr1\t9\t9\nchr1\t-1\t4\nchr2\t1\t2\nchr1\t1\t1001\nchr1\t1\t2\n";
        let said = regions(text).unwrap_err().to_string();
        for (line, problem) in [
            (1, "no field for end"),
            (2, "region starts at 9 and ends at 9"),
            (3, "start is not a position: \"-1\""),
            (4, "no chromosome \"chr2\""),
            (5, "region ends at 1001, past the end of chr1 (1000)"),
        ] {
            let row = said.lines().nth(line).unwrap();
            assert!(row.contains(&format!(":{line}: ")), "{row}");
            assert!(row.contains(problem), "{row}");
        }
        assert_eq!(said.lines().count(), 6);
    }
}
