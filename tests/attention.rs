//! Forms of attention, and what each owes to the partner.

use burn::tensor::Device;
use epitrack::attention::PartnerShare;
use epitrack::element::Sides;
use epitrack::genome::{ChromId, Region, Sequences};
use epitrack::network::inference::Predictor;
use epitrack::network::model::{AttentionForm, Epiann, ModelConfig};
use epitrack::seed::{Purpose, stream};
use rand::RngExt;

use super::support::{Workplace, arg, fail, run, succeed};

/// Windows of each side.
const WINDOWS: u32 = 8;

/// The partner's share of the attention of a network that never trained, over random windows of which
/// each enhancer's stands beside each promoter's.
fn share(attention: AttentionForm) -> Sides<f64> {
    let config = ModelConfig {
        attention,
        enhancer_length: 131,
        promoter_length: 77,
        filters: 19,
        filter_width: 8,
        pool_width: 7,
        attention_dim: 5,
        top_k: 6,
        ..ModelConfig::default()
    };
    let device = Device::flex();
    let network = Epiann::new(&config, 1, &device).unwrap();
    let predictor = Predictor::new(network, device);
    let chrom = ChromId(0);
    let all = config.enhancer_length + config.promoter_length;
    let region = |start: u32, length: u32| Region {
        chrom,
        start,
        end: start + length,
    };
    let mut rng = stream(1, Purpose::Simulation, 0);
    let codes = (0..WINDOWS * all).map(|_| rng.random_range(0..4)).collect();
    let sequences = Sequences::of(region(0, WINDOWS * all), codes);
    let windows: Vec<Sides<Region>> = (0..WINDOWS * WINDOWS)
        .map(|pair| {
            let (enhancer, promoter) = (pair / WINDOWS * all, pair % WINDOWS * all);
            let promoter = promoter + config.enhancer_length;
            Sides::new(
                region(enhancer, config.enhancer_length),
                region(promoter, config.promoter_length),
            )
        })
        .collect();
    let bins = config.bins().map(|bins| bins.count());
    let mut shares = bins.map(|bins| PartnerShare::new(WINDOWS as usize, bins));
    let found = predictor.attentions(&sequences, &windows).unwrap();
    for (pair, found) in found.iter().enumerate() {
        let (enhancer, promoter) = (pair / WINDOWS as usize, pair % WINDOWS as usize);
        shares.enhancer.add(enhancer, &found.marginal.enhancer);
        shares.promoter.add(promoter, &found.marginal.promoter);
    }
    shares.map(|share| share.share().unwrap())
}

#[test]
fn the_partner_matters_in_products_and_hardly_in_the_published_form() {
    let published = share(AttentionForm::Additive);
    assert!(published.enhancer < 1e-3 && published.promoter < 1e-3);
    for form in [AttentionForm::Multiplicative, AttentionForm::Cross] {
        let share = share(form);
        let more = |of: f64, than: f64| of > 5.0 * than && of > 2e-3 && of < 1.0;
        assert!(
            more(share.enhancer, published.enhancer) && more(share.promoter, published.promoter),
            "{form:?}: {share:?} beside {published:?}"
        );
    }
}

#[test]
fn every_form_trains_and_tells_what_the_partner_explains() {
    let place = Workplace::new();
    for form in ["multiplicative", "cross"] {
        place.trained(form, &["--attention", form, "--epochs", "1"]);
        let record: serde_json::Value =
            serde_json::from_str(&place.text(&format!("{form}/run.json"))).unwrap();
        assert_eq!(record["settings"]["model"]["attention"], form);
        let said = succeed(&["evaluate", arg(&place.path(form)), "--device", "cpu"]);
        assert!(said.contains("the partner explains"), "{said}");
        let metrics: serde_json::Value =
            serde_json::from_str(&place.text(&format!("{form}/metrics.json"))).unwrap();
        for side in ["enhancer", "promoter"] {
            let share = metrics["partner_share"][side].as_f64().unwrap();
            assert!(share > 0.0 && share < 1.0, "{form} {side}: {share}");
        }
    }
    // Another form is another run.
    let other = [place.train("cross"), vec!["--epochs".into(), "1".into()]].concat();
    assert!(fail(&other).contains("holds a run"));
}

#[test]
fn a_preset_stands_in_place_of_a_file() {
    let place = Workplace::new();
    let mut both = place.train("run");
    both.extend(["--preset".to_string(), "epiann".to_string()]);
    let (output, _, said) = run(&both);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("cannot be used with"), "{said}");
}
