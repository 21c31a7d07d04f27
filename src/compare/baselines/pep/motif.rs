//! PEP-Motif: how dense the sites of each motif are in either element.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::described::regions;
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::genome::{Chroms, Region, Sequences, merge};
use crate::motifs::{Collection, Hit};
use crate::pairs::{FeatureTable, Pair};
use crate::progress::Progress;

/// The features of every pair: for each motif its sites per base in the enhancer with its flanks
/// and in the promoter, called by the motif's accession, as `MA0139.1 (enhancer)`.
///
/// A site counts where it lies wholly inside the region, on either strand; a palindrome is a site
/// on both. `sequences` hold the pairs' [`regions`]. All cores; the same whatever their number.
///
/// # Errors
///
/// No motif or no pair; two motifs of one accession.
pub fn motif_features(
    collection: &Collection,
    pairs: &[Pair],
    chroms: &Chroms,
    sequences: &Sequences,
    progress: &dyn Progress,
) -> Result<FeatureTable> {
    let described: Vec<Sides<Region>> = pairs.iter().map(|pair| regions(pair, chroms)).collect();
    let distinct = described.iter().copied().flatten().collect();
    let counts = count(collection, &distinct, sequences, progress);
    let mut columns = Vec::new();
    for element in Element::BOTH {
        for (at, matrix) in collection.matrices.iter().enumerate() {
            let density = |regions: &Sides<Region>| {
                let region = regions.get(element);
                (f64::from(counts[region][at]) / f64::from(region.len())) as f32
            };
            let values = described.iter().map(density).collect();
            columns.push((format!("{} ({})", matrix.id, element.name()), values));
        }
    }
    FeatureTable::new(columns)
}

/// The sites of each motif in each region. Overlapping regions are scanned together, once.
fn count(
    collection: &Collection,
    regions: &BTreeSet<Region>,
    sequences: &Sequences,
    progress: &dyn Progress,
) -> HashMap<Region, Vec<u32>> {
    let spans = merge(regions.iter().copied());
    let bases = spans.iter().map(|span| u64::from(span.len())).sum();
    progress.start("motif sites", bases, 0);
    let in_span = |span: Region| {
        let hits = collection.scanner.scan(sequences.codes(span));
        progress.advance(u64::from(span.len()), "");
        let first = Region { end: 0, ..span };
        let inside = regions
            .range(first..)
            .take_while(move |region| region.chrom == span.chrom && region.start < span.end);
        inside.map(move |&region| (region, within(collection, &hits, span, region)))
    };
    let counts = spans.into_par_iter().flat_map_iter(in_span).collect();
    progress.finish();
    counts
}

/// How many of a span's sites, which are in order, each motif has in a region of it.
fn within(collection: &Collection, hits: &[Hit], span: Region, region: Region) -> Vec<u32> {
    let [start, end] = [region.start, region.end].map(|place| place - span.start);
    let mut counts = vec![0; collection.matrices.len()];
    let first = hits.partition_point(|hit| hit.start < start);
    for hit in hits[first..].iter().take_while(|hit| hit.start < end) {
        let matrix = hit.matrix as usize;
        let fits = hit.start as usize + collection.matrices[matrix].len() <= end as usize;
        counts[matrix] += u32::from(fits);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::baselines::testing::{collection, pair};
    use crate::genome::{ChromId, base_code};
    use crate::progress::Silent;
    use crate::seed::{Purpose, stream};
    use rand::RngExt;

    const LENGTH: u32 = 30_000;

    fn chroms() -> Chroms {
        Chroms::new([("chr1".to_string(), LENGTH)]).unwrap()
    }

    fn features(codes: Vec<u8>, pairs: &[Pair], motifs: &[&str]) -> Result<FeatureTable> {
        let whole = Region {
            chrom: ChromId(0),
            start: 0,
            end: LENGTH,
        };
        let sequences = Sequences::of(whole, codes);
        motif_features(&collection(motifs), pairs, &chroms(), &sequences, &Silent)
    }

    #[test]
    fn sites_are_counted_per_base_on_both_strands_with_the_enhancers_flanks_only() {
        let mut codes = vec![0; LENGTH as usize];
        let mut put = |at: usize, site: &str| {
            for (code, letter) in codes[at..].iter_mut().zip(site.bytes()) {
                *code = base_code(letter);
            }
        };
        put(6_000, "GATTC"); // the first bases of the first enhancer's flank
        put(14_005, "GAATC"); // the last ones, on the other strand
        put(14_008, "GATTC"); // across its end
        put(103, "GATTC"); // in the first promoter
        put(198, "GATTC"); // across the second one's start
        let pairs = [pair(10_000, 100), pair(25_000, 200)];
        let table = features(codes, &pairs, &["GATTC", "CGCGC"]).unwrap();
        let names = ["M0", "M1"].map(|id| [format!("{id} (enhancer)"), format!("{id} (promoter)")]);
        let [[a, c], [b, d]] = names;
        assert_eq!(table.names(), [a, b, c, d]);
        let one = 1.0 / 8010.0;
        assert_eq!(
            table.columns(),
            [[one, 0.0], [0.0, 0.0], [0.1, 0.0], [0.0, 0.0]]
        );
    }

    #[test]
    fn overlapping_regions_are_as_if_each_were_scanned_alone() {
        let mut rng = stream(1, Purpose::Simulation, 0);
        let codes: Vec<u8> = (0..LENGTH).map(|_| rng.random_range(0..4)).collect();
        let pairs: Vec<Pair> = (0..40)
            .map(|_| {
                let mut pair = pair(rng.random_range(0..29_000), rng.random_range(0..29_000));
                pair.elements.promoter.end += rng.random_range(0..900);
                pair
            })
            .collect();
        let motifs = ["GATTC", "ACG", "TTTT"];
        let table = features(codes.clone(), &pairs, &motifs).unwrap();
        let scanner = collection(&motifs).scanner;
        let mut all = 0;
        for (at, pair) in pairs.iter().enumerate() {
            for (side, region) in regions(pair, &chroms()).into_iter().enumerate() {
                let hits = scanner.scan(&codes[region.start as usize..region.end as usize]);
                for motif in 0..motifs.len() {
                    let sites = hits
                        .iter()
                        .filter(|hit| hit.matrix as usize == motif)
                        .count();
                    let wanted = (sites as f64 / f64::from(region.len())) as f32;
                    assert_eq!(table.columns()[side * motifs.len() + motif][at], wanted);
                    all += sites;
                }
            }
        }
        assert!(all > 1000, "{all}");
    }

    #[test]
    fn no_motifs_are_refused() {
        let error = features(vec![0; LENGTH as usize], &[pair(1, 50)], &[]).unwrap_err();
        assert!(error.to_string().contains("no features"), "{error}");
    }
}
