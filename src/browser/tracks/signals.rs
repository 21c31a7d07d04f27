//! The bigWigs of a folder: what is measured, of enhancers and of promoters.

use std::path::Path;

use super::request::TracksRequest;
use super::signal::Signal;
use super::summary::{HYPOTHETICAL, SANITY, SANITY_FIGURE, SEARCH, SITES, Track};
use crate::attention::Coverage;
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::figures;
use crate::genome::{Chroms, Region};
use crate::network::inference::Averaged;
use crate::network::model::ModelConfig;
use crate::output::{self, Partial};
use crate::run::Settings;

/// What a track measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measured {
    /// Marginal attention of each bin, times the number of bins.
    Attention,
    /// Its standard deviation over the members of an ensemble.
    AttentionSd,
    /// What each base adds to the logit, or to an activity.
    Contribution,
    /// Its standard deviation over the members.
    ContributionSd,
}

impl Measured {
    const ALL: [Self; 4] = [
        Self::Attention,
        Self::AttentionSd,
        Self::Contribution,
        Self::ContributionSd,
    ];

    /// The name of its bigWig, which says where contributions are to an activity.
    fn file(self, element: Element, of_activity: bool) -> String {
        let of = match self {
            Self::Contribution | Self::ContributionSd if of_activity => "activity_",
            _ => "",
        };
        let what = match self {
            Self::Attention => "attention",
            Self::AttentionSd => "attention_sd",
            Self::Contribution => "contribution",
            Self::ContributionSd => "contribution_sd",
        };
        format!("{}_{of}{what}.bw", element.name())
    }

    /// Where the cells of a window that have a value each begin, and where the last one ends.
    fn edges(self, model: &ModelConfig, element: Element) -> Vec<u32> {
        match self {
            Self::Attention | Self::AttentionSd => model.bins().get(element).edges(),
            Self::Contribution | Self::ContributionSd => {
                (0..=*model.lengths().get(element)).collect()
            }
        }
    }

    /// The values of the cells of a window.
    fn values(self, said: &Averaged, element: Element) -> impl Iterator<Item = f64> {
        let of = match self {
            Self::Attention => Some(&said.mean.marginal),
            Self::AttentionSd => said.sd.as_ref(),
            Self::Contribution => said.mean.contributions.as_ref(),
            Self::ContributionSd => said.contributions_sd.as_ref(),
        };
        let values: &[f32] = of.map_or(&[], |sides| sides.get(element));
        // Attention is a share of the window's: times the number of bins, 1 is no preference.
        let factor = match self {
            Self::Attention | Self::AttentionSd => values.len() as f64,
            Self::Contribution | Self::ContributionSd => 1.0,
        };
        values.iter().map(move |&value| f64::from(value) * factor)
    }
}

/// All bigWigs of a folder, which are written while pairs come.
pub struct Signals {
    attention: Sides<Signal>,
    attention_sd: Option<Sides<Signal>>,
    contribution: Option<Sides<Signal>>,
    contribution_sd: Option<Sides<Signal>>,
}

/// The tracks that were written.
pub struct Written {
    /// Of attention.
    pub attention: Sides<Track>,
    /// How far the members of an ensemble disagree about it.
    pub attention_sd: Option<Sides<Track>>,
    /// Of contributions.
    pub contribution: Option<Sides<Track>>,
    /// How far the members disagree about them.
    pub contribution_sd: Option<Sides<Track>>,
}

impl Signals {
    /// Begins the files.
    pub fn new(dir: &Path, chroms: &Chroms, request: &TracksRequest, settings: &Settings) -> Self {
        let of_activity = request.contributions_of.is_some();
        let begin = |measured: Measured| {
            Sides::from_fn(|element| {
                let edges = measured.edges(&settings.model, element);
                let coverage = Coverage::new(request.aggregate, edges);
                let file = measured.file(element, of_activity);
                Signal::new(dir, &file, chroms, coverage)
            })
        };
        let several = settings.ensemble > 1;
        let contributions = request.contributions.is_some();
        Self {
            attention: begin(Measured::Attention),
            attention_sd: several.then(|| begin(Measured::AttentionSd)),
            contribution: contributions.then(|| begin(Measured::Contribution)),
            contribution_sd: (contributions && several).then(|| begin(Measured::ContributionSd)),
        }
    }

    /// Adds a pair.
    pub fn add(&mut self, windows: Sides<Region>, said: &Averaged) {
        for (measured, signals) in self.each() {
            for (element, &window) in windows.iter() {
                let values = measured.values(said, element);
                let signal = signals.get_mut(element);
                signal.add(window, said.mean.probability, values);
            }
        }
    }

    /// Hands on what lies left of a place, left of which no window will begin any more.
    ///
    /// # Errors
    ///
    /// A file that could not be written.
    pub fn write_left_of(&mut self, mark: &Region) -> Result<()> {
        let mut signals = self.each().flat_map(|(_, signals)| both(signals));
        signals.try_for_each(|signal| signal.write_left_of(mark))
    }

    /// Nothing will come any more: the files' ends can be written.
    pub fn close(&mut self) {
        let signals = self.each().flat_map(|(_, signals)| both(signals));
        signals.for_each(Signal::close);
    }

    fn each(&mut self) -> impl Iterator<Item = (Measured, &mut Sides<Signal>)> {
        let all = [
            (Measured::Attention, Some(&mut self.attention)),
            (Measured::AttentionSd, self.attention_sd.as_mut()),
            (Measured::Contribution, self.contribution.as_mut()),
            (Measured::ContributionSd, self.contribution_sd.as_mut()),
        ];
        all.into_iter()
            .filter_map(|(measured, signals)| Some((measured, signals?)))
    }

    /// The complete files, to which the caller gives their names, and what they are.
    ///
    /// # Errors
    ///
    /// No value at all, a file that could not be written.
    pub fn finish(self) -> Result<(Vec<Partial>, Written)> {
        let mut files = Vec::new();
        let mut finish = |signals: Sides<Signal>| -> Result<Sides<Track>> {
            let finished = signals.map(Signal::finish).transpose()?;
            Ok(finished.map(|(file, track)| {
                files.push(file);
                track
            }))
        };
        let written = Written {
            attention: finish(self.attention)?,
            attention_sd: self.attention_sd.map(&mut finish).transpose()?,
            contribution: self.contribution.map(&mut finish).transpose()?,
            contribution_sd: self.contribution_sd.map(&mut finish).transpose()?,
        };
        Ok((files, written))
    }
}

fn both(Sides { enhancer, promoter }: &mut Sides<Signal>) -> [&mut Signal; 2] {
    [enhancer, promoter]
}

/// Removes from a folder what an earlier run of another kind or of other pairs has left: all but the
/// files of these names.
///
/// # Errors
///
/// A file that cannot be removed.
pub fn remove_others(dir: &Path, kept: &[&str]) -> Result<()> {
    let of_side = |element: Element| {
        let tracks = [false, true].into_iter().flat_map(move |of_activity| {
            Measured::ALL.map(|measured| measured.file(element, of_activity))
        });
        let letters = HYPOTHETICAL.map(|ending| format!("{}.{ending}", element.name()));
        tracks.chain(letters)
    };
    let files = Element::BOTH.into_iter().flat_map(of_side);
    let lists = [SITES].into_iter().chain(SANITY).chain(SEARCH);
    let files = files.chain(lists.map(str::to_string));
    let files = files.chain(figures::files(SANITY_FIGURE));
    let mut others = files.filter(|file| !kept.contains(&file.as_str()));
    others.try_for_each(|file| output::remove_if_there(&dir.join(file)))
}
