//! Cell lines of one file that learn activities, and beside what is known of their pairs.

use serde_json::Value;

use super::activity_tracks::place;
use super::support::{SMALL, Workplace, arg, fail, files, run, succeed};

/// A cell line with a signal, peaks and a context of places, and one with peaks and a context of files.
const CELLS: &str = "
[[cell]]
name = \"A\"
pairs = \"sim/pairs.csv\"
activity = [\"DNase=dnase.bw\"]
activity_peaks = [\"open=own.bed\"]
context = true
[[cell]]
name = \"B\"
pairs = \"sim/pairs.csv\"
activity_peaks = [\"sim/peaks.bed\"]
context_assays = [\"DNase=dnase.bw\"]
context_features = \"hints.csv\"
";

/// The plan of these cell lines, and all their files.
fn complete() -> (Workplace, String) {
    let place = place();
    std::fs::copy(place.path("sim/peaks.bed"), place.path("own.bed")).unwrap();
    let table = place.text("sim/pairs.csv");
    let hint = |(number, line): (usize, &str)| match number {
        0 => format!("{line},hint\n"),
        _ => format!("{line},{}\n", number % 7),
    };
    let table: String = table.lines().enumerate().map(hint).collect();
    std::fs::write(place.path("hints.csv"), table).unwrap();
    let text = format!(
        "out = \"results\"\nreference = \"sim/genome.fa\"\ndevice = \"cpu\"\n{}\n[tracks]\n\
         rank = \"activity\"\n[hub]\ngenome = \"simulated\"\nsequence = \"sim/genome.fa\"\n{CELLS}",
        place.text("small.toml")
    );
    std::fs::write(place.path("epitrack.toml"), &text).unwrap();
    (place, text)
}

fn json(place: &Workplace, file: &str) -> Value {
    serde_json::from_str(&place.text(file)).unwrap()
}

/// How many lines say all of these words.
fn lines_with(said: &str, words: &[&str]) -> usize {
    let of_it = |line: &&str| words.iter().all(|word| line.contains(word));
    said.lines().filter(of_it).count()
}

#[test]
fn each_cell_line_learns_what_the_file_gives_it() {
    let (place, text) = complete();
    let file = place.path("epitrack.toml");
    succeed(&["run", arg(&file)]);
    let settings = |cell: &str| {
        let record = json(&place, &format!("results/{cell}/run/run.json"));
        record["settings"].clone()
    };
    let (a, b) = (settings("A"), settings("B"));
    let named = |settings: &Value| -> Vec<(String, String)> {
        let sources = settings["activity"]["sources"].as_array().unwrap();
        let text = |of: &Value| of.as_str().unwrap().to_string();
        let sources = sources.iter();
        sources
            .map(|of| (text(&of["name"]), text(&of["kind"])))
            .collect()
    };
    let of = |name: &str, kind: &str| (name.to_string(), kind.to_string());
    assert_eq!(named(&a), [of("DNase", "signal"), of("open", "peaks")]);
    assert_eq!(named(&b), [of("peaks", "peaks")]);
    assert_eq!(a["activity"]["windows"], 300);
    assert_eq!(a["context"], serde_json::json!({}));
    assert_eq!(b["context"]["assays"][0]["name"], "DNase");
    let features = b["context"]["features"]["path"].as_str().unwrap();
    assert!(features.ends_with("hints.csv"), "{features}");
    for (cell, tracks) in [
        ("A", "enhancer_activity_DNase.bw"),
        ("A", "promoter_activity_open.bw"),
        ("B", "enhancer_activity.bw"),
    ] {
        assert!(
            place
                .path(&format!("results/{cell}/tracks/{tracks}"))
                .exists(),
            "{cell}: {tracks}"
        );
        let metrics = json(&place, &format!("results/{cell}/run/metrics.json"));
        assert!(metrics["activity"][0]["source"].is_string(), "{metrics}");
        assert_eq!(metrics["ablation"]["known"], "context");
        let made = json(&place, &format!("results/{cell}/tracks/tracks.json"));
        assert_eq!(made["rank"], "activity");
        let predictions = place.text(&format!("results/{cell}/tracks/predictions.tsv"));
        assert!(predictions.lines().next().unwrap().ends_with("\tcontext"));
    }

    // It is what train makes of the same.
    let [signal, peaks] = [("DNase", "dnase.bw"), ("open", "own.bed")]
        .map(|(name, file)| format!("{name}={}", arg(&place.path(file))));
    let options = ["--activity", &signal, "--activity-peaks", &peaks];
    place.trained("alone", &[&options[..], &["--context"]].concat());
    for name in ["model.safetensors", "context.json"] {
        let bytes = |run: &str| std::fs::read(place.path(&format!("{run}/{name}"))).unwrap();
        assert!(bytes("alone") == bytes("results/A/run"), "{name}");
    }

    // What is complete is not done again.
    let before = files(&place.path("results"));
    let (again, _, said) = run(&["run", arg(&file)]);
    assert!(again.status.success(), "{said}");
    for complete in ["A/run", "A/tracks", "B/run", "B/tracks", "B/view.html"] {
        let complete = format!("{complete} is complete");
        assert!(said.contains(&complete), "{complete}: {said}");
    }
    assert!(before == files(&place.path("results")));

    changed_and_lost(&place, &text);
}

/// What becomes of complete cell lines whose files are others, or are gone.
fn changed_and_lost(place: &Workplace, text: &str) {
    let file = place.path("epitrack.toml");
    let peaks = place.text("own.bed");
    let (fewer, _) = peaks.trim_end().rsplit_once('\n').unwrap();
    std::fs::write(place.path("own.bed"), format!("{fewer}\n")).unwrap();
    let said = fail(&["run", arg(&file)]);
    let other = ["cell line A: ", "A/run: holds a run of other settings"];
    assert!(lines_with(&said, &other) > 0, "{said}");
    assert!(said.contains("B/run is complete"), "{said}");
    std::fs::write(place.path("own.bed"), &peaks).unwrap();
    succeed(&["run", arg(&file)]);

    // Of A the peaks, of B the features are gone, and C never had its own: none stops another.
    for name in ["own.bed", "hints.csv"] {
        std::fs::remove_file(place.path(name)).unwrap();
    }
    let more = "[[cell]]\nname = \"C\"\npairs = \"sim/pairs.csv\"\nactivity = [\"nowhere.bw\"]\n\
                [[cell]]\nname = \"D\"\npairs = \"sim/pairs.csv\"\nactivity_peaks = [\"sim/peaks.bed\"]\n";
    std::fs::write(&file, format!("{text}{more}")).unwrap();
    let (output, stdout, said) = run(&["run", arg(&file)]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let stays = "stays in hub and results.tsv";
    for (cell, lost, then) in [
        ("A", "own.bed", stays),
        ("B", "hints.csv", stays),
        ("C", "nowhere.bw", "are made without it"),
    ] {
        let begin = format!("cell line {cell}: ");
        // At the beginning, and once more at the end.
        let times = lines_with(&said, &[begin.as_str(), lost, then]);
        assert_eq!(times, 2, "{cell}: {said}");
    }
    for cell in ["A", "B", "D"] {
        assert!(stdout.contains(&format!("\n{cell} ")), "{stdout}");
    }
    assert!(!stdout.contains("\nC "), "{stdout}");
    assert!(!place.path("results/D/run/context.json").exists());
}

/// What is said of a changed plan, of which nothing may be done.
fn refused((place, text): &(Workplace, String), from: &str, to: &str) -> String {
    let file = place.path("epitrack.toml");
    let changed = text.replacen(from, to, 1);
    assert!(changed != *text, "{from}");
    std::fs::write(&file, changed).unwrap();
    let said = fail(&["run", arg(&file)]);
    assert!(!place.path("results").exists(), "{said}");
    said
}

#[test]
fn what_no_cell_line_could_learn_is_refused_before_the_work() {
    let complete = complete();
    let with = |from: &str, to: &str| refused(&complete, from, to);
    // Whether the file is there or not.
    let said = with("\"DNase=dnase.bw\"", "\"a b=nowhere.bw\"");
    assert!(
        said.contains("cell line A: ") && said.contains("cannot be called"),
        "{said}"
    );
    let said = with("open=own.bed", "dnase=own.bed");
    assert!(said.contains("two activities are called dnase"), "{said}");
    assert!(with("DNase=dnase.bw", "DNase=").contains("NAME=FILE"));
    let assays = |to: &str| with("context_assays = [\"DNase=dnase.bw\"]", to);
    assert!(assays("context_assays = [\"dnase.bw\"]").contains("NAME=FILE"));
    let said = assays("context_assays = [\"DNase=dnase.bw\", \"DNase=own.bed\"]");
    assert!(
        said.contains("cell line B: two of context_assays are called DNase"),
        "{said}"
    );
    let said = with("context_features", "context = false\ncontext_features");
    assert!(said.contains("context is false"), "{said}");

    let said = with("activity_peaks = [\"sim/peaks.bed\"]\n", "");
    assert!(
        said.contains("rank \"activity\", and cell line B learns none"),
        "{said}"
    );
    let said = with("[hub]", "[split]\nrule = \"random\"\n[hub]");
    assert!(
        said.contains("cell line A learns an activity, which takes whole chromosomes"),
        "{said}"
    );
    assert!(with("windows = 300", "window = 300").contains("unknown field `window`"));
    assert!(with("windows = 300", "windows = 0").contains("windows must lie between"));
}

#[test]
fn a_search_and_a_comparison_say_that_they_learn_no_activity() {
    let place = place();
    std::fs::write(place.path("plain.toml"), SMALL).unwrap();
    let [pairs, reference, out] =
        ["sim/pairs.csv", "sim/genome.fa", "out"].map(|of| place.path(of));
    // Neither gets to work: what is said comes before.
    let ends = [
        ("tune", ["--folds", "1"], "a search needs"),
        ("compare", ["--methods", "pep-motif"], "it needs --motifs"),
    ];
    for (command, more, end) in ends {
        let said = |config: &str| {
            let config = place.path(config);
            let arguments = [
                command,
                "--pairs",
                arg(&pairs),
                "--reference",
                arg(&reference),
                "--config",
                arg(&config),
                "--out",
                arg(&out),
                "--device",
                "cpu",
            ];
            fail(&[&arguments[..], &more].concat())
        };
        let with = said("small.toml");
        assert!(
            with.contains("small.toml: [activity] is left out"),
            "{with}"
        );
        // Settings without it are not spoken of.
        let without = said("plain.toml");
        assert!(!without.contains("left out"), "{without}");
        assert!(with.contains(end) && without.contains(end), "{without}");
    }
}
