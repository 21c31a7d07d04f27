//! `epitrack contributions`

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use epitrack::analysis::hypothetical;
use epitrack::analysis::sanity::{self, SanityRequest};
use epitrack::attention::{Aggregate, Rank};
use epitrack::browser::tracks;
use epitrack::browser::tracks::{Moved, Selection, TracksRequest};
use epitrack::network::contribution::{Explained, Method};
use epitrack::output::shard::Shard;
use epitrack::progress::Progress;
use epitrack::run::Run;
use epitrack::text::choice::Choice;

use super::annotation_args::AnnotationArgs;
use super::context_args::ContextArgs;
use super::device::DeviceArg;
use super::hub;
use super::inputs::OtherTableArgs;
use super::one_of::one_of;

/// Write how much each base adds to the network's answer
///
/// The same folder as epitrack tracks writes, and enhancer_contribution.bw and
/// promoter_contribution.bw: for each base of both windows of a pair what it adds to the log-odds of
/// an interaction, in logits. Above 0 the base speaks for the interaction, below 0 against it.
/// Browsers that can show the bases as letters of that height. With --of activity it is what each base adds to the
/// activity that the run predicts of its element: enhancer_activity_contribution.bw and
/// promoter_activity_contribution.bw.
///
/// Attention is where the network collects what it knows; contributions are what its answer rests
/// on. What they are worth on pairs that the network was not trained on, epitrack evaluate says.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of a run
    run: PathBuf,

    /// Folder to write into; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Write a track hub of the folder too; epitrack hub joins several
    #[arg(long, value_name = "DIR")]
    hub: Option<PathBuf>,

    /// What bases contribute to
    #[arg(long, value_parser = one_of::<Explained>(), default_value = Explained::default().name())]
    of: Explained,

    /// With --of activity: which, by its name in train [default: the first]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,

    /// How contributions are computed
    #[arg(long, value_parser = one_of::<Method>(), default_value = Method::default().name())]
    method: Method,

    /// Which pairs
    #[arg(long, value_parser = one_of::<Selection>(), default_value = Selection::default().name())]
    pairs: Selection,

    /// Of these only the N that the network finds most probable
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    top: Option<u32>,

    /// Of these only these pairs: a name as in predictions.tsv, a place as browsers show it
    /// (chr1:1,234-5,678), or a gene
    #[arg(long, value_name = "PAIR", num_args = 1..)]
    pair: Vec<String>,

    /// What a base shows that windows of several pairs cover
    #[arg(long, value_parser = one_of::<Aggregate>(), default_value = Aggregate::default().name())]
    aggregate: Aggregate,

    /// What top regions have most of
    #[arg(long, value_parser = one_of::<Rank>(), default_value = Rank::Contribution.name())]
    rank: Rank,

    #[command(flatten)]
    table: OtherTableArgs,

    #[command(flatten)]
    annotation: AnnotationArgs,

    /// The reference, where it has moved
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,

    /// Write what each letter would add at each base too, in the layouts that TF-MoDISco and Fi-NeMo
    /// read: SIDE.sequences.npz, SIDE.hypothetical.npz and SIDE.narrowPeak
    #[arg(long)]
    hypothetical: bool,

    /// Look whether the maps show what the network has learnt: compare them with those of networks
    /// whose layers are shuffled one after the other; sanity.tsv and .svg. Of an ensemble the first network
    /// is looked at
    #[arg(long)]
    sanity: bool,

    /// Run only part I of N of the pairs and write what the network says of them; epitrack merge makes
    /// the tracks of all parts
    #[arg(long, value_name = "I/N", conflicts_with_all = ["hub", "hypothetical", "sanity"])]
    shard: Option<Shard>,

    #[command(flatten)]
    context: ContextArgs,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Writes the tracks.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let run = Run::open(&self.run)?;
        let contributions_of = self.activity(&run)?;
        let device = self.device.select()?;
        let table = self.table.source(&run)?;
        let sanity = SanityRequest {
            method: self.method,
            table: run.moved_table(table.as_ref()).map(PathBuf::from),
            reference: self.reference.clone(),
            ..SanityRequest::default()
        };
        let moved = Moved {
            run: Some(self.run.clone()),
            reference: self.reference.clone(),
        };
        let request = TracksRequest {
            selection: self.pairs,
            most_probable: self.top.map(|top| top as usize),
            named: self.pair,
            aggregate: self.aggregate,
            matrices: Vec::new(),
            contributions: Some(self.method),
            contributions_of,
            rank: self.rank,
            table,
            reference: self.reference,
            top_regions: self.annotation.top_regions(),
            annotation: self.annotation.request(),
            context: self.context.source()?,
        };
        if let Some(shard) = self.shard {
            return tracks::write_shard(&run, &request, shard, &self.out, &device, progress)
                .with_context(|| format!("running shard {shard} of {}", self.run.display()));
        }
        tracks::write(&run, &request, &self.out, &device, progress)
            .with_context(|| format!("writing the contributions of {}", self.run.display()))?;
        if self.hypothetical {
            hypothetical::write(&self.out, self.method, &moved, &device, progress)?;
        }
        if self.sanity {
            sanity::write(&run, &sanity, &self.out, &device, progress)?;
        }
        if let Some(dir) = &self.hub {
            hub::of_tracks(&self.out, dir)?;
        }
        Ok(())
    }

    /// The activity that contributions are of, by its name; none where they are of the logit.
    fn activity(&self, run: &Run) -> Result<Option<String>> {
        let learnt = match (self.of, &run.record.settings.activity) {
            (Explained::Logit, _) if self.source.is_some() => {
                bail!("--source is one of the run's activities: give --of activity with it")
            }
            (Explained::Logit, _) => return Ok(None),
            (Explained::Activity, None) => bail!(
                "{} has learnt no activity: train a run with --activity or --activity-peaks",
                self.run.display()
            ),
            (Explained::Activity, Some(learnt)) => learnt,
        };
        if self.method != Method::Gradient {
            bail!(
                "contributions to an activity are computed by gradient alone: leave --method out"
            );
        }
        if self.sanity {
            bail!(
                "--sanity shuffles the layers between a pair's windows and its logit, which no activity passes \
                 through: give it with --of logit"
            );
        }
        let (_, source) = learnt.source(self.source.as_deref())?;
        Ok(Some(source.name.clone()))
    }
}
