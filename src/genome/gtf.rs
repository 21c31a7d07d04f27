//! The rows of GTF files, whose positions are 1-based and closed (<https://mblab.wustl.edu/GTF22.html>).

use super::rows::{field, fields, position};
use super::strand::Strand;
use crate::error::RowProblem;

/// The column of the attributes, from 0.
const ATTRIBUTES: usize = 8;
/// The attributes that name a gene, the best first.
const GENE: [&str; 3] = ["gene_name", "gene", "gene_id"];

/// What Ensembl's accessions begin with.
const ENSEMBL: &str = "ENS";

/// Reads the rows of a GTF file, one after the other.
#[derive(Debug, Default)]
pub struct GtfReader {
    /// Whether the attributes of the rows end in a semicolon, as the first row's do.
    all_end: Option<bool>,
}

/// A row of a GTF file, of which no reference has been asked.
pub struct GtfRow<'a> {
    fields: Vec<&'a str>,
}

/// Whether a row is GTF's, which has its numbers in columns 4 and 5, and not BED's, which has them in
/// columns 2 and 3.
pub fn is_gtf(fields: &[&str]) -> bool {
    let is_number = |at: usize| fields.get(at).is_some_and(|f| f.parse::<u32>().is_ok());
    is_number(3) && is_number(4) && !is_number(1)
}

impl GtfReader {
    /// A row of a line that is no comment.
    ///
    /// # Errors
    ///
    /// A row without attributes, or one that was cut.
    pub fn row<'a>(&mut self, line: &'a str) -> Result<GtfRow<'a>, RowProblem> {
        let fields = fields(line);
        if fields.len() <= ATTRIBUTES {
            return Err(RowProblem::Missing("attributes".to_string()));
        }
        // A row that was cut ends otherwise than the others, or inside a value.
        let ends = line.trim_end().ends_with(';');
        let all_end = *self.all_end.get_or_insert(ends);
        if !ends && (all_end || line.matches('"').count() % 2 == 1) {
            let said = "its attributes end in the middle".to_string();
            return Err(RowProblem::Unreadable(said));
        }
        Ok(GtfRow { fields })
    }
}

impl<'a> GtfRow<'a> {
    /// What the file calls the chromosome.
    ///
    /// # Errors
    ///
    /// An empty field.
    pub fn chrom(&self) -> Result<&'a str, RowProblem> {
        field(&self.fields, 0, "chrom")
    }

    /// What the row is about: `gene`, `transcript`, `exon`, `CDS`.
    pub fn feature(&self) -> &'a str {
        self.fields.get(2).copied().unwrap_or_default()
    }

    /// The first base, from 0, and one past the last; `element` is what messages call the row.
    ///
    /// # Errors
    ///
    /// What are no positions, or in the wrong order.
    pub fn place(&self, element: &'static str) -> Result<(u32, u32), RowProblem> {
        let text = [
            field(&self.fields, 3, "start")?,
            field(&self.fields, 4, "end")?,
        ];
        let (start, end) = (position("start", text[0])?, position("end", text[1])?);
        let not_one_based = || RowProblem::not_a_position("start", text[0]);
        let before = start.checked_sub(1).ok_or_else(not_one_based)?;
        if end < start {
            return Err(RowProblem::Reversed {
                element,
                start,
                end,
            });
        }
        Ok((before, end))
    }

    /// The field of the strand.
    ///
    /// # Errors
    ///
    /// An empty field.
    pub fn strand_text(&self) -> Result<&'a str, RowProblem> {
        field(&self.fields, 6, "strand")
    }

    /// The strand, if it has one.
    ///
    /// # Errors
    ///
    /// What is no strand.
    pub fn strand(&self) -> Result<Option<Strand>, RowProblem> {
        Strand::read(self.strand_text()?)
    }

    /// What the gene is called: by its name, or else by its identifier.
    pub fn gene(&self) -> Option<&'a str> {
        GENE.iter().find_map(|name| self.attribute(name))
    }

    /// The accession of the gene in Ensembl, of one that is called otherwise.
    pub fn ensembl(&self) -> Option<&'a str> {
        let accession = self.attribute("gene_id")?;
        let is_other = accession.starts_with(ENSEMBL) && self.gene() != Some(accession);
        is_other.then_some(accession)
    }

    /// The value of one of GTF's attributes, `name "value";`, or of GFF3's, `name=value;`.
    pub fn attribute(&self, wanted: &str) -> Option<&'a str> {
        let attributes = self.fields.get(ATTRIBUTES).copied().unwrap_or_default();
        // A value between quotes may hold semicolons.
        let mut quoted = false;
        let ends = move |letter: char| {
            quoted ^= letter == '"';
            letter == ';' && !quoted
        };
        attributes.split(ends).find_map(|attribute| {
            let (name, value) = attribute.trim().split_once([' ', '='])?;
            let value = value.trim().trim_matches('"');
            (name == wanted && !value.is_empty()).then_some(value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_from_zero_with_its_names() {
        let line = "chr1\tx\texon\t11\t20\t.\t-\t.\tgene_id \"E1\"; gene_name \"MYC\"; tag \"\";";
        let row = GtfReader::default().row(line).unwrap();
        assert_eq!((row.chrom(), row.feature()), (Ok("chr1"), "exon"));
        assert_eq!(row.place("exon"), Ok((10, 20)));
        assert_eq!(row.strand(), Ok(Some(Strand::Reverse)));
        let named = ["gene_id", "tag", "transcript_id"].map(|name| row.attribute(name));
        assert_eq!((row.gene(), named), (Some("MYC"), [Some("E1"), None, None]));
    }

    #[test]
    fn a_value_may_hold_a_semicolon() {
        let line = "chr1\tx\texon\t11\t20\t.\t-\t.\tgene_name \"A;B\"; gene_id \"E1\";";
        let row = GtfReader::default().row(line).unwrap();
        assert_eq!(
            (row.gene(), row.attribute("gene_id")),
            (Some("A;B"), Some("E1"))
        );
    }

    #[test]
    fn a_row_that_was_cut_is_no_row() {
        let whole = "chr1\tx\texon\t11\t20\t.\t-\t.\tgene_id \"E1\"; gene_name \"MYC\";";
        for cut in 1..whole.len() {
            let mut reader = GtfReader::default();
            assert!(reader.row(whole).is_ok());
            // Before the end of a value there is always a semicolon to come.
            let ends = whole[..cut].trim_end().ends_with(';');
            assert_eq!(reader.row(&whole[..cut]).is_ok(), ends, "{}", &whole[..cut]);
        }
    }
}
