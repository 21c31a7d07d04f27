//! Which windows activity is learnt from and judged by.

use std::collections::{BTreeMap, HashSet};

use rand::RngExt;
use rand::seq::index;
use tracing::warn;

use super::known::Known;
use super::measured::Measured;
use super::parts::{PARTS, Parts};
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::genome::{ChromId, Chroms, Reference, Region};
use crate::pairs::{Part, around};
use crate::seed::{Purpose, stream};

/// Places that are drawn for each window elsewhere, before a chromosome is taken to have no more room.
const TRIES: usize = 20;
/// Chromosomes that a message names.
const NAMED: usize = 8;
/// Streams of random numbers below this number are of chromosomes.
const AFTER_CHROMOSOMES: u64 = 1 << 32;

/// What is wanted of the windows.
pub struct Wanted<'a> {
    /// The windows of the pairs.
    pub pairs: &'a [Sides<Region>],
    /// The part of a chromosome.
    pub parts: &'a dyn Fn(ChromId) -> Part,
    /// Bases of a window.
    pub length: u32,
    /// The most windows.
    pub most: usize,
    /// The seed.
    pub seed: u64,
}

/// Chooses windows of each part, from left to right and none twice: around peaks (as [`Measured::centres`]
/// has them); around the middles of the pairs' windows; and as many as around peaks elsewhere on each
/// chromosome, around known bases at random, which may be anywhere. At least nine tenths of a window's bases
/// are known.
///
/// Chromosomes that belong to no part or of which any source says nothing are left out, and so is the
/// mitochondrion, whose many copies without nucleosomes every assay finds. Where there are more windows than
/// wanted, they are a sample with the same share of each kind in each part, at least one of each.
///
/// # Errors
///
/// A file that cannot be read, a signal that is no number from 0 up, no chromosome that all sources have, a
/// part without a peak.
pub fn choose(
    wanted: &Wanted,
    measured: &mut [Measured],
    reference: &mut Reference,
) -> Result<Parts<Vec<Region>>> {
    let chroms = reference.chroms().clone();
    let usable = usable(wanted, measured, &chroms)?;
    let known = Known::read(reference, &usable)?;
    let mut centres = Vec::new();
    for measured in measured {
        centres.extend(measured.centres(&known, wanted.length)?);
    }
    let mut room = Room {
        length: wanted.length,
        known: &known,
        chroms: &chroms,
        taken: HashSet::new(),
    };
    let peaks = room.take_all(centres);
    check(wanted, &peaks, &chroms)?;
    let pairs = room.take_all(wanted.pairs.iter().copied().flatten());
    let elsewhere = room.elsewhere(&peaks, wanted.seed);
    Ok(sampled(&[peaks, pairs, elsewhere], wanted))
}

/// The chromosomes of which all sources say something; those on which pairs lie, or another source has
/// something, and that are left out are named.
fn usable(wanted: &Wanted, measured: &[Measured], chroms: &Chroms) -> Result<Vec<Region>> {
    let on_pairs: HashSet<ChromId> = on_pairs(wanted).collect();
    let (mut usable, mut missing) = (Vec::new(), Vec::new());
    for chrom in chroms.regions() {
        let is_part = (wanted.parts)(chrom.chrom) != Part::None;
        let name = chroms.name(chrom.chrom);
        if !is_part || ["chrM", "MT"].contains(&name) {
            continue;
        }
        let count = measured.iter().filter(|of| of.covers(chrom.chrom)).count();
        if count == measured.len() {
            usable.push(chrom);
        } else if count > 0 || on_pairs.contains(&chrom.chrom) {
            missing.push(name);
        }
    }
    if usable.is_empty() {
        let problem =
            "no chromosome of the pairs' parts has every activity: are the files of one assembly?";
        return Err(Error::Configuration(problem.to_string()));
    }
    if !missing.is_empty() {
        warn!(
            "activity is not learnt from windows on {}, of which not every file says something",
            some(&missing)
        );
    }
    Ok(usable)
}

/// The chromosomes of the pairs' windows.
fn on_pairs(wanted: &Wanted) -> impl Iterator<Item = ChromId> {
    let windows = wanted.pairs.iter().copied().flatten();
    windows.map(|window| window.chrom)
}

/// Refuses a part without a peak.
fn check(wanted: &Wanted, peaks: &[Region], chroms: &Chroms) -> Result<()> {
    for part in PARTS {
        if peaks.iter().any(|peak| (wanted.parts)(peak.chrom) == part) {
            continue;
        }
        let mut on: Vec<ChromId> = on_pairs(wanted)
            .filter(|&chrom| (wanted.parts)(chrom) == part)
            .collect();
        on.sort_unstable();
        on.dedup();
        let names: Vec<&str> = on.into_iter().map(|chrom| chroms.name(chrom)).collect();
        let on = match names.is_empty() {
            true => "no chromosome".to_string(),
            false => some(&names),
        };
        let advice = match part {
            Part::Test => "choose other test chromosomes",
            _ => "choose another division of the chromosomes",
        };
        return Err(Error::Configuration(format!(
            "no peak of activity with sequence around it lies on the chromosomes of the {part} part, whose \
             pairs lie on {on}: {advice}, or other files"
        )));
    }
    Ok(())
}

/// Names, and how many more there are.
fn some(names: &[&str]) -> String {
    let told = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

/// Where windows can be, and which are taken.
struct Room<'a> {
    length: u32,
    known: &'a Known,
    chroms: &'a Chroms,
    taken: HashSet<Region>,
}

impl Room<'_> {
    /// The window around a place, if enough of its bases are known and it is not taken yet.
    fn take(&mut self, place: Region) -> Option<Region> {
        let window = around(place, self.length, self.chroms)?;
        let is_new = self.known.is_enough(window) && self.taken.insert(window);
        is_new.then_some(window)
    }

    /// The windows around places.
    fn take_all(&mut self, places: impl IntoIterator<Item = Region>) -> Vec<Region> {
        let places = places.into_iter();
        places.filter_map(|place| self.take(place)).collect()
    }

    /// As many windows around known bases as there are others on each chromosome; fewer where there is no
    /// room.
    fn elsewhere(&mut self, others: &[Region], seed: u64) -> Vec<Region> {
        let known = self.known;
        let mut counts: BTreeMap<ChromId, usize> = BTreeMap::new();
        for other in others {
            *counts.entry(other.chrom).or_default() += 1;
        }
        let mut drawn = Vec::new();
        for (chrom, wanted) in counts {
            let mut rng = stream(seed, Purpose::ActivityWindows, u64::from(chrom.0));
            let places = (0..wanted * TRIES)
                .filter_map(|_| known.nth(chrom, rng.random_range(0..known.total(chrom))));
            let windows = places.filter_map(|place| self.take(place));
            drawn.extend(windows.take(wanted));
        }
        drawn
    }
}

/// The windows of each part, or a sample with the same share of each kind.
fn sampled(kinds: &[Vec<Region>; 3], wanted: &Wanted) -> Parts<Vec<Region>> {
    let all: usize = kinds.iter().map(Vec::len).sum();
    let mut kept: Parts<Vec<Region>> = Parts::default();
    let mut number = AFTER_CHROMOSOMES;
    for windows in kinds {
        for part in PARTS {
            let own = windows.iter().copied();
            let own = own.filter(|window| (wanted.parts)(window.chrom) == part);
            let own: Vec<Region> = own.collect();
            number += 1;
            let Some(of_part) = kept.get_mut(part) else {
                continue;
            };
            if all <= wanted.most {
                of_part.extend(own);
            } else if !own.is_empty() {
                let share = own.len() as f64 * (wanted.most as f64 / all as f64);
                let amount = (share as usize).max(1);
                let mut rng = stream(wanted.seed, Purpose::ActivityWindows, number);
                let chosen = index::sample(&mut rng, own.len(), amount);
                of_part.extend(chosen.into_iter().map(|at| own[at]));
            }
        }
    }
    for part in PARTS {
        kept.get_mut(part)
            .into_iter()
            .for_each(|of| of.sort_unstable());
    }
    kept
}

#[cfg(test)]
mod tests;
