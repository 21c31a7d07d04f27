//! A pair of an enhancer and a promoter.

use std::fmt;

use crate::element::Sides;
use crate::genome::{ChromId, Chroms, Region};
use crate::statistics::Clusters;

/// A candidate enhancer and a candidate promoter, perhaps known to interact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The annotated elements.
    pub elements: Sides<Region>,
    /// Whether the two interact, where the table says so.
    pub label: Option<bool>,
    /// 1-based line of the table that the pair stands in.
    pub line: u32,
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
}
