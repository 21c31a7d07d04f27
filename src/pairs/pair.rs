//! A pair of an enhancer and a promoter.

use std::fmt;

use crate::element::Sides;
use crate::genome::{ChromId, Chroms, Region};
use crate::pairs::Gene;
use crate::statistics::Clusters;
use crate::text::thousands;

/// A candidate enhancer and a candidate promoter, perhaps known to interact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The annotated elements.
    pub elements: Sides<Region>,
    /// Whether the two interact, where the table says so.
    pub label: Option<bool>,
    /// 1-based line of the table that the pair stands in.
    pub line: u32,
    /// The promoter's gene, where the table names it.
    pub gene: Option<Gene>,
}

impl Pair {
    /// The pair's name: `chrom:start-end~chrom:start-end`, enhancer first, 0-based half-open.
    ///
    /// It is the same in every file that epitrack writes, whatever names the table has, and no
    /// two pairs of a table share one.
    pub fn id(&self, chroms: &Chroms) -> impl fmt::Display {
        let Sides { enhancer, promoter } = self.elements.map(|element| element.named(chroms));
        fmt::from_fn(move |f| write!(f, "{enhancer}~{promoter}"))
    }

    /// Bases between the two elements, 0 where they touch or overlap; nothing if they are on two
    /// chromosomes.
    pub fn distance(&self) -> Option<u32> {
        let Sides { enhancer, promoter } = self.elements;
        (enhancer.chrom == promoter.chrom).then(|| enhancer.gap(&promoter))
    }

    /// The pair as people read it: `enhancer chr8:127,900,001-127,900,500 → MYC, 134 kb`, positions
    /// from 1, and the promoter's place where nobody names its gene.
    pub fn described(&self, chroms: &Chroms) -> String {
        let Sides { enhancer, promoter } = self.elements.map(|element| element.told(chroms));
        let promoter = match self.gene {
            Some(gene) => gene.to_string(),
            None => format!("promoter {promoter}"),
        };
        let distance = match self.distance() {
            Some(bases) if bases < 1000 => format!(", {bases} b"),
            Some(bases) => format!(", {} kb", thousands(bases.saturating_add(500) / 1000)),
            None => String::new(),
        };
        format!("enhancer {enhancer} → {promoter}{distance}")
    }

    /// The chromosomes of the two elements.
    pub fn chroms(&self) -> Sides<ChromId> {
        self.elements.map(|element| element.chrom)
    }

    /// What pairs share: enhancers, then promoters.
    pub fn clusters<'a>(pairs: impl IntoIterator<Item = &'a Self>) -> Clusters {
        let elements = pairs.into_iter().map(|pair| pair.elements);
        Clusters::new(elements.map(|of| (of.enhancer, of.promoter)))
    }

    /// The label as the output files have it: `1`, `0`, or `.` where nobody knows.
    pub fn label_text(&self) -> &'static str {
        match self.label {
            Some(true) => "1",
            Some(false) => "0",
            None => ".",
        }
    }

    /// The gene as the output files have it: `.` where nobody knows.
    pub fn gene_text(&self) -> &'static str {
        self.gene.map_or(".", Gene::name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_genes_and_places_from_one_on() {
        let names = ["chr8", "chr9"].map(|name| (name.to_string(), 200_000_000));
        let chroms = Chroms::new(names).unwrap();
        let region = |chrom, start, end| Region::new(ChromId(chrom), start, end).unwrap();
        let pair = |promoter, gene: &str| Pair {
            elements: Sides::new(region(0, 127_900_000, 127_900_500), promoter),
            label: None,
            line: 2,
            gene: Gene::new(gene),
        };
        let far = pair(region(0, 128_034_200, 128_035_200), "MYC");
        let from = "enhancer chr8:127,900,001-127,900,500 → ";
        assert_eq!(far.described(&chroms), format!("{from}MYC, 134 kb"));
        assert_eq!(far.gene_text(), "MYC");
        let near = pair(region(0, 127_900_520, 127_901_000), "");
        let to = "promoter chr8:127,900,521-127,901,000, 20 b";
        assert_eq!(near.described(&chroms), format!("{from}{to}"));
        assert_eq!(near.gene_text(), ".");
        let apart = pair(region(1, 0, 1000), "");
        let to = "promoter chr9:1-1,000";
        assert_eq!(apart.described(&chroms), format!("{from}{to}"));
    }
}
