//! Elements that are computed once, and their pairs: every form, and the whole network.

use burn::tensor::{Device, Int, Tensor, TensorData};
use epitrack::element::Sides;
use epitrack::network::kernels::attention::Scoring;
use epitrack::network::kernels::pairwise;
use epitrack::network::model::{ByElement, Epiann, ModelConfig};
use rand::RngExt;

use super::agreement::{Array, close, on_threads, random};
use super::plain;
use crate::support::values;

/// Sizes of elements and of what is found about pairs of them.
#[derive(Debug, Clone)]
pub struct Pairs {
    pub elements: [usize; 2],
    pub bins: [usize; 2],
    pub filters: usize,
    pub d: usize,
    pub scoring: Scoring,
    pub count: usize,
    /// The largest projection.
    pub size: f32,
    pub seed: u64,
}

impl Pairs {
    pub fn check(&self, device: &Device) {
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
                pairwise::pairwise(elements, pairs, self.scoring, count)
            } else {
                plain::pairwise(elements, pairs, self.scoring, count)
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
pub fn pairs_agree(config: &ModelConfig, seed: u64, device: &Device) {
    let mut rng = random(seed);
    let network = Epiann::new(config, seed, device).unwrap();
    let by_element = ByElement::new(&network);
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
    let pairs: [[i32; 2]; 5] = [[2, 1], [0, 0], [3, 2], [2, 2], [2, 1]];
    let found = on_threads(|| {
        let (enhancers, promoters) = (tensor(&enhancers, lengths.0), tensor(&promoters, lengths.1));
        let elements = by_element.elements(Sides::new(enhancers, promoters));
        let places = TensorData::new(pairs.as_flattened().to_vec(), [pairs.len(), 2]);
        let found = by_element.pairs(&elements, Tensor::from_data(places, device));
        vec![
            values(&found.logit),
            values(&found.attention.enhancer),
            values(&found.attention.promoter),
        ]
    });
    let of = |codes: &[u8], length: u32, side: usize| -> Vec<u8> {
        let length = length as usize;
        let windows = pairs.iter().map(|pair| pair[side] as usize);
        windows
            .flat_map(|at| codes[at * length..(at + 1) * length].to_vec())
            .collect()
    };
    let sequences = Sides::new(
        tensor(&of(&enhancers, lengths.0, 0), lengths.0),
        tensor(&of(&promoters, lengths.1, 1), lengths.1),
    );
    let said = network.forward(sequences, None);
    let wanted = vec![
        values(&said.logit),
        values(&said.attended.attention.enhancer.max_dim(2)),
        values(&said.attended.attention.promoter.max_dim(1)),
    ];
    close(&found, &wanted, 1e-4, 1e-3);
}
