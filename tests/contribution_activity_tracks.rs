//! Tracks of contributions to a predicted activity against a slow recomputation, of an ensemble.

use std::path::Path;

use epitrack::element::{Element, Sides};
use epitrack::genome::Chroms;
use epitrack::network::contribution::ActivityWindow;
use epitrack::network::device::ComputeDevice;
use epitrack::run::Run;

use super::activity_tracks::train_plain;
use super::contribution_tracks::{Said, agree, together};
use super::hub::block;
use super::support::{Workplace, arg, fail, files, succeed};

/// Settings of a small activity task.
pub const ACTIVITY: &str = "
[activity]
epochs = 1
windows = 300
hidden = 6
";

/// A place with a run of two networks that have learnt a signal and peaks.
fn place() -> Workplace {
    let place = Workplace::new();
    let settings = place.text("small.toml") + ACTIVITY;
    std::fs::write(place.path("small.toml"), settings).unwrap();
    let [signal, peaks] = ["bw", "narrowPeak"].map(|ending| {
        let file = place.path(&format!("sim/accessibility.{ending}"));
        format!("{ending}={}", arg(&file))
    });
    let learnt = ["--activity", &signal, "--activity-peaks", &peaks];
    let more = [&["--epochs", "2", "--ensemble", "2"], &learnt[..]];
    place.trained("run", &more.concat());
    place
}

/// The arguments that write the contributions of a run into the folder `out`.
fn contributions(place: &Workplace, run: &str, more: &[&str]) -> Vec<String> {
    let (run, out) = (place.path(run), place.path("out"));
    let arguments = ["contributions", arg(&run), "--out", arg(&out)];
    let arguments = arguments.iter().chain(&["--device", "cpu"]).chain(more);
    arguments.map(|text| text.to_string()).collect()
}

/// Every pair of a run of two networks, in the order of the table, each window by itself.
fn ask(run: &Run, source: usize) -> (Said, Chroms) {
    let (mut reference, _) = run.open_reference(None).unwrap();
    let chroms = Chroms::clone(reference.chroms());
    let table = run.read_table(None, &chroms).unwrap();
    let networks = run.predictors(&ComputeDevice::cpu()).unwrap();
    assert_eq!(networks.len(), 2);
    let bins = run.record.settings.model.bins();
    let mut said = Vec::new();
    for (pair, &windows) in table.pairs.iter().zip(&table.windows) {
        let of_side = |side| {
            let (window, element) = (*windows.get(side), *pair.elements.get(side));
            let codes = reference.codes(window).unwrap();
            let asked = ActivityWindow {
                codes: &codes,
                bins: bins.get(side).over(window, element),
            };
            let [one, other] = [&networks[0], &networks[1]].map(|network| {
                let asked = std::slice::from_ref(&asked);
                let found = network.activity_contributions(source, side, asked);
                found.unwrap()[0].of_bases(&codes)
            });
            together(&one, &other)
        };
        said.push((windows, Sides::from_fn(of_side)));
    }
    (said, chroms)
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_window_has_what_its_bases_add_to_the_activity_of_its_element() {
    let place = place();
    let hub = place.path("hub");
    let of = ["--of", "activity", "--source", "narrowPeak"];
    let more = ["--hypothetical", "--hub", arg(&hub)];
    succeed(&contributions(&place, "run", &[&of[..], &more].concat()));
    let (said, chroms) = ask(&Run::open(&place.path("run")).unwrap(), 1);
    agree(&place, &said, &chroms, "activity_contribution");
    assert!(!place.path("out/enhancer_contribution.bw").exists());
    sums_stand_beside_what_letters_would_add(&place, &said);

    let made = json(&place.text("out/tracks.json"));
    assert_eq!(made["contributions_of"], "narrowPeak");
    assert_eq!(made["contribution"]["activity"]["kind"], "peaks");
    let value = made["contribution"]["value"].as_str().unwrap();
    let unit = "a peak of narrowPeak, in natural logarithms";
    assert!(value.contains(unit), "{value}");

    browsers_show_letters(&place);
    is_in_the_hub(&hub);
}

fn sums_stand_beside_what_letters_would_add(place: &Workplace, said: &Said) {
    for element in Element::BOTH {
        let side = element.name();
        let sums = said.iter().map(|(_, bases)| {
            let means = bases.get(element).iter().map(|of| of[0]);
            means.sum::<f64>()
        });
        let sums: Vec<f64> = sums.collect();
        let rows = place.text(&format!("out/{side}.narrowPeak"));
        assert_eq!(rows.lines().count(), sums.len());
        let most = sums.iter().fold(0f64, |most, sum| most.max(sum.abs()));
        for row in rows.lines() {
            let sum: f64 = row.split('\t').nth(6).unwrap().parse().unwrap();
            let misses = sums.iter().map(|of| (of - sum).abs());
            assert!(misses.fold(f64::MAX, f64::min) <= 1e-3 * most, "{row}");
        }
        let letters = place.path(&format!("out/{side}.hypothetical.npz"));
        assert!(letters.exists());
    }
}

/// In a session and on a page.
fn browsers_show_letters(place: &Workplace) {
    let session = json(&place.text("out/igv_session.json"));
    let tracks = session["tracks"].as_array().unwrap().iter();
    let letters = tracks.filter(|track| track["graphType"] == "dynseq");
    let names = letters.map(|track| track["name"].as_str().unwrap());
    let wanted = ["enhancer", "promoter"].map(|side| format!("{side} activity contribution"));
    assert_eq!(names.collect::<Vec<_>>(), wanted);

    let (out, page) = (place.path("out"), place.path("page.html"));
    let view = ["view", arg(&out), "--out", arg(&page), "--top", "2"];
    succeed(&[&view[..], &["--device", "cpu"]].concat());
    let data = block(&place.text("page.html"), "data");
    let data = json(std::str::from_utf8(&data).unwrap());
    let contributions = &data["contributions"];
    assert_eq!(contributions["activity"], "narrowPeak");
    let stretches = contributions["tracks"]["enhancer"].as_array().unwrap();
    assert!(!stretches.is_empty());
}

fn is_in_the_hub(dir: &Path) {
    succeed(&["hub", "check", arg(dir)]);
    let hub = files(dir);
    let text = |ending: &str| {
        let file = hub.iter().find(|(name, _)| name.ends_with(ending));
        String::from_utf8(file.unwrap().1.clone()).unwrap()
    };
    let tracks = text("trackDb.txt");
    assert!(tracks.contains("track activity_contribution\n"), "{tracks}");
    assert!(tracks.contains("\nlogo on\n"), "{tracks}");
    assert!(!tracks.contains("track contribution\n"), "{tracks}");
    let page = text("/activity_contribution.html");
    assert!(page.contains("speaks for activity"), "{page}");
    assert!(page.contains("a peak of narrowPeak"), "{page}");
    let bigwig = "/enhancer_activity_contribution.bw";
    assert!(hub.keys().any(|name| name.ends_with(bigwig)));
}

#[test]
fn a_folder_holds_one_kind_of_contributions_and_the_first_activity_is_the_default() {
    let place = place();
    let of_activity = contributions(&place, "run", &["--of", "activity", "--aggregate", "mean"]);
    succeed(&of_activity);
    let made = json(&place.text("out/tracks.json"));
    assert_eq!(made["contributions_of"], "bw");
    assert_eq!(made["contribution"]["activity"]["kind"], "signal");
    // The same again.
    let before = files(&place.path("out"));
    std::fs::remove_dir_all(place.path("out")).unwrap();
    let one_thread = [&of_activity[..], &["--threads", "1"].map(str::to_string)].concat();
    succeed(&one_thread);
    let after = files(&place.path("out"));
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in &before {
        assert!(after[name] == *bytes, "{name}");
    }
    let is_there = |what: &str| {
        let files = ["enhancer", "promoter"].map(|side| format!("out/{side}_{what}.bw"));
        files.map(|file| place.path(&file).exists())
    };
    assert_eq!(is_there("activity_contribution"), [true; 2]);
    assert_eq!(is_there("activity_contribution_sd"), [true; 2]);
    succeed(&contributions(&place, "run", &[]));
    assert_eq!(is_there("activity_contribution"), [false; 2]);
    assert_eq!(is_there("activity_contribution_sd"), [false; 2]);
    assert_eq!(is_there("contribution"), [true; 2]);
    let made = place.text("out/tracks.json");
    assert!(!made.contains("contributions_of"), "{made}");
}

#[test]
fn what_cannot_be_explained_is_refused_with_what_to_do() {
    let place = place();
    train_plain(&place, "plain");
    let refused = |run: &str, more: &[&str]| fail(&contributions(&place, run, more));
    let said = refused("plain", &["--of", "activity"]);
    assert!(said.contains("train a run with --activity"), "{said}");
    let said = refused("run", &["--of", "activity", "--method", "ism"]);
    assert!(said.contains("by gradient alone"), "{said}");
    let said = refused("run", &["--of", "activity", "--sanity"]);
    assert!(said.contains("--of logit"), "{said}");
    let said = refused("run", &["--of", "activity", "--source", "atac"]);
    assert!(
        said.contains("\"atac\": there are bw, narrowPeak"),
        "{said}"
    );
    let said = refused("run", &["--source", "bw"]);
    assert!(said.contains("--of activity"), "{said}");
    assert!(!place.path("out").exists());
}
