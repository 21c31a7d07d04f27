//! What of variants is asked for.

use std::path::PathBuf;

use super::null::Null;
use crate::browser::tracks::Selection;
use crate::motifs::CollectionRequest;
use crate::pairs::TableSource;
use crate::run::ContextSource;

/// Which variants to look at, in which pairs, and where to write.
#[derive(Debug, Clone)]
pub struct VariantsRequest {
    /// The variants: VCF, plain, gzip or bgzip.
    pub vcf: PathBuf,
    /// `NAME.vcf`, `NAME.vcf.gz`, `NAME.tsv` or `NAME.tsv.gz`.
    pub out: PathBuf,
    /// Whether rows whose REF is not the reference's, and lines that are no records, are passed over
    /// instead of refused.
    pub skip_bad: bool,
    /// Which pairs.
    pub selection: Selection,
    /// Another table than the run's, whose pairs need no labels; or the run's, where it is now.
    pub table: Option<TableSource>,
    /// Matrices whose sites are looked for on the alleles.
    pub motifs: Option<CollectionRequest>,
    /// Random variants that each one is compared with.
    pub null: Null,
    /// Where the run's reference is now.
    pub reference: Option<PathBuf>,
    /// What the context of another table's pairs is computed from; or where the files of the run's are now.
    pub context: Option<ContextSource>,
}
