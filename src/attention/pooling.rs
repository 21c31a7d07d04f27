//! How the encoder divides a sequence into bins.

/// The shape of the encoder's pooling over a sequence of a given length.
///
/// A valid convolution of width `w` over `length` bases has `length − w + 1` positions; they are
/// pooled in bins of `pool` with SAME padding: as many bins as are needed, the missing positions
/// divided between both ends, the odd one at the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pooling {
    /// Bases in the sequence.
    pub length: usize,
    /// Bases that a filter sees, `w`.
    pub width: usize,
    /// Convolution positions in a bin, `m`.
    pub pool: usize,
}

impl Pooling {
    /// Positions of the valid convolution, `c`.
    pub fn positions(&self) -> usize {
        self.length - self.width + 1
    }

    /// Bins, `l = ceil(c / m)`.
    pub fn bins(&self) -> usize {
        self.positions().div_ceil(self.pool)
    }

    /// Positions missing before the first one.
    pub fn left(&self) -> usize {
        (self.bins() * self.pool - self.positions()) / 2
    }

    /// The positions of a bin that exist.
    pub fn positions_of(&self, bin: usize) -> std::ops::Range<usize> {
        let start = bin * self.pool;
        let end = (start + self.pool - self.left()).min(self.positions());
        start.saturating_sub(self.left())..end
    }
}
