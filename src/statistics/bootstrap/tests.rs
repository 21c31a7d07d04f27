use rand_distr::StandardNormal;

use super::*;
use crate::error::Error;

fn mean(sample: &[f64]) -> Result<f64> {
    Ok(sample.iter().sum::<f64>() / sample.len() as f64)
}

/// Pairs that share nothing.
fn apart(pairs: usize) -> Clusters {
    Clusters::new((0..pairs).map(|place| (place, place)))
}

fn width(of: Estimate) -> f64 {
    let interval = of.interval().unwrap();
    interval.high - interval.low
}

#[test]
fn the_interval_holds_the_mean_and_repeats() {
    let sample: Vec<f64> = (0..200).map(|i| f64::from(i * 37 % 101) / 100.0).collect();
    let of = |seed| bootstrap(&sample, &apart(200), 200, seed, mean).unwrap();
    let got = of(1);
    let interval = got.interval().unwrap();
    assert!(
        interval.low < got.value && got.value < interval.high,
        "{got:?}"
    );
    assert_eq!(got, of(1));
    assert_ne!(got, of(2));
    // Standard error: 0.29 / √200, about 0.021; four of them.
    assert!((0.065..0.095).contains(&width(got)), "{got:?}");
}

#[test]
fn pairs_that_say_the_same_make_it_wider() {
    // Each value ten times: the interval is that of twenty values.
    let value = |cluster: usize| (cluster * 7 % 20) as f64 / 20.0;
    let sample: Vec<f64> = (0..200).map(|place| value(place / 10)).collect();
    let by_first = Clusters::new((0..200).map(|place| (place / 10, place)));
    let by_second = Clusters::new((0..200).map(|place| (place, place / 10)));
    let of = |clusters: &Clusters| bootstrap(&sample, clusters, 20, 1, mean).unwrap();
    assert_eq!(of(&by_first), of(&by_second));
    let twenty: Vec<f64> = (0..20).map(value).collect();
    let wanted = width(bootstrap(&twenty, &apart(20), 20, 1, mean).unwrap());
    // But for draws that are the value itself, or not in their last bit.
    assert!((width(of(&by_first)) / wanted - 1.0).abs() < 0.05);
    assert!(width(of(&by_first)) > 2.5 * width(of(&apart(200))));
}

#[test]
fn too_few_clusters_have_no_interval() {
    let sample = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    let of = |independent| bootstrap(&sample, &apart(6), independent, 1, mean).unwrap();
    assert_eq!(of(4), Estimate::alone(of(5).value));
    assert!(of(5).interval().is_some());
}

#[test]
fn a_statistic_of_no_resample_has_no_interval() {
    let whole = |sample: &[u32]| match sample.iter().copied().eq(0..20) {
        true => Ok(1.0),
        false => Err(Error::Undefined("not all of them".to_string())),
    };
    let sample: Vec<u32> = (0..20).collect();
    let got = bootstrap(&sample, &apart(20), 20, 1, whole).unwrap();
    assert_eq!(got.interval(), None);
    assert!(bootstrap(&sample[1..], &apart(19), 19, 1, whole).is_err());
}

#[test]
fn a_difference_reaches_below_zero_and_no_further_than_it_can() {
    // Two in three are the worse by 0.9.
    let sample: Vec<f64> = (0..60)
        .map(|place| if place % 3 == 0 { 0.0 } else { -0.9 })
        .collect();
    let of = |sample: &[f64]| bootstrap_difference(sample, &apart(60), 60, 1, mean).unwrap();
    let got = of(&sample).interval().unwrap();
    assert!((got.value + 0.6).abs() < 1e-12, "{got:?}");
    // Standard error: 0.9 √(2/9) / √60, about 0.055; four of them.
    let wide = got.high - got.low;
    assert!(
        got.low < -0.6 && got.high < -0.45 && (0.17..0.28).contains(&wide),
        "{got:?}"
    );
    let mirrored: Vec<f64> = sample.iter().map(|value| -value).collect();
    let mirrored = of(&mirrored).interval().unwrap();
    assert!((mirrored.low + got.high).abs() < 1e-6 && (mirrored.high + got.low).abs() < 1e-6);
    let least = of(&[-1.0; 60]).interval().unwrap();
    assert_eq!((least.low, least.high), (-1.0, -1.0));
}

#[test]
fn percentiles_are_corrected_for_bias() {
    let draws: Vec<f64> = (0..1000).map(|i| f64::from(i) / 999.0).collect();
    // Half below: the plain percentiles of a normal distribution's 1.96.
    let (low, high) = bias_corrected(0.5, &draws, 1.959_963_985).unwrap();
    assert!((low - 0.025).abs() < 1e-6 && (high - 0.975).abs() < 1e-6);
    // scipy: z0 = norm.ppf(.4); norm.cdf(2 * z0 + [-1.959963985, 1.959963985])
    let (low, high) = bias_corrected(0.4 - 1e-6, &draws, 1.959_963_985).unwrap();
    assert!((low - 0.006_819_024).abs() < 1e-6 && (high - 0.926_925_568).abs() < 1e-6);
    // The t of 4 degrees of freedom, and 5 values' variance.
    assert!((reach(5) - 2.776_445 * 1.25f64.sqrt()).abs() < 1e-5);
}

/// Scores in which promoters and enhancers have parts of their own, some way apart in both classes.
struct Simulated {
    scores: Vec<(f64, bool)>,
    clusters: Clusters,
}

/// The probability that a positive scores higher than a negative, ties counting half.
fn higher(sample: &[(f64, bool)]) -> Result<f64> {
    let mut sorted = sample.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut negatives, mut positives, mut wins) = (0.0, 0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        let here = tied.iter().filter(|pair| pair.1).count() as f64;
        let others = tied.len() as f64 - here;
        wins += here * (negatives + others / 2.0);
        positives += here;
        negatives += others;
    }
    match positives * negatives > 0.0 {
        true => Ok(wins / (positives * negatives)),
        false => Err(Error::Undefined("one class".to_string())),
    }
}

impl Simulated {
    /// 27 promoters with six enhancers each, two of which are the next promoter's too.
    fn promoters(index: u64) -> Self {
        let mut rng = stream(14, Purpose::Simulation, index);
        let pairs: Vec<(usize, usize)> = (0..27)
            .flat_map(|promoter| (0..6).map(move |next| (4 * promoter + next, promoter)))
            .collect();
        let mut normal =
            |count: usize| -> Vec<f64> { (0..count).map(|_| rng.sample(StandardNormal)).collect() };
        let (of_promoters, of_enhancers) = (normal(27), normal(27 * 4 + 2));
        let own = normal(pairs.len());
        let rates: Vec<f64> = (0..27).map(|_| 0.1 + 0.5 * rng.random::<f64>()).collect();
        let each = pairs.iter().zip(own);
        let scores = each.map(|(&(enhancer, promoter), own)| {
            let positive = rng.random::<f64>() < rates[promoter];
            let base = of_promoters[promoter] + 0.6 * of_enhancers[enhancer] + 0.6 * own;
            (base + f64::from(u8::from(positive)), positive)
        });
        Self {
            scores: scores.collect(),
            clusters: Clusters::new(pairs),
        }
    }

    /// As many independent pairs of either class.
    fn independent(index: u64, positives: usize, negatives: usize) -> Self {
        let mut rng = stream(15, Purpose::Simulation, index);
        let count = positives + negatives;
        let scores = (0..count).map(|place| {
            let score: f64 = rng.sample(StandardNormal);
            let positive = place < positives;
            (score + f64::from(u8::from(positive)), positive)
        });
        Self {
            scores: scores.collect(),
            clusters: apart(count),
        }
    }

    /// Whether the interval holds the truth.
    fn covers(&self, clusters: &Clusters, truth: f64) -> bool {
        let places = 0..self.scores.len();
        let positives: Vec<usize> = places.filter(|&place| self.scores[place].1).collect();
        let distinct = clusters.of(&positives).distinct();
        let resampling = Resampling {
            sample: &self.scores,
            // Another for each.
            seed: self.scores[0].0.to_bits(),
            resamples: 200,
            range: MEASURES,
            statistic: higher,
        };
        let independent = distinct.first.min(distinct.second);
        let got = resampling.estimate(clusters, independent).unwrap();
        let interval = got.interval().unwrap();
        (interval.low..=interval.high).contains(&truth)
    }
}

/// The part of so many that hold.
fn part(of: u64, holds: impl Fn(u64) -> bool + Sync) -> f64 {
    let count = (0..of).into_par_iter().filter(|&index| holds(index));
    count.count() as f64 / of as f64
}

/// The area under the curve of scores 1 apart whose variance is this: Φ(1 / √(2 variance)).
fn area(variance: f64) -> f64 {
    Normal::standard().cdf(1.0 / (2.0 * variance).sqrt())
}

#[test]
fn intervals_hold_the_truth_where_promoters_have_effects() {
    let truth = area(1.0 + 0.36 + 0.36);
    let by_cluster = part(1000, |index| {
        let simulated = Simulated::promoters(index);
        simulated.covers(&simulated.clusters, truth)
    });
    assert!((0.93..=0.975).contains(&by_cluster), "{by_cluster}");
    // As if pairs were independent, one in ten does not.
    let by_pair = part(1000, |index| {
        let simulated = Simulated::promoters(index);
        simulated.covers(&apart(simulated.scores.len()), truth)
    });
    assert!(by_pair < 0.92, "{by_pair}");
}

#[test]
fn intervals_of_independent_pairs_are_not_much_too_wide() {
    let truth = area(1.0);
    let held = part(500, |index| {
        let simulated = Simulated::independent(index, 10, 211);
        simulated.covers(&simulated.clusters, truth)
    });
    assert!((0.93..=0.99).contains(&held), "{held}");
}

#[test]
fn intervals_of_differences_hold_the_truth() {
    // Two methods that are as good as each other: what each adds, to a promoter's pairs and to each pair, is luck.
    let held = part(300, |index| {
        let simulated = Simulated::promoters(index);
        let mut rng = stream(16, Purpose::Simulation, index);
        let mut luck = |count: usize, size: f64| -> Vec<[f64; 2]> {
            let mut of_methods = || [0, 1].map(|_| size * rng.sample::<f64, _>(StandardNormal));
            (0..count).map(|_| of_methods()).collect()
        };
        let (of_promoters, of_pairs) = (luck(27, 0.5), luck(simulated.scores.len(), 0.6));
        let both = simulated
            .scores
            .iter()
            .enumerate()
            .map(|(place, &(score, positive))| {
                let [promoter, pair] = [of_promoters[place / 6], of_pairs[place]];
                (
                    [0, 1].map(|method| score + promoter[method] + pair[method]),
                    positive,
                )
            });
        let both: Vec<([f64; 2], bool)> = both.collect();
        let difference = |sample: &[([f64; 2], bool)]| -> Result<f64> {
            let of = |method: usize| {
                let scores = sample.iter().map(|of| (of.0[method], of.1));
                higher(&scores.collect::<Vec<_>>())
            };
            Ok(of(0)? - of(1)?)
        };
        let promoters = both.iter().zip(0..).filter(|(of, _)| of.1);
        let mut promoters: Vec<usize> = promoters.map(|(_, place)| place / 6).collect();
        promoters.dedup();
        let resampling = Resampling {
            sample: &both,
            seed: index,
            resamples: 200,
            range: DIFFERENCES,
            statistic: difference,
        };
        let got = resampling.estimate(&simulated.clusters, promoters.len());
        let interval = got.unwrap().interval().unwrap();
        (interval.low..=interval.high).contains(&0.0)
    });
    assert!((0.9..=0.985).contains(&held), "{held}");
}
