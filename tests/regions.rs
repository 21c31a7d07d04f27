//! Figures of regions: what a folder of tracks has of them.

use super::support::{Workplace, arg, fail, files, run, succeed};

/// The arguments that draw regions of the tracks.
fn regions(place: &Workplace, out: &str, more: &[&str]) -> Vec<String> {
    let [tracks, out] = ["tracks", out].map(|name| place.path(name));
    let arguments = ["plot", "pair", arg(&tracks), "--out", arg(&out)];
    let arguments = arguments.iter().chain(more);
    arguments.map(|text| text.to_string()).collect()
}

/// The fields of the rows of `pairs.bedpe`.
fn pairs(place: &Workplace) -> Vec<Vec<String>> {
    let table = place.text("tracks/pairs.bedpe");
    let fields = |line: &str| -> Vec<String> { line.split('\t').map(str::to_string).collect() };
    table.lines().skip(1).map(fields).collect()
}

/// An element of a pair, whose columns begin at this one: chromosome, start and end.
fn element(row: &[String], at: usize) -> (&str, u32, u32) {
    let number = |at: usize| row[at].parse().unwrap();
    (row[at].as_str(), number(at + 1), number(at + 2))
}

/// What lies around both elements of a pair that interacts: chromosome, start and end.
fn around_a_pair(pairs: &[Vec<String>]) -> (&str, u32, u32) {
    let row = pairs.iter().find(|row| row[10] == "1").unwrap();
    let (chrom, start, end) = element(row, 0);
    let promoter = element(row, 3);
    assert_eq!(chrom, promoter.0);
    let (start, end) = (start.min(promoter.1), end.max(promoter.2));
    (chrom, start.saturating_sub(200), (end + 200).min(400_000))
}

#[test]
fn a_region_is_drawn_from_the_folder_alone() {
    let place = Workplace::with_tracks();
    let pairs = pairs(&place);
    let (chrom, start, end) = around_a_pair(&pairs);
    let reaches = |(of, from, to): (&str, u32, u32)| of == chrom && from < end && start < to;
    let (mut inside, mut from_outside) = (0, 0);
    for row in &pairs {
        match (reaches(element(row, 0)), reaches(element(row, 3))) {
            (true, true) => inside += 1,
            (false, false) => {}
            _ => from_outside += 1,
        }
    }
    let region = format!("{chrom}:{}-{end}", start + 1);
    let attention = place.path("tracks/enhancer_attention.bw");
    let top = format!("mine={}", arg(&place.path("tracks/top_regions.bed")));
    let below = ["--footprints", arg(&attention), "--add", &top];
    let asked = [&["--region", &region][..], &below].concat();
    succeed(&regions(&place, "a.svg", &asked));
    let said = place.drawn("a.svg");
    let counted =
        format!("pairs inside: {inside}; pairs that reach in from outside: {from_outside}");
    for words in [
        counted.as_str(),
        "enhancers: attention × number of bins",
        "promoters: attention × number of bins",
        "top regions of enhancers",
        "annotated promoters",
        "footprints (−log10 p)",
        "mine",
        "pair labelled as interacting",
    ] {
        assert!(said.iter().any(|text| text == words), "{words}: {said:?}");
    }
    let titled = |text: &String| text.starts_with(&format!("{chrom}:")) && text.contains(',');
    assert!(said.iter().any(titled), "{said:?}");

    // Neither the run nor the reference is needed, but by motifs.
    for (file, moved) in [("run", "elsewhere"), ("sim/genome.fa", "sim/moved.fa")] {
        std::fs::rename(place.path(file), place.path(moved)).unwrap();
    }
    succeed(&regions(&place, "b.svg", &asked));
    assert!(place.text("a.svg") == place.text("b.svg"));
    let motifs = place.path("sim/motifs.jaspar");
    let motifs = ["--region", &region, "--motifs", arg(&motifs)];
    let said = fail(&regions(&place, "c.svg", &motifs));
    assert!(said.contains("genome.fa"), "{said}");
}

#[test]
fn several_regions_are_lettered_and_share_a_scale() {
    let place = Workplace::with_tracks();
    let pairs = pairs(&place);
    let (chrom, start, end) = around_a_pair(&pairs);
    let (one, other) = (
        format!("{chrom}:{}-{end}", start + 1),
        format!("{chrom}:1-2,000"),
    );
    let asked = ["--region", &one, "--region", &other, "--y-range", "0,0.3"];
    succeed(&regions(&place, "a.svg", &asked));
    let said = place.drawn("a.svg");
    // The end of the axis of both elements' attention, in both regions.
    for (text, times) in [("a", 1), ("b", 1), ("0.3", 4)] {
        let found = said.iter().filter(|other| *other == text).count();
        assert_eq!(found, times, "{text}: {said:?}");
    }
    let count = |words: &str| said.iter().filter(|text| text.starts_with(words)).count();
    assert_eq!(count("pairs inside: "), 2, "{said:?}");
}

#[test]
fn what_is_no_region_is_refused() {
    let place = Workplace::with_tracks();
    let pairs = pairs(&place);
    let (chrom, ..) = around_a_pair(&pairs);
    let far = format!("{chrom}:1-9,000,000");
    for (region, said) in [
        ("MYC", "\"MYC\" is no region: it has to be like chr8:"),
        ("chrNowhere:1-5", "there is no chrNowhere"),
        (far.as_str(), "400,000 bases"),
    ] {
        let refused = fail(&regions(&place, "a.svg", &["--region", region]));
        assert!(refused.contains(said), "{refused}");
    }
    let region = format!("{chrom}:1-5,000");
    for [option, value] in [["--pair", "1"], ["--view", "matrix"]] {
        let asked = ["--region", &region, option, value];
        let (output, _, said) = run(&regions(&place, "a.svg", &asked));
        assert_eq!(output.status.code(), Some(2), "{said}");
    }
    // A folder of a version that did not merge regions.
    std::fs::remove_file(place.path("tracks/merged_regions.bed")).unwrap();
    let said = fail(&regions(&place, "a.svg", &["--region", &region]));
    assert!(said.contains("write the tracks anew"), "{said}");
    assert!(!place.path("a.svg").exists());
}

#[test]
fn folders_of_two_assemblies_are_refused() {
    let place = Workplace::with_tracks();
    let genome = place.text("sim/genome.fa");
    let last = genome.rsplit_once('>').unwrap().1.lines().next().unwrap();
    // The same chromosomes, but for the end of the last one.
    let shorter = genome.trim_end().rsplit_once('\n').unwrap().0;
    std::fs::write(place.path("sim/older.fa"), format!("{shorter}\n")).unwrap();
    let older = place.path("older");
    std::fs::create_dir(&older).unwrap();
    for (name, bytes) in files(&place.path("tracks")) {
        std::fs::write(older.join(name), bytes).unwrap();
    }
    let summary = place.text("older/tracks.json");
    let summary = summary.replace("genome.fa", "older.fa");
    std::fs::write(older.join("tracks.json"), summary).unwrap();
    let region = format!("{last}:1-2,000");
    let asked = [arg(&older), "--region", &region];
    let said = fail(&regions(&place, "a.svg", &asked));
    assert!(said.contains("is of another assembly than"), "{said}");
    assert!(said.contains(&format!("{last} has ")), "{said}");
    assert!(!place.path("a.svg").exists());
}
