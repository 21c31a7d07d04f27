//! `epitrack compare-tracks`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::analysis::compare_tracks::{self, CompareTracksRequest, MOST_REGIONS, Measure};
use epitrack::progress::Progress;
use epitrack::run::Run;
use epitrack::text::choice::Choice;

use super::device::DeviceArg;
use super::inputs::TableArgs;
use super::one_of::one_of;

/// Tell where the attention of two runs differs, or what their answers rest on
///
/// Two cell lines, for example. Writes enhancer_difference.bw and promoter_difference.bw (B less A, in units of
/// the attention tracks, or in logits), differences.tsv, the 45-bp regions that differ most, and compare-tracks.json. Compared are
/// the windows that both runs' tables have; all networks of both look at the same pairs.
///
/// Two networks differ by their seeds alone. With runs of at least three networks each (train
/// --ensemble) each region has a p-value: how often as large a difference comes out where the networks
/// are dealt out between the two runs in every other way. With 3 + 3 networks it is at least 0.1, with
/// 4 + 4 0.029, with 5 + 5 0.0079, with 6 + 6 0.0022. Two seeds of one table learn from different pairs
/// of it, unless the second run is told to divide them as the first (--split-file).
///
/// epitrack compare-tracks runs/GM12878 runs/K562 --out differences
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of run A
    a: PathBuf,

    /// The folder of run B
    b: PathBuf,

    /// Folder to write into; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// What is compared
    #[arg(long, value_parser = one_of::<Measure>(), default_value = Measure::default().name())]
    measure: Measure,

    /// Look at the pairs of this table, with or without labels, in place of the two runs' own
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,

    #[command(flatten)]
    table_args: TableArgs,

    /// The most regions of a window
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=MOST_REGIONS as i64))]
    regions: u8,

    /// The most ways to deal out the networks that are looked at: all where there are no more, or else so
    /// many at random
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    permutations: u32,

    /// Seed of ways that are drawn at random
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The reference, where it has moved, or where the two runs read it from different files
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Compares and writes.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let [a, b] = [Run::open(&self.a)?, Run::open(&self.b)?];
        let device = self.device.select()?;
        let table = self.table.map(|file| self.table_args.source(&file));
        let request = CompareTracksRequest {
            measure: self.measure,
            table: table.transpose()?,
            reference: self.reference,
            regions: usize::from(self.regions),
            permutations: self.permutations as usize,
            seed: self.seed,
        };
        let (one, other) = (self.a.display(), self.b.display());
        compare_tracks::write([&a, &b], &request, &self.out, &device, progress)
            .with_context(|| format!("comparing {one} with {other}"))?;
        Ok(())
    }
}
