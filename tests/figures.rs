//! Figures for a paper: a track around regions, several pairs, and how figures look.

use std::path::PathBuf;

use super::support::{Workplace, arg, fail, files, run, succeed};

/// The arguments that draw a track around regions.
fn attention(place: &Workplace, regions: &str, out: &str, more: &[&str]) -> Vec<String> {
    let [tracks, regions, out] = ["tracks", regions, out].map(|name| place.path(name));
    let arguments = [
        "plot",
        "attention",
        arg(&tracks),
        "--regions",
        arg(&regions),
        "--out",
        arg(&out),
    ];
    arguments
        .iter()
        .chain(more)
        .map(|text| text.to_string())
        .collect()
}

#[test]
fn a_track_is_drawn_around_regions_beside_random_places() {
    let place = Workplace::with_tracks();
    // The enhancers' top regions, one region where the track has no value, and one on a chromosome that
    // it does not have.
    let rows = place.text("tracks/top_regions.bed");
    let of_enhancers: Vec<&str> = rows
        .lines()
        .filter(|line| line.contains("enhancer"))
        .collect();
    let known = of_enhancers.len();
    assert!(known > 50, "{known}");
    let (chrom, _) = of_enhancers[0].split_once('\t').unwrap();
    let text = format!(
        "{}\n{chrom}\t0\t2\nchrNowhere\t5\t9\n",
        of_enhancers.join("\n")
    );
    std::fs::write(place.path("regions.bed"), text).unwrap();
    let flank = ["--flank", "100", "--bin", "20"];
    succeed(&attention(&place, "regions.bed", "a.svg", &flank));
    let said = place.drawn("a.svg");
    let has = |words: &str| said.iter().any(|text| text == words);
    let n = known.to_string();
    assert_eq!(
        said.iter()
            .filter(|text| **text == format!("n = {n}"))
            .count(),
        2,
        "{said:?}"
    );
    let of = format!("{n} of {} regions have a value at their centre", known + 2);
    assert!(has(&of), "{said:?}");
    assert!(has("regions.bed") && has("random places"), "{said:?}");
    assert!(has("attention × number of bins"), "{said:?}");

    // The same again has the same bytes, another seed other places.
    succeed(&attention(&place, "regions.bed", "b.svg", &flank));
    assert_eq!(place.text("a.svg"), place.text("b.svg"));
    let seed = [&flank[..], &["--seed", "2"]].concat();
    succeed(&attention(&place, "regions.bed", "b.svg", &seed));
    assert_ne!(place.text("a.svg"), place.text("b.svg"));

    succeed(&attention(&place, "regions.bed", "a.pdf", &flank));
    let pdf = std::fs::read(place.path("a.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7\n") && pdf.ends_with(b"%%EOF\n"));
}

#[test]
fn a_track_without_values_there_is_refused() {
    let place = Workplace::with_tracks();
    let rows = place.text("tracks/top_regions.bed");
    std::fs::write(place.path("regions.bed"), &rows).unwrap();
    let (chrom, _) = rows.split_once('\t').unwrap();
    let promoters = ["--track", "promoter_attention.bw"];
    let said = fail(&attention(
        &place,
        "regions.bed",
        "c.svg",
        &["--track", "other"],
    ));
    assert!(
        said.contains("there are enhancer_attention, promoter_attention"),
        "{said}"
    );
    let nowhere = format!("{chrom}\t0\t2\n");
    std::fs::write(place.path("none.bed"), nowhere).unwrap();
    let said = fail(&attention(&place, "none.bed", "c.svg", &promoters));
    assert!(
        said.contains("promoter_attention has a value at no region's centre"),
        "{said}"
    );
    std::fs::write(place.path("none.bed"), "chr99\t100\t200\n").unwrap();
    let said = fail(&attention(&place, "none.bed", "c.svg", &promoters));
    assert!(said.contains("is it of another assembly?"), "{said}");
    let said = fail(&attention(
        &place,
        "regions.bed",
        "c.svg",
        &["--flank", "25"],
    ));
    assert!(said.contains("no whole number of bins"), "{said}");
    assert!(!place.path("c.svg").exists());
}

/// The arguments that draw pairs.
fn pairs(place: &Workplace, dirs: &[PathBuf], more: &[&str]) -> Vec<String> {
    let svg = place.path("pairs.svg");
    let mut arguments = vec!["plot", "pair"];
    arguments.extend(dirs.iter().map(|dir| arg(dir)));
    arguments.extend(["--out", arg(&svg), "--device", "cpu"]);
    arguments.extend(more);
    arguments.iter().map(|text| text.to_string()).collect()
}

/// Text of any size that can be asked for has room, as has a figure in a journal's column.
#[test]
fn large_text_and_narrow_pages_are_drawn() {
    let place = Workplace::with_tracks();
    let tracks = [place.path("tracks")];
    for size in ["3", "14", "30", "40"] {
        for view in ["browser", "matrix", "enhancer-matrix"] {
            let options = ["--font-size", size, "--view", view];
            succeed(&pairs(&place, &tracks, &options));
        }
    }
    let height = |width: &str| {
        let options = ["--width", width, "--view", "matrix"];
        succeed(&pairs(&place, &tracks, &options));
        let text = place.text("pairs.svg");
        let (_, height) = text.split_once(" height=\"").unwrap();
        let (height, _) = height.split_once('"').unwrap();
        height.trim_end_matches("pt").parse::<f64>().unwrap()
    };
    // One matrix below the other.
    assert!(height("85") > 1.5 * height("170"));
}

#[test]
fn several_pairs_are_lettered_and_share_a_scale() {
    let place = Workplace::with_tracks();
    let table = place.text("tracks/pairs.bedpe");
    let names: Vec<&str> = table
        .lines()
        .filter_map(|line| line.split('\t').find(|field| field.contains('~')))
        .collect();
    let (one, other) = (names[0], names[1]);
    let tracks = [place.path("tracks")];
    let both = ["--pair", one, "--pair", other];
    succeed(&pairs(&place, &tracks, &both));
    let said = place.drawn("pairs.svg");
    for letter in ["a", "b"] {
        assert!(said.iter().any(|text| text == letter), "{said:?}");
    }
    let begins = |words: &str| said.iter().filter(|text| text.starts_with(words)).count();
    assert_eq!(begins("enhancer window"), 2, "{said:?}");
    assert_eq!(begins("predicted probability"), 2, "{said:?}");
    // Where they lie as people count, which is what the option takes too.
    let titles: Vec<&String> = said.iter().filter(|text| text.contains(" → ")).collect();
    assert_eq!(titles.len(), 2, "{said:?}");
    assert!(
        titles[0].contains(',') && !titles[0].contains('~'),
        "{titles:?}"
    );
    succeed(&pairs(&place, &tracks, &["--pair", titles[1].as_str()]));
    assert!(place.drawn("pairs.svg").contains(titles[1]));

    // A pair of two folders: each says which it is of.
    let folders = [place.path("tracks"), place.path("tracks")];
    succeed(&pairs(&place, &folders, &["--pair", one]));
    let said = place.drawn("pairs.svg");
    assert!(said.iter().any(|text| text == "b"), "{said:?}");
    // A range of one's own is that of both axes.
    succeed(&pairs(&place, &tracks, &["--y-range", "0,0.3"]));
    let said = place.drawn("pairs.svg");
    assert_eq!(
        said.iter().filter(|text| **text == "0.3").count(),
        2,
        "{said:?}"
    );

    let matrix = [&both[..], &["--view", "matrix"]].concat();
    let said = fail(&pairs(&place, &tracks, &matrix));
    assert!(said.contains("matrices are drawn of one pair"), "{said}");
}

#[test]
fn of_several_folders_the_pairs_of_the_first_are_drawn() {
    let place = Workplace::with_tracks();
    let dirs = ["tracks", "other"].map(|name| place.path(name));
    std::fs::create_dir(&dirs[1]).unwrap();
    for (name, bytes) in files(&dirs[0]) {
        std::fs::write(dirs[1].join(name), bytes).unwrap();
    }
    let table = place.text("tracks/pairs.bedpe");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect();
    let p = |row: &[&str]| row[11].parse::<f64>().unwrap();
    // There the least probable pair is the most probable one.
    let turned = |row: &Vec<&str>| {
        let probability = (1.0 - p(row)).to_string();
        let mut row = row.clone();
        row[11] = &probability;
        row.join("\t") + "\n"
    };
    let write = |rows: Vec<String>| std::fs::write(dirs[1].join("pairs.bedpe"), rows.concat());
    write(rows.iter().map(turned).collect()).unwrap();
    for asked in [&["--pair", "1"][..], &[]] {
        succeed(&pairs(&place, &dirs, asked));
        let said = place.drawn("pairs.svg");
        let titles = said.iter().filter(|text| text.contains(" → "));
        let names: Vec<&str> = titles
            .map(|text| text.split_once(": ").unwrap().1)
            .collect();
        assert!(names.len() == 2 && names[0] == names[1], "{said:?}");
    }

    // Of equal ones the first comes first.
    let best = rows.iter().rev().max_by(|a, b| p(a).total_cmp(&p(b)));
    let best = best.unwrap()[6];
    let others = rows.iter().filter(|row| row[6] != best);
    write(others.map(turned).collect()).unwrap();
    let said = fail(&pairs(&place, &dirs, &["--pair", "1"]));
    assert!(said.contains(&format!("has no pair {best}")), "{said}");
}

#[test]
fn a_figure_looks_as_options_and_a_file_say() {
    let place = Workplace::with_tracks();
    succeed(&["evaluate", arg(&place.path("run")), "--device", "cpu"]);
    let settings = "[figure]\ntitle = \"from the file\"\nwidth = 85\ncolours = [\"#123456\"]\n";
    std::fs::write(place.path("figure.toml"), settings).unwrap();
    let [run_dir, svg, file] = ["run", "roc.svg", "figure.toml"].map(|name| place.path(name));
    let roc = ["plot", "roc", arg(&run_dir), "--out", arg(&svg)];
    fn with<'a>(roc: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
        [roc, more].concat()
    }
    let from_file = ["--config", arg(&file)];
    succeed(&with(&roc, &from_file));
    let text = place.text("roc.svg");
    // 85 mm are 240.9 points.
    assert!(
        text.contains("from the file") && text.contains("width=\"240.9"),
        "{text}"
    );
    assert!(text.contains("#123456"));
    let more = [
        "--title",
        "mine",
        "--colours",
        "#654321,#000001",
        "--font-size",
        "10.5",
    ];
    succeed(&with(&roc, &[&from_file[..], &more].concat()));
    let text = place.text("roc.svg");
    assert!(text.contains(">mine<") && !text.contains("from the file"));
    assert!(text.contains("#654321") && text.contains("#000001") && !text.contains("#123456"));
    assert!(
        text.contains("font-size=\"10.5\"") && text.contains("width=\"240.9"),
        "{text}"
    );

    let said = fail(&with(&roc, &["--width", "20"]));
    assert!(said.contains("a width of 20 mm"), "{said}");
    std::fs::write(&file, "[figure]\nwide = 85\n").unwrap();
    let said = fail(&with(&roc, &from_file));
    assert!(
        said.contains("figure.toml") && said.contains("wide"),
        "{said}"
    );
    for (option, bad) in [("--colours", "blue"), ("--width", "wide")] {
        let (output, _, said) = run(&with(&roc, &[option, bad]));
        assert_eq!(output.status.code(), Some(2), "{said}");
    }
}

#[test]
fn several_runs_are_compared_on_their_test_parts() {
    let place = Workplace::with_tracks();
    succeed(&["evaluate", arg(&place.path("run")), "--device", "cpu"]);
    let [run_dir, svg] = ["run", "roc.svg"].map(|name| place.path(name));
    // Of two runs the test parts, each with its run's name.
    let other = place.path("other");
    place.trained("other", &["--seed", "2"]);
    succeed(&["evaluate", arg(&other), "--device", "cpu"]);
    for figure in ["roc", "precision-recall", "calibration"] {
        let two = [arg(&run_dir), arg(&other)];
        succeed(&["plot", figure, two[0], two[1], "--out", arg(&svg)]);
        let said = place.drawn("roc.svg");
        assert!(
            said.iter().any(|text| text.starts_with("other: ")),
            "{said:?}"
        );
        assert!(
            said.iter().any(|text| text.ends_with(", other")),
            "{said:?}"
        );
        assert!(
            !said.iter().any(|text| text.starts_with("validation")),
            "{said:?}"
        );
    }
    let two = [arg(&run_dir), arg(&other)];
    let said = fail(&["plot", "training", two[0], two[1], "--out", arg(&svg)]);
    assert!(said.contains("a training is drawn of one run"), "{said}");
}

#[test]
fn every_figure_has_its_own_help() {
    let mut all = Vec::new();
    for (figure, words) in [
        ("pair", "aligned base by base"),
        ("attention", "sorted by its mean"),
        ("training", "after each epoch"),
        ("roc", "true against false positive rate"),
        ("precision-recall", "the part of positives"),
        ("calibration", "Brier score"),
    ] {
        let help = succeed(&["plot", figure, "--help"]);
        let words_only: Vec<&str> = help.split_whitespace().collect();
        assert!(words_only.join(" ").contains(words), "{help}");
        all.push(help.lines().next().unwrap_or_default().to_string());
    }
    let list = succeed(&["plot", "--help"]);
    for first in &all {
        assert_eq!(
            all.iter().filter(|other| *other == first).count(),
            1,
            "{first}"
        );
        assert!(list.contains(first.as_str()), "{first}: {list}");
    }
}
