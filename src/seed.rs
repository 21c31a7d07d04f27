//! Random numbers that depend on the seed and on what they are for, on nothing else.
//!
//! Every use draws from a stream of its own, so that one of them drawing more or fewer numbers
//! changes no other, and an interrupted run finds its place again from the epoch and the batch
//! alone: there is no generator's state to save.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What random numbers are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Dividing pairs into parts.
    Split = 1,
    /// The weights before training.
    Weights = 2,
    /// The order of the positives in an epoch.
    Positives = 3,
    /// The order of the negatives in an epoch.
    Negatives = 4,
    /// Which activations are dropped in a step.
    Dropout = 5,
    /// Resampling for intervals.
    Bootstrap = 6,
    /// The simulated genome.
    Simulation = 7,
    /// Regions placed at random, to compare with.
    RandomRegions = 8,
    /// Shuffling the cuts of a region.
    Footprints = 9,
    /// Which simulated sites are occupied: a cell line.
    Occupancy = 10,
    /// Simulated reads: a strand of a chromosome of a cell line.
    Reads = 11,
    /// Simulated matrices that belong to no site.
    Decoys = 12,
    /// Simulated interactions of proteins.
    Interactome = 13,
    /// The ranks of places that mock regions are chosen by.
    MockRegions = 14,
    /// Resampling stretches of the genome for the band of a profile.
    Stretches = 15,
    /// Dividing pairs into folds.
    Folds = 16,
    /// Which pairs that do not interact become negatives.
    NegativePairs = 17,
    /// Which features the nodes of boosted trees look at: a tree.
    Boosting = 18,
    /// The word vectors before training, and what trains them: a side of the pairs.
    Words = 19,
    /// Which settings a search tries.
    Trials = 20,
    /// Which pairs a learning curve begins with, or a knock-out takes.
    Subsets = 21,
    /// Labels permuted by cluster, to compare pairs of factors with: a permutation.
    TfPairs = 22,
    /// Simulated accessibility: a cell line.
    Accessibility = 23,
    /// What an analysis is compared with: the seed of an untrained network, labels dealt out anew.
    Controls = 24,
    /// Names of factors permuted, to compare known interactions with.
    Names = 25,
    /// What stands where a factor's sites were, and where else as much is replaced.
    KnockOut = 26,
    /// Signs of differences between pairs, flipped by component: a test.
    SignFlips = 27,
    /// Shuffled weights, and the pairs whose maps are compared under them.
    Sanity = 28,
    /// Which windows filters are looked for in, and which pairs they are silenced for.
    Filters = 29,
    /// The seed of an ensemble's member, from the second on.
    Members = 30,
    /// Members of two ensembles dealt out anew: a labelling.
    Relabelings = 31,
    /// Variants drawn at random, to compare one with: a variant and a window.
    Variants = 32,
    /// Where activity is learnt from besides elements and peaks, and which windows are kept: a chromosome, or
    /// a kind of window in a part.
    ActivityWindows = 33,
    /// The order of the windows of the activity task: an epoch.
    ActivityOrder = 34,
    /// From which strand they are read: an epoch and a step.
    ActivityStrands = 35,
    /// Which activations are dropped in a step of the activity task: an epoch and a step.
    ActivityDropout = 36,
    /// The forests of a context: a forest.
    Context = 40,
}

/// The stream of one purpose, number `index` of its kind (an epoch, a step, …).
pub fn stream(seed: u64, purpose: Purpose, index: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&index.to_le_bytes());
    key[16] = purpose as u8;
    ChaCha8Rng::from_seed(key)
}
