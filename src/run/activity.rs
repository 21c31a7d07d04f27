//! The activity task of a run: what it learns from, and on which chromosomes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tracing::info;

use crate::error::{Error, Result};
use crate::genome::{ChromId, Chroms, Reference};
use crate::network::activity::{ActivityConfig, Examples, Kind, Readout, Scale, Source};
use crate::network::model::{ActivityForm, ModelConfig};
use crate::network::training::ActivityTask;
use crate::pairs::{PairTable, Part, Split};

/// An activity that a run learns beside its pairs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// What was measured.
    pub sources: Vec<Source>,
    /// The settings.
    #[serde(flatten)]
    pub config: ActivityConfig,
}

impl Activity {
    /// The layers that a network needs for it.
    pub fn form(&self) -> ActivityForm {
        ActivityForm {
            hidden: self.config.hidden,
            outputs: self.sources.len(),
        }
    }

    /// A source by its name, or the first, and its place among them.
    ///
    /// # Errors
    ///
    /// A name that none has.
    pub fn source(&self, name: Option<&str>) -> Result<(usize, &Source)> {
        let mut sources = self.sources.iter().enumerate();
        let found = sources.find(|(_, source)| name.is_none_or(|name| source.name == name));
        found.ok_or_else(|| {
            let known: Vec<&str> = self.sources.iter().map(|of| of.name.as_str()).collect();
            Error::Configuration(format!(
                "the run has learnt no activity {:?}: there are {}",
                name.unwrap_or_default(),
                known.join(", ")
            ))
        })
    }

    /// How what a network says of each source is read, with the scales of a training.
    pub(super) fn readouts(&self, scales: &[Scale]) -> Result<Vec<Readout>> {
        let readout = |(place, source): (usize, &Source)| {
            // Peaks need none.
            let scale = match (source.kind, scales.get(place)) {
                (_, Some(scale)) => *scale,
                (Kind::Peaks, None) => Scale::NONE,
                (Kind::Signal, None) => {
                    let problem = format!("the scale of {} is not known", source.name);
                    return Err(Error::Configuration(problem));
                }
            };
            Ok(Readout {
                kind: source.kind,
                scale,
            })
        };
        self.sources.iter().enumerate().map(readout).collect()
    }

    /// Checks that what was measured is there, and is what it was.
    ///
    /// # Errors
    ///
    /// A file that is lost, or other.
    pub(super) fn unchanged(&self) -> Result<()> {
        let mut sources = self.sources.iter();
        sources.try_for_each(|source| source.file.unchanged())
    }

    /// The windows of the task: those of a table's pairs, those around peaks, and others.
    ///
    /// # Errors
    ///
    /// Pairs that are not divided by whole chromosomes; see [`Examples::read`].
    pub(super) fn task(
        &self,
        (table, split): (&PairTable, &Split),
        model: &ModelConfig,
        seed: u64,
        reference: &mut Reference,
    ) -> Result<ActivityTask> {
        let parts = parts(table, split, reference.chroms())?;
        // A chromosome without pairs tells nothing of those that are held out.
        let part = |chrom: ChromId| parts.get(&chrom).copied().unwrap_or(Part::Train);
        let examples = Examples::read(
            &self.sources,
            &table.windows,
            &part,
            model.pooling().enhancer,
            self.config.windows,
            seed,
            reference,
        )?;
        let [train, validation, test] =
            [Part::Train, Part::Validation, Part::Test].map(|part| examples.len(part));
        info!("activity: {train} windows to learn from, {validation} to validate, {test} to test");
        Ok(ActivityTask {
            examples: Arc::new(examples),
            config: self.config.clone(),
        })
    }
}

/// The part that each chromosome with pairs belongs to.
///
/// # Errors
///
/// A chromosome of several parts.
fn parts(table: &PairTable, split: &Split, chroms: &Chroms) -> Result<BTreeMap<ChromId, Part>> {
    let mut parts = BTreeMap::new();
    for (place, pair) in table.pairs.iter().enumerate() {
        let part = split.part(place);
        // Of a pair between two parts each element lies in one of them.
        if part == Part::None {
            continue;
        }
        for element in pair.elements.into_iter() {
            let known = *parts.entry(element.chrom).or_insert(part);
            if known != part {
                return Err(Error::Configuration(format!(
                    "an activity is learnt on whole chromosomes, and {} has pairs of the {known} and of \
                     the {part} part: divide the pairs by chromosome (--split chromosome)",
                    chroms.name(element.chrom)
                )));
            }
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::provenance::Input;

    #[test]
    fn settings_are_one_table_with_the_sources() {
        let activity = Activity {
            sources: Vec::new(),
            config: ActivityConfig::default(),
        };
        let json = serde_json::to_value(&activity).unwrap();
        assert!(
            json["sources"].is_array() && json["epochs"].is_number(),
            "{json}"
        );
        assert_eq!(serde_json::from_value::<Activity>(json).unwrap(), activity);
    }

    #[test]
    fn a_source_is_found_by_its_name() {
        let source = |name: &str| Source {
            name: name.to_string(),
            kind: Kind::Peaks,
            file: Input {
                path: "nowhere".into(),
                sha256: String::new(),
            },
        };
        let activity = Activity {
            sources: vec![source("dnase"), source("h3k27ac")],
            config: ActivityConfig::default(),
        };
        let found = |name: Option<&str>| {
            let (place, source) = activity.source(name).unwrap();
            (place, source.name.as_str())
        };
        assert_eq!(found(None), (0, "dnase"));
        assert_eq!(found(Some("h3k27ac")), (1, "h3k27ac"));
        let said = activity.source(Some("H3K27ac")).unwrap_err().to_string();
        let wanted = "\"H3K27ac\": there are dnase, h3k27ac";
        assert!(said.contains(wanted), "{said}");
    }

    #[test]
    fn peaks_are_read_without_a_scale_and_signals_are_not() {
        let source = |name: &str, kind| Source {
            name: name.to_string(),
            kind,
            file: Input {
                path: "nowhere".into(),
                sha256: String::new(),
            },
        };
        let activity = Activity {
            sources: vec![source("peaks", Kind::Peaks), source("dnase", Kind::Signal)],
            config: ActivityConfig::default(),
        };
        let scales = [Scale::NONE, Scale { mean: 1.0, sd: 2.0 }];
        let read = activity.readouts(&scales).unwrap();
        assert_eq!([&read[0], &read[1]].map(|of| of.value(0.0)), [0.5, 1.0]);
        let said = activity.readouts(&[]).unwrap_err().to_string();
        assert!(said.contains("the scale of dnase"), "{said}");
        assert!(activity.unchanged().is_err());
    }
}
