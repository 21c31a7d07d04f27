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
    /// Whether the two are called a pair: each matters given the other, q ≤ 0.05, on sites of its own.
    pub significant: bool,
    /// What the interactome says.
    pub interaction: Interaction,
}

/// What a heat map of pairs of transcription factors shows.
#[derive(Debug, Clone, PartialEq)]
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
    /// What controls give, in a few words; empty without any.
    pub controls: &'a str,
}

impl TfPairs<'_> {
    /// How many rows and columns there are.
    pub(super) fn size(&self) -> (usize, usize) {
        let Sides { enhancer, promoter } = self.factors.as_ref().map(|side| side.names.len());
        (enhancer, promoter)
    }

    /// Refuses what makes no heat map, with the reason.
    pub(super) fn check(&self) -> Result<()> {
        let (rows, columns) = self.size();
        let untested = "no pair of transcription factors was tested";
        check::refuse_if(rows == 0 || columns == 0, || untested)?;
        for (element, factors) in self.factors.iter() {
            let (count, what) = (factors.names.len(), element.name());
            check::refuse_if(count > MOST, || {
                format!("{count} transcription factors of the {what}: {MOST} have room")
            })?;
        }
        check::refuse_if(self.cells.len() != rows * columns, || {
            format!("{} cells for {rows} rows of {columns}", self.cells.len())
        })?;
        let Sides { enhancer, promoter } = &self.factors;
        enhancer.check("rows")?;
        promoter.check("columns")?;
        for (row, cells) in enhancer.names.iter().zip(self.cells.chunks(columns)) {
            for (column, cell) in promoter.names.iter().zip(cells) {
                check::finite(cell.value.as_slice(), || {
                    format!("the cell of {row:?} and {column:?}")
                })?;
            }
        }
        self.limit.map_or(Ok(()), |limit| {
            check::refuse_if(!(limit.is_finite() && limit > 0.0), || {
                format!("colours cannot reach as far as {limit}")
            })
        })
    }
}
