//! Which transcription factors a matrix stands for.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use tracing::warn;

use super::matrix::Matrix;
use super::rows::{bad, once};
use crate::error::{BadRow, Error, Result};
use crate::text::Lines;

/// What databases put behind a factor's symbol: UniProt's species, UniPROBE's secondary motifs, the
/// kind of protein in Jolma et al. 2013 (doi:10.1016/j.cell.2012.12.009).
const SUFFIXES: [&str; 7] = [
    "_HUMAN",
    "_MOUSE",
    "_RAT",
    "_PRIMARY",
    "_SECONDARY",
    "_FULL",
    "_DBD",
];

/// For each matrix the symbols of its factors, in capitals; more than one for a complex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbols(Vec<Vec<String>>);

impl Symbols {
    /// From the matrices' names: see `from_name`.
    pub fn of(matrices: &[Matrix]) -> Self {
        let names = matrices.iter().map(|matrix| &*matrix.name);
        Self(names.map(from_name).collect())
    }

    /// The same, but where a table names the matrix by its accession or by its name, from there. The
    /// table has two columns between tabs, the matrix and its symbols between commas, and perhaps
    /// comments behind `#`. An accession goes before a name. Matrices that nobody has are warned of.
    ///
    /// # Errors
    ///
    /// A table that cannot be read; all bad rows together: not two columns, no symbol, a matrix that
    /// occurs twice.
    pub fn with_table(matrices: &[Matrix], path: &Path) -> Result<Self> {
        let table = read(path)?;
        let known: HashSet<&str> = matrices
            .iter()
            .flat_map(|matrix| [&*matrix.id, &*matrix.name])
            .collect();
        let mut unknown: Vec<&str> = table.keys().map(|name| &**name).collect();
        unknown.retain(|name| !known.contains(name));
        if !unknown.is_empty() {
            unknown.sort_unstable();
            let unknown = unknown.join(", ");
            warn!("{}: no matrix is called {unknown}", path.display());
        }
        let symbols = |matrix: &Matrix| {
            let given = table.get(&matrix.id).or_else(|| table.get(&matrix.name));
            given.cloned().unwrap_or_else(|| from_name(&matrix.name))
        };
        Ok(Self(matrices.iter().map(symbols).collect()))
    }

    /// The symbols of the matrices at these places alone.
    pub fn at(&self, places: &[usize]) -> Self {
        let symbols = places.iter().map(|&place| self.get(place).to_vec());
        Self(symbols.collect())
    }

    /// The symbols of the matrix at a place of the list that the table was made for.
    pub fn get(&self, matrix: usize) -> &[String] {
        self.0.get(matrix).map_or(&[], Vec::as_slice)
    }
}

/// The symbols of a matrix of this name: its parts between `::`, in capitals, without species and
/// variant.
///
/// | name | symbols |
/// | --- | --- |
/// | `FOS::JUN`, `Arnt(var.2)` (JASPAR) | FOS and JUN, ARNT |
/// | `CTCF_HUMAN.H11MO.0.A`, `CTCF.H12CORE.0.P.B` (HOCOMOCO) | CTCF |
/// | `CTCF(Zf)/CD4+-CTCF-ChIP-Seq/Homer` | CTCF |
/// | `V$CTCF_01` (TRANSFAC), `Arid3a_primary` (UniPROBE) | CTCF, ARID3A |
///
/// HOCOMOCO before its version 12 has UniProt's names (`P53` for TP53): those need a table.
pub fn from_name(name: &str) -> Vec<String> {
    let guess = name
        .rsplit_once("BestGuess:")
        .map_or(name, |(_, guess)| guess);
    let (first, _) = guess.split_once('/').unwrap_or((guess, ""));
    let mut symbols = Vec::new();
    for part in without_release(first).split("::") {
        let symbol = symbol(part);
        if !symbol.is_empty() && !symbols.contains(&symbol) {
            symbols.push(symbol);
        }
    }
    if symbols.is_empty() {
        symbols.push(clean(name));
    }
    symbols
}

/// Without HOCOMOCO's `.H11MO.0.A`.
fn without_release(name: &str) -> &str {
    let digit = |at: usize| name[at + 2..].starts_with(|letter: char| letter.is_ascii_digit());
    let release = name.match_indices(".H").find(|(at, _)| digit(*at));
    release.map_or(name, |(at, _)| &name[..at])
}

fn symbol(part: &str) -> String {
    let (part, _) = part.split_once('(').unwrap_or((part, ""));
    let mut symbol = clean(part);
    if let Some((kingdom, rest)) = symbol.split_once('$')
        && kingdom.len() == 1
    {
        let end = rest.find("_Q").or(rest.find("_0")).unwrap_or(rest.len());
        symbol = rest[..end].to_string();
    }
    for suffix in SUFFIXES {
        if let Some(bare) = symbol.strip_suffix(suffix) {
            symbol.truncate(bare.len());
        }
    }
    symbol
}

/// In capitals, without what separates symbols and columns.
fn clean(text: &str) -> String {
    let kept = |letter: &char| !letter.is_whitespace() && !letter.is_control() && *letter != ',';
    text.chars().filter(kept).collect::<String>().to_uppercase()
}

fn read(path: &Path) -> Result<HashMap<String, Vec<String>>> {
    let mut seen = HashMap::new();
    let (rows, bad) = Lines::open(path)?.rows(|line, text| {
        let row = (!text.starts_with('#')).then(|| row(line, text, &mut seen))?;
        Some(row.map_err(|bad| bad.problem))
    })?;
    Error::bad_rows([(path, bad)])?;
    Ok(rows.into_iter().collect())
}

fn row(
    line: u64,
    text: &str,
    seen: &mut HashMap<String, u64>,
) -> Result<(String, Vec<String>), BadRow> {
    let fields: Vec<&str> = text.split('\t').map(str::trim).collect();
    let [matrix, symbols] = fields[..] else {
        return Err(bad(line, "not two columns, matrix and symbols"));
    };
    let symbols: Vec<String> = symbols.split(',').map(clean).collect();
    if matrix.is_empty() || symbols.iter().any(String::is_empty) {
        return Err(bad(line, "an empty name"));
    }
    once(seen, matrix, line)?;
    Ok((matrix.to_string(), symbols))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrices(names: &[(&str, &str)]) -> Vec<Matrix> {
        let matrix = |&(id, name): &(&str, &str)| Matrix::new(id, name, vec![[1.0; 4]]);
        names.iter().map(matrix).collect()
    }

    #[test]
    fn names_become_symbols() {
        for (name, wanted) in [
            ("CTCF", "CTCF"),
            ("FOS::JUN", "FOS JUN"),
            ("MAX::MYC", "MAX MYC"),
            ("Arnt(var.2)", "ARNT"),
            ("Ahr::Arnt", "AHR ARNT"),
            ("NFIC::TLX1", "NFIC TLX1"),
            ("JUN(var.2)::FOS", "JUN FOS"),
            ("CTCF_HUMAN.H11MO.0.A", "CTCF"),
            ("CTCF_MOUSE.H11DI.1.B", "CTCF"),
            ("CTCF.H12CORE.0.P.B", "CTCF"),
            ("NKX2-5.H12INVIVO.0.P.B", "NKX2-5"),
            ("CTCF(Zf)/CD4+-CTCF-ChIP-Seq(Barski_et_al.)/Homer", "CTCF"),
            ("PU.1(ETS)/ThioMac-PU.1-ChIP-Seq(GSE21512)/Homer", "PU.1"),
            (
                "1-ATGASTCA,BestGuess:Fosl2(bZIP)/3T3L1/Homer(0.97)",
                "FOSL2",
            ),
            ("V$CTCF_01", "CTCF"),
            ("V$HNF4_ALPHA_Q6", "HNF4_ALPHA"),
            ("Arid3a_primary", "ARID3A"),
            ("BHLHE41_full", "BHLHE41"),
            ("MAX::MAX", "MAX"),
            ("a b,c", "ABC"),
            ("(Zf)/Homer", "(ZF)/HOMER"),
            ("é.H", "É.H"),
        ] {
            assert_eq!(from_name(name).join(" "), wanted, "{name}");
        }
    }

    #[test]
    fn a_table_goes_before_the_names() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("symbols.tsv");
        std::fs::write(&path, "# mine\nM1\tTP53, tp63\nx\tY\nM3\tZ\nnobody\tA\n").unwrap();
        let matrices = matrices(&[("M1", "P53"), ("M2", "x"), ("M3", "x"), ("M4", "q")]);
        let got = Symbols::with_table(&matrices, &path).unwrap();
        assert_eq!(got.get(0), ["TP53", "TP63"]);
        assert_eq!(
            (got.get(1), got.get(2)),
            (&["Y".into()][..], &["Z".into()][..])
        );
        assert_eq!(got.get(3), ["Q"]);
        assert!(got.get(4).is_empty());
        assert_eq!(Symbols::of(&matrices).get(0), ["P53"]);
    }

    #[test]
    fn all_bad_rows_of_a_table_are_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("symbols.tsv");
        std::fs::write(&path, "M1\nM2\tA,\nM3\tA\nM3\tB\n\tA\n").unwrap();
        let Err(Error::BadRows { rows, .. }) = Symbols::with_table(&[], &path) else {
            panic!("the table is bad");
        };
        let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 2, 4, 5]);
    }
}
