//! What a heat map of pairs of transcription factors shows.

use super::check;
use super::dendrogram::Clustered;
use crate::element::Sides;
use crate::error::Result;

/// Rows, and columns, that have room for their names.
pub const MOST: usize = 60;

/// Whether two transcription factors are known to interact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Interaction {
    /// Not known.
    #[default]
    Unknown,
    /// Both interact with a third.
    Second,
    /// With each other.
    First,
}

/// A transcription factor of the enhancer with one of the promoter.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TfPairCell {
    /// The natural logarithm of its odds ratio; none where the pair was not tested.
    pub value: Option<f64>,
    /// Whether q ≤ 0.05.
    pub significant: bool,
    /// What the interactome says.
    pub interaction: Interaction,
}

/// What a heat map of pairs of transcription factors shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TfPairs<'a> {
    /// Those in the top regions of each element.
    pub factors: Sides<Clustered<'a>>,
    /// For each of the enhancer's names, in the order of `names`, each of the promoter's.
    pub cells: &'a [TfPairCell],
    /// Colours reach this far on both sides of 0 (to the next round number), and what lies beyond
    /// has the last one; as far as the cells do if none.
    pub limit: Option<f64>,
    /// Pairs that interact, whose odds are above.
    pub positive: usize,
    /// Pairs that do not.
    pub negative: usize,
}

impl TfPairs<'_> {
    /// How many rows and columns there are.
    pub(super) fn size(&self) -> (usize, usize) {
        let Sides { enhancer, promoter } = self.factors.map(|side| side.names.len());
        (enhancer, promoter)
    }

    /// Refuses what makes no heat map, with the reason.
    pub(super) fn check(&self) -> Result<()> {
        let (rows, columns) = self.size();
        if rows == 0 || columns == 0 {
            return Err(check::undefined(
                "no pair of transcription factors was tested",
            ));
        }
        for (element, factors) in self.factors.iter() {
            let (count, what) = (factors.names.len(), element.name());
            if count > MOST {
                let message =
                    format!("{count} transcription factors of the {what}: {MOST} have room");
                return Err(check::undefined(message));
            }
        }
        if self.cells.len() != rows * columns {
            let message = format!("{} cells for {rows} rows of {columns}", self.cells.len());
            return Err(check::undefined(message));
        }
        self.factors.enhancer.check("rows")?;
        self.factors.promoter.check("columns")?;
        for (row, cells) in self
            .factors
            .enhancer
            .names
            .iter()
            .zip(self.cells.chunks(columns))
        {
            for (column, cell) in self.factors.promoter.names.iter().zip(cells) {
                check::finite(cell.value.as_slice(), || {
                    format!("the cell of {row:?} and {column:?}")
                })?;
            }
        }
        match self.limit {
            Some(limit) if !(limit.is_finite() && limit > 0.0) => Err(check::undefined(format!(
                "colours cannot reach as far as {limit}"
            ))),
            _ => Ok(()),
        }
    }
}
