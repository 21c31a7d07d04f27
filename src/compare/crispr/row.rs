//! A row of a CRISPRi table, whatever its layout.

use crate::error::RowProblem;
use crate::pairs::Gene;

/// What a line tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Read {
    /// A pair that counts.
    Pair(Row),
    /// A pair that its table does not take for one of a distal element and a gene.
    Invalid,
    /// A pair of which the table does not say whether the gene reacted.
    Unlabelled,
}

/// A perturbed element and a measured gene; places are chromosome, start, end, 0-based and half-open.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The element.
    pub element: (String, u32, u32),
    /// The gene's start site, of one base or more.
    pub tss: (String, u32, u32),
    /// The gene.
    pub gene: Gene,
    /// Its accession in Ensembl, where the table has it.
    pub ensembl: Option<String>,
    /// Whether its expression fell.
    pub regulated: bool,
    /// The cell type.
    pub cell: String,
    /// Bases between the element and the start site, where the table states them.
    pub distance: Option<f64>,
    /// The element's activity, where the table has the marks.
    pub activity: Option<f64>,
}

impl Row {
    /// The row, unless its element holds no base.
    pub fn checked(self) -> Result<Self, RowProblem> {
        let (_, start, end) = self.element;
        match start < end {
            true => Ok(self),
            false => Err(RowProblem::Reversed {
                element: "element",
                start,
                end,
            }),
        }
    }
}

/// A start site, which some tables write as a place of no length.
pub fn start_site(chrom: &str, start: u32, end: u32) -> (String, u32, u32) {
    (chrom.to_string(), start, end.max(start.saturating_add(1)))
}

/// A field that says something: none where it is empty, `NA` or `.`.
pub fn given(field: &str) -> Option<&str> {
    (!["", "NA", "."].contains(&field)).then_some(field)
}
