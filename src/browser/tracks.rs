//! From a trained run to the tracks of every pair of a table.

mod activity_bases;
mod added_files;
mod annotated;
pub mod annotation;
mod described;
mod folder;
mod hub;
mod inputs;
mod matrix;
mod measured;
mod merging;
mod multiqc;
mod of_activity;
mod performance;
mod request;
mod session;
mod sessions;
mod shard;
mod signal;
mod signals;
mod summary;
mod track;
mod view;
mod write;
mod writer;

pub use folder::{Detail, Folder, Moved, ShownPair, choose, details, name_of};
pub use hub::{HubRequest, NOBODY, write_hub};
pub use request::{Selection, TracksRequest};
pub use sessions::{SessionsRequest, SessionsSummary, has_added, write_sessions};
pub use shard::{TracksWork, merge_shards, write_shard};
pub use summary::{FILE as SUMMARY, HYPOTHETICAL, Made, SANITY, SANITY_FIGURE, TracksSummary};
pub use track::{Predicted, Track};
pub use view::{ViewRequest, page};
pub use write::{are_whole, write, written};
