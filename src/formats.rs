//! The files that genome browsers read: bigWig, bigBed, bgzip BED with a tabix index, and what a
//! line of each says; peaks of assays; VCF.

mod annotated;
pub(crate) mod bbi;
mod bigbed;
mod bigwig;
mod gene_link;
mod in_order;
mod interact;
mod lines;
mod merged;
mod narrow_peak;
mod npz;
mod peaks;
mod prediction;
mod regions;
mod scored;
mod tabix;
mod trix;
mod vcf;

pub use annotated::{
    Annotated, MergedPlace, read_footprints, read_merged, read_sites, read_top_regions,
};
pub use bbi::catches_panics;
pub(crate) use bbi::{BbiFile, Content, Entry, Fields, Values};
pub use bigbed::{Schema, write as write_bigbed};
pub use bigwig::{BigWig, Summary, is_bigwig, read as read_bigwig, write as write_bigwig};
pub use gene_link::{
    GENE_LINKS_BEDPE_HEADER, GENE_LINKS_HEADER, GeneLink, SCHEMA as GENE_LINKS_SCHEMA,
};
pub use in_order::InOrder;
pub use interact::{
    CONTEXT_SCHEMA as INTERACT_CONTEXT_SCHEMA, Link, SCHEMA as INTERACT_SCHEMA, longrange,
};
pub use lines::Lines;
pub use merged::{CONTEXT_SCHEMA as MERGED_CONTEXT_SCHEMA, MergedRegion, SCHEMA as MERGED_SCHEMA};
pub use narrow_peak::NarrowPeak;
pub use npz::Npz;
pub use peaks::{Assay, PeakFormat, Peaks, assays};
pub use prediction::{
    BEDPE_HEADER, PREDICTIONS_HEADER, Prediction, bedpe_header, predictions_header,
};
pub use regions::{
    Annotation, CONTEXT_SCHEMA as REGION_CONTEXT_SCHEMA, Occupied, RegionRecord, RegionSite,
    SCHEMA as REGION_SCHEMA, SITES_HEADER, sites_header,
};
pub use scored::ScoredBed;
pub use tabix::{Block, SortedBed};
pub use trix::{Trix, TrixIndex};
pub use vcf::{Allele, VcfReader, VcfRecord, info_text};
