//! BENGI's table of pairs: accession of a cCRE, gene, label, cross-validation group.
//!
//! Moore, Pratt, Purcaro & Weng 2020, doi:10.1186/s13059-019-1924-8. The elements' places stand
//! in two annotation files of the same repository. The promoter of a pair is the TSS of the gene
//! nearest to the cCRE, as in the authors' scripts, and 500 bases to either side of it.

use std::collections::HashMap;
use std::path::Path;

use super::row::{Row, label};
use crate::element::Sides;
use crate::error::{Error, Result, RowProblem};
use crate::genome::{BedReader, BedRow, Chroms, Empty};
use crate::pairs::Gene;
use crate::text::Lines;

/// Bases to either side of a TSS that make up a promoter.
const PROMOTER_FLANK: u32 = 500;

/// Where accessions and genes lie.
#[derive(Debug, Clone, Default)]
pub struct Annotation {
    ccres: HashMap<String, (String, u32, u32)>,
    tss: HashMap<String, Vec<Tss>>,
}

/// A transcription start site.
#[derive(Debug, Clone)]
struct Tss {
    chrom: String,
    position: u32,
    /// The chromosome's length, which no promoter passes.
    limit: u32,
}

impl Annotation {
    /// Reads `hg19-cCREs.bed.gz` (accession in column 5, or 4) and `GENCODEv19-TSSs.bed.gz` (gene
    /// in column 7).
    ///
    /// # Errors
    ///
    /// A file that cannot be read; a row without position or name.
    pub fn read(ccres: &Path, tss: &Path, chroms: &Chroms) -> Result<Self> {
        let mut annotation = Self::default();
        each_row(ccres, "cCRE", |row| {
            row.field(3, "name")?;
            for name in row.others.iter().take(2) {
                let place = (row.chrom.to_string(), row.start, row.end);
                annotation.ccres.insert(name.to_string(), place);
            }
            Ok(())
        })?;
        each_row(tss, "start site", |row| {
            row.field(3, "name")?;
            let gene = row.field(6, "gene")?;
            let found = chroms.find(row.chrom);
            let starts = annotation.tss.entry(gene.to_string()).or_default();
            starts.push(Tss {
                chrom: row.chrom.to_string(),
                position: row.start,
                limit: found.map_or(u32::MAX, |(id, _)| chroms.length(id)),
            });
            Ok(())
        })?;
        Ok(annotation)
    }

    /// The row of a line.
    pub(super) fn row(&self, line: &str) -> Result<Row, RowProblem> {
        let fields: Vec<&str> = line.trim_end().split('\t').map(str::trim).collect();
        let [accession, gene, value, ..] = fields[..] else {
            return Err(RowProblem::Missing("label".to_string()));
        };
        let unknown = |name: &str| RowProblem::UnknownAccession(name.to_string());
        let enhancer = self.ccres.get(accession);
        let enhancer = enhancer.ok_or_else(|| unknown(accession))?;
        let starts = self.tss.get(gene).into_iter().flatten();
        let distance = |tss: u32| enhancer.1.abs_diff(tss).min(enhancer.2.abs_diff(tss));
        let tss = starts
            .min_by_key(|tss| (tss.chrom != enhancer.0, distance(tss.position)))
            .ok_or_else(|| unknown(gene))?;
        let start = tss.position.saturating_sub(PROMOTER_FLANK);
        let end = tss.position.saturating_add(PROMOTER_FLANK);
        let promoter = (tss.chrom.clone(), start, end.min(tss.limit));
        Ok(Row {
            elements: Sides::new(enhancer.clone(), promoter),
            label: label(value)?,
            gene: Gene::new(gene),
        })
    }
}

/// Reads a BED file up to its first bad row. The start sites of the repository have no length.
fn each_row(
    path: &Path,
    element: &'static str,
    mut each: impl FnMut(&BedRow) -> Result<(), RowProblem>,
) -> Result<()> {
    let mut lines = Lines::open(path)?;
    let mut reader = BedReader::new(element, Empty::Allowed);
    while let Some((number, line)) = lines.next_line()? {
        if let Some(Err(problem)) = reader.row(&line, &mut each) {
            return Err(Error::format(path, format!("line {number}: {problem}")));
        }
    }
    Ok(())
}

/// Whether a first line is a row of this format.
pub fn matches(line: &str) -> bool {
    let fields: Vec<&str> = line.trim_end().split('\t').map(str::trim).collect();
    (3..=4).contains(&fields.len()) && fields[0].starts_with('E') && fields[1].starts_with("ENS")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_promoter_is_the_nearest_start_of_the_gene() {
        let annotation = Annotation {
            ccres: HashMap::from([("EH37E1".into(), ("chr1".into(), 10_000, 10_300))]),
            tss: HashMap::from([(
                "ENSG1.1".into(),
                [("chr1", 90_000), ("chr1", 30_000), ("chr2", 10_000)]
                    .map(|(chrom, position)| Tss {
                        chrom: chrom.into(),
                        position,
                        limit: 30_200,
                    })
                    .to_vec(),
            )]),
        };
        let text = "EH37E1\tENSG1.1\t1 \tcv-0\nEH37E2\tENSG1.1\t0 \tcv-0\n";
        assert!(matches(text.lines().next().unwrap()));
        let got: Vec<_> = text.lines().map(|line| annotation.row(line)).collect();
        let row = got[0].clone().unwrap();
        assert_eq!(row.elements.promoter, ("chr1".into(), 29_500, 30_200));
        assert_eq!(row.label, Some(true));
        assert_eq!(row.gene.map(Gene::name), Some("ENSG1.1"));
        assert_eq!(got[1], Err(RowProblem::UnknownAccession("EH37E2".into())));
    }
}
