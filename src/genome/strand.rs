//! The two strands.

/// A strand of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strand {
    /// Towards higher positions.
    Forward,
    /// Towards lower positions.
    Reverse,
}
