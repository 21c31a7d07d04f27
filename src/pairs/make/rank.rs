//! A random order of pairs that each pair carries in itself.

use rand::Rng;

use crate::element::Sides;
use crate::genome::Region;
use crate::seed::{Purpose, stream};

/// Gives every pair a number that looks random and depends on the seed and on the pair alone.
#[derive(Debug, Clone, Copy)]
pub struct Ranks {
    key: u64,
}

impl Ranks {
    /// The order of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            key: stream(seed, Purpose::NegativePairs, 0).next_u64(),
        }
    }

    /// The rank of a pair.
    pub fn of(&self, elements: Sides<Region>) -> u64 {
        let words = elements.map(|region| {
            let places = u64::from(region.start) << 32 | u64::from(region.end);
            [u64::from(region.chrom.0), places]
        });
        let words = words.into_iter().flatten();
        words.fold(self.key, |hash, word| mix(hash ^ mix(word)))
    }
}

/// SplitMix64's step, whose output bits each depend on every input bit (Steele, Lea & Flood 2014,
/// doi:10.1145/2660193.2660195; constants as in <https://prng.di.unimi.it/splitmix64.c>).
fn mix(word: u64) -> u64 {
    let mut word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;

    #[test]
    fn the_step_is_splitmix() {
        // The first two outputs of splitmix64.c from state 0.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(mix(0x9e37_79b9_7f4a_7c15), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn neighbouring_pairs_rank_evenly() {
        let region = |start| Region::new(ChromId(0), start, start + 100).unwrap();
        let ranks = Ranks::new(1);
        let mut eighths = [0i32; 8];
        for e in 0..100 {
            for p in 0..100 {
                let rank = ranks.of(Sides::new(region(1000 + e), region(9000 + 200 * p)));
                eighths[(rank >> 61) as usize] += 1;
            }
        }
        // Standard deviation of each count: 33.
        assert!(
            eighths.iter().all(|n| (n - 1250).abs() < 170),
            "{eighths:?}"
        );
        let [one, turned] = [(1, 2), (2, 1)].map(|(e, p)| Sides::new(region(e), region(p)));
        assert_ne!(ranks.of(one), Ranks::new(2).of(one));
        assert_ne!(ranks.of(one), ranks.of(turned));
    }
}
