//! Folds of a cross-validation: each pair is kept for the test once.

use crate::element::Sides;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::chrom_counts::ChromCounts;
use super::classes::{self, CLASSES, none_is};
use super::cores::{Cores, Set};
use super::few::{positives, warn_of_few};
use super::{Pair, assignment};
use crate::error::{Error, Result};
use crate::genome::{ChromId, Chroms};
use crate::seed::{Purpose, stream};
use crate::text::choice::{Choice, Named};

/// How pairs are divided into folds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FoldRule {
    /// Pairs at random, each class divided evenly.
    Random,
    /// Whole chromosomes, so that the folds hold nearly equal numbers of positives.
    #[default]
    Chromosome,
}

impl Choice for FoldRule {
    const ALL: &'static [Named<Self>] = &[
        (
            Self::Chromosome,
            "chromosome",
            "Whole chromosomes: what we recommend",
        ),
        (
            Self::Random,
            "random",
            "Pairs at random: the paper's, which leaves the same promoters on both sides",
        ),
    ];
}

/// The fold of each pair of a table, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folds {
    of: Vec<Option<usize>>,
    count: usize,
}

impl Folds {
    /// Divides labelled pairs into `count` folds. By chromosome, a pair between chromosomes of two
    /// folds belongs to none.
    ///
    /// # Errors
    ///
    /// Fewer than two folds, a fold that would hold only one class.
    pub fn new(
        rule: FoldRule,
        pairs: &[Pair],
        chroms: &Chroms,
        count: usize,
        seed: u64,
    ) -> Result<Self> {
        if count < 2 {
            let problem = format!("a cross-validation needs at least 2 folds, not {count}");
            return Err(Error::Configuration(problem));
        }
        let mut rng = stream(seed, Purpose::Folds, 0);
        let folds = match rule {
            FoldRule::Random => Self {
                of: random(pairs, count, &mut rng),
                count,
            },
            FoldRule::Chromosome => Self::by_chromosome(pairs, count, &mut rng),
        };
        folds.check(pairs, |fold, class| {
            let advice = match rule {
                FoldRule::Random => {
                    format!("the table has too few {class} pairs for {count} folds")
                }
                FoldRule::Chromosome => format!(
                    "its {class} pairs lie on too few of the {} chromosomes for {count} folds",
                    chroms.iter().count()
                ),
            };
            let fold = fold + 1;
            Error::Configuration(format!("fold {fold} would hold no {class} pair: {advice}"))
        })?;
        let fewest = (0..count).min_by_key(|&fold| positives(pairs, &folds.members(fold)));
        if let Some(fewest) = fewest {
            let what = format!("fold {}, the smallest,", fewest + 1);
            warn_of_few(&what, pairs, &folds.members(fewest));
        }
        Ok(folds)
    }

    /// Whole chromosomes, dealt out by their positives; where that leaves a fold without one of the
    /// classes, each fold first gets chromosomes that together hold both, if such are found.
    fn by_chromosome(pairs: &[Pair], count: usize, rng: &mut ChaCha8Rng) -> Self {
        let dealt = Self {
            of: deal(pairs, count, &[], rng),
            count,
        };
        if dealt.lacking(pairs).is_none() {
            return dealt;
        }
        let counts = ChromCounts::new(pairs);
        let cores = Cores::new(&counts, &counts.chroms(), rng).disjoint(count);
        cores.map_or(dealt, |cores| Self {
            of: deal(pairs, count, &cores, rng),
            count,
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The fold of the pair at this place of the table, from 0.
    pub fn fold(&self, pair: usize) -> Option<usize> {
        self.of.get(pair).copied().flatten()
    }

    /// The places of the pairs of a fold, in the table's order: its test part.
    pub fn members(&self, fold: usize) -> Vec<usize> {
        self.places(|of| of == fold)
    }

    /// The places of the pairs of all other folds, in the table's order: what a fold trains on.
    pub fn others(&self, fold: usize) -> Vec<usize> {
        self.places(|of| of != fold)
    }

    fn places(&self, belongs: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..self.of.len())
            .filter(|&pair| self.of[pair].is_some_and(&belongs))
            .collect()
    }

    fn check(&self, pairs: &[Pair], error: impl Fn(usize, &str) -> Error) -> Result<()> {
        match self.lacking(pairs) {
            Some((fold, class)) => Err(error(fold, class)),
            None => Ok(()),
        }
    }

    /// Which fold holds no pair of which class, if there is one.
    fn lacking(&self, pairs: &[Pair]) -> Option<(usize, &'static str)> {
        for (label, class) in CLASSES {
            for fold in 0..self.count {
                if none_is(label, pairs, &self.members(fold)) {
                    return Some((fold, class));
                }
            }
        }
        None
    }

    /// Writes a header, then for each pair its name, label and fold, from 1, or `none`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, path: &Path, pairs: &[Pair], chroms: &Chroms) -> Result<()> {
        let number = |fold: &Option<usize>| match fold {
            Some(fold) => (fold + 1).to_string(),
            None => "none".to_string(),
        };
        assignment::write(path, "fold", pairs, self.of.iter().map(number), chroms)
    }

    /// Reads the folds of these pairs from a file that may name others too.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, a row that is not of this form, a pair in two folds or in a row
    /// with another label, a pair that the file does not name, a fold that holds only one class.
    pub fn read(path: &Path, pairs: &[Pair], chroms: &Chroms) -> Result<Self> {
        let of = assignment::read(path, "fold", pairs, parse, chroms)?;
        let count = of.iter().flatten().max().map_or(0, |last| last + 1);
        if count < 2 {
            let problem = "puts these pairs into fewer than 2 folds";
            return Err(Error::format(path, problem));
        }
        let folds = Self { of, count };
        folds.check(pairs, |fold, class| {
            Error::format(path, format!("fold {} holds no {class} pair", fold + 1))
        })?;
        Ok(folds)
    }
}

/// A fold from 0, of its number from 1, or none.
fn parse(text: &str) -> Result<Option<usize>, String> {
    match text.parse::<u32>() {
        Ok(number @ 1..) => Ok(Some(number as usize - 1)),
        _ if text == "none" => Ok(None),
        _ => Err("the fold is not a number from 1, or none".to_string()),
    }
}

/// Deals each class out in a random order.
fn random(pairs: &[Pair], count: usize, rng: &mut ChaCha8Rng) -> Vec<Option<usize>> {
    let mut of = vec![None; pairs.len()];
    let mut next = 0;
    for class in classes::shuffled(pairs, 0..pairs.len(), rng) {
        for pair in class {
            of[pair] = Some(next);
            next = (next + 1) % count;
        }
    }
    of
}

/// Gives the chromosomes, those with the most positives first and equal ones in a random order, to
/// the fold that has the fewest positives, or of several the fewest pairs: Graham's rule for equal
/// loads (1969, doi:10.1137/0117039). Some chromosomes may be given out before, to a fold each set.
fn deal(pairs: &[Pair], count: usize, given: &[Set], rng: &mut ChaCha8Rng) -> Vec<Option<usize>> {
    // Positives, then all pairs.
    let mut sizes: BTreeMap<ChromId, (usize, usize)> = BTreeMap::new();
    for pair in pairs {
        for chrom in pair.chroms() {
            let (positives, all) = sizes.entry(chrom).or_default();
            *positives += usize::from(pair.label == Some(true));
            *all += 1;
        }
    }
    let size = |chrom: &ChromId| sizes.get(chrom).copied().unwrap_or_default();
    let mut order: Vec<(ChromId, (usize, usize))> =
        sizes.iter().map(|(&chrom, &size)| (chrom, size)).collect();
    order.shuffle(rng);
    order.sort_by_key(|&(_, size)| std::cmp::Reverse(size));
    // Which fold has which number is left to chance, too.
    let mut loads: Vec<((usize, usize), usize)> = (0..count).map(|fold| ((0, 0), fold)).collect();
    loads.shuffle(rng);
    let mut fold_of = HashMap::new();
    for ((load, fold), set) in loads.iter_mut().zip(given) {
        for &chrom in set {
            let (positives, all) = size(&chrom);
            *load = (load.0 + positives, load.1 + all);
            fold_of.insert(chrom, *fold);
        }
    }
    order.retain(|(chrom, _)| !fold_of.contains_key(chrom));
    for (chrom, (positives, all)) in order {
        if let Some((load, fold)) = loads.iter_mut().min_by_key(|(load, _)| *load) {
            *load = (load.0 + positives, load.1 + all);
            fold_of.insert(chrom, *fold);
        }
    }
    let fold = |pair: &Pair| {
        let Sides { enhancer, promoter } = pair.chroms().map(|chrom| fold_of.get(&chrom));
        enhancer.filter(|_| enhancer == promoter).copied()
    };
    pairs.iter().map(fold).collect()
}

#[cfg(test)]
mod tests;
