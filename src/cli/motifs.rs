//! `epitrack motifs`

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Subcommand;
use epitrack::motifs::scan;
use epitrack::motifs::scan::{Extent, ScanRequest};
use epitrack::output::shard::Shard;
use epitrack::progress::Progress;
use epitrack::run::Run;

use super::motif_args::MotifArgs;
use super::stdout::print;

#[derive(Debug, Subcommand)]
pub enum Command {
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
pub struct ScanArgs {
    /// Matrices in JASPAR's formats, TRANSFAC, MEME, HOMER or UniPROBE; plain or gzip
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    motifs: Vec<PathBuf>,

    /// The sequence: FASTA, bgzip FASTA or 2bit; by default that of the run
    #[arg(long, value_name = "FILE", required_unless_present = "run")]
    reference: Option<PathBuf>,

    /// Look only inside the regions of this BED file, each site once; the whole genome by default
    #[arg(long, value_name = "BED")]
    regions: Option<PathBuf>,

    /// Look only inside the windows of a run's pairs
    #[arg(long, value_name = "DIR", conflicts_with = "regions")]
    run: Option<PathBuf>,

    /// NAME.bed, or NAME.bed.gz for bgzip with a tabix index; the same if it is only NAME
    #[arg(long, value_name = "NAME")]
    out: PathBuf,

    /// Write NAME.bb for a hub too
    #[arg(long)]
    bigbed: bool,

    /// Look through part I of N of the sequence only, into a folder NAME; epitrack merge writes the sites
    /// of all parts
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,

    #[command(flatten)]
    motif_args: MotifArgs,
}

/// The windows of a run's pairs, and its tables.
fn windows(run: &Run, reference: Option<&Path>) -> Result<Extent> {
    let (reference, _) = run.open_reference(reference)?;
    let table = run.read_tables(&[], reference.chroms())?;
    let regions = table.windows.into_iter().flatten();
    let tables = run.record.settings.tables();
    let files = tables.map(|table| table.file.path.clone());
    Ok(Extent::Regions(regions.collect(), files.collect()))
}

impl ScanArgs {
    /// Scans and writes.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let (reference, extent) = match &self.run {
            Some(dir) => {
                let run = Run::open(dir)?;
                let extent = windows(&run, self.reference.as_deref())?;
                let known = run.record.settings.reference.path;
                (self.reference.unwrap_or(known), extent)
            }
            None => {
                let extent = self.regions.map_or(Extent::Genome, Extent::Bed);
                (self.reference.unwrap_or_default(), extent)
            }
        };
        let request = ScanRequest {
            motifs: self.motif_args.request(self.motifs),
            reference,
            extent,
            out: self.out,
            bigbed: self.bigbed,
        };
        if let Some(shard) = self.shard {
            return Ok(scan::run_shard(&request, shard, progress)?);
        }
        let summary = scan::run(&request, progress)?;
        let (bed, sites) = (summary.bed.display(), summary.sites);
        print(format_args!("{bed}  {sites} sites"))
    }
}
