//! Tracks of the user's own, in one notation, wherever something is shown; and sessions by addresses.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::support::{Workplace, arg, fail, files, succeed};

/// A run with tracks that know motif sites.
fn place() -> Workplace {
    let place = Workplace::new();
    place.trained("run", &[]);
    let motifs = place.path("sim/motifs.jaspar");
    let more = ["--motifs", arg(&motifs), "--p-value", "0.001"];
    succeed(&place.tracks("run", "tracks", &more));
    place
}

/// Peaks as text, and values.
fn added(place: &Workplace) -> [String; 2] {
    let [peaks, signal] =
        ["sim/peaks.bed", "tracks/enhancer_attention.bw"].map(|name| place.path(name));
    [
        format!("peaks={},color=#8800aa,label=DNase peaks", arg(&peaks)),
        format!("signal={},range=0:3", arg(&signal)),
    ]
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_hub_takes_text_and_says_its_address() {
    let place = place();
    let [peaks, signal] = added(&place);
    let (out, tracks) = (place.path("hub"), place.path("tracks"));
    let named = format!("A={}", arg(&tracks));
    let hub = [
        "hub",
        "--out",
        arg(&out),
        &named,
        "--add",
        &peaks,
        "--add",
        &signal,
    ];
    let base = ["--base-url", "https://lab.org/~me/hub/"];
    let said = succeed(&[&hub[..], &base].concat());
    let address = "https://genome.ucsc.edu/cgi-bin/hgTracks?genome=genome&\
                   hubUrl=https%3A%2F%2Flab.org%2F~me%2Fhub%2Fhub.txt";
    assert_eq!(said.lines().nth(1), Some(address));
    let text = place.text("hub/genome/trackDb.txt");
    let (_, own) = text.split_once("track added_peaks\n").unwrap();
    let (of_peaks, of_signal) = own.split_once("track added_signal\n").unwrap();
    for line in ["longLabel DNase peaks", "type bigBed 6", "color 136,0,170"] {
        assert!(of_peaks.lines().any(|found| found == line), "{of_peaks}");
    }
    assert!(of_signal.contains("\nviewLimits 0:3\n"), "{of_signal}");
    assert!(place.path("hub/genome/added/peaks.bb").exists());
    let page = place.text("hub/genome/added.html");
    assert!(
        page.contains("DNase peaks") && page.contains(">peaks.bed<"),
        "{page}"
    );
    assert!(!page.contains("peaks.bed.bb") && !page.contains("only links"));
    let said = succeed(&["hub", "check", arg(&out)]);
    assert!(said.trim().ends_with("no errors, 0 warnings"), "{said}");
    let before = files(&out);
    assert_eq!(succeed(&hub).lines().count(), 1);
    assert!(before == files(&out));
}

#[test]
fn sessions_open_from_anywhere_and_show_what_was_added() {
    let place = place();
    let [peaks, signal] = added(&place);
    let dir = place.path("tracks");
    let session = || json(&place.text("tracks/igv_session.json"));
    let note = session()["note"].as_str().unwrap().to_string();
    assert!(note.contains("relative to the page"), "{note}");
    let plain = files(&dir);

    let own = ["--add", &peaks, "--add", &signal];
    let base = ["--base-url", "https://lab.org/K562/tracks"];
    let arguments = [&["sessions", arg(&dir)], &own[..], &base].concat();
    let said = succeed(&arguments);
    assert_eq!(said.lines().count(), 3, "{said}");
    let made = session();
    let tracks = made["tracks"].as_array().unwrap();
    assert_eq!(tracks.len(), 7);
    for (track, file) in tracks[5..].iter().zip(["peaks.bb", "signal.bw"]) {
        assert_eq!(
            track["url"],
            format!("https://lab.org/K562/tracks/added/{file}")
        );
        assert!(dir.join("added").join(file).exists(), "{file}");
    }
    assert_eq!(tracks[5]["name"], "DNase peaks");
    assert_eq!(tracks[5]["color"], "rgb(136,0,170)");
    assert_eq!(tracks[6]["max"], 3.0);
    let reference = made["reference"]["fastaURL"].as_str();
    assert_eq!(reference, Some("https://lab.org/K562/sim/genome.fa"));
    let xml = place.text("tracks/igv_session.xml");
    roxmltree::Document::parse(&xml).unwrap();
    assert_eq!(
        xml.matches("https://lab.org/K562/tracks/added/peaks.bb")
            .count(),
        2
    );
    // Nothing is other than it was.
    let before = files(&dir);
    succeed(&arguments);
    assert!(before == files(&dir));

    // Without anything they are as tracks wrote them, and what was added stays.
    succeed(&["sessions", arg(&dir)]);
    for (name, bytes) in files(&dir) {
        let as_before = plain.get(&name).is_none_or(|before| *before == bytes);
        assert!(as_before, "{name}");
    }
    let said = fail(&["sessions", arg(&dir), "--base-url", "https://lab.org"]);
    assert!(said.contains("there can be no sessions"), "{said}");
}

#[test]
fn another_file_takes_the_place_of_one_whatever_its_age() {
    let place = place();
    let peaks = place.text("sim/peaks.bed");
    let (fewer, _) = peaks.trim_end().rsplit_once('\n').unwrap();
    std::fs::write(place.path("old.bed"), format!("{fewer}\n")).unwrap();
    let other = place.path("tracks/promoter_attention.bw");
    std::fs::copy(other, place.path("old.bw")).unwrap();
    let long_ago = SystemTime::now() - Duration::from_secs(1_000_000);
    for old in ["old.bed", "old.bw"] {
        let file = File::options().append(true).open(place.path(old)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    let dir = place.path("tracks");
    for (new, old, made) in [
        ("tracks/enhancer_attention.bw", "old.bw", "added/x.bw"),
        ("sim/peaks.bed", "old.bed", "added/x.bb"),
    ] {
        let shown = |file: &str| {
            let track = format!("x={}", arg(&place.path(file)));
            succeed(&["sessions", arg(&dir), "--add", &track]);
            std::fs::read(dir.join(made)).unwrap()
        };
        let (first, then) = (shown(new), shown(old));
        assert!(first != then, "{made}");
        assert!(then == shown(old) && first == shown(new), "{made}");
    }
    let unfinished = |name: &String| name.contains(".epitrack-");
    assert!(!files(&dir.join("added")).keys().any(unfinished));
}

#[test]
fn a_page_and_a_figure_show_what_was_added() {
    let place = place();
    let [peaks, signal] = added(&place);
    let (dir, svg) = (place.path("tracks"), place.path("pair.svg"));
    let own = ["--add", &peaks, "--add", &signal, "--device", "cpu"];
    succeed(&["view", arg(&dir), "--device", "cpu"]);
    let without = place.text("tracks/view.html").len();
    succeed(&[&["view", arg(&dir)], &own[..]].concat());
    assert!(place.text("tracks/view.html").len() > without);
    let figure = ["plot", "pair", arg(&dir), "--out", arg(&svg)];
    succeed(&[&figure[..], &own].concat());
    let text = place.text("pair.svg");
    for shown in ["DNase peaks", "signal", "motif sites in the top regions"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    // The colour that was asked for, where a window has a peak.
    assert!(
        text.contains("#8800aa") || text.matches("DNase peaks: none here").count() == 2,
        "{text}"
    );
}

#[test]
fn names_of_top_regions_tell_the_factors_of_the_table() {
    let place = place();
    let sites = place.text("tracks/top_region_sites.tsv");
    let mut told = 0;
    for line in place.text("tracks/top_regions.bed").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let plain = format!("{}_{}", fields[9], fields[10]);
        let Some((name, factors)) = fields[3].split_once(':') else {
            assert_eq!((fields[3], fields[15]), (plain.as_str(), "none"));
            continue;
        };
        assert_eq!(name, plain);
        let first = factors.split(',').next().unwrap();
        let is_of_region = |row: &&str| {
            let row: Vec<&str> = row.split('\t').collect();
            row[..3] == fields[..3] && row[8] == first
        };
        assert!(
            sites.lines().skip(1).any(|row| is_of_region(&row)),
            "{line}"
        );
        told += 1;
    }
    assert!(told > 10, "{told}");
}

#[test]
fn what_does_not_fit_is_refused_before_the_work() {
    let place = Workplace::new();
    place.trained("run", &[]);
    succeed(&place.tracks("run", "tracks", &[]));
    let (dir, hub, svg) = (place.path("tracks"), place.path("hub"), place.path("a.svg"));
    let other = place.path("other.bed");
    std::fs::write(&other, "chrOther\t10\t20\n").unwrap();
    let peaks = place.path("sim/peaks.bed");
    let before = files(&dir);
    let commands: [&[&str]; 4] = [
        &["view", arg(&dir), "--device", "cpu"],
        &[
            "plot",
            "pair",
            arg(&dir),
            "--out",
            arg(&svg),
            "--device",
            "cpu",
        ],
        &["sessions", arg(&dir)],
        &["hub", "--out", arg(&hub), arg(&dir)],
    ];
    let named = |path: &Path, behind: &str| format!("x={}{behind}", arg(path));
    for command in commands {
        let with = |tracks: &[&str]| {
            let added = tracks.iter().flat_map(|track| ["--add", track]);
            let said = fail(&command.iter().copied().chain(added).collect::<Vec<_>>());
            assert!(before == files(&dir), "{command:?}");
            assert!(!svg.exists() && !hub.join("hub.txt").exists());
            said
        };
        assert!(with(&["x=nowhere.bw"]).contains("nowhere.bw"));
        let said = with(&[&named(&other, "")]);
        assert!(said.contains("other.bed: is of another assembly"), "{said}");
        let twice = named(&peaks, "");
        assert!(with(&[&twice, &twice]).contains("two of the tracks"));
        assert!(with(&[&named(&peaks, ",range=0:1")]).contains("range"));
    }
}
