//! The two strands.

use crate::error::RowProblem;

/// A strand of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strand {
    /// Towards higher positions.
    Forward,
    /// Towards lower positions.
    Reverse,
}

impl Strand {
    /// The strand of a field: `+`, `-`, or none (`.`, or nothing).
    ///
    /// # Errors
    ///
    /// What is no strand.
    pub fn read(text: &str) -> Result<Option<Self>, RowProblem> {
        match text {
            "+" => Ok(Some(Self::Forward)),
            "-" => Ok(Some(Self::Reverse)),
            "." | "" => Ok(None),
            _ => Err(RowProblem::Unreadable(format!(
                "strand is not + or -: {text:?}"
            ))),
        }
    }
}
