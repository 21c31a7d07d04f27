//! Promoters around transcription start sites.

use std::path::Path;
use std::str::FromStr;

use serde::Serialize;

use super::called::Site;
use crate::error::{Error, Result, RowProblem};
use crate::genome::{
    BedReader, BedRow, Empty, GtfReader, GtfRow, Places, Region, Strand, fields, is_bed_header,
    is_gtf,
};
use crate::text::choice::{Choice, Named};

/// What messages call a row.
const START_SITE: &str = "start site";

/// How far a promoter reaches from its transcription start site, in bases.
///
/// The site itself is the first of the bases downstream. TargetFinder's promoters are ChromHMM's
/// active promoter segments and have no such number; BENGI's are 500 bases to either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Flank {
    /// Bases before the site, seen along the strand of the gene.
    pub upstream: u32,
    /// Bases from the site on.
    pub downstream: u32,
}

impl FromStr for Flank {
    type Err = String;

    /// `500`, or `1000,200` for upstream and downstream.
    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| {
            text.trim()
                .parse()
                .map_err(|_| format!("{text:?} is not a number of bases"))
        };
        let (upstream, downstream) = text.split_once(',').unwrap_or((text, text));
        Ok(Self {
            upstream: number(upstream)?,
            downstream: number(downstream)?,
        })
    }
}

/// Which rows of a GTF file have a transcription start site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TssFeature {
    /// Every transcript.
    #[default]
    Transcript,
    /// Only the outermost start of a gene.
    Gene,
}

impl Choice for TssFeature {
    const ALL: &'static [Named<Self>] = &[
        (Self::Transcript, "transcript", "Every transcript"),
        (
            Self::Gene,
            "gene",
            "Only the outermost start of a gene, as TargetFinder took it",
        ),
    ];
}

/// Turns the rows of BED or GTF into promoters.
pub struct TssReader {
    flank: Flank,
    feature: TssFeature,
    /// Whether this is GTF, once a row has told.
    gtf: Option<bool>,
    gtf_rows: GtfReader,
    bed: BedReader,
    /// Whether a row of GTF had the feature.
    found: bool,
}

/// A transcription start site.
struct Tss<'a> {
    chrom: &'a str,
    /// 0-based.
    position: u32,
    forward: bool,
    /// As the row has it.
    strand: &'a str,
    gene: Option<&'a str>,
    transcript: Option<&'a str>,
}

impl TssReader {
    /// Takes the format from the first row.
    pub fn new(flank: Flank, feature: TssFeature) -> Self {
        Self {
            flank,
            feature,
            gtf: None,
            gtf_rows: GtfReader::default(),
            bed: BedReader::new(START_SITE, Empty::Allowed),
            found: false,
        }
    }

    /// The promoter of a row, and what its start site is called; nothing of a row that is no start
    /// site.
    pub fn row(
        &mut self,
        line: &str,
        places: &mut Places,
    ) -> Option<Result<(Region, Site), RowProblem>> {
        if is_bed_header(line) {
            return None;
        }
        let flank = self.flank;
        if !*self.gtf.get_or_insert_with(|| is_gtf(&fields(line))) {
            return self.bed.row(line, |row| flank.promoter(bed(row)?, places));
        }
        let row = match self.gtf_rows.row(line) {
            Ok(row) => row,
            Err(problem) => return Some(Err(problem)),
        };
        if row.feature() != self.feature.name() {
            return None;
        }
        self.found = true;
        Some(gtf(&row).and_then(|tss| flank.promoter(tss, places)))
    }

    /// Says of a GTF file without a row of the feature that it is that which is missing.
    pub fn explain(&self, path: &Path, error: Error) -> Error {
        if self.gtf != Some(true) || self.found {
            return error;
        }
        let feature = self.feature.name();
        Error::format(path, format!("has no row of the feature {feature}"))
    }
}

impl Flank {
    fn promoter(self, tss: Tss, places: &mut Places) -> Result<(Region, Site), RowProblem> {
        let after = tss.position.saturating_add(1);
        let site = places.region(START_SITE, (tss.chrom, tss.position, after))?;
        let (origin, before, behind) = if tss.forward {
            (tss.position, self.upstream, self.downstream)
        } else {
            (after, self.downstream, self.upstream)
        };
        let end = origin.saturating_add(behind);
        let end = end.min(places.chroms().length(site.chrom));
        let start = origin.saturating_sub(before);
        let promoter = places.region("promoter", (tss.chrom, start, end))?;
        Ok((promoter, tss.called()))
    }
}

impl Tss<'_> {
    fn called(&self) -> Site {
        Site {
            gene: self.gene.map(str::to_string),
            strand: match self.strand {
                "+" => '+',
                "-" => '-',
                _ => '.',
            },
            transcript: self.transcript.map(str::to_string),
        }
    }
}

/// A row of BED: the site is the first base of the row in the direction of its strand, `+` where
/// it has none. A row of no length, as some programs write points, stands for the base at its
/// start. Its name is taken for the gene's.
fn bed<'a>(row: &BedRow<'a>) -> Result<Tss<'a>, RowProblem> {
    let strand = row.get(5).unwrap_or(".");
    let forward = forward(strand)?;
    Ok(Tss {
        chrom: row.chrom,
        position: if forward || row.end == row.start {
            row.start
        } else {
            row.end - 1
        },
        forward,
        strand,
        gene: row.get(3).filter(|name| !matches!(*name, "" | ".")),
        transcript: None,
    })
}

/// A row of GTF: the site is the first base in the direction of the strand.
fn gtf<'a>(row: &GtfRow<'a>) -> Result<Tss<'a>, RowProblem> {
    let (start, end) = row.place(START_SITE)?;
    let strand = row.strand_text()?;
    let forward = forward(strand)?;
    Ok(Tss {
        chrom: row.chrom()?,
        position: if forward { start } else { end - 1 },
        forward,
        strand,
        gene: row.gene(),
        transcript: row.attribute("transcript_id"),
    })
}

/// Whether a site without a strand, or on this one, reads towards higher positions.
fn forward(strand: &str) -> Result<bool, RowProblem> {
    Ok(Strand::read(strand)? != Some(Strand::Reverse))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::Chroms;
    use crate::pairs::make::Elements;

    const FLANK: Flank = Flank {
        upstream: 100,
        downstream: 30,
    };

    fn read(text: &str, flank: Flank, feature: TssFeature) -> Result<Vec<(u32, u32)>, String> {
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tss");
        std::fs::write(&path, text).unwrap();
        let elements = Elements::read_tss(&path, flank, feature, &chroms, false);
        let elements = elements.map_err(|error| error.to_string())?;
        let regions = elements.index.regions();
        Ok(regions.map(|region| (region.start, region.end)).collect())
    }

    #[test]
    fn the_start_site_is_the_first_base_downstream() {
        let bed = "track name=x\n1\t500\t501\tA\t0\t+\n1\t700\t701\tB\t0\t-\n";
        let got = read(bed, FLANK, TssFeature::Transcript).unwrap();
        // Base 500 is the 31st last of the first, base 700 the 30th of the second.
        assert_eq!(got, [(400, 530), (671, 801)]);
        let whole_genes = "chr1 500 600 A 0 +\nchr1 650 701 B 0 -\n";
        assert_eq!(read(whole_genes, FLANK, TssFeature::Transcript), Ok(got));
    }

    #[test]
    fn gtf_counts_from_one() {
        let gtf = "#!genome-build\n\
            chr1\tx\tgene\t501\t700\t.\t+\t.\tgene_id \"A\";\n\
            chr1\tx\ttranscript\t501\t600\t.\t+\t.\tgene_id \"A\";\n\
            chr1\tx\texon\t1\t2\t.\t+\t.\tgene_id \"A\";\n\
            chr1\tx\ttranscript\t651\t701\t.\t-\t.\tgene_id \"B\";\n";
        let got = read(gtf, FLANK, TssFeature::Transcript);
        assert_eq!(got, Ok(vec![(400, 530), (671, 801)]));
        assert_eq!(
            read(gtf, FLANK, TssFeature::Gene),
            Ok(vec![(400, 530)]),
            "one gene row"
        );
        let exons = "chr1\tx\texon\t1\t2\t.\t+\t.\tgene_id \"A\";\n";
        let error = read(exons, FLANK, TssFeature::Gene).unwrap_err();
        assert!(error.contains("no row of the feature gene"), "{error}");
    }

    #[test]
    fn start_sites_keep_their_names() {
        let called = |line: &str| {
            let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
            let mut reader = TssReader::new(FLANK, TssFeature::Transcript);
            let row = reader.row(line, &mut Places::new(&chroms));
            let (_, site) = row.unwrap().unwrap();
            (site.gene, site.strand, site.transcript)
        };
        let some = |text: &str| Some(text.to_string());
        let gtf = |attributes: &str| {
            called(&format!(
                "chr1\tx\ttranscript\t501\t600\t.\t-\t.\t{attributes}"
            ))
        };
        let full = "gene_id \"ENSG1.2\"; transcript_id \"ENST7.1\"; gene_name \"MYC\";";
        assert_eq!(gtf(full), (some("MYC"), '-', some("ENST7.1")));
        assert_eq!(gtf("gene_id \"ENSG1.2\";"), (some("ENSG1.2"), '-', None));
        let gff = gtf("ID=t;gene=MYC;transcript_id=ENST7.1;");
        assert_eq!(gff, (some("MYC"), '-', some("ENST7.1")));
        assert_eq!(called("chr1\t500\t501\tA\t0\t+"), (some("A"), '+', None));
        assert_eq!(called("chr1\t500\t501"), (None, '.', None));
    }

    #[test]
    fn promoters_end_with_their_chromosome() {
        let bed = "chr1\t10\t10\nchr1\t990\t991\n";
        let got = read(bed, FLANK, TssFeature::Transcript);
        assert_eq!(got, Ok(vec![(0, 40), (890, 1000)]));
    }

    #[test]
    fn all_bad_rows_are_told() {
        let gtf = "chr1\tx\ttranscript\t0\t20\t.\t+\t.\tA\n\
            chr1\tx\ttranscript\t20\t10\t.\t+\t.\tA\n\
            chr1\tx\ttranscript\t900\t1001\t.\t-\t.\tA\n\
            chr1\tx\ttranscript\t10\t20\t.\t?\t.\tA\n\
            chr7\tx\ttranscript\t10\t20\t.\t+\t.\tA\n";
        let error = read(gtf, FLANK, TssFeature::Transcript).unwrap_err();
        for line in 1..=5 {
            assert!(error.contains(&format!("tss:{line}: ")), "{error}");
        }
        let nothing = Flank {
            upstream: 0,
            downstream: 0,
        };
        assert!(read("chr1\t1\t2\n", nothing, TssFeature::Gene).is_err());
    }

    #[test]
    fn flanks_are_one_number_or_two() {
        assert_eq!("100,30".parse(), Ok(FLANK));
        let both = Flank {
            upstream: 5,
            downstream: 5,
        };
        assert_eq!("5".parse(), Ok(both));
        assert!("-5".parse::<Flank>().is_err() && "1,2,3".parse::<Flank>().is_err());
    }
}
