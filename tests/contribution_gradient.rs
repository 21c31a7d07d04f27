//! Contributions by gradient, against burn's gradient of a plain composition that reads letters as
//! numbers.

use burn::tensor::{Device, Int, Tensor, TensorData};
use epitrack::element::Sides;
use epitrack::error::Error;
use epitrack::network::contribution::{Contribution, Method};
use epitrack::network::inference::Predictor;
use epitrack::network::kernels::attention::{Parameters, Scoring};
use epitrack::network::kernels::dropout::Dropout;
use epitrack::network::kernels::perceptron::Layers;
use epitrack::network::kernels::sequence_encoder::encode_with_positions;
use epitrack::network::model::{
    AttentionForm, ByElement, Epiann, ModelConfig, Weights, codes as codes_on, slopes_by_graph,
};
use epitrack::text::choice::Choice;
use rand::RngExt;

use super::kernels::agreement::{close, on_threads, random};
use super::kernels::{plain, small};
use super::support::{self, values};

/// Pairs of three enhancers and two promoters.
const PAIRS: [(usize, usize); 5] = [(0, 0), (2, 1), (0, 1), (1, 0), (2, 1)];

/// Weights with attentions that prefer some bins, of values whose sums are exact: all forms have to
/// find the same maxima, the first of equal ones. Every other hidden unit hears large interactions.
fn weights(config: &ModelConfig, seed: u64) -> Weights {
    let first = Epiann::new(config, seed, &Device::flex()).unwrap();
    let mut weights = Weights::default();
    for (name, shape, values) in first.weights().unwrap().iter() {
        let factor = if name.starts_with("conv") { 4.0 } else { 3.0 };
        let value = |(place, &value): (usize, &f32)| {
            let value = (value * factor * 1024.0).round() / 1024.0;
            let hears = name == "classifier.hidden.weight" && place % 2 == 0;
            if hears { value.abs() } else { value }
        };
        let values = values.iter().enumerate().map(value).collect();
        weights.insert(name.to_string(), shape.to_vec(), values);
    }
    weights
}

/// Windows with runs of one letter and of N.
fn windows(config: &ModelConfig, seed: u64) -> Sides<Vec<Vec<u8>>> {
    let mut rng = random(seed);
    let mut window = |length: u32| {
        let mut codes = Vec::new();
        while codes.len() < length as usize {
            let run = if rng.random_bool(0.1) { 20 } else { 1 };
            codes.extend(std::iter::repeat_n(rng.random_range(0..5u8), run));
        }
        codes.truncate(length as usize);
        codes
    };
    let lengths = config.lengths();
    Sides::new(
        (0..3).map(|_| window(lengths.enhancer)).collect(),
        (0..2).map(|_| window(lengths.promoter)).collect(),
    )
}

fn pairs(windows: &Sides<Vec<Vec<u8>>>) -> Vec<Sides<&[u8]>> {
    let of = |&(e, p): &(usize, usize)| {
        Sides::new(
            windows.enhancer[e].as_slice(),
            windows.promoter[p].as_slice(),
        )
    };
    PAIRS.iter().map(of).collect()
}

/// For each pair whether its logit has one gradient: where two of the strongest interactions are as
/// good as equal, or the last of them and the next, rounding decides which of them comes first and is
/// multiplied by which weight.
fn have_a_gradient(network: &Epiann, pairs: &[Sides<&[u8]>], device: &Device) -> Vec<bool> {
    let codes = Sides::from_fn(|element| {
        let side = pairs.iter().map(|pair| *pair.get(element));
        side.collect::<Vec<&[u8]>>()
    });
    let sequences = codes_on(codes.as_ref().map(Vec::as_slice), device);
    let all = network.interaction(&network.attentions(sequences));
    let [_, bins_p, bins_e] = all.dims();
    let of_pair = |all: &[f32]| {
        let mut all = all.to_vec();
        all.sort_by(|a, b| b.total_cmp(a));
        all.truncate(network.config().top_k + 1);
        let apart = |two: &[f32]| two[0] - two[1] > 1e-6 * two[0].abs().max(1.0);
        all.windows(2).all(apart)
    };
    values(&all).chunks(bins_p * bins_e).map(of_pair).collect()
}

/// What is kept of the arrays of pairs, `sides` of each.
fn kept<T: Clone>(all: &[T], sides: usize, pairs: &[bool]) -> Vec<T> {
    let pairs = all.chunks(sides).zip(pairs).filter(|(_, kept)| **kept);
    pairs.flat_map(|(pair, _)| pair.to_vec()).collect()
}

fn tensor<const D: usize>(weights: &Weights, name: &str, device: &Device) -> Tensor<D> {
    let mut arrays = weights.iter();
    let (_, shape, values) = arrays.find(|array| array.0 == name).unwrap();
    let shape: [usize; D] = shape.try_into().unwrap();
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

/// The log-odds of pairs, `[n, 1]`, from letters as numbers, `[n, L, 4]` of each side.
fn plain_logit(config: &ModelConfig, weights: &Weights, letters: Sides<Tensor<3>>) -> Tensor<2> {
    let device = letters.enhancer.device();
    let matrix = |name: &str| tensor::<2>(weights, name, &device);
    let vector = |name: &str| tensor::<1>(weights, name, &device);
    let activations = letters.zip(config.pooling()).map(|(letters, pooling)| {
        let filters = tensor::<3>(weights, "conv.weight", &device);
        plain::encode_one_hot(letters, filters, pooling, Dropout::NONE)
    });
    let d = config.attention_dim;
    let parameters = |attention: &str| {
        let weights = Sides::new("enhancer", "promoter");
        let weights = weights.map(|side| matrix(&format!("{attention}.{side}.weight")));
        let score = match config.attention {
            AttentionForm::Cross => Tensor::full([d, 1], (d as f64).sqrt().recip(), &device),
            _ => matrix(&format!("{attention}.score.weight")),
        };
        Parameters::new(weights, score)
    };
    let scoring = match config.attention {
        AttentionForm::Additive => Scoring::Additive,
        _ => Scoring::Multiplicative,
    };
    let parameters = Sides::new("attend_enhancer", "attend_promoter").map(parameters);
    let Sides { enhancer, promoter } = activations;
    let seen = plain::attend(enhancer, promoter, parameters, scoring).seen;
    let strongest = plain::strongest(
        seen.enhancer,
        seen.promoter,
        matrix("interaction.weight"),
        vector("interaction.bias"),
        config.top_k,
    );
    let layer = |name: &str| {
        (
            matrix(&format!("{name}.weight")),
            vector(&format!("{name}.bias")),
        )
    };
    let layers = Layers {
        hidden: layer("classifier.hidden"),
        output: layer("classifier.output"),
    };
    plain::perceptron(strongest.values, None, layers, Dropout::NONE)
}

/// Of each pair the gradient of its log-odds by each window's letters, less their mean.
fn plain_letters(config: &ModelConfig, weights: &Weights, pairs: &[Sides<&[u8]>]) -> Vec<Vec<f32>> {
    let device = Device::flex().autodiff();
    let letters = Sides::from_fn(|element| {
        let codes = pairs.iter().flat_map(|pair| pair.get(element).iter());
        let one_hot = codes.flat_map(|&code| (0..4).map(move |of| f32::from(u8::from(of == code))));
        let one_hot: Vec<f32> = one_hot.collect();
        let shape = [pairs.len(), one_hot.len() / 4 / pairs.len(), 4];
        Tensor::<3>::from_data(TensorData::new(one_hot, shape), &device).require_grad()
    });
    let logit = plain_logit(config, weights, letters.clone());
    let gradients = logit.sum().backward();
    let of_sides = letters.map(|letters| {
        let mut gradient = values(&letters.grad(&gradients).unwrap());
        for letters in gradient.chunks_exact_mut(4) {
            let mean = letters.iter().sum::<f32>() / 4.0;
            letters.iter_mut().for_each(|letter| *letter -= mean);
        }
        gradient
    });
    let of_pair = |pair: usize| {
        of_sides.as_ref().map(|side| {
            let len = side.len() / pairs.len();
            side[pair * len..(pair + 1) * len].to_vec()
        })
    };
    (0..pairs.len()).flat_map(of_pair).collect()
}

fn letters_of(contributions: &[Sides<Contribution>]) -> Vec<Vec<f32>> {
    let sides = contributions.iter().flat_map(Sides::as_ref);
    sides
        .map(|side| side.letters().as_flattened().to_vec())
        .collect()
}

/// The largest contribution.
fn check(config: &ModelConfig, seed: u64, device: &Device) -> f32 {
    let weights = weights(config, seed);
    let network = Epiann::load(config, &weights, device).unwrap();
    let windows = windows(config, seed);
    let pairs = pairs(&windows);
    let smooth = have_a_gradient(&network, &pairs, device);
    let predictor = Predictor::new(network, device.clone());
    let found = on_threads(|| {
        let contributions = predictor.contributions(Method::Gradient, &pairs).unwrap();
        letters_of(&contributions)
    });
    let wanted = plain_letters(config, &weights, &pairs);
    let [found, wanted] = [found, wanted].map(|all| kept(&all, 2, &smooth));
    let largest = wanted
        .iter()
        .flatten()
        .fold(0f32, |max, x| max.max(x.abs()));
    close(&found, &wanted, 5e-4, 1e-3);
    for letters in found.iter().flat_map(|letters| letters.chunks_exact(4)) {
        assert!(letters.iter().sum::<f32>().abs() <= 1e-5 * largest.max(1.0));
    }
    largest
}

/// Small networks of every form.
fn check_small(seeds: std::ops::Range<u64>, device: &Device) {
    for seed in seeds {
        let mut largest = 0f32;
        for &(attention, ..) in AttentionForm::ALL {
            largest = largest.max(check(&small(attention), seed, device));
        }
        assert!(largest > 1e-3, "nothing to compare: {largest}");
    }
    let one_bin = ModelConfig {
        enhancer_length: 20,
        promoter_length: 9,
        pool_width: 13,
        top_k: 1,
        ..small(AttentionForm::Additive)
    };
    let largest = (0..4).map(|seed| check(&one_bin, seed, device));
    assert!(largest.fold(0.0, f32::max) > 1e-3);
}

#[test]
fn gradients_are_those_of_a_plain_composition() {
    check_small(0..4, &Device::flex());
}

#[test]
fn gradients_on_wgpu() {
    if let Some(device) = support::wgpu("contribution_gradient::gradients_on_wgpu") {
        check_small(0..1, &device.inference());
    }
}

/// At the published size, and on the CPU: the form that goes back through some bins alone, and that
/// through burn's graph.
#[test]
fn both_ways_back_agree() {
    let (config, device) = (ModelConfig::default(), Device::flex());
    let network = Epiann::new(&config, 1, &device).unwrap();
    let smooth = have_a_gradient(&network, &pairs(&windows(&config, 1)), &device);
    assert!(smooth.contains(&true));
    let by_element = ByElement::new(&network);
    let windows = windows(&config, 1);
    let on_device = |windows: Sides<&[Vec<u8>]>| {
        let slices = windows.map(|side| side.iter().map(Vec::as_slice).collect::<Vec<_>>());
        codes_on(slices.as_ref().map(Vec::as_slice), &device)
    };
    let located = by_element.located(on_device(windows.as_ref().map(Vec::as_slice)));
    let places = PAIRS.iter().flat_map(|&(e, p)| [e as i32, p as i32]);
    let places = TensorData::new(places.collect::<Vec<i32>>(), [PAIRS.len(), 2]);
    let places = Tensor::<2, Int>::from_data(places, &device);
    let found = on_threads(|| {
        let slopes = by_element.slopes(&network, &located, places.clone());
        slopes
            .into_iter()
            .map(|side| values(&side))
            .collect::<Vec<_>>()
    });
    let sides = Sides::new(
        PAIRS.map(|(e, _)| windows.enhancer[e].clone()),
        PAIRS.map(|(_, p)| windows.promoter[p].clone()),
    );
    let sequences = on_device(sides.as_ref().map(|side| side.as_slice()));
    let activations = sequences.zip(config.pooling());
    let activations = activations
        .map(|(codes, pooling)| encode_with_positions(codes, by_element.filters(), pooling).0);
    let wanted = slopes_by_graph(&network, activations);
    let wanted: Vec<_> = wanted.into_iter().map(|side| values(&side)).collect();
    let of_smooth = |sides: Vec<Vec<f32>>| -> Vec<Vec<f32>> {
        let of_side = |side: Vec<f32>| kept(&side, side.len() / PAIRS.len(), &smooth);
        sides.into_iter().map(of_side).collect()
    };
    let (found, wanted) = (of_smooth(found), of_smooth(wanted));
    assert!(wanted[0].iter().any(|&value| value != 0.0));
    close(&found, &wanted, 5e-4, 1e-6);
}

#[test]
fn windows_of_n_have_nothing_and_what_is_no_number_is_told() {
    let config = small(AttentionForm::Additive);
    let device = Device::flex();
    let of = |weights: &Weights| {
        Predictor::new(
            Epiann::load(&config, weights, &device).unwrap(),
            device.clone(),
        )
    };
    let fine = weights(&config, 0);
    let none = config.lengths().map(|length| vec![4; length as usize]);
    let pair = none.as_ref().map(Vec::as_slice);
    let contributions = of(&fine).contributions(Method::Gradient, &[pair]).unwrap();
    for (contribution, codes) in contributions[0].as_ref().zip(pair) {
        assert!(
            contribution
                .of_bases(codes)
                .iter()
                .all(|&value| value == 0.0)
        );
        assert_eq!(contribution.letters().len(), codes.len());
    }

    let mut too_large = Weights::default();
    for (name, shape, values) in fine.iter() {
        let factor = if name == "interaction.weight" {
            3e38
        } else {
            1.0
        };
        let values = values.iter().map(|value| value * factor).collect();
        too_large.insert(name.to_string(), shape.to_vec(), values);
    }
    let windows = windows(&config, 0);
    for method in [Method::Gradient, Method::Ism] {
        let failed = of(&too_large).contributions(method, &pairs(&windows));
        assert!(matches!(failed, Err(Error::NotFinite(_))), "{method:?}");
    }
}

/// Of more pairs than are computed at once.
#[test]
fn windows_that_are_no_regions_are_told_of() {
    let (config, device) = (small(AttentionForm::Additive), Device::flex());
    let network = Epiann::load(&config, &weights(&config, 0), &device).unwrap();
    let windows = windows(&config, 0);
    let pairs = pairs(&windows);
    let codes = Sides::from_fn(|element| {
        let side = pairs.iter().map(|pair| *pair.get(element));
        side.collect::<Vec<&[u8]>>()
    });
    let sequences = codes_on(codes.as_ref().map(Vec::as_slice), &device);
    let wanted = values(&network.forward(sequences, None).logit);
    let predictor = Predictor::new(network, device);
    let elements = windows
        .as_ref()
        .map(|side| side.iter().map(Vec::as_slice).collect());
    let places: Vec<Sides<usize>> = PAIRS
        .iter()
        .cycle()
        .take(600)
        .map(|&(e, p)| Sides::new(e, p))
        .collect();
    let found = predictor.of_codes(&elements, &places).unwrap();
    assert_eq!(found.len(), 600);
    for (found, wanted) in found.iter().zip(wanted.iter().cycle()) {
        assert!((found.logit - wanted).abs() <= 1e-3 * wanted.abs().max(1.0));
        let bins = config.pooling().map(|pooling| pooling.bins());
        assert_eq!(found.marginal.as_ref().map(Vec::len), bins);
    }
    assert!(predictor.of_codes(&elements, &[]).unwrap().is_empty());
}
