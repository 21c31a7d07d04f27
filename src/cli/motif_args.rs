//! The arguments of every command that looks for motifs.

use std::path::PathBuf;

use epitrack::motifs::{BackgroundRule, CollectionRequest, P_VALUE, Threshold};

/// How motifs are looked for.
#[derive(Debug, Clone, clap::Args)]
pub struct MotifArgs {
    /// Only these of the matrices: names or accessions as in the files, with or without the accession's
    /// version; a name means all matrices that have it
    #[arg(long, value_name = "NAME", num_args = 1.., requires = "motifs")]
    motif: Vec<String>,

    #[command(flatten)]
    threshold: ThresholdArgs,

    /// Frequencies of bases by chance: uniform, reference (counted), or four numbers for A, C, G and
    /// T; averaged over both strands
    #[arg(long, value_name = "RULE", default_value = "uniform")]
    background: BackgroundRule,

    /// A table of two columns, matrix and factors between commas, to go before the matrices' names
    #[arg(long, value_name = "TSV")]
    symbols: Option<PathBuf>,
}

/// What counts as a site.
#[derive(Debug, Clone, clap::Args)]
#[group(multiple = false)]
struct ThresholdArgs {
    /// The largest p-value of a site, at one place of one strand
    #[arg(long, value_name = "P", default_value_t = P_VALUE)]
    p_value: f64,

    /// Use the thresholds in HOMER's files, and its scores: no probability below 0.001
    #[arg(long)]
    homer: bool,

    /// The lowest score of a site, log-odds in bits
    #[arg(long, value_name = "BITS", allow_negative_numbers = true)]
    score: Option<f64>,
}

impl MotifArgs {
    /// As [`Self::request`], where there are any files.
    pub fn request_of_any(self, files: Vec<PathBuf>) -> Option<CollectionRequest> {
        (!files.is_empty()).then(|| self.request(files))
    }

    /// What to look for, with the matrices of these files.
    pub fn request(self, files: Vec<PathBuf>) -> CollectionRequest {
        let threshold = self.threshold;
        CollectionRequest {
            files,
            only: self.motif,
            symbols: self.symbols,
            threshold: match threshold.score {
                Some(bits) => Threshold::Score(bits),
                None if threshold.homer => Threshold::Homer,
                None => Threshold::PValue(threshold.p_value),
            },
            background: self.background,
        }
    }
}
