//! The container of bigWig and bigBed, which UCSC calls BBI: Kent et al. 2010,
//! doi:10.1093/bioinformatics/btq351, supplementary tables 5 to 19.
//!
//! bigtools 0.5.8 encodes the data, and compresses a bigBed's. Readers trip over what it writes around them:
//!
//! - the index takes the end of a node from its last item, so that queries lose long items;
//! - zoom levels fill the gaps between windows;
//! - all fields of a bigBed are declared as standard ones;
//! - the chromosomes come after the data, where some browsers do not look.
//!
//! [`write()`] copies the sections of a bigBed as they are and writes everything else anew, in the
//! order of UCSC's own tools. The sections of a bigWig are compressed here, once they have the form
//! that takes the fewest bytes: single bases side by side need no places. Each defect is held by a test that fails once bigtools mends it.
//!
//! [`BbiFile`] reads files of users and of strangers, on which bigtools' own reader panics.

mod auto_sql;
mod content;
mod copy;
mod counted;
#[cfg(test)]
mod defects;
mod depth;
mod entry;
mod file;
mod header;
mod index;
mod kind;
mod names;
mod packer;
mod rewrite;
mod section;
#[cfg(test)]
mod testing;
mod totals;
mod tree;
mod zoom;

pub use content::{Content, Fields, Values};
pub use entry::Entry;
pub use file::BbiFile;
pub use kind::{BIGWIG, Kind};
pub use rewrite::{catches_panics, raw_signal, runtime, sizes, write};
pub use section::Item;
