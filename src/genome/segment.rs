//! Neighbouring bases with one value.

use super::region::Region;

/// Neighbouring bases with one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// The bases.
    pub region: Region,
    /// Their value.
    pub value: f32,
}
