//! What `train` does with activities: what it refuses before anything is lost, and what it starts from.

use epitrack::network::model::Weights;

use super::activity_tracks::{activities, learn, place, train_plain};
use super::support::{Workplace, arg, fail, files};

/// What is said of a training that must be refused.
fn refused(place: &Workplace, out: &str, more: &[&str]) -> String {
    let mut arguments = place.train(out);
    arguments.extend(more.iter().map(|more| more.to_string()));
    fail(&arguments)
}

#[test]
fn a_run_stays_where_the_activity_that_is_to_replace_it_cannot_be_learnt() {
    let place = place();
    train_plain(&place, "run");
    let before = files(&place.path("run"));
    let peaks = place.text("sim/peaks.bed");
    // Of one chromosome only: no part but one has a peak.
    std::fs::write(place.path("one.bed"), peaks.lines().next().unwrap()).unwrap();
    let one = format!("one={}", arg(&place.path("one.bed")));
    let said = refused(&place, "run", &["--fresh", "--activity-peaks", &one]);
    assert!(said.contains("no peak of activity"), "{said}");
    assert!(files(&place.path("run")) == before);

    let activities = activities(&place);
    let activities = activities.each_ref().map(String::as_str);
    let random = [&activities[..], &["--split", "random", "--fresh"]].concat();
    let said = refused(&place, "run", &random);
    assert!(
        said.contains("whole chromosomes") && said.contains("(--split chromosome)"),
        "{said}"
    );
    let taken = format!("contribution={}", arg(&place.path("dnase.bw")));
    let taken = [&activities[2..], &["--activity", &taken, "--fresh"]].concat();
    let said = refused(&place, "run", &taken);
    assert!(said.contains("would have the names"), "{said}");
    // Settings that would do nothing.
    let said = refused(&place, "run", &["--fresh"]);
    assert!(
        said.contains("[activity] of the file is of no use"),
        "{said}"
    );
    assert!(files(&place.path("run")) == before);
}

#[test]
fn a_run_that_is_replaced_leaves_nothing_of_its_activities() {
    let place = place();
    learn(&place, "run", &["--ensemble", "2", "--epochs", "1"]);
    assert!(place.path("run/members/2/activity.csv").exists());
    learn(&place, "run", &["--epochs", "1", "--fresh"]);
    assert!(place.path("run/activity.csv").exists());
    assert!(!place.path("run/members").exists());
}

#[test]
fn a_run_starts_from_weights_with_or_without_the_task() {
    let place = place();
    train_plain(&place, "plain");
    let read = |run: &str| {
        let path = place.path(&format!("{run}/model.safetensors"));
        Weights::read(&path).unwrap().0
    };
    let names = |weights: &Weights| -> Vec<String> {
        let all = weights.iter().map(|(name, ..)| name.to_string());
        all.collect()
    };
    // Steps so small that weights stay as they were.
    let from = |run: &str| place.path(&format!("{run}/model.safetensors"));
    let still = ["--learning-rate", "1e-12", "--epochs", "1", "--init"];
    let plain = from("plain");
    learn(&place, "with", &[&still[..], &[arg(&plain)]].concat());
    let (plain, with) = (read("plain"), read("with"));
    for (name, _, values) in plain.iter() {
        let learnt = with.values(name);
        assert_eq!(learnt.len(), values.len(), "{name}");
        for (a, b) in values.iter().zip(learnt) {
            assert!((a - b).abs() < 1e-6, "{name}");
        }
    }
    let layers = with.under("activity");
    assert!(layers.iter().count() > 0);
    let first = layers.values("projection.weight");
    assert!(first.iter().any(|of| of.abs() > 1e-3), "{first:?}");

    // And back: what the pairs do not need goes.
    std::fs::copy(from("with"), place.path("with.safetensors")).unwrap();
    let settings = place.text("small.toml");
    let (settings, _) = settings.split_once("[activity]").unwrap();
    std::fs::write(place.path("small.toml"), settings).unwrap();
    let with = place.path("with.safetensors");
    place.trained("back", &[&still[..], &[arg(&with)]].concat());
    assert_eq!(names(&read("back")), names(&plain));
}
