//! What of a cell line is shown with the others: in the hub and the table of results of all.

use super::CellLine;
use crate::browser::tracks;
use crate::error::{Error, Result};

impl CellLine {
    /// The cell line with the repeats that were made, if its tracks and what its network reaches are there, as
    /// they are asked for now, whatever has become of the pairs and the footprints that they were made from.
    ///
    /// # Errors
    ///
    /// What is not there, or is other.
    pub fn shown(mut self) -> Result<Self> {
        let dir = self.tracks_dir();
        if !tracks::are_whole(&self.run()?, &self.tracks_request(), &dir)? {
            return Err(Error::format(dir, "holds no tracks of these settings"));
        }
        self.metrics(None)?;
        let is_made = |(name, _): &(String, _)| self.metrics(Some(name)).is_ok();
        let made: Vec<bool> = self.repeats.iter().map(is_made).collect();
        let mut made = made.into_iter();
        self.repeats.retain(|_| made.next() == Some(true));
        Ok(self)
    }
}
