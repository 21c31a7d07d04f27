//! What was measured of the activities that a run's network has learnt, beside what it predicts.

use std::path::Path;
use std::slice;

use tracing::{info, warn};

use super::Folder;
use crate::browser::added::{AddedTrack, OpenAdded};
use crate::genome::Chroms;
use crate::network::activity::Source;
use crate::run::Run;

/// The files that a run has learnt its activities from, as far as they are where they were, as tracks called
/// `NAME measured`; none where a given track has this name. A file that has changed since, or that no browser
/// shows, is left out: a message says why.
pub fn measured(run: &Run, given: &[AddedTrack], chroms: &Chroms) -> Vec<AddedTrack> {
    let learnt = run.record.settings.activity.iter();
    let sources = learnt.flat_map(|activity| &activity.sources);
    sources
        .filter_map(|source| of_source(source, given, chroms))
        .collect()
}

/// The file of a source, unless a given track has its name, or it cannot be shown.
fn of_source(source: &Source, given: &[AddedTrack], chroms: &Chroms) -> Option<AddedTrack> {
    let (name, path) = (name(&source.name), &source.file.path);
    if given.iter().any(|track| track.name.trim() == name) {
        return None;
    }
    if !path.is_file() {
        let path = path.display();
        info!("{name} is not shown: {path} is not there any more");
        return None;
    }
    if let Err(problem) = source.file.unchanged() {
        warn!("{name} is not shown: {problem}");
        return None;
    }
    let track = AddedTrack {
        is_measured: true,
        ..AddedTrack::new(name, path)
    };
    match OpenAdded::all(slice::from_ref(&track), chroms, &[]) {
        Ok(_) => Some(track),
        Err(problem) => {
            warn!("{} is not shown: {problem}", track.name);
            None
        }
    }
}

/// What the track of a source is called.
fn name(source: &str) -> String {
    format!("{source} measured")
}

impl Folder {
    /// What its run has learnt activities from, as tracks beside given ones: see `measured`. Nothing where
    /// the run is not there any more.
    pub fn measured(
        &self,
        moved: Option<&Path>,
        given: &[AddedTrack],
        chroms: &Chroms,
    ) -> Vec<AddedTrack> {
        if self.summary.activity.is_empty() {
            return Vec::new();
        }
        let run = self.run(moved);
        let run = run.inspect_err(|problem| info!("no measured activity is shown: {problem}"));
        run.map_or(Vec::new(), |run| measured(&run, given, chroms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::activity::Kind;

    #[test]
    fn what_is_there_is_shown_unless_the_user_shows_it() {
        let dir = tempfile::tempdir().unwrap();
        let bed = dir.path().join("peaks.bed");
        std::fs::write(&bed, "chr1\t10\t20\n").unwrap();
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let source = Source::new("K562", Kind::Peaks, &bed).unwrap();
        let shown = |given: &[AddedTrack]| of_source(&source, given, &chroms);
        let track = shown(&[AddedTrack::new("K562", "a.bw")]).unwrap();
        assert_eq!(
            (track.name.as_str(), track.is_measured),
            ("K562 measured", true)
        );
        assert_eq!(shown(&[AddedTrack::new(" K562 measured", "a.bw")]), None);
        // Another file in its place is not what was learnt from.
        std::fs::write(&bed, "chr1\t10\t30\n").unwrap();
        assert_eq!(shown(&[]), None);
        std::fs::write(&bed, "chr1\t10\t20\n").unwrap();
        assert!(shown(&[]).is_some());
        // Of another assembly.
        let other = Chroms::new([("chrA".to_string(), 1000)]).unwrap();
        assert_eq!(of_source(&source, &[], &other), None);
        std::fs::remove_file(&bed).unwrap();
        assert_eq!(shown(&[]), None);
    }
}
