//! Transcripts of GTF, whose exons stand in rows of their own.

use std::collections::BTreeMap;
use std::ops::Range;

use super::transcript::{Transcript, joined};
use crate::error::{BadRow, RowProblem};
use crate::genome::{ChromId, GtfReader, GtfRow, Overlaps, Region, Strand};

/// The attributes that say of what kind a gene is, GENCODE's and Ensembl's, and what both call one that codes
/// for a protein.
const KIND: [&str; 2] = ["gene_type", "gene_biotype"];
const PROTEIN_CODING: &str = "protein_coding";

/// Puts transcripts together from the rows of GTF, in whatever order they stand.
#[derive(Default)]
pub struct GtfTranscripts {
    rows: GtfReader,
    /// By chromosome and name; nothing of those of which a row says that they lie elsewhere than what is
    /// shown: of their exons, which are most of a file, nothing is kept.
    drafts: BTreeMap<ChromId, BTreeMap<String, Option<Draft>>>,
}

/// What is known of a transcript so far.
struct Draft {
    /// The line of the transcript as a whole, or else of its first row.
    line: u64,
    gene: String,
    /// As the first row has it.
    ensembl: Option<String>,
    /// That of the first row: a few transcripts are spliced from both strands.
    strand: Option<Strand>,
    /// From the first to the last base of what was read.
    region: Region,
    exons: Vec<Range<u32>>,
    coding: Option<Range<u32>>,
    /// As the first row says it.
    protein_coding: Option<bool>,
}

/// What a row tells of a transcript.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Exon,
    Coding,
}

impl Part {
    /// Of a feature; nothing of one that tells nothing of how a transcript is drawn.
    fn of(feature: &str) -> Option<Self> {
        match feature {
            "transcript" => Some(Self::Whole),
            "exon" => Some(Self::Exon),
            // GTF's coding sequence ends before the stop codon.
            "CDS" | "start_codon" | "stop_codon" => Some(Self::Coding),
            _ => None,
        }
    }
}

impl GtfTranscripts {
    /// A row of a line that is no comment.
    ///
    /// # Errors
    ///
    /// As [`GtfReader::row`].
    pub fn row<'a>(&mut self, line: &'a str) -> Result<GtfRow<'a>, RowProblem> {
        self.rows.row(line)
    }

    /// Takes what a row says of a transcript; `line` and `region` are where, and `shown` is what will be.
    ///
    /// # Errors
    ///
    /// A row without a transcript or a gene; a strand that is none.
    pub fn add(
        &mut self,
        row: &GtfRow,
        (line, region): (u64, Region),
        shown: &Overlaps<()>,
    ) -> Result<(), RowProblem> {
        let Some(part) = Part::of(row.feature()) else {
            return Ok(());
        };
        let id = "transcript_id";
        let missing = |name: &str| RowProblem::Missing(name.to_string());
        let name = row.attribute(id).ok_or_else(|| missing(id))?;
        let strand = row.strand()?;
        let drafts = self.drafts.entry(region.chrom).or_default();
        match drafts.get_mut(name) {
            Some(None) => Ok(()),
            Some(Some(draft)) => {
                draft.add(part, (line, region));
                Ok(())
            }
            None => {
                let elsewhere = part == Part::Whole && shown.places(region).next().is_none();
                let draft = match elsewhere {
                    true => None,
                    false => {
                        let gene = row.gene().ok_or_else(|| missing("gene_id"))?;
                        let kind = KIND.iter().find_map(|name| row.attribute(name));
                        let mut draft = Draft::new(gene, strand, (line, region));
                        draft.ensembl = row.ensembl().map(str::to_string);
                        draft.protein_coding = kind.map(|kind| kind == PROTEIN_CODING);
                        draft.add(part, (line, region));
                        Some(draft)
                    }
                };
                drafts.insert(name.to_string(), draft);
                Ok(())
            }
        }
    }

    /// The transcripts, by chromosome and name.
    ///
    /// # Errors
    ///
    /// All whose exons do not lead from their start to their end, by line.
    pub fn finish(self) -> Result<Vec<Transcript>, Vec<BadRow>> {
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for (name, draft) in self.drafts.into_values().flatten() {
            match draft.map(|draft| draft.finish(name)) {
                None => {}
                Some(Ok(transcript)) => good.push(transcript),
                Some(Err(row)) => bad.push(row),
            }
        }
        if bad.is_empty() {
            return Ok(good);
        }
        bad.sort_by_key(|row| row.line);
        Err(bad)
    }
}

impl Draft {
    fn new(gene: &str, strand: Option<Strand>, (line, region): (u64, Region)) -> Self {
        Self {
            line,
            gene: gene.to_string(),
            ensembl: None,
            strand,
            region,
            exons: Vec::new(),
            coding: None,
            protein_coding: None,
        }
    }

    fn add(&mut self, part: Part, (line, of): (u64, Region)) {
        self.region.start = self.region.start.min(of.start);
        self.region.end = self.region.end.max(of.end);
        match part {
            Part::Whole => self.line = line,
            Part::Exon => self.exons.push(of.start..of.end),
            Part::Coding => {
                let before = self.coding.clone().unwrap_or(of.start..of.end);
                self.coding = Some(before.start.min(of.start)..before.end.max(of.end));
            }
        }
    }

    /// One without exons, as bacteria's often are, is one exon.
    fn finish(mut self, name: String) -> Result<Transcript, BadRow> {
        let (start, end) = (self.region.start, self.region.end);
        if self.exons.is_empty() {
            self.exons.push(start..end);
        }
        let exons = joined(self.exons);
        // BED's blocks begin and end where the item does.
        let ends = (
            exons.first().map(|of| of.start),
            exons.last().map(|of| of.end),
        );
        if ends != (Some(start), Some(end)) {
            let said = "the exons do not lead from the transcript's start to its end";
            return Err(BadRow {
                line: self.line,
                problem: RowProblem::Unreadable(said.to_string()),
            });
        }
        Ok(Transcript {
            gene: self.gene,
            ensembl: self.ensembl,
            name,
            region: self.region,
            strand: self.strand,
            exons,
            coding: self.coding,
            protein_coding: self.protein_coding,
        })
    }
}
