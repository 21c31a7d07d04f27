//! `epitrack run`

mod plan;
mod steps;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use epitrack::network::device::ComputeDevice;
use epitrack::output;
use epitrack::output::shard::Shard;
use epitrack::pipeline::{self, CellLine, Step, Work};
use epitrack::progress::Progress;
use tracing::{info, warn};

use super::advice::in_words;
use super::one_of::one_of;
use super::stdout::print;
use plan::{Cells, Given, Plan};

/// The table of what all networks reach.
const RESULTS: &str = "results.tsv";
/// Its columns.
const COLUMNS: &str = "cell\trepeat\tseed\tauroc\tauroc_low\tauroc_high\tauprc\tauprc_low\tauprc_high\t\
    positives\tpromoters_of_positives";

/// Do everything for several cell lines, from one file
///
/// For each cell line: train, evaluate, call footprints (or take those that are given), write the tracks
/// with motifs and footprints, enrich (where there are motifs), and a page, view.html; then one hub of
/// all, and results.tsv. What is complete is not done again, and a cell line that fails, or lacks a file,
/// does not stop the others: it is told at the end. The file, with paths relative to its own folder:
///
///     out = "results"
///     reference = "hg19.fa.gz"
///     motifs = ["JASPAR2024_CORE_vertebrates.meme"]
///     [[cell]]
///     name = "GM12878"
///     pairs = "GM12878.csv.gz"
///     footprints = "GM12878.footprints.bed.gz"
///     [[cell]]
///     name = "K562"
///     pairs = "K562.csv.gz"
///     bam = "K562.dnase.bam"
///     regions = "K562.peaks.bed"
///
/// and, where the defaults do not serve, device, ensemble (networks for each cell line), seeds (of
/// further trainings, which are evaluated), genes (on the pages, and in the hub of an assembly that UCSC
/// lacks), add (tracks of your own, also of one cell line, as behind --add), [folds] (their test
/// chromosomes), [split], [table], [sites], [tracks], [enrich], [view], [hub], [model], [training],
/// [augmentation] and [activity]. A cell line that learns activities has activity and activity_peaks, one
/// whose pairs have a context has context, context_assays and context_features, as the options of train.
/// epitrack demo leaves such a file, epitrack.toml, beside its simulation.
///
/// On a cluster each step is a job of its own (--cell, --step): see workflow/.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The file
    file: PathBuf,

    /// Do everything again, replacing what is there
    #[arg(long)]
    fresh: bool,

    /// Only this cell line, without the hub of all
    #[arg(long, value_name = "NAME")]
    cell: Option<String>,

    /// Only this step of it, which needs those before
    #[arg(long, value_parser = one_of::<Step>(), requires = "cell")]
    step: Option<Step>,

    /// Train or evaluate this repeat in place of the network whose tracks are written: seed2, FOLD-seed1
    #[arg(long, value_name = "NAME", requires = "step")]
    repeat: Option<String>,

    /// Run only part I of N of the tracks, into DIR; epitrack merge makes the tracks of all parts
    #[arg(long, value_name = "I/N", requires = "step", conflicts_with = "repeat")]
    shard: Option<Shard>,

    /// The folder of the shard
    #[arg(long, value_name = "DIR", requires = "shard")]
    shard_out: Option<PathBuf>,

    /// Only the hub and results.tsv, of cell lines whose steps are complete
    #[arg(long, conflicts_with_all = ["cell", "fresh"])]
    hub_only: bool,

    #[command(flatten)]
    given: GivenArgs,
}

/// What goes before what the file says.
#[derive(Debug, Default, clap::Args)]
struct GivenArgs {
    /// Matrices in place of the file's
    #[arg(long, value_name = "FILE", num_args = 1..)]
    motifs: Vec<PathBuf>,

    /// Only these of the matrices: names or accessions
    #[arg(long, value_name = "NAME", num_args = 1..)]
    motif: Vec<String>,

    /// Seeds of further trainings in place of the file's
    #[arg(long, value_name = "SEED", num_args = 1.., value_delimiter = ',')]
    seeds: Vec<u64>,

    /// Footprints of a cell line in place of the file's
    #[arg(long, value_name = "CELL=FILE", num_args = 1.., value_parser = footprints)]
    footprints: Vec<(String, PathBuf)>,
}

fn footprints(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((cell, path)) if !cell.is_empty() && !path.is_empty() => {
            Ok((cell.to_string(), PathBuf::from(path)))
        }
        _ => Err("has to be CELL=FILE".to_string()),
    }
}

impl From<GivenArgs> for Given {
    fn from(args: GivenArgs) -> Self {
        Self {
            motifs: args.motifs,
            motif: args.motif,
            seeds: args.seeds,
            footprints: args.footprints,
        }
    }
}

impl Args {
    /// Works through the cell lines.
    pub fn run(mut self, progress: &dyn Progress) -> Result<()> {
        let given = std::mem::take(&mut self.given).into();
        let plan = Plan::read(&self.file, given, progress)?;
        // What is wrong with any is told before the long work on the first.
        let Cells {
            ready: mut cells,
            without_files: mut failed,
            kept,
        } = plan.cells(self.cell.as_deref())?;
        if let Some(name) = &self.cell
            && cells.is_empty()
            && failed.is_empty()
        {
            bail!("{} has no cell line {name}", self.file.display());
        }
        if cells.is_empty() {
            bail!("{}", failed.join("\n"));
        }
        for problem in &failed {
            warn!("{problem}; the other cell lines go on");
        }
        if let (Some(step), Some(cell)) = (self.step, cells.first()) {
            let done = self.step(cell, step, &plan.device.select()?, progress);
            return done.with_context(|| of_cell(cell));
        }
        failed.extend(match self.hub_only {
            true => without_tracks(&mut cells),
            false => self.work_through(&mut cells, &plan.device.select()?, progress),
        });
        cells.extend(kept);
        plan.sort(&mut cells);
        let done = self.finish(&plan, &cells);
        if failed.is_empty() {
            return done;
        }
        failed.extend(done.err().map(|error| in_words(&error)));
        bail!("{}", failed.join("\n"))
    }

    /// Writes what is made of all cell lines whose results are complete, and prints what they reach.
    fn finish(&self, plan: &Plan, cells: &[CellLine]) -> Result<()> {
        if self.cell.is_none() && !cells.is_empty() {
            let all: Vec<&CellLine> = cells.iter().collect();
            pipeline::write_hub(&all, &plan.hub(), &plan.out.join("hub"))?;
            write_results(&all, &plan.out.join(RESULTS))?;
        }
        print_results(cells)
    }

    /// Does all steps of the cell lines, of which those that fail are left out; what they said.
    fn work_through(
        &self,
        cells: &mut Vec<CellLine>,
        device: &ComputeDevice,
        progress: &dyn Progress,
    ) -> Vec<String> {
        let work = Work {
            fresh: self.fresh,
            device,
            progress,
        };
        keep(cells, |cell| {
            info!("{}", of_cell(cell));
            cell.work_through(work).map(drop)
        })
    }

    fn step(
        &self,
        cell: &CellLine,
        step: Step,
        device: &ComputeDevice,
        progress: &dyn Progress,
    ) -> Result<()> {
        let work = Work {
            fresh: self.fresh,
            device,
            progress,
        };
        let repeat = self.repeat.as_deref();
        match (step, self.shard) {
            (Step::Tracks, Some(shard)) => {
                let out = self.shard_out.as_deref();
                let out = out.context("a shard needs a folder: --shard-out")?;
                cell.write_shard(shard, out, work)?;
            }
            (_, Some(_)) => bail!("only tracks have shards"),
            (Step::Train, None) => drop(cell.train(repeat, work)?),
            (Step::Evaluate, None) => drop(cell.evaluate(repeat, work)?),
            (_, None) if repeat.is_some() => bail!("a repeat is only trained and evaluated"),
            (step, None) => cell.step(step, work)?,
        }
        Ok(())
    }
}

/// What errors about a cell line begin with.
fn of_cell(cell: &CellLine) -> String {
    format!("cell line {}", cell.name)
}

/// Leaves out the cell lines with which something fails; what they said. The others do not depend on them.
fn keep(
    cells: &mut Vec<CellLine>,
    mut work: impl FnMut(&CellLine) -> epitrack::error::Result<()>,
) -> Vec<String> {
    let mut failed = Vec::new();
    cells.retain(|cell| match work(cell) {
        Ok(()) => true,
        Err(error) => {
            let error = in_words(&error.into());
            failed.push(format!("{}: {error}", of_cell(cell)));
            false
        }
    });
    failed
}

/// Leaves out the cell lines whose steps are not complete, or are others'.
fn without_tracks(cells: &mut Vec<CellLine>) -> Vec<String> {
    keep(cells, CellLine::check_tracks)
}

/// Prints what the networks reach whose tracks are written.
fn print_results(cells: &[CellLine]) -> Result<()> {
    print(format_args!(
        "{:<16}{:<26}{:<26}{:<26}promoters of positives",
        "", "AUROC", "AUPRC", "F1"
    ))?;
    for cell in cells {
        let metrics = cell.metrics(None).with_context(|| of_cell(cell))?;
        let test = metrics.test;
        print(format_args!(
            "{:<16}{:<26}{:<26}{:<26}{}",
            cell.name,
            test.auroc.to_string(),
            test.auprc.to_string(),
            test.f1_at_threshold.to_string(),
            test.support.positives.promoters
        ))?;
    }
    Ok(())
}

/// Writes what every network reaches on its own test part, repeats too.
fn write_results(cells: &[&CellLine], path: &Path) -> Result<()> {
    let mut rows = Vec::new();
    for cell in cells {
        let own = (None, &cell.settings);
        let repeats = cell.repeats.iter();
        let repeats = repeats.map(|(name, settings)| (Some(name.as_str()), settings));
        for (repeat, settings) in [own].into_iter().chain(repeats) {
            let test = cell.metrics(repeat).with_context(|| of_cell(cell))?.test;
            let interval = |of: epitrack::statistics::Estimate| {
                let interval = of.interval();
                (
                    of.value,
                    interval.map(|of| of.low),
                    interval.map(|of| of.high),
                )
            };
            let support = (test.positives, test.support.positives.promoters);
            rows.push((
                (cell.name.clone(), repeat.unwrap_or("").to_string()),
                settings.training.seed,
                interval(test.auroc),
                interval(test.auprc),
                support,
            ));
        }
    }
    Ok(output::write_table(path, COLUMNS, rows)?)
}
