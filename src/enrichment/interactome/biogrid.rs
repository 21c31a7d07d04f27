//! BioGRID's tab 3.0 and 2.0, whose columns are found by name.
//!
//! A row counts if its type is not `genetic` and both partners are of the organism that is asked
//! for. A file without one of these columns is not asked about it. Synonyms lead to their gene
//! unless they are the symbol of a gene or a synonym of two genes.
//!
//! <https://wiki.thebiogrid.org/doku.php/biogrid_tab_version_3.0>
//! <https://wiki.thebiogrid.org/doku.php/biogrid_tab_version_2.0>

use std::path::Path;

use super::row::{Partner, Row, Rows, field};
use super::source::InteractomeSource;
use crate::error::{Error, Result, RowProblem};

const SYMBOL: &str = "official symbol interactor";

/// Whether a line is BioGRID's header.
pub(super) fn matches(header: &str) -> bool {
    names(header).any(|name| name.starts_with(SYMBOL))
}

fn names(header: &str) -> impl Iterator<Item = String> {
    let fields = header.trim_start_matches('#').split('\t');
    fields.map(|name| name.trim().to_lowercase())
}

/// Where the columns stand that are read, for A and B.
pub(super) struct Columns {
    symbols: [usize; 2],
    synonyms: Option<[usize; 2]>,
    organisms: Option<[usize; 2]>,
    kind: Option<usize>,
    taxon: String,
    genetic: bool,
}

impl Columns {
    /// Finds the columns in the header.
    pub fn find(path: &Path, header: &str, source: &InteractomeSource) -> Result<Self> {
        let names: Vec<String> = names(header).collect();
        let column = |name: &str| names.iter().position(|other| other == name);
        let both = |name: &str| {
            let of = |side| column(&format!("{name} {side}"));
            Some([of('a')?, of('b')?])
        };
        let problem = "BioGRID's header names the symbol of one interactor only";
        let symbols = both(SYMBOL).ok_or_else(|| Error::format(path, problem))?;
        Ok(Self {
            symbols,
            // Older releases misspell the first of the two.
            synonyms: both("synonyms interactor").or_else(|| {
                let a = column("synonymns interactor a")?;
                Some([a, column("synonyms interactor b")?])
            }),
            // 3.0 and 2.0.
            organisms: both("organism id interactor").or_else(|| both("organism interactor")),
            kind: column("experimental system type"),
            taxon: source.taxon.to_string(),
            genetic: source.genetic,
        })
    }
}

impl Rows for Columns {
    fn row<'a>(&'a self, line: &'a str) -> Result<Row<'a>, RowProblem> {
        let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
        let field = |column: usize, name: &str| field(&fields, column, name);
        if let Some([a, b]) = self.organisms {
            let a = field(a, "the organism of A")?;
            let b = field(b, "the organism of B")?;
            if [a, b] != [self.taxon.as_str(); 2] {
                return Ok(Row::OtherOrganism);
            }
        }
        if let Some(kind) = self.kind {
            let kind = field(kind, "Experimental System Type")?;
            if kind.eq_ignore_ascii_case("genetic") && !self.genetic {
                return Ok(Row::Genetic);
            }
        }
        let partner = |side: usize, name: &str| {
            let symbol = field(self.symbols[side], name)?;
            let synonyms = |columns: [usize; 2]| field(columns[side], "synonyms");
            let synonyms = self.synonyms.map_or(Ok(""), synonyms)?;
            Ok::<_, RowProblem>(Partner { symbol, synonyms })
        };
        let partners = [
            partner(0, "Official Symbol Interactor A")?,
            partner(1, "Official Symbol Interactor B")?,
        ];
        let nameless = |partner: &Partner| ["", "-"].contains(&partner.symbol);
        if partners.iter().any(nameless) {
            return Ok(Row::Nameless);
        }
        Ok(Row::Interaction(partners))
    }
}
