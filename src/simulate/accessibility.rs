//! How accessible the chromatin of a cell line is: a smooth bump over each occupied site, little
//! elsewhere.

use std::f64::consts::PI;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::Exp1;

use super::{CellLine, Simulation, SimulationConfig};
use crate::error::Result;
use crate::formats::{NarrowPeak, write_bigwig};
use crate::genome::{ChromId, Chroms, Region, Segment, merge};
use crate::output;
use crate::seed::{Purpose, stream};

/// Bases on either side of an occupied site's middle over which its bump falls to nothing.
pub const REACH: u32 = 125;
/// How high the bumps are, all heights alike.
const HEIGHTS: Range<f64> = 5.0..15.0;
/// The mean of what is everywhere, whose distribution is exponential.
const BACKGROUND: f64 = 0.2;
/// Bases with one value inside bumps, and outside.
const INSIDE: u32 = 10;
const OUTSIDE: u32 = 100;

/// What an occupied site adds to the signal: a raised cosine.
#[derive(Debug, Clone, Copy)]
struct Bump {
    chrom: ChromId,
    middle: u32,
    height: f64,
}

impl Bump {
    fn new(site: Region, height: f64) -> Self {
        let (chrom, middle) = (site.chrom, site.start + site.len() / 2);
        Self {
            chrom,
            middle,
            height,
        }
    }

    /// The bases where it is more than nothing, its middle in theirs: the gaps at either end of a
    /// chromosome, where no site is, have room for it.
    fn region(self) -> Region {
        Region {
            chrom: self.chrom,
            start: self.middle - REACH,
            end: self.middle + REACH,
        }
    }

    fn at(self, base: u32) -> f64 {
        let away = self.middle.abs_diff(base).min(REACH);
        let part = f64::from(away) / f64::from(REACH);
        self.height * (1.0 + (PI * part).cos()) / 2.0
    }
}

impl Simulation {
    /// The regions of open chromatin of a cell line, sorted and apart: of the only one those around its
    /// elements ([`Self::peaks`]), of one of several those around the sites that are occupied in it.
    pub fn open_in(&self, cell: &CellLine) -> Vec<Region> {
        match self.cell_lines.len() {
            1 => self.peaks(),
            _ => {
                let around = |site| Bump::new(site, 0.0).region();
                merge(self.occupied_in(cell).map(around))
            }
        }
    }

    /// Writes the accessibility of a cell line as bigWig, and its bumps as narrowPeak: one for each
    /// occupied site, the summit in its middle, with the height.
    pub(super) fn write_accessibility(
        &self,
        config: &SimulationConfig,
        cell: &CellLine,
        signal: &Path,
        peaks: &Path,
    ) -> Result<()> {
        let mut rng = stream(config.seed, Purpose::Accessibility, cell.number as u64);
        let sites = self.occupied_in(cell);
        let bumps: Vec<Bump> = sites
            .map(|site| Bump::new(site, rng.random_range(HEIGHTS)))
            .collect();
        output::write_with(peaks, |writer| write_peaks(&bumps, &self.chroms, writer))?;
        let segments = segments(&self.chroms, &bumps, &mut rng);
        let (file, _) = write_bigwig(signal, &self.chroms, segments)?;
        file.complete()
    }
}

fn write_peaks(bumps: &[Bump], chroms: &Chroms, writer: &mut dyn Write) -> io::Result<()> {
    for (bump, number) in bumps.iter().zip(1..) {
        let name = format!("peak{number}");
        let peak = NarrowPeak {
            window: bump.region(),
            name: &name,
            signal: bump.height as f32,
        };
        writeln!(writer, "{}", peak.line(chroms))?;
    }
    Ok(())
}

/// The signal of all chromosomes from left to right: where bumps meet the highest one, and the
/// background. The bumps are sorted.
fn segments(
    chroms: &Chroms,
    bumps: &[Bump],
    rng: &mut ChaCha8Rng,
) -> impl Iterator<Item = Segment> {
    let open = merge(bumps.iter().map(|bump| bump.region()));
    let stretches = stretches(chroms, &open).into_iter();
    let cells = stretches.flat_map(|(stretch, length)| stretch.pieces(length));
    cells.map(move |region| {
        let background: f64 = rng.sample(Exp1);
        let bump = highest(bumps, region.chrom, region.start + region.len() / 2);
        let value = (bump + BACKGROUND * background) as f32;
        Segment { region, value }
    })
}

/// All chromosomes in stretches, inside open regions and outside, each with the length of its cells.
fn stretches(chroms: &Chroms, open: &[Region]) -> Vec<(Region, u32)> {
    let mut stretches = Vec::new();
    for whole in chroms.regions() {
        let first = open.partition_point(|region| region.chrom < whole.chrom);
        let past = open.partition_point(|region| region.chrom <= whole.chrom);
        let mut from = whole.start;
        for &region in &open[first..past] {
            let before = Region::new(whole.chrom, from, region.start);
            stretches.extend(before.map(|before| (before, OUTSIDE)));
            stretches.push((region, INSIDE));
            from = region.end;
        }
        let rest = Region::new(whole.chrom, from, whole.end);
        stretches.extend(rest.map(|rest| (rest, OUTSIDE)));
    }
    stretches
}

/// The highest of the bumps at a base.
fn highest(bumps: &[Bump], chrom: ChromId, base: u32) -> f64 {
    let first = bumps.partition_point(|bump| (bump.chrom, bump.middle + REACH) < (chrom, base));
    bumps[first..]
        .iter()
        .take_while(|bump| bump.chrom == chrom && bump.middle < base + REACH)
        .map(|bump| bump.at(base))
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests;
