//! What a run that has learnt activities shows of them, from its tracks to figures.

mod shown;

use std::collections::HashMap;

use bigtools::BigWigRead;
use burn::tensor::{Device, Int, Tensor, TensorData};
use epitrack::attention::Rank;
use epitrack::element::Sides;
use epitrack::formats::write_bigwig;
use epitrack::genome::{ChromId, Chroms, Reference, Region, Segment};
use epitrack::network::contribution::Method;
use epitrack::network::device::ComputeDevice;
use epitrack::network::inference::Averaged;
use epitrack::network::kernels::dropout::Dropout;
use epitrack::network::kernels::sequence_encoder::encode;
use epitrack::network::model::{Epiann, Weights};
use epitrack::run::Run;
use serde_json::Value;

use crate::support::{SMALL, Workplace, arg, fail, files, succeed, values, wgpu};

/// Settings that learn in a second.
const ACTIVITY: &str = "\n[activity]\nepochs = 1\nwindows = 300\nhidden = 8\nbatch = 16\n";

/// A simulated genome with a signal, `dnase.bw`, and peaks.
pub fn place() -> Workplace {
    let place = Workplace::new();
    let settings = place.text("small.toml") + ACTIVITY;
    std::fs::write(place.path("small.toml"), settings).unwrap();
    let reference = Reference::open(place.path("sim/genome.fa")).unwrap();
    let chroms = reference.chroms();
    // A hill every four kilobases, of seven heights by turns.
    let hills = chroms.regions().flat_map(|chrom| {
        (0..chrom.len() / 4000).map(move |hill| {
            let start = 4000 * hill + 1000;
            let end = start + 400;
            Segment {
                region: Region {
                    start,
                    end,
                    ..chrom
                },
                value: 1.0 + (hill % 7) as f32,
            }
        })
    });
    let (file, _) = write_bigwig(&place.path("dnase.bw"), chroms, hills).unwrap();
    file.complete().unwrap();
    place
}

/// The options that let a run learn both activities, the signal first.
pub fn activities(place: &Workplace) -> [String; 4] {
    let [signal, peaks] = ["dnase.bw", "sim/peaks.bed"].map(|name| place.path(name));
    [
        "--activity".to_string(),
        format!("dnase={}", arg(&signal)),
        "--activity-peaks".to_string(),
        format!("open={}", arg(&peaks)),
    ]
}

/// Trains a run that learns both activities.
pub fn learn(place: &Workplace, out: &str, more: &[&str]) {
    let activities = activities(place);
    let activities = activities.each_ref().map(String::as_str);
    place.trained(out, &[&activities[..], more].concat());
}

/// Trains a run that learns none, with settings that have none.
pub fn train_plain(place: &Workplace, out: &str) {
    std::fs::write(place.path("plain.toml"), SMALL).unwrap();
    let mut arguments = place.train(out);
    let config = arguments.iter().position(|of| of == "--config").unwrap();
    arguments[config + 1] = arg(&place.path("plain.toml")).to_string();
    succeed(&arguments);
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Every base of a bigWig.
fn read(place: &Workplace, file: &str, chroms: &Chroms) -> HashMap<(ChromId, u32), f64> {
    let mut bigwig = BigWigRead::open_file(arg(&place.path(file))).unwrap();
    let all = bigwig.chroms().iter();
    let all: Vec<(String, u32)> = all.map(|of| (of.name.clone(), of.length)).collect();
    let mut values = HashMap::new();
    for (chrom, length) in all {
        let (id, _) = chroms.find(&chrom).unwrap();
        for value in bigwig.get_interval(&chrom, 0, length).unwrap() {
            let value = value.unwrap();
            let bases = value.start..value.end;
            values.extend(bases.map(|base| ((id, base), f64::from(value.value))));
        }
    }
    values
}

/// What is predicted of both activities in each bin of the windows of each pair, `[l][2]` in a row.
type Predicted = Vec<(Sides<Region>, Sides<Vec<f32>>)>;

/// Of every pair of a run of one network, window by window.
fn one_by_one(run: &Run) -> (Predicted, Chroms) {
    let (mut reference, _) = run.open_reference(None).unwrap();
    let chroms = reference.chroms().clone();
    let table = run.read_table(None, &chroms).unwrap();
    let model = &run.record.settings.model;
    let (weights, _) = Weights::read(&run.dir().join("model.safetensors")).unwrap();
    let device = Device::flex();
    let network = Epiann::load(model, &weights, &device).unwrap();
    let filters = weights.values("conv.weight").to_vec();
    let filters = TensorData::new(filters, [model.filters, 4, model.filter_width]);
    let filters = Tensor::<3>::from_data(filters, &device);
    let pooling = model.pooling();
    let scales = &run.record.outcome.activity;
    assert_eq!((scales.len(), scales[1].mean), (2, 0.0));
    let mut all = Vec::new();
    for &windows in &table.windows {
        let codes = windows.map(|window| {
            let codes = reference.codes(window).unwrap();
            let codes: Vec<i32> = codes.into_iter().map(i32::from).collect();
            let shape = [1, codes.len()];
            Tensor::<2, Int>::from_data(TensorData::new(codes, shape), &device)
        });
        // As it is judged in training; of a promoter, whose windows have other bins, from its activations.
        let enhancer = network.activity(codes.enhancer, Dropout::NONE).unwrap();
        let promoter = encode(
            codes.promoter,
            filters.clone(),
            pooling.promoter,
            Dropout::NONE,
        );
        let promoter = network.activity_of(promoter).unwrap();
        let said = Sides::new(enhancer, promoter).map(|said| {
            let mut said = values(&said);
            for both in said.chunks_exact_mut(2) {
                both[0] = (f64::from(both[0]) * scales[0].sd + scales[0].mean) as f32;
                both[1] = 1.0 / (1.0 + (-both[1]).exp());
            }
            said
        });
        all.push((windows, said));
    }
    (all, Chroms::clone(&chroms))
}

/// The same by blocks.
fn by_blocks(run: &Run, device: &ComputeDevice, method: Option<Method>) -> Vec<Sides<Vec<f32>>> {
    let (mut reference, _) = run.open_reference(None).unwrap();
    let chroms = reference.chroms().clone();
    let table = run.read_table(None, &chroms).unwrap();
    let ensemble = run.ensemble(device).unwrap();
    let ensemble = ensemble.with_contributions(method, Rank::Attention);
    let mut all = Vec::new();
    let keep = |_, said: Averaged| {
        all.push(said.mean.activity.unwrap());
        Ok(())
    };
    let ensemble = ensemble.with_activity(true);
    ensemble
        .for_each(&mut reference, &table.windows, keep)
        .unwrap();
    all
}

/// The largest difference of two lists of windows.
fn apart(one: &[Sides<Vec<f32>>], other: &[Sides<Vec<f32>>]) -> f32 {
    assert_eq!(one.len(), other.len());
    let values = |of: &[Sides<Vec<f32>>]| -> Vec<f32> {
        let sides = of.iter().flat_map(|sides| sides.as_ref());
        sides.flatten().copied().collect()
    };
    let (one, other) = (values(one), values(other));
    assert_eq!(one.len(), other.len());
    let differences = one.iter().zip(&other).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, f32::max)
}

#[test]
fn tracks_hold_what_the_network_predicts_base_by_base() {
    let place = place();
    learn(&place, "run", &[]);
    let run = Run::open(&place.path("run")).unwrap();
    let (said, chroms) = one_by_one(&run);
    let alone: Vec<Sides<Vec<f32>>> = said.iter().map(|(_, said)| said.clone()).collect();
    let cpu = ComputeDevice::cpu();
    for method in [None, Some(Method::Gradient), Some(Method::Ism)] {
        let found = by_blocks(&run, &cpu, method);
        assert!(apart(&alone, &found) < 1e-4, "{method:?}");
    }
    if let Some(device) = wgpu("activity by blocks") {
        let found = by_blocks(&run, &device, None);
        assert!(apart(&alone, &found) < 1e-3);
    }

    succeed(&place.tracks("run", "tracks", &[]));
    let made = json(&place.text("tracks/tracks.json"));
    let bins = run.record.settings.model.bins();
    for (source, name, kind) in [(0, "dnase", "signal"), (1, "open", "peaks")] {
        let of = &made["activity"][source];
        assert_eq!(of["source"], name);
        assert_eq!(of["kind"], kind);
        let mut wanted: Sides<HashMap<(ChromId, u32), f64>> = Sides::default();
        for (windows, said) in &said {
            for (element, window) in windows.iter() {
                let said = said.get(element).iter().skip(source).step_by(2);
                for (bin, &value) in said.enumerate() {
                    for base in bins.get(element).tile(bin) {
                        let place = (window.chrom, window.start + base);
                        let known = wanted.get_mut(element).entry(place).or_insert(0.0);
                        *known = known.max(f64::from(value));
                    }
                }
            }
        }
        for (element, wanted) in wanted.iter() {
            let file = format!("{}_activity_{name}.bw", element.name());
            assert_eq!(of[element.name()]["file"], file.as_str());
            let found = read(&place, &format!("tracks/{file}"), &chroms);
            assert_eq!(found.len(), wanted.len());
            let distinct: Vec<u64> = wanted.values().map(|value| value.to_bits()).collect();
            assert!(distinct.iter().any(|value| *value != distinct[0]));
            for (place, value) in found {
                let miss = (value - wanted[&place]).abs();
                assert!(miss < 1e-4, "{file} {place:?}: {miss}");
            }
        }
    }
    assert!(
        place
            .text("tracks/track_lines.txt")
            .contains("promoter_activity_open.bw")
    );
    // Those of another run, which has learnt one, are called otherwise; those of none are gone.
    let signal = format!("dnase={}", arg(&place.path("dnase.bw")));
    place.trained("one", &["--activity", &signal]);
    succeed(&place.tracks("one", "tracks", &[]));
    assert!(place.path("tracks/enhancer_activity.bw").exists());
    assert!(!place.path("tracks/enhancer_activity_dnase.bw").exists());
    train_plain(&place, "plain");
    succeed(&place.tracks("plain", "tracks", &[]));
    let left = files(&place.path("tracks")).into_keys();
    let left: Vec<String> = left.filter(|name| name.contains("activity")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!place.text("tracks/tracks.json").contains("activity"));
}

#[test]
fn top_regions_may_be_those_of_the_highest_activity() {
    let place = place();
    learn(&place, "run", &[]);
    let run = Run::open(&place.path("run")).unwrap();
    let (said, _) = one_by_one(&run);
    succeed(&place.tracks("run", "tracks", &["--rank", "activity"]));
    assert_eq!(json(&place.text("tracks/tracks.json"))["rank"], "activity");
    let rows = place.text("tracks/top_regions.bed");
    let rows: Vec<Vec<&str>> = rows.lines().map(|row| row.split('\t').collect()).collect();
    let best = rows.iter().filter(|row| row[10] == "1");
    let mut found: Vec<f32> = best.map(|row| row[11].parse().unwrap()).collect();
    // Of two activities the first: of each window its highest bin.
    let sides = said.iter().flat_map(|(_, said)| said.as_ref());
    let highest = sides.map(|said| said.iter().step_by(2).copied().fold(f32::MIN, f32::max));
    let mut wanted: Vec<f32> = highest.collect();
    found.sort_by(f32::total_cmp);
    wanted.sort_by(f32::total_cmp);
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(&wanted) {
        assert!((found - wanted).abs() < 1e-3, "{found} {wanted}");
    }

    let [motifs, run, out] = ["sim/motifs.jaspar", "run", "enrich"].map(|name| place.path(name));
    let few = ["--draws", "100", "--permutations", "100", "--controls", "1"];
    let enrich = [
        "enrich",
        arg(&run),
        "--out",
        arg(&out),
        "--motifs",
        arg(&motifs),
    ];
    let ranked = ["--rank", "activity", "--device", "cpu"];
    succeed(&[&enrich[..], &few, &ranked].concat());
    assert_eq!(
        json(&place.text("enrich/analysis.json"))["rank"],
        "activity"
    );
    assert!(
        place
            .text("enrich/report.html")
            .contains("predicted activity")
    );

    // A run that has learnt none says what to do.
    train_plain(&place, "plain");
    let said = fail(&place.tracks("plain", "other", &["--rank", "activity"]));
    for words in ["has learnt no activity", "--activity-peaks"] {
        assert!(said.contains(words), "{said}");
    }
    let plain = place.path("plain");
    let enrich = [
        "enrich",
        arg(&plain),
        "--out",
        arg(&out),
        "--motifs",
        arg(&motifs),
    ];
    let said = fail(&[&enrich[..], &few, &ranked].concat());
    assert!(said.contains("has learnt no activity"), "{said}");
}
