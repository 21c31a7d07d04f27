//! What each operation is given, and that its forms agree.

use burn::tensor::{Device, Gradients, Int, Tensor, TensorData};
use epitrack::attention::Pooling;
use epitrack::element::Sides;
use epitrack::network::kernels::attention;
use epitrack::network::kernels::attention::{Parameters, Scoring};
use epitrack::network::kernels::dropout::Dropout;
use epitrack::network::kernels::sequence_encoder;
use epitrack::network::kernels::wide_linear::Order;
use epitrack::network::kernels::{strongest, wide_linear};
use epitrack::seed::{Purpose, stream};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::plain;
use crate::support::values;

pub fn random(seed: u64) -> ChaCha8Rng {
    stream(seed, Purpose::Simulation, 0)
}

/// An array that is the same on every device.
#[derive(Clone)]
pub struct Array<const D: usize> {
    pub values: Vec<f32>,
    pub shape: [usize; D],
}

impl<const D: usize> Array<D> {
    pub fn new(shape: [usize; D], mut value: impl FnMut() -> f32) -> Self {
        let values = (0..shape.iter().product()).map(|_| value()).collect();
        Self { values, shape }
    }

    /// Uniform in ±`size`.
    pub fn random(shape: [usize; D], size: f32, rng: &mut ChaCha8Rng) -> Self {
        Self::new(shape, || rng.random_range(-size..size))
    }

    pub fn on(&self, device: &Device) -> Tensor<D> {
        let data = TensorData::new(self.values.clone(), self.shape);
        Tensor::from_data(data, device)
    }

    pub fn leaf(&self, device: &Device) -> Tensor<D> {
        self.on(device).require_grad()
    }
}

/// Finds the gradient of an input.
pub type Of<'a> = &'a dyn Fn(&Gradients) -> Vec<f32>;

/// An output and the gradients of its inputs, under the gradient `up` of the output.
pub fn with_gradients<const D: usize>(
    output: &Tensor<D>,
    up: &Array<D>,
    inputs: &[Of],
) -> Vec<Vec<f32>> {
    let device = output.device();
    let gradients = (output.clone() * up.on(&device)).sum().backward();
    let mut all = vec![values(output)];
    all.extend(inputs.iter().map(|of| of(&gradients)));
    all
}

/// The gradient of an input.
macro_rules! of {
    ($tensor:expr) => {
        &|gradients: &Gradients| values(&$tensor.grad(gradients).unwrap())
    };
}
pub(super) use of;

/// Arrays agree to `tolerance` of the largest value of each, or of `unit` where all are smaller:
/// what should be 0 (the gradient of a saturated tanh, say) may differ from it by rounding.
pub fn close(found: &[Vec<f32>], wanted: &[Vec<f32>], tolerance: f32, unit: f32) {
    assert_eq!(found.len(), wanted.len());
    for (number, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert_eq!(found.len(), wanted.len(), "array {number}");
        let largest = wanted.iter().fold(unit, |max, x| max.max(x.abs()));
        for (place, (f, w)) in found.iter().zip(wanted).enumerate() {
            assert!(
                (f - w).abs() <= tolerance * largest,
                "array {number}, place {place}: {f} for {w}"
            );
        }
    }
}

/// Runs on one thread and on three.
pub fn on_threads<T: PartialEq + std::fmt::Debug + Send>(work: impl Fn() -> T + Sync) -> T {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(&work)
    };
    let (one, three) = (on(1), on(3));
    assert_eq!(one, three, "the number of threads changes the result");
    one
}

/// Sizes of an encoder and what it is given.
#[derive(Debug, Clone)]
pub struct Encoder {
    pub n: usize,
    pub filters: usize,
    pub pooling: Pooling,
    pub rate: f64,
    /// Nothing but negative activations.
    pub negative: bool,
    pub seed: u64,
}

impl Encoder {
    /// Sequence with runs of one letter and of N, whose windows tie.
    pub fn codes(&self, rng: &mut ChaCha8Rng) -> Vec<i32> {
        let len = self.n * self.pooling.length;
        let mut codes = Vec::new();
        while codes.len() < len {
            let run = if rng.random_bool(0.2) { 20 } else { 1 };
            let letter = rng.random_range(0..5);
            codes.extend(std::iter::repeat_n(letter, rng.random_range(1..=run)));
        }
        codes.truncate(len);
        codes
    }

    /// Sums of eighths are exact in any order: every form has to find the same maxima, and the
    /// same one among equals.
    pub fn check(&self, device: &Device) {
        let mut rng = random(self.seed);
        let codes = self.codes(&mut rng);
        let shape = [self.filters, 4, self.pooling.width];
        let filters = Array::new(shape, || match self.negative {
            true => -0.125,
            false => rng.random_range(-8..=8) as f32 / 8.0,
        });
        let shape = [self.n, self.pooling.bins(), self.filters];
        let up = Array::new(shape, || rng.random_range(-4..=4) as f32);
        let dropout = match self.rate {
            0.0 => Dropout::NONE,
            rate => Dropout::new(rate, &mut rng),
        };
        let run = |device: &Device, fast: bool| {
            let data = TensorData::new(codes.clone(), [self.n, self.pooling.length]);
            let filters = filters.leaf(device);
            let codes = Tensor::<2, Int>::from_data(data, device);
            let encode = if fast {
                sequence_encoder::encode
            } else {
                plain::encode
            };
            let output = encode(codes, filters.clone(), self.pooling, dropout);
            with_gradients(&output, &up, &[of!(filters)])
        };
        let wanted = run(&Device::flex().autodiff(), false);
        let found = on_threads(|| run(&device.clone().autodiff(), true));
        assert_eq!(found, wanted);
        // Inference, which keeps no positions.
        let data = TensorData::new(codes.clone(), [self.n, self.pooling.length]);
        let codes = Tensor::<2, Int>::from_data(data, device);
        let output = sequence_encoder::encode(codes, filters.on(device), self.pooling, dropout);
        assert_eq!(values(&output), wanted[0]);
        if self.negative {
            assert!(wanted.iter().flatten().all(|&value| value == 0.0));
        }
    }
}

/// Sizes of both attentions, and which of what is seen has a gradient.
#[derive(Debug, Clone)]
pub struct Attention {
    pub n: usize,
    pub bins: [usize; 2],
    pub filters: usize,
    pub d: usize,
    pub scoring: Scoring,
    /// What is seen of the enhancer, of the promoter.
    pub learnt: [bool; 2],
    /// The largest weight of the projections.
    pub size: f32,
    pub seed: u64,
}

impl Attention {
    pub fn check(&self, device: &Device) {
        let mut rng = random(self.seed);
        let (n, k, d) = (self.n, self.filters, self.d);
        let [bins_e, bins_p] = self.bins;
        let [e, p] = self
            .bins
            .map(|bins| Array::random([n, bins, k], 1.0, &mut rng));
        let weights = [(); 4].map(|()| Array::random([k, d], self.size, &mut rng));
        let scores = [(); 2].map(|()| Array::random([d, 1], 1.0, &mut rng));
        let ups = [bins_p, bins_e].map(|seeing| Array::random([n, seeing, k], 1.0, &mut rng));
        let run = |device: &Device, fast: bool| {
            let (e, p) = (e.leaf(device), p.leaf(device));
            let [u, v, also_u, also_v] = weights.each_ref().map(|weight| weight.leaf(device));
            let [score, also] = scores.each_ref().map(|score| score.leaf(device));
            let parameters = |u: &Tensor<2>, v: &Tensor<2>, score: &Tensor<2>| {
                Parameters::new(Sides::new(u.clone(), v.clone()), score.clone())
            };
            let attend = if fast {
                attention::attend
            } else {
                plain::attend
            };
            let parameters = Sides::new(
                parameters(&u, &v, &score),
                parameters(&also_u, &also_v, &also),
            );
            let found = attend(e.clone(), p.clone(), parameters, self.scoring);
            let seen = [&found.seen.enhancer, &found.seen.promoter];
            let learnt = seen
                .into_iter()
                .zip(&ups)
                .zip(self.learnt)
                .filter(|(_, learnt)| *learnt)
                .map(|((seen, up), _)| (seen.clone() * up.on(&seen.device())).sum());
            let gradients = learnt.reduce(|a, b| a + b).unwrap().backward();
            let tensors = [
                &found.attention.enhancer,
                &found.attention.promoter,
                seen[0],
                seen[1],
            ];
            let mut all: Vec<Vec<f32>> = tensors.into_iter().map(values).collect();
            let of_activations = [&e, &p].map(|x| x.grad(&gradients).map(|x| values(&x)));
            let of_parameters = [&u, &v, &score, &also_u, &also_v, &also]
                .map(|x| x.grad(&gradients).map(|x| values(&x)));
            // The plain composition has no gradient of what nothing was learnt of.
            let of_all = of_activations.into_iter().chain(of_parameters);
            let shapes = [
                n * bins_e * k,
                n * bins_p * k,
                k * d,
                k * d,
                d,
                k * d,
                k * d,
                d,
            ];
            all.extend(
                of_all
                    .zip(shapes)
                    .map(|(of, len)| of.unwrap_or(vec![0.0; len])),
            );
            all
        };
        let wanted = run(&Device::flex().autodiff(), false);
        let found = on_threads(|| run(&device.clone().autodiff(), true));
        let unit = match self.scoring {
            Scoring::Additive => 1e-3 * self.size,
            // A gradient goes through both projections and the weights of one.
            Scoring::Multiplicative => 1e-2 * self.size.powi(3),
        };
        close(&found, &wanted, 2e-4, unit);
    }
}

/// Sizes of an interaction matrix.
#[derive(Debug, Clone)]
pub struct Strongest {
    pub n: usize,
    pub bins: [usize; 2],
    pub filters: usize,
    pub count: usize,
    pub seed: u64,
}

impl Strongest {
    pub fn check(&self, device: &Device) {
        let mut rng = random(self.seed);
        let (n, k) = (self.n, self.filters);
        let [r_p, r_e] = self
            .bins
            .map(|bins| Array::random([n, bins, k], 1.0, &mut rng));
        let weight = Array::random([k, k], 1.0, &mut rng);
        let bias = Array::random([1], 1.0, &mut rng);
        let count = self.count.min(self.bins[0] * self.bins[1]);
        // Of the values, and of what is seen, which goes on.
        let outputs = count + (self.bins[0] + self.bins[1]) * k;
        let up = Array::random([n, outputs], 1.0, &mut rng);
        let run = |device: &Device, fast: bool| {
            let (r_e, r_p) = (r_e.leaf(device), r_p.leaf(device));
            let (weight, bias) = (weight.leaf(device), bias.leaf(device));
            let strongest = if fast {
                strongest::strongest
            } else {
                plain::strongest
            };
            let inputs = (r_e.clone(), r_p.clone(), weight.clone(), bias.clone());
            let found = strongest(inputs.0, inputs.1, inputs.2, inputs.3, count);
            let [enhancer, promoter]: [Tensor<2>; 2] =
                [found.seen.enhancer, found.seen.promoter].map(|seen| seen.flatten(1, 2));
            let output = Tensor::cat(vec![found.values, enhancer, promoter], 1);
            with_gradients(&output, &up, &[of!(r_e), of!(r_p), of!(weight), of!(bias)])
        };
        let wanted = run(&Device::flex().autodiff(), false);
        let found = on_threads(|| run(&device.clone().autodiff(), true));
        close(&found, &wanted, 1e-4, 1e-3);
    }
}

pub fn wide_linear_agrees(
    shape: [usize; 3],
    outputs: usize,
    order: Order,
    seed: u64,
    device: &Device,
) {
    let mut rng = random(seed);
    let [n, l, k] = shape;
    let x = Array::random(shape, 1.0, &mut rng);
    let weight = Array::random([l * k, outputs], 1.0, &mut rng);
    let up = Array::random([n, outputs], 1.0, &mut rng);
    let run = |device: &Device, fast: bool| {
        let (x, weight) = (x.leaf(device), weight.leaf(device));
        let layer = if fast {
            wide_linear::wide_linear
        } else {
            plain::wide_linear
        };
        let output = layer(x.clone(), weight.clone(), order);
        with_gradients(&output, &up, &[of!(x), of!(weight)])
    };
    let wanted = run(&Device::flex().autodiff(), false);
    let found = on_threads(|| run(&device.clone().autodiff(), true));
    close(&found, &wanted, 1e-4, 1e-3);
}
