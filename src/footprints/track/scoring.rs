//! The scores of the regions, one batch after the other.

use std::io::{self, BufRead, Write};
use std::vec;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::super::calls::{Footprint, call};
use super::super::cuts::CutReader;
use super::super::log_p::{ln, neg_log10};
use super::super::names::ChromNames;
use super::super::wellington::{Scores, Wellington};
use super::request::{CallRequest, Selection};
use crate::error::Result;
use crate::formats::Lines;
use crate::genome::{Binary, ChromId, Chroms, Region, Segment};
use crate::output::Partial;
use crate::progress::Progress;
use crate::seed::{Purpose, stream};

/// Bases that are scored together.
const BATCH: u32 = 1_000_000;
/// Regions that share one reader.
const TOGETHER: usize = 16;
/// The first line of the footprints.
pub const HEADER: &str =
    "#chrom\tchromStart\tchromEnd\tname\tscore\tstrand\tneg_log10_p\twidth\tcutoff";

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Regions that were scored.
    pub regions_scored: usize,
    /// Those of them without a cut on one of the strands, which therefore score 0.
    pub regions_one_sided: usize,
    /// Those of them with so few cuts that no footprint could reach the cutoff, were all of them
    /// on its shoulders.
    pub regions_too_sparse: usize,
    /// Those of them with footprints.
    pub regions_with_footprints: usize,
    /// Their bases.
    pub bases_scored: u64,
    /// Cuts of forward reads in them.
    pub forward_cuts: u64,
    /// Cuts of reverse reads in them.
    pub reverse_cuts: u64,
    /// Footprints.
    pub footprints: usize,
}

/// What is scored, and with what.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// What to call footprints from.
    pub request: &'a CallRequest,
    /// What scores.
    pub wellington: &'a Wellington,
    /// What the files of cuts call the chromosomes.
    pub names: &'a ChromNames,
    /// Is told of the regions that are done.
    pub progress: &'a dyn Progress,
}

/// What is known of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    segments: Vec<Segment>,
    footprints: Vec<Footprint>,
    /// The cutoff that they are below, in ln p.
    cutoff: f64,
    cuts: (u64, u64),
    too_sparse: bool,
}

/// What is known of some regions, from left to right, of so many at a time that all threads work.
pub struct Batches<'a> {
    /// What is scored, and with what.
    pub work: Work<'a>,
    /// The regions that are left.
    pub left: &'a [Region],
}

impl Iterator for Batches<'_> {
    type Item = Result<Vec<Scored>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bases = 0;
        let fitting = self.left.iter().take_while(|region| {
            let begun = bases;
            bases += region.len();
            begun < BATCH
        });
        let (batch, left) = self.left.split_at(fitting.count());
        self.left = left;
        (!batch.is_empty()).then(|| self.work.batch(batch))
    }
}

impl Work<'_> {
    fn batch(self, regions: &[Region]) -> Result<Vec<Scored>> {
        let together = |regions: &[Region]| {
            let mut reader = self.request.cuts.reader(self.names)?;
            let scored = |&region| scored(region, &mut reader, self);
            regions.iter().map(scored).collect::<Result<Vec<Scored>>>()
        };
        // The first error in the order of the regions, whatever the threads do.
        let groups: Vec<Result<Vec<Scored>>> = regions.par_chunks(TOGETHER).map(together).collect();
        let all: Vec<Vec<Scored>> = groups.into_iter().collect::<Result<_>>()?;
        self.progress.advance(regions.len() as u64, "");
        Ok(all.into_iter().flatten().collect())
    }
}

/// Gives the scores of all regions, from left to right; writes the footprints on the way.
pub struct Scoring<'a, B> {
    batches: B,
    chroms: &'a Chroms,
    bed: Lines,
    ready: vec::IntoIter<Segment>,
    counts: Counts,
    problem: Result<()>,
}

impl<'a, B: Iterator<Item = Result<Vec<Scored>>>> Scoring<'a, B> {
    /// Of what is known of the regions, batch by batch.
    pub fn new(batches: B, chroms: &'a Chroms, bed: Lines) -> Self {
        Self {
            batches,
            chroms,
            bed,
            ready: Vec::new().into_iter(),
            counts: Counts::default(),
            problem: Ok(()),
        }
    }

    /// The footprints' file, not yet named, and what was counted; or what went wrong.
    pub fn finish(self) -> Result<(Partial, Counts)> {
        self.problem?;
        Ok((self.bed.finish()?, self.counts))
    }

    fn take(&mut self, batch: Result<Vec<Scored>>) -> Result<()> {
        let mut segments = Vec::new();
        for scored in batch? {
            self.add(&scored)?;
            segments.extend(scored.segments);
        }
        self.ready = segments.into_iter();
        Ok(())
    }

    fn add(&mut self, scored: &Scored) -> Result<()> {
        let counts = &mut self.counts;
        counts.regions_scored += 1;
        counts.regions_one_sided += usize::from(scored.cuts.0 == 0 || scored.cuts.1 == 0);
        counts.regions_too_sparse += usize::from(scored.too_sparse);
        counts.regions_with_footprints += usize::from(!scored.footprints.is_empty());
        let bases = |segment: &Segment| u64::from(segment.region.len());
        counts.bases_scored += scored.segments.iter().map(bases).sum::<u64>();
        counts.forward_cuts += scored.cuts.0;
        counts.reverse_cuts += scored.cuts.1;
        for footprint in &scored.footprints {
            counts.footprints += 1;
            let line = line(footprint, scored.cutoff, counts.footprints, self.chroms);
            self.bed.add(&line)?;
        }
        Ok(())
    }
}

impl<B: Iterator<Item = Result<Vec<Scored>>>> Iterator for Scoring<'_, B> {
    type Item = Segment;

    fn next(&mut self) -> Option<Segment> {
        loop {
            if let Some(segment) = self.ready.next() {
                return Some(segment);
            }
            if self.problem.is_err() {
                return None;
            }
            let batch = self.batches.next()?;
            self.problem = self.take(batch);
        }
    }
}

impl Scored {
    /// Writes it for [`read`](Self::read): all numbers little-endian.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let region = |region: Region| {
            let numbers = [region.chrom.0, region.start, region.end];
            numbers.map(u32::to_le_bytes).concat()
        };
        for count in [self.segments.len(), self.footprints.len()] {
            out.write_all(&(count as u64).to_le_bytes())?;
        }
        for segment in &self.segments {
            out.write_all(&region(segment.region))?;
            out.write_all(&segment.value.to_le_bytes())?;
        }
        for footprint in &self.footprints {
            out.write_all(&region(footprint.region))?;
            out.write_all(&footprint.ln_p.to_le_bytes())?;
        }
        out.write_all(&self.cutoff.to_le_bytes())?;
        for number in [self.cuts.0, self.cuts.1, self.too_sparse.into()] {
            out.write_all(&number.to_le_bytes())?;
        }
        Ok(())
    }

    /// Reads what [`write`](Self::write) wrote.
    ///
    /// # Errors
    ///
    /// Bytes that end within it.
    pub fn read(file: &mut impl BufRead) -> io::Result<Self> {
        let mut file = Binary::little_endian(file);
        let (segments, footprints) = (file.u64()?, file.u64()?);
        let segments = (0..segments).map(|_| -> io::Result<_> {
            Ok(Segment {
                region: region(&mut file)?,
                value: file.f32()?,
            })
        });
        let segments = segments.collect::<io::Result<_>>()?;
        let footprints = (0..footprints).map(|_| -> io::Result<_> {
            Ok(Footprint {
                region: region(&mut file)?,
                ln_p: file.f64()?,
            })
        });
        Ok(Self {
            segments,
            footprints: footprints.collect::<io::Result<_>>()?,
            cutoff: file.f64()?,
            cuts: (file.u64()?, file.u64()?),
            too_sparse: file.u64()? != 0,
        })
    }
}

fn region<R: BufRead>(file: &mut Binary<R>) -> io::Result<Region> {
    Ok(Region {
        chrom: ChromId(file.u32()?),
        start: file.u32()?,
        end: file.u32()?,
    })
}

/// Reads, scores and calls one region.
fn scored(region: Region, reader: &mut CutReader, work: Work) -> Result<Scored> {
    let (wellington, selection) = (work.wellington, work.request.selection);
    let cuts = reader.read(region)?;
    let (forward, reverse) = cuts.totals();
    let scores = wellington.scores(&cuts);
    let least = ln(selection.least());
    let strongest = f64::from(scores.ln_p.iter().copied().fold(0.0, f32::min));
    let cutoff = match selection {
        // Where no base reaches the least cutoff, none reaches the null's either.
        Selection::FalseDiscovery { rate, seed, .. } if strongest < least => {
            let place = u64::from(region.chrom.0) << 32 | u64::from(region.start);
            let mut rng = stream(seed, Purpose::Footprints, place);
            wellington.null_cutoff(&cuts, rate, &mut rng).min(least)
        }
        _ => least,
    };
    Ok(Scored {
        footprints: call(region, &scores, cutoff),
        segments: segments(region, &scores),
        cutoff,
        cuts: (forward, reverse),
        too_sparse: wellington.strongest(forward + reverse) >= least,
    })
}

/// Neighbouring bases of one score, in −log10 p.
fn segments(region: Region, scores: &Scores) -> Vec<Segment> {
    let (chrom, mut end) = (region.chrom, region.start);
    let segment = |bases: &[f32]| {
        let start = end;
        end += bases.len() as u32;
        let region = Region { chrom, start, end };
        let value = neg_log10(bases[0].into()) as f32;
        Segment { region, value }
    };
    let equal = scores.ln_p.chunk_by(|a, b| a == b);
    equal.map(segment).collect()
}

/// A line of the footprints: BED6, whose score is a whole number to the standard's taste, then
/// −log10 p itself, the width, and the cutoff in −log10 p.
fn line(footprint: &Footprint, cutoff: f64, number: usize, chroms: &Chroms) -> String {
    let Footprint { region, ln_p } = footprint;
    let score = neg_log10(*ln_p);
    format!(
        "{}\t{}\t{}\tfootprint_{number}\t{score:.0}\t.\t{score:.4}\t{}\t{:.4}",
        chroms.name(region.chrom),
        region.start,
        region.end,
        region.len(),
        neg_log10(cutoff),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::genome::rewritten_bed;

    proptest! {
        #[test]
        fn what_is_written_is_read_back_to_the_last_bit(
            values in prop::collection::vec((0u32..99, any::<f32>()), 0..9),
            ln_ps in prop::collection::vec(any::<f64>(), 0..9),
            (cutoff, cuts, too_sparse) in (any::<f64>(), any::<(u64, u64)>(), any::<bool>()),
        ) {
            let region = |start| Region::new(ChromId(3), start, start + 7).unwrap();
            let segments = values.into_iter().map(|(start, value)| Segment { region: region(start), value });
            let footprints = ln_ps.into_iter().map(|ln_p| Footprint { region: region(1), ln_p });
            let scored = Scored {
                segments: segments.collect(),
                footprints: footprints.collect(),
                cutoff,
                cuts,
                too_sparse,
            };
            let mut bytes = Vec::new();
            scored.write(&mut bytes).unwrap();
            let mut file = bytes.as_slice();
            let mut again = Vec::new();
            // Of NaN the bits, which are not equal to themselves.
            Scored::read(&mut file).unwrap().write(&mut again).unwrap();
            prop_assert!(file.is_empty());
            prop_assert_eq!(again, bytes);
        }

        #[test]
        fn lines_are_those_of_noodles(
            chrom in "[A-Za-z0-9_]{1,20}",
            (start, width) in (0u32..1_000_000, 1u32..40),
            (ln_p, cutoff) in (-1000f64..0.0, -100f64..0.0),
            number in 1usize..100_000,
        ) {
            let chroms = Chroms::new([(chrom, 2_000_000)]).unwrap();
            let region = Region::new(ChromId(0), start, start + width).unwrap();
            let line = line(&Footprint { region, ln_p }, cutoff, number, &chroms) + "\n";
            prop_assert_eq!(rewritten_bed(&line).unwrap(), line);
        }
    }
}
