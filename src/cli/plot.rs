//! `epitrack plot`

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Subcommand, ValueEnum};
use epitrack::analysis::plot;
use epitrack::analysis::plot::{PairKind, Ranking};
use epitrack::browser::tracks::Folder;
use epitrack::figures::{Figure, Panels};
use epitrack::run::Run;

use super::network::Network;

/// Draw figures, as SVG or PNG by the ending of the file's name
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    figure: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    Pair(PairArgs),
    Training(RunArgs),
    Roc(RunArgs),
    PrecisionRecall(RunArgs),
    Calibration(RunArgs),
}

/// One pair: its attention matrices, or its windows as in a browser
#[derive(Debug, clap::Args)]
struct PairArgs {
    /// A folder of tracks
    dir: PathBuf,

    /// The figure: FILE.svg or FILE.png
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// What to draw
    #[arg(long, value_enum, default_value_t)]
    view: View,

    /// The pair, named as in predictions.tsv; the most probable one by default
    #[arg(long, value_name = "PAIR")]
    pair: Option<String>,

    #[command(flatten)]
    network: Network,
}

/// What is drawn of a pair.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum View {
    /// Both windows with their tracks, and the arc between them
    #[default]
    Browser,
    /// Both attention matrices
    Matrix,
    /// Attention over the enhancer's bins
    EnhancerMatrix,
    /// Attention over the promoter's bins
    PromoterMatrix,
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
    pub fn run(self) -> Result<()> {
        match self.figure {
            Kind::Pair(args) => args.run(),
            Kind::Training(args) => args.run(plot::training),
            Kind::Roc(args) => args.run(|run, title| plot::ranking(run, title, Ranking::Roc)),
            Kind::PrecisionRecall(args) => {
                args.run(|run, title| plot::ranking(run, title, Ranking::PrecisionRecall))
            }
            Kind::Calibration(args) => args.run(plot::calibration),
        }
    }
}

impl PairArgs {
    fn run(self) -> Result<()> {
        let folder = Folder::open(&self.dir)?;
        let (moved, device) = (self.network.moved(), self.network.device()?);
        let kind = match self.view {
            View::Browser => PairKind::Browser,
            View::Matrix => PairKind::Matrix(Panels::Both),
            View::EnhancerMatrix => PairKind::Matrix(Panels::Enhancer),
            View::PromoterMatrix => PairKind::Matrix(Panels::Promoter),
        };
        let figure = plot::pair(&folder, self.pair.as_deref(), &moved, kind, &device)
            .with_context(|| format!("drawing a pair of {}", self.dir.display()))?;
        figure.write(&self.out)?;
        Ok(())
    }
}

impl RunArgs {
    fn run(self, draw: impl Fn(&Run, &str) -> epitrack::error::Result<Figure>) -> Result<()> {
        let run = Run::open(&self.run)?;
        let title = self.title.unwrap_or_else(|| run.name());
        let figure =
            draw(&run, &title).with_context(|| format!("drawing {}", self.run.display()))?;
        figure.write(&self.out)?;
        Ok(())
    }
}
