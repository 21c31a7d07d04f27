//! TargetFinder's table of pairs: CSV with a header, columns found by name.
//!
//! Whalen, Truty & Pollard 2016, doi:10.1038/ng.3539. Positions come from
//! `{enhancer,promoter}_{chrom,start,end}` or, where those are missing, from
//! `{enhancer,promoter}_name`, which look like `GM12878|chr1:100-200`. Tables of TransEPI
//! (<https://github.com/biomed-AI/TransEPI>) are read too: their names are `enh_name` and
//! `prom_name` and look like `chr1:100-200|GM12878|_`.

use std::path::Path;

use csv::StringRecord;

use super::gene::GeneColumns;
use super::row::{Row, label_in};
use crate::element::{Element, Sides};
use crate::error::{Error, Result, RowProblem};
use crate::genome::position;

/// Whether a first line is a header of this format.
pub fn matches(line: &str) -> bool {
    let names = names(line);
    ["enhancer_chrom", "enhancer_name", "enh_name"]
        .iter()
        .any(|&wanted| names.iter().any(|name| name == wanted))
}

/// The column names of a header.
pub fn names(header: &str) -> StringRecord {
    record(header, delimiter(header)).unwrap_or_default()
}

/// The delimiter of a table with this header: tab, or else comma.
pub fn delimiter(header: &str) -> u8 {
    if header.contains('\t') { b'\t' } else { b',' }
}

/// The fields of a line: no field of these tables holds a line break.
pub fn record(line: &str, delimiter: u8) -> Result<StringRecord, RowProblem> {
    if !line.contains('"') {
        let fields = line.split(char::from(delimiter)).map(str::trim);
        return Ok(fields.collect());
    }
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
enum Position {
    /// Chromosome, start, end.
    Columns(Element, [usize; 3]),
    /// A name that holds them: its column's name and place.
    Name(String, usize),
}

/// Where everything stands in a table.
pub struct Columns {
    delimiter: u8,
    elements: Sides<Position>,
    label: Option<usize>,
    genes: GeneColumns,
}

impl Columns {
    /// From the header.
    pub fn find(path: &Path, header: &str) -> Result<Self> {
        let names = names(header);
        let find = |name: String| names.iter().position(|other| other == name);
        let elements = Sides::from_fn(|element| {
            let at = |part| find(format!("{}_{part}", element.name()));
            if let (Some(chrom), Some(start), Some(end)) = (at("chrom"), at("start"), at("end")) {
                return Ok(Position::Columns(element, [chrom, start, end]));
            }
            let columns = [element.name(), short(element)].map(|element| format!("{element}_name"));
            let mut columns = columns.into_iter();
            let named = columns.find_map(|name| Some(Position::Name(name.clone(), find(name)?)));
            named.ok_or_else(|| {
                let name = element.name();
                let problem = format!("has neither {name}_chrom, _start and _end nor {name}_name");
                Error::format(path, problem)
            })
        });
        Ok(Self {
            delimiter: delimiter(header),
            elements: elements.transpose()?,
            label: find("label".to_string()),
            genes: GeneColumns::find(&names.iter().collect::<Vec<_>>()),
        })
    }

    /// The row that a record holds.
    pub fn read(&self, record: &StringRecord) -> Result<Row, RowProblem> {
        let elements = self.elements.as_ref().map(|at| at.read(record));
        Ok(Row {
            elements: elements.transpose()?,
            label: label_in(self.label, |at| field(record, at, "label"))?,
            gene: self.genes.gene(|at| record.get(at)),
        })
    }

    /// The row of a line; none where it is the header.
    pub fn row(&self, line: &str) -> Option<Result<Row, RowProblem>> {
        let record = record(line, self.delimiter);
        let header = |record: &StringRecord| match &self.elements.enhancer {
            Position::Columns(_, [chrom, ..]) => record.get(*chrom) == Some("enhancer_chrom"),
            Position::Name(column, at) => record.get(*at) == Some(column),
        };
        match record {
            Ok(record) if header(&record) => None,
            record => Some(record.and_then(|record| self.read(&record))),
        }
    }
}

fn field<'a>(record: &'a StringRecord, at: usize, name: &str) -> Result<&'a str, RowProblem> {
    let field = record.get(at);
    field.ok_or_else(|| RowProblem::Missing(name.to_string()))
}

impl Position {
    fn read(&self, record: &StringRecord) -> Result<(String, u32, u32), RowProblem> {
        match self {
            &Self::Columns(element, [chrom, start, end]) => {
                let name = |part| format!("{}_{part}", element.name());
                let number = |at, part| {
                    let name = name(part);
                    position(&name, field(record, at, &name)?)
                };
                Ok((
                    field(record, chrom, &name("chrom"))?.to_string(),
                    number(start, "start")?,
                    number(end, "end")?,
                ))
            }
            Self::Name(column, at) => {
                let name = field(record, *at, column)?;
                parse_name(name).ok_or(RowProblem::NotAName {
                    column: column.clone(),
                    value: name.to_string(),
                })
            }
        }
    }
}

/// TransEPI's word for an element.
fn short(element: Element) -> &'static str {
    match element {
        Element::Enhancer => "enh",
        Element::Promoter => "prom",
    }
}

/// `CELL|chrom:start-end`, `chrom:start-end|CELL|_`, or without the cell.
fn parse_name(name: &str) -> Option<(String, u32, u32)> {
    name.split('|').rev().find_map(parse_place)
}

fn parse_place(place: &str) -> Option<(String, u32, u32)> {
    let (chrom, range) = place.rsplit_once(':')?;
    let (start, end) = range.split_once('-')?;
    (!chrom.is_empty()).then_some(())?;
    Some((chrom.to_string(), start.parse().ok()?, end.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pairs::Gene;

    fn read(text: &str) -> Vec<Result<Row, RowProblem>> {
        let columns = Columns::find(Path::new("pairs.csv"), text.lines().next().unwrap()).unwrap();
        text.lines().filter_map(|line| columns.row(line)).collect()
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let got = read(
            "label,promoter_end,x,enhancer_chrom,enhancer_start,enhancer_end,promoter_chrom,promoter_start\n\
             1,40,y,chr1,10,20,chr1,30\n",
        );
        let row = Row {
            elements: Sides::new(("chr1".into(), 10, 20), ("chr1".into(), 30, 40)),
            label: Some(true),
            gene: None,
        };
        assert_eq!(got, [Ok(row)]);
    }

    #[test]
    fn names_serve_where_columns_are_missing() {
        let got = read(
            "enhancer_name,promoter_name,label\nK562|chr1:10-20,chr2:30-40,0\nK562|chr1,chr2:30-40,0\n",
        );
        let row = got[0].clone().unwrap();
        assert_eq!(row.elements.enhancer, ("chr1".into(), 10, 20));
        assert_eq!(row.elements.promoter, ("chr2".into(), 30, 40));
        assert!(matches!(got[1], Err(RowProblem::NotAName { .. })));
    }

    #[test]
    fn names_of_transepi_serve_too() {
        let got = read("label,enh_name,prom_name\n1,chr1:10-20|K562|_,chr1:30-40|K562|_\n");
        let row = got[0].clone().unwrap();
        assert_eq!(row.elements.enhancer, ("chr1".into(), 10, 20));
        assert_eq!(row.elements.promoter, ("chr1".into(), 30, 40));
    }

    #[test]
    fn a_gene_is_kept_and_a_place_is_none() {
        let got = read(
            "enhancer_name,promoter_name,label,gene_name\n\
             c|chr1:10-20,c|chr1:30-40,1,MYC\nc|chr1:10-20,c|chr1:50-60,0,\n",
        );
        let genes = got.into_iter().map(|row| row.unwrap().gene);
        let names: Vec<_> = genes.map(|gene| gene.map(Gene::name)).collect();
        assert_eq!(names, [Some("MYC"), None]);
        let named = read(
            "enhancer_chrom,enhancer_start,enhancer_end,promoter_chrom,promoter_start,\
             promoter_end,promoter_name\nchr1,10,20,chr1,30,40,GATA1\n",
        );
        assert_eq!(named[0].clone().unwrap().gene, Gene::new("GATA1"));
    }

    #[test]
    fn quoted_names_and_fields_keep_their_columns() {
        let got =
            read("\"a,b\",enhancer_name,promoter_name,label\n\"x,y\",c|chr1:1-2,c|chr1:3-4,1\n");
        assert_eq!(
            got[0].clone().unwrap().elements.promoter,
            ("chr1".into(), 3, 4)
        );
    }

    #[test]
    fn bad_rows_say_what_is_wrong() {
        let got = read(
            "enhancer_name,promoter_name,label\n\
             c|chr1:10-20,c|chr1:30-40,2\n\
             c|chr1:-10-20,c|chr1:30-40,1\n\
             c|chr1:10-20\n",
        );
        assert_eq!(got.len(), 3);
        assert!(got.iter().all(Result::is_err));
    }
}
