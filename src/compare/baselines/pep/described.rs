//! The regions whose sequence describes a pair.

use crate::element::Sides;
use crate::genome::{Chroms, Region};
use crate::pairs::Pair;

/// Bases to either side of an enhancer that count as its sequence (`genLabelData.py`).
const FLANK: u32 = 4000;

/// The regions whose sequence describes a pair: the enhancer with 4,000 bases to either side, as far
/// as its chromosome reaches, and the promoter.
pub fn regions(pair: &Pair, chroms: &Chroms) -> Sides<Region> {
    let Sides { enhancer, promoter } = pair.elements;
    Sides::new(enhancer.widened(FLANK).cut(chroms), promoter)
}
