//! From tracks to hubs, pages, sessions and figures, as a user makes them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;

use super::support::{Workplace, arg, fail, succeed};

/// A trained run and its tracks, `run` and `tracks`.
fn tracks() -> Workplace {
    let place = Workplace::new();
    succeed(&place.train("run"));
    succeed(&place.tracks("run", "tracks", &[]));
    place
}

fn hub(place: &Workplace, more: &[&str]) -> Vec<String> {
    let (out, tracks) = (place.path("hub"), place.path("tracks"));
    let named = format!("my cells={}", arg(&tracks));
    let mut arguments = vec!["hub", "--out", arg(&out), &named];
    arguments.extend(more);
    arguments.into_iter().map(str::to_string).collect()
}

fn check(dir: &Path) -> String {
    succeed(&["hub", "check", arg(dir)])
}

#[test]
fn a_hub_of_tracks_is_clean() {
    let place = tracks();
    let made = succeed(&hub(&place, &["--email", "me@example.org"]));
    assert!(made.trim().ends_with("hub.txt"), "{made}");
    let said = check(&place.path("hub"));
    assert!(said.trim().ends_with("no errors, 0 warnings"), "{said}");
    let before = place.text("hub/hub.txt");
    // Again over itself, and in one file.
    succeed(&hub(&place, &["--email", "me@example.org"]));
    assert_eq!(place.text("hub/hub.txt"), before);
    succeed(&hub(&place, &["--one-file"]));
    assert!(place.text("hub/hub.txt").contains("useOneFile on"));
    check(&place.path("hub"));
}

#[test]
fn tracks_write_their_hub_and_further_tracks_are_joined() {
    let place = tracks();
    let out = place.path("hub");
    succeed(&place.tracks("run", "tracks", &["--hub", arg(&out)]));
    check(&out);
    let again = place.path("tracks");
    let tracks = arg(&again);
    let bigwig = format!("{tracks}/enhancer_attention.bw");
    let joined = place.path("joined");
    let added = format!("my signal={bigwig}");
    let (a, b) = (format!("A={tracks}"), format!("B={tracks}"));
    let arguments = ["hub", "--out", arg(&joined), &a, &b, "--add", &added];
    succeed(&arguments);
    check(&joined);
    let same = ["hub", "--out", arg(&joined), &a, &a];
    assert!(fail(&same).contains("\"A\""));
    let no_name = ["hub", "--out", arg(&joined), &a, "--add", &bigwig];
    let (output, _, said) = super::support::run(&no_name);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("NAME=FILE"), "{said}");
}

#[test]
fn a_broken_hub_is_told() {
    let place = tracks();
    succeed(&hub(&place, &[]));
    let text = place
        .text("hub/hub.txt")
        .replace("shortLabel", "shortlable");
    std::fs::write(place.path("hub/hub.txt"), text).unwrap();
    let out = place.path("hub");
    let (output, stdout, stderr) = super::support::run(&["hub", "check", arg(&out)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout.contains("hub.txt:2"), "{stdout}");
    assert!(stderr.contains("errors"), "{stderr}");
    assert!(fail(&["hub", "check", arg(&place.path("nothing"))]).contains("nothing"));
}

#[test]
fn folders_without_tracks_and_other_assemblies_are_refused() {
    let place = tracks();
    let (out, run) = (place.path("hub"), place.path("run"));
    let said = fail(&["hub", "--out", arg(&out), arg(&run)]);
    assert!(said.contains("holds no tracks"), "{said}");
    let other = place.path("other");
    std::fs::create_dir(&other).unwrap();
    for file in std::fs::read_dir(place.path("tracks")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), other.join(file.file_name())).unwrap();
    }
    let json = place.text("other/tracks.json");
    let json = json.replace("\"genome\": null", "\"genome\": \"hg19\"");
    std::fs::write(other.join("tracks.json"), json).unwrap();
    let tracks = place.path("tracks");
    let said = fail(&["hub", "--out", arg(&out), arg(&tracks), arg(&other)]);
    assert!(said.contains("a hub has one assembly"), "{said}");
}

/// What a page's element of this name holds, unpacked.
pub fn block(page: &str, id: &str) -> Vec<u8> {
    let (_, rest) = page.split_once(&format!("id=\"{id}\">")).unwrap();
    let zlib = STANDARD.decode(rest.split_once("</script>").unwrap().0);
    let mut bytes = Vec::new();
    let mut decoder = ZlibDecoder::new(Cursor::new(zlib.unwrap()));
    decoder.read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_page_holds_the_strongest_pairs_or_those_that_are_asked_for() {
    let place = tracks();
    let tracks = place.path("tracks");
    let page = place.path("page.html");
    let view = |more: &[&str]| {
        let mut arguments = vec!["view", arg(&tracks), "--out", arg(&page), "--device", "cpu"];
        arguments.extend(more);
        succeed(&arguments);
        let text = place.text("page.html");
        let data: serde_json::Value = serde_json::from_slice(&block(&text, "data")).unwrap();
        // Two bytes for each cell of both matrices, of a network that tells no contributions.
        let bins = |element: &str| data["bins"][element].as_array().unwrap().len() - 1;
        let cells = bins("enhancer") * bins("promoter");
        let pairs = data["pairs"].as_array().unwrap().len();
        assert_eq!(block(&text, "values").len(), pairs * 2 * 2 * cells);
        (text, data)
    };
    let (text, data) = view(&["--top", "5", "--title", "<b>\"me\"</b>"]);
    assert!(text.contains("<title>&lt;b&gt;"), "{}", &text[..500]);
    assert!(text.contains("cdn.jsdelivr.net"));
    let pairs = data["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 5);
    let predictions = place.text("tracks/predictions.tsv");
    let mut best: Vec<(bool, f64)> = predictions
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let is_seen = matches!(fields[3], "train" | "validation");
            (is_seen, fields[4].parse().unwrap())
        })
        .collect();
    best.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let ranks: Vec<_> = best
        .iter()
        .enumerate()
        .map(|(at, &of)| (of, at + 1))
        .collect();
    let mut wanted = ranks.clone();
    // What training never saw comes first.
    wanted.sort_by_key(|&((is_seen, _), rank)| (is_seen, rank));
    assert_ne!(wanted[..5], ranks[..5]);
    for (pair, ((_, probability), rank)) in pairs.iter().zip(wanted) {
        assert!((pair["probability"].as_f64().unwrap() - probability).abs() < 1e-6);
        assert_eq!(pair["rank"], rank);
    }

    let name = predictions
        .lines()
        .nth(1)
        .unwrap()
        .split('\t')
        .next()
        .unwrap();
    let script = place.path("igv.js");
    std::fs::write(&script, "var igv = {}; // </script>\n").unwrap();
    let (text, data) = view(&["--pair", name, "--igv-js", arg(&script)]);
    assert_eq!(data["pairs"].as_array().unwrap().len(), 1);
    assert_eq!(data["pairs"][0]["name"], name);
    assert!(text.contains("var igv = {}"));
    assert!(!text.contains("cdn.jsdelivr.net/npm"));

    // The same pair by what a browser shows of it, and the most probable one by its rank.
    let shown: Vec<String> = name
        .split('~')
        .map(|element| {
            let (chrom, range) = element.split_once(':').unwrap();
            let (start, end) = range.split_once('-').unwrap();
            format!("{chrom}:{}-{end}", start.parse::<u32>().unwrap() + 1)
        })
        .collect();
    let (_, data) = view(&["--pair", &shown.join(" ~ ")]);
    assert_eq!(data["pairs"][0]["name"], name);
    let (_, data) = view(&["--pair", "#1"]);
    assert_eq!(data["pairs"][0]["rank"], 1);
    let refused = |pair: &str| fail(&["view", arg(&tracks), "--pair", pair, "--device", "cpu"]);
    assert!(refused("chr1:1-2~chr1:3-4").contains("has no pair"));
    let said = refused("chr1:1-400,000");
    assert!(
        said.contains("may be any of")
            && said.contains("~chr1:")
            && said.contains("probability 0."),
        "{said}"
    );
}

#[test]
fn sessions_name_files_that_are_there() {
    let place = tracks();
    let json: serde_json::Value =
        serde_json::from_str(&place.text("tracks/igv_session.json")).unwrap();
    let mut files = 0;
    for track in json["tracks"].as_array().unwrap() {
        if let Some(url) = track["url"].as_str() {
            assert!(place.path("tracks").join(url).exists(), "{url}");
            files += 1;
        }
    }
    assert_eq!(files, 5);
    let reference = json["reference"]["fastaURL"].as_str().unwrap();
    assert!(place.path("tracks").join(reference).exists(), "{reference}");
    let xml = place.text("tracks/igv_session.xml");
    let document = roxmltree::Document::parse(&xml).unwrap();
    let resources = document
        .descendants()
        .filter(|node| node.has_tag_name("Resource"));
    assert_eq!(resources.count(), 5);
    let config: serde_json::Value =
        serde_json::from_str(&place.text("tracks/jbrowse_config.json")).unwrap();
    assert_eq!(config["tracks"].as_array().unwrap().len(), 5);
    // A folder of an earlier version has no merged regions, and no session that names them.
    std::fs::remove_file(place.path("tracks/merged_regions.bb")).unwrap();
    succeed(&["sessions", arg(&place.path("tracks"))]);
    for file in ["igv_session.xml", "igv_session.json", "jbrowse_config.json"] {
        let text = place.text(&format!("tracks/{file}"));
        assert!(text.contains("top_regions.bb"), "{file}");
        assert!(!text.contains("merged_regions"), "{file}");
    }
}

#[test]
fn every_browser_has_the_same_colours_and_scale() {
    let place = tracks();
    let json = |file: &str| -> serde_json::Value {
        serde_json::from_str(&place.text(&format!("tracks/{file}"))).unwrap()
    };
    let (igv_js, jbrowse) = (json("igv_session.json"), json("jbrowse_config.json"));
    let lines = place.text("tracks/track_lines.txt");
    let lines: Vec<&str> = lines.lines().collect();
    let upper = igv_js["tracks"][1]["max"].as_f64().unwrap();
    for (track, rgb) in [(1, "230,97,1"), (2, "94,60,153")] {
        let colour = format!("rgb({rgb})");
        assert_eq!(igv_js["tracks"][track]["max"], upper);
        assert_eq!(igv_js["tracks"][track]["color"], colour);
        let display = &jbrowse["tracks"][track]["displays"][0];
        assert_eq!(display["maxScore"], upper);
        assert_eq!(display["renderers"]["XYPlotRenderer"]["color"], colour);
        let line = lines[track - 1];
        for setting in [format!(" color={rgb} "), format!(" viewLimits=0:{upper} ")] {
            assert!(line.contains(&setting), "{setting}: {line}");
        }
    }
    let xml = place.text("tracks/igv_session.xml");
    let maximum = format!("maximum=\"{upper}\"");
    assert_eq!(xml.matches(&maximum).count(), 2, "{xml}");
    succeed(&hub(&place, &["--one-file"]));
    let settings = place.text("hub/hub.txt");
    let limits = format!("viewLimits 0:{upper}");
    for line in [limits.as_str(), "color 230,97,1", "color 94,60,153"] {
        assert!(settings.lines().any(|found| found == line), "{settings}");
    }
    let (tracks, page) = (place.path("tracks"), place.path("page.html"));
    let view = ["view", arg(&tracks), "--out", arg(&page), "--top", "1"];
    succeed(&[&view[..], &["--device", "cpu"]].concat());
    let page = block(&place.text("page.html"), "data");
    let page: serde_json::Value = serde_json::from_slice(&page).unwrap();
    assert_eq!(page["scale"], upper);

    // Arcs have their own colours, in igv.js and UCSC from the bigInteract, in IGV and JBrowse from the BEDPE.
    assert!(igv_js["tracks"][0].get("color").is_none());
    let of_arc = &jbrowse["tracks"][0]["displays"][0]["color"];
    assert!(of_arc.as_str().unwrap().contains("get(feature,'color')"));
    let arcs = place.text("tracks/pairs.interact");
    let arcs: BTreeMap<String, &str> = arcs
        .lines()
        .map(|line| line.split('\t').collect::<Vec<&str>>())
        .map(|of| ([&of[8..11], &of[13..16]].concat().join("\t"), of[7]))
        .collect();
    let bedpe = place.text("tracks/pairs.bedpe");
    assert!(bedpe.lines().next().unwrap().ends_with("\tcolor"));
    let mut labels = BTreeSet::new();
    for line in bedpe.lines().skip(1) {
        let of: Vec<&str> = line.split('\t').collect();
        let of_label = match of[10] {
            "1" => ["51,153,221", "163,209,240"],
            _ => ["102,51,0", "186,163,140"],
        };
        assert!(of_label.contains(&of[14]), "{line}");
        // igv.js takes no other form.
        let parts = of[14].split(',').map(|part| part.parse::<u8>().unwrap());
        let hex: String = parts.map(|part| format!("{part:02x}")).collect();
        assert_eq!(arcs[&of[..6].join("\t")], format!("#{hex}"), "{line}");
        labels.insert(of[10]);
    }
    assert_eq!(labels.len(), 2);
}

#[test]
fn figures_are_drawn() {
    let place = tracks();
    succeed(&["evaluate", arg(&place.path("run")), "--device", "cpu"]);
    let (tracks, run) = (place.path("tracks"), place.path("run"));
    let cpu = ["--device", "cpu"];
    let svg = place.path("figure.svg");
    let draw = |arguments: &[&str]| {
        let arguments = [&["plot"], arguments, &["--out", arg(&svg)]].concat();
        succeed(&arguments);
        let text = place.text("figure.svg");
        roxmltree::Document::parse(&text).unwrap();
        text
    };
    for view in ["browser", "matrix", "enhancer-matrix", "promoter-matrix"] {
        let text = draw(&[&["pair", arg(&tracks), "--view", view], &cpu[..]].concat());
        assert!(text.contains("enhancer"), "{view}");
    }
    for (kind, word) in [
        ("training", "epoch"),
        ("roc", "AUROC"),
        ("precision-recall", "ecall"),
        ("calibration", "Brier score"),
    ] {
        let text = draw(&[kind, arg(&run), "--title", "<my run>"]);
        assert!(
            text.contains(word) && text.contains("&lt;my run&gt;"),
            "{kind}"
        );
    }
    let png = place.path("figure.png");
    succeed(&["plot", "roc", arg(&run), "--out", arg(&png)]);
    assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG\r\n"));
    let other = place.path("figure.gif");
    assert!(fail(&["plot", "roc", arg(&run), "--out", arg(&other)]).contains(".svg, .pdf or .png"));
}

#[test]
fn a_run_without_an_evaluation_has_no_curves() {
    let place = Workplace::new();
    succeed(&place.train("run"));
    let (run, out) = (place.path("run"), place.path("roc.svg"));
    let said = fail(&["plot", "roc", arg(&run), "--out", arg(&out)]);
    assert!(said.contains("epitrack evaluate makes it"), "{said}");
}

#[test]
fn a_path_that_no_session_can_name_costs_no_tracks() {
    let place = Workplace::new();
    std::fs::create_dir(place.path("a:b")).unwrap();
    for file in ["genome.fa", "genome.fa.fai"] {
        let from = place.path("sim").join(file);
        if from.exists() {
            std::fs::copy(from, place.path("a:b").join(file)).unwrap();
        }
    }
    succeed(&place.train("run"));
    let reference = place.path("a:b/genome.fa");
    let more = ["--reference", arg(&reference)];
    succeed(&place.tracks("run", "tracks", &more));
    assert!(place.path("tracks/tracks.json").exists());
    assert!(!place.path("tracks/igv_session.json").exists());
}
