//! Elements and the genes that they may act on: ENCODE's columns, BEDPE, and arcs.

use std::fmt;

use super::bigbed::Schema;
use super::interact::{line, spans};
use crate::element::Sides;
use crate::element::colours::Rgb;
use crate::genome::{Chroms, Region};
use crate::pairs::Pair;

/// The columns of ENCODE's files of element–gene links as ENCODE-rE2G writes them
/// (<https://github.com/EngreitzLab/ENCODE_rE2G>), of its features the distance alone.
pub const GENE_LINKS_HEADER: &str = "#chr\tstart\tend\tname\tclass\tTargetGene\tTargetGeneEnsemblID\t\
                                     TargetGeneTSS\tisSelfPromoter\tCellType\tdistanceToTSS.Feature\tScore";
/// The columns of the same links as BEDPE.
pub const GENE_LINKS_BEDPE_HEADER: &str =
    "#chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tname\tscore\tstrand1\tstrand2\tlabel";

/// The schema of the same links as a bigBed, <https://genome.ucsc.edu/goldenPath/help/interact.html> and four
/// fields more; readers look items up by the gene's name.
pub const SCHEMA: Schema = Schema {
    auto_sql: include_str!("../../tracks/geneLinks.as"),
    standard_fields: 5,
    indexed: Some(3),
};

/// Bases to either side of a start site that are its promoter (ABC's `TSS500bp`).
const PROMOTER_FLANK: u32 = 250;

/// An element and a gene.
#[derive(Debug, Clone, Copy)]
pub struct GeneLink<'a> {
    /// The element and, in the promoter's place, the gene's start site.
    pub pair: Pair,
    /// The gene's accession in Ensembl, where it is known.
    pub ensembl: Option<&'a str>,
    /// The cell type; `.` where nobody knows.
    pub cell: &'a str,
    /// Bases between them; none on two chromosomes.
    pub distance: Option<f64>,
    /// The higher, the more likely the element acts on the gene.
    pub score: f64,
}

impl GeneLink<'_> {
    /// A line of ENCODE's columns. The class is `promoter` of the gene's own, of all other elements `.`:
    /// whether they lie in a gene is not known here.
    pub fn tsv(&self, chroms: &Chroms) -> impl fmt::Display {
        let Sides { enhancer, promoter } = self.pair.elements;
        let (class, own) = match promoter.widened(PROMOTER_FLANK).overlap(&enhancer) {
            0 => (".", "False"),
            _ => ("promoter", "True"),
        };
        format!(
            "{}\t{}\t{class}\t{}\t{}\t{}\t{own}\t{}\t{}\t{}",
            enhancer.bed(chroms),
            enhancer.named(chroms),
            self.pair.gene_text(),
            self.ensembl.unwrap_or("."),
            promoter.start,
            self.cell,
            self.distance.map_or(".".to_string(), |of| of.to_string()),
            self.score,
        )
    }

    /// A line of BEDPE, from the element to the start site, called after the gene.
    pub fn bedpe(&self, chroms: &Chroms) -> impl fmt::Display {
        let bed = |region: Region| region.bed(chroms).to_string();
        let Sides { enhancer, promoter } = self.pair.elements.map(bed);
        format!(
            "{enhancer}\t{promoter}\t{}\t{}\t.\t.\t{}",
            self.pair.gene_text(),
            self.score,
            self.pair.label_text(),
        )
    }

    /// The lines of the bigInteract with their places: one of each arc, which there is on every chromosome of the
    /// link. `shown` stands for the score where a browser counts from 0 to 1000; a link that is not predicted has
    /// a weaker colour.
    pub fn big_interact(
        &self,
        (shown, is_predicted): (u16, bool),
        chroms: &Chroms,
    ) -> impl Iterator<Item = (Region, String)> {
        let colour = Rgb::of_pair(self.pair.label, is_predicted);
        let more = format!(
            "{}\t{}\t{}\t{}",
            self.pair.id(chroms),
            self.ensembl.unwrap_or("."),
            self.cell,
            self.distance.map_or(".".to_string(), |of| of.to_string()),
        );
        let (pair, score) = (self.pair, (shown, self.score));
        spans(pair.elements).map(move |span| {
            let arc = line(&pair, span, score, colour, chroms);
            (span, format!("{arc}\t{more}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use crate::pairs::Gene;

    #[test]
    fn lines_are_those_of_their_formats() {
        let region = |start, end| Region::new(ChromId(0), start, end).unwrap();
        let link = |element: Region, ensembl, distance| GeneLink {
            pair: Pair {
                elements: Sides::new(element, region(9000, 9001)),
                label: Some(true),
                line: 1,
                gene: Gene::new("MYC"),
            },
            ensembl,
            cell: "K562",
            distance,
            score: 0.25,
        };
        let chroms = Chroms::new([("chr8".to_string(), 10_000)]).unwrap();
        let far = link(region(1000, 1500), Some("ENSG00000136997"), Some(7750.5));
        let line = far.tsv(&chroms).to_string();
        assert_eq!(
            line,
            "chr8\t1000\t1500\tchr8:1000-1500\t.\tMYC\tENSG00000136997\t9000\tFalse\tK562\t7750.5\t0.25"
        );
        let columns = |line: &str| line.split('\t').count();
        assert_eq!(columns(&line), columns(GENE_LINKS_HEADER));
        let bedpe = far.bedpe(&chroms).to_string();
        assert_eq!(
            bedpe,
            "chr8\t1000\t1500\tchr8\t9000\t9001\tMYC\t0.25\t.\t.\t1"
        );
        assert_eq!(columns(&bedpe), columns(GENE_LINKS_BEDPE_HEADER));
        // The last base of the promoter, and the first one past it.
        for (start, wanted) in [
            (9250, "promoter\tMYC\t.\t9000\tTrue"),
            (9251, ".\tMYC\t.\t9000\tFalse"),
        ] {
            let line = link(region(start, 9500), None, None)
                .tsv(&chroms)
                .to_string();
            assert!(line.contains(wanted), "{line}");
            assert!(line.ends_with("\tK562\t.\t0.25"), "{line}");
        }
    }

    #[test]
    fn arcs_have_what_their_schema_names_and_one_lies_on_each_chromosome() {
        let region = |chrom, start, end| Region::new(ChromId(chrom), start, end).unwrap();
        let link = |chrom, label| GeneLink {
            pair: Pair {
                elements: Sides::new(region(0, 5000, 5500), region(chrom, 900, 901)),
                label: Some(label),
                line: 1,
                gene: Gene::new("MYC"),
            },
            ensembl: Some("ENSG00000136997"),
            cell: "K562",
            distance: (chrom == 0).then_some(4350.0),
            score: 0.25,
        };
        let names = ["chr8", "chr9"].map(|name| (name.to_string(), 10_000));
        let chroms = Chroms::new(names).unwrap();
        let arcs = |link: GeneLink, shown| link.big_interact(shown, &chroms).collect::<Vec<_>>();
        let near = arcs(link(0, true), (731, true));
        let wanted = "chr8\t900\t5500\tMYC\t731\t0.25\tpositive\t#3399dd\tchr8\t5000\t5500\tenhancer\t.\t\
                      chr8\t900\t901\tMYC\t.\tchr8:5000-5500~chr8:900-901\tENSG00000136997\tK562\t4350";
        assert_eq!(near, [(region(0, 900, 5500), wanted.to_string())]);
        let declared = SCHEMA.auto_sql.lines().filter(|line| line.contains(';'));
        assert_eq!(wanted.split('\t').count(), declared.count());
        // Not predicted, and between two chromosomes.
        let far = arcs(link(1, false), (0, false));
        let spans: Vec<Region> = far.iter().map(|(span, _)| *span).collect();
        assert_eq!(spans, [region(0, 5000, 5500), region(1, 900, 901)]);
        let weak = Rgb::of_pair(Some(false), false).hex();
        for (_, line) in &far {
            assert!(line.contains(&format!("\tMYC\t0\t0.25\tnegative\t{weak}\t")));
            assert!(line.ends_with("\tK562\t."), "{line}");
        }
    }
}
