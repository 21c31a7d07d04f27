//! Sites as lines of a BED file.

use std::fmt::Write as _;
use std::io;

use rayon::prelude::*;

use super::super::matrix::Matrix;
use super::super::scanner::Hit;
use super::super::symbols::Symbols;
use super::batches::Batch;
use crate::error::{Error, Result};
use crate::formats::Block;
use crate::genome::{Chroms, Region};

/// Sites that one thread turns into text at once.
const SITES: usize = 1 << 13;

/// What the lines of a matrix's sites have in common.
pub struct Labels {
    name: String,
    width: u32,
    /// Accession and symbols.
    about: String,
}

impl Labels {
    /// Of every matrix.
    pub fn of(matrices: &[Matrix], symbols: &Symbols) -> Vec<Self> {
        let labels = |(matrix, place): (&Matrix, usize)| {
            let symbols: Vec<String> = symbols.get(place).iter().map(|text| field(text)).collect();
            Self {
                name: field(&matrix.name),
                width: matrix.len() as u32,
                about: format!("{}\t{}", field(&matrix.id), symbols.join(",")),
            }
        };
        matrices.iter().zip(0..).map(labels).collect()
    }
}

/// Text as it may stand in a field, whatever separates a reader's fields.
fn field(text: &str) -> String {
    let unsafe_ = |letter: char| letter.is_whitespace() || letter.is_control();
    match text.replace(unsafe_, "_") {
        empty if empty.is_empty() => ".".to_string(),
        text => text,
    }
}

/// The sites of a batch as lines, with all cores; how many each part holds.
///
/// # Errors
///
/// No memory to compress in.
pub fn render(
    hits: &[Hit],
    batch: &Batch,
    labels: &[Labels],
    chroms: &Chroms,
    bgzip: bool,
) -> Result<Vec<(Block, u64)>> {
    let part = |hits: &[Hit]| {
        let mut text = String::new();
        let mut lines = Vec::new();
        for hit in hits {
            let (Some((chrom, start)), Some(labels)) =
                (batch.place(hit.start), labels.get(hit.matrix as usize))
            else {
                continue;
            };
            let end = start + labels.width;
            let region = Region { chrom, start, end };
            let begin = text.len();
            line(&mut text, region, hit, labels, chroms);
            lines.push((region, begin..text.len()));
        }
        let count = lines.len() as u64;
        if !bgzip {
            return Ok((Block::plain(text), count));
        }
        let lines = lines.into_iter();
        let lines = lines.map(|(region, place)| (region, &text[place]));
        Ok((Block::new(lines)?, count))
    };
    let blocks: io::Result<Vec<(Block, u64)>> = hits.par_chunks(SITES).map(part).collect();
    blocks.map_err(|error| Error::Configuration(format!("compressing sites: {error}")))
}

/// Adds a line: the fields of `tracks/motifSites.as`.
fn line(text: &mut String, region: Region, hit: &Hit, labels: &Labels, chroms: &Chroms) {
    // Text always takes more.
    let _ = writeln!(
        text,
        "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{:.3}\t{:.3e}",
        chroms.name(region.chrom),
        region.start,
        region.end,
        labels.name,
        score_column(hit.p_value),
        if hit.forward { '+' } else { '-' },
        labels.about,
        hit.score,
        hit.p_value,
    );
}

/// -100 × log10 of the p-value, from 0 to 1000: the scale of JASPAR's own genome tracks
/// (<https://jaspar.elixir.no/genome-tracks/>).
fn score_column(p_value: f32) -> u32 {
    (-100.0 * p_value.log10()).round().clamp(0.0, 1000.0) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::genome::{ChromId, rewritten_bed};

    proptest! {
        #[test]
        fn lines_are_those_of_noodles(
            chrom in "[A-Za-z0-9_]{1,20}",
            (name, id) in ("[ -~]{0,20}", "[ -~]{0,20}"),
            (start, width) in (0u32..1_000_000, 1u32..40),
            (forward, score, p_value) in (any::<bool>(), -50f32..50.0, 1e-12f32..1.0),
        ) {
            let chroms = Chroms::new([(chrom, 2_000_000)]).unwrap();
            let labels = Labels {
                name: field(&name),
                width,
                about: format!("{}\t{}", field(&id), field(&name)),
            };
            let hit = Hit { matrix: 0, start, forward, score, p_value };
            let region = Region::new(ChromId(0), start, start + width).unwrap();
            let mut written = String::new();
            line(&mut written, region, &hit, &labels, &chroms);
            prop_assert_eq!(rewritten_bed(&written).unwrap(), written);
        }
    }

    #[test]
    fn scores_fit_bed() {
        for (p, wanted) in [(1.0, 0), (1e-4, 400), (1e-10, 1000), (1e-30, 1000)] {
            assert_eq!(score_column(p), wanted);
        }
    }

    #[test]
    fn names_cannot_leave_their_field() {
        assert_eq!(field("a b\tc\n\u{2028}d"), "a_b_c__d");
        assert_eq!(field(""), ".");
    }
}
