//! PEP: boosted trees on the sequences of the two elements, as motif frequencies or as words.
//!
//! Yang, Zhang, Singh & Ma 2017, doi:10.1093/bioinformatics/btx257; the definitions are those of
//! its source (<https://github.com/ma-compbio/PEP>). The trees are those of
//! [`Boosting::PEP`](super::Boosting::PEP).

mod embedding;
mod motif;
mod tf_idf;
mod word;

use crate::element::Sides;
use crate::genome::{Chroms, Region};
use crate::pairs::Pair;

pub use embedding::EmbeddingSettings;
pub use motif::motif_features;
pub use word::PepWord;

/// Bases to either side of an enhancer that count as its sequence (`genLabelData.py`).
const FLANK: u32 = 4000;

/// The regions whose sequence describes a pair, enhancer first: the enhancer with 4,000 bases to
/// either side, as far as its chromosome reaches, and the promoter.
pub fn regions(pair: &Pair, chroms: &Chroms) -> [Region; 2] {
    let Sides {
        mut enhancer,
        promoter,
    } = pair.elements;
    let length = chroms.length(enhancer.chrom);
    enhancer.start = enhancer.start.saturating_sub(FLANK);
    enhancer.end = enhancer.end.saturating_add(FLANK).min(length);
    [enhancer, promoter]
}
