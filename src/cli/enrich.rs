//! `epitrack enrich`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::analysis::{self, AnalysisRequest, UNTRAINED};
use epitrack::attention::Rank;
use epitrack::enrichment::FootprintSettings;
use epitrack::enrichment::interactome::InteractomeSource;
use epitrack::enrichment::profile::Normalisation;
use epitrack::enrichment::tf_pairs::{Combine, MIN_OBSERVATIONS, PERMUTATIONS};
use epitrack::output::shard::Shard;
use epitrack::pairs::Part;
use epitrack::progress::Progress;
use epitrack::run::Run;
use epitrack::text::choice::Choice;

use super::cell_arg::CellArg;
use super::device::DeviceArg;
use super::motif_args::MotifArgs;
use super::one_of::one_of;
use super::stdout::print;

/// Controls, each of which takes memory of its own.
const MOST_CONTROLS: i64 = 1000;

/// Ask what lies under the attention: motifs, footprints and pairs of factors
///
/// Attention is where in an element the network collects what it knows. It does not show what an
/// answer rests on.
///
/// Reproduces the paper's figures 2, 3 and 4 for a run: which motifs' sites the top regions capture
/// more often than regions placed at random and than networks that never trained, how occupied the
/// top regions are, and which pairs of factors stand in them more often where enhancer and promoter
/// interact, each given the other and on sites of their own. Says first whether the network predicts.
/// Writes report.html, and each figure as SVG and PNG, each table as TSV.
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

    /// Footprints: figure 3. Best the scores of all bases, a bigWig of −log10 p such as footprints
    /// call writes; or calls as BED, whose every base has the score of its footprint
    #[arg(long, value_name = "FILE")]
    footprints: Option<PathBuf>,

    /// The least −log10 p of an occupied base
    #[arg(long, value_name = "SCORE", default_value_t = FootprintSettings::default().minimum)]
    occupancy: f32,

    /// Which regions are in figure 3A's profile, and how they are made comparable
    #[arg(long, value_parser = one_of::<Normalisation>(), default_value = Normalisation::default().name())]
    normalise: Normalisation,

    /// Known interactions of proteins: BioGRID tab, STRING's protein.links, or two columns
    #[arg(long, value_name = "FILE")]
    interactome: Option<PathBuf>,

    /// STRING's table of proteins and their names
    #[arg(long, value_name = "FILE", requires = "interactome")]
    string_info: Option<PathBuf>,

    /// Count genetic interactions too
    #[arg(long, requires = "interactome")]
    genetic: bool,

    /// The organism, as NCBI's taxon: 9606 is human, 10090 mouse
    #[arg(
        long,
        value_name = "ID",
        requires = "interactome",
        default_value_t = 9606
    )]
    taxon: u32,

    /// The smallest combined score of STRING's interactions, out of 1000
    #[arg(
        long,
        value_name = "SCORE",
        requires = "interactome",
        default_value_t = 700
    )]
    string_score: u32,

    /// A folder that epitrack knockout wrote for this run: its results become a section of the report
    #[arg(long, value_name = "DIR")]
    knockout: Option<PathBuf>,

    /// What top regions have most of, those of networks that never trained too
    ///
    /// With contribution all that follows is about the regions whose bases add most to the network's
    /// answers (gradient), not about those that it looks at.
    #[arg(long, value_parser = one_of::<Rank>(), default_value = Rank::default().name())]
    rank: Rank,

    /// Only the pairs of one part of the run's split; all by default, as in the paper
    #[arg(long, value_parser = one_of::<Part>())]
    part: Option<Part>,

    /// Draws of mock regions
    #[arg(long, value_name = "N", default_value_t = 1000)]
    draws: u32,

    /// The fewest pairs in which two factors must stand to be tested
    #[arg(long, value_name = "N", default_value_t = MIN_OBSERVATIONS)]
    min_pairs: u32,

    /// Which matrices of two factors count where they are a pair
    #[arg(long, value_parser = one_of::<Combine>(), default_value = Combine::default().name())]
    combine: Combine,

    /// Permutations of the labels that pairs of factors are compared with
    #[arg(long, value_name = "N", default_value_t = PERMUTATIONS)]
    permutations: u32,

    /// Networks of the same form that never trained, to compare with; 0 for none
    ///
    /// A matrix is called enriched where the part of its sites is improbable among them (with fewer than
    /// three: above that of each); called pairs of factors exceed what any of them gives. With five networks
    /// the demo's CTCF is called every other time, with ten always.
    #[arg(long, value_name = "N", default_value_t = UNTRAINED, value_parser = clap::value_parser!(u32).range(..=MOST_CONTROLS))]
    controls: u32,

    /// Divisions of the labels among the pairs at random to compare with, by promoter
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=MOST_CONTROLS))]
    shuffled_labels: u32,

    /// Seed of the mock regions, of the permutations and of the controls
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The run's table, where it has moved; or that of the cell line that is meant
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,

    #[command(flatten)]
    cell: CellArg,

    /// The reference, where it has moved
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,

    /// Run the networks on part I of N of the pairs only, into a folder; epitrack merge makes the analysis
    /// of all parts
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Analyses and writes.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let run = Run::open(&self.run)?;
        let device = self.device.select()?;
        let request = AnalysisRequest {
            motifs: self.motif_args.request(self.motifs),
            footprints: self.footprints,
            occupancy: FootprintSettings {
                minimum: self.occupancy,
                normalisation: self.normalise,
                ..FootprintSettings::default()
            },
            interactome: self.interactome.map(|file| InteractomeSource {
                file,
                string_info: self.string_info,
                genetic: self.genetic,
                taxon: self.taxon,
                string_score: self.string_score,
            }),
            knockout: self.knockout,
            rank: self.rank,
            part: self.part,
            draws: self.draws,
            min_observations: self.min_pairs,
            combine: self.combine,
            permutations: self.permutations,
            untrained: self.controls,
            shuffled_labels: self.shuffled_labels,
            seed: self.seed,
            table: self.cell.file(&run, self.table)?,
            reference: self.reference,
        };
        if let Some(shard) = self.shard {
            return analysis::write_shard(&run, &request, shard, &self.out, &device, progress)
                .with_context(|| format!("running shard {shard} of {}", self.run.display()));
        }
        analysis::write(&run, &request, &self.out, &device, progress)
            .with_context(|| format!("analysing {}", self.run.display()))?;
        print(self.out.join("report.html").display())
    }
}
