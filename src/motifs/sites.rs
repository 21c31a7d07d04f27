//! Motif sites that a BED file tells of: those of a scan, or other people's.

use std::collections::HashMap;
use std::path::Path;

use tracing::warn;

use super::symbols::from_name;
use crate::error::{BadRow, Error, Result, RowProblem};
use crate::genome::{Chroms, Region, bed_region, is_comment, merge};
use crate::text::Lines;

/// A motif site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Site {
    /// Where.
    pub region: Region,
    /// The place of its matrix in [`Sites::matrices`].
    pub matrix: u32,
    /// Whether it is on the forward strand, where the file says.
    pub forward: Option<bool>,
    /// Log-odds in bits in a file of a scan; in another one the score column, 0 where it has none.
    pub score: f32,
    /// The p-value, in a file of a scan.
    pub p_value: Option<f32>,
}

/// A matrix that sites belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitesMatrix {
    /// The accession; in a file that is not of a scan the name.
    pub id: String,
    /// The name.
    pub name: String,
    /// The factors' symbols; in a file that is not of a scan made from the name.
    pub symbols: Vec<String>,
}

/// Motif sites and their matrices.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sites {
    /// The matrices, in the order in which they were met.
    pub matrices: Vec<SitesMatrix>,
    /// The sites, by region.
    pub sites: Vec<Site>,
}

impl Sites {
    /// Reads the sites of a BED file, plain or gzip, in any order, that lie wholly inside one of the
    /// regions (once merged). Memory grows with those sites alone.
    ///
    /// The fields after the strand are those of a scan, `tracks/motifSites.as`, where there are four
    /// of them at least and the last two are numbers. Sites on chromosomes that the reference does
    /// not have are passed over, and it is said.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; all bad rows together: no positions or name, a strand or score that
    /// is none, a site past its chromosome's end; no site on any chromosome of the reference.
    pub fn read(path: &Path, chroms: &Chroms, regions: &[Region]) -> Result<Self> {
        let regions = merge(regions.iter().copied());
        let mut lines = Lines::open(path)?;
        let mut found = Self::default();
        let mut matrices = HashMap::new();
        let (mut rows, mut known, mut unknown) = (Vec::new(), 0u64, 0u64);
        while let Some((line, text)) = lines.next_line()? {
            if is_comment(&text) {
                continue;
            }
            match Row::parse(&text, chroms) {
                Ok(row) => {
                    known += 1;
                    if inside(&regions, row.region) {
                        found.add(row, &mut matrices);
                    }
                }
                Err(RowProblem::UnknownChromosome(_)) => unknown += 1,
                Err(problem) => rows.push(BadRow { line, problem }),
            }
        }
        if !rows.is_empty() {
            let path = path.to_path_buf();
            return Err(Error::BadRows { path, rows });
        }
        if known == 0 {
            return Err(Error::format(
                path,
                "holds no site on a chromosome of the reference",
            ));
        }
        if unknown > 0 {
            let path = path.display();
            warn!("{path}: {unknown} sites on chromosomes that the reference does not have");
        }
        found
            .sites
            .sort_by_key(|site| (site.region, site.matrix, site.forward));
        Ok(found)
    }

    /// The sites that lie wholly inside a region.
    pub fn within(&self, region: Region) -> impl Iterator<Item = &Site> {
        let key = |region: Region| (region.chrom, region.start);
        let first = self
            .sites
            .partition_point(|site| key(site.region) < key(region));
        let end = (region.chrom, region.end);
        let near = self.sites[first..]
            .iter()
            .take_while(move |site| key(site.region) < end);
        near.filter(move |site| site.region.end <= region.end)
    }

    fn add(&mut self, row: Row, matrices: &mut HashMap<String, u32>) {
        let next = self.matrices.len() as u32;
        let matrix = match matrices.get(row.id) {
            Some(&matrix) => matrix,
            None => {
                self.matrices.push(row.matrix());
                matrices.insert(row.id.to_string(), next);
                next
            }
        };
        self.sites.push(Site {
            region: row.region,
            matrix,
            forward: row.forward,
            score: row.score,
            p_value: row.p_value,
        });
    }
}

/// Whether one of some merged regions holds the whole of another.
fn inside(merged: &[Region], site: Region) -> bool {
    let after =
        merged.partition_point(|region| (region.chrom, region.start) <= (site.chrom, site.start));
    let before = after.checked_sub(1).and_then(|at| merged.get(at));
    before.is_some_and(|region| region.chrom == site.chrom && site.end <= region.end)
}

/// A line of the file.
struct Row<'a> {
    region: Region,
    id: &'a str,
    name: &'a str,
    symbols: Option<&'a str>,
    forward: Option<bool>,
    score: f32,
    p_value: Option<f32>,
}

impl<'a> Row<'a> {
    fn parse(text: &'a str, chroms: &Chroms) -> Result<Self, RowProblem> {
        let fields: Vec<&str> = text.split('\t').map(str::trim).collect();
        let (region, _) = bed_region(&fields, chroms)?;
        let unreadable =
            |what: &str, value: &str| RowProblem::Unreadable(format!("{what} is none: {value:?}"));
        let name = fields.get(3).copied().filter(|name| !name.is_empty());
        let name = name.ok_or(RowProblem::Missing("name".to_string()))?;
        let forward = match fields.get(5).copied().unwrap_or(".") {
            "+" => Some(true),
            "-" => Some(false),
            "." => None,
            other => return Err(unreadable("the strand", other)),
        };
        let number = |text: &str| text.parse::<f32>().ok().filter(|number| number.is_finite());
        let scan = match fields[..] {
            [_, _, _, _, _, _, id, symbols, bits, p, ..] if !id.is_empty() => number(bits)
                .zip(number(p))
                .map(|(bits, p)| (id, symbols, bits, p)),
            _ => None,
        };
        let score = match fields.get(4).copied().unwrap_or(".") {
            "." => 0.0,
            text => number(text).ok_or_else(|| unreadable("the score", text))?,
        };
        Ok(Self {
            region,
            id: scan.map_or(name, |(id, ..)| id),
            name,
            symbols: scan.map(|(_, symbols, ..)| symbols),
            forward,
            score: scan.map_or(score, |(_, _, bits, _)| bits),
            p_value: scan.map(|(.., p)| p),
        })
    }

    fn matrix(&self) -> SitesMatrix {
        SitesMatrix {
            id: self.id.to_string(),
            name: self.name.to_string(),
            symbols: match self.symbols {
                Some(symbols) => symbols.split(',').map(str::to_string).collect(),
                None => from_name(self.name),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use std::io::Write;

    fn region(chrom: u32, start: u32, end: u32) -> Region {
        let chrom = ChromId(chrom);
        Region { chrom, start, end }
    }

    fn read(text: &str, regions: &[Region]) -> Result<Sites> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sites.bed.gz");
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Default::default());
        gzip.write_all(text.as_bytes()).unwrap();
        std::fs::write(&path, gzip.finish().unwrap()).unwrap();
        let chroms = Chroms::new([("chr1".to_string(), 1000), ("chr2".to_string(), 500)]).unwrap();
        Sites::read(&path, &chroms, regions)
    }

    #[test]
    fn sites_of_a_scan_keep_all_they_have() {
        let text = "chr2\t10\t20\tFOS::JUN\t420\t-\tMA1\tFOS,JUN\t9.125\t6.3e-5\n\
            chr1\t5\t9\tCTCF\t1000\t+\tMA2\tCTCF\t20.5\t1e-11\n\
            chr1\t7\t17\tFOS::JUN\t400\t+\tMA1\tFOS,JUN\t9\t1e-4\n";
        let got = read(text, &[region(0, 0, 1000), region(1, 0, 500)]).unwrap();
        assert_eq!(got.matrices[0].symbols, ["FOS", "JUN"]);
        assert_eq!(
            (&*got.matrices[1].id, &*got.matrices[1].name),
            ("MA2", "CTCF")
        );
        let places: Vec<(Region, u32)> = got
            .sites
            .iter()
            .map(|site| (site.region, site.matrix))
            .collect();
        assert_eq!(
            places,
            [
                (region(0, 5, 9), 1),
                (region(0, 7, 17), 0),
                (region(1, 10, 20), 0)
            ]
        );
        let last = got.sites[2];
        assert_eq!(
            (last.forward, last.score, last.p_value),
            (Some(false), 9.125, Some(6.3e-5))
        );
        let within = |region| got.within(region).count();
        assert_eq!(
            [
                within(region(0, 5, 17)),
                within(region(0, 6, 17)),
                within(region(0, 5, 16))
            ],
            [2, 1, 1]
        );
        assert_eq!(within(region(1, 0, 500)), 1);
    }

    #[test]
    fn other_files_need_no_more_than_names() {
        let text =
            "track x\nchr1\t5\t9\tfos::jun\nchr1\t5\t9\tb\t7.5\t.\tx\ty\tz\tw\nchrX\t1\t2\tb\n";
        let got = read(text, &[region(0, 0, 9)]).unwrap();
        assert_eq!(got.matrices[0].symbols, ["FOS", "JUN"]);
        assert_eq!((got.sites[0].score, got.sites[0].forward), (0.0, None));
        assert_eq!((got.sites[1].score, got.sites[1].p_value), (7.5, None));
    }

    #[test]
    fn only_sites_wholly_inside_a_merged_region_are_kept() {
        let text = "chr1\t5\t9\ta\nchr1\t4\t9\tb\nchr1\t8\t12\tc\nchr1\t18\t21\td\nchr2\t5\t9\te\n";
        let got = read(text, &[region(0, 10, 20), region(0, 5, 10)]).unwrap();
        let names: Vec<&str> = got.matrices.iter().map(|matrix| &*matrix.name).collect();
        assert_eq!(names, ["a", "c"]);
    }

    #[test]
    fn all_bad_rows_are_told() {
        let text = "chr1\t5\t9\nchr1\t5\tx\ta\nchr1\t5\t9\ta\tb\nchr1\t5\t9\ta\t1\t*\n\
            chr1\t5\t1001\ta\nchr1\t5\t9\ta\tNaN\nchr1\t5\t9\ta\n";
        let Err(Error::BadRows { rows, .. }) = read(text, &[]) else {
            panic!("the file is bad");
        };
        let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6]);
        assert!(read("chrX\t1\t2\ta\n", &[]).is_err());
    }
}
