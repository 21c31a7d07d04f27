//! `epitrack train`

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use epitrack::network::training::TrainingConfig;
use epitrack::output::provenance::Input;
use epitrack::pairs::folds::FoldRule;
use epitrack::pairs::{BengiFiles, SplitRule, TableSource};
use epitrack::progress::Progress;
use epitrack::run::{Config, Run, Settings};
use serde::Deserialize;

use super::device::Choice;

/// Train a network on labelled enhancer–promoter pairs
///
/// The pairs are TargetFinder's CSV, BEDPE with a label, or BENGI's table, plain or gzip. The
/// reference is FASTA, bgzip FASTA or 2bit. A run that was interrupted goes on when the same
/// command is given again, and ends with the same weights.
///
/// epitrack train --pairs GM12878.csv --reference hg19.fa.gz --out runs/GM12878
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    inputs: InputArgs,

    /// Folder of the run; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Settings in TOML: [model], [training], [augmentation]; options given here come before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    schedule: ScheduleArgs,

    /// Adam's step size [default: 0.001]
    #[arg(long, value_name = "RATE")]
    learning_rate: Option<f64>,

    /// Start from these weights (safetensors)
    #[arg(long, value_name = "FILE")]
    init: Option<PathBuf>,

    /// Start the first filters as these matrices (JASPAR's formats, TRANSFAC, MEME, HOMER, UniPROBE),
    /// two filters each: what training finds from there on that it does not find from chance is which
    /// motifs belong together
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "init")]
    init_motifs: Vec<PathBuf>,

    /// Replace a run that is already in the folder
    #[arg(long)]
    fresh: bool,

    /// Where the network runs
    #[arg(long, value_enum, default_value_t)]
    device: Choice,
}

/// What a network learns from.
#[derive(Debug, clap::Args)]
pub struct InputArgs {
    /// The table of pairs
    #[arg(long, value_name = "FILE")]
    pairs: PathBuf,

    /// The reference sequence
    #[arg(long, value_name = "FILE")]
    reference: PathBuf,

    #[command(flatten)]
    table: TableArgs,

    #[command(flatten)]
    split: SplitArgs,
}

/// How to read the table.
#[derive(Debug, Clone, Default, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TableArgs {
    /// Leave bad rows out, instead of refusing the table
    #[arg(long)]
    pub skip_bad: bool,

    /// The label's column in BEDPE: its name in the header, or its number from 1
    #[arg(long, value_name = "COLUMN")]
    pub label_column: Option<String>,

    /// BENGI: where the enhancers lie (hg19-cCREs.bed.gz)
    #[arg(long, value_name = "BED", requires = "bengi_tss")]
    pub bengi_ccres: Option<PathBuf>,

    /// BENGI: where the genes begin (GENCODEv19-TSSs.bed.gz)
    #[arg(long, value_name = "BED", requires = "bengi_ccres")]
    pub bengi_tss: Option<PathBuf>,
}

/// How to divide the pairs.
#[derive(Debug, Clone, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SplitArgs {
    /// How the pairs are divided
    #[arg(long = "split", value_enum, default_value_t, value_name = "RULE")]
    pub rule: Rule,

    /// The chromosomes of the test part (--split chromosome); chosen where not given
    #[arg(long, value_name = "CHROM", value_delimiter = ',')]
    pub test_chromosomes: Vec<String>,

    /// Divide as this split.tsv of another run says
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rule", "test_chromosomes"])]
    pub split_file: Option<PathBuf>,

    /// The part of all pairs that are kept for the test
    #[arg(long, value_name = "PART", default_value_t = 0.1)]
    pub test_fraction: f64,

    /// The part of the other pairs that stop the training
    #[arg(long, value_name = "PART", default_value_t = 0.1)]
    pub validation_fraction: f64,
}

impl Default for SplitArgs {
    fn default() -> Self {
        Self {
            rule: Rule::default(),
            test_chromosomes: Vec::new(),
            split_file: None,
            test_fraction: 0.1,
            validation_fraction: 0.1,
        }
    }
}

/// How pairs are divided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rule {
    /// Whole chromosomes: what we recommend
    #[default]
    Chromosome,
    /// Pairs at random: the paper's, which leaves the same promoters on both sides
    Random,
}

impl From<Rule> for FoldRule {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Chromosome => Self::Chromosome,
            Rule::Random => Self::Random,
        }
    }
}

/// How long to train.
#[derive(Debug, clap::Args)]
pub struct ScheduleArgs {
    /// The most epochs [default: 90]
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,

    /// Epochs without a better validation AUPRC after which training stops [default: 10]
    #[arg(long, value_name = "N")]
    patience: Option<usize>,

    /// Batches in an epoch; 0: every example of the larger class once [default: 0]
    #[arg(long, value_name = "N")]
    epoch_batches: Option<usize>,

    /// Batches between checkpoints inside an epoch; 0: only after each epoch [default: 0]
    #[arg(long, value_name = "N")]
    checkpoint_batches: Option<usize>,

    /// Seed of everything that is random [default: 1]
    #[arg(long)]
    seed: Option<u64>,
}

/// The settings of a run with this configuration and these inputs.
pub fn settings(
    config: Config,
    pairs: &Path,
    reference: Input,
    table: TableArgs,
    split: SplitArgs,
) -> Result<Settings> {
    Ok(Settings {
        table: table.source(pairs)?,
        reference,
        test_fraction: split.test_fraction,
        validation_fraction: split.validation_fraction,
        split: split.rule()?,
        augmentation: config.augmentation,
        model: config.model,
        training: config.training,
        init: None,
        init_motifs: Vec::new(),
    })
}

impl InputArgs {
    /// The settings of a run with this configuration.
    pub fn settings(self, config: Config) -> Result<Settings> {
        let reference = Input::new(&self.reference)?;
        settings(config, &self.pairs, reference, self.table, self.split)
    }
}

impl TableArgs {
    /// The table in this file.
    pub fn source(&self, file: &Path) -> Result<TableSource> {
        let bengi = match (&self.bengi_ccres, &self.bengi_tss) {
            (Some(ccres), Some(tss)) => Some(BengiFiles {
                ccres: Input::new(ccres)?,
                tss: Input::new(tss)?,
            }),
            (None, None) => None,
            _ => bail!("BENGI needs both bengi_ccres and bengi_tss"),
        };
        Ok(TableSource {
            file: Input::new(file)?,
            label_column: self.label_column.clone(),
            bengi,
            skip_bad: self.skip_bad,
        })
    }
}

impl SplitArgs {
    /// The rule.
    pub fn rule(self) -> Result<SplitRule> {
        let named = !self.test_chromosomes.is_empty();
        match (self.split_file, self.rule) {
            (Some(_), _) if named => bail!("a split file leaves no test chromosomes to choose"),
            (Some(file), _) => Ok(SplitRule::File {
                file: Input::new(&file)?,
            }),
            (None, Rule::Random) if named => {
                bail!("a random split has no test chromosomes: use --split chromosome")
            }
            (None, Rule::Random) => Ok(SplitRule::Random),
            (None, Rule::Chromosome) => Ok(SplitRule::Chromosome {
                test: self.test_chromosomes,
            }),
        }
    }
}

impl ScheduleArgs {
    /// Puts what was given before what the configuration says.
    pub fn apply(&self, config: &mut TrainingConfig) {
        fn set<T: Copy>(to: &mut T, given: Option<T>) {
            *to = given.unwrap_or(*to);
        }
        set(&mut config.epochs, self.epochs);
        set(&mut config.patience, self.patience);
        set(&mut config.epoch_batches, self.epoch_batches);
        set(&mut config.checkpoint_batches, self.checkpoint_batches);
        set(&mut config.seed, self.seed);
    }
}

impl Args {
    /// Trains.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let mut config = match &self.config {
            Some(path) => Config::read(path)?,
            None => Config::default(),
        };
        self.schedule.apply(&mut config.training);
        config.training.learning_rate = self.learning_rate.unwrap_or(config.training.learning_rate);
        let mut settings = self.inputs.settings(config)?;
        settings.init = self.init.as_deref().map(Input::new).transpose()?;
        let motifs = self.init_motifs.iter().map(|file| Input::new(file));
        settings.init_motifs = motifs.collect::<Result<_, _>>()?;
        settings.validate()?;
        let device = self.device.select()?;
        Run::train(&self.out, &settings, self.fresh, &device, progress)
            .with_context(|| format!("training in {}", self.out.display()))?;
        Ok(())
    }
}
