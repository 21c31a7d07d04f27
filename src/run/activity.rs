//! The activity task of a run: what it learns from, and on which chromosomes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tracing::info;

use crate::error::{Error, Result};
use crate::genome::{ChromId, Chroms, Reference};
use crate::network::activity::{ActivityConfig, Examples, Source};
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
}
