//! TargetFinder's table of pairs: CSV with a header, columns found by name.
//!
//! Whalen, Truty & Pollard 2016, doi:10.1038/ng.3539. Positions come from
//! `{enhancer,promoter}_{chrom,start,end}` or, where those are missing, from
//! `{enhancer,promoter}_name`, which look like `GM12878|chr1:100-200`.

use std::io::BufRead;
use std::path::Path;

use csv::StringRecord;

use super::table::{Row, Rows, label, position};
use crate::error::{Error, Result, RowProblem};

/// Whether a first line is a header of this format.
pub fn matches(line: &str) -> bool {
    let names: Vec<&str> = split(line).collect();
    ["enhancer_chrom", "enhancer_name"]
        .iter()
        .any(|name| names.contains(name))
}

fn split(line: &str) -> impl Iterator<Item = &str> {
    line.trim_start_matches('\u{feff}')
        .trim_end()
        .split([',', '\t'])
        .map(|name| name.trim().trim_matches('"'))
}

/// The rows of a table whose header comes first in `reader`.
pub fn rows<'a>(path: &Path, reader: &'a mut dyn BufRead) -> Result<Rows<'a>> {
    let mut header = String::new();
    reader
        .read_line(&mut header)
        .map_err(|source| Error::format(path, source))?;
    let columns = Columns::find(path, &header)?;
    let delimiter = if header.contains('\t') { b'\t' } else { b',' };
    // A line is a record: no field of these tables holds a line break, and the reader's own count
    // of lines goes wrong at blank ones.
    let rows = reader
        .lines()
        .zip(2..)
        .filter_map(move |(line, number)| match line {
            Ok(line) if line.trim().is_empty() => None,
            Ok(line) => Some((
                number,
                record(&line, delimiter).and_then(|r| columns.row(&r)),
            )),
            Err(error) => Some((number, Err(RowProblem::Unreadable(error.to_string())))),
        });
    Ok(Box::new(rows))
}

/// The fields of a line.
fn record(line: &str, delimiter: u8) -> Result<StringRecord, RowProblem> {
    let mut record = StringRecord::new();
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .trim(csv::Trim::All)
        .buffer_capacity(line.len().max(1))
        .from_reader(line.as_bytes())
        .read_record(&mut record)
        .map_err(|error| RowProblem::Unreadable(error.to_string()))?;
    Ok(record)
}

/// Where an element's position stands.
enum Element {
    /// Chromosome, start, end.
    Columns(&'static str, [usize; 3]),
    /// A name that holds them.
    Name(&'static str, usize),
}

struct Columns {
    enhancer: Element,
    promoter: Element,
    label: Option<usize>,
}

impl Columns {
    fn find(path: &Path, header: &str) -> Result<Self> {
        let names: Vec<&str> = split(header).collect();
        let find = |name: String| names.iter().position(|&other| other == name);
        let element = |element: &'static str| {
            let at = |part| find(format!("{element}_{part}"));
            if let (Some(chrom), Some(start), Some(end)) = (at("chrom"), at("start"), at("end")) {
                return Ok(Element::Columns(element, [chrom, start, end]));
            }
            at("name")
                .map(|name| Element::Name(element, name))
                .ok_or_else(|| {
                    Error::format(
                        path,
                        format!("has neither {element}_chrom, _start and _end nor {element}_name"),
                    )
                })
        };
        Ok(Self {
            enhancer: element("enhancer")?,
            promoter: element("promoter")?,
            label: find("label".to_string()),
        })
    }

    fn row(&self, record: &StringRecord) -> Result<Row, RowProblem> {
        Ok(Row {
            enhancer: self.enhancer.read(record)?,
            promoter: self.promoter.read(record)?,
            label: match self.label {
                Some(at) => Some(label(field(record, at, "label")?)?),
                None => None,
            },
        })
    }
}

fn field<'a>(record: &'a StringRecord, at: usize, name: &str) -> Result<&'a str, RowProblem> {
    record
        .get(at)
        .ok_or_else(|| RowProblem::Missing(name.to_string()))
}

impl Element {
    fn read(&self, record: &StringRecord) -> Result<(String, u32, u32), RowProblem> {
        match *self {
            Self::Columns(element, [chrom, start, end]) => {
                let number = |at, part| {
                    let name = format!("{element}_{part}");
                    position(&name, field(record, at, &name)?)
                };
                Ok((
                    field(record, chrom, &format!("{element}_chrom"))?.to_string(),
                    number(start, "start")?,
                    number(end, "end")?,
                ))
            }
            Self::Name(element, at) => {
                let column = format!("{element}_name");
                let name = field(record, at, &column)?;
                parse_name(name).ok_or(RowProblem::NotAName {
                    column,
                    value: name.to_string(),
                })
            }
        }
    }
}

/// `CELL|chrom:start-end`, or without the cell.
fn parse_name(name: &str) -> Option<(String, u32, u32)> {
    let place = name.rsplit('|').next()?;
    let (chrom, range) = place.rsplit_once(':')?;
    let (start, end) = range.split_once('-')?;
    (!chrom.is_empty()).then_some(())?;
    Some((chrom.to_string(), start.parse().ok()?, end.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u64, Result<Row, RowProblem>)> {
        rows(Path::new("pairs.csv"), &mut text.as_bytes())
            .unwrap()
            .collect()
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let got = read(
            "label,promoter_end,x,enhancer_chrom,enhancer_start,enhancer_end,promoter_chrom,promoter_start\n\
             1,40,y,chr1,10,20,chr1,30\n",
        );
        let row = Row {
            enhancer: ("chr1".into(), 10, 20),
            promoter: ("chr1".into(), 30, 40),
            label: Some(true),
        };
        assert_eq!(got, [(2, Ok(row))]);
    }

    #[test]
    fn names_serve_where_columns_are_missing() {
        let got = read(
            "enhancer_name,promoter_name,label\nK562|chr1:10-20,chr2:30-40,0\nK562|chr1,chr2:30-40,0\n",
        );
        let row = got[0].1.clone().unwrap();
        assert_eq!(row.enhancer, ("chr1".into(), 10, 20));
        assert_eq!(row.promoter, ("chr2".into(), 30, 40));
        assert!(matches!(got[1], (3, Err(RowProblem::NotAName { .. }))));
    }

    #[test]
    fn every_row_has_its_own_line() {
        let got = read(
            "enhancer_name,promoter_name,label\n\
             c|chr1:10-20,c|chr1:30-40,2\n\
             \n\
             c|chr1:-10-20,c|chr1:30-40,1\n\
             c|chr1:10-20\n",
        );
        let lines: Vec<u64> = got.iter().map(|row| row.0).collect();
        assert_eq!(lines, [2, 4, 5]);
        assert!(got.iter().all(|row| row.1.is_err()));
    }
}
