//! Transcripts of GTF, whose exons stand in rows of their own.

use std::collections::BTreeMap;
use std::ops::Range;

use super::transcript::{Transcript, joined};
use crate::error::RowProblem;
use crate::genome::{ChromId, GtfReader, GtfRow, Overlaps, Region, Strand};

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
    gene: String,
    /// That of the first row: a few transcripts are spliced from both strands.
    strand: Option<Strand>,
    /// From the first to the last base of what was read.
    region: Region,
    exons: Vec<Range<u32>>,
    coding: Option<Range<u32>>,
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

    /// Takes what a row says of a transcript; `region` is where, and `shown` is what will be.
    ///
    /// # Errors
    ///
    /// A row without a transcript or a gene; a strand that is none.
    pub fn add(
        &mut self,
        row: &GtfRow,
        region: Region,
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
                draft.add(part, region);
                Ok(())
            }
            None => {
                let elsewhere = part == Part::Whole && shown.places(region).next().is_none();
                let draft = match elsewhere {
                    true => None,
                    false => {
                        let gene = row.gene().ok_or_else(|| missing("gene_id"))?;
                        let mut draft = Draft::new(gene, strand, region);
                        draft.add(part, region);
                        Some(draft)
                    }
                };
                drafts.insert(name.to_string(), draft);
                Ok(())
            }
        }
    }

    /// The transcripts, by chromosome and name.
    pub fn finish(self) -> impl Iterator<Item = Transcript> {
        let drafts = self.drafts.into_values().flatten();
        drafts.filter_map(|(name, draft)| Some(draft?.finish(name)))
    }
}

impl Draft {
    fn new(gene: &str, strand: Option<Strand>, region: Region) -> Self {
        Self {
            gene: gene.to_string(),
            strand,
            region,
            exons: Vec::new(),
            coding: None,
        }
    }

    fn add(&mut self, part: Part, of: Region) {
        self.region.start = self.region.start.min(of.start);
        self.region.end = self.region.end.max(of.end);
        match part {
            Part::Whole => {}
            Part::Exon => self.exons.push(of.start..of.end),
            Part::Coding => {
                let before = self.coding.clone().unwrap_or(of.start..of.end);
                self.coding = Some(before.start.min(of.start)..before.end.max(of.end));
            }
        }
    }

    /// One without exons, as bacteria's often are, is one exon.
    fn finish(mut self, name: String) -> Transcript {
        if self.exons.is_empty() {
            self.exons.push(self.region.start..self.region.end);
        }
        Transcript {
            gene: self.gene,
            name,
            region: self.region,
            strand: self.strand,
            exons: joined(self.exons),
            coding: self.coding,
        }
    }
}
