//! What differs between what a folder was made from and what is asked for now.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

/// Digits of a checksum that tell two files apart.
const DIGITS: usize = 12;
/// What stands where nothing was set.
const NOTHING: &str = "nothing";
/// What stands for what was set and needs no value.
const GIVEN: &str = "given";

/// A setting, or the content of an input, that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its name in `run.json`, with dots between what lies in each other: `training.seed`.
    pub name: String,
    /// What it was.
    pub before: String,
    /// What is asked for.
    pub now: String,
}

impl Difference {
    /// All between two values in JSON, by name; none where a text is no JSON.
    pub fn between(before: &str, now: &str) -> Vec<Self> {
        let parsed = [before, now].map(|text| serde_json::from_str::<Value>(text).ok());
        let [Some(before), Some(now)] = parsed.map(|value| value.map(|value| leaves(&value)))
        else {
            return Vec::new();
        };
        let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        let said = |values: &BTreeMap<String, String>, name: &str| {
            let value = values.get(name).map_or(NOTHING, String::as_str);
            value.to_string()
        };
        let difference = |name: &String| {
            let (before, now) = (said(&before, name), said(&now, name));
            let name = name.clone();
            (before != now).then_some(Self { name, before, now })
        };
        names.into_iter().filter_map(difference).collect()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, before, now } = self;
        write!(f, "{name}: {before} before, {now} now")
    }
}

/// Differences as the end of a message, one on each line.
pub(super) fn lines(differences: &[Difference]) -> String {
    let line = |difference: &Difference| format!("\n  {difference}");
    differences.iter().map(line).collect()
}

/// The values that hold no others, by their names.
fn leaves(value: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect("", value, &mut found);
    found
}

fn collect(name: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        // What is not set, or nowhere, is what is not there.
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        Value::Object(fields) if fields.is_empty() && !name.is_empty() => {
            found.insert(name.to_string(), GIVEN.to_string());
        }
        Value::Object(fields) => {
            for (field, value) in fields {
                let inner = match name {
                    "" => field.clone(),
                    _ => format!("{name}.{field}"),
                };
                collect(&inner, value, found);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (number, item) in (1..).zip(items) {
                collect(&format!("{name}.{number}"), item, found);
            }
        }
        Value::String(text) => {
            let is_sum = name.ends_with("sha256");
            let text: String = match is_sum {
                true => text.chars().take(DIGITS).collect(),
                false => text.clone(),
            };
            found.insert(name.to_string(), text);
        }
        value => {
            found.insert(name.to_string(), value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(before: &str, now: &str) -> Vec<String> {
        let all = Difference::between(before, now);
        all.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_setting_that_differs_is_told_once_by_its_name() {
        let before = r#"{"training": {"seed": 1, "epochs": 4}, "split": "random", "device": "cpu",
            "table": {"file": {"path": "", "sha256": "0123456789abcdef"}}, "init": null}"#;
        let now = r#"{"training": {"seed": 9, "epochs": 4}, "split": {"chromosome": {"test": ["chr1"]}},
            "device": "cpu", "table": {"file": {"path": "", "sha256": "fedcba9876543210"}},
            "init": {"path": "", "sha256": "00112233445566"}, "ensemble": 3}"#;
        let wanted = [
            "ensemble: nothing before, 3 now",
            "init.sha256: nothing before, 001122334455 now",
            "split: random before, nothing now",
            r#"split.chromosome.test: nothing before, ["chr1"] now"#,
            "table.file.sha256: 0123456789ab before, fedcba987654 now",
            "training.seed: 1 before, 9 now",
        ];
        assert_eq!(said(before, now), wanted);
        assert!(said(before, before).is_empty());
    }

    #[test]
    fn files_of_a_list_are_told_by_their_number_and_other_lists_as_a_whole() {
        let of = |sums: [&str; 2], hidden: u8| {
            let [one, two] = sums.map(|sum| format!(r#"{{"sha256": "{sum}"}}"#));
            format!(r#"{{"init_motifs": [{one}, {two}], "hidden": [{hidden}, 3]}}"#)
        };
        let found = said(&of(["aa", "bb"], 1), &of(["aa", "cc"], 2));
        let wanted = [
            "hidden: [1,3] before, [2,3] now",
            "init_motifs.2.sha256: bb before, cc now",
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn what_is_set_without_a_value_is_told() {
        let found = said(r#"{"context": {}}"#, r#"{"context": null}"#);
        assert_eq!(found, ["context: given before, nothing now"]);
    }

    #[test]
    fn what_is_no_json_has_no_names() {
        assert!(said("Job { fold: 1 } {}", "{}").is_empty());
    }
}
