//! `epitrack tune`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::output::shard::Shard;
use epitrack::pairs::SplitRule;
use epitrack::pairs::folds::FoldRule;
use epitrack::progress::Progress;
use epitrack::text::choice::Choice;
use epitrack::tune;
use epitrack::tune::{Search, SearchMethod, Space};

use super::device::DeviceArg;
use super::inputs::{self, InputArgs};
use super::one_of::one_of;
use super::schedule::ScheduleArgs;
use super::stdout::print;

/// Search for the settings that predict best, without looking at the test part
///
/// The pairs are divided as train divides them. Those of the training part are divided again, into
/// folds. Each trial trains on all folds but one, stops by the validation part as train does, and is
/// measured on the fold that is left; the mean AUPRC over the folds decides. The test part is not
/// used. The first trial is the settings as given (--config), where the space holds them. A search takes
/// one table of pairs.
///
/// The space, unless --space says otherwise, in TOML: a list of values, or a range:
///
///     filters         = [64, 128, 256]
///     filter_width    = [11, 15, 19]
///     pool_width      = [20, 30, 40]
///     attention_dim   = [16, 32, 64]
///     top_k           = [16, 32, 64, 128]
///     lambda          = { range = [1, 30], log = true }
///     dropout         = { range = [0, 0.5], log = false }
///     learning_rate   = { range = [1e-4, 1e-2], log = true }
///     batch_positives = [16, 32, 64]      # batch_negatives in proportion
///
/// A search that was interrupted goes on when the same command is given again. Then:
///
///     epitrack train --config DIR/best.toml --split-file DIR/split.tsv --pairs … --reference … --out …
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(flatten)]
    inputs: InputArgs,

    /// Folder of the search: best.toml, trials.tsv, …; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Settings in TOML that the search does not vary: [model], [training], [augmentation]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// The space in TOML; what it leaves out is as above
    #[arg(long, value_name = "FILE")]
    space: Option<PathBuf>,

    /// Settings to try
    #[arg(long, value_name = "N", default_value_t = 20)]
    trials: usize,

    /// Folds of the training part
    #[arg(long, value_name = "K", default_value_t = 5)]
    folds: usize,

    /// How the training part is divided into folds [default: as --split; with --split-file by
    /// chromosome]
    #[arg(long, value_parser = one_of::<FoldRule>(), value_name = "RULE")]
    folds_by: Option<FoldRule>,

    /// How time is spent
    #[arg(long, value_parser = one_of::<SearchMethod>(), value_name = "METHOD", default_value = SearchMethod::default().name())]
    search: SearchMethod,

    #[command(flatten)]
    schedule: ScheduleArgs,

    /// Try part I of N of the settings only, with --search random; epitrack merge finds the best of all parts
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,

    /// Replace a search that is already in the folder
    #[arg(long)]
    fresh: bool,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Searches and prints the best trials.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let space = self.space.as_deref().map(Space::read).transpose()?;
        let mut config = inputs::config_without_activity(self.config.as_deref())?;
        self.schedule.apply(&mut config.training);
        let settings = self.inputs.settings(config)?;
        let folds_by = match (self.folds_by, &settings.split) {
            (Some(rule), _) => rule,
            (None, SplitRule::Random) => FoldRule::Random,
            (None, _) => FoldRule::Chromosome,
        };
        let search = Search {
            method: self.search,
            trials: self.trials,
            folds: self.folds,
            folds_by,
            space: space.unwrap_or_default(),
        };
        let device = self.device.select()?;
        if let Some(shard) = self.shard {
            let shard = (shard, self.fresh);
            return tune::tune_shard(&self.out, &settings, &search, shard, &device, progress)
                .with_context(|| format!("searching in {}", self.out.display()));
        }
        let found = tune::tune(&self.out, &settings, &search, self.fresh, &device, progress)
            .with_context(|| format!("searching in {}", self.out.display()))?;
        print(format_args!("{found}"))?;
        let out = self.out.display();
        print(format_args!(
            "epitrack train --config {out}/best.toml --split-file {out}/split.tsv … trains with the best"
        ))
    }
}
