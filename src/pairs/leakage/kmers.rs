//! The k-mers of a sequence, both strands as one.

use crate::genome::N;

/// The longest k-mers that fit their code.
pub const LONGEST: usize = 31;

/// The different k-mers of base codes, in ascending order, without those that hold an N. A k-mer
/// and its reverse complement are one: the smaller of their two codes.
pub fn canonical(codes: &[u8], k: usize) -> Vec<u64> {
    let mask = (1u64 << (2 * k)) - 1;
    let (mut forward, mut reverse, mut length) = (0u64, 0u64, 0usize);
    let mut kmers = Vec::with_capacity(codes.len());
    for &code in codes {
        if code >= N {
            length = 0;
            continue;
        }
        forward = (forward << 2 | u64::from(code)) & mask;
        reverse = reverse >> 2 | u64::from(3 - code) << (2 * (k - 1));
        length += 1;
        if length >= k {
            kmers.push(forward.min(reverse));
        }
    }
    kmers.sort_unstable();
    kmers.dedup();
    kmers
}

/// Which sequences hold a k-mer.
pub struct KmerIndex {
    /// (scattered k-mer, sequence), in order.
    entries: Vec<(u64, u32)>,
    /// Where the entries begin whose first bits are these, and where the last ones end.
    buckets: Vec<u32>,
    shift: u32,
}

impl KmerIndex {
    /// From the k-mers of each sequence, each of which stands once.
    pub fn new(sequences: &[Vec<u64>]) -> Self {
        let mut entries: Vec<(u64, u32)> = (0..)
            .zip(sequences)
            .flat_map(|(sequence, kmers)| kmers.iter().map(move |&kmer| (scatter(kmer), sequence)))
            .collect();
        entries.sort_unstable();
        let bits = entries.len().max(2).ilog2();
        let shift = 64 - bits;
        let mut buckets = vec![0; (1 << bits) + 1];
        for (entry, _) in &entries {
            buckets[(entry >> shift) as usize + 1] += 1;
        }
        for at in 1..buckets.len() {
            buckets[at] += buckets[at - 1];
        }
        Self {
            entries,
            buckets,
            shift,
        }
    }

    /// The sequences that hold a k-mer.
    pub fn sequences(&self, kmer: u64) -> impl Iterator<Item = usize> + '_ {
        let wanted = scatter(kmer);
        let bucket = (wanted >> self.shift) as usize;
        let range = self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize;
        self.entries[range]
            .iter()
            .skip_while(move |(entry, _)| *entry < wanted)
            .take_while(move |(entry, _)| *entry == wanted)
            .map(|&(_, sequence)| sequence as usize)
    }
}

/// Spreads codes over all 64 bits, one to one: an odd factor has an inverse.
fn scatter(kmer: u64) -> u64 {
    let kmer = (kmer ^ (kmer >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    kmer ^ (kmer >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Each window of k letters by itself, and the smaller of its two strands as text.
    fn by_hand(codes: &[u8], k: usize) -> BTreeSet<Vec<u8>> {
        codes
            .windows(k)
            .filter(|kmer| kmer.iter().all(|&code| code < N))
            .map(|kmer| {
                let reverse: Vec<u8> = kmer.iter().rev().map(|&code| 3 - code).collect();
                reverse.min(kmer.to_vec())
            })
            .collect()
    }

    fn letters(code: u64, k: usize) -> Vec<u8> {
        (0..k)
            .rev()
            .map(|at| (code >> (2 * at) & 3) as u8)
            .collect()
    }

    proptest! {
        #[test]
        fn kmers_are_those_counted_by_hand(
            codes in prop::collection::vec(0u8..5, 0..60), k in 1usize..LONGEST,
        ) {
            let got = canonical(&codes, k);
            let got: Vec<Vec<u8>> = got.into_iter().map(|code| letters(code, k)).collect();
            let wanted: Vec<Vec<u8>> = by_hand(&codes, k).into_iter().collect();
            prop_assert_eq!(got, wanted);
        }

        #[test]
        fn the_other_strand_has_the_same_kmers(
            codes in prop::collection::vec(0u8..5, 0..60), k in 1usize..12,
        ) {
            let other: Vec<u8> = codes
                .iter()
                .rev()
                .map(|&code| if code < N { 3 - code } else { code })
                .collect();
            prop_assert_eq!(canonical(&codes, k), canonical(&other, k));
        }

        #[test]
        fn the_index_knows_who_holds_what(
            sets in prop::collection::vec(prop::collection::btree_set(0u64..50, 0..20), 0..12)
        ) {
            let sets: Vec<Vec<u64>> = sets.into_iter().map(|set| set.into_iter().collect()).collect();
            let index = KmerIndex::new(&sets);
            for kmer in 0..50 {
                let wanted: Vec<usize> =
                    (0..sets.len()).filter(|&at| sets[at].contains(&kmer)).collect();
                prop_assert_eq!(index.sequences(kmer).collect::<Vec<_>>(), wanted);
            }
        }
    }
}
