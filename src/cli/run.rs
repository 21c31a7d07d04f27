//! `epitrack run`

mod plan;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use epitrack::network::device::ComputeDevice;
use epitrack::output;
use epitrack::output::shard::Shard;
use epitrack::pipeline::{self, CellLine, Step, Work};
use epitrack::progress::Progress;
use tracing::info;

use super::advice::in_words;
use super::one_of::one_of;
use super::stdout::print;
use plan::Plan;

/// The table of what all networks reach.
const RESULTS: &str = "results.tsv";
/// Its columns.
const COLUMNS: &str = "cell\trepeat\tseed\tauroc\tauroc_low\tauroc_high\tauprc\tauprc_low\tauprc_high\t\
    positives\tpromoters_of_positives";

/// Do everything for several cell lines, from one file
///
/// For each cell line: train, evaluate, call footprints (or take those that are given), write the tracks
/// with motifs and footprints, enrich (where there are motifs), and a page, view.html; then one hub of
/// all, and results.tsv. What is complete is not done again, and a cell line that fails does not stop
/// the others. The file, with paths relative to its own folder:
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
/// further trainings, which are evaluated), add (tracks of your own, also of one cell line, as behind
/// --add), [folds] (their test chromosomes), [split], [table], [tracks], [enrich], [hub],
/// [model], [training] and [augmentation]. epitrack demo leaves such a file, epitrack.toml, beside its
/// simulation.
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
}

impl Args {
    /// Works through the cell lines.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let plan = Plan::read(&self.file, progress)?;
        // What is wrong with any is told before the long work on the first.
        let mut cells = plan.cells()?;
        if let Some(name) = &self.cell {
            cells.retain(|cell| cell.name == *name);
            let none = || format!("{} has no cell line {name}", self.file.display());
            let cell = cells.first().with_context(none)?;
            if let Some(step) = self.step {
                return self.step(cell, step, &plan.device.select()?, progress);
            }
        }
        let failed = match self.hub_only {
            true => Vec::new(),
            false => self.work_through(&mut cells, &plan.device.select()?, progress),
        };
        if self.hub_only {
            cells.iter().try_for_each(CellLine::check_tracks)?;
        }
        if self.cell.is_none() && !cells.is_empty() {
            let cells: Vec<&CellLine> = cells.iter().collect();
            pipeline::write_hub(&cells, &plan.hub(), &plan.out.join("hub"))?;
            write_results(&cells, &plan.out.join(RESULTS))?;
        }
        print_results(&cells)?;
        if !failed.is_empty() {
            bail!("{}", failed.join("\n"));
        }
        Ok(())
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
        let mut failed = Vec::new();
        // The other cell lines do not depend on one that fails.
        cells.retain(|cell| {
            info!("cell line {}", cell.name);
            let worked = cell.work_through(work);
            if let Err(error) = worked {
                let error = in_words(&error.into());
                failed.push(format!("cell line {}: {error}", cell.name));
                return false;
            }
            true
        });
        failed
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

/// Prints what the networks reach whose tracks are written.
fn print_results(cells: &[CellLine]) -> Result<()> {
    print(format_args!(
        "{:<16}{:<26}{:<26}{:<26}promoters of positives",
        "", "AUROC", "AUPRC", "F1"
    ))?;
    for cell in cells {
        let test = cell.metrics(None)?.test;
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
            let test = cell.metrics(repeat)?.test;
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
