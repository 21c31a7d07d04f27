//! Strata of candidates, of each of which some are taken.

use std::collections::{BinaryHeap, HashMap};

use crate::pairs::make::bins::Bins;
use crate::pairs::make::candidates::{Candidate, Candidates, Key};

/// Strata of candidates: distance bins, or those of each promoter by itself.
pub struct Strata {
    /// The distance bins.
    pub bins: Bins,
    of_promoter: Option<HashMap<(usize, usize), usize>>,
    /// Whether a pair of two elements that both stand in positives may become a negative.
    both_active: bool,
    /// Those of one bin may be many.
    pub strata: Vec<Stratum>,
}

/// One stratum.
#[derive(Debug, Clone, Default)]
pub struct Stratum {
    /// The distance bin.
    pub bin: usize,
    /// Positives.
    pub positives: u64,
    /// How many negatives are wanted.
    pub wanted: usize,
    /// Candidates.
    pub candidates: u64,
    /// The candidates that rank first, the last of them on top: those that are taken.
    pub first: BinaryHeap<Key>,
}

impl Strata {
    /// The bins themselves.
    pub fn by_distance(bins: Bins, distances: &[u32], ratio: u32) -> Self {
        let mut strata: Vec<Stratum> = (0..bins.len()).map(Stratum::new).collect();
        for bin in distances.iter().filter_map(|&distance| bins.bin(distance)) {
            strata[bin].add_positive(ratio);
        }
        Self {
            bins,
            of_promoter: None,
            both_active: true,
            strata,
        }
    }

    /// As many of each bin as of the one with the fewest positives, and no pair of two elements
    /// that both stand in positives.
    pub fn targetfinder(mut self) -> Self {
        let fewest = self.strata.iter().map(|s| s.wanted).min().unwrap_or(0);
        for stratum in &mut self.strata {
            stratum.wanted = fewest;
        }
        self.both_active = false;
        self
    }

    /// The bins of each promoter that has a positive in them.
    pub fn by_promoter(bins: Bins, ratio: u32, all: &Candidates) -> Self {
        let mut of_promoter = HashMap::new();
        let mut strata: Vec<Stratum> = Vec::new();
        for enhancer in 0..all.elements.enhancer.index.len() {
            for candidate in all.of(enhancer).iter().filter(|c| c.linked) {
                let Some(bin) = bins.bin(candidate.distance) else {
                    continue;
                };
                let stratum = *of_promoter
                    .entry((candidate.promoter, bin))
                    .or_insert_with(|| {
                        strata.push(Stratum::new(bin));
                        strata.len() - 1
                    });
                strata[stratum].add_positive(ratio);
            }
        }
        Self {
            bins,
            of_promoter: Some(of_promoter),
            both_active: true,
            strata,
        }
    }

    /// Looks through all candidates and keeps those of each stratum that rank first.
    pub fn fill(mut self, all: &Candidates) -> Self {
        for enhancer in 0..all.elements.enhancer.index.len() {
            for candidate in all.of(enhancer) {
                if let Some(stratum) = self.stratum(all, enhancer, &candidate) {
                    self.strata[stratum].see(all.key(enhancer, &candidate));
                }
            }
        }
        self
    }

    /// Whether a candidate that no loop joins is among those taken.
    pub fn takes(&self, all: &Candidates, enhancer: usize, candidate: &Candidate) -> bool {
        let stratum = self.stratum(all, enhancer, candidate);
        let last = stratum.and_then(|stratum| self.strata[stratum].first.peek());
        last.is_some_and(|last| all.key(enhancer, candidate) <= *last)
    }

    /// The stratum of a candidate that may become a negative.
    fn stratum(&self, all: &Candidates, enhancer: usize, candidate: &Candidate) -> Option<usize> {
        let (positives, promoter) = (&all.positives, candidate.promoter);
        if candidate.linked || !self.both_active && positives.both_active(enhancer, promoter) {
            return None;
        }
        let bin = self.bins.bin(candidate.distance)?;
        match &self.of_promoter {
            None => Some(bin),
            Some(strata) => strata.get(&(promoter, bin)).copied(),
        }
    }
}

impl Stratum {
    fn new(bin: usize) -> Self {
        Self {
            bin,
            ..Self::default()
        }
    }

    fn add_positive(&mut self, ratio: u32) {
        self.positives += 1;
        self.wanted += ratio as usize;
    }

    fn see(&mut self, key: Key) {
        self.candidates += 1;
        if self.first.len() < self.wanted {
            self.first.push(key);
        } else if let Some(mut last) = self.first.peek_mut()
            && key < *last
        {
            *last = key;
        }
    }
}
