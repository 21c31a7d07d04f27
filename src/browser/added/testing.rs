//! Small tracks for tests.

use std::fs;
use std::path::Path;

use crate::formats::write_bigwig;
use crate::genome::{ChromId, Chroms, Region, Segment};

/// Chromosomes by names and lengths.
pub fn chroms(names: &[(&str, u32)]) -> Chroms {
    let owned = names
        .iter()
        .map(|(name, length)| (name.to_string(), *length));
    Chroms::new(owned).unwrap()
}

/// A bigWig of a few values on the first of its chromosomes.
pub fn bigwig(path: &Path, chroms: &Chroms) {
    let values = [(10, 20, 1.0), (20, 25, 3.0), (40, 60, 0.5)];
    let segments = values.map(|(start, end, value)| Segment {
        region: Region {
            chrom: ChromId(0),
            start,
            end,
        },
        value,
    });
    let (file, _) = write_bigwig(path, chroms, segments.into_iter()).unwrap();
    file.complete().unwrap();
}

/// A BED file of three items on chr1, not in order.
pub fn bed(path: &Path) {
    let text = "chr1\t70\t90\tlast\t1\t-\nchr1\t10\t20\tone\t7\t+\nchr1\t30\t40\n";
    fs::write(path, text).unwrap();
}

/// A bigBed of the same.
pub fn big_bed(path: &Path, chroms: &Chroms) {
    let text = path.with_extension("testing.bed");
    bed(&text);
    let file = super::as_big_bed(&text, path, chroms).unwrap();
    file.complete().unwrap();
}
