//! Signals: the values of a bigWig.

use std::path::Path;
use std::sync::Arc;

use super::known::Known;
use crate::error::{Error, Result};
use crate::footprints::ChromNames;
use crate::formats::BigWig;
use crate::genome::{ChromId, Chroms, Region, Segment};
use crate::pairs::around;

/// Bases whose mean tells how active a place is: what a nucleosome leaves open, and the length that ENCODE
/// gives peaks of DNase.
const CELL: u32 = 150;
/// Of the tiles of half a window the part that counts as peaks.
const STRONGEST: f64 = 0.05;
/// Bases whose values are read at once.
const PIECE: u32 = 1 << 20;

/// An open bigWig whose values are an activity.
pub struct Signal {
    file: BigWig,
    names: ChromNames,
    chroms: Arc<Chroms>,
}

impl Signal {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is no bigWig; chromosomes of other lengths than the reference's, or
    /// none in common.
    pub fn open(path: &Path, chroms: &Arc<Chroms>) -> Result<Self> {
        let file = BigWig::open(path)?;
        let names = ChromNames::new(path, &file.reference_chroms()?, chroms)?;
        if !chroms.regions().any(|chrom| names.get(chrom).is_some()) {
            let problem = "has no chromosome of the reference: is it of another assembly?";
            return Err(Error::format(path, problem));
        }
        let chroms = chroms.clone();
        Ok(Self {
            file,
            names,
            chroms,
        })
    }

    /// Whether it has a chromosome.
    pub fn covers(&self, chrom: ChromId) -> bool {
        let end = self.chroms.length(chrom);
        let whole = Region {
            chrom,
            start: 0,
            end,
        };
        self.names.get(whole).is_some()
    }

    /// For each tile of a window, which ends where the next begins, ln(1 + mean over its bases); a base
    /// without value counts as 0.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, a value that is no number from 0 up.
    pub fn tiles(&mut self, window: Region, edges: &[u32]) -> Result<Vec<f32>> {
        let mut sums = vec![0.0; edges.len() - 1];
        for Segment { region, value } in self.values(window)? {
            let [start, end] = [region.start, region.end].map(|at| at - window.start);
            let first = edges.partition_point(|&edge| edge <= start) - 1;
            for (tile, sum) in edges.windows(2).zip(&mut sums).skip(first) {
                if tile[0] >= end {
                    break;
                }
                let bases = tile[1].min(end) - tile[0].max(start);
                *sum += f64::from(value) * f64::from(bases);
            }
        }
        let tiles = edges.windows(2).zip(sums);
        let value =
            |(tile, sum): (&[u32], f64)| (sum / f64::from(tile[1] - tile[0])).ln_1p() as f32;
        Ok(tiles.map(value).collect())
    }

    /// Where it is strongest. Each chromosome is cut into tiles of half a window's length, and the tiles into
    /// cells of 150 bases, the strongest of which, by its mean, stands for the tile. Of the tiles with enough
    /// known bases in the window around that cell these are the cells of the twentieth that is strongest,
    /// as far as anything was measured there.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, a value that is no number from 0 up.
    pub fn strongest(&mut self, known: &Known, length: u32) -> Result<Vec<Region>> {
        let mut tiles = Vec::new();
        for chrom in known.chroms() {
            tiles.extend(self.strongest_cells(chrom, known, length)?);
        }
        let count = (tiles.len() as f64 * STRONGEST).ceil() as usize;
        // The first of those that are as strong.
        tiles.sort_by(|(one, a), (other, b)| other.total_cmp(one).then(a.cmp(b)));
        tiles.truncate(count);
        let strong = tiles.into_iter().filter(|&(mean, _)| mean > 0.0);
        Ok(strong.map(|(_, cell)| cell).collect())
    }

    /// The strongest cell of each tile of a chromosome with its mean, where enough bases around it are known.
    fn strongest_cells(
        &mut self,
        chrom: ChromId,
        known: &Known,
        length: u32,
    ) -> Result<Vec<(f64, Region)>> {
        let end = self.chroms.length(chrom);
        let whole = Region {
            chrom,
            start: 0,
            end,
        };
        let cells: Vec<Region> = whole.pieces(CELL).collect();
        let mut sums = vec![0.0; cells.len()];
        for piece in whole.pieces(PIECE).filter(|&piece| known.bases(piece) > 0) {
            for Segment { region, value } in self.values(piece)? {
                let [first, last] = [region.start, region.end - 1].map(|at| (at / CELL) as usize);
                for (cell, sum) in cells[first..=last].iter().zip(&mut sums[first..=last]) {
                    *sum += f64::from(value) * f64::from(region.overlap(cell));
                }
            }
        }
        let mean = |(sum, cell): (f64, Region)| (sum / f64::from(cell.len()), cell);
        let means: Vec<(f64, Region)> = sums.into_iter().zip(cells).map(mean).collect();
        let tile = (length / 2).max(CELL);
        let tiles = means.chunk_by(|(_, a), (_, b)| a.start / tile == b.start / tile);
        let strongest = tiles.filter_map(|cells| {
            // The first of those that are as strong.
            let stronger = |best: (f64, Region), cell: &(f64, Region)| match cell.0 > best.0 {
                true => *cell,
                false => best,
            };
            let (&first, others) = cells.split_first()?;
            let best = others.iter().fold(first, stronger);
            let window = around(best.1, length, &self.chroms)?;
            known.is_enough(window).then_some(best)
        });
        Ok(strongest.collect())
    }

    /// The values in a region.
    fn values(&mut self, region: Region) -> Result<Vec<Segment>> {
        let Some(name) = self.names.get(region) else {
            return Ok(Vec::new());
        };
        let segments = self.file.all_segments(name, region)?;
        let bad = segments.iter().find(|segment| !is_activity(segment.value));
        match bad.copied() {
            None => Ok(segments),
            Some(bad) => Err(Error::format(self.file.path(), said(bad, &self.chroms))),
        }
    }
}

/// What is wrong with a value that is no activity, and what to do.
fn said(Segment { region, value }: Segment, chroms: &Chroms) -> String {
    let place = region.told(chroms);
    let advice = match value.is_nan() {
        true => "leave bases without a value out of the file",
        false => "take counts, coverage or fold change, not logarithms or differences",
    };
    format!("{place} holds {value}, and an activity is a number from 0 up: {advice}")
}

/// Whether a value can be an activity: that of something that is counted.
fn is_activity(value: f32) -> bool {
    value.is_finite() && value >= 0.0
}

#[cfg(test)]
mod tests;
