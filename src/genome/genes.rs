//! Genes as browsers draw them: where they lie, their exons, and what of them codes.

mod gene_pred;
mod gtf_transcripts;
#[cfg(test)]
mod tests;
mod transcript;

use std::path::Path;

use tracing::warn;

use crate::error::{BadRow, Error, Result, RowProblem};
use crate::genome::{
    Chroms, Overlaps, Places, Region, fields, is_bed_header, is_gtf, is_passed_over, tell,
};
use crate::text::Lines;
use gene_pred::{GenePredReader, is_gene_pred};
use gtf_transcripts::GtfTranscripts;
pub use transcript::Transcript;
use transcript::longest;

/// What messages call a row of GTF.
const PART: &str = "part of a transcript";
/// The first line of GFF3, up to its version.
const GFF: &str = "##gff-version";

/// The transcripts of a file that share a base with what is to be shown.
#[derive(Debug, Clone)]
pub struct Genes(Overlaps<Transcript>);

impl Genes {
    /// Reads GTF (GENCODE, Ensembl, RefSeq) or one of UCSC's tables (genePred, refGene, ncbiRefSeq,
    /// refFlat), plain or gzip, which the first row tells; only what shares a base with a region of
    /// `shown` is kept. Rows on chromosomes that the reference does not have are left out, which is told.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is of another format, all bad rows together, no row on any of the
    /// reference's chromosomes.
    pub fn read(path: &Path, chroms: &Chroms, shown: &[Region]) -> Result<Self> {
        let mut reader = Reader::new(shown);
        let mut places = Places::new(chroms);
        let (_, bad) = Lines::open(path)?.rows::<()>(|number, line| {
            let read = reader.line((number, line), &mut places);
            read.err().map(Err)
        })?;
        Error::bad_rows([(path, bad)])?;
        tell(path, 0, places.translated());
        if let Format::Other(problem) = reader.format {
            return Err(Error::format(path, problem));
        }
        match (reader.known, reader.elsewhere) {
            (0, 0) => Err(Error::format(path, "holds no transcript")),
            (0, _) => {
                let problem = "is of another assembly: it has none of the reference's chromosomes";
                Err(Error::format(path, problem))
            }
            (_, elsewhere) => {
                if elsewhere > 0 {
                    let path = path.display();
                    warn!(
                        "{path}: {elsewhere} rows on chromosomes that the reference does not have \
                         are left out"
                    );
                }
                let path = path.to_path_buf();
                reader
                    .finish()
                    .map_err(|rows| Error::BadRows { path, rows })
            }
        }
    }

    /// All transcripts, from left to right.
    pub fn transcripts(&self) -> impl Iterator<Item = &Transcript> {
        self.0.items().map(|(_, transcript)| transcript)
    }

    /// Of each gene the longest transcript, one that codes before one that does not, from left to right.
    pub fn all(&self) -> Vec<&Transcript> {
        longest(self.transcripts())
    }

    /// As [`all`](Self::all), of the transcripts that share a base with a region.
    pub fn within(&self, region: Region) -> Vec<&Transcript> {
        let there = self.0.overlapping(region);
        longest(there.map(|(_, transcript)| transcript))
    }
}

/// What becomes of a file's rows.
struct Reader {
    shown: Overlaps<()>,
    /// Whether no row was read yet.
    first: bool,
    format: Format,
    /// The transcripts of a table.
    transcripts: Vec<Transcript>,
    /// Rows on chromosomes of the reference, and on others.
    known: u64,
    elsewhere: u64,
}

/// What the first row tells of a file.
enum Format {
    Unknown,
    Gtf(GtfTranscripts),
    GenePred(GenePredReader),
    /// None that holds genes; what is wrong with that.
    Other(&'static str),
}

impl Format {
    /// Of the first row.
    fn of(line: &str) -> Self {
        let fields = fields(line);
        if is_gene_pred(&fields) {
            Self::GenePred(GenePredReader::default())
        } else if is_gtf(&fields) {
            Self::Gtf(GtfTranscripts::default())
        } else {
            Self::Other("is neither GTF nor a table of genes (genePred, refGene, refFlat)")
        }
    }
}

impl Reader {
    fn new(shown: &[Region]) -> Self {
        Self {
            shown: Overlaps::of(shown.to_vec()),
            first: true,
            format: Format::Unknown,
            transcripts: Vec::new(),
            known: 0,
            elsewhere: 0,
        }
    }

    fn line(&mut self, (number, line): (u64, &str), places: &mut Places) -> Result<(), RowProblem> {
        if let Some(version) = line.strip_prefix(GFF)
            && version.trim().starts_with('3')
        {
            let problem = "is GFF3, whose exons name no gene: make GTF of it (gffread -T)";
            self.format = Format::Other(problem);
        }
        if is_bed_header(line) {
            return Ok(());
        }
        if matches!(self.format, Format::Unknown) {
            // A table may begin with the names of its columns.
            let is_first = std::mem::take(&mut self.first);
            if is_first && is_passed_over(line, &fields(line), &[3, 4]) {
                return Ok(());
            }
            self.format = Format::of(line);
        }
        match &mut self.format {
            Format::Unknown | Format::Other(_) => {}
            Format::GenePred(reader) => match reader.row(line, places)? {
                None => self.elsewhere += 1,
                Some(transcript) => {
                    self.known += 1;
                    if self.shown.places(transcript.region).next().is_some() {
                        self.transcripts.push(transcript);
                    }
                }
            },
            Format::Gtf(transcripts) => {
                let row = transcripts.row(line)?;
                let (chrom, (start, end)) = (row.chrom()?, row.place(PART)?);
                if places.chroms().find(chrom).is_none() {
                    self.elsewhere += 1;
                    return Ok(());
                }
                self.known += u64::from(row.attribute("transcript_id").is_some());
                let region = places.region(PART, (chrom, start, end))?;
                let whole = Region {
                    start: 0,
                    end: u32::MAX,
                    ..region
                };
                if self.shown.places(whole).next().is_none() {
                    return Ok(());
                }
                transcripts.add(&row, (number, region), &self.shown)?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Genes, Vec<BadRow>> {
        let all: Vec<Transcript> = match self.format {
            Format::Gtf(transcripts) => transcripts.finish()?,
            _ => self.transcripts,
        };
        let shown = |of: &Transcript| self.shown.places(of.region).next().is_some();
        let all = all.into_iter().filter(shown).map(|of| (of.region, of));
        Ok(Genes(Overlaps::new(all.collect())))
    }
}
