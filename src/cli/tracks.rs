//! `epitrack tracks`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::attention::{Aggregate, Rank};
use epitrack::browser::tracks;
use epitrack::browser::tracks::{Selection, TracksRequest};
use epitrack::network::contribution::Method;
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

/// Run every pair and write its attention as genome-browser tracks
///
/// Writes enhancer_attention.bw and promoter_attention.bw (1: no preference, 3: three times its
/// share), top_regions.bb and .bed (each element's five 45-bp regions), merged_regions.bb and .bed
/// (those of all pairs, where they overlap or touch as one), pairs.bb, .interact, .bedpe and
/// .longrange, predictions.tsv, sessions for IGV, igv.js and JBrowse, and tracks.json. Of a run that has
/// learnt an activity, enhancer_activity.bw and promoter_activity.bw too: what the network predicts of it
/// from the sequence.
///
/// Attention is where in an element the network collects what it knows. It depends little on the
/// partner (epitrack evaluate says how much), and does not show what an answer rests on.
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

    /// Which pairs make the tracks
    #[arg(long, value_parser = one_of::<Selection>(), default_value = Selection::default().name())]
    pairs: Selection,

    /// What a base shows that windows of several pairs cover
    #[arg(long, value_parser = one_of::<Aggregate>(), default_value = Aggregate::default().name())]
    aggregate: Aggregate,

    /// Write what each base adds to the log-odds of an interaction too, as epitrack contributions
    /// does
    #[arg(
        long,
        value_name = "METHOD",
        value_parser = one_of::<Method>(),
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = Method::default().name()
    )]
    contributions: Option<Method>,

    /// What top regions have most of; contribution computes contributions
    #[arg(long, value_parser = one_of::<Rank>(), default_value = Rank::default().name())]
    rank: Rank,

    /// Write both attention matrices of these pairs too: a name as in predictions.tsv, a place as browsers
    /// show it (chr1:1,234-5,678), or a gene
    #[arg(long, value_name = "PAIR", num_args = 1..)]
    matrix: Vec<String>,

    #[command(flatten)]
    table: OtherTableArgs,

    #[command(flatten)]
    annotation: AnnotationArgs,

    /// The reference, where it has moved
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,

    /// Run only part I of N of the pairs and write what the network says of them; epitrack merge makes
    /// the tracks of all parts
    #[arg(long, value_name = "I/N", conflicts_with_all = ["hub"])]
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
        let device = self.device.select()?;
        let implied = (self.rank == Rank::Contribution).then(Method::default);
        let request = TracksRequest {
            selection: self.pairs,
            most_probable: None,
            named: Vec::new(),
            aggregate: self.aggregate,
            matrices: self.matrix,
            contributions: self.contributions.or(implied),
            contributions_of: None,
            rank: self.rank,
            table: self.table.source(&run)?,
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
            .with_context(|| format!("writing the tracks of {}", self.run.display()))?;
        if let Some(dir) = &self.hub {
            hub::of_tracks(&self.out, dir)?;
        }
        Ok(())
    }
}
