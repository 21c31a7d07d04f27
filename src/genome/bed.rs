//! BED files (<https://genome.ucsc.edu/FAQ/FAQformat.html#format1>): every reader of one comes
//! through here, and noodles reads the rows.
//!
//! noodles knows rows whose fields tabs separate, and no `track`, `browser` and blank lines. Files
//! that people bring along have all of these, and their bad rows are told with their lines: so
//! noodles gets one row at a time, its fields joined by tabs.

use std::path::Path;

use noodles_bed as bed;

use super::chroms::Chroms;
use super::region::Region;
use super::rows::{Places, field, fields, is_passed_over, position, read_rows};
use crate::error::{Error, Result, RowProblem};

/// The columns that every row has; noodles calls those behind them its other fields.
const STANDARD: usize = 3;

/// Whether a row may hold no base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    /// It may: some programs write a point as a row that ends where it begins.
    Allowed,
    /// It is a bad row.
    Refused,
}

/// Reads the rows of a BED file, one after the other.
pub struct BedReader {
    element: &'static str,
    empty: Empty,
    /// Whether no row was read yet.
    first: bool,
    /// The row, with tabs between its fields.
    text: Vec<u8>,
    record: bed::Record<STANDARD>,
}

/// A row of a BED file, of which no reference has been asked.
pub struct BedRow<'a> {
    element: &'static str,
    /// What the file calls the chromosome.
    pub chrom: &'a str,
    /// First base, from 0.
    pub start: u32,
    /// One past the last base; not before the start.
    pub end: u32,
    /// The fields from the fourth column on.
    pub others: Vec<&'a str>,
}

impl BedReader {
    /// Of rows that messages call `element`.
    pub fn new(element: &'static str, empty: Empty) -> Self {
        Self {
            element,
            empty,
            first: true,
            text: Vec::new(),
            record: bed::Record::default(),
        }
    }

    /// What `row` makes of a line; nothing of a header, which the first line that names columns is too.
    pub fn row<T>(
        &mut self,
        line: &str,
        row: impl FnOnce(&BedRow) -> Result<T, RowProblem>,
    ) -> Option<Result<T, RowProblem>> {
        if is_header(line) {
            return None;
        }
        let fields = fields(line);
        let is_first = std::mem::take(&mut self.first);
        let is_names = is_first && is_passed_over(line, &fields, &[1, 2]);
        (!is_names).then(|| self.read(&fields, row))
    }

    fn read<T>(
        &mut self,
        fields: &[&str],
        row: impl FnOnce(&BedRow) -> Result<T, RowProblem>,
    ) -> Result<T, RowProblem> {
        field(fields, 0, "chrom")?;
        let (start_text, end_text) = (field(fields, 1, "start")?, field(fields, 2, "end")?);
        self.text.clear();
        for field in fields {
            self.text.extend_from_slice(field.as_bytes());
            self.text.push(b'\t');
        }
        // noodles takes an empty last field for one only before the end of a line.
        self.text.pop();
        self.text.push(b'\n');
        bed::io::Reader::<STANDARD, _>::new(self.text.as_slice())
            .read_record(&mut self.record)
            .map_err(|error| RowProblem::Unreadable(error.to_string()))?;

        // What is no position to noodles is refused in our own words.
        let start = self.record.feature_start().ok();
        let start = start.and_then(|start| u32::try_from(start.get() - 1).ok());
        let start = start.map_or_else(|| position("start", start_text), Ok)?;
        // noodles counts from 1 and takes an end of 0 for none.
        let end = self.record.feature_end();
        let end = end.map_or(Some(0), |end| u32::try_from(end.ok()?.get()).ok());
        let end = end.map_or_else(|| position("end", end_text), Ok)?;
        if end < start || end == start && self.empty == Empty::Refused {
            return Err(RowProblem::Reversed {
                element: self.element,
                start,
                end,
            });
        }
        let others = self.record.other_fields();
        row(&BedRow {
            element: self.element,
            chrom: text(self.record.reference_sequence_name()),
            start,
            end,
            others: others.iter().map(|field| text(field)).collect(),
        })
    }
}

impl<'a> BedRow<'a> {
    /// The region of the reference that the row names.
    ///
    /// # Errors
    ///
    /// A chromosome that the reference has not; no base, or some past the chromosome's end.
    pub fn region(&self, places: &mut Places) -> Result<Region, RowProblem> {
        places.region(self.element, (self.chrom, self.start, self.end))
    }

    /// The field of a column behind the first three, counted from 0.
    pub fn get(&self, column: usize) -> Option<&'a str> {
        self.others.get(column.checked_sub(STANDARD)?).copied()
    }

    /// The field of a column behind the first three, counted from 0, which the row must have.
    ///
    /// # Errors
    ///
    /// That it has not.
    pub fn field(&self, column: usize, name: &str) -> Result<&'a str, RowProblem> {
        self.get(column)
            .ok_or_else(|| RowProblem::Missing(name.to_string()))
    }
}

/// A field of a row that was text before noodles cut it at its tabs.
fn text(field: &[u8]) -> &str {
    std::str::from_utf8(field).unwrap_or_default()
}

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

/// Reads a BED file, plain or gzip, row by row: `row` gets the region and the row, whose fields
/// stand between tabs or, where it has none, between white space. Comments and what tells a browser
/// how to show the rows go to `header`.
///
/// # Errors
///
/// A file that cannot be read; all bad rows together: no positions, an unknown chromosome, a region
/// without bases or past its chromosome's end, what `row` refuses.
pub fn read_bed_rows<T>(
    path: &Path,
    chroms: &Chroms,
    mut header: impl FnMut(&str),
    mut row: impl FnMut(Region, &BedRow) -> Result<T, RowProblem>,
) -> Result<Vec<T>> {
    let mut reader = BedReader::new("region", Empty::Refused);
    let rows = read_rows(path, chroms, false, |line, places| {
        let read = reader.row(line, |found| row(found.region(places)?, found));
        if read.is_none() {
            header(line);
        }
        read
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

/// What noodles' writer makes of the BED6 rows of a text, as noodles' reader understands them: the
/// oracle of our own writers, which write names that noodles' refuses.
#[cfg(test)]
pub fn rewritten(text: &str) -> std::io::Result<String> {
    let mut reader = bed::io::Reader::<6, _>::new(text.as_bytes());
    let mut writer = bed::io::Writer::<6, _>::new(Vec::new());
    let mut record = bed::Record::<6>::default();
    while reader.read_record(&mut record)? != 0 {
        writer.write_record(&record)?;
    }
    String::from_utf8(writer.into_inner()).map_err(std::io::Error::other)
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
                    chrom\tchromStart\tchromEnd\nchr1\t5\t9\tname with spaces\n1 7 1000 x\r\n\n";
        assert_eq!(regions(text).unwrap(), [(5, 9), (7, 1000)]);
    }

    #[test]
    fn a_file_without_regions_is_refused() {
        let said = regions("#nothing\n").unwrap_err().to_string();
        assert!(said.contains("holds no region"), "{said}");
    }

    #[test]
    fn a_point_is_a_row_where_it_may_be() {
        let read = |empty, line: &str| {
            let read = BedReader::new("site", empty)
                .row(line, |row| Ok((row.start, row.end, row.others.join("|"))));
            read.unwrap()
        };
        let point = "chr1\t0\t0\t\tx\t";
        assert_eq!(read(Empty::Allowed, point), Ok((0, 0, "|x|".to_string())));
        for (empty, line, wanted) in [
            (Empty::Refused, point, "site starts at 0 and ends at 0"),
            (Empty::Allowed, "chr1 9 8", "site starts at 9 and ends at 8"),
            (
                Empty::Allowed,
                "chr1\t9\t4294967296",
                "end is not a position: \"4294967296\"",
            ),
        ] {
            assert_eq!(read(empty, line).unwrap_err().to_string(), wanted);
        }
    }

    #[test]
    fn further_fields_are_counted_from_the_first_column() {
        let read = BedReader::new("site", Empty::Refused).row("a b\t1\t2\tn", |row| {
            assert_eq!(
                (row.chrom, row.get(2), row.get(3)),
                ("a b", None, Some("n"))
            );
            row.field(4, "score").map(str::to_string)
        });
        assert_eq!(read, Some(Err(RowProblem::Missing("score".to_string()))));
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
