//! Chromosomes as files say them.

use std::collections::BTreeMap;

/// Names and lengths, in the order of the names.
pub type ChromLengths = BTreeMap<String, u32>;

/// The chromosomes of an open file.
pub fn chrom_lengths<'a>(chroms: impl Iterator<Item = (&'a str, u32)>) -> ChromLengths {
    chroms
        .map(|(name, length)| (name.to_string(), length))
        .collect()
}
