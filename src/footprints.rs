//! Footprints: where a bound protein keeps DNase I, or Tn5, from cutting.
//!
//! A protein leaves few cuts where it sits and many on its shoulders. Wellington asks of every
//! base, on either strand, how likely its upstream shoulder got so many of the cuts by chance.
//! Inside the program scores are natural logarithms of that probability, at most 0; files show
//! −log10 p, at least 0.
//!
//! Piper et al. 2013, Nucleic Acids Research 41:e201, doi:10.1093/nar/gkt850; as pyDNase 0.3.0
//! computes it (<https://github.com/jpiper/pyDNase>).

mod calls;
mod cuts;
mod log_p;
mod names;
mod null;
mod occupancy;
mod regions;
mod settings;
mod shape;
mod track;
mod wellington;

pub use calls::{Footprint, call};
pub use cuts::{Assay, CutCounts, CutReader, CutSource};
pub use log_p::{ln, neg_log10};
pub use names::ChromNames;
pub use null::SHUFFLES;
pub use occupancy::Footprints;
pub use regions::Regions;
pub use settings::Settings;
pub use track::{
    CallRequest, CallSummary, CallWork, Selection, merge_shards, write, write_shard, written,
};
pub use wellington::{Scores, Wellington};
