//! Called TF pairs without the sites that they share with stronger ones.
//!
//! Matrices that resemble each other match the same stretch of DNA, and one stretch is to count for one
//! factor. So called TF pairs are gone through, the strongest first, as signals near each other are in
//! a conditional analysis of associations (Yang et al. 2012, <https://doi.org/10.1038/ng.2213>): those
//! of a factor's sites that overlap a site of a stronger TF pair's factor on the same side are taken
//! away, in all enhancer–promoter pairs whatever their label. What is left of the conditional statistic
//! has the q-value that the permutations give such a statistic. A TF pair whose q-value is too large then
//! is explained by the stronger one, and takes no sites away itself.

use std::ops::Range;

use serde::Serialize;

use super::super::window::Site;
use super::candidates::{Combine, conditional};
use super::clusters::Clusters;
use super::counts::Counts;
use super::factors::distinct;
use super::rules::TestRules;
use crate::element::{Element, Sides};
use crate::statistics::false_discovery::Rates;

/// A TF pair without the sites that overlap those of stronger ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Apart {
    /// What is left of the conditional statistic; none where too few pairs have the two factors now.
    pub statistic: Option<f64>,
    /// The q-value of such a statistic; 1 where there is none.
    pub q: f64,
    /// The factors of the stronger TF pair that overlaps the most of the sites.
    pub by: Sides<u32>,
}

/// What takes sites away: called TF pairs, the strongest first.
struct Stronger<'a> {
    counts: &'a Counts<'a>,
    pairs: Vec<Sides<u32>>,
    /// Places of those whose factor has each matrix.
    with: Sides<Vec<Vec<u32>>>,
}

/// How each of the called TF pairs, the strongest first, stands without the sites that it shares with
/// those before it; none where it shares none. `rates` are of the conditional statistics.
pub(super) fn set_apart(
    called: &[Sides<u32>],
    counts: &Counts,
    clusters: &Clusters,
    (rules, rates): (&TestRules, &Rates),
) -> Vec<Option<Apart>> {
    let mut stronger = Stronger {
        counts,
        pairs: Vec::new(),
        with: Sides::from_fn(|_| vec![Vec::new(); counts.factors.matrices.len()]),
    };
    let apart = |&factors: &Sides<u32>| {
        let apart = stronger.apart(factors, clusters, (rules, rates));
        if apart.is_none_or(|apart| apart.q <= rules.called) {
            stronger.add(factors);
        }
        apart
    };
    called.iter().map(apart).collect()
}

impl Stronger<'_> {
    fn add(&mut self, factors: Sides<u32>) {
        let place = self.pairs.len() as u32;
        for element in Element::BOTH {
            let with = self.with.get_mut(element);
            for &matrix in self.counts.factors.matrices_of(*factors.get(element)) {
                with[matrix as usize].push(place);
            }
        }
        self.pairs.push(factors);
    }

    /// None where no site of the TF pair overlaps those of the stronger ones.
    fn apart(
        &self,
        factors: Sides<u32>,
        clusters: &Clusters,
        (rules, rates): (&TestRules, &Rates),
    ) -> Option<Apart> {
        let items = factors.map(|factor| self.items(factor, rules.combine));
        let mut lost = vec![0_u32; self.pairs.len()];
        let left = self.counts.sets(|element, set| {
            let side = (element, *factors.get(element));
            self.left(set, items.get(element), side, &mut lost)
        });
        // Of those that overlap as many sites the strongest.
        let most = lost.iter().enumerate().rev().max_by_key(|(_, lost)| **lost);
        let (by, _) = most.filter(|(_, lost)| **lost > 0)?;
        let matrices = factors.map(|factor| self.counts.factors.matrices_of(factor).len());
        let left = (left, matrices.enhancer.max(matrices.promoter));
        let statistic = conditional(clusters, factors, left, rules.min_observations);
        Some(Apart {
            statistic,
            q: statistic.map_or(1.0, |statistic| rates.q(statistic)),
            by: self.pairs[by],
        })
    }

    /// Which item each matrix is of, if of any: those of a factor are one, or one each.
    fn items(&self, factor: u32, combine: Combine) -> Vec<Option<u32>> {
        let mut items = vec![None; self.counts.factors.matrices.len()];
        let matrices = self.counts.factors.matrices_of(factor).iter();
        for (&matrix, place) in matrices.zip(0..) {
            items[matrix as usize] = Some(match combine {
                Combine::Union => 0,
                Combine::Max => place,
            });
        }
        items
    }

    /// The items of a factor that have a site which overlaps none of the stronger TF pairs' other
    /// factors on that side; counts the sites that each of these takes away.
    fn left(
        &self,
        set: &[Site],
        items: &[Option<u32>],
        (element, factor): (Element, u32),
        lost: &mut [u32],
    ) -> Vec<u32> {
        let with = self.with.get(element);
        let other = |place: &u32| *self.pairs[*place as usize].get(element) != factor;
        let mut left = Vec::new();
        for site in set {
            let Some(item) = items[site.matrix as usize] else {
                continue;
            };
            let over = set
                .iter()
                .filter(|other| overlap_by_half(&site.bases(), &other.bases()));
            let over = over.flat_map(|of| &with[of.matrix as usize]);
            let over = distinct(over.copied().filter(other).collect());
            for &place in &over {
                lost[place as usize] += 1;
            }
            if over.is_empty() {
                left.push(item);
            }
        }
        distinct(left)
    }
}

/// Whether two sites, in bases from the window's first, share at least half of the shorter one.
pub fn overlap_by_half(one: &Range<usize>, other: &Range<usize>) -> bool {
    let (start, end) = (one.start.max(other.start), one.end.min(other.end));
    2 * end.saturating_sub(start) >= one.len().min(other.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_overlap_by_half_of_the_shorter() {
        for (one, other, wanted) in [
            (10..28, 23..33, true),
            (10..28, 24..34, false),
            (10..28, 12..20, true),
            (10..20, 20..30, false),
            (10..20, 40..50, false),
        ] {
            assert_eq!(overlap_by_half(&one, &other), wanted);
            assert_eq!(overlap_by_half(&other, &one), wanted);
        }
    }
}
