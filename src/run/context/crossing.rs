//! Training pairs divided by whole chromosomes, so that what is learned can be tried on others.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::element::Sides;
use crate::error::{Error, Result};
use crate::genome::ChromId;
use crate::pairs::Pair;

/// The folds that chromosomes are dealt out to, at most.
const FOLDS: usize = 5;

/// The fold of each chromosome of some pairs.
pub struct Crossing {
    /// How many folds there are: two at least.
    pub folds: usize,
    /// The folds of the chromosomes of each pair's elements.
    of: Vec<Sides<usize>>,
}

impl Crossing {
    /// Deals chromosomes out, those with the most pairs first, to the fold that has the fewest pairs. Labels
    /// play no part, and neither does the order of the pairs.
    ///
    /// # Errors
    ///
    /// Pairs that all lie on one chromosome.
    pub fn new<'a>(pairs: impl Iterator<Item = &'a Pair> + Clone) -> Result<Self> {
        let mut sizes: BTreeMap<ChromId, usize> = BTreeMap::new();
        for pair in pairs.clone() {
            for chrom in pair.chroms() {
                *sizes.entry(chrom).or_default() += 1;
            }
        }
        if sizes.len() < 2 {
            return Err(Error::Undefined(
                "the training pairs lie on one chromosome: what their context says is learned from some \
                 chromosomes and tried on others"
                    .to_string(),
            ));
        }
        let mut order: Vec<(ChromId, usize)> = sizes.into_iter().collect();
        order.sort_by_key(|&(chrom, size)| (Reverse(size), chrom));
        let mut loads = vec![0; FOLDS.min(order.len())];
        let mut fold_of = BTreeMap::new();
        for (chrom, size) in order {
            let fewest = (0..loads.len()).min_by_key(|&fold| loads[fold]);
            let fold = fewest.unwrap_or(0);
            loads[fold] += size;
            fold_of.insert(chrom, fold);
        }
        let of = pairs.map(|pair| pair.chroms().map(|chrom| fold_of[&chrom]));
        Ok(Self {
            folds: loads.len(),
            of: of.collect(),
        })
    }

    /// The pairs, by their places among those that were divided, both of whose elements lie in a fold.
    pub fn inside(&self, fold: usize) -> Vec<usize> {
        self.places(|of| of.into_iter().all(|of| of == fold))
    }

    /// Those of which no element lies in any of some folds.
    pub fn outside(&self, folds: &[usize]) -> Vec<usize> {
        self.places(|of| of.into_iter().all(|of| !folds.contains(&of)))
    }

    /// Those whose elements lie in two folds, with these.
    pub fn across(&self) -> impl Iterator<Item = (usize, [usize; 2])> {
        let both = |(place, of): (usize, &Sides<usize>)| (place, [of.enhancer, of.promoter]);
        let all = self.of.iter().enumerate().map(both);
        all.filter(|(_, [one, other])| one != other)
    }

    /// Those with an element in each of two folds.
    pub fn between(&self, folds: [usize; 2]) -> Vec<usize> {
        let [one, other] = folds;
        self.places(|of| {
            let of = [of.enhancer, of.promoter];
            of == [one, other] || of == [other, one]
        })
    }

    fn places(&self, belongs: impl Fn(Sides<usize>) -> bool) -> Vec<usize> {
        (0..self.of.len())
            .filter(|&place| belongs(self.of[place]))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::Region;

    fn pair(enhancer: u32, promoter: u32) -> Pair {
        let region = |chrom| Region {
            chrom: ChromId(chrom),
            start: 0,
            end: 10,
        };
        Pair {
            elements: Sides::new(region(enhancer), region(promoter)),
            label: None,
            line: 1,
            gene: None,
        }
    }

    #[test]
    fn every_pair_is_inside_one_fold_or_across_two() {
        let pairs: Vec<Pair> = (0..60)
            .map(|place| pair(place % 7, if place < 50 { place % 7 } else { 3 }))
            .collect();
        let crossing = Crossing::new(pairs.iter()).unwrap();
        assert_eq!(crossing.folds, FOLDS);
        let mut seen = vec![0; pairs.len()];
        for fold in 0..crossing.folds {
            let (inside, outside) = (crossing.inside(fold), crossing.outside(&[fold]));
            assert!(!inside.is_empty());
            let chroms = |places: &[usize]| -> Vec<ChromId> {
                let chroms = places.iter().flat_map(|&place| pairs[place].chroms());
                chroms.collect()
            };
            let theirs = chroms(&outside);
            assert!(chroms(&inside).iter().all(|chrom| !theirs.contains(chrom)));
            inside.iter().for_each(|&place| seen[place] += 1);
        }
        for (place, [one, other]) in crossing.across() {
            assert!(place >= 50 && one != other);
            let neither = crossing.outside(&[one, other]);
            assert!(!neither.contains(&place));
            assert!(crossing.between([one, other]).contains(&place));
            assert!(crossing.between([other, one]).contains(&place));
            seen[place] += 1;
        }
        assert_eq!(seen, [1; 60]);
    }

    #[test]
    fn folds_depend_on_no_order_and_one_chromosome_is_none() {
        let pairs: Vec<Pair> = (0..40).map(|place| pair(place % 9, place % 9)).collect();
        let turned: Vec<Pair> = pairs.iter().rev().copied().collect();
        let [plain, turned] = [pairs, turned].map(|of| Crossing::new(of.iter()).unwrap().of);
        assert!(plain.iter().eq(turned.iter().rev()));
        let error = Crossing::new([pair(2, 2), pair(2, 2)].iter())
            .err()
            .unwrap();
        assert!(error.to_string().contains("on one chromosome"), "{error}");
    }
}
