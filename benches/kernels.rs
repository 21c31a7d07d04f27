//! How long each operation of the network takes at the paper's sizes, forward alone and forward
//! with gradient, on the CPU and on a GPU if there is one: `cargo bench --profile release`. Behind
//! `--` may stand batch sizes and parts of names: `-- 64 encoder Adam`.

use std::time::Instant;

use burn::tensor::{Device, Distribution, Int, Tensor, TensorData};
use epitrack::attention::Pooling;
use epitrack::element::Sides;
use epitrack::network::device::{ComputeDevice, probe};
use epitrack::network::kernels::adam;
use epitrack::network::kernels::adam::Step;
use epitrack::network::kernels::additive_attention;
use epitrack::network::kernels::additive_attention::Over;
use epitrack::network::kernels::dropout::Dropout;
use epitrack::network::kernels::loss;
use epitrack::network::kernels::perceptron::{Layers, rectified_perceptron};
use epitrack::network::kernels::sequence_encoder;
use epitrack::network::kernels::strongest;
use epitrack::network::kernels::wide_linear::{Order, wide_linear};
use epitrack::network::model::{ByElement, Epiann, HeldSequence, ModelConfig, codes};

fn main() {
    let mut batches = Vec::new();
    let mut names = Vec::new();
    for argument in std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
    {
        match argument.parse() {
            Ok(batch) => batches.push(batch),
            Err(_) => names.push(argument),
        }
    }
    if batches.is_empty() {
        batches = vec![1, 64, 512];
    }
    let mut devices = vec![ComputeDevice::cpu()];
    devices.extend(probe(false).ok().flatten().map(ComputeDevice::wgpu));
    for device in &devices {
        println!("{}", device.description);
        for &n in &batches {
            Bench::new(device, n, &names).run();
        }
    }
}

/// The operations' inputs at one batch size.
struct Bench<'a> {
    device: Device,
    names: &'a [String],
    n: usize,
    config: ModelConfig,
}

impl<'a> Bench<'a> {
    fn new(device: &ComputeDevice, n: usize, names: &'a [String]) -> Self {
        Self {
            names,
            device: device.inference(),
            n,
            config: ModelConfig::default(),
        }
    }

    fn run(&self) {
        self.windows();
        self.encoder("enhancer", self.config.pooling().enhancer);
        self.encoder("promoter", self.config.pooling().promoter);
        self.attention();
        self.strongest();
        self.coordinates();
        self.small_layers();
        self.loss();
        self.adam();
        self.pairs();
    }

    fn random<const D: usize>(&self, shape: [usize; D]) -> Tensor<D> {
        Tensor::random(shape, Distribution::Uniform(-0.1, 0.1), &self.device)
    }

    /// Times both; `of` gets tensors whose gradients are asked for, or not.
    fn time<const D: usize>(
        &self,
        name: &str,
        of: impl Fn(&dyn Fn(Tensor<3>) -> Tensor<3>) -> Tensor<D>,
    ) {
        if !self.wanted(name) {
            return;
        }
        let forward = self.median(|| {
            of(&|x| x);
        });
        let both = self.median(|| {
            of(&|x| Tensor::from_inner(x).require_grad())
                .sum()
                .backward();
        });
        self.report(name, forward, Some(both));
    }

    fn wanted(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|part| name.contains(part))
    }

    fn report(&self, name: &str, forward: f64, both: Option<f64>) {
        let both = both.map_or(String::new(), |both| {
            format!("{:9.2} ms with gradient", both * 1e3)
        });
        println!("  {:>4} {name:<24} {:9.2} ms{both}", self.n, forward * 1e3);
    }

    fn median(&self, mut work: impl FnMut()) -> f64 {
        let mut times: Vec<f64> = (0..9)
            .map(|_| {
                let begun = Instant::now();
                work();
                self.device.sync().unwrap();
                begun.elapsed().as_secs_f64()
            })
            .skip(2)
            .collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    }

    fn codes(&self, length: u32) -> Vec<u8> {
        (0..self.n as u32 * length)
            .map(|at| at.wrapping_mul(2_654_435_761).rotate_left(7) as u8 & 3)
            .collect()
    }

    fn windows(&self) {
        let name = "windows, both sides";
        if !self.wanted(name) {
            return;
        }
        let [enhancer, promoter] = [self.config.enhancer_length, self.config.promoter_length];
        let held = HeldSequence::new(&self.codes(enhancer), &self.device);
        let time = self.median(|| {
            for length in [enhancer, promoter] {
                let starts = (0..self.n).map(|window| window * length as usize);
                held.windows(starts, length as usize);
            }
        });
        self.report(name, time, None);
    }

    /// What pairs of elements that are computed already have of their own.
    fn pairs(&self) {
        let name = "pairs of known elements";
        if !self.wanted(name) {
            return;
        }
        let network = ByElement::new(&Epiann::new(&self.config, 0, &self.device).unwrap());
        let side = |length: u32| codes(self.codes(length), self.n, &self.device);
        let elements = network.elements(
            side(self.config.enhancer_length),
            side(self.config.promoter_length),
        );
        let places: Vec<i32> = (0..self.n as i32).flat_map(|n| [n, n]).collect();
        let places = TensorData::new(places, [self.n, 2]);
        let places = Tensor::<2, Int>::from_data(places, &self.device);
        let time = self.median(|| {
            network.pairs(&elements, places.clone());
        });
        self.report(name, time, None);
    }

    fn encoder(&self, name: &str, pooling: Pooling) {
        let codes = codes(self.codes(pooling.length as u32), self.n, &self.device);
        let filters = self.random([self.config.filters, 4, pooling.width]);
        self.time(&format!("encoder, {name}"), |leaf| {
            let filters = leaf(filters.clone());
            let codes = if filters.device().is_autodiff() {
                Tensor::from_inner(codes.clone())
            } else {
                codes.clone()
            };
            sequence_encoder::encode(codes, filters, pooling, Dropout::NONE)
        });
    }

    fn bins(&self) -> [usize; 2] {
        [
            self.config.pooling().enhancer.bins(),
            self.config.pooling().promoter.bins(),
        ]
    }

    fn attention(&self) {
        let (k, d) = (self.config.filters, self.config.attention_dim);
        let [enhancer, promoter] = self.bins().map(|bins| self.random([self.n, bins, k]));
        let weights = [(); 2].map(|()| self.random([1, k, d]));
        let score = self.random([1, d, 1]);
        for (name, over) in [
            ("over enhancer", Over::Enhancer),
            ("over promoter", Over::Promoter),
        ] {
            self.time(&format!("attention {name}"), |leaf| {
                let weights = weights.clone().map(|weight| leaf(weight).reshape([k, d]));
                let score = leaf(score.clone()).reshape([d, 1]);
                let (enhancer, promoter) = (leaf(enhancer.clone()), leaf(promoter.clone()));
                additive_attention::attend(enhancer, promoter, weights, score, over).1
            });
        }
    }

    fn strongest(&self) {
        let (k, [bins_e, bins_p]) = (self.config.filters, self.bins());
        let seen_e = self.random([self.n, bins_p, k]);
        let seen_p = self.random([self.n, bins_e, k]);
        let weight = self.random([1, k, k]);
        let bias = self.random([1, 1, 1]);
        self.time("strongest interactions", |leaf| {
            strongest::strongest(
                leaf(seen_e.clone()),
                leaf(seen_p.clone()),
                leaf(weight.clone()).reshape([k, k]),
                leaf(bias.clone()).reshape([1]),
                self.config.top_k,
            )
        });
    }

    fn coordinates(&self) {
        let (k, [bins_e, _]) = (self.config.filters, self.bins());
        let seen = self.random([self.n, bins_e, k]);
        let weight = self.random([1, bins_e * k, self.config.coordinate_hidden[0]]);
        self.time("coordinates, first layer", |leaf| {
            let weight =
                leaf(weight.clone()).reshape([bins_e * k, self.config.coordinate_hidden[0]]);
            wide_linear(leaf(seen.clone()), weight, Order::Filters)
        });
    }

    fn small_layers(&self) {
        let [first, second] = self.config.coordinate_hidden;
        let features = self.random([1, self.n, first]);
        let weights = [[1, first, second], [1, second, 2]].map(|shape| self.random(shape));
        let biases = [first, second, 2].map(|size| self.random([1, 1, size]));
        self.time("small layers", |leaf| {
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
        });
    }

    fn loss(&self) {
        let found = [1, 2, 2].map(|columns| self.random([1, self.n, columns]));
        let wanted = [1, 2, 2].map(|columns| self.random([self.n, columns]));
        self.time("loss", |leaf| {
            let [logit, e, p] = found
                .each_ref()
                .map(|found| leaf(found.clone()).flatten(0, 1));
            let [label, wanted_e, wanted_p] = wanted.clone();
            let (coordinates, targets) = (Sides::new(e, p), Sides::new(wanted_e, wanted_p));
            let (total, _) = loss::loss(logit, label, coordinates, targets, 10.0);
            total
        });
    }

    fn adam(&self) {
        if !self.wanted("Adam") {
            return;
        }
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
        let time = self.median(|| held = adam::step(std::mem::take(&mut held), step));
        self.report("Adam", time, None);
    }
}
