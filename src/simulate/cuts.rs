//! Where DNase I cuts: rarely in closed chromatin, often in open chromatin, most often beside a
//! bound protein, and hardly ever under it.
//!
//! A cut is told by the base that Wellington counts it at: the base before a forward read's first
//! one, and the base after a reverse read's last one. Beside a bound protein the two strands
//! differ: forward reads begin in the shoulder before it and reverse reads in the one behind it
//! (Piper et al. 2013, Nucleic Acids Research 41:e201, <https://doi.org/10.1093/nar/gkt850>).

use std::iter;
use std::ops::Range;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::Exp1;
use serde::{Deserialize, Serialize};

use crate::genome::{Region, Strand};

/// Bases on either side of an element over which its rate falls to the background's.
pub const FLANK: u32 = 100;
/// Bases of a shoulder, as many as Wellington looks at.
pub const SHOULDER: u32 = 35;
/// Bases on either side of an occupied site that the protein covers too.
pub const MARGIN: u32 = 3;

const HIGHEST_RATE: f64 = 100.0;

/// Mean cuts of a base on each strand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CutRates {
    /// Outside the elements.
    pub background: f64,
    /// Inside the elements.
    pub open: f64,
    /// In the shoulders of occupied sites: before the site on the forward strand, behind it on
    /// the reverse strand.
    pub shoulder: f64,
    /// Under the protein of an occupied site.
    pub footprint: f64,
    /// What all the rates are multiplied by: the depth of sequencing.
    pub depth: f64,
}

impl Default for CutRates {
    fn default() -> Self {
        Self {
            background: 0.001,
            open: 0.04,
            shoulder: 1.8,
            footprint: 0.01,
            depth: 1.0,
        }
    }
}

impl CutRates {
    /// Whether all rates are numbers that make sense, else what is wrong.
    pub fn validate(&self) -> Result<(), String> {
        let rates = [self.background, self.open, self.shoulder, self.footprint];
        let sensible = |rate: f64| (0.0..=HIGHEST_RATE).contains(&rate);
        let each = |&rate: &f64| sensible(rate) && sensible(rate * self.depth);
        if sensible(self.depth) && rates.iter().all(each) {
            return Ok(());
        }
        Err(format!(
            "the cut rates and the depth must lie between 0 and {HIGHEST_RATE}, and so must their products"
        ))
    }

    /// The bases of a chromosome of this length that cuts of a strand fall at, sorted. Peaks are
    /// sorted and apart; occupied sites are sorted.
    pub fn draw(
        &self,
        length: u32,
        peaks: &[Region],
        occupied: &[Region],
        strand: Strand,
        rng: &mut ChaCha8Rng,
    ) -> Vec<u32> {
        let gaps = iter::once(0).chain(peaks.iter().map(|peak| peak.end));
        let last = peaks.last().map_or(0, |peak| peak.end);
        let stretches = gaps
            .zip(peaks)
            .flat_map(|(from, &peak)| {
                let first = occupied.partition_point(|site| site.start < peak.start);
                let last = occupied.partition_point(|site| site.start < peak.end);
                let rates = self.in_peak(peak, &occupied[first..last], strand);
                let bases = (peak.start..peak.end).map(|base| base..base + 1);
                iter::once((from..peak.start, self.background)).chain(bases.zip(rates))
            })
            .chain(iter::once((last..length, self.background)))
            .map(|(bases, rate)| (bases, rate * self.depth));
        poisson_process(stretches, rng)
    }

    /// The rate at each base of a peak. Where sites stand close to each other, a shoulder that
    /// falls on another protein is protected, and two shoulders are no higher than one.
    fn in_peak(&self, peak: Region, occupied: &[Region], strand: Strand) -> Vec<f64> {
        let mut rates: Vec<f64> = (peak.start..peak.end)
            .map(|base| {
                let inside = (base - peak.start).min(peak.end - 1 - base).min(FLANK);
                let part = f64::from(inside) / f64::from(FLANK);
                self.background + (self.open - self.background) * part
            })
            .collect();
        let mut at = |bases: Range<u32>, change: &dyn Fn(f64) -> f64| {
            for base in bases.start.max(peak.start)..bases.end.min(peak.end) {
                let rate = &mut rates[(base - peak.start) as usize];
                *rate = change(*rate);
            }
        };
        for site in occupied {
            at(shoulder(site, strand), &|rate| rate.max(self.shoulder));
        }
        for site in occupied {
            at(protected(site), &|rate| rate.min(self.footprint));
        }
        rates
    }
}

/// The bases that an occupied site's protein covers.
fn protected(site: &Region) -> Range<u32> {
    site.start.saturating_sub(MARGIN)..site.end + MARGIN
}

/// The bases beside an occupied site where a strand's cuts gather.
fn shoulder(site: &Region, strand: Strand) -> Range<u32> {
    let Range { start, end } = protected(site);
    match strand {
        Strand::Forward => start.saturating_sub(SHOULDER)..start,
        Strand::Reverse => end..end + SHOULDER,
    }
}

/// The places of a Poisson process over stretches that follow each other, each with its rate per
/// base: the waiting time, measured in expected cuts, is exponential.
fn poisson_process(
    stretches: impl Iterator<Item = (Range<u32>, f64)>,
    rng: &mut ChaCha8Rng,
) -> Vec<u32> {
    let mut places = Vec::new();
    let mut wait: f64 = rng.sample(Exp1);
    for (bases, rate) in stretches {
        let mut left = f64::from(bases.end - bases.start) * rate;
        while wait < left {
            left -= wait;
            // Rounding may put the very first cut at the end.
            let before_end = (left / rate) as u32 + 1;
            places.push(bases.end.saturating_sub(before_end).max(bases.start));
            wait = rng.sample(Exp1);
        }
        wait -= left;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use crate::seed::{Purpose, stream};

    fn region(start: u32, end: u32) -> Region {
        Region {
            chrom: ChromId(0),
            start,
            end,
        }
    }

    #[test]
    fn cuts_fall_as_often_as_the_rates_say() {
        let mut rng = stream(1, Purpose::Reads, 0);
        let stretches = [(0..1000, 0.5), (1000..1001, 30.0), (1001..1500, 0.0)];
        let mut counts = [0usize; 3];
        for _ in 0..200 {
            let places = poisson_process(
                stretches.iter().cloned().chain([(1500..1510, 2.0)]),
                &mut rng,
            );
            assert!(places.is_sorted() && places.iter().all(|&place| place < 1510));
            for (count, (bases, _)) in counts.iter_mut().zip(&stretches) {
                *count += places.iter().filter(|place| bases.contains(place)).count();
            }
        }
        // Poisson counts of mean 100,000 and 6,000, five standard deviations wide.
        assert!(counts[0].abs_diff(100_000) < 1_600, "{counts:?}");
        assert!(counts[1].abs_diff(6_000) < 390, "{counts:?}");
        assert_eq!(counts[2], 0);
    }

    #[test]
    fn shoulders_are_raised_on_one_strand_and_the_site_is_protected_on_both() {
        let rates = CutRates::default();
        let (peak, site) = (region(1000, 1600), region(1300, 1315));
        for (strand, raised) in [(Strand::Forward, 1262..1297), (Strand::Reverse, 1318..1353)] {
            let got = rates.in_peak(peak, &[site], strand);
            for (base, rate) in (peak.start..).zip(got) {
                if raised.contains(&base) {
                    assert_eq!(rate, rates.shoulder, "{strand:?} {base}");
                } else if (1297..1318).contains(&base) {
                    assert_eq!(rate, rates.footprint, "{strand:?} {base}");
                } else {
                    assert!((rates.background..=rates.open).contains(&rate), "{base}");
                }
            }
        }
    }

    #[test]
    fn a_neighbours_protein_is_protected_from_a_shoulder() {
        let rates = CutRates::default();
        let sites = [region(1300, 1315), region(1330, 1345)];
        let got = rates.in_peak(region(1000, 1600), &sites, Strand::Reverse);
        assert_eq!(got[(1320 - 1000) as usize], rates.shoulder);
        assert_eq!(got[(1335 - 1000) as usize], rates.footprint);
    }

    #[test]
    fn rates_that_make_no_sense_are_refused() {
        assert!(CutRates::default().validate().is_ok());
        for (open, depth) in [(f64::NAN, 1.0), (-1.0, 1.0), (1.0, 101.0), (2.0, 60.0)] {
            let rates = CutRates {
                open,
                depth,
                ..CutRates::default()
            };
            assert!(rates.validate().is_err(), "{open} {depth}");
        }
    }
}
