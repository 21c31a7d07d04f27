//! `tracks.json`: what the tracks of a folder are and what they were made from.

use std::path::Path;

use askama::Template;
use serde::{Deserialize, Serialize};

use super::request::Selection;
use super::track::{Contributed, Predicted, Track, upper_end};
use crate::attention::{Aggregate, Rank, TopCount};
use crate::browser::tracks::annotation::AnnotationMade;
use crate::element::colours::{ENHANCER, PROMOTER, Rgb};
use crate::element::{Element, Sides};
use crate::evaluation::Correction;
use crate::network::contribution::Method;
use crate::network::device::DeviceDescription;
use crate::network::model::ModelConfig;
use crate::output::provenance::Input;
use crate::run::ContextMade;
use crate::text::choice::Choice;

/// What tracks were made from, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// The network's weights.
    pub weights: Input,
    /// What makes the calibrated probabilities; none of a run without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// The table of pairs.
    pub pairs: Input,
    /// The reference sequence.
    pub reference: Input,
    /// Which pairs were selected.
    pub selection: Selection,
    /// How many of them, if not all: the most probable ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_probable: Option<usize>,
    /// The names of the pairs, if not all were taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<String>,
    /// How the pairs over a base become one value.
    pub aggregate: Aggregate,
    /// How contributions were computed, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contributions: Option<Method>,
    /// The activity that they are of, by its name; of the logit, if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contributions_of: Option<String>,
    /// What top regions have most of.
    #[serde(default, skip_serializing_if = "Rank::is_attention")]
    pub rank: Rank,
    /// How many top regions each window has.
    #[serde(default)]
    pub top_regions: TopCount,
    /// What the top regions are annotated with.
    #[serde(flatten)]
    pub annotation: AnnotationMade,
    /// What is known of the pairs beside their sequence; none of a run without a context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextMade>,
}

/// What the tracks of a folder are and what they were made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TracksSummary {
    /// The version of epitrack.
    pub version: String,
    /// Inputs and choices.
    #[serde(flatten)]
    pub made: Made,
    /// The assembly, where the reference's chromosomes have the lengths of a known one.
    pub genome: Option<String>,
    /// The network.
    pub model: ModelConfig,
    /// Where the network ran.
    pub device: DeviceDescription,
    /// The seed of the training.
    pub seed: u64,
    /// The networks that were averaged; 1 is a single one.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub ensemble: usize,
    /// The run's threshold, for [`Selection::Predicted`].
    pub threshold: f64,
    /// What a value of the tracks means.
    pub value: String,
    /// Pairs that went through the network.
    pub pairs_run: usize,
    /// Those of them that the files show.
    pub pairs_shown: usize,
    /// Those of them whose gene the table names.
    #[serde(default, skip_serializing_if = "is_none")]
    pub genes: usize,
    /// The enhancers' and the promoters' track.
    #[serde(flatten)]
    pub tracks: Sides<Track>,
    /// How far the members of an ensemble disagree: the standard deviation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Sides<Track>>,
    /// Those of contributions, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contribution: Option<Contributed>,
    /// Those of the activities that the network has learnt, in the order of the run's sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<Predicted>,
}

impl Made {
    /// What is said of the top regions, where they are other than usual.
    fn regions(&self) -> Option<(String, String)> {
        let Self {
            rank, top_regions, ..
        } = self;
        let is_usual = *top_regions == TopCount::default();
        let count = (!is_usual).then(|| format!("{} of each window", top_regions.0));
        let by = (!rank.is_attention()).then(|| format!("by {}", rank.name()));
        let said: Vec<String> = count.into_iter().chain(by).collect();
        (!said.is_empty()).then(|| ("Top regions".to_string(), said.join(", ")))
    }
}

fn one() -> usize {
    1
}

fn is_none(number: &usize) -> bool {
    *number == 0
}

fn is_one(number: &usize) -> bool {
    *number == 1
}

/// A file, for people.
fn described(input: &Input) -> String {
    let name = input.path.file_name().unwrap_or_default().to_string_lossy();
    format!("{name}, SHA-256 {}", input.sha256)
}

/// The files of a context, for people; without any the scalars of the pairs' places.
fn in_words(of: &ContextMade) -> String {
    let mut source = of.source.clone();
    let files: Vec<String> = source.inputs().map(|file| described(file)).collect();
    match files.is_empty() {
        true => "distances and counts of the table's pairs".to_string(),
        false => files.join("; "),
    }
}

/// The files that are lists; the bigWigs are named after their element.
const FILES: [&str; 9] = [
    "top_regions.bed",
    "top_regions.bb",
    "merged_regions.bed",
    "merged_regions.bb",
    "pairs.bedpe",
    "pairs.interact",
    "pairs.bb",
    "pairs.longrange",
    "predictions.tsv",
];

/// The index of the arcs' genes for UCSC's browser, where any is known.
pub const SEARCH: [&str; 2] = ["pairs.ix", "pairs.ixx"];

/// The motif sites in top regions, where they were looked for.
pub const SITES: &str = "top_region_sites.tsv";

/// What other programs find motifs in, of each side and the pairs that are shown, where it was asked
/// for: what the names end in behind `SIDE.`.
pub const HYPOTHETICAL: [&str; 3] = ["sequences.npz", "hypothetical.npz", "narrowPeak"];

/// Whether the maps show what was learnt, where that was asked for: table and summary.
pub const SANITY: [&str; 2] = ["sanity.tsv", "sanity.json"];
/// The name of the figure of the same.
pub const SANITY_FIGURE: &str = "sanity";

/// The file's name.
pub const FILE: &str = "tracks.json";
/// The name of the file of [`TracksSummary::track_lines`].
pub const TRACK_LINES_FILE: &str = "track_lines.txt";

/// How UCSC's custom tracks are told about the files
/// (<https://genome.ucsc.edu/goldenPath/help/bigWig.html>).
#[derive(Template)]
#[template(path = "track_lines.txt", config = "assets/askama.toml")]
struct TrackLines<'a> {
    aggregate: &'static str,
    enhancer: Rgb,
    promoter: Rgb,
    /// The upper end of their scale.
    upper: f64,
    activity: Vec<ActivityLine<'a>>,
}

/// The same of a track of an activity.
struct ActivityLine<'a> {
    name: String,
    colour: Rgb,
    upper: f64,
    file: &'a str,
}

impl TracksSummary {
    /// The summary of a folder, if it holds one.
    pub fn read(dir: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(dir.join(FILE)).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// The names of the files that every folder holds, beside the summary itself and the sessions.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let sites = self.made.annotation.motifs.is_some().then_some(SITES);
        let search = (self.genes > 0).then_some(SEARCH).into_iter().flatten();
        let lists = FILES.into_iter().chain(sites).chain(search);
        let lists = lists.chain([TRACK_LINES_FILE]);
        let tracks = self.signals().map(|(_, track)| track.file.as_str());
        tracks.chain(lists)
    }

    /// The bigWigs, each with the element that it is of: attention first.
    pub fn signals(&self) -> impl Iterator<Item = (Element, &Track)> {
        let contributed = self.contribution.iter();
        let contributed = contributed.flat_map(|of| std::iter::once(&of.tracks).chain(&of.spread));
        let tracks = std::iter::once(&self.tracks).chain(&self.spread);
        let activity = self.activity.iter();
        let activity = activity.flat_map(|of| std::iter::once(&of.tracks).chain(&of.spread));
        let tracks = tracks.chain(contributed).chain(activity);
        tracks.flat_map(|of| of.iter())
    }

    /// What the tracks were made from, for people: names and descriptions.
    pub fn provenance(&self) -> Vec<(String, String)> {
        let selection = match self.made.selection {
            Selection::All => "all",
            Selection::Positive => "label 1",
            Selection::Predicted => "predicted to interact",
        };
        let selected = format!(
            "{selection}: {} of {} pairs",
            self.pairs_shown, self.pairs_run
        );
        let model = &self.model;
        let network = format!(
            "windows of {} and {} bases, {} filters of {} bases, pooled by {}",
            model.enhancer_length,
            model.promoter_length,
            model.filters,
            model.filter_width,
            model.pool_width
        );
        let rows = [
            ("Network", described(&self.made.weights)),
            ("Pairs", described(&self.made.pairs)),
            ("Reference", described(&self.made.reference)),
            ("Selection", selected),
            ("Overlapping windows", self.made.aggregate.to_string()),
            ("Model", network),
            ("Threshold", format!("{:.3}", self.threshold)),
            ("Seed", self.seed.to_string()),
            ("Device", self.device.to_string()),
            ("epitrack", self.version.clone()),
        ]
        .map(|(name, text)| (name.to_string(), text));
        let ensemble = match self.ensemble {
            1 => None,
            members => Some(("Ensemble".to_string(), format!("{members} networks"))),
        };
        let contributions = self.contribution.as_ref();
        let contributions = contributions.map(|of| {
            let method = of.method.name();
            let said = match &of.activity {
                None => method.to_string(),
                Some(activity) => format!("{method}, to the activity {}", activity.source),
            };
            ("Contributions".to_string(), said)
        });
        let learnt: Vec<&str> = self.activity.iter().map(|of| of.source.as_str()).collect();
        let learnt = (!learnt.is_empty()).then(|| ("Activities".to_string(), learnt.join(", ")));
        let context = self.made.context.as_ref();
        let context = context.map(|of| ("Context".to_string(), in_words(of)));
        rows.into_iter()
            .chain(context)
            .chain([self.calibrated()])
            .chain(ensemble)
            .chain(contributions)
            .chain(learnt)
            .chain(self.made.regions())
            .collect()
    }

    /// What is said of the calibrated probabilities, beside those that are shown.
    fn calibrated(&self) -> (String, String) {
        let said = match &self.made.correction {
            Some(correction) => format!(
                "column calibrated of predictions.tsv, where the threshold is {:.3}: {correction}. \
                 Elsewhere probabilities are the network's own, at the prevalence of its training batches",
                correction.of_probability(self.threshold)
            ),
            None => "not known: the run has no correction".to_string(),
        };
        ("Calibrated probability".to_string(), said)
    }

    fn activity_lines(&self) -> impl Iterator<Item = ActivityLine<'_>> {
        self.activity.iter().flat_map(|of| {
            let tracks = of.tracks.iter();
            tracks.map(move |(element, track)| ActivityLine {
                name: of.name(element),
                colour: Rgb::of(element),
                upper: of.upper(),
                file: &track.file,
            })
        })
    }

    /// The tracks' descriptions for UCSC's custom tracks, which state the aggregation rule.
    pub fn track_lines(&self) -> String {
        let lines = TrackLines {
            aggregate: match self.made.aggregate {
                Aggregate::Max => "largest value",
                Aggregate::Mean => "mean",
                Aggregate::Weighted => "mean weighted by probability",
            },
            enhancer: ENHANCER,
            promoter: PROMOTER,
            upper: upper_end(&self.tracks),
            activity: self.activity_lines().collect(),
        };
        // askama leaves out the end of a template's last line.
        format!("{lines}\n")
    }
}
