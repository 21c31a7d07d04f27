//! Chromosomes that make a part of the wanted size.

use crate::element::Sides;
use std::collections::{BTreeMap, BTreeSet};

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::genome::ChromId;
use crate::pairs::Pair;

/// Chromosomes that together hold near `fraction` of the pairs that lie on `from`: in a random
/// order, each is taken that brings the count nearer to what is wanted; one at least, if that leaves another.
pub fn choose(
    pairs: &[Pair],
    from: &BTreeSet<ChromId>,
    fraction: f64,
    rng: &mut ChaCha8Rng,
) -> BTreeSet<ChromId> {
    let mut counts: BTreeMap<ChromId, (usize, usize)> = BTreeMap::new();
    for pair in pairs {
        let Sides { enhancer, promoter } = pair.chroms();
        if from.contains(&enhancer) && from.contains(&promoter) {
            let (positive, negative) = counts.entry(enhancer).or_default();
            match pair.label {
                Some(true) => *positive += 1,
                _ => *negative += 1,
            }
        }
    }
    let total = |of: fn(&(usize, usize)) -> usize| counts.values().map(of).sum::<usize>() as f64;
    let wanted = [total(|c| c.0) * fraction, total(|c| c.1) * fraction];
    // Both classes count alike, however unlike their numbers: the positives are few, and a part
    // with none of them serves nobody.
    let apart = |(have, wanted): (f64, f64)| ((have - wanted) / wanted.max(1.0)).powi(2);
    let miss = |have: [f64; 2]| -> f64 { have.into_iter().zip(wanted).map(apart).sum() };
    let mut order: Vec<ChromId> = counts.keys().copied().collect();
    order.shuffle(rng);
    let mut chosen = BTreeSet::new();
    let mut have = [0.0, 0.0];
    let of = |chrom: ChromId| [counts[&chrom].0 as f64, counts[&chrom].1 as f64];
    for &chrom in &order {
        let more = of(chrom);
        let with = [have[0] + more[0], have[1] + more[1]];
        if miss(with) < miss(have) && chosen.len() + 1 < counts.len() {
            have = with;
            chosen.insert(chrom);
        }
    }
    // Where each chromosome is so large that none is nearer, one is: the one that is least too large.
    if chosen.is_empty() && counts.len() > 1 {
        let has_both = |&chrom: &ChromId| of(chrom).iter().all(|&count| count > 0.0);
        let both = order.into_iter().filter(has_both);
        chosen.extend(both.min_by(|&a, &b| miss(of(a)).total_cmp(&miss(of(b)))));
    }
    chosen
}
