//! `epitrack crispr`

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use epitrack::compare::crispr::{self, CrisprRequest, JudgedRun};
use epitrack::progress::Progress;
use epitrack::run::Run;

use super::compare::named;
use super::context_args::ContextArgs;
use super::device::DeviceArg;
use super::stdout::print;

/// Judge a run, scores or plain baselines by CRISPR interference
///
/// The table says of elements and genes whether the gene's expression fell when the element was silenced:
/// TransEPI's (ten columns, no header; hg19) or one of the Engreitz laboratory's (EPCrisprBenchmark, columns
/// by name; hg38). The run, --scores, distance, the nearest gene and, where there are marks, activity by
/// distance are measured on the pairs that all of them score, and those that score every pair on the whole
/// table too: AUROC, AUPRC and precision at 70 % recall with 95 % intervals over elements and genes, also by
/// distance, and how much better they are than distance, the run than each. A run scores pairs with sequence
/// under both windows; how many have none is told, and, of 20 of each class or more, how good its calibrated
/// probabilities are.
///
/// Writes crispr.json, measures.tsv, differences.tsv, scores.tsv and of each method its links in ENCODE-rE2G's
/// columns, all of them (links/NAME.tsv.gz) and those of its threshold (links/NAME.thresholded.tsv.gz,
/// links/NAME.bedpe), and both as bigInteract (links/NAME.bb, links/NAME.thresholded.bb).
///
/// Example: epitrack crispr runs/K562 --table K562.crispr.tsv --activity DNase.bw H3K27ac.bw --genes
/// gencode.gtf.gz --out crispr
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of a run; without one scores and baselines alone
    run: Option<PathBuf>,

    /// The table of elements and genes, plain or gzip
    #[arg(long, value_name = "FILE")]
    table: PathBuf,

    /// Folder to write into; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Scores from elsewhere, under a name or the file's up to the first dot: a table of pair and score, or
    /// of chr, start, end, TargetGene and Score as ENCODE-rE2G and ABC write them
    #[arg(long, value_name = "NAME=FILE", num_args = 1..)]
    scores: Vec<String>,

    /// What elements' activity is, in place of the table's DNase and H3K27ac: bigWig, narrowPeak or
    /// broadPeak; of several files the geometric mean
    #[arg(long, value_name = "FILE", num_args = 1..)]
    activity: Vec<PathBuf>,

    /// Genes whose start sites count for the nearest gene, those that code for a protein where the file says so:
    /// GTF or a table of UCSC's (genePred, refGene, ncbiRefSeq, refFlat), plain or gzip; without it the table's
    #[arg(long, value_name = "FILE")]
    genes: Option<PathBuf>,

    /// Only pairs of this cell type
    #[arg(long, value_name = "NAME")]
    cell_type: Option<String>,

    /// The assembly that the table lies on, where it was lifted over
    #[arg(long, value_name = "NAME")]
    genome: Option<String>,

    /// How long chromosomes are, for bigInteract: chrom.sizes or .fai. By default as the run's reference has them, or
    /// else the assembly, where it is hg19, hg38, hs1, mm9, mm10 or mm39
    #[arg(long, value_name = "FILE")]
    chrom_sizes: Option<PathBuf>,

    /// Scores of the run and of --scores from which on a pair is a link; by default the run's own threshold,
    /// and of all others what reaches 70 % recall on this table
    #[arg(long, value_name = "SCORE")]
    threshold: Option<f64>,

    /// Seed of the intervals
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The run's reference, where it has moved
    #[arg(long, value_name = "FILE", requires = "run")]
    reference: Option<PathBuf>,

    /// The run's table of pairs, where it has moved
    #[arg(long, value_name = "FILE", requires = "run")]
    pairs: Option<PathBuf>,

    #[command(flatten)]
    context: ContextArgs,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Judges and prints the measures.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let owned = |(name, file): (String, &Path)| (name, file.to_path_buf());
        let request = CrisprRequest {
            scores: self.scores.iter().map(|text| owned(named(text))).collect(),
            table: self.table,
            cell_type: self.cell_type,
            genome: self.genome,
            activity: self.activity,
            genes: self.genes,
            chrom_sizes: self.chrom_sizes,
            threshold: self.threshold,
            seed: self.seed,
        };
        let run = self.run.as_deref().map(Run::open).transpose()?;
        let device = run.as_ref().map(|_| self.device.select()).transpose()?;
        let context = self.context.source()?;
        if context.is_some() && self.run.is_none() {
            bail!("a context is for a run, and there is none");
        }
        let judged = run.as_ref().zip(device.as_ref());
        let judged = judged.map(|(run, device)| JudgedRun {
            run,
            reference: self.reference,
            pairs: self.pairs,
            context,
            device,
        });
        let judgement = crispr::judge(&self.out, &request, judged.as_ref(), progress)
            .with_context(|| format!("judging by {}", request.table.display()))?;
        print(judgement)
    }
}
