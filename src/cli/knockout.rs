//! `epitrack knockout`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::analysis::knockout::{self, DRAWS, KnockoutRequest, MAX_PAIRS, MOST_TOP, Place, TOP};
use epitrack::browser::tracks::Selection;
use epitrack::pairs::Part;
use epitrack::progress::Progress;
use epitrack::run::Run;
use epitrack::text::choice::Choice;

use super::context_args::ContextArgs;
use super::device::DeviceArg;
use super::motif_args::MotifArgs;
use super::one_of::one_of;
use super::stdout::print;

/// Ask which factors a prediction needs: take their sites out
///
/// Replaces every site of a factor by sequence with the window's own dinucleotides, in enhancers, in
/// promoters and in both, and asks the network again: what the logit loses is what the sites contribute.
/// Any change of sequence changes a logit, so that it is compared with as many places of the same lengths
/// without a site, replaced in the same way. For the factors that matter most it asks what two together
/// change beyond the sum of what each changes: a pair of factors that counts.
///
/// Writes knockout.tsv and knockout_pairs.tsv, each with a figure as SVG and PNG, and knockout.json;
/// epitrack enrich --knockout makes a section of its report of them.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of a run
    run: PathBuf,

    /// Folder to write into; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Matrices in JASPAR's formats, TRANSFAC, MEME, HOMER or UniPROBE; plain or gzip
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    motifs: Vec<PathBuf>,

    #[command(flatten)]
    motif_args: MotifArgs,

    /// Only these factors, by their symbols; by default all that the matrices stand for
    #[arg(long, value_name = "FACTOR", num_args = 1.., value_delimiter = ',')]
    factors: Vec<String>,

    /// Which pairs
    #[arg(long, value_parser = one_of::<Selection>(), default_value = Selection::Positive.name())]
    pairs: Selection,

    /// The part of the run's split that the pairs are from
    #[arg(long, value_parser = one_of::<Part>(), default_value = Part::Test.name())]
    part: Part,

    /// Take the pairs of all parts, and of none
    #[arg(long, conflicts_with = "part")]
    all_parts: bool,

    /// Which sites are taken out
    #[arg(long = "where", value_parser = one_of::<Place>(), default_value = Place::default().name())]
    place: Place,

    /// Draws of what stands where sites were, averaged
    #[arg(long, value_name = "N", default_value_t = DRAWS, value_parser = clap::value_parser!(u32).range(1..=1000))]
    draws: u32,

    /// The most pairs for each factor and side, chosen at random; one order of the pairs for all factors
    #[arg(long, value_name = "N", default_value_t = MAX_PAIRS)]
    max_pairs: usize,

    /// Factors of each side whose pairs are tested: those with the smallest p by themselves; 0 for none,
    /// at most 60
    #[arg(long, value_name = "N", default_value_t = TOP, value_parser = top)]
    top: usize,

    /// Seed of the draws, of the choice of pairs and of the tests
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The run's table, where it has moved
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,

    /// The reference, where it has moved
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,

    #[command(flatten)]
    context: ContextArgs,

    #[command(flatten)]
    device: DeviceArg,
}

/// A number of factors whose pairs have room in a figure.
fn top(text: &str) -> Result<usize, String> {
    let number: Option<usize> = text.parse().ok();
    let number = number.filter(|&number| number <= MOST_TOP);
    number.ok_or_else(|| format!("not a number from 0 to {MOST_TOP}"))
}

impl Args {
    /// Knocks out and writes.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let run = Run::open(&self.run)?;
        let device = self.device.select()?;
        let request = KnockoutRequest {
            motifs: self.motif_args.request(self.motifs),
            factors: self.factors,
            selection: self.pairs,
            part: (!self.all_parts).then_some(self.part),
            place: self.place,
            draws: self.draws,
            max_pairs: self.max_pairs,
            top: self.top,
            seed: self.seed,
            table: self.table,
            reference: self.reference,
            context: self.context.source()?,
        };
        knockout::write(&run, &request, &self.out, &device, progress)
            .with_context(|| format!("knocking factors out of {}", self.run.display()))?;
        print(self.out.join(knockout::FACTORS).display())
    }
}
