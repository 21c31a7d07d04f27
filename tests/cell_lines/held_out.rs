//! Cell lines that a network has not seen, on chromosomes that it has not seen.

use super::*;

#[test]
fn another_cell_line_is_measured_on_the_chromosomes_that_were_held_out() {
    let place = place();
    succeed(&train(&place, "run", &[A], &[]));
    succeed(&evaluate(&place, "run", &[]));
    let [metrics, own] = ["run/metrics.json", "run/predictions.tsv"].map(|file| place.text(file));
    let b = table(&place, B);
    let printed = succeed(&evaluate(&place, "run", &["--table", &b]));

    let found = json(&place, "run/held-out/B/held-out.json");
    let tests = json(&place, "run/split.json")["test"].clone();
    assert_eq!(found["chromosomes"], tests);
    let tests: BTreeSet<&str> = tests
        .as_array()
        .unwrap()
        .iter()
        .flat_map(Value::as_str)
        .collect();
    let labels = rows(&place, "two/pairs.B.csv", ',');
    let wanted: Vec<&Row> = labels
        .iter()
        .filter(|row| tests.contains(row["enhancer_chrom"].as_str()))
        .collect();
    let [positives, negatives] = classes(wanted.iter().copied());
    assert!(positives > 0 && negatives > 0);
    assert_eq!(found["test"]["positives"], positives);
    assert_eq!(found["test"]["negatives"], negatives);
    let left = labels.len() - wanted.len();
    assert_eq!(found["left_out"]["trained"], left);
    assert_eq!(found["left_out"]["unknown"], 0);
    assert!(
        printed.contains(&format!("left out: {left} pairs")),
        "{printed}"
    );

    // The pairs are those of A: what sequence says of each is the same, and the label is B's.
    let predictions = rows(&place, "run/held-out/B/predictions.tsv", '\t');
    assert_eq!(predictions.len(), positives + negatives);
    is_auroc(&found["test"], auroc(predictions.iter()));
    let of_a = rows(&place, "run/predictions.tsv", '\t');
    let of_a: BTreeMap<&str, &Row> = of_a.iter().map(|row| (row["pair"].as_str(), row)).collect();
    for row in &predictions {
        assert_eq!(row["part"], "test");
        let [here, there] = [row, of_a[row["pair"].as_str()]].map(probability);
        assert!((here - there).abs() < 1e-6, "{here} {there}");
        let line: usize = row["line"].parse().unwrap();
        assert_eq!(row["label"], labels[line - 2]["label"]);
    }
    assert!(
        predictions
            .iter()
            .any(|row| row["label"] != of_a[row["pair"].as_str()]["label"])
    );

    // The run's own evaluation is what it was, and another folder serves too.
    assert!(place.text("run/metrics.json") == metrics && place.text("run/predictions.tsv") == own);
    let out = place.path("elsewhere");
    succeed(&evaluate(
        &place,
        "run",
        &["--table", &b, "--out", arg(&out)],
    ));
    let file = "predictions.tsv";
    let [one, other] =
        ["run/held-out/B", "elsewhere"].map(|of| place.text(&format!("{of}/{file}")));
    assert!(one == other);
    let run = place.path("run");
    let said = fail(&evaluate(
        &place,
        "run",
        &["--table", &b, "--out", arg(&run)],
    ));
    assert!(said.contains("holds a run (run.json)"), "{said}");

    // What was found goes with what it was found with.
    succeed(&train(&place, "run", &[A], &["--prior", "0.05"]));
    assert!(!place.path("run/held-out").exists());
}

#[test]
fn what_cannot_be_measured_as_held_out_is_refused() {
    let place = place();
    succeed(&train(&place, "run", &[A, B], &["--epochs", "1"]));
    succeed(&train(
        &place,
        "random",
        &[A],
        &["--epochs", "1", "--split", "random"],
    ));
    let tests = json(&place, "run/split.json")["test"].to_string();
    let is_test = |fields: &[&str]| tests.contains(&format!("\"{}\"", fields[0]));
    let from = "two/pairs.B.csv";
    some(&place, from, "trained.csv", |fields| !is_test(fields));
    some(&place, from, "positive.csv", |fields| {
        !is_test(fields) || fields[6] == "1"
    });
    some(&place, from, "c.csv", |fields| {
        is_test(fields) || fields[0] == "chr1"
    });
    let refused = |run: &str, given: &str, wanted: &str| {
        let said = fail(&evaluate(&place, run, &["--table", &table(&place, given)]));
        assert!(said.contains(wanted), "{said}");
        said
    };
    let said = refused("random", B, "were not divided by whole chromosomes");
    assert!(said.contains(": train with --split chromosome"), "{said}");
    refused("run", "C=two/pairs.B.csv", "is a table of the training");
    refused(
        "run",
        "b=c.csv",
        "A, B: one that was held out is none of them",
    );
    refused("run", "x/y=c.csv", "cannot be called");
    let said = refused(
        "run",
        "trained.csv",
        "has no pair on the chromosomes that were held out",
    );
    assert!(said.contains("left out: "), "{said}");
    refused(
        "run",
        "positive.csv",
        "has no negative pair on the chromosomes",
    );
    assert!(!place.path("run/held-out").exists());
    // Named by its file.
    succeed(&evaluate(
        &place,
        "run",
        &["--table", &table(&place, "c.csv")],
    ));
    assert!(place.path("run/held-out/c/held-out.json").exists());

    // Of chromosomes without pairs of the run nobody says that they were held out.
    some(&place, "two/pairs.A.csv", "part.csv", |fields| {
        fields[0] != "chr8"
    });
    succeed(&train(&place, "part", &["part.csv"], &["--epochs", "1"]));
    succeed(&evaluate(&place, "part", &["--table", &table(&place, B)]));
    let found = json(&place, "part/held-out/B/held-out.json");
    let on_8 = place
        .text(from)
        .lines()
        .filter(|line| line.starts_with("chr8,"))
        .count();
    assert!(on_8 > 0);
    assert_eq!(found["left_out"]["unknown"], on_8);
}
