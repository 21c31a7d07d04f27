//! The transcription factors of a collection of matrices.

use crate::enrichment::tf_pairs::Factors;
use crate::motifs::Collection;

/// The factors of the matrices.
pub fn factors(motifs: &Collection) -> Factors {
    let names = motifs.matrices.iter().zip(0..);
    Factors::new(
        names.map(|(matrix, place)| (matrix.id.clone(), motifs.symbols.get(place).to_vec())),
    )
}
