//! How long each operation of the network takes by itself.

use std::fmt;
use std::time::Instant;

use burn::tensor::{Device, Distribution, Int, Tensor, TensorData};
use serde::Serialize;

use crate::element::{Element, Sides};
use crate::error::Result;
use crate::network::device::{ComputeDevice, synced};
use crate::network::kernels::adam;
use crate::network::kernels::adam::Step;
use crate::network::kernels::attention::{Parameters, Scoring, attend};
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::loss;
use crate::network::kernels::matrix_product::product;
use crate::network::kernels::perceptron::{Layers, rectified_perceptron};
use crate::network::kernels::sequence_encoder;
use crate::network::kernels::strongest;
use crate::network::kernels::wide_linear::{Order, wide_linear};
use crate::network::model::{self, ByElement, Epiann, HeldSequence, ModelConfig};

/// Products in a row, for each of which nobody waits.
const PRODUCTS: usize = 50;
/// Runs of an operation; the first two warm up.
const RUNS: usize = 9;

/// How long an operation takes at the paper's sizes, in the median.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// Which.
    pub name: String,
    /// Pairs at once.
    pub batch: usize,
    /// Seconds of the operation alone.
    pub forward: f64,
    /// Seconds of the operation and its gradient, where anything is learnt through it.
    pub with_gradient: Option<f64>,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, batch, .. } = self;
        write!(f, "{batch:>5} {name:<26} {:>9.3}", self.forward * 1e3)?;
        match self.with_gradient {
            Some(seconds) => writeln!(f, " {:>18.3}", seconds * 1e3),
            None => writeln!(f),
        }
    }
}

/// Every operation at one batch size.
///
/// # Errors
///
/// A device that failed.
pub(super) fn operations(device: &ComputeDevice, batch: usize) -> Result<Vec<Operation>> {
    let mut bench = Bench {
        device: device.inference(),
        n: batch,
        config: ModelConfig::default(),
        measured: Vec::new(),
    };
    bench.run()?;
    Ok(bench.measured)
}

/// The operations' inputs at one batch size, and what was measured.
struct Bench {
    device: Device,
    n: usize,
    config: ModelConfig,
    measured: Vec<Operation>,
}

impl Bench {
    fn run(&mut self) -> Result<()> {
        self.windows()?;
        for element in Element::BOTH {
            self.encoder(element)?;
        }
        self.attention()?;
        self.strongest()?;
        self.coordinates()?;
        self.small_layers()?;
        self.loss()?;
        self.products()?;
        self.adam()?;
        self.pairs()
    }

    fn random<const D: usize>(&self, shape: [usize; D]) -> Tensor<D> {
        Tensor::random(shape, Distribution::Uniform(-0.1, 0.1), &self.device)
    }

    /// Times both; `of` gets tensors whose gradients are asked for, or not.
    fn both<const D: usize>(
        &mut self,
        name: &str,
        of: impl Fn(&dyn Fn(Tensor<3>) -> Tensor<3>) -> Tensor<D>,
    ) -> Result<()> {
        let forward = self.median(|| {
            of(&|x| x);
        })?;
        let with_gradient = self.median(|| {
            of(&|x| Tensor::from_inner(x).require_grad())
                .sum()
                .backward();
        })?;
        self.report(name, forward, Some(with_gradient));
        Ok(())
    }

    /// Times an operation through which nothing is learnt.
    fn alone(&mut self, name: &str, work: impl FnMut()) -> Result<()> {
        let forward = self.median(work)?;
        self.report(name, forward, None);
        Ok(())
    }

    fn report(&mut self, name: &str, forward: f64, with_gradient: Option<f64>) {
        self.measured.push(Operation {
            name: name.to_string(),
            batch: self.n,
            forward,
            with_gradient,
        });
    }

    fn median(&self, mut work: impl FnMut()) -> Result<f64> {
        let mut times = Vec::new();
        for run in 0..RUNS {
            let begun = Instant::now();
            work();
            synced(&self.device)?;
            if run >= 2 {
                times.push(begun.elapsed().as_secs_f64());
            }
        }
        times.sort_by(f64::total_cmp);
        Ok(times[times.len() / 2])
    }

    fn codes(&self, length: usize) -> Vec<u8> {
        (0..(self.n * length) as u32)
            .map(|at| at.wrapping_mul(2_654_435_761).rotate_left(7) as u8 & 3)
            .collect()
    }

    /// Windows of both sides: `[n, L_E]` and `[n, L_P]`.
    fn sequences(&self) -> Sides<Tensor<2, Int>> {
        let lengths = self.config.lengths().map(|length| length as usize);
        let codes = lengths.map(|length| self.codes(length));
        let windows = codes.as_ref().zip(lengths);
        let windows = windows.map(|(codes, length)| codes.chunks(length).collect::<Vec<_>>());
        model::codes(windows.as_ref().map(Vec::as_slice), &self.device)
    }

    fn windows(&mut self) -> Result<()> {
        let lengths = self.config.lengths().map(|length| length as usize);
        let longest = lengths.enhancer.max(lengths.promoter);
        let held = HeldSequence::new(&self.codes(longest), &self.device);
        let n = self.n;
        self.alone("windows, both sides", || {
            let starts = |length: usize| (0..n).map(move |window| window * length);
            held.windows(lengths.map(starts), lengths);
        })
    }

    /// What pairs of elements that are computed already have of their own.
    fn pairs(&mut self) -> Result<()> {
        let network = ByElement::new(&Epiann::new(&self.config, 0, &self.device)?);
        let elements = network.elements(self.sequences());
        let places: Vec<i32> = (0..self.n as i32).flat_map(|n| [n, n]).collect();
        let places = TensorData::new(places, [self.n, 2]);
        let places = Tensor::<2, Int>::from_data(places, &self.device);
        self.alone("pairs of known elements", || {
            network.pairs(&elements, places.clone());
        })
    }

    fn encoder(&mut self, element: Element) -> Result<()> {
        let pooling = *self.config.pooling().get(element);
        let codes = self.sequences().get(element).clone();
        let filters = self.random([self.config.filters, 4, pooling.width]);
        self.both(&format!("encoder, {}", element.name()), |leaf| {
            let filters = leaf(filters.clone());
            let codes = if filters.device().is_autodiff() {
                Tensor::from_inner(codes.clone())
            } else {
                codes.clone()
            };
            sequence_encoder::encode(codes, filters, pooling, Dropout::NONE)
        })
    }

    fn bins(&self) -> [usize; 2] {
        [
            self.config.pooling().enhancer.bins(),
            self.config.pooling().promoter.bins(),
        ]
    }

    fn attention(&mut self) -> Result<()> {
        let (k, d) = (self.config.filters, self.config.attention_dim);
        let [enhancer, promoter] = self.bins().map(|bins| self.random([self.n, bins, k]));
        let weights = [(); 4].map(|()| self.random([1, k, d]));
        let scores = [(); 2].map(|()| self.random([1, d, 1]));
        self.both("both attentions", |leaf| {
            let [u, v, also_u, also_v] = weights.clone().map(|weight| leaf(weight).reshape([k, d]));
            let [score, also] = scores.clone().map(|score| leaf(score).reshape([d, 1]));
            let parameters = Sides::new(
                Parameters::new(Sides::new(u, v), score),
                Parameters::new(Sides::new(also_u, also_v), also),
            );
            let (enhancer, promoter) = (leaf(enhancer.clone()), leaf(promoter.clone()));
            let found = attend(enhancer, promoter, parameters, Scoring::Additive);
            found.seen.enhancer.sum() + found.seen.promoter.sum()
        })
    }

    fn strongest(&mut self) -> Result<()> {
        let (k, [bins_e, bins_p]) = (self.config.filters, self.bins());
        let seen_e = self.random([self.n, bins_p, k]);
        let seen_p = self.random([self.n, bins_e, k]);
        let weight = self.random([1, k, k]);
        let bias = self.random([1, 1, 1]);
        let kept = self.config.top_k;
        self.both("strongest interactions", |leaf| {
            strongest::strongest(
                leaf(seen_e.clone()),
                leaf(seen_p.clone()),
                leaf(weight.clone()).reshape([k, k]),
                leaf(bias.clone()).reshape([1]),
                kept,
            )
            .values
        })
    }

    fn coordinates(&mut self) -> Result<()> {
        let (k, [bins_e, _]) = (self.config.filters, self.bins());
        let seen = self.random([self.n, bins_e, k]);
        let [outputs, _] = self.config.coordinate_hidden;
        let weight = self.random([1, bins_e * k, outputs]);
        self.both("coordinates, first layer", |leaf| {
            let weight = leaf(weight.clone()).reshape([bins_e * k, outputs]);
            wide_linear(leaf(seen.clone()), weight, Order::Filters)
        })
    }

    fn small_layers(&mut self) -> Result<()> {
        let [first, second] = self.config.coordinate_hidden;
        let features = self.random([1, self.n, first]);
        let weights = [[1, first, second], [1, second, 2]].map(|shape| self.random(shape));
        let biases = [first, second, 2].map(|size| self.random([1, 1, size]));
        self.both("small layers", |leaf| {
            let [hidden, output] = weights
                .each_ref()
                .map(|weight| leaf(weight.clone()).flatten(0, 1));
            let [before, b, c] = biases
                .each_ref()
                .map(|bias| leaf(bias.clone()).flatten(0, 2));
            let layers = Layers {
                hidden: (hidden, b),
                output: (output, c),
            };
            let features = leaf(features.clone()).flatten(0, 1);
            rectified_perceptron(features, before, layers, Dropout::NONE)
        })
    }

    fn loss(&mut self) -> Result<()> {
        let found = [1, 2, 2].map(|columns| self.random([1, self.n, columns]));
        let wanted = [1, 2, 2].map(|columns| self.random([self.n, columns]));
        self.both("loss", |leaf| {
            let [logit, e, p] = found
                .each_ref()
                .map(|found| leaf(found.clone()).flatten(0, 1));
            let [label, wanted_e, wanted_p] = wanted.clone();
            let (coordinates, targets) = (Sides::new(e, p), Sides::new(wanted_e, wanted_p));
            let (total, _) = loss::loss(logit, label, coordinates, targets, 10.0);
            total
        })
    }

    /// The products that the operations are made of, many in a row.
    fn products(&mut self) -> Result<()> {
        let (n, k, d) = (self.n, self.config.filters, self.config.attention_dim);
        let (outputs, [e, p]) = (self.config.coordinate_hidden[0], self.bins());
        for (name, batch, [rows, inner, columns], turned) in [
            ("coordinates", 1, [n, e * k, outputs], [false; 2]),
            ("their inputs", 1, [n, outputs, e * k], [false, true]),
            ("their weight", 1, [e * k, n, outputs], [true, false]),
            ("projection", 1, [n * e, k, d], [false; 2]),
            ("its inputs", 1, [n * e, d, k], [false, true]),
            ("its weight", 1, [k, n * e, d], [true, false]),
            ("interaction", 1, [n * p, k, k], [false; 2]),
            ("its inputs", 1, [n * p, k, k], [false, true]),
            ("its weight", 1, [k, n * p, k], [true, false]),
            ("of bins, seen", n, [e, p, k], [false; 2]),
            ("of bins, seen", n, [p, e, k], [true, false]),
            ("of bins, pairs", n, [e, k, p], [false, true]),
        ] {
            let side = |[a, b]: [usize; 2], turned: bool| match turned {
                false => self.random([batch, a, b]),
                true => self.random([batch, b, a]).swap_dims(1, 2),
            };
            let left = side([rows, inner], turned[0]);
            let right = side([inner, columns], turned[1]);
            let all = self.median(|| {
                for _ in 0..PRODUCTS {
                    product(left.clone(), right.clone());
                }
            })?;
            let name = format!("product, {name}");
            self.report(&name, all / PRODUCTS as f64, None);
        }
        Ok(())
    }

    fn adam(&mut self) -> Result<()> {
        let size = 5_600_000;
        let step = Step {
            beta1: 0.9,
            beta2: 0.999,
            rate: 1e-3,
            epsilon: 1e-8,
        };
        let [parameter, gradient, first, second] = [(); 4].map(|()| self.random([size]));
        let mut held = vec![adam::Array {
            parameter,
            gradient,
            first,
            second,
        }];
        self.alone("Adam", || {
            held = adam::step(std::mem::take(&mut held), step)
        })
    }
}
