//! Enhancer–promoter pairs: tables and how they are made, windows, augmentation, features, splits and
//! folds, and what these give away.

mod assignment;
mod augmentation;
mod bedpe;
mod bengi;
mod called;
mod cell_lines;
mod chrom_counts;
mod classes;
mod cores;
mod features;
mod few;
pub mod folds;
mod gene;
pub mod leakage;
pub mod make;
mod pair;
pub(crate) mod row;
mod source;
mod split;
mod subset;
mod table;
pub(crate) mod targetfinder;
mod wanted;
mod window;

pub use augmentation::{Augmentation, Example};
pub use bengi::Annotation as BengiAnnotation;
pub use called::{Candidate, called};
pub use cell_lines::{CellLines, NamedTable, check_cell_name, check_parts};
pub use features::{FeatureTable, Regions};
pub use gene::Gene;
pub use pair::Pair;
pub use row::Labels;
pub use source::{BengiFiles, TableSource};
pub use split::{Part, Split, SplitRule, parts_of, parts_of_chroms};
pub use subset::nested;
pub use table::{CellPairs, PairTable};
pub use wanted::Wanted;
pub use window::{around, centred, shifted};
