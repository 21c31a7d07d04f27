//! What a run's settings name: the reference, the pairs and how they are divided.

use super::Settings;
use crate::error::Result;
use crate::genome::Reference;
use crate::pairs::{Labels, PairTable, Split};

/// The inputs of a training.
pub struct Opened {
    /// The reference.
    pub reference: Reference,
    /// The pairs.
    pub table: PairTable,
    /// Their parts.
    pub split: Split,
}

impl Settings {
    /// Opens the reference, reads the pairs and divides them.
    ///
    /// # Errors
    ///
    /// Inputs that cannot be read, bad rows, a part without one of the classes.
    pub(crate) fn open(&self) -> Result<Opened> {
        let reference = Reference::open(&self.reference.path)?;
        let chroms = reference.chroms();
        let table = self
            .table
            .read(chroms, self.model.lengths(), Labels::BothClasses)?;
        let parts = (self.test_fraction, self.validation_fraction);
        let split = Split::new(&self.split, &table.pairs, chroms, parts, self.training.seed)?;
        Ok(Opened {
            reference,
            table,
            split,
        })
    }
}
