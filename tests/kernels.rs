//! Every form of the kernels against the plain composition: values, gradients, threads.

pub(crate) mod agreement;
mod pairs;
pub(crate) mod plain;
mod products;
mod small;
mod windows;

use burn::tensor::{Device, Tensor};
use epitrack::attention::Pooling;
use epitrack::element::Sides;
use epitrack::network::kernels::attention;
use epitrack::network::kernels::attention::{Parameters, Scoring};
use epitrack::network::kernels::dropout::Dropout;
use epitrack::network::kernels::sequence_encoder;
use epitrack::network::kernels::strongest;
use epitrack::network::kernels::wide_linear::Order;
use epitrack::network::model::{AttentionForm, ModelConfig};
use epitrack::text::choice::Choice;
use proptest::prelude::*;

use self::agreement::*;
use self::pairs::{Pairs, pairs_agree};
use self::products::products_agree;
use self::small::{adam_agrees, loss_agrees, perceptron_agrees};
use self::windows::windows_agree;
use super::support::{self, values};

fn pooling(length: usize, width: usize, pool: usize) -> Pooling {
    Pooling {
        length: length.max(width),
        width,
        pool,
    }
}

const SCORINGS: &[Scoring] = &[Scoring::Additive, Scoring::Multiplicative];
/// What is learnt through both attentions, or through one.
const LEARNT: &[[bool; 2]] = &[[true, true], [true, true], [true, false], [false, true]];

/// A small network with this form of attention.
pub(crate) fn small(attention: AttentionForm) -> ModelConfig {
    ModelConfig {
        attention,
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
        n in 1usize..20, filters in 1usize..40, length in 1usize..90, width in 1usize..20,
        pool in 1usize..40, halved in any::<bool>(), negative in prop::bool::weighted(0.1),
        seed in any::<u64>(),
    ) {
        let pooling = pooling(length, width, pool);
        let rate = if halved { 0.5 } else { 0.0 };
        Encoder { n, filters, pooling, rate, negative, seed }.check(&Device::flex());
    }

    #[test]
    fn attention_on_the_cpu(
        n in 1usize..4, bins in [1usize..140, 1usize..40], filters in 1usize..20, d in 1usize..10,
        scoring in prop::sample::select(SCORINGS), learnt in prop::sample::select(LEARNT),
        large in prop::bool::weighted(0.2), seed in any::<u64>(),
    ) {
        let size = match (large, scoring) {
            (false, _) => 1.0,
            // Projections far beyond where their exponentials leave f32.
            (true, Scoring::Additive) => 300.0,
            // Scores beyond where theirs do.
            (true, Scoring::Multiplicative) => 3.0,
        };
        let bins = [bins[0], bins[1]];
        Attention { n, bins, filters, d, scoring, learnt, size, seed }.check(&Device::flex());
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
    fn adam_on_the_cpu(sizes in prop::collection::vec(1usize..40_000, 1..4), seed in any::<u64>()) {
        adam_agrees(&sizes, seed, &Device::flex());
    }

    #[test]
    fn small_layers_on_the_cpu(
        n in 1usize..70, inputs in 1usize..40, hidden in 1usize..40, outputs in 1usize..4,
        rectified in any::<bool>(), seed in any::<u64>(),
    ) {
        perceptron_agrees(n, [inputs, hidden, outputs], rectified, seed, &Device::flex());
    }

    #[test]
    fn the_loss_on_the_cpu(
        n in 1usize..600, large in prop::bool::weighted(0.3), seed in any::<u64>(),
    ) {
        loss_agrees(n, if large { 300.0 } else { 3.0 }, seed, &Device::flex());
    }

    #[test]
    fn pairs_on_the_cpu(
        elements in [1usize..4, 1usize..4], bins in [1usize..90, 1usize..90], filters in 1usize..20,
        d in 1usize..10, scoring in prop::sample::select(SCORINGS), count in 1usize..40,
        large in prop::bool::weighted(0.2), seed in any::<u64>(),
    ) {
        let size = match (large, scoring) {
            (false, _) => 1.0,
            (true, Scoring::Additive) => 300.0,
            (true, Scoring::Multiplicative) => 10.0,
        };
        let (elements, bins) = ([elements[0], elements[1]], [bins[0], bins[1]]);
        Pairs { elements, bins, filters, d, scoring, count, size, seed }.check(&Device::flex());
    }

    #[test]
    fn windows_on_the_cpu(
        length in 1usize..70, more in 0usize..70, n in 1usize..6, seed in any::<u64>(),
    ) {
        windows_agree(length + more, length, n, seed, &Device::flex());
    }

    #[test]
    fn pairs_of_a_network_on_the_cpu(
        form in prop::sample::select(AttentionForm::ALL), seed in any::<u64>(),
    ) {
        pairs_agree(&small(form.0), seed, &Device::flex());
    }
}

#[test]
fn the_published_sizes_on_the_cpu() {
    let config = ModelConfig::default();
    for pooling in [config.pooling().enhancer, config.pooling().promoter] {
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
fn products_on_every_device() {
    products_agree(&Device::flex());
    if let Some(device) = support::wgpu("kernels::products_on_every_device") {
        products_agree(&device.inference());
    }
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
        let output = output.values;
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
#[should_panic(expected = "left == right")]
fn codes_of_another_length_are_refused() {
    let device = Device::flex();
    let codes = Tensor::zeros([16, 10], &device);
    let filters = Array::new([2, 4, 3], || 0.5).on(&device);
    sequence_encoder::encode(codes, filters, pooling(20, 3, 5), Dropout::NONE);
}

#[test]
fn not_a_number_is_not_lost() {
    let nan = Array::new([1, 3, 2], || f32::NAN);
    let fine = Array::new([1, 4, 2], || 0.5);
    let square = Array::new([2, 2], || 0.5);
    let column = Array::new([2, 1], || 0.5);
    let bias = Array::new([1], || 0.5);
    let device = Device::flex();
    for &scoring in SCORINGS {
        let parameters = || {
            let weights = Sides::from_fn(|_| square.on(&device));
            Parameters::new(weights, column.on(&device))
        };
        let (nan, fine) = (nan.on(&device), fine.on(&device));
        let found = attention::attend(nan, fine, Sides::from_fn(|_| parameters()), scoring);
        for seen in [found.seen.enhancer, found.seen.promoter] {
            assert!(values(&seen).iter().all(|value| value.is_nan()));
        }
    }
    let (nan, fine) = (nan.on(&device), fine.on(&device));
    let output = strongest::strongest(nan, fine, square.on(&device), bias.on(&device), 2);
    assert!(values(&output.values).iter().any(|value| value.is_nan()));
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
        // Several sequences for a cube, the last one with fewer.
        (1100, 3, pooling(30, 5, 6), 0.0, false),
        // Several stretches of a sequence, and several blocks of filters.
        (2, 37, pooling(1000, 11, 3), 0.5, false),
        // More tables than groups of units, and runs that are longer than a bin.
        (2, 40, pooling(300, 20, 9), 0.5, false),
        (90, 290, pooling(200, 9, 5), 0.0, false),
        // Fewer taps at a time, and more blocks of them; and what no device has memory for.
        (1, 2, pooling(170, 150, 7), 0.0, false),
        (2, 3, pooling(4000, 3700, 9), 0.5, false),
        (1, 2, pooling(20_000, 2, 19_000), 0.0, false),
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
    // Of one bin a side; of more pairs; of more parts of the projections than are held at a time, of
    // which a group of columns has some of each attention; of more bins than are held at a time.
    let sizes = [
        (1, [1, 1], 1, 1),
        (30, [11, 7], 6, 3),
        (2, [100, 67], 9, 32),
        (2, [9, 40], 5, 45),
        (3, [150, 17], 6, 20),
    ];
    let learnt = LEARNT.iter().cycle();
    for (seed, ((n, bins, filters, d), &learnt)) in (0..).zip(sizes.into_iter().zip(learnt)) {
        for (scoring, size) in [
            (Scoring::Additive, 1.0),
            (Scoring::Additive, 300.0),
            (Scoring::Multiplicative, 1.0),
            (Scoring::Multiplicative, 3.0),
        ] {
            let attention = Attention {
                n,
                bins,
                filters,
                d,
                scoring,
                learnt,
                size,
                seed,
            };
            attention.check(&device);
        }
    }
    // With more values, and more that are kept, than a cube has units; with more values in question
    // than it holds; and the published sizes.
    for (seed, bins, count) in [
        (0, [7, 11], 1),
        (1, [7, 11], 30),
        (2, [7, 11], 77),
        (3, [31, 37], 300),
        (4, [31, 57], 300),
        (5, [67, 100], 32),
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
    // One part and several, of lines that can and that cannot be read in fours; one output.
    for (seed, (seen, outputs)) in (0..).zip([
        ([5, 7, 30], 6),
        ([6, 40, 32], 8),
        ([5, 41, 33], 1),
        ([300, 1, 5], 4),
    ]) {
        for order in [Order::Bins, Order::Filters] {
            wide_linear_agrees(seen, outputs, order, seed, &device);
        }
    }
    // The last with more inputs and hidden values than a cube has units.
    for (n, widths) in [(1, [1, 1, 1]), (9, [32, 32, 1]), (5, [300, 270, 2])] {
        for rectified in [false, true] {
            perceptron_agrees(n, widths, rectified, 0, &device);
        }
    }
    // The last of more pairs than a cube has units.
    for (n, size) in [(1, 3.0), (64, 3.0), (9, 300.0), (700, 3.0)] {
        loss_agrees(n, size, 0, &device);
    }
    // More arrays than many a device binds at once, and more than a kernel is written for.
    let sizes: Vec<usize> = (0..70).map(|place| place * place % 991 + 1).collect();
    adam_agrees(&sizes, 0, &device);
    for (bases, length) in [(1, 1), (7, 7), (8, 3), (1001, 94)] {
        windows_agree(bases, length, 5, 0, &device);
    }
    for (scoring, size) in [
        (Scoring::Additive, 1.0),
        (Scoring::Additive, 300.0),
        (Scoring::Multiplicative, 10.0),
    ] {
        let pairs = Pairs {
            elements: [3, 2],
            bins: [11, 7],
            filters: 6,
            d: 3,
            scoring,
            count: 9,
            size,
            seed: 0,
        };
        pairs.check(&device);
    }
    for &(attention, ..) in AttentionForm::ALL {
        pairs_agree(&small(attention), 0, &device);
    }
}
