//! Transcription factor motifs: matrices, the factors they stand for, and where they match.

mod background;
mod collection;
mod filters;
mod homer;
mod jaspar;
mod matrix;
mod meme;
mod prefilter;
mod read;
mod rows;
pub mod scan;
mod scanner;
mod scores;
mod select;
pub mod similarity;
mod symbols;
mod transfac;
mod uniprobe;
mod write;

pub use background::{Background, BackgroundRule};
pub use collection::{Collection, CollectionMade, CollectionRequest, MotifSearch, P_VALUE};
pub use filters::{Filter, filters};
pub use matrix::{MOST_POSITIONS, Matrix, reverse_complement};
pub use read::{parse, read, read_all};
pub use scanner::{Hit, Scanner, Threshold};
pub use scores::Scores;
pub use symbols::Symbols;
pub use write::{to_jaspar, to_meme};
