//! Where a factor's sites are.

use std::ops::Range;

use crate::error::Result;
use crate::motifs::{Collection, Matrix, Scanner, Threshold};

/// Finds the sites of one factor: those of any of its matrices.
#[derive(Clone)]
pub struct Finder {
    scanner: Scanner,
    /// Positions of each matrix.
    lengths: Vec<usize>,
}

/// Stretches of a window: ascending, and no two of them overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Every base that a site covers; sites that overlap are one stretch.
    pub all: Vec<Range<usize>>,
    /// What is to be replaced.
    pub replaced: Vec<Range<usize>>,
}

impl Finder {
    /// Of some of a collection's matrices, by their places, with the collection's background.
    ///
    /// # Errors
    ///
    /// As [`Scanner::new`].
    pub fn new(motifs: &Collection, matrices: &[u32], threshold: Threshold) -> Result<Self> {
        let matrices = matrices.iter();
        let matrices: Vec<Matrix> = matrices
            .map(|&matrix| motifs.matrices[matrix as usize].clone())
            .collect();
        Ok(Self {
            scanner: Scanner::new(&matrices, &motifs.background, threshold)?,
            lengths: matrices.iter().map(Matrix::len).collect(),
        })
    }

    /// The sites in base codes, by start.
    pub fn sites(&self, codes: &[u8]) -> impl Iterator<Item = Range<usize>> {
        let hits = self.scanner.scan(codes).into_iter();
        hits.map(|hit| {
            let start = hit.start as usize;
            start..start + self.lengths[hit.matrix as usize]
        })
    }

    /// The factor's places in a window. To be replaced is what lies whole inside one of some regions, or,
    /// without any, all.
    pub fn places(&self, codes: &[u8], regions: Option<&[Range<u32>]>) -> Places {
        self.places_but(codes, regions, |_| false)
    }

    /// As [`Self::places`]; of what is to be replaced, a site of which `stays` says so is not.
    pub fn places_but(
        &self,
        codes: &[u8],
        regions: Option<&[Range<u32>]>,
        mut stays: impl FnMut(&Range<usize>) -> bool,
    ) -> Places {
        let sites: Vec<Range<usize>> = self.sites(codes).collect();
        let inside = |site: &&Range<usize>| {
            let holds = |region: &Range<u32>| {
                region.start as usize <= site.start && site.end <= region.end as usize
            };
            regions.is_none_or(|regions| regions.iter().any(holds))
        };
        Places {
            all: merged(sites.iter().cloned()),
            replaced: merged(
                sites
                    .iter()
                    .filter(inside)
                    .filter(|site| !stays(site))
                    .cloned(),
            ),
        }
    }

    /// Whether a site covers a base of a stretch of these codes.
    pub fn matches(&self, codes: &[u8], stretch: &Range<usize>) -> bool {
        let widest = self.lengths.iter().copied().max().unwrap_or(1);
        let from = stretch.start.saturating_sub(widest - 1);
        let to = codes.len().min(stretch.end + widest - 1);
        let mut sites = self.sites(&codes[from..to]);
        sites.any(|site| site.start + from < stretch.end && stretch.start < site.end + from)
    }
}

/// Every base of a window that a site of any of the matrices covers, as stretches that ascend and do not
/// overlap.
pub fn covered(motifs: &Collection, codes: &[u8]) -> Vec<Range<usize>> {
    let hits = motifs.scanner.scan(codes).into_iter();
    merged(hits.map(|hit| {
        let start = hit.start as usize;
        start..start + motifs.matrices[hit.matrix as usize].len()
    }))
}

/// The union of sites, which come by start, as stretches that do not overlap.
fn merged(sites: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for site in sites {
        match merged.last_mut() {
            Some(last) if site.start < last.end => last.end = last.end.max(site.end),
            _ => merged.push(site),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::base_code;
    use crate::motifs::{Background, Symbols};

    /// A matrix that wants one sequence.
    fn matrix(id: &str, letters: &str) -> Matrix {
        let column = |letter: u8| {
            let mut column = [0.01; 4];
            column[usize::from(base_code(letter))] = 0.97;
            column
        };
        Matrix::new(id, id, letters.bytes().map(column).collect())
    }

    fn finder(letters: &[&str]) -> Finder {
        let matrices: Vec<Matrix> = letters.iter().map(|of| matrix(of, of)).collect();
        let background = Background::uniform();
        let threshold = Threshold::Score(10.0);
        let collection = Collection {
            scanner: Scanner::new(&matrices, &background, threshold).unwrap(),
            symbols: Symbols::of(&matrices),
            matrices,
            background,
        };
        let all: Vec<u32> = (0..letters.len() as u32).collect();
        Finder::new(&collection, &all, threshold).unwrap()
    }

    fn codes(letters: &str) -> Vec<u8> {
        letters.bytes().map(base_code).collect()
    }

    #[test]
    fn sites_that_overlap_are_one_stretch_and_regions_choose() {
        let finder = finder(&["GATTACA", "ACAGGCT"]);
        let text = codes("CCCCGATTACAGGCTCCCCCCCGATTACACCCC");
        let all = finder.places(&text, None);
        assert_eq!(all.all, [4..15, 22..29]);
        assert_eq!(all.replaced, all.all);
        let some = finder.places(&text, Some(&[0..11, 23..33]));
        assert_eq!(some.all, all.all);
        assert_eq!(some.replaced, std::slice::from_ref(&(4..11)));
        assert_eq!(finder.places(&codes("CCCC"), None), Places::default());
        // One of two sites that overlap stays where it is; those outside the regions are not asked for.
        let mut asked = Vec::new();
        let but = finder.places_but(&text, Some(&[0..20, 30..33]), |site| {
            asked.push(site.clone());
            site.start == 4
        });
        assert_eq!(asked, [4..11, 8..15]);
        assert_eq!(but.all, all.all);
        assert_eq!(but.replaced, std::slice::from_ref(&(8..15)));
    }

    #[test]
    fn a_stretch_has_the_sites_that_reach_into_it() {
        let finder = finder(&["GATTACA"]);
        let text = codes("CCCCGATTACACCCC");
        assert!(finder.matches(&text, &(4..11)));
        assert!(finder.matches(&text, &(0..5)));
        assert!(finder.matches(&text, &(10..15)));
        assert!(!finder.matches(&text, &(0..4)));
        assert!(!finder.matches(&text, &(11..15)));
    }
}
