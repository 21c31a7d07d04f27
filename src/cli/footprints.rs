//! `epitrack footprints`

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use epitrack::footprints::{self, Assay, CallRequest, CutSource, Selection, Settings};
use epitrack::output::shard::Shard;
use epitrack::progress::Progress;

use super::stdout::print;

#[derive(Debug, Subcommand)]
pub enum Command {
    Call(Box<Call>),
}

/// Score every base of some regions with Wellington and call footprints
///
/// Piper et al. 2013, doi:10.1093/nar/gkt850, as pyDNase computes it. Writes PREFIX.bw, the score of
/// every base; PREFIX.bed, the footprints: BED6 (score: −log10 p as a whole number), −log10 p, width,
/// cutoff; and PREFIX.json, what they were made from. Scores are −log10 p everywhere, so that more
/// is stronger; pyDNase's natural logarithm of −30 is 13.03.
///
///   epitrack footprints call --bam dnase.bam --regions peaks.bed --out k562
///
/// All mapped reads count, duplicates and secondary ones too, as in pyDNase.
#[derive(Debug, clap::Args)]
pub struct Call {
    /// Reads, with their index (.bai or .csi)
    #[arg(long, value_name = "FILE", required_unless_present_any = ["cuts_forward", "cuts_reverse"])]
    bam: Option<PathBuf>,

    /// In place of reads: a bigWig of the forward reads' cuts, each at the base before the read
    #[arg(
        long,
        value_name = "FILE",
        requires = "cuts_reverse",
        conflicts_with = "bam"
    )]
    cuts_forward: Option<PathBuf>,

    /// A bigWig of the reverse reads' cuts, each at the base after the read
    #[arg(
        long,
        value_name = "FILE",
        requires = "cuts_forward",
        conflicts_with = "bam"
    )]
    cuts_reverse: Option<PathBuf>,

    /// Regions of open chromatin: BED, plain or gzip; those that touch or overlap become one
    #[arg(long, value_name = "BED")]
    regions: PathBuf,

    /// What the names of the files begin with
    #[arg(long, value_name = "PREFIX")]
    out: PathBuf,

    /// Call what scores more than this, in −log10 p (pyDNase's −30 is 13.03)
    #[arg(long, value_name = "SCORE", conflicts_with = "fdr")]
    cutoff: Option<f64>,

    /// Call what scores more than all but this part of the bases of the same region with its cuts
    /// shuffled 100 times
    #[arg(long, value_name = "RATE", default_value_t = Selection::RATE)]
    fdr: f64,

    /// With --fdr: call only what scores more than this too, in −log10 p, where shuffled cuts ask
    /// for less (pyDNase calls nothing there); by default its −20, which is 8.69
    #[arg(long, value_name = "SCORE", conflicts_with = "cutoff")]
    least: Option<f64>,

    /// The reads are of ATAC-seq: Tn5's ends lie nine bases apart
    #[arg(long)]
    atac: bool,

    /// Bases on either side of a footprint that are compared with it
    #[arg(long, value_name = "N,N,…", value_delimiter = ',', default_values_t = Settings::default().shoulders)]
    shoulders: Vec<u32>,

    /// Widths of a footprint, odd numbers of bases
    #[arg(long, value_name = "N,N,…", value_delimiter = ',', default_values_t = Settings::default().widths)]
    widths: Vec<u32>,

    /// The seed of the shuffling
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Score part I of N of the regions only, into a folder PREFIX; epitrack merge writes the footprints of
    /// all parts
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,

    /// Take the chromosomes from this reference, and refuse reads of another assembly
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,
}

impl Call {
    /// Calls footprints.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let assay = if self.atac { Assay::Atac } else { Assay::Dnase };
        let files = [&self.bam, &self.cuts_forward, &self.cuts_reverse];
        let files: Vec<PathBuf> = files.into_iter().flatten().cloned().collect();
        let request = CallRequest {
            cuts: CutSource::open(&files, assay)?,
            files,
            regions: self.regions,
            reference: self.reference,
            settings: Settings {
                shoulders: self.shoulders,
                widths: self.widths,
            },
            selection: match self.cutoff {
                Some(cutoff) => Selection::Cutoff(cutoff),
                None => Selection::FalseDiscovery {
                    rate: self.fdr,
                    least: self.least.unwrap_or(Selection::LEAST),
                    seed: self.seed,
                },
            },
        };
        if let Some(shard) = self.shard {
            return Ok(footprints::write_shard(
                &request, shard, &self.out, progress,
            )?);
        }
        let chroms = request.chroms()?;
        footprints::write(&request, &chroms, &self.out, progress)?;
        print(self.out.with_added_extension("bed").display())
    }
}
