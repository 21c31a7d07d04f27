//! `epitrack motifs`

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use epitrack::progress::Progress;
use epitrack::scan::{self, Extent, ScanRequest};

use super::motif_args::MotifArgs;
use super::print;

/// Work with motifs of transcription factors
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Scan(ScanArgs),
}

/// Find where matrices match a genome, on both strands
///
/// Writes a sorted BED file with name, score, strand, accession, factors, log-odds and p-value of
/// every site, and a NAME.json that says what from:
///
///   epitrack motifs scan --motifs JASPAR.meme --reference hg38.fa --regions peaks.bed --out sites.bed.gz
///
/// N never matches. A palindrome is a site on either strand.
#[derive(Debug, clap::Args)]
struct ScanArgs {
    /// Matrices in JASPAR's formats, TRANSFAC, MEME, HOMER or UniPROBE; plain or gzip
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    motifs: Vec<PathBuf>,

    /// The sequence: FASTA, bgzip FASTA or 2bit
    #[arg(long, value_name = "FILE")]
    reference: PathBuf,

    /// Look only inside the regions of this BED file, each site once; the whole genome by default
    #[arg(long, value_name = "BED")]
    regions: Option<PathBuf>,

    /// NAME.bed, or NAME.bed.gz for bgzip with a tabix index; the same if it is only NAME
    #[arg(long, value_name = "NAME")]
    out: PathBuf,

    /// Write NAME.bb for a hub too
    #[arg(long)]
    bigbed: bool,

    #[command(flatten)]
    motif_args: MotifArgs,
}

impl Args {
    /// Runs the subcommand.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        match self.command {
            Command::Scan(args) => args.run(progress),
        }
    }
}

impl ScanArgs {
    fn run(self, progress: &dyn Progress) -> Result<()> {
        let request = ScanRequest {
            motifs: self.motif_args.request(self.motifs),
            reference: self.reference,
            extent: self.regions.map_or(Extent::Genome, Extent::Bed),
            out: self.out,
            bigbed: self.bigbed,
        };
        let summary = scan::run(&request, progress)?;
        print(format_args!(
            "{}  {} sites",
            summary.bed.display(),
            summary.sites
        ))?;
        Ok(())
    }
}
