//! `epitrack plot`

mod attention;
mod figure_args;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use epitrack::analysis::plot;
use epitrack::analysis::plot::{PairKind, PairTracks};
use epitrack::browser::added::AddedTrack;
use epitrack::browser::tracks::Folder;
use epitrack::figures::{Figure, Look, Page, Panels};
use epitrack::progress::Progress;
use epitrack::run::Run;
use epitrack::text::choice::{Choice, Named};

use super::added_args::AddedArgs;
use super::genes_arg::GenesArg;
use super::motif_args::MotifArgs;
use super::network::Network;
use super::one_of::one_of;
use attention::AttentionArgs;
use figure_args::{FigureArgs, RangeArg};

/// Draw figures, as SVG, PDF or PNG by the ending of the file's name
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    figure: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    Pair(Box<PairArgs>),
    Attention(Box<AttentionArgs>),
    /// The course of a run's training
    ///
    /// Training loss, cross-entropy and, of the validation part, AUROC, AUPRC and F1 after each epoch; a
    /// line marks the epoch whose weights were kept. --y-range is that of AUROC, AUPRC and F1.
    Training(TrainingArgs),
    /// How well a run ranks pairs: true against false positive rate
    ///
    /// Over all thresholds, on the test and the validation part, with AUROC and its 95 % interval. The run
    /// has to be evaluated before.
    Roc(RunArgs),
    /// How well a run ranks pairs: precision against recall
    ///
    /// Over all thresholds, on the test and the validation part, with AUPRC, its 95 % interval and what
    /// chance would give: the part of positives. The run has to be evaluated before.
    PrecisionRecall(RunArgs),
    /// Whether a run's probabilities come true
    ///
    /// The part of positives against the mean predicted probability, in bins of as many pairs, on the test
    /// and the validation part, with the Brier score; of a single run on the test part calibrated too. The
    /// run has to be evaluated before.
    Calibration(RunArgs),
}

/// Pairs: their windows as in a browser, or the attention matrices of one
///
/// Genes, motif sites, footprints and tracks of your own are drawn below the attention of both elements,
/// aligned base by base; sites that the folder of tracks knows without being asked for. Several pairs, or a
/// pair of several folders, stand below each other, lettered, on one scale:
///
///   epitrack plot pair tracks --out pair.svg --add DNase=dnase.bw,range=0:50 --add peaks=peaks.bed
#[derive(Debug, clap::Args)]
struct PairArgs {
    /// A folder of tracks, or several
    #[arg(required = true)]
    dirs: Vec<PathBuf>,

    /// What to draw
    #[arg(long, value_parser = one_of::<View>(), default_value = View::default().name())]
    view: View,

    /// The pair: its name as in predictions.tsv, a place as browsers show it (chr1:1,234-5,678), its gene, or
    /// its rank by probability, and with --pair again another; the most probable one by default, of those that training did not see if there are any
    #[arg(long, value_name = "PAIR")]
    pair: Vec<String>,

    /// In place of a pair a region of the genome, as browsers show it (chr8:127,700,001-127,760,000), and with
    /// --region again another: attention, top regions and the arcs that lie in it or reach into it, as the
    /// folder has them, without the network
    #[arg(long, value_name = "REGION", conflicts_with_all = ["pair", "view"])]
    region: Vec<String>,

    #[command(flatten)]
    genes: GenesArg,

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
    range: RangeArg,

    #[command(flatten)]
    figure: FigureArgs,

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

// No documentation of its own: it would be that of every figure of a run.
#[derive(Debug, clap::Args)]
struct RunArgs {
    /// The folder of a run; but for a training, of several, whose test parts are compared
    #[arg(required = true)]
    runs: Vec<PathBuf>,

    #[command(flatten)]
    figure: FigureArgs,
}

// As above.
#[derive(Debug, clap::Args)]
struct TrainingArgs {
    #[command(flatten)]
    run: RunArgs,

    #[command(flatten)]
    range: RangeArg,
}

impl Args {
    /// Draws and writes the figure.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        match self.figure {
            Kind::Pair(args) => args.run(progress),
            Kind::Attention(args) => args.run(),
            Kind::Training(args) => args.run(),
            Kind::Roc(args) => args.run(plot::roc),
            Kind::PrecisionRecall(args) => args.run(plot::precision_recall),
            Kind::Calibration(args) => args.run(plot::calibration),
        }
    }
}

impl PairArgs {
    fn run(self, progress: &dyn Progress) -> Result<()> {
        let folders = self.dirs.iter().map(|dir| Folder::open(dir));
        let folders = folders.collect::<Result<Vec<_>, _>>()?;
        let tracks = PairTracks {
            genes: self.genes.genes,
            motifs: self.motif_args.request_of_any(self.motifs),
            footprints: self.footprints,
            added: self.bigwig.into_iter().chain(self.added.add).collect(),
        };
        let look = self.range.of(self.figure.look()?);
        let moved = self.network.moved();
        let dirs = self.dirs.iter().map(|dir| dir.display().to_string());
        let dirs = dirs.collect::<Vec<_>>().join(", ");
        if !self.region.is_empty() {
            let drawn = (&tracks, &look);
            let figure = plot::region(&folders, &self.region, drawn, &moved, progress)
                .with_context(|| format!("drawing regions of {dirs}"))?;
            return self.figure.write(&figure);
        }
        let kind = match self.view {
            View::Browser => PairKind::Browser(tracks),
            View::Matrix(panels) if tracks.is_empty() => PairKind::Matrix(panels),
            View::Matrix(_) => {
                bail!("--genes, --motifs, --footprints and --add are for --view browser")
            }
        };
        let device = self.network.device.select()?;
        let drawn = (&kind, &look);
        let figure = plot::pair(&folders, &self.pair, drawn, &moved, &device, progress)
            .with_context(|| format!("drawing pairs of {dirs}"))?;
        self.figure.write(&figure)
    }
}

impl TrainingArgs {
    fn run(self) -> Result<()> {
        let look = self.range.of(self.run.figure.look()?);
        self.run.draw(&look, plot::training)
    }
}

impl RunArgs {
    fn run(self, draw: impl Fn(&[Run], Page) -> epitrack::error::Result<Figure>) -> Result<()> {
        let look = self.figure.look()?;
        self.draw(&look, draw)
    }

    fn draw(
        self,
        look: &Look,
        draw: impl Fn(&[Run], Page) -> epitrack::error::Result<Figure>,
    ) -> Result<()> {
        let runs = self.runs.iter().map(|dir| Run::open(dir));
        let runs = runs.collect::<Result<Vec<_>, _>>()?;
        let names: Vec<String> = runs.iter().map(Run::name).collect();
        let name = names.join(", ");
        let figure = Page::new(&name, look).and_then(|page| draw(&runs, page));
        let figure = figure.with_context(|| format!("drawing {name}"))?;
        self.figure.write(&figure)
    }
}
