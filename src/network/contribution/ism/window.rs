//! A window's activations, and what the substitutions of its bases make of them.

use std::ops::Range;

use macerator::{Simd, with_simd};
use rayon::prelude::*;

use super::host::{Filters, LETTERS, LETTERS_OF_A_FILTER};
use crate::attention::Pooling;
use crate::network::kernels::flex::part;

/// Positions whose sums one thread makes at a time.
const POSITIONS: usize = 256;

/// A window of a pair.
pub struct Window<'a> {
    /// Base codes: 0–3 for ACGT, 4 for all else.
    pub codes: &'a [u8],
    /// How it is pooled.
    pub pooling: Pooling,
    /// `h`: `[l, k]`
    pub activations: Vec<f32>,
    filters: &'a Filters,
    /// The filters' sums at each position: `[c, k]`.
    sums: Vec<f32>,
}

/// A base and the letter that is put there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Substitution {
    /// The place in the window.
    pub base: usize,
    /// 0–3 for ACGT.
    pub letter: usize,
}

/// Adjacent bins, and the bases that reach exactly these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The bins.
    pub bins: Range<usize>,
    /// The bases.
    pub bases: Range<usize>,
}

/// Every set of bins that some base reaches, from left to right.
pub fn reaches(pooling: Pooling) -> Vec<Reach> {
    let bin = |position: usize| (position + pooling.left()) / pooling.pool;
    let mut all: Vec<Reach> = Vec::new();
    for base in 0..pooling.length {
        let positions = seeing(pooling, base);
        let bins = bin(positions.start)..bin(positions.end - 1) + 1;
        let bases = base..base + 1;
        match all.last_mut() {
            Some(last) if last.bins == bins => last.bases.end = bases.end,
            _ => all.push(Reach { bins, bases }),
        }
    }
    all
}

/// The positions at which the filters see a base.
fn seeing(pooling: Pooling, base: usize) -> Range<usize> {
    let end = base + 1;
    end.saturating_sub(pooling.width)..end.min(pooling.positions())
}

/// The substitutions of a reach that change an activation.
pub struct Substituted {
    /// The substitutions, `n` of them.
    pub of: Vec<Substitution>,
    /// The activations of the reach's bins as they are, then with each substitution:
    /// `[1 + n, bins, k]`.
    pub activations: Vec<f32>,
}

impl<'a> Window<'a> {
    /// A window of base codes.
    pub fn new(filters: &'a Filters, pooling: Pooling, codes: &'a [u8]) -> Self {
        assert_eq!(codes.len(), pooling.length);
        let k = filters.count;
        let mut sums = vec![0.0; pooling.positions() * k];
        sums.par_chunks_mut(POSITIONS * k)
            .enumerate()
            .for_each(|(number, sums)| {
                let codes = &codes[number * POSITIONS..];
                convolve(codes, &filters.taps, pooling.width, k, sums);
            });
        let mut activations = vec![0.0; pooling.bins() * k];
        for (bin, maxima) in activations.chunks_exact_mut(k).enumerate() {
            let positions = pooling.positions_of(bin);
            raise(&sums[positions.start * k..positions.end * k], maxima);
        }
        Self {
            codes,
            pooling,
            activations,
            filters,
            sums,
        }
    }

    /// The substitutions of all bases of a reach that have a letter.
    pub fn substituted(&self, reach: &Reach) -> Substituted {
        let k = self.filters.count;
        let unchanged = &self.activations[reach.bins.start * k..reach.bins.end * k];
        let others = Others::new(self, &reach.bins);
        let most = 1 + reach.bases.len() * (LETTERS_OF_A_FILTER - 1);
        let mut activations = Vec::with_capacity(most * unchanged.len());
        activations.extend_from_slice(unchanged);
        let mut of = Vec::new();
        for base in reach.bases.clone() {
            let own = usize::from(self.codes[base]);
            if own >= LETTERS_OF_A_FILTER {
                continue;
            }
            let places: Vec<_> = reach
                .bins
                .clone()
                .map(|bin| self.seeing_in(bin, base))
                .collect();
            let untouched = others.without(&places, k);
            for letter in (0..LETTERS_OF_A_FILTER).filter(|&letter| letter != own) {
                let start = activations.len();
                activations.extend_from_slice(&untouched);
                let maxima = activations[start..].chunks_exact_mut(k);
                for (positions, maxima) in places.iter().zip(maxima) {
                    self.raise_with(positions.clone(), base, letter, maxima);
                }
                if activations[start..] == *unchanged {
                    activations.truncate(start);
                } else {
                    of.push(Substitution { base, letter });
                }
            }
        }
        Substituted { of, activations }
    }

    /// The positions of a bin at which the filters see a base.
    fn seeing_in(&self, bin: usize, base: usize) -> Range<usize> {
        let (all, seeing) = (self.pooling.positions_of(bin), seeing(self.pooling, base));
        all.start.max(seeing.start)..all.end.min(seeing.end)
    }

    /// Raises maxima, `[k]`, to the sums of positions that see a base, with another letter there.
    fn raise_with(&self, positions: Range<usize>, base: usize, letter: usize, maxima: &mut [f32]) {
        let (k, own) = (self.filters.count, usize::from(self.codes[base]));
        let sums = &self.sums[positions.start * k..positions.end * k];
        // The first position sees the base with the last tap of these.
        let taps = base + 1 - positions.end..base + 1 - positions.start;
        let taps = &self.filters.taps[taps.start * LETTERS * k..taps.end * LETTERS * k];
        raise_exchanged(sums, taps, own, letter, maxima);
    }
}

/// What the largest sums of some bins are without the positions that see a base.
struct Others {
    /// The first position of these bins.
    first: usize,
    /// Of each position the largest sums of its bin before it, or 0: `[positions, k]`.
    before: Vec<f32>,
    /// The same behind it.
    behind: Vec<f32>,
}

impl Others {
    fn new(window: &Window, bins: &Range<usize>) -> Self {
        let (k, pooling) = (window.filters.count, window.pooling);
        let first = pooling.positions_of(bins.start).start;
        let end = pooling.positions_of(bins.end - 1).end;
        let [mut before, mut behind] = [(); 2].map(|()| vec![0.0; (end - first) * k]);
        for bin in bins.clone() {
            let positions = pooling.positions_of(bin);
            let sums = &window.sums[positions.start * k..positions.end * k];
            let places = (positions.start - first) * k..(positions.end - first) * k;
            run(sums, k, &mut before[places.clone()], &mut behind[places]);
        }
        Self {
            first,
            before,
            behind,
        }
    }

    /// The rectified maxima of each bin without some adjacent positions: `[bins, k]`.
    fn without(&self, positions: &[Range<usize>], k: usize) -> Vec<f32> {
        let mut maxima = vec![0.0; positions.len() * k];
        for (maxima, positions) in maxima.chunks_exact_mut(k).zip(positions) {
            let before = part(&self.before, positions.start - self.first, k);
            let behind = part(&self.behind, positions.end - 1 - self.first, k);
            larger(before, behind, maxima);
        }
        maxima
    }
}

/// Adds the taps of the letters that each position sees, in their order.
///
/// - codes: from the first position on
/// - taps: `[w, 5, k]`
/// - sums: `[positions, k]`
#[with_simd]
fn convolve<S: Simd>(codes: &[u8], taps: &[f32], width: usize, k: usize, sums: &mut [f32]) {
    for (sums, codes) in sums.chunks_exact_mut(k).zip(codes.windows(width)) {
        for (tap, &code) in codes.iter().enumerate() {
            let values = part(taps, tap * LETTERS + usize::from(code), k);
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += value;
            }
        }
    }
}

/// Raises maxima, `[k]`, to sums, `[positions, k]`.
#[with_simd]
fn raise<S: Simd>(sums: &[f32], maxima: &mut [f32]) {
    for sums in sums.chunks_exact(maxima.len()) {
        for (maximum, &sum) in maxima.iter_mut().zip(sums) {
            *maximum = if sum > *maximum { sum } else { *maximum };
        }
    }
}

/// Raises maxima, `[k]`, to sums, `[positions, k]`, in which a letter is exchanged that the
/// first position sees with the last of the taps, `[positions, 5, k]`.
#[with_simd]
fn raise_exchanged<S: Simd>(
    sums: &[f32],
    taps: &[f32],
    own: usize,
    letter: usize,
    maxima: &mut [f32],
) {
    let k = maxima.len();
    let taps = taps.chunks_exact(LETTERS * k).rev();
    for (sums, tap) in sums.chunks_exact(k).zip(taps) {
        let (own, other) = (part(tap, own, k), part(tap, letter, k));
        for (((maximum, sum), own), other) in maxima.iter_mut().zip(sums).zip(own).zip(other) {
            let sum = sum + (other - own);
            *maximum = if sum > *maximum { sum } else { *maximum };
        }
    }
}

/// The largest sums of a bin before and behind each position, or 0: all `[positions, k]`, and zeros
/// at first.
#[with_simd]
fn run<S: Simd>(sums: &[f32], k: usize, before: &mut [f32], behind: &mut [f32]) {
    let positions = sums.len() / k;
    for position in 1..positions {
        let (known, next) = before.split_at_mut(position * k);
        let previous = position - 1;
        larger(
            part(known, previous, k),
            part(sums, previous, k),
            &mut next[..k],
        );
    }
    for position in (1..positions).rev() {
        let (next, known) = behind.split_at_mut(position * k);
        let next = &mut next[(position - 1) * k..];
        larger(&known[..k], part(sums, position, k), next);
    }
}

/// The larger of two, place by place.
#[inline(always)]
fn larger(left: &[f32], right: &[f32], maxima: &mut [f32]) {
    for ((maximum, &left), &right) in maxima.iter_mut().zip(left).zip(right) {
        *maximum = if right > left { right } else { left };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Filters of values that are small whole numbers, so that all sums are exact and many are equal.
    fn filters(k: usize, width: usize, seed: usize) -> Filters {
        let value = |place: usize| ((place * 7 + seed * 5) * (place + 3) % 9) as f32 - 4.0;
        let values: Vec<f32> = (0..k * LETTERS_OF_A_FILTER * width).map(value).collect();
        Filters::new(&values, k, width)
    }

    proptest! {
        #[test]
        fn substituted_activations_are_those_of_the_substituted_sequence(
            (k, width, pool, seed) in (1usize..4, 1usize..7, 1usize..9, 0usize..9),
            codes in prop::collection::vec(prop_oneof![3 => 0u8..2, 3 => 0u8..4, 1 => Just(4u8)], 7..50),
        ) {
            let filters = filters(k, width, seed);
            let pooling = Pooling { length: codes.len(), width, pool };
            let window = Window::new(&filters, pooling, &codes);
            let mut found = Vec::new();
            for reach in reaches(pooling) {
                let bins = reach.bins.start * k..reach.bins.end * k;
                let made = window.substituted(&reach);
                let size = bins.len();
                prop_assert_eq!(part(&made.activations, 0, size), &window.activations[bins.clone()]);
                prop_assert_eq!(made.activations.len(), (made.of.len() + 1) * size);
                for (number, &of) in made.of.iter().enumerate() {
                    let mut wanted = codes.clone();
                    wanted[of.base] = of.letter as u8;
                    let mut wanted = Window::new(&filters, pooling, &wanted).activations;
                    prop_assert_eq!(part(&made.activations, number + 1, size), &wanted[bins.clone()]);
                    // And nothing else changes.
                    wanted[bins.clone()].copy_from_slice(&window.activations[bins.clone()]);
                    prop_assert_eq!(&wanted, &window.activations);
                    found.push((of.base, of.letter));
                }
            }
            // What was left out changes nothing.
            for base in (0..codes.len()).filter(|&base| codes[base] < 4) {
                for letter in (0..4).filter(|&letter| letter != codes[base]) {
                    let mut other = codes.clone();
                    other[base] = letter;
                    let other = Window::new(&filters, pooling, &other).activations;
                    let changes = other != window.activations;
                    prop_assert_eq!(found.contains(&(base, usize::from(letter))), changes);
                }
            }
        }

        #[test]
        fn every_base_has_one_reach(width in 1usize..20, extra in 0usize..99, pool in 1usize..40) {
            let pooling = Pooling { length: width + extra, width, pool };
            let mut base = 0;
            let mut sets = Vec::new();
            for reach in reaches(pooling) {
                prop_assert_eq!(reach.bases.start, base);
                base = reach.bases.end;
                sets.push((reach.bins.start, reach.bins.end));
            }
            prop_assert_eq!(base, pooling.length);
            prop_assert!(sets.is_sorted());
            prop_assert_eq!(sets.last().map(|set| set.1), Some(pooling.bins()));
        }
    }

    #[test]
    fn the_published_enhancer_has_two_sets_a_bin() {
        let pooling = Pooling {
            length: 3000,
            width: 15,
            pool: 30,
        };
        let reaches = reaches(pooling);
        assert_eq!(reaches.len(), 199);
        assert_eq!(reaches[2].bins, 1..2);
        assert_eq!(reaches[2].bases.len(), 16);
        assert_eq!(reaches[3].bins, 1..3);
        assert_eq!(reaches[3].bases.len(), 14);
    }
}
