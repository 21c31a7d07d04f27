//! Sequence of many stretches in one buffer, so that short regions and whole chromosomes are scanned
//! alike, and only so much is in memory at once.

use std::collections::VecDeque;

use crate::error::Result;
use crate::genome::{ChromId, N, Reference, Region};

/// Sequence to scan at once.
#[derive(Default)]
pub struct Batch {
    /// Base codes of the pieces, with an N between one and the next.
    pub codes: Vec<u8>,
    pieces: Vec<Piece>,
    /// Bases of the regions that this batch and what was passed over before it stand for.
    pub bases: u64,
}

/// A stretch of sequence.
struct Piece {
    /// Where it begins in the batch.
    offset: u32,
    /// The places whose sites are this piece's. The sequence goes on behind it, where the region
    /// does, for as long as a site that starts in it may reach.
    starts: Region,
}

impl Batch {
    /// Where a place of the batch is in the genome, unless that is another piece's.
    pub fn place(&self, at: u32) -> Option<(ChromId, u32)> {
        let after = self.pieces.partition_point(|piece| piece.offset <= at);
        let piece = self.pieces.get(after.checked_sub(1)?)?;
        let start = piece.starts.start + (at - piece.offset);
        (start < piece.starts.end).then_some((piece.starts.chrom, start))
    }
}

/// Cuts regions into batches, from left to right.
pub struct Batches<'a> {
    reference: &'a mut Reference,
    left: VecDeque<Region>,
    size: u32,
    overlap: u32,
}

impl<'a> Batches<'a> {
    /// Of about `size` bases each; sites of up to `widest` bases are whole in one batch. The regions
    /// neither touch nor overlap and are sorted.
    pub fn new(
        reference: &'a mut Reference,
        regions: Vec<Region>,
        size: u32,
        widest: usize,
    ) -> Self {
        Self {
            reference,
            left: regions.into(),
            size,
            overlap: widest.saturating_sub(1) as u32,
        }
    }

    /// The next batch. Pieces of Ns alone are left out.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn next(&mut self) -> Result<Option<Batch>> {
        let mut batch = Batch::default();
        while batch.codes.len() < self.size as usize {
            let Some(region) = self.left.pop_front() else {
                return Ok((batch.bases > 0).then_some(batch));
            };
            let room = self.size - batch.codes.len() as u32;
            let cut = region.end.min(region.start.saturating_add(room));
            let end = region.end.min(cut.saturating_add(self.overlap));
            let codes = self.reference.codes(Region { end, ..region })?;
            batch.bases += u64::from(cut - region.start);
            if codes.iter().any(|&code| code != N) {
                let offset = batch.codes.len() as u32;
                let starts = Region { end: cut, ..region };
                batch.pieces.push(Piece { offset, starts });
                batch.codes.extend(codes);
                batch.codes.push(N);
            }
            if cut < region.end {
                self.left.push_front(Region {
                    start: cut,
                    ..region
                });
                // Ns are never held: give back how far the work is now and then.
                if batch.codes.is_empty() {
                    return Ok(Some(batch));
                }
            }
        }
        Ok(Some(batch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_start_of_the_regions_is_in_one_batch_with_its_whole_site() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("genome.fa");
        let letters = |seed: usize| -> String {
            (0..300)
                .map(|at| ['A', 'C', 'G', 'T'][(at * at + seed) % 7 % 4])
                .collect()
        };
        let (one, two) = (letters(1), "N".repeat(200) + &letters(2));
        std::fs::write(&path, format!(">chr1\n{one}\n>chr2\n{two}\n")).unwrap();
        let texts = [one, two];
        let region = |chrom, start, end| Region {
            chrom: ChromId(chrom),
            start,
            end,
        };
        let regions = vec![region(0, 5, 7), region(0, 20, 300), region(1, 0, 480)];
        for (size, widest) in [(1, 1), (7, 12), (100, 5), (10_000, 30)] {
            let mut reference = Reference::open(&path).unwrap();
            let mut batches = Batches::new(&mut reference, regions.clone(), size, widest);
            let (mut seen, mut bases) = (Vec::new(), 0);
            while let Some(batch) = batches.next().unwrap() {
                bases += batch.bases;
                for at in 0..batch.codes.len() as u32 {
                    let Some((chrom, start)) = batch.place(at) else {
                        continue;
                    };
                    seen.push((chrom, start));
                    let inside = |region: &&Region| {
                        region.chrom == chrom && region.start <= start && start < region.end
                    };
                    let end = regions.iter().find(inside).unwrap().end;
                    let end = end.min(start + widest as u32) as usize;
                    let text = &texts[chrom.0 as usize].as_bytes()[start as usize..end];
                    let codes = &batch.codes[at as usize..at as usize + text.len()];
                    let wanted: Vec<u8> =
                        text.iter().map(|&l| crate::genome::base_code(l)).collect();
                    assert_eq!(codes, wanted);
                }
            }
            assert_eq!(bases, 2 + 280 + 480);
            let known = |&(chrom, start): &(ChromId, u32)| chrom == ChromId(0) || start >= 200;
            let wanted: Vec<(ChromId, u32)> = regions
                .iter()
                .flat_map(|region| (region.start..region.end).map(|start| (region.chrom, start)))
                .filter(known)
                .collect();
            seen.retain(known);
            assert_eq!(seen, wanted);
        }
    }
}
