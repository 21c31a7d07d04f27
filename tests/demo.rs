//! The demo finds what it has planted.

use std::path::Path;

use epitrack::analysis::knockout::{Knockout, PairRow};
use serde_json::Value;

use super::support::{arg, files, run, succeed};

#[test]
fn what_was_planted_is_found_and_what_was_not_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("demo");
    let said = succeed(&["demo", "--out", arg(&out)]);
    assert!(said.contains("AUROC"), "{said}");
    let summary = std::fs::read_to_string(out.join("summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    let number = |name: &str| summary[name].as_f64().unwrap_or(f64::NAN);
    assert!(number("auroc") >= 0.9, "{summary:#}");
    // Attention stands on the planted sites at least three times as often as by chance.
    assert!(
        number("planted_recall") >= 3.0 * number("random_recall"),
        "{summary:#}"
    );
    // All planted motifs are enriched under it, and at most one decoy in twenty.
    assert_eq!(number("planted_enriched"), 1.0, "{summary:#}");
    assert!(number("decoys_enriched") <= 0.05, "{summary:#}");
    // The planted couple is among the first three pairs of factors.
    let rank = number("planted_pairs_rank");
    assert!((1.0..=3.0).contains(&rank), "{summary:#}");
    // Contributions find the bases of planted sites, better than attention, and those that make no
    // interaction have next to none.
    let of_bases = |map: &str, side: &str| summary["planted_bases"][map][side].as_f64().unwrap();
    for side in ["enhancer", "promoter"] {
        let (ism, gradient) = (of_bases("ism", side), of_bases("gradient", side));
        assert!(ism >= 0.85 && gradient >= 0.8, "{summary:#}");
        assert!(gradient > of_bases("attention", side) + 0.2, "{summary:#}");
        let [positives, negatives] = ["of_positives", "of_negatives"].map(|of| of_bases(of, side));
        assert!(
            positives > 0.5 && negatives.abs() < 0.3 * positives,
            "{summary:#}"
        );
    }
    let analysis = std::fs::read_to_string(out.join("enrichment/analysis.json")).unwrap();
    let analysis: Value = serde_json::from_str(&analysis).unwrap();
    // Figure 4: the planted couple and nothing else; what matches the same sites is explained by it.
    assert_eq!(analysis["tf_pairs_enriched"], 1);
    assert_eq!(analysis["tf_pairs_top"][0][0], "CTCF");
    assert_eq!(analysis["tf_pairs_top"][0][1], "NRF1");
    // Figure 3A: top regions are occupied in their centres, mock regions of the same windows are not.
    assert_eq!(analysis["occupancy"]["normalisation"], "window-median");
    let footprints = analysis["footprints"].to_string();
    assert!(footprints.contains("dnase.bw"), "{footprints}");
    let profiles = analysis["occupancy_profiles"].as_array().unwrap();
    assert_eq!(profiles.len(), 4);
    for profile in profiles {
        let height = |name: &str| profile[name].as_f64().unwrap();
        assert!(height("centre_over_flanks") > 2.0, "{profile:#}");
        let mock = height("mock_centre_over_flanks");
        assert!((0.7..1.2).contains(&mock), "{profile:#}");
    }
    for file in [
        "view.html",
        "hub/hub.txt",
        "tracks/enhancer_attention.bw",
        "tracks/promoter_contribution.bw",
        "enrichment/report.html",
        "footprints/dnase.bed",
        "footprints/dnase.bw",
    ] {
        assert!(
            out.join(file).metadata().is_ok_and(|file| file.len() > 0),
            "{file}"
        );
    }
    let said = succeed(&["hub", "check", arg(&out.join("hub"))]);
    assert!(said.contains("no errors, 0 warnings"), "{said}");
    its_file_does_the_same(&out);
    one_stretch_counts_for_one_factor(&out);
}

/// `epitrack run` takes the demo's steps for its own: nothing is done again, and no byte changes.
fn its_file_does_the_same(demo: &Path) {
    let before = files(demo);
    let (output, said, log) = run(&["run", arg(&demo.join("epitrack.toml"))]);
    assert!(output.status.success(), "{log}");
    assert!(said.contains("simulated"), "{said}");
    for step in [
        "run",
        "footprints/dnase",
        "tracks",
        "enrichment",
        "view.html",
    ] {
        assert!(
            log.contains(&format!("{step} is complete")),
            "{step}: {log}"
        );
    }
    let mut after = files(demo);
    assert!(after.remove("results.tsv").is_some());
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in &before {
        assert!(after[name] == *bytes, "{name}");
    }
}

/// A matrix that is CTCF's under another name is needed with NRF1 as CTCF is: one of the two is called.
fn one_stretch_counts_for_one_factor(demo: &Path) {
    let motifs = std::fs::read_to_string(demo.join("simulation/motifs.jaspar")).unwrap();
    let mut matrices = motifs.split_inclusive("\n>");
    let ctcf = matrices.find(|matrix| matrix.lines().next().unwrap().ends_with("CTCF"));
    let ctcf = ctcf.unwrap().trim_end_matches('>').trim_start_matches('>');
    let other = demo.join("other.jaspar");
    let again = ctcf.replacen("EP", "EX", 1).replacen("CTCF", "LIKE", 1);
    std::fs::write(&other, format!("{}\n>{again}", motifs.trim_end())).unwrap();
    let [run, out] = ["run", "knockout"].map(|name| demo.join(name));
    let paths = [&run, &out, &other].map(|path| arg(path));
    let [run, out_name, other] = paths;
    let command = ["knockout", run, "--out", out_name, "--motifs", other];
    let factors = ["--factors", "CTCF,LIKE,NRF1"];
    succeed(&[&command[..], &factors].concat());
    let found = Knockout::read(&out).unwrap();
    let with_nrf1 = |factor: &str| -> &PairRow {
        let mut rows = found.pairs.iter();
        let row = rows.find(|row| row.enhancer_tf == factor && row.promoter_tf == "NRF1");
        row.unwrap()
    };
    let mut two = ["CTCF", "LIKE"].map(with_nrf1);
    two.sort_by_key(|row| row.explained_by.is_some());
    let [one, other] = two;
    assert!(one.is_called() && one.q_apart.is_none(), "{one:?}");
    // The same sites, though not the same draws.
    assert!((one.difference / other.difference - 1.0).abs() < 0.2);
    let by = format!("{}~NRF1", one.enhancer_tf);
    assert_eq!(other.explained_by, Some(by));
    // None of its sites is left.
    assert_eq!((other.difference_apart, other.q_apart), (None, Some(1.0)));
    assert!(!other.is_called());
    assert_eq!(found.summary.pairs_significant, 1);
}
