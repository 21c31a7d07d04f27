//! Something of each part of the data.

use crate::pairs::Part;

/// The parts, in the order of every output.
pub const PARTS: [Part; 3] = [Part::Train, Part::Validation, Part::Test];

/// Something of each part of the data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts<T> {
    /// That of the training part.
    pub train: T,
    /// That of the validation part.
    pub validation: T,
    /// That of the test part.
    pub test: T,
}

impl<T> Parts<T> {
    /// That of a part; none of what was left out.
    pub fn get(&self, part: Part) -> Option<&T> {
        match part {
            Part::Train => Some(&self.train),
            Part::Validation => Some(&self.validation),
            Part::Test => Some(&self.test),
            Part::None => None,
        }
    }

    /// That of a part, to be changed.
    pub fn get_mut(&mut self, part: Part) -> Option<&mut T> {
        match part {
            Part::Train => Some(&mut self.train),
            Part::Validation => Some(&mut self.validation),
            Part::Test => Some(&mut self.test),
            Part::None => None,
        }
    }

    /// All three, in the order of `PARTS`.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        [&self.train, &self.validation, &self.test].into_iter()
    }

    /// What a function makes of each, in the order of `PARTS`.
    ///
    /// # Errors
    ///
    /// The first of the function's.
    pub fn try_map<U, E>(self, mut of: impl FnMut(T) -> Result<U, E>) -> Result<Parts<U>, E> {
        Ok(Parts {
            train: of(self.train)?,
            validation: of(self.validation)?,
            test: of(self.test)?,
        })
    }
}
