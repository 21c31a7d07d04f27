//! In browsers, pages and figures.

use serde_json::Value;

use super::{json, learn, place, train_plain};
use crate::hub::block;
use crate::support::{arg, files, succeed};

#[test]
fn browsers_show_what_is_predicted_beside_what_was_measured() {
    let place = place();
    learn(&place, "run", &[]);
    let [run, tracks, hub] = ["run", "tracks", "hub"].map(|name| place.path(name));
    let said = succeed(&["evaluate", arg(&run), "--device", "cpu"]);
    assert!(
        said.contains("activity, test part: dnase: correlation"),
        "{said}"
    );
    let metrics = json(&place.text("run/metrics.json"));
    assert_eq!(metrics["activity"][0]["source"], "dnase");
    assert!(
        metrics["activity"][1]["network"]["auroc"].is_number(),
        "{metrics}"
    );
    succeed(&place.tracks("run", "tracks", &[]));

    let session = json(&place.text("tracks/igv_session.json"));
    let names = session["tracks"].as_array().unwrap();
    let names: Vec<&str> = names
        .iter()
        .map(|of| of["name"].as_str().unwrap())
        .collect();
    let wanted = [
        "pairs",
        "enhancer attention",
        "promoter attention",
        "enhancer dnase predicted",
        "promoter dnase predicted",
        "enhancer open predicted",
        "promoter open predicted",
        "dnase measured",
        "open measured",
        "top regions",
        "merged regions",
    ];
    assert_eq!(names, wanted);
    for file in ["added/dnase_measured.bw", "added/open_measured.bb"] {
        assert!(tracks.join(file).is_file(), "{file}");
    }
    // Once more they are the same, and the user's own comes before.
    let before = files(&tracks);
    succeed(&["sessions", arg(&tracks)]);
    assert!(before == files(&tracks));
    let own = format!("dnase measured={}", arg(&place.path("sim/peaks.bed")));
    succeed(&["sessions", arg(&tracks), "--add", &own]);
    let session = json(&place.text("tracks/igv_session.json")).to_string();
    assert_eq!(session.matches("dnase measured").count(), 1, "{session}");
    assert!(session.contains("added/dnase_measured.bb"), "{session}");

    let cell = format!("K562={}", arg(&tracks));
    succeed(&[
        "hub",
        "--out",
        arg(&hub),
        &cell,
        "--email",
        "me@example.org",
    ]);
    let said = succeed(&["hub", "check", arg(&hub)]);
    assert!(said.trim().ends_with("no errors, 0 warnings"), "{said}");
    let stanzas = place.text("hub/genome/trackDb.txt");
    for line in [
        "track activity",
        "track activity1_enhancer_K562",
        "track activity2_promoter_K562",
        "viewLimits 0:1",
        "dimensions dimX=element dimY=cell dimA=source",
        "track added_dnase_measured",
        "transformFunc LOG",
        "track added_open_measured",
    ] {
        assert!(
            stanzas.lines().any(|found| found == line),
            "{line}: {stanzas}"
        );
    }
    let page = place.text("hub/genome/activity.html");
    for words in ["G+C", "from the sequence alone", "lies in a peak of open"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // Cell lines of one hub have each their own.
    let both = ["A", "B"].map(|name| format!("{name}={}", arg(&tracks)));
    succeed(&["hub", "--out", arg(&hub), &both[0], &both[1]]);
    succeed(&["hub", "check", arg(&hub)]);
    let stanzas = place.text("hub/genome/trackDb.txt");
    assert!(
        stanzas.contains("track added_B_dnase_measured\n"),
        "{stanzas}"
    );

    // What was measured is not there any more: nothing else is missing.
    std::fs::remove_file(place.path("dnase.bw")).unwrap();
    succeed(&["hub", "--out", arg(&hub), &cell]);
    let stanzas = place.text("hub/genome/trackDb.txt");
    assert!(!stanzas.contains("dnase_measured") && stanzas.contains("open_measured"));
    succeed(&["evaluate", arg(&run), "--device", "cpu"]);
    assert!(
        json(&place.text("run/metrics.json"))
            .get("activity")
            .is_none()
    );
}

#[test]
fn pages_and_figures_show_what_is_predicted() {
    let place = place();
    learn(&place, "run", &[]);
    succeed(&place.tracks("run", "tracks", &[]));
    let [tracks, svg] = ["tracks", "a.svg"].map(|name| place.path(name));
    succeed(&["view", arg(&tracks), "--device", "cpu"]);
    let page = place.text("tracks/view.html");
    let data: Value = serde_json::from_slice(&block(&page, "data")).unwrap();
    let activity = data["activity"].as_array().unwrap();
    assert_eq!(activity.len(), 2);
    assert_eq!(activity[1]["names"]["promoter"], "promoter open predicted");
    assert_eq!(activity[1]["scale"], 1.0);
    let values = activity[0]["tracks"]["enhancer"].as_array().unwrap();
    assert!(!values.is_empty());
    let added = data["add"].as_array().unwrap();
    let measured = added.iter().filter(|of| of["measured"] == true);
    let names: Vec<&Value> = measured.map(|of| &of["name"]).collect();
    assert_eq!(names, ["dnase measured", "open measured"]);

    let figure = ["plot", "pair", arg(&tracks), "--out", arg(&svg)];
    succeed(&[&figure[..], &["--device", "cpu"]].concat());
    let said = place.drawn("a.svg");
    for (words, times) in [
        ("dnase predicted, ln(1 + signal)", 2),
        ("open predicted", 2),
        ("dnase measured", 2),
        ("open measured", 2),
    ] {
        let found = said.iter().filter(|text| text.starts_with(words)).count();
        assert_eq!(found, times, "{words}: {said:?}");
    }
    let pairs = place.text("tracks/pairs.bedpe");
    let row: Vec<&str> = pairs.lines().nth(1).unwrap().split('\t').collect();
    let region = format!(
        "{}:{}-{}",
        row[0],
        row[1].parse::<u32>().unwrap() + 1,
        row[2]
    );
    succeed(&[&figure[..], &["--region", &region]].concat());
    let said = place.drawn("a.svg");
    for words in [
        "enhancers: dnase predicted",
        "promoters: open predicted",
        "dnase measured",
    ] {
        let is_there = said.iter().any(|text| text.starts_with(words));
        assert!(is_there, "{words}: {said:?}");
    }
    // A folder without has none of it, and neither have both in one figure.
    train_plain(&place, "plain");
    succeed(&place.tracks("plain", "other", &[]));
    let other = place.path("other");
    let both = [
        "plot",
        "pair",
        arg(&tracks),
        arg(&other),
        "--out",
        arg(&svg),
    ];
    succeed(&[&both[..], &["--device", "cpu"]].concat());
    let said = place.drawn("a.svg");
    let is_there = said.iter().any(|text| text.contains("predicted, ln"));
    assert!(!is_there, "{said:?}");
}

#[test]
fn an_ensemble_shows_how_far_its_members_disagree() {
    let place = place();
    learn(&place, "run", &["--ensemble", "2", "--epochs", "1"]);
    succeed(&place.tracks("run", "tracks", &[]));
    let made = json(&place.text("tracks/tracks.json"));
    let spread = &made["activity"][1]["spread"]["promoter"];
    assert_eq!(spread["file"], "promoter_activity_open.sd.bw");
    let most = spread["max"].as_f64().unwrap();
    assert!(most > 0.0 && most < 0.5f64.sqrt() + 1e-6, "{most}");
    let [tracks, hub] = ["tracks", "hub"].map(|name| place.path(name));
    let cell = format!("K562={}", arg(&tracks));
    succeed(&[
        "hub",
        "--out",
        arg(&hub),
        &cell,
        "--email",
        "me@example.org",
    ]);
    let said = succeed(&["hub", "check", arg(&hub)]);
    assert!(said.trim().ends_with("no errors, 0 warnings"), "{said}");
    let added = files(&hub).into_keys();
    let added: Vec<String> = added.filter(|name| name.contains("predicted_sd")).collect();
    assert_eq!(added.len(), 4, "{added:?}");
}
