//! What is left of a run's maps when its layers forget what they learnt.

use std::collections::HashMap;
use std::path::Path;

use epitrack::analysis::sanity::{self, Map, Sanity, SanityRequest};
use epitrack::network::device::ComputeDevice;
use epitrack::network::model::Layer;
use epitrack::progress::Progress;
use epitrack::run::Run;

use super::support::{Workplace, arg, succeed};

/// What `--sanity` writes.
const FILES: [&str; 5] = [
    "sanity.tsv",
    "sanity.json",
    "sanity.svg",
    "sanity.pdf",
    "sanity.png",
];

struct Silent;

impl Progress for Silent {
    fn start(&self, _: &str, _: u64, _: u64) {}
    fn advance(&self, _: u64, _: &str) {}
    fn finish(&self) {}
}

fn check(run: &Run, dir: &Path, networks: u32) -> epitrack::error::Result<Sanity> {
    let request = SanityRequest {
        pairs: 12,
        networks,
        ..SanityRequest::default()
    };
    sanity::write(run, &request, dir, &ComputeDevice::cpu(), &Silent)
}

#[test]
fn attention_knows_nothing_of_the_layers_above_it() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let run = Run::open(&place.path("run")).unwrap();
    let sanity = check(&run, &place.path("sanity"), 2).unwrap();
    assert!(sanity.pairs <= 12 && sanity.components <= sanity.pairs);
    let attention = sanity.rows.iter().filter(|row| row.map == Map::Attention);
    let attention: Vec<_> = attention.collect();
    // Both sides, four layers, both orders.
    assert_eq!(attention.len(), 16);
    for row in attention {
        let above = [Layer::Classifier, Layer::Interaction].contains(&row.layer);
        assert_eq!(row.correlation.value > 0.999, above, "{row:?}");
    }
    let said = &sanity.verdicts[0];
    let wanted = "Attention does not depend on what the classifier and the interaction learnt";
    assert!(said.starts_with(wanted), "{said}");

    let table = place.text("sanity/sanity.tsv");
    let mut lines = table
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let rows: Vec<HashMap<_, _>> = lines
        .map(|fields| {
            assert_eq!(fields.len(), header.len());
            header.iter().copied().zip(fields).collect()
        })
        .collect();
    assert_eq!(rows.len(), sanity.rows.len());
    let (first, row) = (&rows[0], &sanity.rows[0]);
    let named = ["map", "element", "layer", "order"].map(|name| first[name]);
    assert_eq!(named, ["attention", "enhancer", "classifier", "cascade"]);
    let correlation: f64 = first["correlation"].parse().unwrap();
    assert_eq!(correlation, row.correlation.value);
    assert_eq!(first["components"], row.components.to_string());
    let json = place.text("sanity/sanity.json");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["verdicts"][0], said.as_str());
    assert!(place.path("sanity/sanity.svg").exists());

    // The same again, and nothing without a network.
    check(&run, &place.path("again"), 2).unwrap();
    assert_eq!(place.text("again/sanity.tsv"), table);
    assert!(check(&run, &place.path("none"), 0).is_err());
}

#[test]
fn a_moved_table_is_found_and_another_run_takes_the_verdict_away() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let [run, out] = ["run", "out"].map(|name| place.path(name));
    let moved = place.path("moved.csv");
    std::fs::rename(place.path("sim/pairs.csv"), &moved).unwrap();
    let asked = [
        "contributions",
        arg(&run),
        "--out",
        arg(&out),
        "--table",
        arg(&moved),
    ];
    let asked = [&asked[..], &["--device", "cpu"]].concat();
    succeed(&[&asked[..], &["--sanity"]].concat());
    for file in FILES {
        assert!(out.join(file).exists(), "{file}");
    }
    let json = place.text("out/sanity.json");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["table"]["path"], "../moved.csv");
    succeed(&asked);
    for file in FILES {
        assert!(!out.join(file).exists(), "{file}");
    }
}
