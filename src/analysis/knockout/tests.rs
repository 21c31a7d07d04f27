//! The tests on plain numbers: whether they say nothing where there is nothing.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::folder::PAIRS;
use super::rows::{FACTOR_COLUMNS, FactorRow, PAIR_COLUMNS, PairRow, Row, Tested, adjust};
use super::tested::interaction;
use super::{Knock, chosen_of, rows};
use crate::element::Sides;
use crate::seed::{Purpose, stream};
use crate::statistics::Clusters;

/// Data sets of a simulation, and the one-sided Kolmogorov–Smirnov distance of so many numbers that one in a
/// thousand sets of uniform ones exceeds.
const SEEDS: u64 = 40;
const FURTHEST: f64 = 0.29;
/// Factors of each side.
const FACTORS: usize = 6;
/// Promoters, and the enhancers of each.
const PROMOTERS: usize = 25;
const ENHANCERS: usize = 6;

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

/// How far above the diagonal the part of the numbers up to each of them lies.
fn too_many_small(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let count = numbers.len() as f64;
    let above = numbers
        .iter()
        .zip(1..)
        .map(|(p, rank)| f64::from(rank) / count - p);
    above.fold(0.0, f64::max)
}

fn uniform(numbers: &[f64]) -> bool {
    let large = numbers.iter().map(|p| 1.0 - p).collect();
    [numbers.to_vec(), large]
        .into_iter()
        .all(|numbers| too_many_small(numbers) < FURTHEST)
}

/// What sites and moved places of each factor change in each window of each side.
struct Changes {
    enhancers: Vec<Vec<[f64; 2]>>,
    promoters: Vec<Vec<[f64; 2]>>,
    /// What both change together beyond the sum, of each pair: sites and moved places.
    together: Vec<[f64; 2]>,
}

impl Changes {
    /// Sites add `effect` to what any replaced stretch changes, and `beyond` where both are replaced.
    fn new(seed: u64, effect: f64, beyond: f64) -> Self {
        let mut rng = stream(seed, Purpose::Simulation, 0);
        let mut of = |windows: usize| -> Vec<Vec<[f64; 2]>> {
            let mut factor = || -> Vec<[f64; 2]> {
                let two = |_| [effect + normal(&mut rng), normal(&mut rng)];
                (0..windows).map(two).collect()
            };
            (0..FACTORS).map(|_| factor()).collect()
        };
        let enhancers = of(PROMOTERS * ENHANCERS);
        let promoters = of(PROMOTERS);
        let mut together = Vec::new();
        for _ in 0..PROMOTERS {
            // What a promoter's pairs have in common.
            let common = [normal(&mut rng), normal(&mut rng)];
            for _ in 0..ENHANCERS {
                let noise = [normal(&mut rng), normal(&mut rng)];
                together.push([
                    beyond + common[0] + 0.3 * noise[0],
                    common[1] + 0.3 * noise[1],
                ]);
            }
        }
        Self {
            enhancers,
            promoters,
            together,
        }
    }

    fn of(&self, factors: Sides<usize>, pair: usize) -> [[f64; 3]; 2] {
        [0, 1].map(|moved| {
            let enhancer = self.enhancers[factors.enhancer][pair][moved];
            let promoter = self.promoters[factors.promoter][pair / ENHANCERS][moved];
            let both = enhancer + promoter + self.together[pair][moved];
            [enhancer, promoter, both]
        })
    }
}

fn clusters() -> Clusters {
    Clusters::new((0..PROMOTERS * ENHANCERS).map(|pair| (pair, pair / ENHANCERS)))
}

fn row(factor: usize, side: Knock, changes: &[[f64; 2]], test: (u64, u64)) -> FactorRow {
    let tested = Tested::new(changes, &clusters(), test).unwrap();
    FactorRow {
        factor: factor.to_string(),
        side,
        pairs_with_sites: tested.pairs,
        sites: tested.pairs,
        not_removed: 0.0,
        crowded: 0.0,
        pairs: tested.pairs,
        components: tested.components,
        mean_delta: tested.mean,
        control: tested.control,
        difference: tested.difference,
        low: tested.low,
        high: tested.high,
        p: tested.p,
        q: None,
    }
}

/// The rows of single factors, and the p-value of the two with the smallest p of each side together.
fn found(seed: u64, effect: f64, beyond: f64) -> (Vec<FactorRow>, f64) {
    let changes = Changes::new(seed, effect, beyond);
    let mut rows = Vec::new();
    for factor in 0..FACTORS {
        for (knock, side) in [Knock::Enhancer, Knock::Promoter].into_iter().enumerate() {
            let factors = Sides::new(factor, factor);
            let pairs = (0..PROMOTERS * ENHANCERS).map(|pair| changes.of(factors, pair));
            let of: Vec<[f64; 2]> = pairs.map(|of| of.map(|of| of[knock])).collect();
            rows.push(row(factor, side, &of, (seed, rows.len() as u64)));
        }
    }
    adjust(&mut rows);
    let chosen = Sides::new(Knock::Enhancer, Knock::Promoter);
    let chosen = chosen.map(|side| chosen_of(&rows, side, 1)[0].parse::<usize>().unwrap());
    let pairs = (0..PROMOTERS * ENHANCERS).map(|pair| changes.of(chosen, pair));
    let together: Vec<[f64; 2]> = pairs.map(|of| of.map(interaction)).collect();
    let tested = Tested::new(&together, &clusters(), (seed, 1000)).unwrap();
    assert_eq!(tested.components, PROMOTERS);
    (rows, tested.p.unwrap())
}

#[test]
fn sites_that_carry_nothing_have_uniform_p_values() {
    let all: Vec<_> = (0..SEEDS).map(|seed| found(seed, 0.0, 0.0)).collect();
    for side in [Knock::Enhancer, Knock::Promoter] {
        for factor in 0..FACTORS {
            let name = factor.to_string();
            let of = |rows: &[FactorRow]| {
                let mut rows = rows.iter();
                let row = rows.find(|row| row.side == side && row.factor == name);
                row.unwrap().p.unwrap()
            };
            let p: Vec<f64> = all.iter().map(|(rows, _)| of(rows)).collect();
            assert!(uniform(&p), "{side:?} {factor}: {p:?}");
        }
    }
    // One in twenty of 40 data sets has a small q-value: more than seven are seen less than once in a
    // thousand times.
    let small = |rows: &[FactorRow]| rows.iter().any(|row| row.q.unwrap() <= 0.05);
    let any = all.iter().filter(|(rows, _)| small(rows)).count();
    assert!(any <= 7, "{any}");
    // The most extreme ones by themselves say nothing about what they do together.
    let together: Vec<f64> = all.iter().map(|&(_, p)| p).collect();
    assert!(uniform(&together), "{together:?}");
}

#[test]
fn sites_that_add_up_are_found_and_their_pairs_are_not() {
    let all: Vec<_> = (0..SEEDS).map(|seed| found(seed, 2.0, 0.0)).collect();
    for (rows, _) in &all {
        assert!(rows.iter().all(|row| row.q.unwrap() <= 0.05));
        assert!(rows.iter().all(|row| row.difference > 0.5));
    }
    let together: Vec<f64> = all.iter().map(|&(_, p)| p).collect();
    assert!(uniform(&together), "{together:?}");
    // And where the one needs the other.
    let needed = (0..SEEDS).map(|seed| found(seed, 2.0, -2.0).1);
    assert!(
        needed.clone().all(|p| p < 0.01),
        "{:?}",
        needed.collect::<Vec<f64>>()
    );
}

#[test]
fn two_that_need_each_other_are_below_zero_and_spares_above() {
    // Either's sites are of no use without the other's.
    assert_eq!(interaction([3.0, 3.0, 3.0]), -3.0);
    // Only without both is anything lost.
    assert_eq!(interaction([0.0, 0.0, 3.0]), 3.0);
    assert_eq!(interaction([1.0, 2.0, 3.0]), 0.0);
}

#[test]
fn tables_are_read_as_they_were_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(PAIRS);
    let pair = |p: Option<f64>, difference: f64| PairRow {
        enhancer_tf: "CTCF".to_string(),
        promoter_tf: "JUN".to_string(),
        pairs_with_both: 9,
        pairs: 7,
        components: 6,
        delta_enhancer: 0.5,
        delta_promoter: 0.25,
        delta_both: 0.5,
        interaction: -0.25,
        control: 0.0,
        difference,
        low: None,
        high: p,
        p,
        q: None,
        difference_apart: None,
        q_apart: None,
        explained_by: None,
    };
    let mut written = vec![pair(None, 9.0), pair(Some(0.5), 1.0), pair(Some(0.5), -2.0)];
    adjust(&mut written);
    let differences: Vec<f64> = written.iter().map(Row::difference).collect();
    assert_eq!(differences, [-2.0, 1.0, 9.0]);
    assert_eq!(written[1].q, Some(0.5));
    rows::write(&path, &PAIR_COLUMNS, &written).unwrap();
    assert_eq!(rows::read::<PairRow>(&path).unwrap(), written);
    rows::write::<PairRow>(&path, &PAIR_COLUMNS, &[]).unwrap();
    assert!(rows::read::<PairRow>(&path).unwrap().is_empty());
    rows::write(&path, &PAIR_COLUMNS, &written).unwrap();
    assert!(rows::read::<FactorRow>(&path).is_err());
    // The names of the columns are those of the fields.
    let names = |row: serde_json::Value| -> Vec<String> {
        row.as_object().unwrap().keys().cloned().collect()
    };
    let sorted = |columns: &[&str]| {
        let mut columns: Vec<String> = columns.iter().map(|name| name.to_string()).collect();
        columns.sort();
        columns
    };
    let mut fields = names(serde_json::to_value(&written[0]).unwrap());
    fields.sort();
    assert_eq!(fields, sorted(&PAIR_COLUMNS));
    let factor = row(0, Knock::Both, &[[1.0, 0.0]; PROMOTERS * ENHANCERS], (1, 1));
    let mut fields = names(serde_json::to_value(&factor).unwrap());
    fields.sort();
    assert_eq!(fields, sorted(&FACTOR_COLUMNS));
}
