//! `epitrack plot attention`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::analysis::plot::{self, AroundRequest};
use epitrack::browser::tracks::Folder;

use super::figure_args::{FigureArgs, RangeArg};

/// A track around regions: a heat map and the mean, beside random places
///
/// A line for each region, sorted by its mean, as deepTools' plotHeatmap draws them, and above the mean over
/// all of them: of footprints, peaks or motif sites, around their centres. Beside it the same of as many
/// places drawn at random from the bases of the windows that the track covers. Regions whose centre
/// has no value are left out, and counted; those on the reverse strand (column 6) are turned:
///
///   epitrack plot attention tracks --regions footprints.bed --out footprints.pdf
#[derive(Debug, clap::Args)]
pub struct AttentionArgs {
    /// A folder of tracks
    dir: PathBuf,

    /// The regions: BED, plain or gzip
    #[arg(long, value_name = "BED")]
    regions: PathBuf,

    /// The track: a bigWig of the folder
    #[arg(long, value_name = "NAME", default_value = "enhancer_attention")]
    track: String,

    /// Bases on either side of the centres
    #[arg(long, value_name = "BASES", default_value_t = 500)]
    flank: u32,

    /// Bases of a bin, of which a whole number makes the flank
    #[arg(long, value_name = "BASES", default_value_t = 10)]
    bin: u32,

    /// The seed of the places drawn at random
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    #[command(flatten)]
    range: RangeArg,

    #[command(flatten)]
    figure: FigureArgs,
}

impl AttentionArgs {
    /// Draws and writes the figure.
    pub fn run(self) -> Result<()> {
        let folder = Folder::open(&self.dir)?;
        let look = self.range.of(self.figure.look()?);
        let request = AroundRequest {
            regions: self.regions,
            track: self.track,
            flank: self.flank,
            bin: self.bin,
            seed: self.seed,
        };
        let figure = plot::around(&folder, &request, &look)
            .with_context(|| format!("drawing a track of {}", self.dir.display()))?;
        self.figure.write(&figure)
    }
}
