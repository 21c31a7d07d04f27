//! The arguments of every command that writes top regions.

use std::path::PathBuf;

use epitrack::attention::{TOP, TopCount};
use epitrack::browser::tracks::annotation::AnnotationRequest;

use super::motif_args::MotifArgs;

/// How many top regions there are, and what is told of them.
#[derive(Debug, Clone, clap::Args)]
pub struct AnnotationArgs {
    /// Top regions of each window, none over another; no more than either window has room for (34 at the
    /// published size)
    #[arg(long, value_name = "N", default_value_t = TOP as u8, value_parser = clap::value_parser!(u8).range(1..))]
    top_regions: u8,

    /// Tell the motif sites in each top region, in top_regions and in top_region_sites.tsv:
    /// matrices in JASPAR's formats, TRANSFAC, MEME, HOMER or UniPROBE; plain or gzip
    #[arg(long, value_name = "FILE", num_args = 1..)]
    motifs: Vec<PathBuf>,

    #[command(flatten)]
    motif_args: MotifArgs,

    /// Tell the footprints in each top region: BED, or a bigWig of −log10 p of each base
    #[arg(long, value_name = "FILE")]
    footprints: Option<PathBuf>,
}

impl AnnotationArgs {
    /// How many top regions each window has.
    pub fn top_regions(&self) -> TopCount {
        TopCount(self.top_regions)
    }

    /// What to look for.
    pub fn request(self) -> AnnotationRequest {
        AnnotationRequest {
            motifs: self.motif_args.request_of_any(self.motifs),
            footprints: self.footprints,
        }
    }
}
