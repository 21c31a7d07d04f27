//! A run as an RO-Crate: what made it from what, for machines and repositories.
//!
//! RO-Crate 1.1 (<https://w3id.org/ro/crate/1.1>) in the profile "Process Run Crate" 0.5
//! (<https://w3id.org/ro/wfrun/process/0.5>).

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::Run;
use crate::error::{IoContext, Result};
use crate::genome::SequenceCollection;
use crate::output;
use crate::output::provenance::Input;

/// The file, which every crate has.
pub(super) const FILE: &str = "ro-crate-metadata.json";
const CRATE: &str = "https://w3id.org/ro/crate/1.1";
const PROFILE: &str = "https://w3id.org/ro/wfrun/process/0.5";
/// The terms of workflow runs, `sha256` among them.
const TERMS: &str = "https://w3id.org/ro/terms/workflow-run/context";

/// What stands for itself in a path of an address.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What files of a run are, by the end of their names.
const KINDS: [(&str, &str, &str); 10] = [
    (
        "run.json",
        "application/json",
        "Settings, inputs and outcome of the training",
    ),
    (
        "model.safetensors",
        "application/octet-stream",
        "Weights of the network",
    ),
    (
        "context.json",
        "application/json",
        "What is known of pairs beside their sequence, fitted",
    ),
    (
        "split.json",
        "application/json",
        "The chromosomes of each part",
    ),
    (
        "split.tsv",
        "text/tab-separated-values",
        "The part of each pair: train, validation or test",
    ),
    (
        "history.csv",
        "text/csv",
        "Losses and measures of each epoch",
    ),
    (
        "activity.csv",
        "text/csv",
        "How well activities were predicted after each epoch",
    ),
    (
        "metrics.json",
        "application/json",
        "How well the network predicts pairs that it was not trained on",
    ),
    (
        "predictions.tsv",
        "text/tab-separated-values",
        "Predictions of the pairs that it was not trained on",
    ),
    ("_mqc.json", "application/json", "For MultiQC"),
];

/// What is known of where a run comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The description that was written.
    pub path: PathBuf,
    /// GA4GH's digest of the reference's sequences and their names.
    pub sequences: String,
}

impl Run {
    /// Describes the run's folder as an RO-Crate, `ro-crate-metadata.json` in it. The reference is read
    /// as a whole for its digest.
    ///
    /// # Errors
    ///
    /// A reference that is not there any more; a folder that cannot be written to.
    pub fn describe(&self, reference: Option<&Path>) -> Result<Provenance> {
        let (_, reference) = self.open_reference(reference)?;
        let sequences = SequenceCollection::read(&reference.path)?.digest();
        let files = self.there()?;
        let record = self.dir.join(super::RECORD);
        let made = std::fs::metadata(&record).and_then(|file| file.modified());
        let made = timestamp(made.at(&record)?);
        let inputs = self.input_entities(&reference, &sequences);
        let settings = self.settings_entities();
        let results = references(&files);
        let objects = [references(&inputs), references(&settings)].concat();
        // Files that lie elsewhere are parts as well: whatever is a File must be reached from the root.
        let elsewhere = inputs.iter().filter(|input| input["@type"] == "File");
        let parts = [results.clone(), references(elsewhere)].concat();
        let name = self.name();
        let mut graph = vec![
            json!({"@id": FILE, "@type": "CreativeWork", "about": {"@id": "./"},
                "conformsTo": {"@id": CRATE}}),
            json!({"@id": "./", "@type": "Dataset", "name": format!("epitrack run {name}"),
                "description": "An EPIANN network, trained on enhancer-promoter pairs, and how it predicts",
                "datePublished": made, "license": "The licence of the data is that of the inputs",
                "conformsTo": {"@id": PROFILE}, "hasPart": parts, "mentions": {"@id": "#training"}}),
            json!({"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}),
            json!({"@id": "#epitrack", "@type": "SoftwareApplication", "name": "epitrack",
                "url": "https://github.com/epitrack/epitrack",
                "softwareVersion": self.record.outcome.version}),
            json!({"@id": "#training", "@type": "CreateAction", "name": format!("Training of {name}"),
                "description": format!("On {}", self.record.outcome.device), "endTime": made,
                "instrument": {"@id": "#epitrack"}, "object": objects, "result": results}),
        ];
        graph.extend(files);
        graph.extend(inputs);
        graph.extend(settings);
        let context = [format!("{CRATE}/context"), TERMS.to_owned()];
        let path = self.dir.join(FILE);
        output::write_json(&path, &json!({"@context": context, "@graph": graph}))?;
        Ok(Provenance { path, sequences })
    }

    /// The files of the folder, members' too.
    fn there(&self) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        let members = 2..=self.record.settings.ensemble;
        let folders = members.map(|member| format!("members/{member}/"));
        for folder in [String::new()].into_iter().chain(folders) {
            let dir = self.dir.join(&folder);
            let mut names = Vec::new();
            for entry in std::fs::read_dir(&dir).at(&dir)? {
                names.push(entry.at(&dir)?.file_name().to_string_lossy().into_owned());
            }
            names.sort_unstable();
            for name in names {
                let kind = KINDS.iter().find(|(end, ..)| name.ends_with(end));
                let Some((_, format, description)) = kind else {
                    continue;
                };
                let path = dir.join(&name);
                let size = std::fs::metadata(&path).at(&path)?.len();
                found.push(json!({
                    "@id": format!("{folder}{name}"),
                    "@type": "File",
                    "name": name,
                    "description": description,
                    "encodingFormat": format,
                    "contentSize": size.to_string(),
                    "sha256": Input::new(&path)?.sha256,
                }));
            }
        }
        Ok(found)
    }

    /// The inputs, which lie elsewhere.
    fn input_entities(&self, reference: &Input, sequences: &str) -> Vec<Value> {
        let entity = |(what, input): (&str, &Input)| {
            let name = input.path.file_name().unwrap_or_default().to_string_lossy();
            let path = input.path.to_string_lossy();
            json!({"@id": format!("file://{}", utf8_percent_encode(&path, PATH)), "@type": "File",
                "name": name, "description": what, "sha256": input.sha256})
        };
        let settings = &self.record.settings;
        let mut all = vec![
            ("The table of pairs", &settings.table.file),
            ("The reference sequence", reference),
        ];
        let motifs = settings.init_motifs.iter();
        all.extend(motifs.map(|file| ("Motifs that filters start as", file)));
        let weights = settings.init.iter();
        all.extend(weights.map(|file| ("Weights to start from", file)));
        let mut context = settings.context.clone();
        let context: Vec<&Input> = context
            .iter_mut()
            .flat_map(|of| of.inputs())
            .map(|of| &*of)
            .collect();
        all.extend(
            context
                .into_iter()
                .map(|file| ("The context of pairs", file)),
        );
        let activities = settings.activity.iter().flat_map(|of| &of.sources);
        all.extend(activities.map(|of| ("A measured activity", &of.file)));
        let others = settings.tables().skip(1);
        all.extend(others.map(|table| ("The table of pairs of a further cell line", &table.file)));
        // A file may be two things, as an assay that is learnt and known of pairs; its identifier is one.
        let mut seen = HashSet::new();
        all.retain(|(_, input)| seen.insert(&input.path));
        let mut entities: Vec<Value> = all.into_iter().map(entity).collect();
        entities[1]["identifier"] = json!({"@id": "#seqcol"});
        entities.push(
            json!({"@id": "#seqcol", "@type": "PropertyValue", "name": "GA4GH sequence collection",
            "propertyID": "https://ga4gh.github.io/refget/seqcols/", "value": sequences}),
        );
        entities
    }

    /// The settings that decide what a run computes.
    fn settings_entities(&self) -> Vec<Value> {
        let settings = &self.record.settings;
        let values = [
            ("seed", json!(settings.training.seed)),
            ("epochs", json!(settings.training.epochs)),
            ("filters", json!(settings.model.filters)),
            ("networks", json!(settings.ensemble)),
            ("device", json!(self.record.outcome.device.to_string())),
        ];
        let entity = |(name, value): &(&str, Value)| json!({"@id": format!("#{name}"), "@type": "PropertyValue", "name": name, "value": value});
        values.iter().map(entity).collect()
    }
}

/// Entities by their identifiers.
fn references<'a>(entities: impl IntoIterator<Item = &'a Value>) -> Vec<Value> {
    let reference = |entity: &Value| json!({"@id": entity["@id"]});
    entities.into_iter().map(reference).collect()
}

/// A time as ISO 8601 has it, in UTC, by the days of the proleptic Gregorian calendar
/// (Hinnant's `civil_from_days`, <https://howardhinnant.github.io/date_algorithms.html>).
fn timestamp(time: SystemTime) -> String {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let [hour, minute, second] = [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60];
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, wanted) in [
            (0, "1970-01-01T00:00:00+00:00"),
            (951_782_399, "2000-02-28T23:59:59+00:00"),
            (951_782_400, "2000-02-29T00:00:00+00:00"),
            (1_795_696_245, "2026-11-26T12:30:45+00:00"),
            (4_107_542_400, "2100-03-01T00:00:00+00:00"),
        ] {
            assert_eq!(timestamp(UNIX_EPOCH + Duration::from_secs(seconds)), wanted);
        }
    }
}
