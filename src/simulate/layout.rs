//! Where the elements of the simulated pairs lie.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::SimulationConfig;
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::genome::{ChromId, N, Region};
use crate::pairs::Pair;

/// Bases around an element that belong to no other one, so that no window shows a neighbour.
const TERRITORY: u32 = 1_000;
/// Places tried for a pair before giving up.
const TRIES: usize = 10_000;
/// What is said then.
const NO_ROOM: &str = "simulation: no room for so many pairs: make the chromosomes longer";

/// Labelled pairs in a random order of labels, over all chromosomes alike; no two elements near
/// each other, none over N.
pub fn pairs(
    config: &SimulationConfig,
    sequences: &[Vec<u8>],
    rng: &mut ChaCha8Rng,
) -> Result<Vec<Pair>> {
    let mut labels = vec![true; config.positives];
    labels.resize(config.positives + config.negatives, false);
    labels.shuffle(rng);
    let mut taken = vec![Vec::new(); sequences.len()];
    let mut pairs = Vec::with_capacity(labels.len());
    for (place, label) in labels.into_iter().enumerate() {
        let chrom = place % sequences.len();
        let [enhancer, promoter] = (0..TRIES)
            .find_map(|_| try_place(config, chrom, &sequences[chrom], &taken[chrom], rng))
            .ok_or_else(|| Error::Configuration(NO_ROOM.to_string()))?;
        taken[chrom].extend([enhancer, promoter]);
        pairs.push(Pair {
            elements: Sides::new(enhancer, promoter),
            label: Some(label),
            line: 0,
            gene: None,
        });
    }
    pairs.sort_by_key(|pair| pair.elements);
    Ok(pairs)
}

fn try_place(
    config: &SimulationConfig,
    chrom: usize,
    sequence: &[u8],
    taken: &[Region],
    rng: &mut ChaCha8Rng,
) -> Option<[Region; 2]> {
    let [shortest, longest] = config.element_length;
    let [nearest, farthest] = config.distance;
    let element = |start: u32, rng: &mut ChaCha8Rng| {
        let end = start + rng.random_range(shortest..=longest);
        let region = Region::new(ChromId(chrom as u32), start, end)?;
        let letters = sequence.get(start as usize..end as usize)?;
        let free = taken
            .iter()
            .all(|other| start >= other.end + TERRITORY || other.start >= end + TERRITORY);
        (free && !letters.contains(&N)).then_some(region)
    };
    let one = element(rng.random_range(0..sequence.len() as u32), rng)?;
    let other = element(one.end + rng.random_range(nearest..=farthest), rng)?;
    // The enhancer lies on either side of its promoter.
    Some(if rng.random_bool(0.5) {
        [one, other]
    } else {
        [other, one]
    })
}
