//! PEP: boosted trees on the sequences of the two elements, as motif frequencies or as words.
//!
//! Yang, Zhang, Singh & Ma 2017, doi:10.1093/bioinformatics/btx257; the definitions are those of
//! its source (<https://github.com/ma-compbio/PEP>). The trees are those of
//! [`Boosting::PEP`](crate::statistics::boosting::Boosting::PEP).

mod described;
mod embedding;
mod motif;
mod tf_idf;
mod word;

pub use described::regions;
pub use embedding::EmbeddingSettings;
pub use motif::motif_features;
pub use word::PepWord;
