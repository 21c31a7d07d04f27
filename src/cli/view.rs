//! `epitrack view`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::browser::tracks;
use epitrack::browser::tracks::{Folder, ViewRequest};
use epitrack::output;

use super::added_args::AddedArgs;
use super::genes_arg::GenesArg;
use super::network::Network;
use super::stdout::print;

/// Write a page that shows pairs, their tracks and their attention matrices
///
/// One HTML file that works from disk and by e-mail. igv.js comes from its published address when
/// the page is opened, or with --igv-js is part of the page, which then needs no network.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder of tracks
    dir: PathBuf,

    /// The page; DIR/view.html by default
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// What the tracks are of; by default the folder's name, or if that is tracks, the name of the
    /// folder around it
    #[arg(long)]
    title: Option<String>,

    /// The assembly's name; recognised from the chromosomes' lengths by default
    #[arg(long, value_name = "NAME")]
    genome: Option<String>,

    /// Show these pairs instead of the most probable ones, of which those come first that training did not see: a name as in predictions.tsv, a place as browsers
    /// show it (chr1:1,234-5,678), a gene, or a rank by probability; what several pairs answer to is refused
    /// with their names
    #[arg(long, value_name = "PAIR", num_args = 1..)]
    pair: Vec<String>,

    /// The most pairs
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    top: u16,

    /// A file of igv.js (igv.min.js) to make part of the page
    #[arg(long, value_name = "FILE")]
    igv_js: Option<PathBuf>,

    #[command(flatten)]
    genes: GenesArg,

    #[command(flatten)]
    added: AddedArgs,

    #[command(flatten)]
    network: Network,
}

impl Args {
    /// Writes the page.
    pub fn run(self) -> Result<()> {
        let folder = Folder::open(&self.dir)?;
        let read = |path: &PathBuf| {
            std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
        };
        let igv = self.igv_js.as_ref().map(read).transpose()?;
        let request = ViewRequest {
            title: self.title.unwrap_or_else(|| folder.name()),
            genome: self.genome,
            pairs: self.pair,
            count: self.top.into(),
            genes: self.genes.genes,
            added: self.added.add,
            moved: self.network.moved(),
        };
        let page = tracks::page(&folder, &request, &self.network.device.select()?)
            .with_context(|| format!("showing the pairs of {}", self.dir.display()))?;
        let out = self.out.unwrap_or_else(|| self.dir.join("view.html"));
        let _claim = output::Claim::files(std::slice::from_ref(&out))?;
        output::write(&out, page.html(igv.as_deref())?)?;
        print(out.display())
    }
}
