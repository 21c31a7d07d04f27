//! Figure 1 of the paper: the attention of a pair with motif sites, footprints and signals below.

use epitrack::formats::write_bigwig;
use epitrack::genome::{ChromId, Chroms, Region, Segment};

use super::support::{Workplace, arg, fail, run, succeed};

/// A run with its tracks and the sites in its top regions, and footprints of the simulated reads.
fn place() -> Workplace {
    let place = Workplace::new();
    place.trained("run", &[]);
    let motifs = place.path("sim/motifs.jaspar");
    let more = ["--motifs", arg(&motifs), "--p-value", "0.001"];
    succeed(&place.tracks("run", "tracks", &more));
    let paths = ["sim/dnase.bam", "sim/peaks.bed", "footprints"].map(|name| place.path(name));
    let [bam, peaks, out] = paths.each_ref().map(|path| arg(path));
    succeed(&[
        "footprints",
        "call",
        "--bam",
        bam,
        "--regions",
        peaks,
        "--out",
        out,
    ]);
    place
}

/// The arguments that draw a pair of the tracks.
fn plot(place: &Workplace, more: &[&str]) -> Vec<String> {
    let (tracks, svg) = (place.path("tracks"), place.path("figure.svg"));
    let arguments = ["plot", "pair", arg(&tracks), "--out", arg(&svg)];
    let arguments = arguments.iter().chain(&["--device", "cpu"]).chain(more);
    arguments.map(|text| text.to_string()).collect()
}

/// The texts of the figure that is drawn.
fn texts(place: &Workplace, more: &[&str]) -> Vec<String> {
    succeed(&plot(place, more));
    place.drawn("figure.svg")
}

#[test]
fn motif_sites_footprints_and_signals_lie_below_the_attention() {
    let place = place();
    let sites = place.text("tracks/top_region_sites.tsv");
    let rows: Vec<Vec<&str>> = sites
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect();
    let pair = rows[0][5];
    let paths = [
        "sim/motifs.jaspar",
        "footprints.bed",
        "tracks/enhancer_attention.bw",
    ];
    let paths = paths.map(|name| place.path(name));
    let [motifs, footprints, attention] = paths.each_ref().map(|path| arg(path));
    let signal = format!("my own signal={attention}");
    let of_pair = ["--pair", pair];
    let motifs = ["--motifs", motifs, "--p-value", "0.001"];
    let below = ["--footprints", footprints, "--bigwig", &signal];
    let shown = texts(&place, &[&of_pair[..], &motifs, &below].concat());
    let has = |text: &str| shown.iter().any(|shown| shown == text);
    let begins = |text: &str| shown.iter().filter(|shown| shown.starts_with(text)).count();
    assert_eq!(begins("motif sites in the top regions"), 2, "{shown:?}");
    assert_eq!(begins("footprints"), 2, "{shown:?}");
    assert_eq!(begins("my own signal"), 2, "{shown:?}");
    // The enhancer's window has values of its own track.
    assert!(has("my own signal"), "{shown:?}");
    // The best site of each element has the choice of place, and so its name.
    let best_are_named = |shown: &[String]| {
        for element in ["enhancer", "promoter"] {
            let of_element = |row: &&Vec<&str>| row[3] == element && row[5] == pair;
            let p = |row: &Vec<&str>| row[14].parse::<f64>().unwrap();
            let of_element: Vec<&Vec<&str>> = rows.iter().filter(of_element).collect();
            let least = of_element.iter().map(|row| p(row)).fold(1.0, f64::min);
            let mut best = of_element.iter().filter(|row| p(row) == least);
            assert!(
                of_element.is_empty() || best.any(|row| shown.iter().any(|text| text == row[8])),
                "{shown:?}"
            );
        }
    };
    best_are_named(&shown);

    // The folder of tracks knows them without being asked, and scores of bases are a signal.
    let plain = texts(&place, &of_pair);
    let begin = |text: &str| {
        let beginning = plain.iter().filter(|shown| shown.starts_with(text));
        beginning.count()
    };
    assert_eq!(begin("motif sites in the top regions"), 2, "{plain:?}");
    assert_eq!(begin("footprints") + begin("my own signal"), 0, "{plain:?}");
    best_are_named(&plain);
    let scored = texts(
        &place,
        &[&of_pair[..], &["--footprints", attention]].concat(),
    );
    assert!(scored.iter().any(|text| text == "footprints (−log10 p)"));
}

#[test]
fn several_pairs_and_regions_have_their_sites_and_footprints() {
    let place = place();
    let table = place.text("tracks/pairs.bedpe");
    let name = |line: &str| line.split('\t').nth(6).unwrap().to_string();
    let names: Vec<String> = table.lines().skip(1).take(2).map(name).collect();
    let attention = place.path("tracks/enhancer_attention.bw");
    let pairs = ["--pair", &names[0], "--pair", &names[1]];
    let footprints = ["--footprints", arg(&attention)];
    let shown = texts(&place, &[&pairs[..], &footprints].concat());
    let begin = |shown: &[String], text: &str| {
        let beginning = shown.iter().filter(|shown| shown.starts_with(text));
        beginning.count()
    };
    for (text, times) in [
        ("motif sites in the top regions", 4),
        ("footprints (−log10 p)", 4),
        ("predicted probability", 2),
    ] {
        assert_eq!(begin(&shown, text), times, "{text}: {shown:?}");
    }
    assert!(
        ["a", "b"]
            .iter()
            .all(|letter| shown.iter().any(|text| text == letter))
    );

    // A top region and what is around it: the best of its sites has its name.
    let sites = place.text("tracks/top_region_sites.tsv");
    let rows = sites.lines().skip(1);
    let rows: Vec<Vec<&str>> = rows.map(|line| line.split('\t').collect()).collect();
    let number = |row: &[&str], at: usize| row[at].parse::<u32>().unwrap();
    let (chrom, start, end) = (rows[0][0], number(&rows[0], 1), number(&rows[0], 2));
    let (start, end) = (start.saturating_sub(20), end + 20);
    let inside = rows
        .iter()
        .filter(|row| row[0] == chrom && number(row, 1) >= start && number(row, 2) <= end);
    let p = |row: &Vec<&str>| row[14].parse::<f64>().unwrap();
    let least = inside.clone().map(p).fold(1.0, f64::min);
    let best: Vec<&str> = inside
        .filter(|row| p(row) == least)
        .map(|row| row[8])
        .collect();
    let region = format!("{chrom}:{}-{end}", start + 1);
    let shown = texts(&place, &["--region", &region]);
    assert_eq!(
        begin(&shown, "motif sites in the top regions"),
        1,
        "{shown:?}"
    );
    assert!(
        shown.iter().any(|text| best.contains(&text.as_str())),
        "{best:?}: {shown:?}"
    );

    // Beside a folder that knows no sites, none are shown.
    succeed(&place.tracks("run", "plain", &[]));
    let [plain, svg] = ["plain", "figure.svg"].map(|name| place.path(name));
    let tracks = place.path("tracks");
    for of in [["--pair", &names[0]], ["--region", &region]] {
        let folders = [arg(&tracks), arg(&plain), "--out", arg(&svg)];
        let more = [&["plot", "pair"], &folders[..], &of, &["--device", "cpu"]];
        succeed(&more.concat());
        let shown = place.drawn("figure.svg");
        assert_eq!(begin(&shown, "motif sites"), 0, "{shown:?}");
        let named = shown.iter().any(|text| text.starts_with("plain: "));
        assert!(named, "{shown:?}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let place = Workplace::new();
    place.trained("run", &[]);
    succeed(&place.tracks("run", "tracks", &[]));
    let chroms = Chroms::new([("chrOther".to_string(), 5000)]).unwrap();
    let other = place.path("other.bw");
    let value = Segment {
        region: Region {
            chrom: ChromId(0),
            start: 10,
            end: 20,
        },
        value: 1.0,
    };
    let (file, _) = write_bigwig(&other, &chroms, [value].into_iter()).unwrap();
    file.complete().unwrap();
    let named = format!("DNase={}", arg(&other));
    for arguments in [
        ["--bigwig", &*named],
        ["--add", &*named],
        ["--footprints", arg(&other)],
    ] {
        let said = fail(&plot(&place, &arguments));
        assert!(said.contains("other.bw: is of another assembly"), "{said}");
    }
    let said = fail(&plot(&place, &["--bigwig", "DNase=nowhere.bw"]));
    assert!(said.contains("nowhere.bw"), "{said}");
    let said = fail(&plot(&place, &["--bigwig", &named, "--view", "matrix"]));
    assert!(said.contains("--view browser"), "{said}");
    for bad in ["DNase", "=other.bw", "DNase="] {
        let (output, _, said) = run(&plot(&place, &["--bigwig", bad]));
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("has to be NAME=FILE"), "{said}");
    }
    assert!(!place.path("figure.svg").exists());
}
