//! `epitrack train`

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use epitrack::network::activity::{ActivityConfig, Source};
use epitrack::network::model::AttentionForm;
use epitrack::output::provenance::Input;
use epitrack::progress::Progress;
use epitrack::run::{ContextSource, Preset, Run};

use super::context_args::ContextArgs;
use super::device::DeviceArg;
use super::given::set;
use super::inputs::{self, InputArgs};
use super::one_of::one_of;
use super::schedule::ScheduleArgs;

/// Train a network on labelled enhancer–promoter pairs
///
/// The pairs are TargetFinder's CSV, BEDPE with a label, or BENGI's table, plain or gzip. The
/// reference is FASTA, bgzip FASTA or 2bit. A run that was interrupted goes on when the same
/// command is given again, and ends with the same weights; so does a complete one that is given more
/// epochs.
///
/// epitrack train --pairs GM12878.csv --reference hg19.fa.gz --out runs/GM12878
///
/// Tables of several cell lines make one network, in which a large table counts more than a small one. It
/// sees sequence alone: a pair's probability is the same in each. Activities (--activity) are each one's own:
///
/// epitrack train --pairs K562=K562.csv GM12878=GM12878.csv --reference hg19.fa.gz --out runs/both
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    inputs: InputArgs,

    /// Folder of the run; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Settings in TOML: [model], [training], [augmentation], [activity]; options given here come before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Settings that have a name, in place of a file; options given here come before them
    #[arg(long, value_parser = one_of::<Preset>(), value_name = "NAME", conflicts_with = "config")]
    preset: Option<Preset>,

    /// What the attention's scores are [default: additive]
    #[arg(long, value_parser = one_of::<AttentionForm>(), value_name = "FORM")]
    attention: Option<AttentionForm>,

    #[command(flatten)]
    schedule: ScheduleArgs,

    /// Adam's step size [default: 0.001]
    #[arg(long, value_name = "RATE")]
    learning_rate: Option<f64>,

    /// State calibrated probabilities for this part of positives, above 0 and below 1. It changes no weights:
    /// with the same command, a complete run takes it over without training [default: that of the
    /// validation part]
    #[arg(long, value_name = "P")]
    prior: Option<f64>,

    /// Start from these weights (safetensors), of a run with or without activities: the layers for them begin anew
    /// where the file has none, and are left out where the run learns none
    #[arg(long, value_name = "FILE")]
    init: Option<PathBuf>,

    /// Start the first filters as these matrices (JASPAR's formats, TRANSFAC, MEME, HOMER, UniPROBE),
    /// two filters each: what training finds from there on that it does not find from chance is which
    /// motifs belong together
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "init")]
    init_motifs: Vec<PathBuf>,

    /// Train beside what is known of each pair without its sequence: how far apart its elements are, and what lies
    /// between them; with the files below more than that. Boosted trees learn from it first and are held, and
    /// the network learns what they leave: its log-odds count beside theirs as far as the validation part bears them out
    #[arg(long)]
    context: bool,

    #[command(flatten)]
    context_args: ContextArgs,

    /// Learn from sequence, before the pairs and beside them, how active each 30 bases are by these bigWigs (DNase,
    /// ATAC, H3K27ac): of the windows of all pairs, around peaks and as many elsewhere. Whole chromosomes are
    /// held out, so that it takes --split chromosome. Tracks then show the predicted activity
    #[arg(long, value_name = "NAME=FILE", num_args = 1..)]
    activity: Vec<String>,

    /// The same by peaks (narrowPeak, broadPeak, BED)
    #[arg(long, value_name = "NAME=FILE", num_args = 1..)]
    activity_peaks: Vec<String>,

    /// Train so many networks, each from a seed of its own that follows from --seed, and take what they say
    /// in the mean: the first is what this command trains without it. Tracks also show how far they disagree
    #[arg(long, value_name = "N", default_value_t = 1)]
    ensemble: usize,

    /// Replace a run that is already in the folder
    #[arg(long)]
    fresh: bool,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Trains.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let mut config = match self.preset {
            Some(preset) => preset.into(),
            None => inputs::config(self.config.as_deref())?,
        };
        set(&mut config.model.attention, self.attention);
        self.schedule.apply(&mut config.training);
        set(&mut config.training.learning_rate, self.learning_rate);
        set(&mut config.training.prior, self.prior.map(Some));
        let activity = config.activity.clone();
        let learns = !(self.activity.is_empty() && self.activity_peaks.is_empty());
        if !learns && activity != ActivityConfig::default() {
            bail!("[activity] of the file is of no use without --activity or --activity-peaks");
        }
        let mut settings = self.inputs.settings(config)?;
        let signals = self.activity.iter().map(|of| Source::signal(of));
        let peaks = self.activity_peaks.iter().map(|of| Source::peaks(of));
        settings.learn_activity(signals.chain(peaks).collect::<Result<_, _>>()?, activity);
        settings.init = self.init.as_deref().map(Input::new).transpose()?;
        settings.init_motifs = inputs::files(&self.init_motifs)?;
        let source = self.context_args.source()?;
        settings.context = source.or(self.context.then(ContextSource::default));
        settings.ensemble = self.ensemble;
        settings.validate()?;
        let device = self.device.select()?;
        Run::train(&self.out, &settings, self.fresh, &device, progress)
            .with_context(|| format!("training in {}", self.out.display()))?;
        Ok(())
    }
}
