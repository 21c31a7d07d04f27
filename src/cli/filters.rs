//! `epitrack filters`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::analysis::filters::{self, FiltersRequest, PAIRS};
use epitrack::progress::Progress;
use epitrack::run::Run;

use super::cell_arg::CellArg;
use super::device::DeviceArg;
use super::stdout::print;

/// The most pairs of the test part, for each of which every filter is silenced; the contributions of their
/// windows are in memory, some 100 KB a pair.
const MOST_PAIRS: u64 = 10_000;

/// Write the motifs that the network made, and what answers are without each of its filters
///
/// Each filter becomes a matrix of the sub-sequences that activate it, and so does each cluster of
/// stretches that answers rest on: filters.tsv, .meme, .jaspar, filters.svg (logos), seqlets.tsv, .meme,
/// .jaspar. With --motifs, which known matrix each is most like, as Tomtom tells it, and known.tsv, which
/// known ones were found:
///
///   epitrack filters runs/K562 --out filters/K562 --motifs JASPAR.meme
///
/// A filter that looks like a motif need not matter to an answer: `change` in filters.tsv is what becomes
/// of the logits of pairs of the test part without it. Of an ensemble the first network is looked at.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of a run
    run: PathBuf,

    /// Folder to write into; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Known matrices to compare with, in JASPAR's formats, TRANSFAC, MEME, HOMER or UniPROBE; plain or
    /// gzip
    #[arg(long, value_name = "FILE", num_args = 1..)]
    motifs: Vec<PathBuf>,

    /// The most pairs of the test part that every filter is silenced for, half of each class; 0 for none
    #[arg(long, value_name = "N", default_value_t = PAIRS as u64, value_parser = clap::value_parser!(u64).range(..=MOST_PAIRS))]
    sample: u64,

    /// Seed of the choice of windows and pairs, where there are more than are looked at
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The run's table, where it has moved; or that of the cell line that is meant
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,

    #[command(flatten)]
    cell: CellArg,

    /// The reference, where it has moved
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Looks at the filters and writes.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let run = Run::open(&self.run)?;
        let device = self.device.select()?;
        let request = FiltersRequest {
            motifs: self.motifs,
            pairs: self.sample as usize,
            seed: self.seed,
            table: self.cell.file(&run, self.table)?,
            reference: self.reference,
        };
        let summary = filters::write(&run, &request, &self.out, &device, progress)
            .with_context(|| format!("looking at the filters of {}", self.run.display()))?;
        let (with, all) = (summary.filters_with_matrix, summary.filters);
        let clusters = summary.clusters;
        let table = self.out.join("filters.tsv");
        print(format_args!(
            "{}  {with} of {all} filters have a matrix, {clusters} clusters of seqlets",
            table.display()
        ))
    }
}
