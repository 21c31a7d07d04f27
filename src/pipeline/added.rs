//! Tracks of the user's own of a cell line, in its sessions and in the hub of all.

use super::CellLine;
use crate::browser::added::AddedTrack;
use crate::browser::tracks::{self, Folder, SessionsRequest};
use crate::error::Result;

impl CellLine {
    /// Writes sessions with tracks of the user's own, where there are or were some, and they, or their files,
    /// are others than before.
    pub(super) fn write_sessions(&self, folder: &Folder) -> Result<()> {
        if self.added.is_empty() && !tracks::has_added(folder) {
            return Ok(());
        }
        let request = SessionsRequest {
            added: self.added.clone(),
            ..SessionsRequest::default()
        };
        tracks::write_sessions(folder, &request).map(drop)
    }

    /// The tracks that are its own, beside those that are shared by all, as a hub of several cell lines
    /// calls them.
    pub(super) fn named_tracks(&self, shared: &[AddedTrack]) -> Vec<AddedTrack> {
        let own = self.added.iter().filter(|track| !shared.contains(track));
        let named = own.map(|track| AddedTrack {
            name: format!("{} {}", self.name, track.name),
            label: Some(format!("{}: {}", self.name, track.title())),
            ..track.clone()
        });
        named.collect()
    }
}
