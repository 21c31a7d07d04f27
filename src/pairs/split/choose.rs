//! Chromosomes that make parts of the wanted sizes.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::genome::ChromId;
use crate::pairs::chrom_counts::ChromCounts;
use crate::pairs::cores::{Cores, Set};

/// Further random orders that are tried where the first leaves a part without one of the classes.
const ORDERS: usize = 100;

/// Chromosomes for parts that hold near some fractions, each of the pairs that those before it have
/// left on the chromosomes `from`; the last part is what is left.
///
/// The chromosomes come in a random order (see [`choose`]). Where a part would hold only one class,
/// further orders are tried, and then all divisions: one in which every part has both is found
/// wherever there is one. Where there is none, it is the first order's.
pub fn divide(
    counts: &ChromCounts,
    from: &Set,
    fractions: &[f64],
    rng: &mut ChaCha8Rng,
) -> Vec<Set> {
    let first = in_turn(counts, from, fractions, rng);
    let serves = |sets: &Vec<Set>| {
        let rest = sets.iter().fold(from.clone(), |rest, set| &rest - set);
        sets.iter().chain([&rest]).all(|set| counts.both(set))
    };
    if serves(&first) {
        return first;
    }
    let mut orders = (0..ORDERS).map(|_| in_turn(counts, from, fractions, rng));
    let found = orders.find(serves);
    found
        .or_else(|| nearest(counts, from, fractions, rng))
        .unwrap_or(first)
}

/// Chooses for one part after the other.
fn in_turn(counts: &ChromCounts, from: &Set, fractions: &[f64], rng: &mut ChaCha8Rng) -> Vec<Set> {
    let mut rest = from.clone();
    let of = |&fraction: &f64| {
        let chosen = choose(counts, &rest, fraction, rng);
        rest = &rest - &chosen;
        chosen
    };
    fractions.iter().map(of).collect()
}

/// Chromosomes that together hold near `fraction` of the pairs that lie on `from`: in a random
/// order, each is taken that brings the count nearer to what is wanted; one at least, if that leaves another.
fn choose(pairs: &ChromCounts, from: &Set, fraction: f64, rng: &mut ChaCha8Rng) -> Set {
    let mut counts: BTreeMap<ChromId, [usize; 2]> = BTreeMap::new();
    for ((enhancer, _), [positive, negative]) in pairs.inside(from) {
        let of = counts.entry(enhancer).or_default();
        *of = [of[0] + positive, of[1] + negative];
    }
    let wanted = pairs.within(from).map(|all| all as f64 * fraction);
    let mut order: Vec<ChromId> = counts.keys().copied().collect();
    order.shuffle(rng);
    let mut chosen = Set::new();
    let mut have = [0, 0];
    for chrom in &order {
        let more = counts[chrom];
        let with = [have[0] + more[0], have[1] + more[1]];
        if miss(with, wanted) < miss(have, wanted) && chosen.len() + 1 < counts.len() {
            have = with;
            chosen.insert(*chrom);
        }
    }
    // Where each chromosome is so large that none is nearer, one is: the one that is least too large.
    if chosen.is_empty() && counts.len() > 1 {
        let has_both = |chrom: &ChromId| counts[chrom].iter().all(|&count| count > 0);
        let miss = |chrom: &ChromId| miss(counts[chrom], wanted);
        let both = order.into_iter().filter(has_both);
        chosen.extend(both.min_by(|a, b| miss(a).total_cmp(&miss(b))));
    }
    chosen
}

/// How far the pairs of each class are from what is wanted. Both classes count alike, however unlike
/// their numbers: the positives are few, and a part with none of them serves nobody.
fn miss(have: [usize; 2], wanted: [f64; 2]) -> f64 {
    let apart = |(have, wanted): (usize, f64)| ((have as f64 - wanted) / wanted.max(1.0)).powi(2);
    have.into_iter().zip(wanted).map(apart).sum()
}

/// Of the divisions in which every part has both classes, one that is nearest to the fractions in
/// the chromosomes that the parts have to have, which take more as long as that brings them nearer;
/// none if there is none.
fn nearest(
    counts: &ChromCounts,
    from: &Set,
    fractions: &[f64],
    rng: &mut ChaCha8Rng,
) -> Option<Vec<Set>> {
    let cores = Cores::new(counts, from, rng);
    // Where there is no division this ends soon; the search for the nearest one would try them all.
    cores.disjoint(fractions.len() + 1)?;
    let mut left = counts.within(from).map(|all| all as f64);
    let mut wanted = Vec::new();
    for fraction in fractions {
        wanted.push(left.map(|left| left * fraction));
        left = left.map(|left| left * (1.0 - fraction));
    }
    let misses = |&wanted: &[f64; 2]| -> Vec<f64> {
        let sets = cores.sets.iter();
        sets.map(|set| miss(counts.within(set), wanted)).collect()
    };
    let mut search = Search {
        sets: &cores.sets,
        misses: wanted.iter().map(misses).collect(),
        best: None,
    };
    search.extend(&mut Vec::new(), 0.0);
    let (_, places) = search.best?;
    let mut parts: Vec<Set> = places.iter().map(|&at| cores.sets[at].clone()).collect();
    let taken: Set = parts.iter().flatten().copied().collect();
    let mut free: Vec<ChromId> = from.difference(&taken).copied().collect();
    free.shuffle(rng);
    // The last part takes what the others leave.
    parts.pop();
    for (part, &wanted) in parts.iter_mut().zip(&wanted) {
        free.retain(|&chrom| {
            let with: Set = part.iter().copied().chain([chrom]).collect();
            let nearer = miss(counts.within(&with), wanted) < miss(counts.within(part), wanted);
            if nearer {
                *part = with;
            }
            !nearer
        });
    }
    Some(parts)
}

/// A search for sets without a common chromosome: one for each part, and one for what is left.
struct Search<'a> {
    sets: &'a [Set],
    /// For each part, how far each set is from what it wants.
    misses: Vec<Vec<f64>>,
    /// The smallest sum of misses, and the places of the sets.
    best: Option<(f64, Vec<usize>)>,
}

impl Search<'_> {
    fn extend(&mut self, chosen: &mut Vec<usize>, missed: f64) {
        if self.best.as_ref().is_some_and(|(best, _)| *best <= missed) {
            return;
        }
        let used: BTreeSet<&ChromId> = chosen.iter().flat_map(|&at| &self.sets[at]).collect();
        let free = |at: &usize| self.sets[*at].iter().all(|chrom| !used.contains(chrom));
        let free: Vec<usize> = (0..self.sets.len()).filter(free).collect();
        let part = chosen.len();
        if part == self.misses.len() {
            let rest = free.first();
            let all = rest.map(|&rest| chosen.iter().copied().chain([rest]).collect());
            self.best = all.map(|all| (missed, all)).or(self.best.take());
            return;
        }
        for at in free {
            chosen.push(at);
            self.extend(chosen, missed + self.misses[part][at]);
            chosen.pop();
        }
    }
}

#[cfg(test)]
mod tests;
