//! What networks predict of activities, and what was measured of them, in figures of pairs and regions.

use std::ops::Range;

use super::found::track;
use super::tracks::added;
use crate::browser::added::{AddedTrack, OpenAdded, is_text, open_bigwig};
use crate::browser::tracks::{self, Folder, Moved, Predicted};
use crate::element::colours::Rgb;
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::figures::{Track, TrackContent};
use crate::footprints::ChromNames;
use crate::formats::BigWig;
use crate::genome::{Chroms, Region};
use crate::network::activity::Kind;

/// The activities that a figure of some folders of tracks shows: those that all of them have, since all panels
/// have the same tracks.
pub(super) struct Activities {
    /// The names of those that are predicted.
    names: Vec<String>,
    /// Of each folder what was measured of them.
    measured: Vec<Vec<AddedTrack>>,
}

impl Activities {
    /// Of folders whose chromosomes a function tells, beside tracks of the user's own.
    ///
    /// # Errors
    ///
    /// What the function returns.
    pub fn of(
        folders: &[Folder],
        given: &[AddedTrack],
        moved: &Moved,
        chroms: impl Fn(&Folder) -> Result<Chroms>,
    ) -> Result<Self> {
        let names = common(folders);
        if names.is_empty() {
            return Ok(Self {
                names,
                measured: vec![Vec::new(); folders.len()],
            });
        }
        let measured = |folder: &Folder| -> Result<Vec<AddedTrack>> {
            Ok(folder.measured(moved.run.as_deref(), given, &chroms(folder)?))
        };
        let measured: Vec<Vec<AddedTrack>> = folders.iter().map(measured).collect::<Result<_>>()?;
        Ok(Self {
            names,
            measured: of_all(measured),
        })
    }

    /// The files of the folder of this place, opened for some windows.
    ///
    /// # Errors
    ///
    /// Files that cannot be read, or are of another assembly.
    pub fn open(
        &self,
        (place, folder): (usize, &Folder),
        chroms: &Chroms,
        windows: &[Region],
    ) -> Result<OpenActivities> {
        let open = |name: &String| -> Option<Result<OpenPredicted>> {
            let all = &folder.summary.activity;
            let of = all.iter().find(|of| of.source == *name)?;
            Some(OpenPredicted::new(of, folder, chroms))
        };
        let predicted = self.names.iter().filter_map(open);
        Ok(OpenActivities {
            predicted: predicted.collect::<Result<_>>()?,
            measured: OpenAdded::all(&self.measured[place], chroms, windows)?,
        })
    }
}

/// The names of the activities that all folders predict, as what they were measured, in the order of the
/// first.
fn common(folders: &[Folder]) -> Vec<String> {
    let Some((first, others)) = folders.split_first() else {
        return Vec::new();
    };
    let is_in = |folder: &Folder, of: &Predicted| {
        let mut all = folder.summary.activity.iter();
        all.any(|other| (&other.source, other.kind) == (&of.source, of.kind))
    };
    let all = first.summary.activity.iter();
    let everywhere = all.filter(|of| others.iter().all(|folder| is_in(folder, of)));
    everywhere.map(|of| of.source.clone()).collect()
}

/// Of lists of measured tracks what all of them have, in the order of the first.
fn of_all(lists: Vec<Vec<AddedTrack>>) -> Vec<Vec<AddedTrack>> {
    let is_same = |one: &AddedTrack, other: &AddedTrack| {
        let kinds = [one, other].map(|track| is_text(&track.path).ok());
        one.name == other.name && kinds[0] == kinds[1]
    };
    let find = |list: &[AddedTrack], wanted: &AddedTrack| -> Option<AddedTrack> {
        list.iter().find(|track| is_same(track, wanted)).cloned()
    };
    let first = lists.first().cloned().unwrap_or_default();
    let common = |wanted: &AddedTrack| lists.iter().all(|list| find(list, wanted).is_some());
    let wanted: Vec<AddedTrack> = first.into_iter().filter(common).collect();
    let kept = lists.iter().map(|list| -> Vec<AddedTrack> {
        let found = wanted.iter().filter_map(|wanted| find(list, wanted));
        found.collect()
    });
    kept.collect()
}

/// What a folder has of the activities of a figure.
#[derive(Default)]
pub(super) struct OpenActivities {
    predicted: Vec<OpenPredicted>,
    measured: Vec<OpenAdded>,
}

struct OpenPredicted {
    source: String,
    kind: Kind,
    files: Sides<(BigWig, ChromNames)>,
}

impl OpenActivities {
    /// What lies in a window of an element, from top to bottom.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn of_window(&mut self, element: Element, window: Region) -> Result<Vec<Track>> {
        let predicted = self.predicted.iter_mut();
        let predicted = predicted.map(|of| of.track(element, window, ""));
        let measured = self.measured.iter_mut().map(|of| added(of, window));
        predicted.chain(measured).collect()
    }

    /// What lies in a region, of both elements.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn of_region(&mut self, region: Region) -> Result<Vec<Track>> {
        let mut tracks = Vec::new();
        for of in &mut self.predicted {
            for element in Element::BOTH {
                let whose = format!("{}s: ", element.name());
                tracks.push(of.track(element, region, &whose)?);
            }
        }
        for of in &mut self.measured {
            tracks.push(added(of, region)?);
        }
        Ok(tracks)
    }
}

impl OpenPredicted {
    fn new(of: &Predicted, folder: &Folder, chroms: &Chroms) -> Result<Self> {
        let open = |track: &tracks::Track| open_bigwig(&folder.dir.join(&track.file), chroms);
        Ok(Self {
            source: of.source.clone(),
            kind: of.kind,
            files: of.tracks.as_ref().map(open).transpose()?,
        })
    }

    /// What is predicted in a region for an element, in its colour; its name begins as it is told to.
    fn track(&mut self, element: Element, region: Region, whose: &str) -> Result<Track> {
        let (file, names) = self.files.get_mut(element);
        let segments = match names.get(region) {
            Some(name) => file.segments(name, region)?,
            None => Vec::new(),
        };
        let values = segments.into_iter();
        let values =
            values.map(|of| -> (Range<u32>, f32) { (of.region.start..of.region.end, of.value) });
        let (what, range) = match self.kind {
            Kind::Peaks => ("", Some((0.0, 1.0))),
            Kind::Signal => (", ln(1 + signal)", None),
        };
        let name = format!("{whose}{} predicted{what}", self.source);
        Ok(Track {
            colour: Some(Rgb::of(element).0),
            range,
            ..track(&name, TrackContent::Signal(values.collect()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_have_the_measured_tracks_that_all_have() {
        let dir = tempfile::tempdir().unwrap();
        let bed = dir.path().join("a.bed");
        std::fs::write(&bed, "chr1\t10\t20\n").unwrap();
        let of = |names: &[&str]| -> Vec<AddedTrack> {
            names
                .iter()
                .map(|&name| AddedTrack::new(name, &bed))
                .collect()
        };
        let lists = vec![of(&["a", "b", "c"]), of(&["c", "a"])];
        assert_eq!(of_all(lists), [of(&["a", "c"]), of(&["a", "c"])]);
        assert_eq!(of_all(vec![of(&["a"])]), [of(&["a"])]);
    }
}
