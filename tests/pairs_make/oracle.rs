//! The pairs that are made, against looking at every pair.

use std::collections::{BTreeMap, BTreeSet};

use epitrack::genome::{ChromId, Region};
use epitrack::pairs::Pair;
use epitrack::pairs::make::{Config, Counts, Elements, Loops, Matching, Negatives, PairMaker};
use proptest::prelude::*;

type Elements2 = (Region, Region);

fn region((chrom, start, length): (u32, u32, u32)) -> Region {
    Region {
        chrom: ChromId(chrom),
        start,
        end: start + length,
    }
}

prop_compose! {
    fn regions(most: usize)(
        regions in prop::collection::vec((0u32..2, 0u32..400, 1u32..40), 1..most)
    ) -> Vec<Region> {
        regions.into_iter().map(region).collect()
    }
}

prop_compose! {
    fn world()(
        enhancers in regions(30),
        promoters in regions(20),
        loops in prop::collection::vec((0u32..2, 0u32..400, 1u32..60, 0u32..2, 0u32..400, 1u32..60), 1..12),
        min_distance in 0u32..60,
        span in 0u32..300,
        seed in 0u64..4,
    ) -> World {
        World {
            enhancers: Elements::new(enhancers.clone()),
            promoters: Elements::new(promoters.clone()),
            regions: [enhancers, promoters].map(|side| side.into_iter().collect()),
            loops: loops
                .into_iter()
                .map(|(a, b, c, d, e, f)| [region((a, b, c)), region((d, e, f))])
                .collect(),
            limits: (min_distance, min_distance + span),
            seed,
        }
    }
}

#[derive(Debug)]
struct World {
    enhancers: Elements,
    promoters: Elements,
    regions: [BTreeSet<Region>; 2],
    loops: Vec<[Region; 2]>,
    limits: (u32, u32),
    seed: u64,
}

/// What was made: the pairs by label, and the counts.
struct Made {
    positives: BTreeSet<Elements2>,
    negatives: BTreeSet<Elements2>,
    counts: Counts,
}

impl World {
    /// Nothing where there is no positive or no negative.
    fn make(&self, negatives: Negatives) -> Option<Made> {
        let config = Config {
            negatives,
            min_distance: self.limits.0,
            max_distance: self.limits.1,
            seed: self.seed,
        };
        let loops = Loops::new(self.loops.iter().copied());
        let maker = PairMaker::new(&self.enhancers, &self.promoters, &loops, &config).ok()?;
        let mut pairs: Vec<Pair> = Vec::new();
        let counts = maker.for_each(|pair| {
            pairs.push(pair);
            Ok(())
        });
        let places: Vec<Elements2> = pairs
            .iter()
            .map(|p| (p.elements.enhancer, p.elements.promoter))
            .collect();
        assert!(
            places.windows(2).all(|two| two[0] < two[1]),
            "sorted, each once"
        );
        let of = |label: bool| {
            let found = pairs.iter().filter(|pair| pair.label == Some(label));
            found
                .map(|p| (p.elements.enhancer, p.elements.promoter))
                .collect()
        };
        Some(Made {
            positives: of(true),
            negatives: of(false),
            counts: counts.ok()?,
        })
    }

    fn all(&self) -> Vec<Elements2> {
        let [enhancers, promoters] = &self.regions;
        let pairs = enhancers
            .iter()
            .flat_map(|&e| promoters.iter().map(move |&p| (e, p)));
        pairs.filter(|(e, p)| e.chrom == p.chrom).collect()
    }

    fn linked(&self, (e, p): Elements2) -> bool {
        self.loops.iter().any(|[a, b]| {
            a.chrom == b.chrom
                && (e.overlap(a) > 0 && p.overlap(b) > 0 || e.overlap(b) > 0 && p.overlap(a) > 0)
        })
    }

    fn inside(&self, pair: Elements2) -> bool {
        (self.limits.0..=self.limits.1).contains(&distance(pair))
    }

    fn positives(&self) -> BTreeSet<Elements2> {
        let all = self.all().into_iter();
        all.filter(|&pair| self.linked(pair) && self.inside(pair))
            .collect()
    }

    fn candidates(&self) -> BTreeSet<Elements2> {
        let all = self.all().into_iter();
        all.filter(|&pair| !self.linked(pair) && self.inside(pair))
            .collect()
    }

    /// The quantile edges of the positives' distances, without repeats.
    fn edges(&self, bins: u32) -> Vec<f64> {
        let positives = self.positives();
        let distances = sorted(positives.iter().map(|&pair| distance(pair)));
        let bins = bins.min(distances.len() as u32);
        let step = 1.0 / f64::from(bins);
        let parts = (0..bins).map(|bin| f64::from(bin) * step).chain([1.0]);
        let mut edges: Vec<f64> = parts.map(|part| percentile(&distances, part)).collect();
        edges.dedup();
        if edges.len() == 1 {
            edges.push(edges[0]);
        }
        edges
    }

    /// The distance below which 95 % of the positives lie.
    fn cutoff(&self) -> f64 {
        let positives = self.positives();
        percentile(&sorted(positives.iter().map(|&pair| distance(pair))), 0.95)
    }
}

fn distance((e, p): Elements2) -> u32 {
    let right = p.start.saturating_sub(e.end);
    right.max(e.start.saturating_sub(p.end))
}

fn sorted(values: impl Iterator<Item = u32>) -> Vec<f64> {
    let mut values: Vec<u32> = values.collect();
    values.sort_unstable();
    values.into_iter().map(f64::from).collect()
}

fn percentile(sorted: &[f64], part: f64) -> f64 {
    epitrack::statistics::quantile(sorted, part).unwrap()
}

fn bin(edges: &[f64], distance: u32) -> Option<usize> {
    let distance = f64::from(distance);
    (0..edges.len() - 1).find(|&bin| {
        let above = distance > edges[bin] || bin == 0 && distance == edges[0];
        above && distance <= edges[bin + 1]
    })
}

/// How many of each key.
fn tally<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

proptest! {
    #[test]
    fn all_pairs_are_those_found_by_looking_at_each(world in world()) {
        let (positives, candidates) = (world.positives(), world.candidates());
        match world.make(Negatives::All) {
            None => prop_assert!(positives.is_empty() || candidates.is_empty()),
            Some(made) => {
                prop_assert_eq!(made.counts.candidates as usize, candidates.len());
                let linked = world.all().into_iter().filter(|&pair| world.linked(pair)).count();
                let outside = made.counts.too_near + made.counts.too_far;
                prop_assert_eq!(linked, outside + positives.len());
                prop_assert_eq!(made.positives, positives);
                prop_assert_eq!(made.negatives, candidates);
            }
        }
    }

    #[test]
    fn matched_negatives_fill_each_bin(world in world(), ratio in 1u32..4, bins in 1u32..5) {
        let (positives, candidates) = (world.positives(), world.candidates());
        let Some(made) = world.make(Negatives::Matched(Matching { ratio, bins })) else {
            return Ok(());
        };
        prop_assert_eq!(&made.positives, &positives);
        prop_assert!(made.negatives.is_subset(&candidates));
        let edges = world.edges(bins);
        let count = |pairs: &BTreeSet<Elements2>| {
            tally(pairs.iter().filter_map(|&pair| bin(&edges, distance(pair))))
        };
        let (positives, candidates) = (count(&positives), count(&candidates));
        let got = count(&made.negatives);
        prop_assert_eq!(got.values().sum::<usize>(), made.negatives.len());
        for bin in 0..edges.len() - 1 {
            let of = |counts: &BTreeMap<usize, usize>| counts.get(&bin).copied().unwrap_or(0);
            let wanted = (of(&positives) * ratio as usize).min(of(&candidates));
            prop_assert_eq!(of(&got), wanted);
            prop_assert_eq!(made.counts.bins[bin].negatives as usize, wanted);
        }
        // A larger ratio adds to what a smaller one took.
        if let Some(more) = world.make(Negatives::Matched(Matching { ratio: ratio + 1, bins })) {
            prop_assert!(made.negatives.is_subset(&more.negatives));
        }
    }

    #[test]
    fn targetfinders_negatives_join_no_two_active_elements(
        world in world(), ratio in 1u32..4, bins in 1u32..5,
    ) {
        let positives = world.positives();
        let Some(made) = world.make(Negatives::Targetfinder(Matching { ratio, bins })) else {
            return Ok(());
        };
        let active = |pair: &&Elements2| {
            positives.iter().any(|other| other.0 == pair.0)
                && positives.iter().any(|other| other.1 == pair.1)
        };
        let candidates: BTreeSet<Elements2> = {
            let all = world.candidates();
            all.iter().filter(|pair| !active(pair)).copied().collect()
        };
        prop_assert!(made.negatives.is_subset(&candidates));
        let edges = world.edges(bins);
        let count = |pairs: &BTreeSet<Elements2>| {
            tally(pairs.iter().filter_map(|&pair| bin(&edges, distance(pair))))
        };
        let (of_positives, candidates) = (count(&positives), count(&candidates));
        let of = |counts: &BTreeMap<usize, usize>, bin| counts.get(&bin).copied().unwrap_or(0);
        let fewest = (0..edges.len() - 1).map(|bin| of(&of_positives, bin)).min().unwrap();
        let got = count(&made.negatives);
        for bin in 0..edges.len() - 1 {
            let wanted = (fewest * ratio as usize).min(of(&candidates, bin));
            prop_assert_eq!(of(&got, bin), wanted);
        }
    }

    #[test]
    fn every_promoter_keeps_its_own_ratio(world in world(), ratio in 1u32..4, bins in 1u32..5) {
        let (positives, candidates) = (world.positives(), world.candidates());
        let Some(made) = world.make(Negatives::MatchedWithinPromoter(Matching { ratio, bins })) else {
            return Ok(());
        };
        prop_assert!(made.negatives.is_subset(&candidates));
        let edges = world.edges(bins);
        let count = |pairs: &BTreeSet<Elements2>| {
            let key = |pair: &Elements2| Some((pair.1, bin(&edges, distance(*pair))?));
            tally(pairs.iter().filter_map(key))
        };
        let (candidates, got) = (count(&candidates), count(&made.negatives));
        let mut taken = 0;
        for (key, positives) in count(&positives) {
            let wanted = positives * ratio as usize;
            let wanted = wanted.min(candidates.get(&key).copied().unwrap_or(0));
            prop_assert_eq!(got.get(&key).copied().unwrap_or(0), wanted);
            taken += wanted;
        }
        prop_assert_eq!(taken, made.negatives.len());
    }

    #[test]
    fn bengis_pairs_are_of_enhancers_with_a_positive(world in world(), ratio in 1u32..4) {
        let (positives, candidates) = (world.positives(), world.candidates());
        prop_assume!(!positives.is_empty());
        let cutoff = world.cutoff();
        let near = |pair: &&Elements2| f64::from(distance(**pair)) <= cutoff;
        let positives: BTreeSet<Elements2> = positives.iter().filter(near).copied().collect();
        let with_positive = |pair: &&Elements2| positives.iter().any(|other| other.0 == pair.0);
        let candidates: BTreeSet<Elements2> =
            candidates.iter().filter(near).filter(with_positive).copied().collect();
        if let Some(made) = world.make(Negatives::NaturalRatio) {
            prop_assert_eq!(made.counts.cutoff, Some(cutoff));
            prop_assert_eq!(&made.positives, &positives);
            prop_assert_eq!(&made.negatives, &candidates);
        }
        if let Some(made) = world.make(Negatives::FixedRatio { ratio }) {
            prop_assert!(made.positives.is_subset(&positives));
            prop_assert!(made.negatives.is_subset(&candidates));
            let each = |pairs: &BTreeSet<Elements2>| tally(pairs.iter().map(|pair| pair.0));
            let enough: BTreeSet<Region> = each(&candidates)
                .into_iter()
                .filter(|&(_, count)| count >= ratio as usize)
                .map(|(enhancer, _)| enhancer)
                .collect();
            let wanted = |count: usize| enough.iter().map(|&e| (e, count)).collect::<BTreeMap<_, _>>();
            prop_assert_eq!(each(&made.positives), wanted(1));
            prop_assert_eq!(each(&made.negatives), wanted(ratio as usize));
        }
    }
}
