//! What of a cell line is shown with the others: in the hub and the table of results of all.

use super::CellLine;
use crate::browser::tracks;
use crate::error::{Error, Result};

impl CellLine {
    /// Checks that its tracks and what every network of it reaches are there, as they are asked for now,
    /// whatever has become of the pairs and the footprints that they were made from.
    ///
    /// # Errors
    ///
    /// What is not there, or is other.
    pub fn check_shown(&self) -> Result<()> {
        let dir = self.tracks_dir();
        if !tracks::are_whole(&self.run()?, &self.tracks_request(), &dir)? {
            return Err(Error::format(dir, "holds no tracks of these settings"));
        }
        let repeats = self.repeats.iter().map(|(name, _)| Some(name.as_str()));
        let mut networks = [None].into_iter().chain(repeats);
        networks.try_for_each(|network| self.metrics(network).map(drop))
    }
}
