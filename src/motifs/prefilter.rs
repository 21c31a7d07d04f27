//! Finding the few places where a site may be, many at a time.
//!
//! Losses are divided, rounding down, until a byte holds what a site may lose; the sum of bytes that
//! stick at 255 is then never above the true sum, divided. So no site is lost, and what is found
//! besides is left to the exact sum. With AVX2 one instruction looks up the losses of 32 places; without
//! it they are put together from the bits of the codes, which takes some seven times as long.
//!
//! lightmotif 0.10.1 works the same way, but divides the matrix's whole range by 255, and not only
//! what a site may lose, and writes every sum to memory: over 746 matrices it took five times as long
//! with the bytes made here, ten times with its own.

use super::scores::Losses;
use crate::genome::N;

/// Places that are looked at together.
const STEP: usize = 128;
/// Places in a register.
const LANES: usize = 32;
/// The most that a site may lose in bytes, below what sums stick at.
const MOST: u32 = 254;

/// Base codes with so many Ns behind them that every start can be looked at alike.
pub struct Padded {
    codes: Vec<u8>,
    /// All ones where a code has its first bit, where it has its second, and where it is N.
    planes: [Vec<u8>; 3],
    starts: usize,
}

impl Padded {
    /// The places from which sites of up to `widest` bases may start are the first `starts` of
    /// `codes`.
    pub fn new(codes: &[u8], starts: usize, widest: usize) -> Self {
        let mut padded: Vec<u8> = codes.iter().map(|&code| code.min(N)).collect();
        let length = starts.next_multiple_of(STEP) + widest;
        padded.resize(length.max(codes.len()), N);
        let plane = |set: fn(u8) -> bool| {
            padded
                .iter()
                .map(|&code| if set(code) { u8::MAX } else { 0 })
                .collect()
        };
        Self {
            planes: [
                plane(|code| code & 1 > 0),
                plane(|code| code & 2 > 0),
                plane(|code| code >= N),
            ],
            codes: padded,
            starts,
        }
    }

    /// The codes from a place on.
    pub fn from(&self, start: usize) -> &[u8] {
        &self.codes[start..]
    }
}

/// The losses of a matrix, in bytes.
#[derive(Debug, Clone)]
pub struct Prefilter {
    /// For each position the loss of each code, twice: AVX2 looks them up in two halves.
    table: Vec<[u8; LANES]>,
    most: u8,
}

impl Prefilter {
    /// For sites that lose at most `most` units.
    pub fn new(losses: &Losses, most: u32) -> Self {
        let unit = most / MOST + 1;
        let byte = |loss: u32| (loss / unit).min(u8::MAX.into()) as u8;
        let row = |column: &[u32; 5]| {
            let loss = |code: usize| column.get(code % (LANES / 2)).copied().unwrap_or(u32::MAX);
            std::array::from_fn(|code| byte(loss(code)))
        };
        Self {
            table: losses.iter().map(row).collect(),
            most: byte(most),
        }
    }

    /// Adds to `found`, in order, all starts of sites and perhaps some more.
    pub fn candidates(&self, padded: &Padded, found: &mut Vec<u32>) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2.
            return unsafe { self.candidates_avx2(padded, found) };
        }
        self.candidates_plain(padded, found);
    }

    /// In words that compilers turn into whatever registers a processor has.
    fn candidates_plain(&self, padded: &Padded, found: &mut Vec<u32>) {
        for start in (0..padded.starts).step_by(STEP) {
            let mut sums = [0u8; STEP];
            for (position, &[a, c, g, t, ..]) in self.table.iter().enumerate() {
                let here = start + position..start + position + STEP;
                let planes = padded.planes.each_ref();
                let [low, high, unknown] = planes.map(|plane| &plane[here.clone()]);
                // The loss of one of four codes, by their two bits.
                let (with_low, with_high, with_both) = (a ^ c, a ^ g, a ^ c ^ g ^ t);
                for lane in 0..STEP {
                    let high = high[lane] & (with_high ^ (low[lane] & with_both));
                    let loss = a ^ (low[lane] & with_low) ^ high;
                    sums[lane] = sums[lane].saturating_add(loss | unknown[lane]);
                }
            }
            // Nearly always no place is low enough.
            if sums.iter().fold(u8::MAX, |a, &b| a.min(b)) > self.most {
                continue;
            }
            let places = (start..padded.starts).zip(sums);
            let reached = places.filter(|&(_, sum)| sum <= self.most);
            found.extend(reached.map(|(place, _)| place as u32));
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn candidates_avx2(&self, padded: &Padded, found: &mut Vec<u32>) {
        use std::arch::x86_64::*;

        // SAFETY: as many bytes are read as the array has.
        let load = |bytes: &[u8; LANES]| unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) };
        let most = _mm256_set1_epi8(self.most as i8);
        let reached = |sum| {
            let reached = _mm256_cmpeq_epi8(_mm256_min_epu8(sum, most), sum);
            _mm256_movemask_epi8(reached) as u32
        };
        for start in (0..padded.starts).step_by(STEP) {
            let mut sums = [_mm256_setzero_si256(); STEP / LANES];
            for (position, row) in self.table.iter().enumerate() {
                let (row, at) = (load(row), start + position);
                let (codes, _) = padded.codes[at..at + STEP].as_chunks();
                for (sum, codes) in sums.iter_mut().zip(codes) {
                    *sum = _mm256_adds_epu8(*sum, _mm256_shuffle_epi8(row, load(codes)));
                }
            }
            for (&sum, first) in sums.iter().zip((start..).step_by(LANES)) {
                let mut lanes = reached(sum);
                while lanes != 0 {
                    let place = first + lanes.trailing_zeros() as usize;
                    if place < padded.starts {
                        found.push(place as u32);
                    }
                    lanes &= lanes - 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motifs::scores::NEVER;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_site_is_lost_and_both_ways_find_the_same(
            codes in prop::collection::vec(0u8..=4, 0..400),
            losses in prop::collection::vec(prop::array::uniform4(0u32..3000), 1..12),
            most in 0u32..20_000,
        ) {
            let losses: Losses = losses.iter().map(|&[a, c, g, t]| [a, c, g, t, NEVER]).collect();
            let prefilter = Prefilter::new(&losses, most);
            let padded = Padded::new(&codes, codes.len(), losses.len());
            let (mut found, mut plain) = (Vec::new(), Vec::new());
            prefilter.candidates(&padded, &mut found);
            prefilter.candidates_plain(&padded, &mut plain);
            prop_assert_eq!(&found, &plain);
            for start in 0..codes.len() {
                let site = codes[start..].iter().zip(&losses);
                let loss: u32 = site.map(|(&code, column)| column[usize::from(code)]).sum();
                let whole = start + losses.len() <= codes.len();
                if whole && loss <= most {
                    prop_assert!(found.contains(&(start as u32)));
                }
                // Rounding down gives each position at most one byte's worth away.
                let unit = most / MOST + 1;
                if !whole || loss > most + unit * (losses.len() as u32 + 1) {
                    prop_assert!(!found.contains(&(start as u32)));
                }
            }
        }
    }
}
