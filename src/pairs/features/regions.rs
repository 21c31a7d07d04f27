//! The regions that TargetFinder's features describe.
//!
//! Whalen, Truty & Pollard 2016, doi:10.1038/ng.3539; the definitions are those of its source
//! (`common.py` and `generate_enhancers.py` in <https://github.com/shwhalen/targetfinder>).

use crate::genome::{Chroms, Region};
use crate::pairs::Pair;

/// Bases by which extended enhancers are longer at either end (`K562/eep.json`).
const EXTENSION: u32 = 3000;

/// The regions that features describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regions {
    /// E/P: the enhancer and the promoter.
    EnhancerPromoter,
    /// EE/P: the enhancer with 3,000 bases to either side, and the promoter.
    ExtendedEnhancerPromoter,
    /// E/P/W: the enhancer, the promoter and the window between them.
    EnhancerPromoterWindow,
}

impl Regions {
    /// What the names of the regions' features end in, without the brackets. The features of an
    /// extended enhancer are called as those of an enhancer.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::EnhancerPromoter | Self::ExtendedEnhancerPromoter => &["enhancer", "promoter"],
            Self::EnhancerPromoterWindow => &["enhancer", "promoter", "window"],
        }
    }

    /// The regions of a pair in the order of [`Regions::names`]; a window that holds no base, as
    /// between elements that touch or lie on two chromosomes, is empty.
    pub fn of(self, pair: &Pair, chroms: &Chroms) -> Vec<Region> {
        let mut enhancer = pair.elements.enhancer;
        if self == Self::ExtendedEnhancerPromoter {
            enhancer = enhancer.widened(EXTENSION).cut(chroms);
        }
        let mut regions = vec![enhancer, pair.elements.promoter];
        if self == Self::EnhancerPromoterWindow {
            regions.push(window(pair));
        }
        regions
    }
}

/// The window between two elements. One base shorter at either end than the gap: TargetFinder
/// counts from the end of the first + 1 to the start of the second − 1, half-open.
fn window(pair: &Pair) -> Region {
    let (a, b) = (pair.elements.enhancer, pair.elements.promoter);
    let start = a.end.min(b.end).saturating_add(1);
    let end = a.start.max(b.start).saturating_sub(1);
    let end = if a.chrom == b.chrom { end } else { start };
    Region {
        chrom: a.chrom,
        start,
        end: end.max(start),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Sides;
    use crate::genome::ChromId;

    #[test]
    fn the_window_is_a_base_shorter_than_the_gap_at_either_end() {
        let region = |chrom: u32, start: u32| Region {
            chrom: ChromId(chrom),
            start,
            end: start + 10,
        };
        let window = |enhancer, promoter| {
            let pair = Pair {
                elements: Sides::new(enhancer, promoter),
                label: None,
                line: 1,
                gene: None,
            };
            window(&pair)
        };
        let [a, b] = [region(0, 100), region(0, 9_000)];
        for between in [window(a, b), window(b, a)] {
            assert_eq!((between.start, between.end), (111, 8_999));
        }
        assert!(window(a, region(0, 112)).is_empty());
        assert!(window(a, region(0, 105)).is_empty());
        assert!(window(a, region(1, 9_000)).is_empty());
    }
}
