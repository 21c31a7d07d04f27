//! What pairs were to a run's network: which it was trained on, which stopped its training, which it has
//! never seen.

use super::{Run, SPLIT};
use crate::error::Result;
use crate::genome::Chroms;
use crate::pairs::{PairTable, Part, parts_of};

impl Run {
    /// The part of each pair of a table, in its order; none of pairs that the run's table did not have.
    ///
    /// # Errors
    ///
    /// A division that is not there any more or has changed; of the run's own table a pair that it does
    /// not name.
    pub fn parts(
        &self,
        table: &PairTable,
        is_own: bool,
        chroms: &Chroms,
    ) -> Result<Vec<Option<Part>>> {
        if is_own {
            let split = self.split(table, chroms)?;
            let places = 0..table.pairs.len();
            return Ok(places.map(|place| Some(split.part(place))).collect());
        }
        let path = self.dir().join(SPLIT);
        self.checked(&path)?;
        parts_of(&path, &table.pairs, chroms)
    }
}
