//! The search for the best settings.

use std::collections::HashMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use epitrack::run::Config;

use super::support::{Workplace, arg, epitrack, fail, run, succeed};

/// A space around the small network.
const SPACE: &str = "
filters = [4, 6]
filter_width = [7, 9]
pool_width = [20]
attention_dim = [3, 4]
top_k = [2, 4]
lambda = { range = [1, 20] }
dropout = [0, 0.2]
learning_rate = { range = [1e-3, 3e-2] }
batch_positives = [6, 8]
";

/// The files that a search is told by.
const FILES: [&str; 4] = ["trials.tsv", "best.toml", "measures.tsv", "folds.tsv"];

/// A chromosome of the simulation for the test part, and one that is not.
const TEST: &str = "chr2";
const TRAINING: &str = "chr3";

fn place() -> Workplace {
    let place = Workplace::new();
    std::fs::write(place.path("space.toml"), SPACE).unwrap();
    place
}

/// The arguments of a search over these inputs into a folder.
fn arguments(place: &Workplace, inputs: &str, out: &str, more: &[&str]) -> Vec<String> {
    let inputs = place.path(inputs);
    let files = [
        ("--pairs", inputs.join("pairs.csv")),
        ("--reference", inputs.join("genome.fa")),
        ("--config", place.path("small.toml")),
        ("--space", place.path("space.toml")),
        ("--out", place.path(out)),
    ];
    let mut arguments = vec!["tune".to_string()];
    arguments.extend(
        files
            .iter()
            .flat_map(|(name, path)| [name, arg(path)].map(String::from)),
    );
    let fixed = [
        "--device",
        "cpu",
        "--trials",
        "4",
        "--folds",
        "2",
        "--test-chromosomes",
        TEST,
    ];
    arguments.extend(fixed.iter().chain(more).map(|text| text.to_string()));
    arguments
}

fn tuned(place: &Workplace, inputs: &str, out: &str, more: &[&str]) -> String {
    succeed(&arguments(place, inputs, out, more))
}

fn same_search(place: &Workplace, one: &str, other: &str) {
    for file in FILES {
        let text = |out: &str| place.text(&format!("{out}/{file}"));
        assert_eq!(text(one), text(other), "{file}");
    }
}

/// The rows of `trials.tsv`, by the names of the columns.
fn trials(place: &Workplace, out: &str) -> Vec<HashMap<String, String>> {
    let text = place.text(&format!("{out}/trials.tsv"));
    let mut lines = text
        .lines()
        .map(|line| line.split('\t').map(str::to_string));
    let header: Vec<String> = lines.next().unwrap().collect();
    let rows = lines.map(|fields| {
        let fields: Vec<String> = fields.collect();
        assert_eq!(fields.len(), header.len());
        header.iter().cloned().zip(fields).collect()
    });
    rows.collect()
}

/// A copy of the simulation in which the labels of a chromosome's pairs are turned round and its
/// sequence is gone.
fn without(place: &Workplace, chrom: &str, out: &str) {
    std::fs::create_dir(place.path(out)).unwrap();
    let pairs = place.text("sim/pairs.csv");
    let header: Vec<&str> = pairs.lines().next().unwrap().split(',').collect();
    let column = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let (label, on) = (column("label"), column("enhancer_chrom"));
    let mut changed = 0;
    let turned = pairs.lines().map(|line| {
        let mut fields: Vec<&str> = line.split(',').collect();
        if fields[on] == chrom {
            fields[label] = if fields[label] == "1" { "0" } else { "1" };
            changed += 1;
        }
        fields.join(",") + "\n"
    });
    let turned: String = turned.collect();
    assert!(changed > 2);
    std::fs::write(place.path(&format!("{out}/pairs.csv")), turned).unwrap();

    let genome = place.text("sim/genome.fa");
    let mut gone = false;
    let emptied = genome.lines().map(|line| {
        if let Some(name) = line.strip_prefix('>') {
            gone = name == chrom;
            return line.to_string() + "\n";
        }
        let line = if gone {
            "N".repeat(line.len())
        } else {
            line.to_string()
        };
        line + "\n"
    });
    let emptied: String = emptied.collect();
    assert_ne!(emptied, genome);
    std::fs::write(place.path(&format!("{out}/genome.fa")), emptied).unwrap();
}

#[test]
fn nothing_of_the_test_part_is_used() {
    let place = place();
    tuned(&place, "sim", "search", &[]);
    without(&place, TEST, "no-test");
    tuned(&place, "no-test", "untested", &[]);
    assert_ne!(
        place.text("search/split.tsv"),
        place.text("untested/split.tsv")
    );
    same_search(&place, "search", "untested");
    // What is used would show.
    without(&place, TRAINING, "no-training");
    tuned(&place, "no-training", "untrained", &[]);
    assert_ne!(
        place.text("search/trials.tsv"),
        place.text("untrained/trials.tsv")
    );
    // The folds hold the training part, and nothing else.
    let split = place.text("search/split.tsv");
    let training = split
        .lines()
        .filter_map(|line| line.strip_suffix("\ttrain"));
    let folds = place.text("search/folds.tsv");
    let in_folds = folds
        .lines()
        .skip(1)
        .map(|line| line.rsplit_once('\t').unwrap().0);
    assert!(training.eq(in_folds));
}

#[test]
fn a_killed_search_ends_with_the_same_bytes() {
    let place = place();
    tuned(&place, "sim", "whole", &["--threads", "3"]);
    let journal = place.path("killed/measures.tsv");
    let rows = || std::fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    let mut kills = 0;
    for wait in [0, 15, 40, 5, 80] {
        let before = rows();
        let mut child = epitrack()
            .args(arguments(
                &place,
                "sim",
                "killed",
                &["--checkpoint-batches", "1"],
            ))
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        // Kill it some time after it has done a training.
        while child.try_wait().unwrap().is_none() {
            if rows() > before {
                std::thread::sleep(Duration::from_millis(wait));
                kills += usize::from(child.try_wait().unwrap().is_none());
                child.kill().unwrap();
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(120));
            std::thread::sleep(Duration::from_millis(1));
        }
        child.wait().unwrap();
        assert!(rows() >= before, "what was done is lost");
    }
    assert!(kills >= 2, "the search was too fast to be killed");
    tuned(&place, "sim", "killed", &["--threads", "1"]);
    same_search(&place, "whole", "killed");
    for left in ["training.safetensors", "training.csv"] {
        assert!(!place.path(&format!("killed/{left}")).exists());
    }
}

#[test]
fn the_best_trial_of_the_last_round_becomes_a_configuration() {
    let place = place();
    let said = tuned(&place, "sim", "search", &[]);
    let rows = trials(&place, "search");
    // Three epochs: four trials get one of them, the best one all three.
    let rounds: Vec<&str> = rows.iter().map(|row| row["epochs"].as_str()).collect();
    assert_eq!(rounds, ["1", "1", "1", "1", "3"]);
    let number = |row: &HashMap<String, String>, name: &str| row[name].parse::<f64>().unwrap();
    for row in &rows {
        let folds = [number(row, "auprc_1"), number(row, "auprc_2")];
        let mean = (folds[0] + folds[1]) / 2.0;
        assert!((number(row, "auprc") - mean).abs() < 1e-12);
        let sd = (folds[0] - folds[1]).abs() / 2f64.sqrt();
        assert!((number(row, "auprc_sd") - sd).abs() < 1e-12);
        assert!((0.0..=1.0).contains(&number(row, "auroc_2")));
    }
    let first = rows[..4].iter().map(|row| number(row, "auprc"));
    let best = first.fold(0.0, f64::max);
    let last = rows.last().unwrap();
    let before = rows.iter().find(|row| row["trial"] == last["trial"]);
    assert_eq!(number(before.unwrap(), "auprc"), best);

    let file = place.path("search/best.toml");
    let config = Config::read(&file).unwrap();
    assert_eq!(config.model.filters.to_string(), last["filters"]);
    assert_eq!(
        config.training.learning_rate.to_string(),
        last["learning_rate"]
    );
    assert_eq!(
        config.training.batch_negatives.to_string(),
        last["batch_positives"]
    );
    assert_eq!(
        (config.training.epochs, config.augmentation.windows),
        (3, 3)
    );
    assert!(said.contains("best.toml"), "{said}");

    // Training takes it, with the same test part.
    let split = place.path("search/split.tsv");
    let mut train = place.train("run");
    let small = train.iter().position(|text| text.ends_with("small.toml"));
    train[small.unwrap()] = arg(&file).to_string();
    train.extend(["--split-file", arg(&split)].map(str::to_string));
    succeed(&train);
    assert_eq!(place.text("run/split.tsv"), place.text("search/split.tsv"));
    let record: serde_json::Value = serde_json::from_str(&place.text("run/run.json")).unwrap();
    assert_eq!(record["settings"]["model"]["filters"], config.model.filters);
}

#[test]
fn a_folder_keeps_its_search() {
    let place = place();
    let by_chance = ["--search", "random", "--split", "random"];
    let search = |more: &[&str]| {
        let mut all = arguments(&place, "sim", "search", &by_chance);
        all.retain(|text| text != "--test-chromosomes" && text != TEST);
        all.extend(more.iter().map(|more| more.to_string()));
        all
    };
    let said = succeed(&search(&[]));
    let before = FILES.map(|file| place.text(&format!("search/{file}")));
    // Every trial gets all epochs.
    assert!(
        trials(&place, "search")
            .iter()
            .all(|row| row["epochs"] == "3")
    );
    // The same command again trains nothing.
    let (output, again, stderr) = run(&search(&[]));
    assert!(output.status.success(), "{stderr}");
    assert!(again == said && !stderr.contains("trial 1 of"), "{stderr}");
    assert_eq!(
        FILES.map(|file| place.text(&format!("search/{file}"))),
        before
    );
    for other in [
        ["--trials", "5"],
        ["--seed", "2"],
        ["--folds-by", "chromosome"],
    ] {
        let mut arguments = search(&[]);
        // An option that is given already takes the new value.
        match arguments.iter().position(|text| text == other[0]) {
            Some(at) => arguments[at + 1] = other[1].to_string(),
            None => arguments.extend(other.map(str::to_string)),
        }
        let said = fail(&arguments);
        assert!(
            said.contains("other settings") && said.contains("--fresh"),
            "{said}"
        );
    }
    assert_eq!(
        FILES.map(|file| place.text(&format!("search/{file}"))),
        before
    );
    succeed(&search(&["--seed", "2", "--fresh"]));
    assert_ne!(place.text("search/trials.tsv"), before[0]);
    // A run's folder is none for a search.
    place.trained("run", &[]);
    let said = fail(&arguments(&place, "sim", "run", &["--fresh"]));
    assert!(said.contains("holds a run"), "{said}");
}

#[test]
fn trials_that_diverge_come_last() {
    let place = place();
    // A space of two trials, of which one cannot end well.
    let rates = |rates: &str| {
        let fixed = "filters = [4]\nfilter_width = [7]\npool_width = [20]\nattention_dim = [3]\n\
                     top_k = [4]\nlambda = [10]\ndropout = [0]\nbatch_positives = [8]\n";
        let space = format!("{fixed}learning_rate = {rates}\n");
        std::fs::write(place.path("space.toml"), space).unwrap();
    };
    rates("[1e-2, 1e30]");
    tuned(&place, "sim", "search", &["--search", "random"]);
    let rows = trials(&place, "search");
    let mut reached: Vec<(&str, bool)> = rows
        .iter()
        .map(|row| (row["learning_rate"].as_str(), !row["auprc"].is_empty()))
        .collect();
    reached.sort_unstable();
    let far = format!("1{}", "0".repeat(30));
    assert_eq!(reached, [("0.01", true), (far.as_str(), false)]);
    let best = Config::read(&place.path("search/best.toml")).unwrap();
    assert_eq!(best.training.learning_rate, 0.01);

    rates("[1e29, 1e30]");
    let said = fail(&arguments(&place, "sim", "hopeless", &[]));
    assert!(said.contains("every trial diverged"), "{said}");
    assert!(!place.path("hopeless/best.toml").exists());
}

#[test]
fn searches_that_cannot_be_are_refused_before_they_begin() {
    let place = place();
    let refused = |more: &[&str], wanted: &str| {
        let mut all = arguments(&place, "sim", "none", &[]);
        for option in more.chunks(2) {
            match all.iter().position(|text| text == option[0]) {
                Some(at) => all[at + 1] = option[1].to_string(),
                None => all.extend(option.iter().map(|text| text.to_string())),
            }
        }
        let said = fail(&all);
        assert!(said.contains(wanted), "{more:?}: {said}");
        assert!(!place.path("none").exists(), "{more:?}");
    };
    refused(&["--trials", "1"], "from 2 to 1000 trials");
    refused(&["--folds", "1"], "from 2 to 1000 folds");
    refused(
        &["--folds", "60", "--folds-by", "random"],
        "the training part: fold",
    );
    refused(&["--folds", "60"], "would hold no positive pair");
    let space = |text: &str| {
        std::fs::write(place.path("other.toml"), text).unwrap();
        place.path("other.toml").to_str().unwrap().to_string()
    };
    refused(&["--space", &space("filters = []")], "filters: no value");
    refused(&["--space", &space("depth = [3]")], "depth");
    // The small windows have too few bins for these.
    refused(&["--space", &space("top_k = [20000]")], "nothing to search");
    refused(&["--space", "nowhere.toml"], "nowhere.toml");
}
