//! Peaks: intervals, and where each is highest.

use std::path::Path;

use tracing::warn;

use crate::error::{Error, Result, RowProblem};
use crate::genome::{
    BedReader, BedRow, ChromId, Chroms, Empty, Overlaps, Places, Region, merge, tell,
};
use crate::text::{Lines, thousands};

/// The last column of narrowPeak, counted from 0: how far behind its start a peak is highest, −1 where nobody
/// says (<https://genome.ucsc.edu/FAQ/FAQformat.html#format12>).
const SUMMIT: usize = 9;

/// The peaks of a file.
#[derive(Debug, Clone)]
pub struct Peaks {
    /// The bases that lie in one, as regions that do not touch.
    covered: Overlaps<()>,
    /// The base of each peak around which a window is laid, from left to right.
    summits: Vec<Region>,
}

impl Peaks {
    /// Reads a file. Peaks on chromosomes that the reference does not have are left out, which is said.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; all bad rows together: places that are none, peaks without bases or past
    /// their chromosome's end; no peak, or none on a chromosome of the reference.
    pub fn read(path: &Path, chroms: &Chroms) -> Result<Self> {
        let mut reader = BedReader::new("peak", Empty::Refused);
        let mut places = Places::new(chroms);
        let mut unknown = 0u32;
        let (peaks, bad) = Lines::open(path)?.rows(|_, line| {
            let peak = reader.row(line, |row| match row.region(&mut places) {
                Ok(region) => Ok(Some((region, summit(row, region)))),
                Err(RowProblem::UnknownChromosome(_)) => {
                    unknown += 1;
                    Ok(None)
                }
                Err(problem) => Err(problem),
            });
            peak.and_then(Result::transpose)
        })?;
        Error::bad_rows([(path, bad)])?;
        if peaks.is_empty() {
            let problem = match unknown {
                0 => "holds no peak",
                _ => "none of its peaks lies on a chromosome of the reference",
            };
            return Err(Error::format(path, problem));
        }
        tell(path, 0, places.translated());
        if unknown > 0 {
            warn!(
                "{}: {} peaks lie on chromosomes that the reference does not have and are left out",
                path.display(),
                thousands(unknown)
            );
        }
        Ok(Self::new(peaks))
    }

    fn new(peaks: Vec<(Region, Region)>) -> Self {
        let (regions, mut summits): (Vec<Region>, Vec<Region>) = peaks.into_iter().unzip();
        summits.sort_unstable();
        summits.dedup();
        Self {
            covered: Overlaps::of(merge(regions)),
            summits,
        }
    }

    /// Whether there is a peak on a chromosome.
    pub fn covers(&self, chrom: ChromId) -> bool {
        let found = self.summits.binary_search_by_key(&chrom, |of| of.chrom);
        found.is_ok()
    }

    /// The bases where peaks are highest, from left to right.
    pub fn summits(&self) -> &[Region] {
        &self.summits
    }

    /// For each tile of a window, which ends where the next begins, whether at least half of its bases lie in
    /// a peak: 1 or 0.
    pub fn tiles(&self, window: Region, edges: &[u32]) -> Vec<f32> {
        let is_peak = |ends: &[u32]| {
            let tile = window.part(ends[0]..ends[1]);
            let covered = self.covered.overlapping(tile);
            let bases: u32 = covered.map(|(peak, ())| peak.overlap(&tile)).sum();
            f32::from(u8::from(u64::from(bases) * 2 >= u64::from(tile.len())))
        };
        edges.windows(2).map(is_peak).collect()
    }
}

/// The base where a peak is highest, as narrowPeak says it; where nothing does, the middle.
fn summit(row: &BedRow, peak: Region) -> Region {
    let is_narrow = row.get(SUMMIT + 1).is_none();
    let behind = row.get(SUMMIT).filter(|_| is_narrow);
    let behind = behind.and_then(|text| text.parse::<u32>().ok());
    let behind = behind.filter(|&behind| behind < peak.len());
    let start = peak.start + behind.unwrap_or(peak.len() / 2);
    Region {
        start,
        end: start + 1,
        ..peak
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::activity::testing::region;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Peaks> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.narrowPeak");
        std::fs::write(&path, text).unwrap();
        let chroms = ["chr1", "chr2", "chr3"].map(|name| (name.to_string(), 1000));
        Peaks::read(&path, &Chroms::new(chroms).unwrap())
    }

    #[test]
    fn a_narrow_peak_says_where_it_is_highest() {
        let text = "track name=x\nchr1\t100\t200\t.\t0\t.\t5\t-1\t-1\t7\n\
                    1\t300\t400\t.\t0\t.\t5\t-1\t-1\t-1\n\
                    chr1\t500\t600\t.\t0\t.\t5\t-1\t-1\t100\n\
                    chr1\t700\t701\n\
                    chr2\t100\t200\t.\t0\t.\t100\t200\t0\t1\t100\t0\n\
                    chrUn\t1\t2\n";
        let peaks = read(text).unwrap();
        let starts: Vec<(u32, u32)> = peaks
            .summits()
            .iter()
            .map(|of| (of.chrom.0, of.start))
            .collect();
        // BED12's tenth column is a number of blocks.
        assert_eq!(starts, [(0, 107), (0, 350), (0, 550), (0, 700), (1, 150)]);
        assert!(peaks.summits().iter().all(|of| of.len() == 1));
        let covers: Vec<bool> = (0..3).map(|chrom| peaks.covers(ChromId(chrom))).collect();
        assert_eq!(covers, [true, true, false]);
    }

    #[test]
    fn what_is_no_peak_is_refused_by_line() {
        let said = |text: &str| read(text).unwrap_err().to_string();
        let past = said("chr1\t1\t20\nchr1\t990\t1001\nchr1\t7\t7\nchr1\tx\t9\nchr9\t1\t2\n");
        assert!(past.contains("3 rows are bad"), "{past}");
        assert!(
            past.contains(":2: peak ends at 1001, past the end of chr1"),
            "{past}"
        );
        assert!(
            past.contains(":3: peak starts at 7 and ends at 7"),
            "{past}"
        );
        assert!(past.contains(":4: start is not a position"), "{past}");
        assert!(said("#nothing\n").contains("holds no peak"));
        assert!(said("chr9\t1\t2\n").contains("none of its peaks"));
    }

    proptest! {
        #[test]
        fn a_tile_is_a_peak_where_half_of_its_bases_are(
            peaks in prop::collection::vec((0u32..200, 1u32..60), 1..12),
            start in 0u32..150,
            tiles in prop::collection::vec(1u32..40, 1..8),
        ) {
            let text: String = peaks
                .iter()
                .map(|(start, length)| format!("chr1\t{start}\t{}\n", start + length))
                .collect();
            let read = read(&text).unwrap();
            let mut edges = vec![0];
            for tile in tiles {
                edges.push(edges[edges.len() - 1] + tile);
            }
            let window = region(0, start, start + edges[edges.len() - 1]);
            let is_covered = |base: &u32| {
                peaks.iter().any(|(start, length)| (*start..start + length).contains(base))
            };
            let wanted: Vec<f32> = edges
                .windows(2)
                .map(|ends| {
                    let covered = (start + ends[0]..start + ends[1]).filter(is_covered).count();
                    f32::from(u8::from(2 * covered as u32 >= ends[1] - ends[0]))
                })
                .collect();
            prop_assert_eq!(read.tiles(window, &edges), wanted);
        }
    }
}
