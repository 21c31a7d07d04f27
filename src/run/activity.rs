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
use crate::pairs::{Pair, PairTable, Part, Split, SplitRule};

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

    /// The windows of the task: those of a table's pairs, those around peaks, and others. The rule is that by
    /// which the pairs were divided.
    ///
    /// # Errors
    ///
    /// Pairs that are not divided by whole chromosomes, a rule whose file cannot be read; see
    /// [`Examples::read`].
    pub(super) fn task(
        &self,
        (table, split, rule): (&PairTable, &Split, &SplitRule),
        model: &ModelConfig,
        seed: u64,
        reference: &mut Reference,
    ) -> Result<ActivityTask> {
        let named = rule.chromosomes(reference.chroms())?;
        let parts = parts((table.pairs.as_slice(), split), named, reference.chroms())?;
        // A chromosome without pairs that nobody holds out tells nothing of those that are held out.
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

/// The part that each chromosome belongs to of which pairs, or the rule that divided them, say one: `named` are
/// the rule's. One whose pairs were all left out is of none.
///
/// # Errors
///
/// A chromosome of several parts.
pub(super) fn parts(
    (pairs, split): (&[Pair], &Split),
    named: BTreeMap<ChromId, Part>,
    chroms: &Chroms,
) -> Result<BTreeMap<ChromId, Part>> {
    let mut parts = BTreeMap::new();
    for (place, pair) in pairs.iter().enumerate() {
        let part = split.part(place);
        // Of a pair between two parts each element lies in one of them.
        if part == Part::None {
            continue;
        }
        for chrom in pair.chroms() {
            let known = *parts.entry(chrom).or_insert(part);
            if known != part {
                return Err(Error::Configuration(format!(
                    "an activity is learnt on whole chromosomes, and {} has pairs of the {known} and of \
                     the {part} part: divide the pairs by chromosome (--split chromosome)",
                    chroms.name(chrom)
                )));
            }
        }
    }
    for (chrom, part) in named {
        parts.entry(chrom).or_insert(part);
    }
    for chrom in pairs.iter().flat_map(Pair::chroms) {
        parts.entry(chrom).or_insert(Part::None);
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Sides;
    use crate::genome::Region;
    use crate::output::provenance::Input;

    /// Pairs on eight chromosomes, of both classes by turns.
    fn pairs(on: &[(u32, u32)]) -> (Vec<Pair>, Chroms) {
        let chroms = Chroms::new((1..=8).map(|of| (format!("chr{of}"), 1_000_000))).unwrap();
        let pair = |(line, &(enhancer, promoter)): (u32, &(u32, u32))| {
            let region = |chrom: u32, start: u32| Region {
                chrom: ChromId(chrom - 1),
                start,
                end: start + 100,
            };
            Pair {
                elements: Sides::new(
                    region(enhancer, 1000 * line),
                    region(promoter, 1000 * line + 500),
                ),
                label: Some(line.is_multiple_of(2)),
                line: line + 2,
                gene: None,
            }
        };
        ((0..).zip(on).map(pair).collect(), chroms)
    }

    fn divided(rule: &SplitRule, on: &[(u32, u32)]) -> BTreeMap<ChromId, Part> {
        let (pairs, chroms) = pairs(on);
        let split = Split::new(rule, &pairs, &chroms, (0.2, 0.3), 7).unwrap();
        let named = rule.chromosomes(&chroms).unwrap();
        parts((pairs.as_slice(), &split), named, &chroms).unwrap()
    }

    fn part(parts: &BTreeMap<ChromId, Part>, chrom: u32) -> Option<Part> {
        parts.get(&ChromId(chrom - 1)).copied()
    }

    #[test]
    fn a_chromosome_that_is_named_for_a_part_has_it_without_pairs_too() {
        let on = [(1, 1), (1, 1), (2, 2), (2, 2), (3, 3), (3, 3)];
        let rule = SplitRule::Chromosome {
            test: ["chr3", "chr8"].map(str::to_string).to_vec(),
        };
        let found = divided(&rule, &on);
        assert_eq!([3, 8].map(|of| part(&found, of)), [Some(Part::Test); 2]);
        assert_eq!(part(&found, 7), None);

        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("fold_0.json");
        let text = "{\"train\": [\"chr1\"], \"valid\": [\"chr2\", \"chr5\"], \
                    \"test\": [\"chr3\", \"chr8\", \"chrX\"]}";
        std::fs::write(&file, text).unwrap();
        let rule = |file: &std::path::Path| SplitRule::File {
            file: Input::new(file).unwrap(),
        };
        let found = divided(&rule(&file), &on);
        let wanted = [
            Part::Train,
            Part::Validation,
            Part::Test,
            Part::Validation,
            Part::Test,
        ];
        assert_eq!([1, 2, 3, 5, 8].map(|of| part(&found, of)), wanted.map(Some));

        // The division of a table with pairs on one chromosome more.
        let (pairs, chroms) = pairs(&[&on[..], &[(4, 4), (4, 4)]].concat());
        let test = ["chr3", "chr4"].map(str::to_string).to_vec();
        let more = SplitRule::Chromosome { test };
        let split = Split::new(&more, &pairs, &chroms, (0.2, 0.3), 7).unwrap();
        let file = dir.path().join("split.tsv");
        split.write(&file, &pairs, &chroms).unwrap();
        assert_eq!(part(&divided(&rule(&file), &on), 4), Some(Part::Test));
    }

    #[test]
    fn nothing_is_learnt_of_chromosomes_whose_pairs_were_all_left_out() {
        let on = [
            (1, 1),
            (1, 1),
            (2, 2),
            (2, 2),
            (3, 3),
            (3, 3),
            (3, 4),
            (1, 3),
        ];
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("split.tsv");
        let (pairs, chroms) = pairs(&on);
        let rule = SplitRule::Chromosome {
            test: vec!["chr3".to_string()],
        };
        // The third chromosome is of the test part, and of what lies on the fourth nobody knows.
        let split = Split::new(&rule, &pairs, &chroms, (0.2, 0.3), 7).unwrap();
        assert_eq!([6, 7].map(|place| split.part(place)), [Part::None; 2]);
        split.write(&file, &pairs, &chroms).unwrap();
        let written = SplitRule::File {
            file: Input::new(&file).unwrap(),
        };
        for rule in [&rule, &written] {
            let found = divided(rule, &on);
            assert_eq!(part(&found, 3), Some(Part::Test));
            assert_eq!(part(&found, 4), Some(Part::None));
        }
    }

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
