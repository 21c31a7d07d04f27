//! TargetFinder's features: the mean signal of assays in the enhancer, the promoter and the window
//! between them.
//!
//! Whalen, Truty & Pollard 2016, doi:10.1038/ng.3539; the definitions are those of its source
//! (`chromatics/feature_generator.py`, `common.py` and `generate_enhancers.py` in
//! <https://github.com/shwhalen/targetfinder>).

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::formats::{Assay, Peaks};
use crate::genome::{Chroms, Region};
use crate::pairs::{FeatureTable, Pair, Regions};

/// The features of every pair: for each region and assay the sum of the signals of the peaks that
/// share a base with the region, divided by the region's length in bases; 0 where there is none.
/// Features are called `H3K27ac (enhancer)`, in the order of the regions and then of the assays'
/// names.
///
/// # Errors
///
/// Files that cannot be read; all bad rows of a file together: places that are none, peaks of no
/// length, signals that are no finite numbers; a file that has peaks, but none on a chromosome of
/// the reference; no assay or no pair.
pub fn compute(
    assays: &[Assay],
    pairs: &[Pair],
    chroms: &Chroms,
    regions: Regions,
) -> Result<FeatureTable> {
    let mut files: BTreeMap<&str, Vec<&Assay>> = BTreeMap::new();
    for assay in assays {
        files.entry(&assay.name).or_default().push(assay);
    }
    let of_pairs: Vec<Vec<Region>> = pairs.iter().map(|pair| regions.of(pair, chroms)).collect();
    let mut tables = files
        .into_par_iter()
        .map(|(name, files)| {
            let peaks = Peaks::read(files, chroms)?;
            let columns = regions.names().iter().enumerate().map(|(at, region)| {
                let values = of_pairs
                    .iter()
                    .map(|regions| peaks.mean(regions[at]) as f32);
                (format!("{name} ({region})"), values.collect())
            });
            Ok(columns.collect::<Vec<(String, Vec<f32>)>>().into_iter())
        })
        .collect::<Result<Vec<_>>>()?;
    if tables.is_empty() {
        return Err(Error::Configuration("there are no assays".to_string()));
    }
    let in_order = regions.names().iter().flat_map(|_| {
        let of_region = tables.iter_mut().filter_map(Iterator::next);
        of_region.collect::<Vec<_>>()
    });
    FeatureTable::new(in_order.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::super::testing::pair;
    use super::*;
    use crate::formats::PeakFormat;
    use crate::genome::ChromId;

    fn chroms() -> Chroms {
        Chroms::new(["chr1", "chr2"].map(|name| (name.to_string(), 10_000))).unwrap()
    }

    fn assay(dir: &tempfile::TempDir, file: &str, name: &str, text: &str) -> Assay {
        let path = dir.path().join(file);
        std::fs::write(&path, text).unwrap();
        let (name, format) = (name.to_string(), PeakFormat::Score);
        Assay { name, path, format }
    }

    fn compute_here(pairs: &[Pair], regions: Regions) -> FeatureTable {
        let dir = tempfile::tempdir().unwrap();
        let assays = [
            assay(
                &dir,
                "b",
                "B",
                "chr1\t1000\t1001\t.\t20\nchr1\t1005\t1400\t.\t40\n",
            ),
            assay(&dir, "a1", "A", "chr1\t90\t101\t.\t10\n"),
            assay(
                &dir,
                "a2",
                "A",
                "chr1\t109\t111\t.\t5\nchr1\t998\t999\t.\t7\n",
            ),
        ];
        compute(&assays, pairs, &chroms(), regions).unwrap()
    }

    #[test]
    fn means_are_as_counted_by_hand() {
        let pairs = [pair(100, 1000), pair(1000, 100)];
        let table = compute_here(&pairs, Regions::EnhancerPromoterWindow);
        let names = [
            "A (enhancer)",
            "B (enhancer)",
            "A (promoter)",
            "B (promoter)",
            "A (window)",
            "B (window)",
        ];
        assert_eq!(table.names(), names);
        assert_eq!(table.column("A (enhancer)"), Some(&[1.5, 0.0][..]));
        assert_eq!(table.column("B (promoter)"), Some(&[6.0, 0.0][..]));
        // The window is [111, 999): the peak that ends at 111 is outside.
        let wanted = 7.0 / 888.0;
        assert_eq!(table.column("A (window)"), Some(&[wanted, wanted][..]));
        assert_eq!(table.column("B (window)"), Some(&[0.0, 0.0][..]));
    }

    #[test]
    fn extended_enhancers_stay_on_their_chromosome() {
        let pairs = [pair(9_000, 100), pair(4_350, 100)];
        let table = compute_here(&pairs, Regions::ExtendedEnhancerPromoter);
        let b = table.column("B (enhancer)").unwrap();
        // [1350, 7360) meets the peak that ends at 1400; [6000, 10000) meets none.
        assert_eq!(b, [0.0, 40.0 / 6010.0]);
        let regions = Regions::ExtendedEnhancerPromoter.of(&pairs[0], &chroms());
        assert_eq!((regions[0].start, regions[0].end), (6_000, 10_000));
    }

    #[test]
    fn windows_without_a_base_have_no_signal() {
        let mut two = pair(100, 1000);
        two.elements.promoter.chrom = ChromId(1);
        let pairs = [pair(105, 100), pair(100, 110), pair(100, 112), two];
        let table = compute_here(&pairs, Regions::EnhancerPromoterWindow);
        assert_eq!(table.column("A (window)"), Some(&[0.0; 4][..]));
    }
}
