//! The argument of every command that shows genes.

use std::path::PathBuf;

/// Genes to show.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct GenesArg {
    /// Show genes with strand and exons, each as its longest transcript: GTF (GENCODE, Ensembl, RefSeq) or
    /// a table of UCSC's (genePred, refGene, ncbiRefSeq, refFlat); plain or gzip
    #[arg(long, value_name = "FILE")]
    pub genes: Option<PathBuf>,
}
