//! Sequence without a meaning.

use std::iter;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::genome::N;

/// Probability of A, C, G and T after A, C, G and T: rounded figures of the kind that human sequence
/// has, rich in A and T and poor in CpG; fitted to no assembly.
const TRANSITIONS: [[f64; 4]; 4] = [
    [0.33, 0.17, 0.24, 0.26],
    [0.35, 0.26, 0.05, 0.34],
    [0.29, 0.21, 0.26, 0.24],
    [0.22, 0.20, 0.25, 0.33],
];
/// Bases of N at either end of a chromosome, as assemblies have for telomeres.
const TELOMERE: usize = 10_000;
/// Bases of N in the middle, as assemblies have for centromeres.
const CENTROMERE: usize = 50_000;
/// One short gap in so many bases.
const GAP_EVERY: usize = 100_000;
/// The longest short gap.
const GAP: usize = 200;

/// A chromosome of base codes: a Markov chain with gaps.
pub fn sequence(length: usize, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut codes = letters(length, rng);
    let telomere = TELOMERE.min(length / 10);
    let centromere = CENTROMERE.min(length / 10);
    codes[..telomere].fill(N);
    codes[length - telomere..].fill(N);
    codes[(length - centromere) / 2..(length + centromere) / 2].fill(N);
    for _ in 0..length / GAP_EVERY {
        let start = rng.random_range(0..length - GAP);
        let gap = rng.random_range(1..=GAP);
        codes[start..start + gap].fill(N);
    }
    codes
}

/// Base codes of a Markov chain, without gaps.
pub fn letters(length: usize, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut last = 0u8;
    iter::repeat_with(|| {
        last = after(last, rng);
        last
    })
    .take(length)
    .collect()
}

fn after(last: u8, rng: &mut ChaCha8Rng) -> u8 {
    let mut left: f64 = rng.random();
    for (code, probability) in TRANSITIONS[usize::from(last)].iter().enumerate() {
        left -= probability;
        if left < 0.0 {
            return code as u8;
        }
    }
    3
}
