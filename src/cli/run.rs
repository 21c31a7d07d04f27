//! `epitrack run`

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use epitrack::attention::Aggregate;
use epitrack::browser::tracks;
use epitrack::browser::tracks::{Selection, TracksRequest};
use epitrack::evaluation::RunMetrics;
use epitrack::network::device::ComputeDevice;
use epitrack::output::provenance::Input;
use epitrack::progress::Progress;
use epitrack::run::{Config, Run, Settings};
use serde::Deserialize;
use tracing::info;

use super::advice::in_words;
use super::device::DeviceArg;
use super::inputs::{self, SplitArgs, TableArgs};
use super::stdout::print;

/// Train, evaluate and write tracks for several cell lines from one file
///
/// What is complete is not done again, and a cell line that fails does not stop the others. The file, with paths relative to its own folder:
///
///     out = "results"
///     reference = "hg19.fa.gz"
///     [[cell]]
///     name = "GM12878"
///     pairs = "GM12878.csv.gz"
///     [[cell]]
///     name = "K562"
///     pairs = "K562.csv.gz"
///
/// and, where the defaults do not serve, device, ensemble (networks for each cell line), [split],
/// [table], [tracks], [model], [training] and [augmentation].
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The file
    file: PathBuf,

    /// Do everything again, replacing what is there
    #[arg(long)]
    fresh: bool,
}

/// The file of `epitrack run`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    out: PathBuf,
    reference: PathBuf,
    #[serde(default)]
    device: DeviceArg,
    /// Networks for each cell line.
    #[serde(default = "one")]
    ensemble: usize,
    cell: Vec<Cell>,
    #[serde(default)]
    split: SplitArgs,
    #[serde(default)]
    table: TableArgs,
    #[serde(default)]
    tracks: TracksPlan,
    #[serde(default)]
    model: epitrack::network::model::ModelConfig,
    #[serde(default)]
    training: epitrack::network::training::TrainingConfig,
    #[serde(default)]
    augmentation: epitrack::pairs::Augmentation,
}

fn one() -> usize {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cell {
    name: String,
    pairs: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TracksPlan {
    pairs: Selection,
    aggregate: Aggregate,
}

impl TracksPlan {
    fn request(&self) -> TracksRequest {
        TracksRequest {
            selection: self.pairs,
            aggregate: self.aggregate,
            ..TracksRequest::default()
        }
    }
}

impl Plan {
    /// Reads a plan; its paths are made relative to its folder.
    fn read(path: &Path) -> Result<Self> {
        let context = || path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(context)?;
        let mut plan: Self = toml::from_str(&text).with_context(context)?;
        let base = path.parent().unwrap_or(Path::new("."));
        plan.out = base.join(plan.out);
        plan.reference = base.join(plan.reference);
        for file in [
            &mut plan.split.split_file,
            &mut plan.table.bengi_ccres,
            &mut plan.table.bengi_tss,
        ] {
            *file = file.take().map(|file| base.join(file));
        }
        for cell in &mut plan.cell {
            cell.pairs = base.join(std::mem::take(&mut cell.pairs));
        }
        plan.check_names().with_context(context)?;
        Ok(plan)
    }

    /// Names become folders.
    fn check_names(&self) -> Result<()> {
        if self.cell.is_empty() {
            bail!("names no cell line");
        }
        let mut seen = std::collections::HashSet::new();
        for Cell { name, .. } in &self.cell {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
                bail!("the name {name:?} is not made of letters, digits, -, _ and .");
            }
            if !seen.insert(name) {
                bail!("names {name:?} twice");
            }
        }
        Ok(())
    }
}

impl Args {
    /// Works through the cell lines.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let plan = Plan::read(&self.file)?;
        let config = Config {
            model: plan.model,
            training: plan.training,
            augmentation: plan.augmentation,
        };
        let reference = Input::new(&plan.reference)?;
        // All settings are checked, and all files found, before the long work on the first.
        let settings = plan
            .cell
            .iter()
            .map(|cell| {
                let mut settings = inputs::settings(
                    config.clone(),
                    &cell.pairs,
                    reference.clone(),
                    plan.table.clone(),
                    plan.split.clone(),
                )?;
                settings.ensemble = plan.ensemble;
                settings.validate()?;
                Ok(settings)
            })
            .collect::<Result<Vec<_>>>()?;
        let device = plan.device.select()?;
        let request = plan.tracks.request();
        let mut lines = Vec::new();
        let mut failed = Vec::new();
        for (cell, settings) in plan.cell.iter().zip(&settings) {
            info!("cell line {}", cell.name);
            let dir = plan.out.join(&cell.name);
            match self.work_through(settings, &request, &dir, &device, progress) {
                Ok(RunMetrics { test, .. }) => lines.push(format!(
                    "{:<16}{:<26}{:<26}{:<26}{}",
                    cell.name,
                    test.auroc.to_string(),
                    test.auprc.to_string(),
                    test.f1_at_threshold.to_string(),
                    test.support.positives.promoters
                )),
                // The other cell lines do not depend on this one.
                Err(error) => failed.push(format!("cell line {}: {}", cell.name, in_words(&error))),
            }
        }
        print(format_args!(
            "{:<16}{:<26}{:<26}{:<26}promoters of positives",
            "", "AUROC", "AUPRC", "F1"
        ))?;
        for line in lines {
            print(line)?;
        }
        if !failed.is_empty() {
            bail!("{}", failed.join("\n"));
        }
        Ok(())
    }

    /// Trains, evaluates and writes the tracks of one cell line, as far as that is not done.
    fn work_through(
        &self,
        settings: &Settings,
        request: &TracksRequest,
        dir: &Path,
        device: &ComputeDevice,
        progress: &dyn Progress,
    ) -> Result<RunMetrics> {
        let run = Run::train(&dir.join("run"), settings, self.fresh, device, progress)?;
        let report = match run.evaluated() {
            Some(report) => report,
            None => run.evaluate(device, None, None, progress)?,
        };
        let tracks_dir = dir.join("tracks");
        if tracks_dir.exists() && tracks::written(&run, request, &tracks_dir)?.is_some() {
            info!("{} is complete", tracks_dir.display());
        } else {
            tracks::write(&run, request, &tracks_dir, device, progress)?;
        }
        Ok(report)
    }
}
