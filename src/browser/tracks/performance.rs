//! How good the network behind a folder of tracks is, and which pairs it has not seen: without both,
//! what the tracks show is no finding.

use crate::evaluation::{Ablation, Metrics};
use crate::pairs::SplitRule;
use crate::run::Run;
use crate::statistics::Estimate;

/// What is said of a run that was not evaluated.
const UNKNOWN: &str = "not known: the run was not evaluated";
/// What is said of a run that is not where it was.
pub const LOST: &str = "not known: the run is not where it was";

/// How a run's pairs were divided and how good it is on the test part, for people: names and
/// descriptions.
pub fn rows(run: &Run) -> Vec<(String, String)> {
    let mut rows = vec![("Division of the pairs", division(run))];
    match run.report() {
        Ok(report) => {
            let test = &report.test;
            let pairs = format!("{} positive, {} negative", test.positives, test.negatives);
            let chance = test.positives as f64 / (test.positives + test.negatives) as f64;
            rows.extend([
                ("Test part", pairs),
                ("AUROC, test part", measure(test, test.auroc, 0.5)),
                ("AUPRC, test part", measure(test, test.auprc, chance)),
            ]);
            rows.extend(brier(test).map(|text| ("Brier score, test part", text)));
            let activities = report.activity.iter();
            rows.extend(activities.map(|of| ("Activity, test part, by bins", of.to_string())));
            let ablation = report.ablation.as_ref();
            rows.extend(ablation.map(|of| ("What the sequence adds, test part", added(of))));
        }
        Err(_) => rows.push(("AUROC, AUPRC", UNKNOWN.to_string())),
    }
    let owned = rows.into_iter();
    owned.map(|(name, text)| (name.to_string(), text)).collect()
}

/// The Brier scores of the probabilities that are shown, of calibrated ones and of the prevalence alone,
/// where they are known.
fn brier(test: &Metrics) -> Option<String> {
    let [calibrated, prevalence] =
        [&test.calibrated, &test.prevalence].map(|of| of.as_ref().map(|of| of.brier.value));
    Some(format!(
        "{:.3} as shown, {:.3} calibrated, {:.3} by the prevalence alone",
        test.brier.value, calibrated?, prevalence?
    ))
}

/// What the sequence adds to what is known of the pairs without it.
fn added(ablation: &Ablation) -> String {
    let measures = ablation
        .rows()
        .map(|(name, [_, auprc])| format!("{name} {auprc}"));
    format!("{}; AUPRC: {}", ablation.verdict(), measures.join(", "))
}

/// Why a run's tracks are no findings, where its last evaluation says so.
pub fn doubt(run: &Run) -> Option<String> {
    let ablation = run.report().ok()?.ablation?;
    (!ablation.adds()).then(|| ablation.verdict())
}

/// A measure with its interval, or why there is none.
fn measure(part: &Metrics, estimate: Estimate, chance: f64) -> String {
    let chance = format!("by chance {chance:.3}");
    match (estimate.interval(), part.support.doubt()) {
        (Some(_), _) => format!("{estimate}, 95 % interval; {chance}"),
        (None, Some(doubt)) => format!("{:.3} ({doubt}); {chance}", estimate.value),
        (None, None) => format!("{estimate}; {chance}"),
    }
}

fn division(run: &Run) -> String {
    let settings = &run.record.settings;
    let percent = format!("{:.0} %", 100.0 * settings.test_fraction);
    match &settings.split {
        SplitRule::Random => format!(
            "at random, {percent} for the test: enhancers and promoters of the test part stand in the \
             training too"
        ),
        SplitRule::Chromosome { test } if test.is_empty() => {
            format!("by whole chromosomes, so that near {percent} are for the test")
        }
        SplitRule::Chromosome { test } => {
            format!("by whole chromosomes, for the test {}", test.join(", "))
        }
        SplitRule::File { file } => {
            let name = file.path.file_name().unwrap_or_default();
            format!("as in {}", name.to_string_lossy())
        }
    }
}
