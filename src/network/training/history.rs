//! What happened in each epoch.

use std::path::Path;

use crate::error::{Error, Result};
use crate::evaluation::Epoch;
use crate::output;

/// Every epoch so far.
pub type History = Vec<Epoch>;

/// Writes `history.csv`.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(path: &Path, history: &[Epoch]) -> Result<()> {
    output::write_with(path, |writer| {
        let mut writer = csv::Writer::from_writer(writer);
        for epoch in history {
            writer.serialize(epoch)?;
        }
        writer.flush()
    })
}

/// Takes over the speeds of epochs, which no checkpoint has, from a `history.csv`, as far as there is one.
pub(super) fn take_speeds(history: &mut [Epoch], path: &Path) {
    let known = read(path).unwrap_or_default();
    for (epoch, known) in history.iter_mut().zip(known) {
        epoch.pairs_per_second = known.pairs_per_second;
    }
}

/// Reads `history.csv`.
///
/// # Errors
///
/// A file that is not there, or that is none of ours.
pub fn read(path: &Path) -> Result<History> {
    let refuse = |error| Error::format(path, error);
    let mut reader = csv::Reader::from_path(path).map_err(refuse)?;
    reader
        .deserialize()
        .map(|row| row.map_err(refuse))
        .collect()
}
