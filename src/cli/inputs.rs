//! The arguments of every command that reads a table of pairs, or trains.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use epitrack::network::activity::ActivityConfig;
use epitrack::output::provenance::Input;
use epitrack::pairs::folds::FoldRule;
use epitrack::pairs::{BengiFiles, CellLines, NamedTable, SplitRule, TableSource};
use epitrack::run::{Config, Run, Settings};
use epitrack::text::choice::Choice;
use serde::Deserialize;
use tracing::warn;

use super::cell_arg::CellArg;
use super::one_of::one_of;

/// What a network learns from.
#[derive(Debug, clap::Args)]
pub struct InputArgs {
    /// The table of pairs; or those of several cell lines, for one network. Without a name a cell line is
    /// called as its file up to the first dot
    #[arg(long, value_name = "[NAME=]FILE", required = true, num_args = 1..)]
    pairs: Vec<PathBuf>,

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

/// The pairs of a run, or others.
#[derive(Debug, Clone, clap::Args)]
pub struct OtherTableArgs {
    /// Another table of pairs, with or without labels; or the run's, where it has moved
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,

    #[command(flatten)]
    cell: CellArg,

    #[command(flatten)]
    table_args: TableArgs,
}

impl OtherTableArgs {
    /// The other table, or that of the cell line that is meant, if there is one.
    pub fn source(&self, run: &Run) -> Result<Option<TableSource>> {
        match &self.table {
            Some(file) => self.table_args.source(file).map(Some),
            None => self.cell.source(run),
        }
    }

    /// Whether bad rows are left out.
    pub fn skip_bad(&self) -> bool {
        self.table_args.skip_bad
    }
}

/// How to divide the pairs.
#[derive(Debug, Clone, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SplitArgs {
    /// How the pairs are divided
    #[arg(long = "split", value_parser = one_of::<FoldRule>(), default_value = FoldRule::default().name(), value_name = "RULE")]
    pub rule: FoldRule,

    /// The chromosomes of the test part (--split chromosome); chosen where not given
    #[arg(long, value_name = "CHROM", value_delimiter = ',')]
    pub test_chromosomes: Vec<String>,

    /// Divide as this split.tsv of another run says, or as the chromosomes of chrombpnet's fold_0.json
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
            rule: FoldRule::default(),
            test_chromosomes: Vec::new(),
            split_file: None,
            test_fraction: 0.1,
            validation_fraction: 0.1,
        }
    }
}

/// The settings of a run with this configuration and these inputs.
pub fn settings(
    config: Config,
    pairs: Input,
    reference: Input,
    table: TableArgs,
    split: SplitArgs,
) -> Result<Settings> {
    Ok(Settings {
        table: table.of(pairs)?,
        cells: None,
        reference,
        test_fraction: split.test_fraction,
        validation_fraction: split.validation_fraction,
        split: split.rule()?,
        augmentation: config.augmentation,
        model: config.model,
        training: config.training,
        init: None,
        init_motifs: Vec::new(),
        context: None,
        ensemble: 1,
        activity: None,
    })
}

impl InputArgs {
    /// The settings of a run with this configuration.
    pub fn settings(self, config: Config) -> Result<Settings> {
        let reference = Input::new(&self.reference)?;
        let tables: Vec<(String, &Path)> = self.pairs.iter().map(|given| named(given)).collect();
        let Some(((first, file), others)) = tables.split_first() else {
            bail!("no table of pairs is given");
        };
        let pairs = Input::new(file)?;
        let other = |(name, file): &(String, &Path)| -> Result<NamedTable> {
            let (name, table) = (name.clone(), self.table.source(file)?);
            Ok(NamedTable { name, table })
        };
        // The cell line of a single table needs no name.
        let cells = match others {
            [] => None,
            others => Some(CellLines {
                first: first.clone(),
                others: others.iter().map(other).collect::<Result<_>>()?,
            }),
        };
        let settings = settings(config, pairs, reference, self.table, self.split)?;
        Ok(Settings { cells, ..settings })
    }
}

/// A name and a file, `NAME=FILE`; of a file alone its name up to the first dot. What is there as a whole is
/// a file, whatever signs its name has.
pub fn named(given: &Path) -> (String, &Path) {
    let text = given.to_str().filter(|_| !given.exists());
    match text.and_then(|text| text.split_once('=')) {
        Some((name, file)) => (name.to_string(), Path::new(file)),
        None => {
            let name = given.file_name().unwrap_or_default().to_string_lossy();
            (
                name.split('.').next().unwrap_or_default().to_string(),
                given,
            )
        }
    }
}

impl TableArgs {
    /// The table in this file.
    pub fn source(&self, file: &Path) -> Result<TableSource> {
        self.of(Input::new(file)?)
    }

    /// The table in a file that was summed up.
    fn of(&self, file: Input) -> Result<TableSource> {
        let bengi = match (&self.bengi_ccres, &self.bengi_tss) {
            (Some(ccres), Some(tss)) => Some(BengiFiles {
                ccres: Input::new(ccres)?,
                tss: Input::new(tss)?,
            }),
            (None, None) => None,
            _ => bail!("BENGI needs both bengi_ccres and bengi_tss"),
        };
        Ok(TableSource {
            file,
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
            (None, FoldRule::Random) if named => {
                bail!("a random split has no test chromosomes: use --split chromosome")
            }
            (None, FoldRule::Random) => Ok(SplitRule::Random),
            (None, FoldRule::Chromosome) => Ok(SplitRule::Chromosome {
                test: self.test_chromosomes,
            }),
        }
    }
}

/// The settings in a file; the published ones where there is none.
pub fn config(file: Option<&Path>) -> Result<Config> {
    Ok(file.map(Config::read).transpose()?.unwrap_or_default())
}

/// The settings in a file for a command that trains without activities, which says so where the file sets them.
pub fn config_without_activity(file: Option<&Path>) -> Result<Config> {
    let mut config = config(file)?;
    let activity = std::mem::take(&mut config.activity);
    if let Some(file) = file
        && activity != ActivityConfig::default()
    {
        let file = file.display();
        warn!("{file}: [activity] is left out: this command trains without activities");
    }
    Ok(config)
}

/// The files at these paths.
pub fn files(paths: &[PathBuf]) -> Result<Vec<Input>> {
    let files = paths.iter().map(|path| Input::new(path));
    Ok(files.collect::<Result<_, _>>()?)
}
