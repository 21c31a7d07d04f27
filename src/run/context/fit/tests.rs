use rand::RngExt;

use super::*;
use crate::element::Sides;
use crate::evaluation::auroc;
use crate::genome::{ChromId, Region};
use crate::seed::{Purpose, stream};

/// Pairs of each chromosome of [`Planted`].
const EACH: usize = 40;

/// Pairs of six chromosomes with three columns, of which two tell the label together, but for one in ten.
struct Planted {
    pairs: Vec<Pair>,
    columns: Vec<(String, Vec<f32>)>,
}

fn pair(chrom: u32, place: u32) -> Pair {
    let region = |start| Region {
        chrom: ChromId(chrom),
        start,
        end: start + 10,
    };
    Pair {
        elements: Sides::new(region(100 * place), region(50_000)),
        label: None,
        line: place + 2,
        gene: None,
    }
}

impl Planted {
    fn new() -> Self {
        let mut rng = stream(3, Purpose::Simulation, 0);
        let mut columns: Vec<(String, Vec<f32>)> = ["a", "b", "c"]
            .map(|name| (name.to_string(), Vec::new()))
            .into();
        let mut pairs = Vec::new();
        for chrom in 0..6 {
            for place in 0..EACH as u32 {
                let values: [f32; 3] = std::array::from_fn(|_| rng.random());
                let noise = rng.random::<f32>() < 0.1;
                let mut pair = pair(chrom, place);
                pair.label = Some((values[0] > 0.4 && values[1] > 0.4) != noise);
                pairs.push(pair);
                for ((_, column), value) in columns.iter_mut().zip(values) {
                    column.push(value);
                }
            }
        }
        Self { pairs, columns }
    }

    fn table(&self) -> FeatureTable {
        FeatureTable::new(self.columns.iter().cloned()).unwrap()
    }

    /// The places of the pairs of some chromosomes.
    fn on(&self, chroms: std::ops::Range<u32>) -> Vec<usize> {
        let of = |place: &usize| chroms.contains(&self.pairs[*place].elements.enhancer.chrom.0);
        (0..self.pairs.len()).filter(of).collect()
    }

    fn fit(&self, train: &[usize]) -> Result<FittedContext> {
        Context::fit(&self.table(), &self.pairs, train, 1)
    }

    fn auroc(&self, places: &[usize], scores: impl Iterator<Item = f64>) -> f64 {
        let scored = places.iter().zip(scores).map(|(&place, score)| Scored {
            score,
            positive: self.pairs[place].label == Some(true),
        });
        auroc(&scored.collect::<Vec<_>>()).unwrap()
    }
}

#[test]
fn a_planted_rule_is_found_on_chromosomes_that_were_not_seen() {
    let planted = Planted::new();
    let (train, test) = (planted.on(0..5), planted.on(5..6));
    let FittedContext { context, crossed } = planted.fit(&train).unwrap();
    assert_eq!(crossed.len(), train.len());
    let own = planted.auroc(&train, crossed.iter().copied());
    let logits = context.logits(&planted.table()).unwrap();
    let others = planted.auroc(&test, test.iter().map(|&place| logits[place]));
    assert!(own > 0.8 && others > 0.7, "{own} {others}");
    // What is said of pairs that were not seen means probabilities, at the training part's prevalence.
    let mean = |logits: &mut dyn Iterator<Item = f64>, of: usize| {
        logits
            .map(|logit| 1.0 / (1.0 + (-logit).exp()))
            .sum::<f64>()
            / of as f64
    };
    let positives = train
        .iter()
        .filter(|&&place| planted.pairs[place].label == Some(true));
    let rate = positives.count() as f64 / train.len() as f64;
    let said = mean(&mut crossed.iter().copied(), train.len());
    assert!((said - rate).abs() < 0.05, "{said} {rate}");
    let said = mean(&mut test.iter().map(|&place| logits[place]), test.len());
    assert!((said - rate).abs() < 0.15, "{said} {rate}");
}

#[test]
fn what_is_crossed_never_saw_the_labels_of_its_own_chromosome() {
    let planted = Planted::new();
    let train = planted.on(0..6);
    let before = planted.fit(&train).unwrap();
    let mut turned = Planted::new();
    let own = turned.on(2..3);
    for &place in &own {
        let label = &mut turned.pairs[place].label;
        *label = label.map(|label| !label);
    }
    let after = turned.fit(&train).unwrap();
    for place in train {
        let is_own = own.contains(&place);
        let same = before.crossed[place] == after.crossed[place];
        assert!(same || !is_own, "pair {place} has seen its label");
    }
    let others = (0..before.crossed.len()).filter(|place| !own.contains(place));
    let changed = others.filter(|&place| before.crossed[place] != after.crossed[place]);
    assert!(changed.count() > 3 * EACH, "those labels taught nothing");
    assert_ne!(before.context, after.context);
}

#[test]
fn labels_of_pairs_that_are_not_trained_on_change_nothing() {
    let planted = Planted::new();
    let train = planted.on(0..4);
    let before = planted.fit(&train).unwrap();
    let mut unknown = Planted::new();
    for place in unknown.on(4..6) {
        unknown.pairs[place].label = None;
    }
    assert_eq!(unknown.fit(&train).unwrap(), before);
}

#[test]
fn a_context_survives_json_to_the_bit_and_broken_ones_are_refused() {
    let planted = Planted::new();
    let context = planted.fit(&planted.on(0..4)).unwrap().context;
    let json = serde_json::to_string(&context).unwrap();
    let again: Context = serde_json::from_str(&json).unwrap();
    assert_eq!(again, context);
    let table = planted.table();
    let bits = |context: &Context| -> Vec<u64> {
        let logits = context.logits(&table).unwrap();
        logits.into_iter().map(f64::to_bits).collect()
    };
    assert_eq!(bits(&again), bits(&context));
    let read = |json: &str| serde_json::from_str::<Context>(json);
    let short = json.replacen("\"a\",\"b\",\"c\"", "\"a\"", 1);
    assert!(short != json);
    let error = read(&short).unwrap_err().to_string();
    assert!(error.contains("columns, and it names 1"), "{error}");
    let none = r#"{"columns": ["a"], "forests": [], "correction": null}"#;
    assert!(read(none).unwrap_err().to_string().contains("no trees"));
}

#[test]
fn rows_and_columns_in_another_order_say_the_same() {
    let planted = Planted::new();
    let context = planted.fit(&planted.on(0..4)).unwrap().context;
    let logits = context.logits(&planted.table()).unwrap();
    let turned = planted.columns.iter().rev().cloned().map(|(name, values)| {
        let values = values.into_iter().rev().collect();
        (name, values)
    });
    let mut turned = context.logits(&FeatureTable::new(turned).unwrap()).unwrap();
    turned.reverse();
    assert_eq!(turned, logits);
}

#[test]
fn other_columns_are_all_named() {
    let planted = Planted::new();
    let context = planted.fit(&planted.on(0..4)).unwrap().context;
    assert_eq!(context.columns(), ["a", "b", "c"]);
    let named = ["b", "d", "e"].map(|name| (name.to_string(), vec![0.5]));
    let error = context
        .logits(&FeatureTable::new(named).unwrap())
        .unwrap_err();
    let error = error.to_string();
    let wanted = "\"a\", \"c\" missing; \"d\", \"e\" not among those of the training";
    assert!(error.contains(wanted), "{error}");
}

#[test]
fn the_number_of_threads_changes_nothing_but_the_seed_does() {
    let planted = Planted::new();
    let train = planted.on(0..3);
    let fit = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let fit = || Context::fit(&planted.table(), &planted.pairs, &train, seed).unwrap();
        pool.build().unwrap().install(fit)
    };
    assert_eq!(fit(1, 1), fit(3, 1));
    assert_ne!(fit(1, 1), fit(1, 2));
}

#[test]
fn two_chromosomes_are_enough_and_pairs_between_them_have_the_prevalence() {
    let mut planted = Planted::new();
    let train = planted.on(0..2);
    planted.pairs[0].elements.promoter.chrom = ChromId(1);
    let FittedContext { context, crossed } = planted.fit(&train).unwrap();
    // No pair lies in neither.
    assert_eq!(crossed[0], 0.0);
    assert!(crossed[1..].iter().any(|logit| *logit != crossed[1]));
    assert_eq!(
        context.logits(&planted.table()).unwrap().len(),
        planted.pairs.len()
    );
}

#[test]
fn pairs_between_chromosomes_have_what_trees_say_that_saw_neither() {
    let between = 0..8;
    let planted = |turned: bool| {
        let mut planted = Planted::new();
        for place in between.clone() {
            planted.pairs[place].elements.promoter.chrom = ChromId(1);
        }
        for place in planted.on(0..2) {
            let label = &mut planted.pairs[place].label;
            *label = label.map(|label| label != turned);
        }
        planted
    };
    let crossed = |turned: bool| {
        let planted = planted(turned);
        planted.fit(&planted.on(0..6)).unwrap().crossed
    };
    let (before, after) = (crossed(false), crossed(true));
    assert_eq!(before[between.clone()], after[between.clone()]);
    assert_ne!(before, after);
    // Their own columns tell them apart, which one prevalence would not.
    let of = &before[between.clone()];
    assert!(of.iter().any(|log_odds| *log_odds != of[0]), "{of:?}");
}

#[test]
fn what_cannot_be_fitted_is_known_before() {
    let check = |planted: &Planted, train: &[usize]| {
        let example = |&row: &usize| Example {
            row,
            positive: planted.pairs[row].label == Some(true),
        };
        let examples: Vec<Example> = train.iter().map(example).collect();
        Context::check(&planted.pairs, &examples)
    };
    let mut planted = Planted::new();
    let train = planted.on(0..3);
    assert!(check(&planted, &train).is_ok());
    let error = check(&planted, &planted.on(1..2)).unwrap_err().to_string();
    assert!(error.contains("on one chromosome"), "{error}");
    // All positives on one of them.
    for place in planted.on(1..3) {
        planted.pairs[place].label = Some(false);
    }
    let error = check(&planted, &train).unwrap_err().to_string();
    assert!(error.contains("0 of 80 training pairs"), "{error}");
    assert!(planted.fit(&train).is_err());
}

#[test]
fn pairs_that_teach_nothing_are_refused() {
    let mut planted = Planted::new();
    let said = |planted: &Planted, train: &[usize]| planted.fit(train).unwrap_err().to_string();
    let one = planted.on(1..2);
    assert!(said(&planted, &one).contains("on one chromosome"));
    let train = planted.on(0..3);
    planted.pairs[train[5]].label = None;
    assert!(said(&planted, &train).contains("the pair of line 7 has no label"));
    for &place in &train {
        planted.pairs[place].label = Some(false);
    }
    assert!(said(&planted, &train).contains("0 positive"));
}
