//! Enhancer–promoter pairs: tables and how they are made, windows, augmentation, splits and folds,
//! and what these give away.

mod assignment;
mod augmentation;
mod bedpe;
mod bengi;
mod classes;
pub mod folds;
pub mod leakage;
pub mod make;
pub(crate) mod row;
mod source;
mod split;
mod subset;
pub(crate) mod table;
pub(crate) mod targetfinder;
mod window;

use std::fmt;

pub use augmentation::{Augmentation, Example};
pub use bengi::Annotation as BengiAnnotation;
pub use source::{BengiFiles, TableSource};
pub use split::{Part, Split, SplitRule};
pub use subset::nested;
pub use table::{Labels, PairTable, ReadOptions};
pub use window::{WindowLengths, Windows};

use crate::genome::{Chroms, Region};

/// A candidate enhancer and a candidate promoter, perhaps known to interact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The annotated enhancer.
    pub enhancer: Region,
    /// The annotated promoter.
    pub promoter: Region,
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
    pub fn id<'a>(&'a self, chroms: &'a Chroms) -> PairId<'a> {
        PairId { pair: self, chroms }
    }

    /// The two elements, enhancer first.
    pub fn elements(&self) -> [Region; 2] {
        [self.enhancer, self.promoter]
    }

    /// Bases between the two elements, 0 where they touch or overlap; nothing if they are on two
    /// chromosomes.
    pub fn distance(&self) -> Option<u32> {
        let [a, b] = self.elements();
        (a.chrom == b.chrom).then(|| a.gap(&b))
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

/// Displays [`Pair::id`].
pub struct PairId<'a> {
    pair: &'a Pair,
    chroms: &'a Chroms,
}

impl fmt::Display for PairId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [enhancer, promoter] = self.pair.elements();
        write!(
            f,
            "{}:{}-{}~{}:{}-{}",
            self.chroms.name(enhancer.chrom),
            enhancer.start,
            enhancer.end,
            self.chroms.name(promoter.chrom),
            promoter.start,
            promoter.end
        )
    }
}
