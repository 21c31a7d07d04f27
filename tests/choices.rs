//! The names of what can be chosen, on the command line and in files.

use epitrack::analysis::compare_tracks::Measure;
use epitrack::analysis::knockout::Place;
use epitrack::attention::{Aggregate, Rank};
use epitrack::browser::tracks::Selection;
use epitrack::compare::MethodName;
use epitrack::enrichment::profile::Normalisation;
use epitrack::enrichment::tf_pairs::Combine;
use epitrack::network::contribution::{Explained, Method};
use epitrack::network::device::DeviceChoice;
use epitrack::network::model::AttentionForm;
use epitrack::pairs::Part;
use epitrack::pairs::folds::FoldRule;
use epitrack::pairs::make::{Matching, Negatives, TssFeature};
use epitrack::run::Preset;
use epitrack::text::choice::{Choice, parse};
use epitrack::tune::SearchMethod;
use serde::Serialize;

use super::support::{epitrack, succeed};

/// Checks that files call each value as a person does, and that each is found by its name.
fn check<T: Choice + Serialize + PartialEq + std::fmt::Debug>() {
    for &(choice, name, about) in T::ALL {
        assert_eq!(choice.name(), name);
        assert_eq!(parse::<T>(name), Ok(choice));
        let mut written = serde_json::to_value(choice).unwrap();
        if let Some(tag) = written.get_mut("rule") {
            written = tag.take();
        }
        assert_eq!(written, name);
        assert!(!about.is_empty() && !about.ends_with('.') && !about.contains("--"));
    }
}

#[test]
fn values_have_the_same_names_in_files_as_on_the_command_line() {
    check::<Aggregate>();
    check::<AttentionForm>();
    check::<Combine>();
    check::<Explained>();
    check::<FoldRule>();
    check::<Measure>();
    check::<Method>();
    check::<MethodName>();
    check::<Negatives>();
    check::<Normalisation>();
    check::<Part>();
    check::<Place>();
    check::<Preset>();
    check::<Rank>();
    check::<SearchMethod>();
    check::<Selection>();
    check::<TssFeature>();
    for &(device, name, _) in DeviceChoice::ALL {
        let json = serde_json::Value::from(name);
        assert_eq!(
            serde_json::from_value::<DeviceChoice>(json).unwrap(),
            device
        );
    }
}

#[test]
fn numbers_that_are_given_replace_those_of_a_rule_and_no_others() {
    let rule = parse::<Negatives>("matched").unwrap();
    let matched = |ratio, bins| Negatives::Matched(Matching { ratio, bins });
    assert_eq!(rule, matched(20, 5));
    let given = rule.with(Some(3), None);
    assert_eq!(given, matched(3, 5));
    let fixed = parse::<Negatives>("fixed-ratio").unwrap();
    assert_eq!(fixed, Negatives::FixedRatio { ratio: 4 });
    assert_eq!(fixed.with(None, Some(9)), fixed);
    assert_eq!(Negatives::All.with(Some(1), Some(1)), Negatives::All);
}

#[test]
fn the_help_tells_every_value_and_other_words_are_refused() {
    let help = succeed(&["train", "--help"]);
    assert!(help.contains("[default: chromosome]"), "{help}");
    assert!(help.contains("- chromosome: Whole chromosomes: what we recommend"));
    assert!(help.contains("- wgpu:"), "{help}");
    let help = succeed(&["compare", "--help"]);
    for (_, name, _) in MethodName::ALL {
        assert!(help.contains(&format!("- {name}:")), "{help}");
    }
    let output = epitrack()
        .args(["train", "--split", "nonsense"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("[possible values: chromosome, random]"),
        "{said}"
    );
}
