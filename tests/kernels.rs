//! Every form of the kernels against the plain composition: values, gradients, threads.

use burn::tensor::{Device, Gradients, Int, Tensor, TensorData};
use epitrack::kernels::adam::{self, Step};
use epitrack::kernels::additive_attention::{self, Over};
use epitrack::kernels::dropout::Dropout;
use epitrack::kernels::sequence_encoder::{self, Pooling};
use epitrack::kernels::wide_linear::Order;
use epitrack::kernels::{pairwise, strongest, wide_linear};
use epitrack::model::{Epiann, ModelConfig, Sequences};
use epitrack::seed::{Purpose, stream};
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::support::{self, values};

fn random(seed: u64) -> ChaCha8Rng {
    stream(seed, Purpose::Simulation, 0)
}

/// An array that is the same on every device.
#[derive(Clone)]
struct Array<const D: usize> {
    values: Vec<f32>,
    shape: [usize; D],
}

impl<const D: usize> Array<D> {
    fn new(shape: [usize; D], mut value: impl FnMut() -> f32) -> Self {
        let values = (0..shape.iter().product()).map(|_| value()).collect();
        Self { values, shape }
    }

    /// Uniform in ±`size`.
    fn random(shape: [usize; D], size: f32, rng: &mut ChaCha8Rng) -> Self {
        Self::new(shape, || rng.random_range(-size..size))
    }

    fn on(&self, device: &Device) -> Tensor<D> {
        let data = TensorData::new(self.values.clone(), self.shape);
        Tensor::from_data(data, device)
    }

    fn leaf(&self, device: &Device) -> Tensor<D> {
        self.on(device).require_grad()
    }
}

/// Finds the gradient of an input.
type Of<'a> = &'a dyn Fn(&Gradients) -> Vec<f32>;

/// An output and the gradients of its inputs, under the gradient `up` of the output.
fn with_gradients<const D: usize>(
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

/// Arrays agree to `tolerance` of the largest value of each, or of `unit` where all are smaller:
/// what should be 0 (the gradient of a saturated tanh, say) may differ from it by rounding.
fn close(found: &[Vec<f32>], wanted: &[Vec<f32>], tolerance: f32, unit: f32) {
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
fn on_threads<T: PartialEq + std::fmt::Debug + Send>(work: impl Fn() -> T + Sync) -> T {
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
struct Encoder {
    n: usize,
    filters: usize,
    pooling: Pooling,
    rate: f64,
    /// Nothing but negative activations.
    negative: bool,
    seed: u64,
}

impl Encoder {
    /// Sequence with runs of one letter and of N, whose windows tie.
    fn codes(&self, rng: &mut ChaCha8Rng) -> Vec<i32> {
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
    fn check(&self, device: &Device) {
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
                sequence_encoder::plain
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

/// Sizes of an attention.
#[derive(Debug, Clone)]
struct Attention {
    n: usize,
    bins: [usize; 2],
    filters: usize,
    d: usize,
    over: Over,
    /// The largest weight of the projections.
    size: f32,
    seed: u64,
}

impl Attention {
    fn check(&self, device: &Device) {
        let mut rng = random(self.seed);
        let (n, k, d) = (self.n, self.filters, self.d);
        let [e, p] = self
            .bins
            .map(|bins| Array::random([n, bins, k], 1.0, &mut rng));
        let weights = [(); 2].map(|()| Array::random([k, d], self.size, &mut rng));
        let score = Array::random([d, 1], 1.0, &mut rng);
        let seeing = match self.over {
            Over::Enhancer => self.bins[1],
            Over::Promoter => self.bins[0],
        };
        let up = Array::random([n, seeing, k], 1.0, &mut rng);
        let run = |device: &Device, fast: bool| {
            let (e, p, score) = (e.leaf(device), p.leaf(device), score.leaf(device));
            let [u, v] = weights.each_ref().map(|weight| weight.leaf(device));
            let attend = if fast {
                additive_attention::attend
            } else {
                additive_attention::plain
            };
            let inputs = (e.clone(), p.clone(), [u.clone(), v.clone()], score.clone());
            let (attention, seen) = attend(inputs.0, inputs.1, inputs.2, inputs.3, self.over);
            let inputs: [Of; 5] = [of!(e), of!(p), of!(u), of!(v), of!(score)];
            let mut all = with_gradients(&seen, &up, &inputs);
            all.push(values(&attention));
            all
        };
        let wanted = run(&Device::flex().autodiff(), false);
        let found = on_threads(|| run(&device.clone().autodiff(), true));
        close(&found, &wanted, 2e-4, 1e-3 * self.size);
    }
}

/// Sizes of an interaction matrix.
#[derive(Debug, Clone)]
struct Strongest {
    n: usize,
    bins: [usize; 2],
    filters: usize,
    count: usize,
    seed: u64,
}

impl Strongest {
    fn check(&self, device: &Device) {
        let mut rng = random(self.seed);
        let (n, k) = (self.n, self.filters);
        let [r_p, r_e] = self
            .bins
            .map(|bins| Array::random([n, bins, k], 1.0, &mut rng));
        let weight = Array::random([k, k], 1.0, &mut rng);
        let bias = Array::random([1], 1.0, &mut rng);
        let count = self.count.min(self.bins[0] * self.bins[1]);
        let up = Array::random([n, count], 1.0, &mut rng);
        let run = |device: &Device, fast: bool| {
            let (r_e, r_p) = (r_e.leaf(device), r_p.leaf(device));
            let (weight, bias) = (weight.leaf(device), bias.leaf(device));
            let strongest = if fast {
                strongest::strongest
            } else {
                strongest::plain
            };
            let inputs = (r_e.clone(), r_p.clone(), weight.clone(), bias.clone());
            let output = strongest(inputs.0, inputs.1, inputs.2, inputs.3, count);
            with_gradients(&output, &up, &[of!(r_e), of!(r_p), of!(weight), of!(bias)])
        };
        let wanted = run(&Device::flex().autodiff(), false);
        let found = on_threads(|| run(&device.clone().autodiff(), true));
        close(&found, &wanted, 1e-4, 1e-3);
    }
}

fn wide_linear_agrees(shape: [usize; 3], outputs: usize, order: Order, seed: u64, device: &Device) {
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
            wide_linear::plain
        };
        let output = layer(x.clone(), weight.clone(), order);
        with_gradients(&output, &up, &[of!(x), of!(weight)])
    };
    let wanted = run(&Device::flex().autodiff(), false);
    let found = on_threads(|| run(&device.clone().autodiff(), true));
    close(&found, &wanted, 1e-4, 1e-3);
}

fn adam_agrees(size: usize, seed: u64, device: &Device) {
    let mut rng = random(seed);
    let [parameter, gradient, first] = [(); 3].map(|()| Array::random([size], 1.0, &mut rng));
    let second = Array::new([size], || rng.random_range(0.0..1.0));
    let settings = Step {
        beta1: 0.9,
        beta2: 0.999,
        rate: 1e-2,
        epsilon: 1e-8,
    };
    let run = |device: &Device, fast: bool| {
        let step = if fast { adam::step } else { adam::plain };
        let [parameter, gradient, first, second] =
            [&parameter, &gradient, &first, &second].map(|array| array.on(device));
        // A copy that must not change.
        let kept = parameter.clone();
        let all = step(parameter, gradient, first, second, settings);
        [&all[0], &all[1], &all[2], &kept].map(values).to_vec()
    };
    let wanted = run(&Device::flex(), false);
    let found = on_threads(|| run(device, true));
    close(&found, &wanted, 1e-6, 1e-3);
}

/// Sizes of elements and of what is found about pairs of them.
#[derive(Debug, Clone)]
struct Pairs {
    elements: [usize; 2],
    bins: [usize; 2],
    filters: usize,
    d: usize,
    count: usize,
    /// The largest projection.
    size: f32,
    seed: u64,
}

impl Pairs {
    fn check(&self, device: &Device) {
        let mut rng = random(self.seed);
        let ([u, v], [bins_e, bins_p]) = (self.elements, self.bins);
        let (k, width) = (self.filters, 2 * self.d);
        let [enhancers, promoters] =
            [[u, bins_e, k], [v, bins_p, k]].map(|shape| Array::random(shape, 1.0, &mut rng));
        let [projected_e, projected_p] = [[u, bins_e, width], [v, bins_p, width]]
            .map(|shape| Array::random(shape, self.size, &mut rng));
        let scores = Array::random([2, self.d], 1.0, &mut rng);
        let bias = Array::random([1], 1.0, &mut rng);
        let mut pairs = Vec::new();
        for _ in 0..5 {
            pairs.extend([u, v].map(|count| rng.random_range(0..count as i32)));
        }
        let count = self.count.min(bins_e * bins_p);
        let run = |device: &Device, fast: bool| {
            let elements = pairwise::Elements {
                enhancers: enhancers.on(device).into_dispatch(),
                projected_enhancers: projected_e.on(device).into_dispatch(),
                weighted_promoters: promoters.on(device).into_dispatch(),
                projected_promoters: projected_p.on(device).into_dispatch(),
                scores: scores.on(device).into_dispatch(),
                bias: bias.on(device).into_dispatch(),
            };
            let pairs = TensorData::new(pairs.clone(), [pairs.len() / 2, 2]);
            let pairs = Tensor::<2, Int>::from_data(pairs, device);
            let found = if fast {
                pairwise::pairwise(elements, pairs, count)
            } else {
                pairwise::plain(elements, pairs, count)
            };
            [&found.enhancer, &found.promoter, &found.strongest]
                .map(values)
                .to_vec()
        };
        let wanted = run(&Device::flex(), false);
        let found = on_threads(|| run(device, true));
        close(&found, &wanted, 2e-4, 1e-3);
    }
}

/// Pairs of elements that are computed once are what the whole network says about them.
fn pairs_agree(config: &ModelConfig, seed: u64, device: &Device) {
    let mut rng = random(seed);
    let network = Epiann::new(config, seed, device).unwrap();
    let mut codes = |count: usize, length: u32| -> Vec<u8> {
        (0..count * length as usize)
            .map(|_| rng.random_range(0..5))
            .collect()
    };
    let (u, v) = (4, 3);
    let lengths = (config.enhancer_length, config.promoter_length);
    let (enhancers, promoters) = (codes(u, lengths.0), codes(v, lengths.1));
    let tensor = |codes: &[u8], length: u32| {
        let codes: Vec<i32> = codes.iter().map(|&code| i32::from(code)).collect();
        let shape = [codes.len() / length as usize, length as usize];
        Tensor::<2, Int>::from_data(TensorData::new(codes, shape), device)
    };
    let pairs = [[2, 1], [0, 0], [3, 2], [2, 2], [2, 1]];
    let found = on_threads(|| {
        let elements =
            network.elements(tensor(&enhancers, lengths.0), tensor(&promoters, lengths.1));
        let places = TensorData::new(pairs.as_flattened().to_vec(), [pairs.len(), 2]);
        let found = network.pairs(&elements, Tensor::from_data(places, device));
        vec![
            values(&found.logit),
            values(&found.enhancer),
            values(&found.promoter),
        ]
    });
    let of = |codes: &[u8], length: u32, side: usize| -> Vec<u8> {
        let length = length as usize;
        let windows = pairs.iter().map(|pair| pair[side] as usize);
        windows
            .flat_map(|at| codes[at * length..(at + 1) * length].to_vec())
            .collect()
    };
    let sequences = Sequences::new(
        of(&enhancers, lengths.0, 0),
        of(&promoters, lengths.1, 1),
        pairs.len(),
        device,
    );
    let said = network.forward(sequences, None);
    let wanted = vec![
        values(&said.logit),
        values(&said.attended.attention_enhancer.max_dim(2)),
        values(&said.attended.attention_promoter.max_dim(1)),
    ];
    close(&found, &wanted, 1e-4, 1e-3);
}

fn pooling(length: usize, width: usize, pool: usize) -> Pooling {
    Pooling {
        length: length.max(width),
        width,
        pool,
    }
}

fn small() -> ModelConfig {
    ModelConfig {
        enhancer_length: 131,
        promoter_length: 77,
        filters: 19,
        filter_width: 8,
        pool_width: 7,
        attention_dim: 5,
        top_k: 6,
        classifier_hidden: 4,
        coordinate_hidden: [5, 3],
        ..ModelConfig::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_encoder_on_the_cpu(
        n in 1usize..4, filters in 1usize..40, length in 1usize..90, width in 1usize..20,
        pool in 1usize..40, halved in any::<bool>(), negative in prop::bool::weighted(0.1),
        seed in any::<u64>(),
    ) {
        let pooling = pooling(length, width, pool);
        let rate = if halved { 0.5 } else { 0.0 };
        Encoder { n, filters, pooling, rate, negative, seed }.check(&Device::flex());
    }

    #[test]
    fn attention_on_the_cpu(
        n in 1usize..4, bins in [1usize..40, 1usize..40], filters in 1usize..20, d in 1usize..10,
        enhancer in any::<bool>(), large in prop::bool::weighted(0.2), seed in any::<u64>(),
    ) {
        let over = if enhancer { Over::Enhancer } else { Over::Promoter };
        // Projections far beyond where their exponentials leave f32.
        let size = if large { 300.0 } else { 1.0 };
        let bins = [bins[0], bins[1]];
        Attention { n, bins, filters, d, over, size, seed }.check(&Device::flex());
    }

    #[test]
    fn strongest_interactions_on_the_cpu(
        n in 1usize..4, bins in [1usize..20, 1usize..20], filters in 1usize..20,
        count in 1usize..40, seed in any::<u64>(),
    ) {
        let bins = [bins[0], bins[1]];
        Strongest { n, bins, filters, count, seed }.check(&Device::flex());
    }

    #[test]
    fn the_wide_layer_on_the_cpu(
        n in 1usize..20, bins in 1usize..60, filters in 1usize..40, outputs in 1usize..20,
        by_bins in any::<bool>(), seed in any::<u64>(),
    ) {
        let order = if by_bins { Order::Bins } else { Order::Filters };
        wide_linear_agrees([n, bins, filters], outputs, order, seed, &Device::flex());
    }

    #[test]
    fn adam_on_the_cpu(size in 1usize..40_000, seed in any::<u64>()) {
        adam_agrees(size, seed, &Device::flex());
    }

    #[test]
    fn pairs_on_the_cpu(
        elements in [1usize..4, 1usize..4], bins in [1usize..40, 1usize..40], filters in 1usize..20,
        d in 1usize..10, count in 1usize..40, large in prop::bool::weighted(0.2),
        seed in any::<u64>(),
    ) {
        let size = if large { 300.0 } else { 1.0 };
        let (elements, bins) = ([elements[0], elements[1]], [bins[0], bins[1]]);
        Pairs { elements, bins, filters, d, count, size, seed }.check(&Device::flex());
    }

    #[test]
    fn pairs_of_a_network_on_the_cpu(seed in any::<u64>()) {
        pairs_agree(&small(), seed, &Device::flex());
    }
}

#[test]
fn the_published_sizes_on_the_cpu() {
    let config = ModelConfig::default();
    for pooling in [config.enhancer_pooling(), config.promoter_pooling()] {
        let encoder = Encoder {
            n: 2,
            filters: config.filters,
            pooling,
            rate: 0.5,
            negative: false,
            seed: 1,
        };
        encoder.check(&Device::flex());
    }
    pairs_agree(&config, 1, &Device::flex());
}

#[test]
fn equal_values_come_in_order_on_every_device() {
    let check = |device: &Device| {
        // P is 1 wherever the promoter bin sees 1, in rows 1 and 3.
        let seen_e = Array {
            values: vec![0.0, 1.0, 0.0, 1.0],
            shape: [1, 4, 1],
        };
        let ones = Array::new([1, 3, 1], || 1.0);
        let weight = Array::new([1, 1], || 1.0);
        let bias = Array::new([1], || 0.0);
        let device = device.clone().autodiff();
        let seen_e = seen_e.leaf(&device);
        let output = strongest::strongest(
            seen_e.clone(),
            ones.on(&device),
            weight.on(&device),
            bias.on(&device),
            4,
        );
        assert_eq!(values(&output), [1.0; 4]);
        let gradient = seen_e.grad(&output.sum().backward()).unwrap();
        assert_eq!(values(&gradient), [0.0, 3.0, 0.0, 1.0]);
    };
    check(&Device::flex());
    if let Some(device) = support::wgpu("kernels::equal_values_come_in_order_on_every_device") {
        check(&device.inference());
    }
}

#[test]
fn not_a_number_is_not_lost() {
    let nan = Array::new([1, 3, 2], || f32::NAN);
    let fine = Array::new([1, 4, 2], || 0.5);
    let square = Array::new([2, 2], || 0.5);
    let column = Array::new([2, 1], || 0.5);
    let bias = Array::new([1], || 0.5);
    let device = Device::flex();
    for over in [Over::Enhancer, Over::Promoter] {
        let weights = [(); 2].map(|()| square.on(&device));
        let score = column.on(&device);
        let (_, seen) =
            additive_attention::attend(nan.on(&device), fine.on(&device), weights, score, over);
        assert!(values(&seen).iter().all(|value| value.is_nan()));
    }
    let (nan, fine) = (nan.on(&device), fine.on(&device));
    let output = strongest::strongest(nan, fine, square.on(&device), bias.on(&device), 2);
    assert!(values(&output).iter().any(|value| value.is_nan()));
}

#[test]
fn every_kernel_on_wgpu() {
    let Some(device) = support::wgpu("kernels::every_kernel_on_wgpu") else {
        return;
    };
    let device = device.inference();
    let encoders = [
        (1, 5, pooling(40, 15, 30), 0.0, false),
        (3, 33, pooling(97, 4, 7), 0.5, false),
        (2, 3, pooling(30, 1, 1), 0.0, true),
        // Several sequences in a part, the last part with fewer; and a filter with more values
        // than a cube has units.
        (130, 3, pooling(30, 5, 6), 0.0, false),
        (1, 2, pooling(90, 70, 7), 0.0, false),
    ];
    for (seed, (n, filters, pooling, rate, negative)) in (0..).zip(encoders) {
        let encoder = Encoder {
            n,
            filters,
            pooling,
            rate,
            negative,
            seed,
        };
        encoder.check(&device);
    }
    // Of 30 pairs, more rows than a cube has units.
    for (seed, (n, over, size)) in (0..).zip([
        (2, Over::Enhancer, 1.0),
        (30, Over::Promoter, 1.0),
        (2, Over::Enhancer, 300.0),
        (2, Over::Promoter, 300.0),
    ]) {
        let attention = Attention {
            n,
            bins: [11, 7],
            filters: 6,
            d: 3,
            over,
            size,
            seed,
        };
        attention.check(&device);
    }
    // The last with more values, and more that are kept, than a cube has units.
    for (seed, bins, count) in [
        (0, [7, 11], 1),
        (1, [7, 11], 30),
        (2, [7, 11], 77),
        (3, [31, 37], 300),
    ] {
        let strongest = Strongest {
            n: 2,
            bins,
            filters: 6,
            count,
            seed,
        };
        strongest.check(&device);
    }
    for order in [Order::Bins, Order::Filters] {
        wide_linear_agrees([5, 19, 30], 6, order, 0, &device);
    }
    adam_agrees(1000, 0, &device);
    for size in [1.0, 300.0] {
        let pairs = Pairs {
            elements: [3, 2],
            bins: [11, 7],
            filters: 6,
            d: 3,
            count: 9,
            size,
            seed: 0,
        };
        pairs.check(&device);
    }
    pairs_agree(&small(), 0, &device);
}
