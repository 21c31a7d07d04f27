//! A list of two columns of gene symbols, with a tab between them.
//!
//! Lines that begin with `#` are comments. The first line is a header if both of its fields are
//! words that stand over such columns, as `gene1` and `gene2`, `symbol_a` and `symbol_b`, or
//! `source` and `target` do. The list names no organism, so every row counts.

use super::row::{Partner, Row, Rows};
use crate::error::{Result, RowProblem};
use crate::genome::field;

/// What stands over columns of genes, without what tells the two apart.
const HEADERS: [&str; 13] = [
    "gene",
    "gene name",
    "gene symbol",
    "symbol",
    "official symbol",
    "protein",
    "interactor",
    "partner",
    "node",
    "source",
    "target",
    "from",
    "to",
];

/// Whether a line may be the first of such a list.
pub(super) fn matches(line: &str) -> bool {
    line.split('\t').count() == 2
}

/// Whether a line is a header.
pub(super) fn is_header(line: &str) -> bool {
    let mut fields = line.split('\t');
    fields.all(|field| {
        let name = field.trim().to_lowercase().replace(['_', '.', '-'], " ");
        let kept = name.trim_end_matches([' ', '1', '2']);
        let bare = kept.strip_suffix(" a").or(kept.strip_suffix(" b"));
        HEADERS.contains(&bare.unwrap_or(kept).trim_end())
    })
}

/// How rows of a list are read.
pub(super) struct List;

impl Rows for List {
    fn row<'a>(&'a self, line: &'a str) -> Result<Row<'a>, RowProblem> {
        let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
        let partners = [
            Partner::named(field(&fields, 0, "the first gene")?),
            Partner::named(field(&fields, 1, "the second gene")?),
        ];
        if fields.len() > 2 {
            let problem = format!("{} fields where two were expected", fields.len());
            return Err(RowProblem::Unreadable(problem));
        }
        Ok(Row::Interaction(partners))
    }
}
