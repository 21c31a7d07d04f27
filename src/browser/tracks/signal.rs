//! A bigWig that is written while its values come.

use std::panic;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use tracing::warn;

use super::track::Track;
use crate::attention::{Coverage, joined};
use crate::error::{Error, Result};
use crate::formats::{self, Summary};
use crate::genome::{Chroms, Region, Segment};
use crate::output::Partial;

/// Pieces that wait for the thread that writes: whoever is that far ahead of it waits for it.
const AHEAD: usize = 64;

/// The values of a track, of which a thread of its own writes what is final. That thread waits for
/// values, so it is none of rayon's.
///
/// Where a signal is dropped before it is finished, nothing of it is left.
pub struct Signal {
    file: String,
    coverage: Coverage,
    /// Where final values go, until all have gone.
    segments: Option<SyncSender<Vec<Segment>>>,
    /// What writes them, until it was waited for.
    writing: Option<JoinHandle<Result<(Partial, Summary)>>>,
}

impl Signal {
    /// Begins a file of a folder.
    pub fn new(dir: &Path, file: &str, chroms: &Chroms, coverage: Coverage) -> Self {
        let (segments, to_write) = sync_channel::<Vec<Segment>>(AHEAD);
        let (path, chroms) = (dir.join(file), chroms.clone());
        let writing = thread::Builder::new().spawn(move || {
            let segments = joined(to_write.into_iter().flatten());
            formats::write_bigwig(&path, &chroms, segments)
        });
        // Without it the file cannot be written, which the first value tells.
        let writing = writing.inspect_err(|error| warn!("no thread can be started: {error}"));
        Self {
            file: file.to_string(),
            coverage,
            segments: Some(segments),
            writing: writing.ok(),
        }
    }

    /// Adds a pair: its window, its probability and the values of the window's cells, see
    /// [`Coverage::add`].
    pub fn add(&mut self, window: Region, probability: f32, values: impl IntoIterator<Item = f64>) {
        self.coverage.add(window, probability, values);
    }

    /// Hands on what lies left of a place, left of which no window will begin any more.
    ///
    /// # Errors
    ///
    /// A file that could not be written.
    pub fn write_left_of(&mut self, mark: &Region) -> Result<()> {
        let segments = self.coverage.take_left_of(mark);
        if segments.is_empty() {
            return Ok(());
        }
        let sent = self.segments.as_ref().map(|to| to.send(segments));
        match sent {
            Some(Ok(())) => Ok(()),
            // The other end is gone: it has an error to tell.
            _ => self.wait().map(drop),
        }
    }

    /// Nothing will come any more: the file's end can be written.
    pub fn close(&mut self) {
        self.segments = None;
    }

    /// The complete file, to which the caller gives its name.
    ///
    /// # Errors
    ///
    /// No value at all, a file that could not be written.
    pub fn finish(mut self) -> Result<(Partial, Track)> {
        let (partial, summary) = self.wait()?;
        let track = Track {
            file: self.file.clone(),
            windows: self.coverage.windows(),
            summary,
        };
        Ok((partial, track))
    }

    /// Waits until the file is written.
    fn wait(&mut self) -> Result<(Partial, Summary)> {
        self.close();
        match self.writing.take().map(JoinHandle::join) {
            Some(Ok(written)) => written,
            Some(Err(panicked)) => panic::resume_unwind(panicked),
            None => Err(Error::format(&self.file, "could not be written")),
        }
    }
}

impl Drop for Signal {
    fn drop(&mut self) {
        self.close();
        // What was written goes with it.
        self.writing.take().map(JoinHandle::join);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attention::Aggregate;
    use crate::genome::ChromId;

    const LENGTH: u32 = 20;

    fn chroms() -> Chroms {
        Chroms::new(["chr1", "chr2"].map(|name| (name.to_string(), 100_000))).unwrap()
    }

    fn coverage() -> Coverage {
        Coverage::new(Aggregate::Max, (0..=LENGTH).collect())
    }

    fn window(chrom: u32, start: u32) -> Region {
        Region {
            chrom: ChromId(chrom),
            start,
            end: start + LENGTH,
        }
    }

    /// Windows that touch, overlap and lie apart; where they touch the values are equal.
    fn windows() -> Vec<(Region, Vec<f64>)> {
        let places = (0..2).flat_map(|chrom| (0..900).map(move |n| (chrom, n)));
        let of = |(chrom, n): (u32, u32)| {
            let start = n / 3 * 64 + [0, 20, 33][n as usize % 3];
            let values = (0..LENGTH).map(|base| f64::from((base / 10 + n) % 3) - 1.0);
            (window(chrom, start), values.collect::<Vec<f64>>())
        };
        places.map(of).collect()
    }

    fn end() -> Region {
        window(2, 0)
    }

    #[test]
    fn a_file_is_the_same_written_as_values_come() {
        let dir = tempfile::tempdir().unwrap();
        let mut all = coverage();
        let mut signal = Signal::new(dir.path(), "a.bw", &chroms(), coverage());
        for (window, values) in windows() {
            all.add(window, 1.0, values.iter().copied());
            signal.write_left_of(&window).unwrap();
            signal.add(window, 1.0, values);
        }
        signal.write_left_of(&end()).unwrap();
        let (partial, track) = signal.finish().unwrap();
        partial.complete().unwrap();
        assert_eq!((track.file.as_str(), track.windows), ("a.bw", 1800));

        let segments = joined(all.take_left_of(&end()).into_iter());
        let path = dir.path().join("b.bw");
        let (partial, summary) = formats::write_bigwig(&path, &chroms(), segments).unwrap();
        partial.complete().unwrap();
        assert_eq!(track.summary, summary);
        let [streamed, at_once] = ["a.bw", "b.bw"].map(|name| {
            let path = dir.path().join(name);
            std::fs::read(path).unwrap()
        });
        assert!(streamed == at_once);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2);
    }

    #[test]
    fn one_that_is_dropped_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut signal = Signal::new(dir.path(), "a.bw", &chroms(), coverage());
        signal.add(window(0, 3), 1.0, [1.0; LENGTH as usize]);
        signal.write_left_of(&end()).unwrap();
        drop(signal);
        drop(Signal::new(dir.path(), "b.bw", &chroms(), coverage()));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_cannot_be_written_ends_the_work() {
        let dir = tempfile::tempdir().unwrap();
        let nowhere = dir.path().join("nowhere");
        let mut signal = Signal::new(&nowhere, "a.bw", &chroms(), coverage());
        let failed = (0..=AHEAD as u32 + 1).find_map(|n| {
            signal.add(window(0, n * LENGTH), 1.0, [1.0; LENGTH as usize]);
            let mark = window(0, (n + 1) * LENGTH);
            signal.write_left_of(&mark).err()
        });
        assert!(matches!(failed, Some(Error::Io { .. })), "{failed:?}");
        let unwritten = Signal::new(&nowhere, "a.bw", &chroms(), coverage());
        assert!(matches!(unwritten.finish(), Err(Error::Io { .. })));
    }

    #[test]
    fn no_value_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let signal = Signal::new(dir.path(), "a.bw", &chroms(), coverage());
        assert!(signal.finish().is_err());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
