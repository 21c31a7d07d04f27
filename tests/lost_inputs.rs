//! Cell lines of `run` that lost a file after all was made of them.

use super::run::{place, plan};
use super::support::{Workplace, arg, fail, files, run, succeed};

/// Three cell lines, each with a repeat, of which everything is made, and their plan: A has pairs of its own, B
/// footprints and a track.
fn complete() -> (Workplace, String) {
    let place = place();
    let peaks = place.text("sim/peaks.bed");
    let scored = peaks.lines().map(|row| format!("{row}\t7\n"));
    std::fs::write(place.path("scored.bed"), scored.collect::<String>()).unwrap();
    for (from, to) in [("sim/pairs.csv", "own.csv"), ("sim/peaks.bed", "own.bed")] {
        std::fs::copy(place.path(from), place.path(to)).unwrap();
    }
    let more = "footprints = \"scored.bed\"\n[[cell]]\nname = \"C\"\npairs = \"sim/pairs.csv\"\n";
    let text = plan(more)
        .replacen("sim/pairs.csv", "own.csv", 1)
        .replace("peaks=sim/peaks.bed", "peaks=own.bed")
        .replace("[folds]\nother = [\"chr3\"]\n", "")
        .replace("[enrich]\n", "[enrich]\nenabled = false\n");
    let file = place.path("epitrack.toml");
    std::fs::write(&file, &text).unwrap();
    succeed(&["run", arg(&file)]);
    (place, text)
}

#[test]
fn their_results_stay_in_what_is_made_of_all() {
    let (place, text) = complete();
    let file = place.path("epitrack.toml");
    let lose = |name: &str| std::fs::remove_file(place.path(name)).unwrap();
    let tracks = || place.text("results/hub/simulated/trackDb.txt");
    let before = files(&place.path("results"));
    assert!(tracks().contains("track added_B_peaks\n"));
    lose("own.csv");
    lose("scored.bed");
    let ways: [&[&str]; 2] = [&[], &["--hub-only"]];
    for more in ways {
        let (output, stdout, said) = run(&[&["run", arg(&file)][..], more].concat());
        assert_eq!(output.status.code(), Some(1), "{said}");
        for (cell, lost) in [("A", "own.csv"), ("B", "scored.bed")] {
            let begin = format!("cell line {cell}: ");
            let parts = [begin.as_str(), lost, "stays in hub and results.tsv"];
            let of_it = |line: &&str| parts.iter().all(|part| line.contains(part));
            assert_eq!(said.lines().filter(of_it).count(), 2, "{cell}: {said}");
        }
        for cell in ["A", "B", "C"] {
            assert!(stdout.contains(&format!("\n{cell} ")), "{stdout}");
        }
        let after = files(&place.path("results"));
        let changed: Vec<_> = after
            .iter()
            .filter(|&(name, bytes)| before.get(name) != Some(bytes))
            .map(|(name, _)| name)
            .collect();
        assert!(
            changed.is_empty() && before.len() == after.len(),
            "{changed:?}"
        );
    }

    // A track that is gone cannot be shown, and is told.
    lose("own.bed");
    let said = fail(&["run", arg(&file), "--hub-only"]);
    assert!(
        said.contains("results.tsv, without its tracks of peaks"),
        "{said}"
    );
    assert!(tracks().contains("track arcs_B\n") && !tracks().contains("added_B_peaks"));

    // A repeat that was not made is left out,
    lose("results/A/repeats/A.seed2/metrics.json");
    let said = fail(&["run", arg(&file), "--hub-only"]);
    assert!(!said.contains("are made without it"), "{said}");
    let results = place.text("results/results.tsv");
    let networks = |cell: &str| results.lines().filter(|row| row.starts_with(cell)).count();
    assert_eq!((networks("A\t"), networks("B\t")), (1, 2), "{results}");

    // what is not complete is not kept,
    lose("results/A/run/metrics.json");
    let said = fail(&["run", arg(&file), "--hub-only"]);
    let without = |cell: &str, said: &str| {
        let begin = format!("cell line {cell}: ");
        let mut lines = said.lines().filter(|line| line.contains(&begin));
        lines.any(|line| line.contains("are made without it"))
    };
    assert!(without("A", &said) && !without("B", &said), "{said}");
    let results = place.text("results/results.tsv");
    assert!(
        !results.contains("\nA\t") && results.contains("\nB\t"),
        "{results}"
    );
    assert!(!tracks().contains("track arcs_A\n") && tracks().contains("track arcs_B\n"));

    // nor what was made otherwise.
    let other = text.replace("[enrich]", "[tracks]\naggregate = \"mean\"\n[enrich]");
    std::fs::write(&file, other).unwrap();
    let said = fail(&["run", arg(&file), "--hub-only"]);
    assert!(without("B", &said), "{said}");
}
