//! How long each operation of the network takes at the paper's sizes, forward alone and forward
//! with gradient, on the CPU and on a GPU if there is one: `cargo bench --profile release`. Behind
//! `--` may stand batch sizes and parts of names: `-- 64 encoder Adam`.

use std::time::Instant;

use burn::tensor::{Device, Distribution, Int, Tensor, TensorData};
use epitrack::attention::Pooling;
use epitrack::network::device::{ComputeDevice, probe};
use epitrack::network::kernels::adam;
use epitrack::network::kernels::adam::Step;
use epitrack::network::kernels::additive_attention;
use epitrack::network::kernels::additive_attention::Over;
use epitrack::network::kernels::dropout::Dropout;
use epitrack::network::kernels::matrix_product::product;
use epitrack::network::kernels::sequence_encoder;
use epitrack::network::kernels::strongest;
use epitrack::network::kernels::wide_linear::{Order, wide_linear};
use epitrack::network::model::{ByElement, Epiann, HeldSequence, ModelConfig, codes};

/// Products in a row, for each of which nobody waits.
const PRODUCTS: usize = 50;

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
    gpu: bool,
}

impl<'a> Bench<'a> {
    fn new(device: &ComputeDevice, n: usize, names: &'a [String]) -> Self {
        Self {
            names,
            device: device.inference(),
            gpu: device.description.kind != "cpu",
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
        if self.gpu {
            self.products();
        }
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

    /// The products that the operations are made of on a GPU, many in a row.
    fn products(&self) {
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
            let name = format!("product, {name} {batch} × {rows} × {inner} × {columns}");
            if !self.wanted(&name) {
                continue;
            }
            let side = |[a, b]: [usize; 2], turned: bool| match turned {
                false => self.random([batch, a, b]),
                true => self.random([batch, b, a]).swap_dims(1, 2),
            };
            let left = side([rows, inner], turned[0]);
            let right = side([inner, columns], turned[1]);
            let time = self.median(|| {
                for _ in 0..PRODUCTS {
                    product(left.clone(), right.clone());
                }
            });
            let each = time / PRODUCTS as f64 * 1e6;
            println!("  {:>4} {name:<60} {each:9.1} µs", self.n);
        }
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
        let mut held = Some([(); 3].map(|()| self.random([size])));
        let gradient = self.random([size]);
        let time = self.median(|| {
            let [parameter, first, second] = held.take().unwrap();
            held = Some(adam::step(parameter, gradient.clone(), first, second, step));
        });
        self.report("Adam", time, None);
    }
}
