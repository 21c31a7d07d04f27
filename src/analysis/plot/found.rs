//! What was found in a window, as a figure shows it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::figures::{Feature, Gene, Track, TrackContent};
use crate::formats::Annotation;
use crate::genome::{Genes, Region, Strand, Transcript};

/// A track, whose name says where there is nothing to see.
pub(super) fn track(name: &str, content: TrackContent) -> Track {
    let empty = match &content {
        TrackContent::Features(features) => features.is_empty(),
        TrackContent::Genes(genes) => genes.is_empty(),
        TrackContent::Signal(values) => values.is_empty(),
    };
    let remark = if empty { ": none here" } else { "" };
    Track::new(format!("{name}{remark}"), content)
}

/// The genes of a window, each as its longest transcript there; those that code choose their places
/// first.
pub(super) fn genes(window: Region, genes: &Genes) -> Vec<Gene> {
    let mut found = genes.within(window);
    found.sort_by_key(|transcript| transcript.coding.is_none());
    let gene = |of: &Transcript| Gene {
        feature: Feature {
            name: of.gene.as_str().into(),
            bases: of.region.start..of.region.end,
            strand: of.strand,
        },
        exons: of.exons.clone(),
        coding: of.coding.clone(),
    };
    found.into_iter().map(gene).collect()
}

/// The sites of regions, the best first; of a factor's overlapping ones, which its matrices and
/// both strands have at the same place, only the best.
pub(super) fn sites(regions: &[Region], annotations: Vec<Annotation>) -> Vec<Feature> {
    let mut sites = Vec::new();
    for (region, annotation) in regions.iter().zip(annotations) {
        for site in annotation.sites.unwrap_or_default() {
            let start = region.start + site.offset;
            let strand = match site.forward {
                true => Strand::Forward,
                false => Strand::Reverse,
            };
            let found = Feature {
                name: site.factor,
                bases: start..start + site.length,
                strand: Some(strand),
            };
            sites.push((site.p_value, found));
        }
    }
    sites.sort_by(|(p, one), (q, other)| {
        let places = one.bases.start.cmp(&other.bases.start);
        p.total_cmp(q).then(places).then(one.name.cmp(&other.name))
    });
    let mut best: Vec<Feature> = Vec::new();
    let mut of_factor: HashMap<Arc<str>, Vec<Range<u32>>> = HashMap::new();
    for (_, site) in sites {
        let Range { start, end } = site.bases;
        let kept = of_factor.entry(site.name.clone()).or_default();
        if !kept.iter().any(|of| of.start < end && start < of.end) {
            kept.push(site.bases.clone());
            best.push(site);
        }
    }
    best
}

/// The stretches of a window's bases of one score, without those that have none.
pub(super) fn scored(window: Region, scores: &[f32]) -> Vec<(Range<u32>, f32)> {
    let mut start = window.start;
    let runs = scores.chunk_by(|one, next| one == next).map(|run| {
        let bases = start..start + run.len() as u32;
        start = bases.end;
        (bases, run[0])
    });
    runs.filter(|(_, score)| *score > 0.0).collect()
}

/// The stretches of a window's bases that footprints cover.
pub(super) fn occupied(window: Region, scores: &[f32]) -> Vec<Feature> {
    let covered = scores.iter().map(|score| f32::from(*score > 0.0));
    let covered: Vec<f32> = covered.collect();
    let found = |(bases, _)| Feature {
        name: "".into(),
        bases,
        strand: None,
    };
    scored(window, &covered).into_iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::RegionSite;
    use crate::genome::ChromId;

    fn region(start: u32, end: u32) -> Region {
        let chrom = ChromId(0);
        Region { chrom, start, end }
    }

    #[test]
    fn the_best_of_a_factors_overlapping_sites_is_shown() {
        let site = |factor: &str, forward, offset, p_value| RegionSite {
            factor: factor.into(),
            matrix: "MA0139.1".into(),
            forward,
            offset,
            length: 10,
            p_value,
        };
        let annotation = |sites| Annotation {
            sites: Some(sites),
            occupied: None,
        };
        let first = vec![
            site("CTCF", true, 0, 1e-5),
            site("CTCF", false, 9, 1e-7),
            site("SP1", true, 3, 1e-5),
        ];
        let second = vec![site("CTCF", true, 2, 1e-6)];
        let regions = [region(100, 145), region(200, 245)];
        let found = sites(&regions, vec![annotation(first), annotation(second)]);
        let found: Vec<(&str, u32, bool)> = found
            .iter()
            .map(|site| {
                let forward = site.strand == Some(Strand::Forward);
                (&*site.name, site.bases.start, forward)
            })
            .collect();
        let wanted = [
            ("CTCF", 109, false),
            ("CTCF", 202, true),
            ("SP1", 103, true),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn footprints_are_stretches_of_bases() {
        let window = region(50, 58);
        let scores = [0.0, 2.0, 2.0, 5.0, 0.0, 0.0, 1.5, 1.5];
        let wanted = [(51..53, 2.0), (53..54, 5.0), (56..58, 1.5)];
        assert_eq!(scored(window, &scores), wanted);
        let covered = occupied(window, &scores);
        let covered: Vec<_> = covered.into_iter().map(|found| found.bases).collect();
        assert_eq!(covered, [51..54, 56..58]);
    }
}
