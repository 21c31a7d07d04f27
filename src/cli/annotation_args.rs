//! The arguments of every command that writes top regions.

use std::path::PathBuf;

use epitrack::browser::tracks::annotation::AnnotationRequest;

use super::motif_args::MotifArgs;

/// What is told of top regions.
#[derive(Debug, Clone, clap::Args)]
pub struct AnnotationArgs {
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
    /// What to look for.
    pub fn request(self) -> AnnotationRequest {
        AnnotationRequest {
            motifs: self.motif_args.request_of_any(self.motifs),
            footprints: self.footprints,
        }
    }
}
