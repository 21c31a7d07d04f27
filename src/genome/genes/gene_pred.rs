//! Transcripts of UCSC's tables: genePred, its extended form with and without a `bin` before it
//! (refGene, ncbiRefSeq), and refFlat (<https://genome.ucsc.edu/FAQ/FAQformat.html#format9>).

use std::ops::Range;

use super::transcript::{Transcript, joined};
use crate::error::RowProblem;
use crate::genome::{Places, Strand, field, fields, position};

/// The columns of a genePred, from 0: behind these stand `txStart`, `txEnd`, `cdsStart`, `cdsEnd`,
/// `exonCount`, `exonStarts` and `exonEnds`.
const NAME: usize = 0;
const CHROM: usize = 1;
const STRAND: usize = 2;
/// Columns of the extended form.
const GENE: usize = 11;
const FRAMES: usize = 14;

/// Reads the rows of a table, one after the other.
#[derive(Debug, Default)]
pub struct GenePredReader {
    /// How many fields the first row has, and so all.
    fields: Option<usize>,
}

/// Whether a row is one of such a table, which has its strand before its positions.
pub fn is_gene_pred(fields: &[&str]) -> bool {
    let is_number = |at: usize| fields.get(at).is_some_and(|of| of.parse::<u32>().is_ok());
    strand_column(fields).is_some_and(|strand| is_number(strand + 1) && is_number(strand + 2))
}

/// The column of the strand.
fn strand_column(fields: &[&str]) -> Option<usize> {
    let is_strand = |at: &usize| fields.get(*at).is_some_and(|of| ["+", "-"].contains(of));
    [STRAND, STRAND + 1].into_iter().find(is_strand)
}

impl GenePredReader {
    /// The transcript of a row; nothing where it lies on no chromosome of the reference.
    ///
    /// # Errors
    ///
    /// A row that was cut or holds no transcript of the reference.
    pub fn row(
        &mut self,
        line: &str,
        places: &mut Places,
    ) -> Result<Option<Transcript>, RowProblem> {
        let all = fields(line);
        let wanted = *self.fields.get_or_insert(all.len());
        if all.len() != wanted {
            let said = format!("{} fields, where the first row has {wanted}", all.len());
            return Err(RowProblem::Unreadable(said));
        }
        let strand =
            strand_column(&all).ok_or_else(|| RowProblem::Missing("strand".to_string()))?;
        // A bin, or refFlat's name of the gene.
        let (before, row) = all.split_at(strand - STRAND);
        let flat = before.first().filter(|of| of.parse::<u32>().is_err());
        if places.chroms().find(field(row, CHROM, "chrom")?).is_none() {
            return Ok(None);
        }
        read(row, flat.copied(), places).map(Some)
    }
}

/// The transcript of a row without what stands before its name, and with the gene's name where the row
/// does not have it.
fn read(row: &[&str], gene: Option<&str>, places: &mut Places) -> Result<Transcript, RowProblem> {
    let number = |at: usize, name: &str| position(name, field(row, at, name)?);
    let name = field(row, NAME, "name")?;
    let (start, end) = (number(3, "txStart")?, number(4, "txEnd")?);
    let region = places.region("transcript", (row[CHROM], start, end))?;
    let coding = number(5, "cdsStart")?..number(6, "cdsEnd")?;
    let starts = numbers(field(row, 8, "exonStarts")?, "exonStarts")?;
    let ends = numbers(field(row, 9, "exonEnds")?, "exonEnds")?;
    let wrong = |said: &str| RowProblem::Unreadable(said.to_string());
    let count = number(7, "exonCount")? as usize;
    if starts.len() != count || ends.len() != count {
        return Err(wrong(
            "exonStarts or exonEnds are not as many as exonCount says",
        ));
    }
    let exons: Vec<Range<u32>> = starts
        .iter()
        .zip(&ends)
        .map(|(&from, &to)| from..to)
        .collect();
    let ordered = exons.windows(2).all(|two| two[0].end <= two[1].start);
    let (first, last) = (starts.first(), ends.last());
    if !ordered || exons.iter().any(Range::is_empty) || (first, last) != (Some(&start), Some(&end))
    {
        return Err(wrong("the exons do not lead from txStart to txEnd"));
    }
    if !coding.is_empty() && (coding.start < start || end < coding.end) {
        return Err(wrong(
            "cdsStart and cdsEnd do not lie between txStart and txEnd",
        ));
    }
    if let Some(frames) = row.get(FRAMES)
        && (frames.is_empty() || list(frames).count() != count)
    {
        return Err(wrong("exonFrames are not as many as exonCount says"));
    }
    // Only the extended form has the gene's name there.
    let named = row.get(FRAMES).and(row.get(GENE)).copied();
    let named = named.or(gene).filter(|gene| !matches!(*gene, "" | "."));
    Ok(Transcript {
        gene: named.unwrap_or(name).to_string(),
        ensembl: None,
        name: name.to_string(),
        region,
        strand: Strand::read(row[STRAND])?,
        exons: joined(exons),
        coding: (!coding.is_empty()).then_some(coding),
        protein_coding: None,
    })
}

/// The items of a list, each of which a comma may end.
fn list(text: &str) -> impl Iterator<Item = &str> {
    text.trim_end_matches(',').split(',')
}

fn numbers(text: &str, name: &str) -> Result<Vec<u32>, RowProblem> {
    list(text).map(|number| position(name, number)).collect()
}
