//! The program as a user runs it.

use super::support::{Workplace, arg, epitrack, fail, succeed};

#[test]
fn a_seed_gives_the_same_genome_again() {
    let (one, other) = (Workplace::new(), Workplace::new());
    for file in [
        "genome.fa",
        "pairs.csv",
        "truth.bed",
        "truth.tsv",
        "simulation.json",
    ] {
        let name = format!("sim/{file}");
        assert!(one.text(&name) == other.text(&name), "{file}");
    }
    let out = one.path("other");
    succeed(&[
        "simulate",
        "--out",
        arg(&out),
        "--seed",
        "2",
        "--chromosome-length",
        "2000000",
    ]);
    assert!(one.text("other/genome.fa") != one.text("sim/genome.fa"));
}

#[test]
fn planted_sites_are_in_the_sequence() {
    let place = Workplace::new();
    let genome = place.text("sim/genome.fa");
    let mut chroms = std::collections::HashMap::new();
    for record in genome.split('>').skip(1) {
        let (name, sequence) = record.split_once('\n').unwrap();
        chroms.insert(name.to_string(), sequence.replace('\n', ""));
    }
    // The strong positions of NRF1's matrix, on the strand that is told.
    let (mut right, mut all) = (0, 0);
    for line in place.text("sim/truth.bed").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields[3] != "NRF1" {
            continue;
        }
        let (start, end): (usize, usize) = (fields[1].parse().unwrap(), fields[2].parse().unwrap());
        let site = &chroms[fields[0]][start..end];
        let site: String = match fields[5] {
            "+" => site.to_string(),
            _ => site
                .chars()
                .rev()
                .map(|c| match c {
                    'A' => 'T',
                    'C' => 'G',
                    'G' => 'C',
                    _ => 'A',
                })
                .collect(),
        };
        right += site[1..12]
            .chars()
            .zip("TGCGCATGCGC".chars())
            .filter(|(a, b)| a == b)
            .count();
        all += 11;
    }
    assert!(all > 500);
    assert!(
        f64::from(right as u32) / f64::from(all as u32) > 0.9,
        "{right} of {all}"
    );
}

#[test]
fn evaluation_is_written_and_printed() {
    let place = Workplace::new();
    place.trained("run", &["--split", "random"]);
    let dir = place.path("run");
    let said = succeed(&["evaluate", arg(&dir), "--device", "cpu"]);
    assert!(
        said.contains("AUROC") && said.contains("F1 at 0.5") && said.contains("Brier score"),
        "{said}"
    );
    let metrics: serde_json::Value = serde_json::from_str(&place.text("run/metrics.json")).unwrap();
    assert_eq!(metrics["test"]["positives"], 6);
    assert_eq!(metrics["test"]["negatives"], 9);
    let auroc = &metrics["test"]["auroc"];
    assert!(auroc["low"].as_f64() <= auroc["value"].as_f64());
    let predictions = place.text("run/predictions.tsv");
    assert_eq!(predictions.lines().count(), 1 + 15 + 13);
    // The Brier score once more, and each pair in one bin of the reliability curve.
    let test = predictions.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let number = |at: usize| fields[at].parse::<f64>().unwrap();
        (fields[3] == "test").then(|| (number(4) - number(2)).powi(2))
    });
    let (sum, count) = test.fold((0.0, 0.0), |(sum, count), square| {
        (sum + square, count + 1.0)
    });
    let brier = metrics["test"]["brier"]["value"].as_f64().unwrap();
    assert!((brier - sum / count).abs() < 1e-6, "{brier}");
    let bins = metrics["test"]["calibration"]["bins"].as_array().unwrap();
    let pairs = bins.iter().map(|bin| bin["pairs"].as_u64().unwrap());
    assert_eq!(pairs.sum::<u64>(), 15);
    // The same split again, from its file.
    let split = place.path("run/split.tsv");
    place.trained("again", &["--split-file", arg(&split)]);
    assert_eq!(place.text("run/split.tsv"), place.text("again/split.tsv"));
}

#[test]
fn a_run_can_be_moved_with_its_inputs() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let moved = place.path("moved");
    std::fs::create_dir(&moved).unwrap();
    for part in ["run", "sim"] {
        std::fs::rename(place.path(part), moved.join(part)).unwrap();
    }
    succeed(&["evaluate", arg(&moved.join("run")), "--device", "cpu"]);
}

#[test]
fn bad_settings_are_refused_before_the_work() {
    let place = Workplace::new();
    let with = |more: &[&str]| {
        let mut arguments = place.train("run");
        arguments.extend(more.iter().map(|more| more.to_string()));
        fail(&arguments)
    };
    assert!(with(&["--epochs", "0"]).contains("epochs"));
    assert!(with(&["--learning-rate", "nan"]).contains("learning_rate"));
    assert!(with(&["--test-chromosomes", "chr77"]).contains("chr77"));
    assert!(with(&["--test-fraction", "1.5"]).contains("test"));
    assert!(with(&["--init", "/nowhere"]).contains("/nowhere"));
    let random = ["--split", "random", "--test-chromosomes", "chr1"];
    assert!(with(&random).contains("no test chromosomes"));
    let out = place.path("nothing");
    assert!(fail(&["simulate", "--out", arg(&out), "--chromosome-length", "0"]).contains("100 kb"));
    assert!(!place.path("run").exists());
    assert!(fail(&["evaluate", "/nowhere"]).contains("/nowhere"));
    assert!(fail(&["demo", "--device", "cpu", "--out", "/dev/null/x"]).contains("/dev/null"));
}

#[test]
fn a_bad_table_is_told_row_by_row() {
    let place = Workplace::new();
    let mut table = place.text("sim/pairs.csv");
    table.push_str("chr1,20,10,chr1,30,40,1\nchrZ,10,20,chr1,30,40,7\n");
    std::fs::write(place.path("sim/pairs.csv"), table).unwrap();
    let arguments = place.train("run");
    let said = fail(&arguments);
    assert!(said.contains("2 rows are bad"), "{said}");
    assert!(
        said.contains("pairs.csv:152: ") && said.contains("pairs.csv:153: "),
        "{said}"
    );
    assert_eq!(said.matches("pairs.csv:152: ").count(), 1);
    place.trained("run", &["--skip-bad", "-q"]);
    // Peaks in place of pairs.
    std::fs::copy(place.path("sim/peaks.bed"), place.path("sim/pairs.csv")).unwrap();
    let said = fail(&place.train("of-peaks"));
    assert!(said.contains("this is BED, not BEDPE"), "{said}");
}

#[test]
fn inputs_that_changed_are_noticed() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let weights = std::fs::read(place.path("run/model.safetensors")).unwrap();
    let table = place.text("sim/pairs.csv");
    std::fs::write(
        place.path("sim/pairs.csv"),
        table.clone() + "chrZ,1,2,chr1,30,40,1\n",
    )
    .unwrap();
    let dir = place.path("run");
    let said = fail(&["evaluate", arg(&dir), "--device", "cpu"]);
    assert!(said.contains("not the table of the training"), "{said}");
    // Nor is a run replaced by one whose inputs are bad.
    let mut arguments = place.train("run");
    arguments.push("--fresh".to_string());
    assert!(fail(&arguments).contains("chrZ"));
    assert!(std::fs::read(place.path("run/model.safetensors")).unwrap() == weights);
    // The table under another name is still the table.
    std::fs::write(place.path("other.csv"), table).unwrap();
    let other = place.path("other.csv");
    succeed(&[
        "evaluate",
        arg(&dir),
        "--device",
        "cpu",
        "--pairs",
        arg(&other),
    ]);
    succeed(&place.tracks("run", "tracks", &["--table", arg(&other)]));
    assert!(place.text("tracks/predictions.tsv").contains("\ttest\t"));
}

#[test]
fn any_name_of_a_chromosome_reaches_the_tracks() {
    let place = Workplace::new();
    for file in ["sim/genome.fa", "sim/pairs.csv"] {
        let text = place.text(file);
        std::fs::write(
            place.path(file),
            text.replace("chr1", "GL000192.1")
                .replace("chr2", "HLA-A*01:01"),
        )
        .unwrap();
    }
    place.trained("run", &[]);
    succeed(&place.tracks("run", "tracks", &[]));
    let regions = place.text("tracks/top_regions.bed");
    assert!(regions.contains("GL000192.1\t") && regions.contains("HLA-A*01:01\t"));
    let lines = place.text("tracks/track_lines.txt");
    assert!(
        lines.contains("overlapping windows: largest value"),
        "{lines}"
    );
}

#[test]
fn a_demo_repeats_itself_byte_by_byte() {
    use epitrack::network::device::ComputeDevice;
    use epitrack::pipeline::demo::{DemoConfig, run as demo};
    use epitrack::progress::Progress;

    struct Silent;
    impl Progress for Silent {
        fn start(&self, _name: &str, _total: u64, _done: u64) {}
        fn advance(&self, _steps: u64, _note: &str) {}
        fn finish(&self) {}
    }

    let mut config = DemoConfig::new(5).unwrap();
    config.simulation.positives = 60;
    config.simulation.negatives = 90;
    config.simulation.chromosome_length = 400_000;
    config.model.filters = 4;
    config.training.epochs = 1;
    config.training.epoch_batches = 3;
    let place = tempfile::tempdir().unwrap();
    for out in ["one", "other", "one"] {
        let dir = place.path().join(out);
        let (report, summary) = demo(&config, &dir, &ComputeDevice::cpu(), &Silent).unwrap();
        assert_eq!(summary.auroc, report.test.auroc.value);
        assert!(summary.sites > 0 && summary.random_recall > 0.0 && summary.planted_recall <= 1.0);
    }
    for file in [
        "simulation/genome.fa",
        "simulation/truth.bed",
        "run/model.safetensors",
        "run/run.json",
        "run/metrics.json",
        "run/predictions.tsv",
        "tracks/enhancer_attention.bw",
        "tracks/promoter_attention.bw",
        "tracks/top_regions.bed",
        "tracks/merged_regions.bb",
        "tracks/tracks.json",
    ] {
        let bytes = |out: &str| std::fs::read(place.path().join(out).join(file)).unwrap();
        assert!(bytes("one") == bytes("other"), "{file} differs");
    }
}

#[test]
fn every_output_makes_the_folders_that_it_lies_in() {
    let place = Workplace::new();
    place.trained("run", &[]);
    succeed(&place.tracks("run", "a/b/tracks", &[]));
    let path = |name: &str| arg(&place.path(name)).to_string();
    let [run, tracks] = ["run", "a/b/tracks"].map(path);
    let [motifs, genome, bam, peaks] = ["motifs.jaspar", "genome.fa", "dnase.bam", "peaks.bed"]
        .map(|of| path(&format!("sim/{of}")));
    let empty = path("none.vcf");
    let header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    std::fs::write(&empty, header).unwrap();
    let commands: [(&[&str], &str, &str); 7] = [
        (
            &["plot", "training", &run],
            "c/d/figure.svg",
            "c/d/figure.svg",
        ),
        (
            &["plot", "pair", &tracks, "--device", "cpu"],
            "e/f/pair.png",
            "e/f/pair.png",
        ),
        (
            &["view", &tracks, "--device", "cpu"],
            "g/h/page.html",
            "g/h/page.html",
        ),
        (
            &["hub", &tracks, "--genome", "x", "--sequence", &genome],
            "i/j/hub",
            "i/j/hub/hub.txt",
        ),
        (
            &[
                "motifs",
                "scan",
                "--motifs",
                &motifs,
                "--reference",
                &genome,
            ],
            "k/l/sites.bed",
            "k/l/sites.json",
        ),
        (
            &["footprints", "call", "--bam", &bam, "--regions", &peaks],
            "m/n/f",
            "m/n/f.bw",
        ),
        (
            &["variants", &run, "--vcf", &empty, "--device", "cpu"],
            "o/p/effects.vcf",
            "o/p/effects.vcf",
        ),
    ];
    for (command, out, made) in commands {
        let out = path(out);
        succeed(&[command, &["--out", out.as_str()]].concat());
        assert!(place.path(made).exists(), "{command:?}");
    }
}

#[test]
fn no_work_for_nothing() {
    assert!(succeed(&["--help"]).contains("epitrack demo"));
    assert!(succeed(&["completions", "bash"]).contains("_epitrack"));
    let dir = tempfile::tempdir().unwrap();
    succeed(&["man", "--out", arg(dir.path())]);
    let page = std::fs::read_to_string(dir.path().join("epitrack-train.1")).unwrap();
    assert!(page.contains("reference") && page.contains("TargetFinder"));
    assert_eq!(
        epitrack().arg("nonsense").output().unwrap().status.code(),
        Some(2)
    );
}
