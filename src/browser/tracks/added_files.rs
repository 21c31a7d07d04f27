//! Tracks of the user's own in a folder of tracks: where its sessions find them, wherever the folder goes.

use std::path::Path;

use crate::browser::added::{AddedTrack, OpenAdded, as_big_bed};
use crate::browser::hub::Names;
use crate::browser::session::{Kind, SessionTrack};
use crate::error::Result;
use crate::genome::Chroms;
use crate::output;

/// Their folder in that of the tracks.
pub const FOLDER: &str = "added";

/// A track that sessions show beside those of the folder.
#[derive(Debug, Clone, PartialEq)]
pub struct AddedFile {
    track: AddedTrack,
    /// Its path from the folder of tracks, with `/` between its parts.
    path: String,
    what: What,
    rgb: String,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Signal,
    /// A bigBed, and whether its items have colours of their own.
    BigBed {
        coloured: bool,
    },
    Text,
}

impl AddedFile {
    /// Looks at tracks, and says where their files will be.
    ///
    /// # Errors
    ///
    /// As [`OpenAdded::all`].
    pub fn all(tracks: &[AddedTrack], chroms: &Chroms) -> Result<Vec<Self>> {
        let opened = OpenAdded::all(tracks, chroms, &[])?;
        let mut names = Names::default();
        let file = |opened: &OpenAdded| {
            let track = opened.track();
            let what = match opened.bed_fields() {
                _ if opened.is_signal() => What::Signal,
                Some(fields) => What::BigBed {
                    coloured: fields >= 9,
                },
                None => What::Text,
            };
            let ending = if what == What::Signal { "bw" } else { "bb" };
            Self {
                path: format!("{FOLDER}/{}.{ending}", names.add(&track.name)),
                rgb: track.rgb(),
                track: track.clone(),
                what,
            }
        };
        Ok(opened.iter().map(file).collect())
    }

    /// Puts the file into a folder of tracks: as a link where the disk allows, text as bigBed.
    ///
    /// # Errors
    ///
    /// Files that cannot be read or written.
    pub fn place(&self, dir: &Path, chroms: &Chroms) -> Result<()> {
        let target = dir.join(&self.path);
        output::create_dir(output::folder_of(&target))?;
        match self.what {
            What::Text => as_big_bed(&self.track.path, &target, chroms)?.complete(),
            What::Signal | What::BigBed { .. } => {
                output::place(&self.track.path, &target).map(drop)
            }
        }
    }

    /// Whether a folder of tracks holds what [`place`](Self::place) would put there. The times of files do
    /// not tell: another file for the same track may be older than what is there.
    ///
    /// # Errors
    ///
    /// Files that cannot be read or written.
    pub fn is_placed(&self, dir: &Path, chroms: &Chroms) -> Result<bool> {
        let target = dir.join(&self.path);
        if !target.is_file() {
            return Ok(false);
        }
        match self.what {
            What::Text => {
                // Dropped incomplete: nothing of it stays.
                let made = as_big_bed(&self.track.path, &target, chroms)?;
                output::is_same(made.path(), &target)
            }
            What::Signal | What::BigBed { .. } => output::is_same(&self.track.path, &target),
        }
    }

    /// Whether it is what the network has learnt an activity from.
    pub fn is_measured(&self) -> bool {
        self.track.is_measured
    }

    /// As sessions show it.
    pub fn track(&self) -> SessionTrack<'_> {
        let kind = match (self.what, self.track.range) {
            (What::Signal, Some((min, max))) => Kind::Signal { min, max },
            (What::Signal, None) => Kind::Scaled,
            (What::BigBed { coloured: true }, _) if self.track.colour.is_none() => Kind::Regions,
            (What::BigBed { .. } | What::Text, _) => Kind::Plain,
        };
        SessionTrack {
            name: self.track.title(),
            path: &self.path,
            kind,
            rgb: &self.rgb,
        }
    }
}
