//! Transcripts, and which of them stands for its gene.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::genome::{ChromId, Region, Strand};

/// A transcript of a gene.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// What its gene is called.
    pub gene: String,
    /// The accession of its gene in Ensembl, where the file has it beside a name.
    pub ensembl: Option<String>,
    /// What it is called itself.
    pub name: String,
    /// From its first to its last base.
    pub region: Region,
    /// Its strand, if it has one.
    pub strand: Option<Strand>,
    /// Its exons, at least one, from left to right; none touches the next.
    pub exons: Vec<Range<u32>>,
    /// From the first coding base to one past the last, the stop codon among them, if it codes.
    pub coding: Option<Range<u32>>,
    /// Whether the file calls its gene protein-coding; none where it does not say of what kind genes are.
    pub protein_coding: Option<bool>,
}

impl Transcript {
    /// The base at which it begins: its first in the direction of its strand, and the first of all without one.
    pub fn start_site(&self) -> u32 {
        match self.strand {
            Some(Strand::Reverse) => self.region.end - 1,
            _ => self.region.start,
        }
    }

    /// The strand as BED writes it.
    pub fn strand_text(&self) -> &'static str {
        match self.strand {
            Some(Strand::Forward) => "+",
            Some(Strand::Reverse) => "-",
            None => ".",
        }
    }

    /// What makes it the one that stands for its gene: that it codes, its length, its exons' length,
    /// and of equal ones the name that comes first.
    fn rank(&self) -> (bool, u32, u32, Reverse<&str>) {
        let exons: u32 = self.exons.iter().map(|exon| exon.end - exon.start).sum();
        let (length, name) = (self.region.len(), self.name.as_str());
        (self.coding.is_some(), length, exons, Reverse(name))
    }
}

/// Exons from left to right, of which those that overlap or touch are one.
pub fn joined(mut exons: Vec<Range<u32>>) -> Vec<Range<u32>> {
    exons.sort_unstable_by_key(|exon| (exon.start, exon.end));
    let mut joined: Vec<Range<u32>> = Vec::with_capacity(exons.len());
    for exon in exons {
        match joined.last_mut() {
            Some(last) if exon.start <= last.end => last.end = last.end.max(exon.end),
            _ => joined.push(exon),
        }
    }
    joined
}

/// What transcripts of one gene share: chromosome, strand and the gene's name.
type Key<'a> = (ChromId, Option<Strand>, &'a str);

/// Of each gene the longest transcript, one that codes before one that does not, from left to right.
/// Transcripts of one name and strand are one gene where they overlap; they are given from left to right.
pub fn longest<'a>(transcripts: impl Iterator<Item = &'a Transcript>) -> Vec<&'a Transcript> {
    let mut by_name: BTreeMap<Key<'a>, Vec<&'a Transcript>> = BTreeMap::new();
    for transcript in transcripts {
        let key = (
            transcript.region.chrom,
            transcript.strand,
            &*transcript.gene,
        );
        by_name.entry(key).or_default().push(transcript);
    }
    let mut chosen: Vec<&'a Transcript> = Vec::new();
    for of_name in by_name.values() {
        let mut end = 0;
        for &transcript in of_name {
            match chosen.last_mut() {
                Some(best) if transcript.region.start < end => {
                    if best.rank() < transcript.rank() {
                        *best = transcript;
                    }
                }
                _ => chosen.push(transcript),
            }
            end = transcript.region.end.max(end);
        }
    }
    chosen.sort_by(|one, other| {
        let key = (other.region, other.strand, &other.gene);
        (one.region, one.strand, &one.gene).cmp(&key)
    });
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(gene: &str, name: &str, bases: Range<u32>, codes: bool) -> Transcript {
        Transcript {
            gene: gene.to_string(),
            ensembl: None,
            name: name.to_string(),
            region: Region::new(ChromId(0), bases.start, bases.end).unwrap(),
            strand: Some(Strand::Forward),
            coding: codes.then(|| bases.clone()),
            protein_coding: None,
            exons: vec![bases],
        }
    }

    fn names(transcripts: &[Transcript]) -> Vec<&str> {
        let chosen = longest(transcripts.iter()).into_iter();
        chosen.map(|of| of.name.as_str()).collect()
    }

    #[test]
    fn one_that_codes_stands_for_its_gene_before_a_longer_one() {
        let of = [
            transcript("A", "long", 0..100, false),
            transcript("A", "b", 10..60, true),
            transcript("B", "other", 10..20, false),
            transcript("A", "short", 20..40, true),
            transcript("A", "a", 50..100, true),
        ];
        assert_eq!(names(&of), ["other", "a"]);
    }

    #[test]
    fn one_name_at_two_places_is_two_genes() {
        let mut of = [
            transcript("Y_RNA", "a", 0..10, false),
            transcript("Y_RNA", "b", 5..25, false),
            transcript("Y_RNA", "c", 20..30, false),
            transcript("Y_RNA", "d", 30..40, false),
        ];
        assert_eq!(names(&of), ["b", "d"]);
        of[1].strand = Some(Strand::Reverse);
        assert_eq!(names(&of), ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_transcript_begins_where_its_strand_does() {
        let of = transcript("A", "a", 100..200, true);
        let on = |strand| Transcript {
            strand,
            ..of.clone()
        };
        let strands = [Some(Strand::Forward), None, Some(Strand::Reverse)];
        let starts = strands.map(|strand| on(strand).start_site());
        assert_eq!(starts, [100, 100, 199]);
    }

    #[test]
    fn exons_are_joined_and_sorted() {
        assert_eq!(joined(vec![20..30, 0..5, 5..9, 28..29]), [0..9, 20..30]);
    }
}
