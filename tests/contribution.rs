//! What every letter does to a logit: against forward passes, and against an independent
//! implementation.

use std::path::Path;

use burn::tensor::Device;
use epitrack::element::{Element, Sides};
use epitrack::network::contribution::Method;
use epitrack::network::inference::Predictor;
use epitrack::network::model::{AttentionForm, Epiann, ModelConfig, Weights};
use epitrack::seed::{Purpose, stream};
use epitrack::text::choice::Choice;
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use safetensors::SafeTensors;

use super::support;

type Windows = Sides<Vec<u8>>;

fn predictor(config: &ModelConfig, weights: &Weights, device: &Device) -> Predictor {
    let network = Epiann::load(config, weights, device).unwrap();
    Predictor::new(network, device.clone())
}

/// A network before training, with weights that are `size` times as large.
fn random(config: &ModelConfig, seed: u64, size: f32) -> Predictor {
    random_on(config, seed, size, &Device::flex())
}

fn random_on(config: &ModelConfig, seed: u64, size: f32, device: &Device) -> Predictor {
    let network = Epiann::new(config, seed, &Device::flex()).unwrap();
    let mut weights = Weights::default();
    for (name, shape, values) in network.weights().unwrap().iter() {
        let values = values.iter().map(|value| value * size).collect();
        weights.insert(name.to_string(), shape.to_vec(), values);
    }
    predictor(config, &weights, device)
}

/// The change for each letter at each base.
fn mutagenesis(predictor: &Predictor, windows: &Windows) -> Sides<Vec<[f32; 4]>> {
    let codes = windows.as_ref().map(Vec::as_slice);
    let mut found = predictor.contributions(Method::Ism, &[codes]).unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0).map(|side| side.letters().to_vec())
}

/// A change, where it is, and by which letter.
type Change = (Element, usize, usize, f32);

/// The changes at every `step`th base by forward passes, and the size of the logits.
fn naive(predictor: &Predictor, windows: &Windows, step: usize) -> (Vec<Change>, f32) {
    let mut elements: Sides<Vec<Vec<u8>>> = windows.clone().map(|codes| vec![codes]);
    let (mut pairs, mut places) = (vec![Sides::new(0, 0)], Vec::new());
    for element in Element::BOTH {
        let codes = windows.get(element);
        for base in (0..codes.len()).step_by(step) {
            let letters = (0..4u8).filter(|&letter| codes[base] < 4 && letter != codes[base]);
            for letter in letters {
                let mut changed = codes.clone();
                changed[base] = letter;
                let known = elements.get_mut(element);
                let mut pair = Sides::new(0, 0);
                *pair.get_mut(element) = known.len();
                known.push(changed);
                pairs.push(pair);
                places.push((element, base, usize::from(letter)));
            }
        }
    }
    let codes: Sides<Vec<&[u8]>> = Sides::new(
        elements.enhancer.iter().map(Vec::as_slice).collect(),
        elements.promoter.iter().map(Vec::as_slice).collect(),
    );
    let found = predictor.of_codes(&codes, &pairs).unwrap();
    let logits: Vec<f32> = found.iter().map(|pair| pair.logit).collect();
    let changes = places.into_iter().zip(&logits[1..]);
    let changes = changes.map(|((element, base, letter), logit)| {
        let change = logit - logits[0];
        (element, base, letter, change)
    });
    // Where all cancel out, what they are sums of is larger.
    let scale = logits
        .iter()
        .fold(0.1f32, |most, logit| most.max(logit.abs()));
    (changes.collect(), scale)
}

/// Mutagenesis says of every `step`th base what forward passes say, to 1e-4 of the logits; the
/// largest change as a part of them.
fn agrees(predictor: &Predictor, windows: &Windows, step: usize) -> f32 {
    let found = mutagenesis(predictor, windows);
    let (changes, scale) = naive(predictor, windows, step);
    let mut largest = 0f32;
    for (element, base, letter, wanted) in changes {
        let found = found.get(element)[base][letter];
        assert!(
            (found - wanted).abs() <= 1e-4 * scale,
            "{element:?} {base} to {letter}: {found} for {wanted} of {scale}"
        );
        largest = largest.max(wanted.abs());
    }
    for (element, letters) in found.iter() {
        let codes = windows.get(element);
        assert_eq!(letters.len(), codes.len());
        for (letters, &code) in letters.iter().zip(codes) {
            match letters.get(usize::from(code)) {
                Some(own) => assert_eq!(*own, 0.0),
                None => assert_eq!(*letters, [0.0; 4]),
            }
        }
    }
    largest / scale
}

/// Letters at random, one letter, a repeated unit, or letters of which many are none of the four.
fn window(kind: usize, length: u32, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let unit: Vec<u8> = (0..[length, 1, 3, length][kind])
        .map(|_| rng.random_range(0..4))
        .collect();
    let mut codes: Vec<u8> = unit.into_iter().cycle().take(length as usize).collect();
    if kind == 3 {
        let place = rng.random_range(0..codes.len());
        codes[place..]
            .iter_mut()
            .step_by(2)
            .for_each(|code| *code = 4);
    }
    codes
}

fn rng(seed: u64) -> ChaCha8Rng {
    stream(seed, Purpose::Simulation, 16)
}

fn odd() -> ModelConfig {
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
        ..ModelConfig::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn mutagenesis_is_what_forward_passes_say(
        (filters, filter_width, pool_width) in (1usize..9, 1usize..9, 1usize..10),
        (attention_dim, top_k, form) in (1usize..5, 0usize..60, 0usize..3),
        (more_enhancer, more_promoter) in (0u32..60, 0u32..40),
        kinds in (0usize..4, 0usize..4),
        seed in any::<u64>(),
    ) {
        let mut config = ModelConfig {
            enhancer_length: filter_width as u32 + more_enhancer,
            promoter_length: filter_width as u32 + more_promoter,
            filters,
            filter_width,
            pool_width,
            attention: AttentionForm::ALL[form].0,
            attention_dim,
            ..odd()
        };
        let bins = config.pooling().map(|pooling| pooling.bins());
        config.top_k = 1 + top_k % (bins.enhancer * bins.promoter);
        let mut rng = rng(seed);
        let windows = Sides::new(
            window(kinds.0, config.enhancer_length, &mut rng),
            window(kinds.1, config.promoter_length, &mut rng),
        );
        agrees(&random(&config, seed, 3.0), &windows, 1);
    }
}

#[test]
fn each_form_of_attention_has_its_changes() {
    for &(attention, name, _) in AttentionForm::ALL {
        let config = ModelConfig { attention, ..odd() };
        let windows = config
            .lengths()
            .map(|length| window(0, length, &mut rng(7)));
        let largest = agrees(&random(&config, 1, 3.0), &windows, 1);
        assert!(largest > 1e-3, "{name}: {largest}");
    }
}

#[test]
fn windows_of_one_bin_change_as_a_whole() {
    let config = ModelConfig {
        enhancer_length: 20,
        pool_width: 40,
        top_k: 1,
        ..odd()
    };
    assert_eq!(config.pooling().enhancer.bins(), 1);
    let windows = config
        .lengths()
        .map(|length| window(0, length, &mut rng(8)));
    let largest = agrees(&random(&config, 1, 3.0), &windows, 1);
    assert!(largest > 1e-3, "{largest}");
}

#[test]
fn the_published_size_agrees_at_some_bases() {
    for &(attention, name, _) in AttentionForm::ALL {
        let config = ModelConfig {
            attention,
            ..ModelConfig::default()
        };
        let windows = config
            .lengths()
            .map(|length| window(0, length, &mut rng(9)));
        let largest = agrees(&random(&config, 2, 2.0), &windows, 211);
        assert!(largest > 1e-3, "{name}: {largest}");
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let config = odd();
    let windows = config
        .lengths()
        .map(|length| window(0, length, &mut rng(10)));
    let predictor = random(&config, 3, 3.0);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        pool.install(|| mutagenesis(&predictor, &windows))
    };
    assert_eq!(on(1), on(3));
}

/// A file of `tests/fixtures`.
struct Fixture {
    bytes: Vec<u8>,
    arrays: Weights,
}

impl Fixture {
    fn read(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let path = folder.join(name);
        Self {
            bytes: std::fs::read(&path).unwrap(),
            arrays: Weights::read(&path).unwrap().0,
        }
    }

    fn config(&self) -> ModelConfig {
        let (_, header) = SafeTensors::read_metadata(&self.bytes).unwrap();
        serde_json::from_str(&header.metadata().as_ref().unwrap()["config"]).unwrap()
    }

    /// The windows of the first pair.
    fn windows(&self) -> Windows {
        let file = SafeTensors::deserialize(&self.bytes).unwrap();
        Sides::from_fn(|element: Element| {
            let codes = file.tensor(&format!("inputs.{}", element.name())).unwrap();
            let length = *self.config().lengths().get(element) as usize;
            codes.data()[..length].to_vec()
        })
    }

    /// The network, with an attention of this form.
    fn predictor(&self, attention: AttentionForm, device: &Device) -> Predictor {
        let config = ModelConfig {
            attention,
            ..self.config()
        };
        let mut weights = Weights::default();
        for (name, shape, values) in self.arrays.under("weights").iter() {
            if attention != AttentionForm::Cross || !name.contains(".score.") {
                weights.insert(name.to_string(), shape.to_vec(), values.to_vec());
            }
        }
        predictor(&config, &weights, device)
    }

    /// The changes that `tests/fixtures/ism.py` found are found again.
    fn agrees(&self, found: &Sides<Vec<[f32; 4]>>, name: &str) {
        let scale = self.arrays.values(&format!("{name}.logit"))[0].abs();
        assert!(scale > 0.1);
        for (element, letters) in found.iter() {
            let wanted = self.arrays.values(&format!("{name}.{}", element.name()));
            let found = letters.as_flattened();
            assert_eq!(found.len(), wanted.len());
            for (place, (found, wanted)) in found.iter().zip(wanted).enumerate() {
                assert!(
                    (found - wanted).abs() < 1e-4 * scale,
                    "{name}, {element:?}[{place}]: {found} for {wanted}"
                );
            }
        }
    }
}

/// All changes of the fixtures, on a device.
fn agrees_with_an_independent_implementation(device: &Device) {
    let pinned = Fixture::read("ism.safetensors");
    for &(attention, name, _) in AttentionForm::ALL {
        let found = mutagenesis(&pinned.predictor(attention, device), &pinned.windows());
        pinned.agrees(&found, name);
    }
    let small = Fixture::read("epiann_small.safetensors");
    let network = small.predictor(AttentionForm::Additive, device);
    pinned.agrees(&mutagenesis(&network, &small.windows()), "small");
}

#[test]
fn changes_are_those_of_an_independent_implementation() {
    agrees_with_an_independent_implementation(&Device::flex());
}

#[test]
fn on_wgpu() {
    let Some(device) = support::wgpu("contribution::on_wgpu") else {
        return;
    };
    let device = device.inference();
    agrees_with_an_independent_implementation(&device);
    let mut rng = rng(11);
    // Filters wider than bins, bins that are all of a window, all interactions kept.
    let sizes = [
        [131, 77, 8, 7, 5],
        [20, 61, 8, 40, 1],
        [31, 23, 9, 2, 96],
        [9, 8, 8, 3, 1],
    ];
    for [enhancer_length, promoter_length, width, pool, top_k] in sizes {
        for (kind, &(attention, ..)) in AttentionForm::ALL.iter().enumerate() {
            let config = ModelConfig {
                attention,
                enhancer_length,
                promoter_length,
                filter_width: width as usize,
                pool_width: pool as usize,
                top_k: top_k as usize,
                ..odd()
            };
            let windows = Sides::new(
                window(kind, enhancer_length, &mut rng),
                window(3 - kind, promoter_length, &mut rng),
            );
            agrees(&random_on(&config, 5, 3.0, &device), &windows, 1);
        }
    }
    let config = ModelConfig::default();
    let windows = config.lengths().map(|length| window(3, length, &mut rng));
    agrees(&random_on(&config, 2, 2.0, &device), &windows, 211);
    let none = config.lengths().map(|length| vec![4; length as usize]);
    agrees(&random_on(&config, 2, 2.0, &device), &none, 97);
}
