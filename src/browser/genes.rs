//! Genes as bigBed, in which browsers find them by name.

use std::ops::Range;
use std::path::Path;

use crate::error::Result;
use crate::formats::{Lines, Schema, write_bigbed};
use crate::genome::{Chroms, Genes, Transcript};
use crate::output::Partial;

/// BED's twelve fields and the transcript's name; readers look items up by the gene's.
const SCHEMA: Schema = Schema {
    auto_sql: include_str!("../../tracks/genes.as"),
    standard_fields: 12,
    indexed: Some(3),
};

/// Writes genes, each as one of its transcripts, as a bigBed of BED's twelve fields. The caller completes it.
///
/// # Errors
///
/// No gene at all, a folder that cannot be written to.
pub fn as_big_bed(genes: &Genes, path: &Path, chroms: &Chroms) -> Result<Partial> {
    let mut lines = Lines::new(&path.with_added_extension("txt"), "")?;
    for transcript in genes.all() {
        lines.add(&line(transcript, chroms))?;
    }
    let lines = lines.finish()?;
    write_bigbed(lines.path(), path, SCHEMA, chroms)
}

/// A line of BED (<https://genome.ucsc.edu/FAQ/FAQformat.html#format1>).
fn line(of: &Transcript, chroms: &Chroms) -> String {
    let (place, start) = (of.region.bed(chroms), of.region.start);
    let list = |number: &dyn Fn(&Range<u32>) -> u32| -> String {
        let numbers = of.exons.iter().map(|exon| format!("{},", number(exon)));
        numbers.collect()
    };
    let sizes = list(&|exon: &Range<u32>| exon.end - exon.start);
    let starts = list(&|exon: &Range<u32>| exon.start - start);
    // A thick part of no length is how BED says that there is none.
    let coding = of.coding.clone().unwrap_or(start..start);
    let (gene, name, strand, count) = (&of.gene, &of.name, of.strand_text(), of.exons.len());
    let (first, last) = (coding.start, coding.end);
    format!("{place}\t{gene}\t0\t{strand}\t{first}\t{last}\t0\t{count}\t{sizes}\t{starts}\t{name}")
}

#[cfg(test)]
pub(super) mod tests {
    use std::fs;

    use super::*;
    use crate::formats::{BbiFile, Content};
    use crate::genome::Region;

    /// A coding gene of two exons and one that does not code, on `chr1`, from right to left.
    pub const GTF: &str = "\
        chr1\tx\texon\t301\t350\t.\t-\t.\tgene_id \"G2\"; transcript_id \"T2\"; gene_name \"PVT1\";\n\
        chr1\tx\texon\t101\t120\t.\t+\t.\tgene_id \"G1\"; transcript_id \"T1\"; gene_name \"MYC\";\n\
        chr1\tx\texon\t181\t200\t.\t+\t.\tgene_id \"G1\"; transcript_id \"T1\"; gene_name \"MYC\";\n\
        chr1\tx\tCDS\t111\t120\t.\t+\t0\tgene_id \"G1\"; transcript_id \"T1\"; gene_name \"MYC\";\n\
        chr1\tx\tCDS\t181\t190\t.\t+\t2\tgene_id \"G1\"; transcript_id \"T1\"; gene_name \"MYC\";\n";

    /// Writes a bigBed of these.
    pub fn big_bed(path: &Path, chroms: &Chroms) {
        let gtf = path.with_extension("gtf");
        fs::write(&gtf, GTF).unwrap();
        let everywhere: Vec<Region> = chroms.regions().collect();
        let genes = Genes::read(&gtf, chroms, &everywhere).unwrap();
        as_big_bed(&genes, path, chroms)
            .unwrap()
            .complete()
            .unwrap();
    }

    #[test]
    fn genes_are_bed_of_twelve_fields_with_an_index_of_their_names() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("genes.bb");
        big_bed(&path, &Chroms::new([("chr1".to_string(), 1000)]).unwrap());
        let mut file = BbiFile::open_whole(&path).unwrap();
        assert_eq!(file.indexed().unwrap(), [3]);
        let Content::Items(fields) = file.content.clone() else {
            panic!("no bigBed");
        };
        assert_eq!((fields.count, fields.bed()), (13, 12));
        let entries = file.entries("chr1", 0, 1000).unwrap().into_iter();
        let entries = entries.map(|entry| (entry.start, entry.end, entry.text));
        let wanted = [
            (100, 200, "MYC\t0\t+\t110\t190\t0\t2\t20,20,\t0,80,\tT1"),
            (300, 350, "PVT1\t0\t-\t300\t300\t0\t1\t50,\t0,\tT2"),
        ];
        let wanted = wanted.map(|(start, end, text)| (start, end, text.to_string()));
        assert_eq!(entries.collect::<Vec<_>>(), wanted);
    }
}
