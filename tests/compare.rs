//! Methods beside each other.

use super::support::{Workplace, arg, fail, files, run, succeed};

const METHODS: &str = "epiann,pep-motif,pep-word,distance,propensity";

/// The arguments of a comparison of the simulated pairs into a folder.
fn compare(place: &Workplace, out: &str, more: &[&str]) -> Vec<String> {
    let path = |name: &str| arg(&place.path(name)).to_string();
    let pairs = format!("SIM={}", path("sim/pairs.csv"));
    let mut arguments = vec!["compare".to_string(), "--pairs".to_string(), pairs];
    for (option, value) in [
        ("--reference", path("sim/genome.fa")),
        ("--config", path("small.toml")),
        ("--motifs", path("sim/motifs.jaspar")),
        ("--out", path(out)),
    ] {
        arguments.extend([option.to_string(), value]);
    }
    let fixed = if more.contains(&"--folds") {
        &["--device", "cpu"][..]
    } else {
        &["--device", "cpu", "--folds", "2"]
    };
    arguments.extend(fixed.iter().chain(more).map(|text| text.to_string()));
    arguments
}

#[test]
fn methods_meet_on_the_same_folds_whatever_the_threads_and_interruptions() {
    let place = Workplace::new();
    let one = compare(&place, "one", &["--methods", METHODS, "--threads", "1"]);
    let said = succeed(&one);
    assert!(
        said.contains("AUROC, random split") && said.contains("propensity only"),
        "{said}"
    );
    let before = files(&place.path("one"));
    assert_eq!(
        before
            .keys()
            .filter(|name| name.ends_with("EPIANN.tsv"))
            .count(),
        4
    );
    for name in [
        "folds.tsv",
        "summary.tsv",
        "auroc.tsv",
        "benchmark.json",
        "benchmark.svg",
        "benchmark.pdf",
        "benchmark.png",
    ] {
        assert!(before.contains_key(name), "{name}");
    }
    assert!(
        !before.keys().any(|name| name.contains("networks")),
        "networks are left"
    );

    // In each fold every method scores the same pairs, and all folds together each pair once.
    for split in ["random", "chromosome"] {
        let mut all = Vec::new();
        for fold in ["fold-1", "fold-2"] {
            let pairs = |method: &str| -> Vec<String> {
                let text = place.text(&format!("one/SIM/{split}/{fold}/{method}.tsv"));
                let rows = text.lines().skip(2);
                rows.map(|row| row.split('\t').next().unwrap().to_string())
                    .collect()
            };
            let epiann = pairs("EPIANN");
            for method in [
                "EPIANN_and_distance",
                "PEP-Motif",
                "PEP-Word",
                "distance_only",
                "propensity_only",
            ] {
                assert_eq!(pairs(method), epiann, "{method}");
            }
            all.extend(epiann);
        }
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!((count, all.len()), (150, 150));
    }

    // What the network adds to the distance is told of either split.
    let added = place.text("one/added.tsv");
    let told = |split: &str| {
        let row = format!("SIM\t{split}\tEPIANN and distance\t1\tdistance only\tauprc\t");
        added.lines().filter(|line| line.starts_with(&row)).count()
    };
    assert_eq!((told("random"), told("chromosome")), (1, 1), "{added}");
    assert!(
        said.contains("EPIANN and distance less distance only: auprc"),
        "{said}"
    );

    // What is lost is scored again; what is there is not.
    std::fs::remove_file(place.path("one/SIM/random/fold-2/EPIANN.tsv")).unwrap();
    std::fs::remove_file(place.path("one/SIM/chromosome/fold-1/EPIANN_and_distance.tsv")).unwrap();
    std::fs::remove_file(place.path("one/summary.tsv")).unwrap();
    let kept = place.path("one/SIM/random/fold-1/EPIANN.tsv");
    let written = std::fs::metadata(&kept).unwrap().modified().unwrap();
    let mut again = one.clone();
    *again.last_mut().unwrap() = "3".to_string();
    succeed(&again);
    assert_eq!(
        std::fs::metadata(&kept).unwrap().modified().unwrap(),
        written
    );
    assert!(files(&place.path("one")) == before);
}

#[test]
fn the_labels_of_the_test_part_are_nowhere_used() {
    let place = Workplace::new();
    let methods = ["--methods", METHODS, "--splits", "chromosome"];
    succeed(&compare(&place, "one", &methods));
    // Turns the labels of the first fold's test pairs round. Folds depend on labels, so that they are
    // kept only if the counts are: one positive and one negative of one chromosome change places.
    let table = place.text("sim/pairs.csv");
    let tested = place.text("one/SIM/chromosome/fold-1/EPIANN.tsv");
    let pair = |label: &str| {
        let mut rows = tested
            .lines()
            .skip(2)
            .map(|row| row.split('\t').collect::<Vec<_>>());
        let row = rows.find(|row| row[1] == label).unwrap();
        row[0].to_string()
    };
    let (positive, negative) = (pair("1"), pair("0"));
    let chrom = |name: &str| name.split(':').next().unwrap().to_string();
    assert_eq!(chrom(&positive), chrom(&negative));
    let header: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let place_of = |fields: &[&str], side: &str| {
        let field = |part: &str| fields[at(&format!("{side}_{part}"))];
        format!("{}:{}-{}", field("chrom"), field("start"), field("end"))
    };
    let turned = table.lines().enumerate().map(|(number, line)| {
        let mut fields: Vec<&str> = line.split(',').collect();
        if number > 0 {
            let name = format!(
                "{}~{}",
                place_of(&fields, "enhancer"),
                place_of(&fields, "promoter")
            );
            let label = at("label");
            if name == positive {
                fields[label] = "0";
            } else if name == negative {
                fields[label] = "1";
            }
        }
        fields.join(",") + "\n"
    });
    let turned: String = turned.collect();
    assert!(turned != table);
    std::fs::write(place.path("sim/pairs.csv"), turned).unwrap();
    succeed(&compare(&place, "two", &methods));
    for method in [
        "EPIANN",
        "EPIANN_and_distance",
        "PEP-Motif",
        "PEP-Word",
        "distance_only",
        "propensity_only",
    ] {
        let scores = |out: &str| -> Vec<(String, String)> {
            let text = place.text(&format!("{out}/SIM/chromosome/fold-1/{method}.tsv"));
            let rows = text.lines().skip(2).map(|row| {
                let fields: Vec<&str> = row.split('\t').collect();
                (fields[0].to_string(), fields[2].to_string())
            });
            rows.collect()
        };
        assert_eq!(scores("one"), scores("two"), "{method}");
    }
}

#[test]
fn scores_from_elsewhere_and_features_are_taken_or_refused_before_the_work() {
    let place = Workplace::new();
    let predictions = place.path("predictions.tsv");
    let scores = format!("SIM:other={}", arg(&predictions));
    let table = place.text("sim/pairs.csv");
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let rows = lines.map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        let place = |side: &str| {
            let field = |part: &str| fields[at(&format!("{side}_{part}"))];
            format!("{}:{}-{}", field("chrom"), field("start"), field("end"))
        };
        format!(
            "{}~{}\t{}\n",
            place("enhancer"),
            place("promoter"),
            fields[at("label")]
        )
    });
    let known: String = rows.collect();
    std::fs::write(&predictions, format!("pair\tscore\n{known}")).unwrap();
    let more = [
        "--methods",
        "distance",
        "--splits",
        "random",
        "--scores",
        &scores,
    ];
    succeed(&compare(&place, "out", &more));
    // Who knows the labels is right.
    let found = place.text("out/auroc.tsv");
    assert!(found.lines().any(|line| line == "other\t1"), "{found}");

    let like_ours = format!("SIM:Distance_only={}", arg(&predictions));
    let like_added = format!("SIM:distance only={}", arg(&predictions));
    let short: String = known
        .lines()
        .skip(2)
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(
        &predictions,
        format!("{short}chr1:1-2~chr1:5-6\t0.5\nchr9\tNaN\n"),
    )
    .unwrap();
    let said = fail(&compare(&place, "bad", &more));
    assert!(
        said.contains("chr1:1-2~chr1:5-6") && said.contains("has no row for this pair"),
        "{said}"
    );
    for (more, why) in [
        (
            &["--methods", "targetfinder-ep"][..],
            "needs --features SIM=FILE or --assays SIM=FILE",
        ),
        (&["--methods", "epiann-motifs"], "needs --init-motifs"),
        (&["--methods", "distance,distance"], "asked for twice"),
        (
            &["--methods", "distance", "--scores", "K562:x=none.tsv"],
            "--scores is for K562, --pairs has SIM",
        ),
        (
            &["--methods", "distance", "--splits", "random,random"],
            "split \"random\" is asked for twice",
        ),
        (
            &["--methods", "distance", "--scores", &like_ours],
            "would share their files",
        ),
        (
            &["--methods", "epiann", "--scores", &like_added],
            "method (some are always compared) \"distance only\" is asked for twice",
        ),
        (
            &["--methods", "distance", "--train-parts", "0.5"],
            "the last part",
        ),
        (
            &[
                "--methods",
                "distance",
                "--folds",
                "70",
                "--splits",
                "random",
            ],
            "no positive pair",
        ),
    ] {
        let said = fail(&compare(&place, "bad", more));
        assert!(said.contains(why), "{said}");
        assert!(!place.path("bad").exists(), "{more:?}");
    }
}

#[test]
fn what_lies_behind_a_list_of_assays_decides_what_is_scored_again() {
    let place = Workplace::new();
    let peaks = place.path("CTCF.narrowPeak");
    let rows = |step: usize| -> String {
        let row = |at: usize| {
            let start = at * step;
            format!(
                "chr1\t{start}\t{}\tp\t0\t.\t{}\t-1\t-1\t50\n",
                start + 100,
                at % 7 + 1
            )
        };
        (1..300).map(row).collect()
    };
    std::fs::write(&peaks, rows(1000)).unwrap();
    std::fs::write(
        place.path("filenames.csv"),
        "name,filename\nCTCF,CTCF.narrowPeak\n",
    )
    .unwrap();
    let assays = format!("SIM={}", arg(&place.path("filenames.csv")));
    let more = [
        "--methods",
        "targetfinder-ep,targetfinder-epw",
        "--splits",
        "random",
        "--assays",
        &assays,
    ];
    let arguments = compare(&place, "out", &more);
    let scores = || place.text("out/SIM/random/fold-1/TargetFinder_E_P.tsv");
    succeed(&arguments);
    let first = scores();
    succeed(&arguments);
    assert!(scores() == first);
    std::fs::write(&peaks, rows(900)).unwrap();
    succeed(&arguments);
    assert!(scores() != first, "scores of other peaks were taken over");
}

#[test]
fn an_ensemble_goes_on_after_its_first_network() {
    let place = Workplace::new();
    let methods = |methods| {
        [
            "--methods",
            methods,
            "--splits",
            "random",
            "--ensemble",
            "2",
            "--folds",
            "11",
        ]
    };
    let whole = compare(&place, "whole", &methods("epiann,epiann-ensemble"));
    succeed(&whole);
    let part = compare(&place, "part", &methods("epiann-ensemble"));
    // A network that cannot be written is where an interrupted comparison stops.
    let stopped = place.path("part/SIM/random/fold-2");
    std::fs::create_dir_all(&stopped).unwrap();
    std::fs::write(stopped.join("networks"), "in the way").unwrap();
    fail(&part);
    std::fs::remove_file(stopped.join("networks")).unwrap();
    succeed(&part);
    for fold in 1..=11 {
        let scores =
            |out: &str| place.text(&format!("{out}/SIM/random/fold-{fold}/EPIANN__2_seeds.tsv"));
        assert!(scores("whole") == scores("part"), "fold {fold}");
    }
}

#[test]
fn the_old_name_does_the_same_and_says_how_it_is_called_now() {
    let place = Workplace::new();
    let more = ["--methods", "distance,propensity", "--splits", "random"];
    let (_, told, said) = run(&compare(&place, "new", &more));
    assert!(!said.contains("now called"), "{said}");
    let mut old = compare(&place, "old", &more);
    old[0] = "benchmark".to_string();
    let (output, told_again, said) = run(&old);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("epitrack benchmark is now called epitrack compare"),
        "{said}"
    );
    assert_eq!(told, told_again);
    assert!(files(&place.path("new")) == files(&place.path("old")));
    let help = succeed(&["--help"]);
    assert!(help.contains("  compare ") && !help.contains("  benchmark "));
}
