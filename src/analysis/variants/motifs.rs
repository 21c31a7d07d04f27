//! Which motif sites an allele makes, and which it breaks.

use std::collections::BTreeSet;

use super::change::Change;
use crate::error::Result;
use crate::genome::{N, Reference, Region};
use crate::motifs::{Collection, CollectionRequest, Matrix};
use crate::progress::Progress;

/// Matrices whose sites are looked for on both alleles.
pub struct Motifs {
    collection: Collection,
    /// What each matrix is called.
    names: Vec<String>,
    /// Bases on either side of a change that a site which it touches may reach.
    reach: u32,
}

/// The sequence around a change: that of the reference, and that of the allele.
pub type Alleles = [Vec<u8>; 2];

/// What an allele does to the sites around it, by the names of the matrices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turnover {
    /// With a site on the alternate allele that the reference does not have.
    pub gained: Vec<String>,
    /// With a site on the reference that the alternate allele does not have.
    pub lost: Vec<String>,
}

/// A site, by its matrix and the bases left and right of it, of which a change leaves one number.
#[derive(Debug, Clone, Copy)]
struct Site {
    matrix: u32,
    forward: bool,
    left: u32,
    right: u32,
}

impl Motifs {
    /// Reads matrices.
    ///
    /// # Errors
    ///
    /// As [`Collection::open`].
    pub fn open(
        request: &CollectionRequest,
        reference: &mut Reference,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let collection = Collection::open(request, reference, progress)?;
        let widest = collection.matrices.iter().map(Matrix::len).max();
        let named = collection.matrices.iter().enumerate();
        let names = named.map(|(place, matrix)| {
            let factors = collection.symbols.get(place).join("::");
            match factors.is_empty() || factors.eq_ignore_ascii_case(&matrix.id) {
                true => matrix.id.clone(),
                false => format!("{factors}({})", matrix.id),
            }
        });
        Ok(Self {
            names: names.collect(),
            reach: widest.unwrap_or(0) as u32,
            collection,
        })
    }

    /// The sequence in which a site may lie that a change makes or breaks.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn alleles(&self, change: &Change, reference: &mut Reference) -> Result<Alleles> {
        let Change {
            chrom, start, end, ..
        } = *change;
        let around = Region { chrom, start, end }.widened(self.reach);
        let around = around.cut(reference.chroms());
        let codes = reference.codes(around)?;
        let place = |base: u32| (base - around.start) as usize;
        let (before, after) = (&codes[..place(start)], &codes[place(end)..]);
        let changed = [before, change.bases.as_slice(), after].concat();
        Ok([codes, changed])
    }

    /// What each of some alleles does.
    pub fn turnovers(&self, alleles: &[Alleles]) -> Vec<Turnover> {
        // One scan for all: nothing matches across the N between them.
        let (mut joined, mut starts) = (Vec::new(), Vec::new());
        for codes in alleles.iter().flatten() {
            starts.push(joined.len() as u32);
            joined.extend_from_slice(codes);
            joined.push(N);
        }
        let mut sites = vec![Vec::new(); starts.len()];
        for hit in self.collection.scanner.scan(&joined) {
            let part = starts.partition_point(|&start| start <= hit.start) - 1;
            let left = hit.start - starts[part];
            let length = alleles[part / 2][part % 2].len() as u32;
            let width = self.collection.matrices[hit.matrix as usize].len() as u32;
            sites[part].push(Site {
                matrix: hit.matrix,
                forward: hit.forward,
                left,
                right: length - left - width,
            });
        }
        let turnover = |both: &[Vec<Site>]| Turnover {
            gained: self.only(&both[1], &both[0]),
            lost: self.only(&both[0], &both[1]),
        };
        sites.chunks_exact(2).map(turnover).collect()
    }

    /// The names of the matrices with a site that is not among others.
    fn only(&self, sites: &[Site], others: &[Site]) -> Vec<String> {
        let is_new = |site: &&Site| !others.iter().any(|other| site.is(other));
        let matrices = sites.iter().filter(is_new).map(|site| site.matrix);
        let matrices: BTreeSet<u32> = matrices.collect();
        let name = |matrix: u32| self.names[matrix as usize].clone();
        matrices.into_iter().map(name).collect()
    }
}

impl Site {
    /// Whether it is the same site on the other allele.
    fn is(&self, other: &Self) -> bool {
        let same_matrix = (self.matrix, self.forward) == (other.matrix, other.forward);
        same_matrix && (self.left == other.left || self.right == other.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::{ChromId, base_code};
    use crate::progress::Silent;

    /// The genome of some letters, and a matrix that matches GATTACA alone.
    fn motifs(dir: &tempfile::TempDir, letters: &str) -> (Motifs, Reference) {
        let [genome, matrix] = ["genome.fa", "one.jaspar"].map(|name| dir.path().join(name));
        std::fs::write(&genome, format!(">chr1\n{letters}\n")).unwrap();
        let row = |base: char| {
            let counts = "GATTACA"
                .chars()
                .map(|at| if at == base { "100" } else { "0" });
            format!("{base} [ {} ]\n", counts.collect::<Vec<_>>().join(" "))
        };
        let rows: String = "ACGT".chars().map(row).collect();
        std::fs::write(&matrix, format!(">MA0001.1 FACT\n{rows}")).unwrap();
        let mut reference = Reference::open(&genome).unwrap();
        let request = CollectionRequest::new(vec![matrix]);
        let motifs = Motifs::open(&request, &mut reference, &Silent).unwrap();
        (motifs, reference)
    }

    #[test]
    fn sites_are_gained_lost_or_moved() {
        let dir = tempfile::tempdir().unwrap();
        let (motifs, mut reference) = motifs(&dir, "CCCCCCCCCCGATTACACCCCCCCCCCGATTGCACCCCCCCCCC");
        let mut turnover = |start: u32, end: u32, bases: &str| {
            let change = Change {
                chrom: ChromId(0),
                start,
                end,
                bases: bases.bytes().map(base_code).collect(),
            };
            let alleles = motifs.alleles(&change, &mut reference).unwrap();
            // Beside another one, whose sites are not this one's.
            let found = motifs.turnovers(&[alleles.clone(), alleles]);
            assert_eq!(found[0], found[1]);
            (found[0].gained.len(), found[0].lost.len())
        };
        assert_eq!(turnover(12, 13, "C"), (0, 1));
        assert_eq!(turnover(31, 32, "A"), (1, 0));
        assert_eq!(turnover(5, 6, "G"), (0, 0));
        // Beside the site, and so the same site.
        assert_eq!(turnover(8, 8, "GG"), (0, 0));
        assert_eq!(turnover(18, 20, ""), (0, 0));
        assert_eq!(turnover(12, 12, "C"), (0, 1));
        assert_eq!(turnover(5, 5, "GATTACA"), (1, 0));
    }

    #[test]
    fn matrices_are_named_by_factor_and_accession() {
        let dir = tempfile::tempdir().unwrap();
        let (motifs, _) = motifs(&dir, "ACGTACGTACGT");
        assert_eq!(motifs.names, ["FACT(MA0001.1)"]);
    }
}
