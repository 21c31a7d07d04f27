//! The argument of every command that shows tracks of the user's own.

use epitrack::browser::added::AddedTrack;

/// Tracks of the user's own.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct AddedArgs {
    /// A track of your own: bigWig, bigBed, BED or narrowPeak (ATAC, H3K27ac, peaks, footprints, motif
    /// sites). What is said of its looks stands behind the file:
    /// H3K27ac=FILE,color=#8800aa,label=TEXT,range=0:50
    #[arg(long, value_name = "NAME=FILE")]
    pub add: Vec<AddedTrack>,
}
