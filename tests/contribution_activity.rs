//! Contributions to a predicted activity, against finite differences of an implementation in double
//! precision that reads letters as numbers.

use std::ops::Range;

use burn::tensor::Device;
use epitrack::attention::Pooling;
use epitrack::element::Element;
use epitrack::error::Error;
use epitrack::network::contribution::{ActivityWindow, Contribution};
use epitrack::network::inference::{Ensemble, Predictor};
use epitrack::network::model::{ActivityForm, Epiann, ModelConfig, Weights};
use rand::RngExt;

use super::kernels::agreement::{on_threads, random};
use super::support;

/// How far the neighbours lie that each block of the layers looks at.
const DILATIONS: [usize; 4] = [1, 2, 4, 8];
/// What a letter is changed by.
const STEP: f64 = 1e-4;

fn config() -> ModelConfig {
    ModelConfig {
        enhancer_length: 131,
        promoter_length: 77,
        filters: 9,
        filter_width: 8,
        pool_width: 7,
        attention_dim: 3,
        top_k: 5,
        classifier_hidden: 6,
        coordinate_hidden: [5, 3],
        activity: Some(ActivityForm {
            hidden: 5,
            outputs: 2,
        }),
        ..ModelConfig::default()
    }
}

/// The first weights of a seed, some times as large.
fn weights(config: &ModelConfig, seed: u64, size: impl Fn(&str) -> f32) -> Weights {
    let first = Epiann::new(config, seed, &Device::flex()).unwrap();
    let mut weights = Weights::default();
    for (name, shape, values) in first.weights().unwrap().iter() {
        let values = values.iter().map(|value| value * size(name)).collect();
        weights.insert(name.to_string(), shape.to_vec(), values);
    }
    weights
}

fn predictor(config: &ModelConfig, weights: &Weights, device: &Device) -> Predictor {
    let network = Epiann::load(config, weights, device).unwrap();
    Predictor::new(network, device.clone())
}

/// Windows with some N.
fn windows(length: u32, count: usize, seed: u64) -> Vec<Vec<u8>> {
    let mut rng = random(seed);
    let mut window = || -> Vec<u8> {
        let bases = (0..length).map(|_| match rng.random_bool(0.05) {
            true => 4,
            false => rng.random_range(0..4),
        });
        bases.collect()
    };
    (0..count).map(|_| window()).collect()
}

fn pooling(config: &ModelConfig, side: Element) -> Pooling {
    *config.pooling().get(side)
}

/// The network's weights, for an implementation of its own.
struct Plain<'a> {
    weights: &'a Weights,
    pooling: Pooling,
    filters: usize,
}

impl Plain<'_> {
    /// The mean activity of some bins of a window of letters, `[L][4]`.
    fn activity(&self, letters: &[[f64; 4]], bins: &Range<usize>, source: usize) -> f64 {
        let mut hidden = rectified(self.layer(&self.activations(letters), "activity.projection"));
        for (number, dilation) in DILATIONS.into_iter().enumerate() {
            let thirds = self.layer(&hidden, &format!("activity.blocks.{number}"));
            let width = hidden[0].len();
            let seen = (0..hidden.len()).map(|bin| {
                let part = |bin: Option<usize>, third: usize, unit: usize| {
                    let row = bin.and_then(|bin| thirds.get(bin));
                    row.map_or(0.0, |row| row[third * width + unit])
                };
                let of_unit = |unit: usize| {
                    part(bin.checked_sub(dilation), 0, unit)
                        + part(Some(bin), 1, unit)
                        + part(Some(bin + dilation), 2, unit)
                };
                (0..width).map(of_unit).collect::<Vec<f64>>()
            });
            let seen = rectified(seen.collect());
            for (hidden, seen) in hidden.iter_mut().zip(seen) {
                hidden.iter_mut().zip(seen).for_each(|(sum, of)| *sum += of);
            }
        }
        let output = self.layer(&hidden, "activity.output");
        let sum: f64 = bins.clone().map(|bin| output[bin][source]).sum();
        sum / bins.len() as f64
    }

    /// `[l][k]`
    fn activations(&self, letters: &[[f64; 4]]) -> Vec<Vec<f64>> {
        let (taps, width) = (self.weights.values("conv.weight"), self.pooling.width);
        let sum = |filter: usize, position: usize| -> f64 {
            let seen = letters[position..position + width].iter().enumerate();
            let of_base = seen.map(|(tap, letters)| -> f64 {
                let of = |letter: usize| f64::from(taps[(4 * filter + letter) * width + tap]);
                (0..4).map(|letter| of(letter) * letters[letter]).sum()
            });
            of_base.sum()
        };
        let bin = |bin: usize| {
            let most = |filter: usize| {
                let sums = self.pooling.positions_of(bin);
                let sums = sums.map(|position| sum(filter, position));
                sums.fold(0.0, f64::max)
            };
            (0..self.filters).map(most).collect::<Vec<f64>>()
        };
        (0..self.pooling.bins()).map(bin).collect()
    }

    /// Every row times a layer's weights, `[inputs, outputs]`, and its bias.
    fn layer(&self, rows: &[Vec<f64>], name: &str) -> Vec<Vec<f64>> {
        let array = |what: &str| self.weights.values(&format!("{name}.{what}"));
        let (weight, bias) = (array("weight"), array("bias"));
        let outputs = bias.len();
        assert_eq!(weight.len(), rows[0].len() * outputs, "{name}");
        let of_row = |row: &Vec<f64>| {
            let of_output = |output: usize| {
                let column = weight.iter().skip(output).step_by(outputs);
                let products = row.iter().zip(column);
                let product = products.map(|(x, &weight)| x * f64::from(weight));
                product.sum::<f64>() + f64::from(bias[output])
            };
            (0..outputs).map(of_output).collect::<Vec<f64>>()
        };
        rows.iter().map(of_row).collect()
    }

    /// Of each letter of each base the slope of the activity, less its mean over the four letters; nothing of
    /// bases where it has a kink.
    fn letters(
        &self,
        window: &ActivityWindow,
        source: usize,
    ) -> (Vec<Option<[f64; 4]>>, Vec<[f64; 4]>) {
        let one_hot = |&code: &u8| -> [f64; 4] {
            std::array::from_fn(|letter| f64::from(u8::from(usize::from(code) == letter)))
        };
        let mut letters: Vec<[f64; 4]> = window.codes.iter().map(one_hot).collect();
        let known = letters.clone();
        let here = self.activity(&letters, &window.bins, source);
        let mut slopes = Vec::new();
        for (base, own) in known.iter().enumerate() {
            let mut of_base = [Some(0.0); 4];
            for (letter, slope) in of_base.iter_mut().enumerate() {
                let [up, down] = [STEP, -STEP].map(|step| {
                    letters[base][letter] = own[letter] + step;
                    (self.activity(&letters, &window.bins, source) - here) / step
                });
                letters[base] = *own;
                let is_smooth = (up - down).abs() <= 1e-6 * up.abs().max(1e-3);
                *slope = is_smooth.then_some((up + down) / 2.0);
            }
            let [Some(a), Some(c), Some(g), Some(t)] = of_base else {
                slopes.push(None);
                continue;
            };
            let mean = (a + c + g + t) / 4.0;
            slopes.push(Some([a, c, g, t].map(|slope| slope - mean)));
        }
        (slopes, known)
    }
}

fn rectified(mut rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let values = rows.iter_mut().flatten();
    values.for_each(|value| *value = value.max(0.0));
    rows
}

/// Both sides of a network agree with finite differences; the largest contribution.
fn check(config: &ModelConfig, seed: u64, device: &Device) -> f64 {
    let weights = weights(config, seed, |_| 3.0);
    let predictor = predictor(config, &weights, device);
    let mut largest = 0.0;
    for side in Element::BOTH {
        let pooling = pooling(config, side);
        let plain = Plain {
            weights: &weights,
            pooling,
            filters: config.filters,
        };
        let codes = windows(pooling.length as u32, 3, seed);
        let last = pooling.bins();
        let bins = [
            0..last,
            last / 2..last / 2 + 1,
            last - last.div_ceil(3)..last,
        ];
        let asked = codes.iter().zip(bins);
        let asked = asked.map(|(codes, bins)| ActivityWindow { codes, bins });
        let asked: Vec<ActivityWindow> = asked.collect();
        for source in 0..2 {
            let found = on_threads(|| {
                let found = predictor.activity_contributions(source, side, &asked);
                found.unwrap()
            });
            assert_eq!(found.len(), asked.len());
            for (found, window) in found.iter().zip(&asked) {
                largest = f64::max(largest, agrees(found, window, &plain, source));
            }
        }
    }
    largest
}

/// The largest contribution of a window, which is as finite differences have it.
fn agrees(found: &Contribution, window: &ActivityWindow, plain: &Plain, source: usize) -> f64 {
    let (wanted, letters) = plain.letters(window, source);
    assert_eq!(found.letters().len(), wanted.len());
    let smooth = wanted.iter().flatten();
    let largest = smooth
        .clone()
        .flatten()
        .fold(0.0, |most, of| f64::max(most, of.abs()));
    assert!(smooth.count() * 10 > wanted.len() * 7, "mostly kinks");
    let bases = found.of_bases(window.codes);
    for (base, wanted) in wanted.iter().enumerate() {
        let Some(wanted) = wanted else { continue };
        for (&found, wanted) in found.letters()[base].iter().zip(wanted) {
            let miss = (f64::from(found) - wanted).abs();
            assert!(
                miss <= 1e-4 * largest.max(1e-2),
                "{base}: {found} for {wanted}"
            );
        }
        // Gradient × input.
        let products = wanted.iter().zip(letters[base]);
        let of_base: f64 = products.map(|(slope, letter)| slope * letter).sum();
        let miss = (f64::from(bases[base]) - of_base).abs();
        assert!(miss <= 1e-4 * largest.max(1e-2), "{base}: {miss}");
    }
    largest
}

fn one_bin() -> ModelConfig {
    ModelConfig {
        enhancer_length: 20,
        promoter_length: 9,
        pool_width: 13,
        top_k: 1,
        ..config()
    }
}

#[test]
fn contributions_to_an_activity_are_finite_differences() {
    for seed in 0..3 {
        let largest = check(&config(), seed, &Device::flex());
        assert!(largest > 1e-3, "nothing to compare: {largest}");
    }
    let largest = (0..4).map(|seed| check(&one_bin(), seed, &Device::flex()));
    assert!(largest.fold(0.0, f64::max) > 1e-3);
}

#[test]
fn contributions_to_an_activity_on_wgpu() {
    let test = "contribution_activity::contributions_to_an_activity_on_wgpu";
    let Some(device) = support::wgpu(test) else {
        return;
    };
    let device = device.inference();
    let largest = check(&config(), 0, &device);
    assert!(largest > 1e-3, "nothing to compare: {largest}");
    check(&one_bin(), 1, &device);
    stand_alone(&device);
}

/// What is found of a window does not depend on those beside it.
fn stand_alone(device: &Device) {
    let config = config();
    let predictor = predictor(&config, &weights(&config, 5, |_| 3.0), device);
    let (side, count) = (Element::Enhancer, 70);
    let codes = windows(config.enhancer_length, count, 9);
    let bins = pooling(&config, side).bins();
    let asked = codes.iter().enumerate();
    let asked = asked.map(|(place, codes)| ActivityWindow {
        codes,
        bins: place % bins..bins,
    });
    let asked: Vec<ActivityWindow> = asked.collect();
    let together = predictor.activity_contributions(0, side, &asked).unwrap();
    assert_eq!(together.len(), count);
    for place in [0, 1, 31, 32, 64, 69] {
        let alone = predictor.activity_contributions(0, side, &asked[place..=place]);
        assert_eq!(alone.unwrap(), together[place..=place], "{place}");
    }
    let mut reversed = asked.clone();
    reversed.reverse();
    let mut found = predictor
        .activity_contributions(0, side, &reversed)
        .unwrap();
    found.reverse();
    assert_eq!(found, together);
    let none = predictor.activity_contributions(0, side, &[]).unwrap();
    assert!(none.is_empty());
}

#[test]
fn a_window_does_not_depend_on_those_beside_it() {
    stand_alone(&Device::flex());
}

#[test]
fn an_ensemble_has_the_mean_and_the_deviation() {
    let (config, device) = (config(), Device::flex());
    let member = |seed| predictor(&config, &weights(&config, seed, |_| 3.0), &device);
    let codes = windows(config.promoter_length, 2, 3);
    let asked: Vec<ActivityWindow> = codes
        .iter()
        .map(|codes| ActivityWindow { codes, bins: 0..2 })
        .collect();
    let of = |predictor: &Predictor| {
        let found = predictor.activity_contributions(1, Element::Promoter, &asked);
        found.unwrap()
    };
    let (one, other) = (of(&member(0)), of(&member(1)));
    let ensemble = Ensemble::new(vec![member(0), member(1)]);
    let found = ensemble.activity_contributions(1, Element::Promoter, &asked);
    for (place, found) in found.unwrap().into_iter().enumerate() {
        let codes = asked[place].codes;
        let [one, other, mean] =
            [&one[place], &other[place], &found.mean].map(|of| of.of_bases(codes));
        let sd = found.sd.unwrap();
        assert_eq!(sd.len(), codes.len());
        assert!(sd.iter().any(|&sd| sd > 1e-3));
        for (base, (one, other)) in one.into_iter().zip(other).enumerate() {
            assert!((mean[base] - (one + other) / 2.0).abs() < 1e-5);
            assert!((sd[base] - (one - other).abs() / 2f32.sqrt()).abs() < 1e-5);
        }
    }
    let alone = Ensemble::new(vec![member(0)]);
    let found = alone.activity_contributions(1, Element::Promoter, &asked);
    for (found, one) in found.unwrap().iter().zip(&one) {
        assert_eq!((&found.mean, &found.sd), (one, &None));
    }
}

#[test]
fn what_a_network_has_not_learnt_and_what_is_no_number_is_told() {
    let (config, device) = (config(), Device::flex());
    let codes = windows(config.enhancer_length, 1, 3);
    let asked = [ActivityWindow {
        codes: &codes[0],
        bins: 0..3,
    }];
    let ask = |predictor: &Predictor, source| {
        predictor.activity_contributions(source, Element::Enhancer, &asked)
    };
    let fine = predictor(&config, &weights(&config, 0, |_| 3.0), &device);
    assert!(matches!(ask(&fine, 2), Err(Error::Configuration(_))));
    let pairs_alone = ModelConfig {
        activity: None,
        ..config.clone()
    };
    let other = weights(&pairs_alone, 0, |_| 3.0);
    let other = predictor(&pairs_alone, &other, &device);
    assert!(matches!(ask(&other, 0), Err(Error::Configuration(_))));
    let too_large = |name: &str| match name.starts_with("activity.") {
        true => 1e30,
        false => 1.0,
    };
    let failed = predictor(&config, &weights(&config, 0, too_large), &device);
    assert!(matches!(ask(&failed, 0), Err(Error::NotFinite(_))));
}
