//! Genes on a page.

use std::path::Path;

use crate::browser::view::PageGene;
use crate::element::Sides;
use crate::error::Result;
use crate::genome::{Chroms, Genes, Region, Transcript, merge};

/// Bases around a pair whose genes a page holds.
const AROUND: u32 = 10_000;

/// The genes of a file around pairs with these windows and, where both lie on one chromosome, between them.
///
/// # Errors
///
/// As [`Genes::read`].
pub fn around(path: &Path, windows: &[Sides<Region>], chroms: &Chroms) -> Result<Vec<PageGene>> {
    let spans = windows.iter().flat_map(|pair| span(*pair));
    let wide = spans.map(|span| span.widened(AROUND).cut(chroms));
    let genes = Genes::read(path, chroms, &merge(wide))?;
    let all = genes.all().into_iter();
    Ok(all.map(|transcript| gene(transcript, chroms)).collect())
}

/// From one window to the other, or both.
fn span(windows: Sides<Region>) -> Vec<Region> {
    let Sides { enhancer, promoter } = windows;
    if enhancer.chrom != promoter.chrom {
        return vec![enhancer, promoter];
    }
    vec![Region {
        chrom: enhancer.chrom,
        start: enhancer.start.min(promoter.start),
        end: enhancer.end.max(promoter.end),
    }]
}

fn gene(of: &Transcript, chroms: &Chroms) -> PageGene {
    let Region { chrom, start, end } = of.region;
    let ends = of.exons.iter().map(|exon| exon.end);
    let before = std::iter::once(start).chain(ends);
    let exons = of.exons.iter().zip(before);
    let exons = exons.map(|(exon, before)| (exon.start - before, exon.end - exon.start));
    PageGene {
        name: of.gene.clone(),
        transcript: of.name.clone(),
        place: (chroms.name(chrom).to_string(), start, end),
        strand: of.strand_text(),
        coding: of.coding.as_ref().map(|coding| (coding.start, coding.end)),
        exons: exons.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::genes::tests::GTF;
    use crate::genome::ChromId;

    #[test]
    fn genes_between_the_windows_of_a_pair_are_on_its_page() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("genes.gtf");
        let elsewhere = GTF.replace("chr1", "chr2");
        std::fs::write(&path, format!("{GTF}{elsewhere}")).unwrap();
        let names = ["chr1", "chr2"].map(|name| (name.to_string(), 100_000));
        let chroms = Chroms::new(names).unwrap();
        let region = |chrom, start| Region {
            chrom: ChromId(chrom),
            start,
            end: start + 50,
        };
        let names = |enhancer, promoter| {
            let genes = around(&path, &[Sides::new(enhancer, promoter)], &chroms).unwrap();
            let places = genes.into_iter().map(|gene| (gene.place.0, gene.name));
            places.collect::<Vec<_>>()
        };
        let of = |chrom: &str| ["MYC", "PVT1"].map(|name| (chrom.to_string(), name.to_string()));
        assert_eq!(names(region(0, 90_000), region(0, 10)), of("chr1"));
        assert!(names(region(0, 90_000), region(0, 50_000)).is_empty());
        // On two chromosomes nothing lies between.
        assert_eq!(names(region(1, 10), region(0, 90_000)), of("chr2"));
    }

    #[test]
    fn exons_lead_back_to_their_places() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("genes.gtf");
        std::fs::write(&path, GTF).unwrap();
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let window = Region {
            chrom: ChromId(0),
            start: 0,
            end: 150,
        };
        let genes = around(&path, &[Sides::new(window, window)], &chroms).unwrap();
        let [myc, pvt1] = &genes[..] else {
            panic!("{genes:?}");
        };
        assert_eq!(myc.place, ("chr1".to_string(), 100, 200));
        assert_eq!((myc.coding, myc.strand), (Some((110, 190)), "+"));
        assert_eq!(myc.exons, [(0, 20), (60, 20)]);
        assert_eq!((pvt1.coding, pvt1.strand), (None, "-"));
        assert_eq!(pvt1.exons, [(0, 50)]);
    }
}
