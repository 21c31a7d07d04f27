//! `epitrack variants`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::analysis::variants::{self, Null, VariantsRequest};
use epitrack::browser::tracks::Selection;
use epitrack::progress::Progress;
use epitrack::run::Run;
use epitrack::text::choice::Choice;

use super::context_args::ContextArgs;
use super::device::DeviceArg;
use super::inputs::OtherTableArgs;
use super::motif_args::MotifArgs;
use super::one_of::one_of;

/// Ask what variants do to predicted interactions
///
/// Puts each allele of a VCF file into the windows that hold it and asks the network again: the change of
/// the pair's logit and probability and of the window's largest attention, with --motifs the sites that
/// the allele makes and breaks, with --null how many random variants of the window do as much. For bases
/// replaced this is exact in-silico mutagenesis; around insertions and deletions the window is cut anew so
/// that the base in the element's middle keeps its place.
///
/// Every record stays in the output, with an EPI entry of INFO where it has an effect; what could not be
/// computed is counted and told. A JSON file beside the output says all of it.
///
/// Example: epitrack variants runs/GM12878 --vcf gwas.vcf.gz --out gwas.epi.vcf.gz
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of a run
    run: PathBuf,

    /// The variants: VCF, plain, gzip or bgzip
    #[arg(long, value_name = "FILE")]
    vcf: PathBuf,

    /// Where to write: NAME.vcf, or NAME.tsv for a row for each effect; with .gz behind it for bgzip
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Which pairs variants are looked at in
    #[arg(long, value_parser = one_of::<Selection>(), default_value = Selection::default().name())]
    pairs: Selection,

    // --skip-bad is the variants' too.
    #[command(flatten)]
    table: OtherTableArgs,

    /// Tell the motif sites that each allele gains and loses: matrices in JASPAR's formats, TRANSFAC,
    /// MEME, HOMER or UniPROBE; plain or gzip
    #[arg(long, value_name = "FILE", num_args = 1..)]
    motifs: Vec<PathBuf>,

    #[command(flatten)]
    motif_args: MotifArgs,

    /// Compare each effect with so many random variants of the same length in the same window
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=100_000))]
    null: u32,

    /// Seed of the random variants
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The reference, where it has moved
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,

    #[command(flatten)]
    context: ContextArgs,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Computes and writes.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let run = Run::open(&self.run)?;
        let device = self.device.select()?;
        let request = VariantsRequest {
            skip_bad: self.table.skip_bad(),
            selection: self.pairs,
            table: self.table.source()?,
            motifs: self.motif_args.request_of_any(self.motifs),
            null: Null {
                draws: self.null,
                seed: self.seed,
            },
            reference: self.reference,
            context: self.context.source()?,
            vcf: self.vcf,
            out: self.out,
        };
        variants::write(&run, &request, &device, progress)
            .with_context(|| format!("variants of {}", request.vcf.display()))?;
        Ok(())
    }
}
