//! The sessions of a folder of tracks once more: with tracks of the user's own, or by addresses.

use std::path::{Path, PathBuf};

use super::added_files::{self, AddedFile};
use super::session;
use super::{Folder, choose};
use crate::browser::added::AddedTrack;
use crate::error::Result;
use crate::genome::{Chroms, Reference};
use crate::output::{Claim, FolderKind};
use crate::text::BaseUrl;

/// What sessions are to show, and where from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SessionsRequest {
    /// Tracks of the user's own.
    pub added: Vec<AddedTrack>,
    /// Where the folder of tracks lies on the web, or will lie; without it files go by paths.
    pub base_url: Option<BaseUrl>,
    /// Where the reference is now, if not where it was.
    pub reference: Option<PathBuf>,
}

/// What became of the sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionsSummary {
    /// The files; none where there is no pair to show, where the reference is of no known assembly and not in
    /// the folder around, or where a file has a name or place that no session can hold: a message says so.
    pub files: Vec<PathBuf>,
    /// The address that opens WashU's browser with its list of tracks, where the folder's is known and the
    /// browser has the assembly.
    pub washu: Option<String>,
    /// Whether anything is other than it was.
    pub changed: bool,
}

/// Writes the sessions of a folder of tracks, at its most probable pair. Tracks of the user's own go into
/// its folder `added`, BED and narrowPeak as bigBed, so that the folder can be moved or put on a web server;
/// so does what was measured of the activities that it shows.
/// Where nothing is other than it was, nothing is written.
///
/// # Errors
///
/// A reference that is not there any more, tracks that do not fit ([`AddedTrack`]), a folder that cannot be
/// written to.
pub fn write_sessions(folder: &Folder, request: &SessionsRequest) -> Result<SessionsSummary> {
    let known = folder.reference();
    let reference = Reference::open(request.reference.as_ref().unwrap_or(&known))?;
    let chroms: &Chroms = reference.chroms();
    let measured = folder.measured(None, &request.added, chroms);
    let added = AddedFile::all(&[&request.added[..], &measured].concat(), chroms)?;
    let best = choose(&folder.pairs(chroms)?, &[], 1, chroms)?;
    let best = best.first().map(|shown| shown.pair);
    let of = (chroms, reference.format());
    let made = session::sessions(folder, best, of, &added, request.base_url.as_ref());
    let dir = &folder.dir;
    let files = made.files.iter().map(|(file, _)| dir.join(file));
    let are_there = session::are_there(dir, &made) && are_placed(&added, dir, chroms)?;
    let summary = SessionsSummary {
        files: files.collect(),
        washu: made.washu.clone(),
        changed: !made.files.is_empty() && !are_there,
    };
    if summary.changed {
        let _claim = Claim::folder(dir, FolderKind::Tracks)?;
        place(&added, dir, chroms)?;
        session::write_files(dir, &made)?;
    }
    Ok(summary)
}

/// Whether a folder of tracks has tracks of the user's own, which its sessions may show.
pub fn has_added(folder: &Folder) -> bool {
    folder.dir.join(added_files::FOLDER).exists()
}

fn place(added: &[AddedFile], dir: &Path, chroms: &Chroms) -> Result<()> {
    added.iter().try_for_each(|file| file.place(dir, chroms))
}

fn are_placed(added: &[AddedFile], dir: &Path, chroms: &Chroms) -> Result<bool> {
    for file in added {
        if !file.is_placed(dir, chroms)? {
            return Ok(false);
        }
    }
    Ok(true)
}
