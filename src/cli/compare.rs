//! `epitrack compare`

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use epitrack::compare;
use epitrack::compare::{CellRequest, MethodName, Request};
use epitrack::output::provenance::Input;
use epitrack::output::shard::Shard;
use epitrack::pairs::folds::FoldRule;
use epitrack::progress::Progress;
use epitrack::run::{ContextAssay, ContextSource};

use super::device::DeviceArg;
use super::inputs::{self, TableArgs};
use super::one_of::one_of;
use super::stdout::print;

/// Compare methods on exactly the same folds
///
/// Every method learns from the same training pairs of each fold and is tested on the same others.
/// Writes the scores of every pair (CELL/SPLIT/fold-N/METHOD.tsv), AUROC, AUPRC and F1 of every fold
/// (folds.tsv), their means and the differences from EPIANN with 95 % intervals (summary.tsv), a table of
/// methods by cell lines for each measure (auroc.tsv, auprc.tsv, f1.tsv, best_f1.tsv), all of it as
/// benchmark.json, and a figure; with --train-parts learning curves too. Wherever networks are compared, what is known without the
/// sequence is too, and both together: distance, or the context; added.tsv says what the sequence adds. A comparison that was
/// interrupted goes on when the same command is given again; what was scored of the same inputs and settings is not scored again.
///
/// epitrack compare --pairs GM12878=GM12878.csv K562=K562.csv --reference hg19.fa.gz --out comparison
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Tables of labelled pairs, one for each cell line; without a name the file's, up to the first dot
    #[arg(long, value_name = "NAME=FILE", num_args = 1.., required = true)]
    pairs: Vec<String>,

    /// The reference sequence
    #[arg(long, value_name = "FILE")]
    reference: PathBuf,

    /// Folder to write into; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// The methods
    #[arg(
        long,
        value_parser = one_of::<MethodName>(),
        value_delimiter = ',',
        default_value = "epiann,distance,propensity"
    )]
    methods: Vec<MethodName>,

    /// How the pairs are divided into folds
    #[arg(
        long,
        value_parser = one_of::<FoldRule>(),
        value_delimiter = ',',
        default_value = "random,chromosome"
    )]
    splits: Vec<FoldRule>,

    /// Folds
    #[arg(long, value_name = "N", default_value_t = 10)]
    folds: usize,

    /// Learn from these parts of each fold's training pairs too, for a learning curve: 0.25,0.5,1
    #[arg(long, value_name = "PART", value_delimiter = ',', default_value = "1")]
    train_parts: Vec<f64>,

    /// EPIANN's settings in TOML: [model], [training], [augmentation]. A best.toml that `tune` found with
    /// these pairs has seen labels of what is tested here: take that of another cell line
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// The part of a fold's training pairs that stop EPIANN's training
    #[arg(long, value_name = "PART", default_value_t = 0.1)]
    validation_fraction: f64,

    /// Networks in an ensemble
    #[arg(long, value_name = "N", default_value_t = 5)]
    ensemble: usize,

    /// TargetFinder's features as a ready table (its training.csv, or columns that end in " (enhancer)",
    /// " (promoter)", " (window)"); for targetfinder-eep one of extended enhancers
    #[arg(long, value_name = "NAME=FILE", num_args = 1..)]
    features: Vec<String>,

    /// The assays to compute TargetFinder's features from: a CSV list with the columns name and
    /// filename, of narrowPeak, broadPeak, bedMethyl or scored BED files
    #[arg(long, value_name = "NAME=FILE", num_args = 1..)]
    assays: Vec<String>,

    /// What context learns from beside the pairs' places: a ready table of numbers, of which every column
    /// counts but places, names and labels
    #[arg(long, value_name = "NAME=FILE", num_args = 1..)]
    context_features: Vec<String>,

    /// What context learns from beside the pairs' places: a bigWig, narrowPeak, broadPeak, bedMethyl or scored
    /// BED file; the name of the cell line, then that of the assay
    #[arg(long, value_name = "NAME:ASSAY=FILE", num_args = 1..)]
    context_assays: Vec<String>,

    /// Matrices for PEP-Motif
    #[arg(long, value_name = "FILE", num_args = 1..)]
    motifs: Vec<PathBuf>,

    /// Matrices that the filters of epiann-motifs start as
    #[arg(long, value_name = "FILE", num_args = 1..)]
    init_motifs: Vec<PathBuf>,

    /// Scores from elsewhere, a table of pair and score: the name of the cell line, then that of the method
    #[arg(long, value_name = "NAME:METHOD=FILE", num_args = 1..)]
    scores: Vec<String>,

    #[command(flatten)]
    table: TableArgs,

    /// Seed of folds, networks and trees
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Score part I of N of the methods and folds only; epitrack merge makes the comparison of all parts
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Compares and prints the tables.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let request = self.request()?;
        let device = self.device.select()?;
        if let Some(shard) = self.shard {
            return compare::score_shard(&self.out, &request, shard, &device, progress)
                .with_context(|| format!("shard {shard} in {}", self.out.display()));
        }
        let comparison = compare::compare(&self.out, &request, &device, progress)
            .with_context(|| format!("comparison in {}", self.out.display()))?;
        print(comparison)
    }

    fn request(&self) -> Result<Request> {
        Ok(Request {
            cells: self.cells()?,
            reference: Input::new(&self.reference)?,
            methods: self.methods.clone(),
            rules: self.splits.clone(),
            folds: self.folds,
            train_parts: self.train_parts.clone(),
            config: inputs::config_without_activity(self.config.as_deref())?,
            validation_fraction: self.validation_fraction,
            ensemble: self.ensemble,
            motifs: inputs::files(&self.motifs)?,
            init_motifs: inputs::files(&self.init_motifs)?,
            seed: self.seed,
        })
    }

    fn cells(&self) -> Result<Vec<CellRequest>> {
        let mut cells = Vec::new();
        for text in &self.pairs {
            let (name, file) = named(text);
            cells.push(CellRequest {
                name,
                table: self.table.source(file)?,
                features: None,
                assays: None,
                scores: Vec::new(),
                context: ContextSource::default(),
            });
        }
        for (option, texts) in [
            ("--features", &self.features),
            ("--assays", &self.assays),
            ("--context-features", &self.context_features),
        ] {
            for text in texts {
                let (name, file) = named(text);
                let cell = find(&mut cells, &name, option)?;
                let place = match option {
                    "--features" => &mut cell.features,
                    "--assays" => &mut cell.assays,
                    _ => &mut cell.context.features,
                };
                if place.replace(Input::new(file)?).is_some() {
                    bail!("{option} of {name} is given twice");
                }
            }
        }
        for text in &self.scores {
            let (cell, method, file) = of_cell(text, "--scores", "METHOD")?;
            let cell = find(&mut cells, cell, "--scores")?;
            cell.scores.push((method, Input::new(file)?));
        }
        for text in &self.context_assays {
            let (cell, name, file) = of_cell(text, "--context-assays", "ASSAY")?;
            let cell = find(&mut cells, cell, "--context-assays")?;
            let file = Input::new(file)?;
            cell.context.assays.push(ContextAssay { name, file });
        }
        Ok(cells)
    }
}

/// The cell line of an option, what is named of it, and the file.
fn of_cell<'a>(text: &'a str, option: &str, what: &str) -> Result<(&'a str, String, &'a Path)> {
    let parts = text
        .split_once('=')
        .and_then(|(names, file)| Some((names.split_once(':')?, file)))
        .filter(|((_, name), file)| !name.trim().is_empty() && !file.is_empty());
    let Some(((cell, name), file)) = parts else {
        bail!("{option} takes NAME:{what}=FILE, not {text:?}");
    };
    Ok((cell, name.trim().to_string(), Path::new(file)))
}

/// A name and a file; where only a file is given, its name up to the first dot.
pub fn named(text: &str) -> (String, &Path) {
    match text.split_once('=') {
        Some((name, file)) => (name.to_string(), Path::new(file)),
        None => {
            let path = Path::new(text);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            (name.split('.').next().unwrap_or_default().to_string(), path)
        }
    }
}

fn find<'a>(cells: &'a mut [CellRequest], name: &str, option: &str) -> Result<&'a mut CellRequest> {
    let names: Vec<String> = cells.iter().map(|cell| cell.name.clone()).collect();
    let cell = cells.iter_mut().find(|cell| cell.name == name);
    cell.with_context(|| format!("{option} is for {name}, --pairs has {}", names.join(", ")))
}
