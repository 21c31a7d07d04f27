//! The network against slow loops in double precision, at sizes other than the reference's.

use burn::tensor::{Device, Tensor, TensorData};
use epitrack::element::Sides;
use epitrack::network::model::{
    AttentionForm, Epiann, Loss, ModelConfig, Targets, Weights, codes as codes_on,
};
use epitrack::seed::{Purpose, stream};
use epitrack::text::choice::Choice;
use rand::RngExt;

use super::support::{self, gradients, values};

type Matrix = Vec<Vec<f64>>;

/// The weights in double precision, which can be nudged one by one.
#[derive(Clone)]
struct Slow<'a> {
    config: &'a ModelConfig,
    weights: std::collections::BTreeMap<String, (Vec<usize>, Vec<f64>)>,
}

/// What the slow network says about a pair.
struct Said {
    logit: f64,
    /// `[l_E][l_P]`
    attention_enhancer: Matrix,
    attention_promoter: Matrix,
    enhancer_coordinates: Vec<f64>,
    promoter_coordinates: Vec<f64>,
}

/// A pair's windows and targets.
struct Pair {
    enhancer: Vec<u8>,
    promoter: Vec<u8>,
    label: f64,
    coordinates: [[f64; 2]; 2],
}

impl<'a> Slow<'a> {
    fn new(config: &'a ModelConfig, weights: &Weights) -> Self {
        let array = |(name, shape, values): (&str, &[usize], &[f32])| {
            let values = values.iter().map(|&value| f64::from(value)).collect();
            (name.to_string(), (shape.to_vec(), values))
        };
        Self {
            config,
            weights: weights.iter().map(array).collect(),
        }
    }

    fn get(&self, name: &str) -> &[f64] {
        &self.weights[name].1
    }

    /// `max(0, Σ filter · letters)` over the positions of each bin.
    fn encode(&self, codes: &[u8]) -> Matrix {
        let (k, w, m) = (
            self.config.filters,
            self.config.filter_width,
            self.config.pool_width,
        );
        let filters = self.get("conv.weight");
        let positions = codes.len() - w + 1;
        let bins = positions.div_ceil(m);
        let left = (bins * m - positions) / 2;
        let mut pooled = vec![vec![0.0; k]; bins];
        for position in 0..positions {
            for filter in 0..k {
                let mut sum = 0.0;
                for tap in 0..w {
                    let code = usize::from(codes[position + tap]);
                    if code < 4 {
                        sum += filters[(filter * 4 + code) * w + tap];
                    }
                }
                let bin = &mut pooled[(position + left) / m][filter];
                *bin = f64::max(*bin, sum);
            }
        }
        pooled
    }

    /// `x · weight + bias` for one row.
    fn linear(&self, name: &str, x: &[f64]) -> Vec<f64> {
        let (shape, weight) = &self.weights[&format!("{name}.weight")];
        let bias = self.weights.get(&format!("{name}.bias"));
        (0..shape[1])
            .map(|out| {
                let sum: f64 = x
                    .iter()
                    .enumerate()
                    .map(|(i, x)| x * weight[i * shape[1] + out])
                    .sum();
                sum + bias.map_or(0.0, |(_, bias)| bias[out])
            })
            .collect()
    }

    /// Of `e = U e_i` and `p = V p_j`, `vᵀ tanh(e + p)`, `vᵀ (e ⊙ p)` or `e · p / √d`.
    fn scores(&self, name: &str, enhancer: &Matrix, promoter: &Matrix) -> Matrix {
        let project = |side: &str, rows: &Matrix| -> Matrix {
            rows.iter()
                .map(|row| self.linear(&format!("{name}.{side}"), row))
                .collect()
        };
        let (e, p) = (project("enhancer", enhancer), project("promoter", promoter));
        let width = self.config.attention_dim;
        let score = match self.config.attention {
            AttentionForm::Cross => vec![1.0 / (width as f64).sqrt(); width],
            _ => self.get(&format!("{name}.score.weight")).to_vec(),
        };
        let of = |e: &Vec<f64>, p: &Vec<f64>| {
            let part = |d: usize| match self.config.attention {
                AttentionForm::Additive => score[d] * (e[d] + p[d]).tanh(),
                _ => score[d] * e[d] * p[d],
            };
            (0..width).map(part).sum::<f64>()
        };
        e.iter()
            .map(|e| p.iter().map(|p| of(e, p)).collect())
            .collect()
    }

    fn coordinates(&self, name: &str, flat: &[f64]) -> Vec<f64> {
        let relu = |x: Vec<f64>| x.into_iter().map(|x| x.max(0.0)).collect::<Vec<_>>();
        let first = relu(self.linear(&format!("{name}.0"), flat));
        let second = relu(self.linear(&format!("{name}.1"), &first));
        self.linear(&format!("{name}.2"), &second)
    }

    fn run(&self, pair: &Pair) -> Said {
        let k = self.config.filters;
        let (e, p) = (self.encode(&pair.enhancer), self.encode(&pair.promoter));
        let (bins_e, bins_p) = (e.len(), p.len());
        let mut over_e = self.scores("attend_enhancer", &e, &p);
        let mut over_p = self.scores("attend_promoter", &e, &p);
        let columns: Vec<f64> = (0..bins_p)
            .map(|j| over_e.iter().map(|row| row[j].exp()).sum())
            .collect();
        for row in &mut over_e {
            for (score, sum) in row.iter_mut().zip(&columns) {
                *score = score.exp() / sum;
            }
        }
        for row in &mut over_p {
            let sum: f64 = row.iter().map(|score| score.exp()).sum();
            row.iter_mut().for_each(|score| *score = score.exp() / sum);
        }
        let r_e: Matrix = (0..bins_p)
            .map(|j| {
                (0..k)
                    .map(|f| (0..bins_e).map(|i| over_e[i][j] * e[i][f]).sum())
                    .collect()
            })
            .collect();
        let r_p: Matrix = (0..bins_e)
            .map(|i| {
                (0..k)
                    .map(|f| (0..bins_p).map(|j| over_p[i][j] * p[j][f]).sum())
                    .collect()
            })
            .collect();
        let w = self.get("interaction.weight");
        let mut interactions = Vec::new();
        for seen_e in &r_e {
            for seen_p in &r_p {
                let mut sum = self.get("interaction.bias")[0];
                for a in 0..k {
                    for b in 0..k {
                        sum += seen_e[a] * w[a * k + b] * seen_p[b];
                    }
                }
                interactions.push(sum);
            }
        }
        interactions.sort_by(|a, b| b.total_cmp(a));
        interactions.truncate(self.config.top_k);
        let hidden = self.linear("classifier.hidden", &interactions);
        let hidden: Vec<f64> = hidden.into_iter().map(|x| x.max(0.0)).collect();
        let transposed: Vec<f64> = (0..k)
            .flat_map(|f| r_p.iter().map(move |row| row[f]))
            .collect();
        Said {
            logit: self.linear("classifier.output", &hidden)[0],
            enhancer_coordinates: self.coordinates("enhancer_coordinates", &r_e.concat()),
            promoter_coordinates: self.coordinates("promoter_coordinates", &transposed),
            attention_enhancer: over_e,
            attention_promoter: over_p,
        }
    }

    fn loss(&self, pairs: &[Pair]) -> f64 {
        let n = pairs.len() as f64;
        pairs
            .iter()
            .map(|pair| {
                let said = self.run(pair);
                let log_sigmoid = |x: f64| -(1.0 + (-x).exp()).ln();
                let bce = -(pair.label * log_sigmoid(said.logit)
                    + (1.0 - pair.label) * log_sigmoid(-said.logit));
                let square = |found: &[f64], wanted: [f64; 2]| {
                    found
                        .iter()
                        .zip(wanted)
                        .map(|(f, w)| (f - w) * (f - w))
                        .sum::<f64>()
                        / 2.0
                };
                self.config.lambda * bce
                    + square(&said.enhancer_coordinates, pair.coordinates[0])
                    + square(&said.promoter_coordinates, pair.coordinates[1])
            })
            .sum::<f64>()
            / n
    }
}

fn close(what: &str, found: &[f32], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let largest = wanted
        .iter()
        .fold(1e-3f64, |max, value| max.max(value.abs()));
    for (found, wanted) in found.iter().zip(wanted) {
        let miss = (f64::from(*found) - wanted).abs() / largest;
        assert!(miss < 1e-4, "{what}: {found} for {wanted}");
    }
}

/// Values, loss and a sample of gradients of a network of this configuration.
fn agrees(config: &ModelConfig, n: usize, device: &Device) {
    config.validate().unwrap();
    let mut rng = stream(5, Purpose::Simulation, n as u64);
    let mut codes = |length: u32| -> Vec<u8> {
        let mut codes: Vec<u8> = (0..length).map(|_| rng.random_range(0..4)).collect();
        // N in the middle and at the end.
        let length = length as usize;
        codes[length / 2..length / 2 + length / 5].fill(4);
        codes[length - 3..].fill(4);
        codes
    };
    let pairs: Vec<Pair> = (0..n)
        .map(|i| Pair {
            enhancer: codes(config.enhancer_length),
            promoter: codes(config.promoter_length),
            label: (i % 2) as f64,
            coordinates: [[0.5, -1.0], [i as f64 / 4.0, 0.25]],
        })
        .collect();
    let training = device.clone().autodiff();
    let network = Epiann::new(config, 3, &training).unwrap();
    let slow = Slow::new(config, &network.weights().unwrap());

    let all = |of: fn(&Pair) -> &[u8]| -> Vec<&[u8]> { pairs.iter().map(of).collect() };
    let windows = Sides::new(all(|p| &p.enhancer), all(|p| &p.promoter));
    let sequences = codes_on(windows.as_ref().map(Vec::as_slice), &training);
    let target = |values: Vec<f64>, columns: usize| {
        let values: Vec<f32> = values.into_iter().map(|value| value as f32).collect();
        Tensor::<2>::from_data(TensorData::new(values, [n, columns]), &training)
    };
    let targets = Targets {
        label: target(pairs.iter().map(|p| p.label).collect(), 1),
        coordinates: Sides::new(0, 1)
            .map(|side: usize| target(pairs.iter().flat_map(|p| p.coordinates[side]).collect(), 2)),
        offset: None,
    };
    let output = network.forward(sequences, None);
    let loss = Loss::new(&output, &targets, config.lambda);

    let said: Vec<Said> = pairs.iter().map(|pair| slow.run(pair)).collect();
    let gather = |of: fn(&Said) -> Vec<f64>| said.iter().flat_map(of).collect::<Vec<f64>>();
    close("logit", &values(&output.logit), &gather(|s| vec![s.logit]));
    close(
        "attention_enhancer",
        &values(&output.attended.attention.enhancer),
        &gather(|s| s.attention_enhancer.concat()),
    );
    close(
        "attention_promoter",
        &values(&output.attended.attention.promoter),
        &gather(|s| s.attention_promoter.concat()),
    );
    close(
        "enhancer_coordinates",
        &values(&output.coordinates.enhancer),
        &gather(|s| s.enhancer_coordinates.clone()),
    );
    close(
        "promoter_coordinates",
        &values(&output.coordinates.promoter),
        &gather(|s| s.promoter_coordinates.clone()),
    );
    close("loss", &values(&loss.total), &[slow.loss(&pairs)]);

    let gradients = gradients(&network, &loss);
    for (name, _, found) in gradients.iter() {
        // Some of each array, spread over it, by central differences.
        let places: Vec<usize> = (0..found.len()).step_by(found.len().div_ceil(4)).collect();
        let numeric: Vec<f64> = places
            .iter()
            .map(|&place| {
                let loss_at = |nudge: f64| {
                    let mut nudged = slow.clone();
                    nudged.weights.get_mut(name).unwrap().1[place] += nudge;
                    nudged.loss(&pairs)
                };
                (loss_at(1e-6) - loss_at(-1e-6)) / 2e-6
            })
            .collect();
        let largest = found
            .iter()
            .fold(1e-2f64, |max, g| max.max(f64::from(g.abs())));
        for (place, numeric) in places.into_iter().zip(numeric) {
            let miss = (f64::from(found[place]) - numeric).abs() / largest;
            assert!(
                miss < 1e-3,
                "{name}[{place}]: {} for {numeric}",
                found[place]
            );
        }
    }
}

fn odd() -> ModelConfig {
    ModelConfig {
        enhancer_length: 131,
        promoter_length: 77,
        filters: 5,
        filter_width: 8,
        pool_width: 7,
        attention_dim: 3,
        top_k: 5,
        classifier_hidden: 4,
        coordinate_hidden: [5, 3],
        ..ModelConfig::default()
    }
}

/// The network of odd sizes with each form of attention.
fn forms_agree(device: &Device) {
    for &(attention, ..) in AttentionForm::ALL {
        let config = ModelConfig { attention, ..odd() };
        agrees(&config, 3, device);
    }
}

#[test]
fn odd_sizes_on_the_cpu() {
    forms_agree(&Device::flex());
}

#[test]
fn scaled_dot_products_have_no_weights_of_their_own() {
    let names = |attention: AttentionForm| -> Vec<String> {
        let config = ModelConfig { attention, ..odd() };
        let network = Epiann::new(&config, 3, &Device::flex()).unwrap();
        let weights = network.weights().unwrap();
        weights.iter().map(|of| of.0.to_string()).collect()
    };
    let mut published = names(AttentionForm::Additive);
    assert_eq!(names(AttentionForm::Multiplicative), published);
    published.retain(|name| !name.contains(".score."));
    assert_eq!(published.len(), 23);
    assert_eq!(names(AttentionForm::Cross), published);
}

#[test]
fn pools_of_one_and_a_batch_of_one_on_the_cpu() {
    let config = ModelConfig {
        enhancer_length: 20,
        promoter_length: 31,
        pool_width: 1,
        filter_width: 1,
        filters: 3,
        ..odd()
    };
    agrees(&config, 1, &Device::flex());
}

#[test]
fn one_bin_and_one_filter_on_the_cpu() {
    let config = ModelConfig {
        enhancer_length: 15,
        promoter_length: 40,
        filter_width: 15,
        pool_width: 40,
        filters: 1,
        top_k: 1,
        attention_dim: 1,
        ..odd()
    };
    agrees(&config, 2, &Device::flex());
}

#[test]
fn odd_sizes_on_wgpu() {
    if let Some(device) = support::wgpu("network::odd_sizes_on_wgpu") {
        forms_agree(&device.inference());
    }
}
