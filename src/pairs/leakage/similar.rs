//! Windows of nearly the same sequence, by the k-mers that they share.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::kmers::{KmerIndex, LONGEST, canonical};
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::genome::{Reference, Region, Sequences};
use crate::progress::Progress;

/// Windows with fewer k-mers than this, which are mostly N or one short repeat, are not compared.
const FEWEST_KMERS: usize = 100;
/// Bases of test windows that are indexed at once: each takes some twenty bytes.
const INDEXED: usize = 8 << 20;
/// Training windows that are read at once.
const BATCH: usize = 4096;

/// When two windows are similar.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SimilarityConfig {
    /// The length of the k-mers, in bases.
    pub k: usize,
    /// The least part of the k-mers of the window with fewer of them that both must hold.
    pub least: f64,
}

impl Default for SimilarityConfig {
    fn default() -> Self {
        Self { k: 21, least: 0.5 }
    }
}

/// Two windows of similar sequence, one of the test and one of the training part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Of the test part.
    pub test: Region,
    /// Of the training part.
    pub training: Region,
    /// Different k-mers of the test window.
    pub test_kmers: usize,
    /// Different k-mers of the training window.
    pub training_kmers: usize,
    /// Those that both hold.
    pub shared: usize,
}

/// Which windows of the test part are similar to which of the training part.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Similarity {
    /// Different windows of the test part.
    pub test_windows: usize,
    /// Those of them that hold too little sequence to compare.
    pub without_sequence: usize,
    /// For a test window the closest of the training part.
    #[serde(skip)]
    closest: BTreeMap<Region, Match>,
    /// For a test window the closest that it does not overlap.
    #[serde(skip)]
    elsewhere: BTreeMap<Region, Match>,
}

/// The different windows of some pairs, of either kind, in order.
pub fn distinct(windows: Vec<Sides<Region>>) -> Vec<Region> {
    let mut regions: Vec<Region> = windows.into_iter().flatten().collect();
    regions.sort_unstable();
    regions.dedup();
    regions
}

impl SimilarityConfig {
    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// k-mers so short that chance fills them or too long for their code; a part outside 0–1.
    pub fn validate(&self) -> Result<()> {
        let Self { k, least } = self;
        let problem = if !(11..=LONGEST).contains(k) {
            format!("k-mers must have 11 to {LONGEST} bases, not {k}")
        } else if !(*least > 0.0 && *least <= 1.0) {
            format!("the least similarity must lie above 0 and at most at 1: {least}")
        } else {
            return Ok(());
        };
        Err(Error::Configuration(problem))
    }
}

impl Similarity {
    /// Compares all windows of the test part with all of the training part. Every k-mer counts: the
    /// numbers are exact. Memory is that of an index of some megabases of the test windows; the
    /// training windows are read past it, once for each such piece.
    ///
    /// # Errors
    ///
    /// Settings that make no sense, a reference that cannot be read.
    pub fn find(
        test: &[Region],
        training: &[Region],
        reference: &mut Reference,
        config: &SimilarityConfig,
        progress: &dyn Progress,
    ) -> Result<Self> {
        config.validate()?;
        let mut found = Self {
            test_windows: test.len(),
            ..Self::default()
        };
        let pieces = pieces(test);
        progress.start("similar windows", (training.len() * pieces.len()) as u64, 0);
        for piece in pieces {
            let mut kmers: Vec<Vec<u64>> = Vec::with_capacity(piece.len());
            for batch in piece.chunks(BATCH) {
                let sequences = Sequences::read(reference, batch.iter().copied())?;
                let each = |&window: &Region| kmers_of(&sequences, window, config.k);
                kmers.par_extend(batch.par_iter().map(each));
            }
            let few = kmers.iter().filter(|kmers| kmers.is_empty()).count();
            found.without_sequence += few;
            let index = KmerIndex::new(&kmers);
            for batch in training.chunks(BATCH) {
                let sequences = Sequences::read(reference, batch.iter().copied())?;
                let matches: Vec<Vec<Match>> = batch
                    .par_iter()
                    .map_init(
                        || vec![0u32; piece.len()],
                        |shared, &window| {
                            let own = kmers_of(&sequences, window, config.k);
                            matches(piece, &kmers, &index, (window, &own), shared, config.least)
                        },
                    )
                    .collect();
                matches.into_iter().flatten().for_each(|m| found.add(m));
                progress.advance(batch.len() as u64, "");
            }
        }
        progress.finish();
        Ok(found)
    }

    /// The training window most similar to a window of the test part.
    pub fn closest(&self, window: Region) -> Option<&Match> {
        self.closest.get(&window)
    }

    /// The training window most similar to a window of the test part that it does not overlap.
    pub fn elsewhere(&self, window: Region) -> Option<&Match> {
        self.elsewhere.get(&window)
    }

    /// For every test window that has one the closest training window that it does not overlap, the
    /// most similar first.
    pub fn worst(&self) -> Vec<Match> {
        let mut worst: Vec<Match> = self.elsewhere.values().copied().collect();
        worst.sort_by(|a, b| b.order(a).then(a.test.cmp(&b.test)));
        worst
    }

    fn add(&mut self, found: Match) {
        let better = |best: &mut BTreeMap<Region, Match>| {
            let best = best.entry(found.test).or_insert(found);
            if found.order(best).is_gt() {
                *best = found;
            }
        };
        better(&mut self.closest);
        if found.test.overlap(&found.training) == 0 {
            better(&mut self.elsewhere);
        }
    }
}

impl Match {
    /// The part of the k-mers of the window with fewer of them that both hold.
    pub fn containment(&self) -> f64 {
        self.shared as f64 / self.test_kmers.min(self.training_kmers).max(1) as f64
    }

    /// The part of the k-mers of either window that both hold.
    pub fn jaccard(&self) -> f64 {
        let union = self.test_kmers + self.training_kmers - self.shared;
        self.shared as f64 / union.max(1) as f64
    }

    /// The more similar is the larger; of equals the left one.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let by_part = self.containment().total_cmp(&other.containment());
        by_part
            .then(self.jaccard().total_cmp(&other.jaccard()))
            .then(other.training.cmp(&self.training))
    }
}

/// The test windows in pieces that are indexed at once.
fn pieces(test: &[Region]) -> Vec<&[Region]> {
    let mut pieces = Vec::new();
    let (mut from, mut bases) = (0, 0);
    for (at, window) in test.iter().enumerate() {
        let length = window.len() as usize;
        if bases + length > INDEXED && at > from {
            pieces.push(&test[from..at]);
            (from, bases) = (at, 0);
        }
        bases += length;
    }
    if from < test.len() {
        pieces.push(&test[from..]);
    }
    pieces
}

/// The k-mers of a window; none of one that has too few.
fn kmers_of(sequences: &Sequences, window: Region, k: usize) -> Vec<u64> {
    let kmers = canonical(sequences.codes(window), k);
    if kmers.len() < FEWEST_KMERS {
        return Vec::new();
    }
    kmers
}

/// The test windows that are similar to one training window. `shared` is all zero before and after.
fn matches(
    test: &[Region],
    kmers: &[Vec<u64>],
    index: &KmerIndex,
    (training, own): (Region, &[u64]),
    shared: &mut [u32],
    least: f64,
) -> Vec<Match> {
    let mut touched = Vec::new();
    for sequence in own.iter().flat_map(|&kmer| index.sequences(kmer)) {
        if shared[sequence] == 0 {
            touched.push(sequence);
        }
        shared[sequence] += 1;
    }
    touched.sort_unstable();
    touched
        .into_iter()
        .map(|sequence| Match {
            test: test[sequence],
            training,
            test_kmers: kmers[sequence].len(),
            training_kmers: own.len(),
            shared: std::mem::take(&mut shared[sequence]) as usize,
        })
        .filter(|found| found.containment() >= least)
        .collect()
}
