//! The bigWigs of a folder: what is measured, of enhancers and of promoters.

use std::path::Path;

use super::request::TracksRequest;
use super::signal::Signal;
use super::summary::{HYPOTHETICAL, SANITY, SANITY_FIGURE, SEARCH, SITES};
use super::track::Track;
use crate::attention::Coverage;
use crate::element::{Element, Sides};
use crate::error::{IoContext, Result};
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
    /// What is predicted of an activity in each bin.
    Activity(Place),
    /// Its standard deviation over the members.
    ActivitySd(Place),
}

/// An activity among those that the network has learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// From 0.
    source: usize,
    /// How many there are.
    of: usize,
}

/// What the names of all but activities' bigWigs end in, behind the element.
const ENDINGS: [&str; 4] = [
    "attention.bw",
    "attention_sd.bw",
    "contribution.bw",
    "contribution_sd.bw",
];
/// What stands before the endings of contributions that are to an activity.
const OF_ACTIVITY: &str = "activity_";
/// What the names of activities' bigWigs begin with, behind the element.
const ACTIVITY: &str = "activity";

/// The name of a bigWig of an activity, behind the element: of several each has its name. A dot stands in no
/// such name.
fn activity_ending(place: Place, settings: &Settings, is_sd: bool) -> String {
    let sources = settings.activity.iter().flat_map(|of| &of.sources);
    let named = sources.skip(place.source).take(usize::from(place.of > 1));
    let name: String = named.map(|source| format!("_{}", source.name)).collect();
    let sd = if is_sd { ".sd" } else { "" };
    format!("{ACTIVITY}{name}{sd}.bw")
}

impl Measured {
    /// The name of its bigWig, which says where contributions are to an activity.
    fn file(self, element: Element, of_activity: bool, settings: &Settings) -> String {
        let of = if of_activity { OF_ACTIVITY } else { "" };
        let ending = match self {
            Self::Attention => ENDINGS[0].to_string(),
            Self::AttentionSd => ENDINGS[1].to_string(),
            Self::Contribution => format!("{of}{}", ENDINGS[2]),
            Self::ContributionSd => format!("{of}{}", ENDINGS[3]),
            Self::Activity(place) => activity_ending(place, settings, false),
            Self::ActivitySd(place) => activity_ending(place, settings, true),
        };
        format!("{}_{ending}", element.name())
    }

    /// Where the cells of a window that have a value each begin, and where the last one ends.
    fn edges(self, model: &ModelConfig, element: Element) -> Vec<u32> {
        match self {
            Self::Contribution | Self::ContributionSd => {
                (0..=*model.lengths().get(element)).collect()
            }
            _ => model.bins().get(element).edges(),
        }
    }

    /// The values of the cells of a window.
    fn values(self, said: &Averaged, element: Element) -> impl Iterator<Item = f64> {
        let of = match self {
            Self::Attention => Some(&said.mean.marginal),
            Self::AttentionSd => said.sd.as_ref(),
            Self::Contribution => said.mean.contributions.as_ref(),
            Self::ContributionSd => said.contributions_sd.as_ref(),
            Self::Activity(_) => said.mean.activity.as_ref(),
            Self::ActivitySd(_) => said.activity_sd.as_ref(),
        };
        let values: &[f32] = of.map_or(&[], |sides| sides.get(element));
        let (first, step, factor, least) = match self {
            // A share of the window's: times the number of bins, 1 is no preference.
            Self::Attention | Self::AttentionSd => (0, 1, values.len() as f64, f64::MIN),
            Self::Contribution | Self::ContributionSd => (0, 1, 1.0, f64::MIN),
            // No signal lies below 0, though what is predicted of it may.
            Self::Activity(Place { source, of }) | Self::ActivitySd(Place { source, of }) => {
                (source, of, 1.0, 0.0)
            }
        };
        let values = values.iter().skip(first).step_by(step);
        values.map(move |&value| f64::max(f64::from(value) * factor, least))
    }
}

/// All bigWigs of a folder, which are written while pairs come.
pub struct Signals {
    attention: Sides<Signal>,
    attention_sd: Option<Sides<Signal>>,
    contribution: Option<Sides<Signal>>,
    contribution_sd: Option<Sides<Signal>>,
    activity: Vec<Sides<Signal>>,
    /// Of an ensemble.
    activity_sd: Vec<Sides<Signal>>,
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
    /// Of each activity, in their order, and how far the members disagree about it.
    pub activity: Vec<(Sides<Track>, Option<Sides<Track>>)>,
}

impl Signals {
    /// Begins the files.
    pub fn new(dir: &Path, chroms: &Chroms, request: &TracksRequest, settings: &Settings) -> Self {
        let of_activity = request.contributions_of.is_some();
        let begin = |measured: Measured| {
            Sides::from_fn(|element| {
                let edges = measured.edges(&settings.model, element);
                let coverage = Coverage::new(request.aggregate, edges);
                let file = measured.file(element, of_activity, settings);
                Signal::new(dir, &file, chroms, coverage)
            })
        };
        let several = settings.ensemble > 1;
        let contributions = request.contributions.is_some();
        let sources = settings.activity.as_ref();
        let of = sources.map_or(0, |activity| activity.sources.len());
        let activities = |measured: fn(Place) -> Measured| {
            let places = (0..of).map(move |source| Place { source, of });
            places.map(measured)
        };
        let spread = activities(Measured::ActivitySd).filter(|_| several);
        Self {
            attention: begin(Measured::Attention),
            attention_sd: several.then(|| begin(Measured::AttentionSd)),
            contribution: contributions.then(|| begin(Measured::Contribution)),
            contribution_sd: (contributions && several).then(|| begin(Measured::ContributionSd)),
            activity: activities(Measured::Activity).map(begin).collect(),
            activity_sd: spread.map(begin).collect(),
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
        let of = self.activity.len();
        let activity = self.activity.iter_mut().enumerate();
        let activity = activity
            .map(move |(source, signals)| (Measured::Activity(Place { source, of }), signals));
        let spread = self.activity_sd.iter_mut().enumerate();
        let spread = spread
            .map(move |(source, signals)| (Measured::ActivitySd(Place { source, of }), signals));
        all.into_iter()
            .filter_map(|(measured, signals)| Some((measured, signals?)))
            .chain(activity)
            .chain(spread)
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
        let activity: Vec<Sides<Track>> = self
            .activity
            .into_iter()
            .map(&mut finish)
            .collect::<Result<_>>()?;
        let spread: Vec<Sides<Track>> = self
            .activity_sd
            .into_iter()
            .map(&mut finish)
            .collect::<Result<_>>()?;
        let spread = spread.into_iter().map(Some).chain(std::iter::repeat(None));
        let written = Written {
            attention: finish(self.attention)?,
            attention_sd: self.attention_sd.map(&mut finish).transpose()?,
            contribution: self.contribution.map(&mut finish).transpose()?,
            contribution_sd: self.contribution_sd.map(&mut finish).transpose()?,
            activity: activity.into_iter().zip(spread).collect(),
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
        let name = element.name();
        let tracks = ENDINGS.map(|ending| format!("{name}_{ending}"));
        let letters = HYPOTHETICAL.map(|ending| format!("{name}.{ending}"));
        tracks.into_iter().chain(letters)
    };
    let files = Element::BOTH.into_iter().flat_map(of_side);
    let lists = [SITES].into_iter().chain(SANITY).chain(SEARCH);
    let files = files.chain(lists.map(str::to_string));
    let files = files.chain(figures::files(SANITY_FIGURE));
    let files = files.chain(activities(dir)?);
    let mut others = files.filter(|file| !kept.contains(&file.as_str()));
    others.try_for_each(|file| output::remove_if_there(&dir.join(file)))
}

/// The bigWigs of activities in a folder: other runs call theirs otherwise.
fn activities(dir: &Path) -> Result<Vec<String>> {
    let is_one = |file: &String| {
        let mut begins = Element::BOTH.into_iter().filter_map(|element| {
            let rest = file.strip_prefix(element.name())?.strip_prefix('_')?;
            rest.strip_prefix(ACTIVITY)?.strip_suffix(".bw")
        });
        begins.any(|rest| rest.is_empty() || rest.starts_with(['.', '_']))
    };
    let entries = std::fs::read_dir(dir).at(dir)?;
    let name = |entry: std::io::Result<std::fs::DirEntry>| -> Result<Option<String>> {
        Ok(entry.at(dir)?.file_name().into_string().ok())
    };
    let names: Vec<Option<String>> = entries.map(name).collect::<Result<_>>()?;
    Ok(names.into_iter().flatten().filter(is_one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_earlier_tracks_called_otherwise_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let own = [
            "enhancer_activity.bw",
            "promoter_activity.sd.bw",
            "enhancer_activity_dnase.bw",
            "enhancer_attention.bw",
        ];
        let others = [
            "enhancer_activity_dnase.bed",
            "enhancer_activityx.bw",
            "activity.bw",
        ];
        for file in own.iter().chain(&others) {
            std::fs::write(dir.path().join(file), "").unwrap();
        }
        remove_others(dir.path(), &["enhancer_activity_dnase.bw"]).unwrap();
        let there = |file: &&str| dir.path().join(file).exists();
        let left: Vec<&str> = own.into_iter().filter(there).collect();
        assert_eq!(left, ["enhancer_activity_dnase.bw"]);
        assert!(others.iter().all(there));
    }
}
