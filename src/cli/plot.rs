//! `epitrack plot`

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use epitrack::analysis::plot;
use epitrack::analysis::plot::{PairKind, PairTracks};
use epitrack::browser::added::AddedTrack;
use epitrack::browser::tracks::Folder;
use epitrack::figures::{Figure, Panels};
use epitrack::output::Claim;
use epitrack::progress::Progress;
use epitrack::run::Run;
use epitrack::text::choice::{Choice, Named};

use super::added_args::AddedArgs;
use super::motif_args::MotifArgs;
use super::network::Network;
use super::one_of::one_of;

/// Draw figures, as SVG or PNG by the ending of the file's name
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    figure: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    Pair(Box<PairArgs>),
    Training(RunArgs),
    Roc(RunArgs),
    PrecisionRecall(RunArgs),
    Calibration(RunArgs),
}

/// One pair: its attention matrices, or its windows as in a browser
///
/// Motif sites, footprints and tracks of your own are drawn below the attention of both elements,
/// aligned base by base; sites that the folder of tracks knows without being asked for:
///
///   epitrack plot pair tracks --out pair.svg --add DNase=dnase.bw,range=0:50 --add peaks=peaks.bed
#[derive(Debug, clap::Args)]
struct PairArgs {
    /// A folder of tracks
    dir: PathBuf,

    /// The figure: FILE.svg or FILE.png
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// What to draw
    #[arg(long, value_parser = one_of::<View>(), default_value = View::default().name())]
    view: View,

    /// The pair, named as in predictions.tsv; the most probable one by default
    #[arg(long, value_name = "PAIR")]
    pair: Option<String>,

    /// Show the motif sites in the top regions, with their factors: the best first, as many as have
    /// room, and of a factor's overlapping sites the best. Matrices in JASPAR's formats, TRANSFAC,
    /// MEME, HOMER or UniPROBE; plain or gzip
    #[arg(long, value_name = "FILE", num_args = 1..)]
    motifs: Vec<PathBuf>,

    #[command(flatten)]
    motif_args: MotifArgs,

    /// Show footprints: BED, or a bigWig of −log10 p of each base
    #[arg(long, value_name = "FILE")]
    footprints: Option<PathBuf>,

    #[command(flatten)]
    added: AddedArgs,

    /// What --add was called: further tracks, before those of --add
    #[arg(long, value_name = "NAME=FILE", num_args = 1..)]
    bigwig: Vec<AddedTrack>,

    #[command(flatten)]
    network: Network,
}

/// What is drawn of a pair.
#[derive(Debug, Clone, Copy, Default)]
enum View {
    /// Both windows with their tracks, and the arc between them.
    #[default]
    Browser,
    /// Attention matrices.
    Matrix(Panels),
}

impl Choice for View {
    const ALL: &'static [Named<Self>] = &[
        (
            Self::Browser,
            "browser",
            "Both windows with their tracks, and the arc between them",
        ),
        (
            Self::Matrix(Panels::Both),
            "matrix",
            "Both attention matrices",
        ),
        (
            Self::Matrix(Panels::Enhancer),
            "enhancer-matrix",
            "Attention over the enhancer's bins",
        ),
        (
            Self::Matrix(Panels::Promoter),
            "promoter-matrix",
            "Attention over the promoter's bins",
        ),
    ];
}

/// A run: its training, how well it ranks pairs, or whether its probabilities come true
#[derive(Debug, clap::Args)]
struct RunArgs {
    /// The folder of a run
    run: PathBuf,

    /// The figure: FILE.svg or FILE.png
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// The figure's title; the folder's name by default
    #[arg(long)]
    title: Option<String>,
}

impl Args {
    /// Draws and writes the figure.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        match self.figure {
            Kind::Pair(args) => args.run(progress),
            Kind::Training(args) => args.run(plot::training),
            Kind::Roc(args) => args.run(plot::roc),
            Kind::PrecisionRecall(args) => args.run(plot::precision_recall),
            Kind::Calibration(args) => args.run(plot::calibration),
        }
    }
}

impl PairArgs {
    fn run(self, progress: &dyn Progress) -> Result<()> {
        let folder = Folder::open(&self.dir)?;
        let tracks = PairTracks {
            motifs: self.motif_args.request_of_any(self.motifs),
            footprints: self.footprints,
            added: self.bigwig.into_iter().chain(self.added.add).collect(),
        };
        let kind = match self.view {
            View::Browser => PairKind::Browser(tracks),
            View::Matrix(panels) if tracks.is_empty() => PairKind::Matrix(panels),
            View::Matrix(_) => bail!("--motifs, --footprints and --add are for --view browser"),
        };
        let (moved, device) = (self.network.moved(), self.network.device.select()?);
        let name = self.pair.as_deref();
        let figure = plot::pair(&folder, name, &moved, &kind, &device, progress)
            .with_context(|| format!("drawing a pair of {}", self.dir.display()))?;
        write(&figure, &self.out)
    }
}

/// Writes a figure where nothing is lost.
fn write(figure: &Figure, out: &Path) -> Result<()> {
    let _claim = Claim::files(&[out.to_path_buf()])?;
    Ok(figure.write(out)?)
}

impl RunArgs {
    fn run(self, draw: impl Fn(&Run, &str) -> epitrack::error::Result<Figure>) -> Result<()> {
        let run = Run::open(&self.run)?;
        let title = self.title.unwrap_or_else(|| run.name());
        let figure =
            draw(&run, &title).with_context(|| format!("drawing {}", self.run.display()))?;
        write(&figure, &self.out)
    }
}
