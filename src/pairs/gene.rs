//! The gene that a pair's promoter belongs to, as tables name it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// What parts the names of a promoter of several genes: neither a comma nor white space, which end a
/// name in UCSC's indexes of words.
const BETWEEN: char = ';';
/// The most characters of one name, and the most bytes of all names of a promoter, of which the first
/// ones are kept: a `string` of UCSC's tables holds 255.
const LONGEST_NAME: usize = 60;
const LONGEST: usize = 250;

/// The columns that name a gene, the best first; upper case is lower case.
const COLUMNS: [&str; 12] = [
    "gene",
    "gene_name",
    "gene_symbol",
    "promoter_gene",
    "target_gene",
    "targetgene",
    "target_gene_name",
    "symbol",
    "gene_id",
    "ensembl_gene_id",
    "promoter_name",
    "prom_name",
];

/// All names that tables have had. Each is kept once, until the program ends, so that pairs, of which
/// there are many, carry a reference and can be copied.
static NAMES: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());

/// The gene of a promoter, by its name; of several, all names with `;` between them.
///
/// No name holds white space, a comma, `|` or a control character: `_` stands for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gene(&'static str);

impl Gene {
    /// From a field of a table, which may name several, between commas or semicolons; nothing where it
    /// names none (`.`, `-`, `NA`).
    pub fn new(field: &str) -> Option<Self> {
        let mut names: Vec<String> = Vec::new();
        let mut length = 0;
        for name in field.split([',', BETWEEN]).map(clean) {
            let is_none = matches!(name.as_str(), "" | "." | "-" | "NA");
            if is_none || names.contains(&name) {
                continue;
            }
            length += name.len() + 1;
            if length > LONGEST {
                break;
            }
            names.push(name);
        }
        (!names.is_empty()).then(|| Self(kept(&names.join(";"))))
    }

    /// The name, or all of them.
    pub fn name(self) -> &'static str {
        self.0
    }

    /// The genes one by one.
    pub fn each(self) -> impl Iterator<Item = &'static str> {
        self.0.split(BETWEEN)
    }
}

impl fmt::Display for Gene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A name as files may have it.
fn clean(name: &str) -> String {
    let letter = |c: char| match c {
        c if c.is_whitespace() || c.is_control() || c == '|' => '_',
        c => c,
    };
    name.trim().chars().take(LONGEST_NAME).map(letter).collect()
}

/// The one copy of a text.
fn kept(text: &str) -> &'static str {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(&known) = names.get(text) {
        return known;
    }
    let text: &'static str = Box::leak(Box::<str>::from(text));
    names.insert(text);
    text
}

/// Whether a column of a table names genes.
pub fn is_gene_column(name: &str) -> bool {
    COLUMNS.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Where a table names the gene of a pair.
#[derive(Debug, Clone, Default)]
pub struct GeneColumns(Vec<usize>);

impl GeneColumns {
    /// By the names of a table's columns.
    pub fn find(names: &[&str]) -> Self {
        let at = |wanted: &&str| {
            let mut names = names.iter();
            names.position(|name| name.eq_ignore_ascii_case(wanted))
        };
        Self(COLUMNS.iter().filter_map(at).collect())
    }

    /// The gene of a row, whose fields `field` gives: that of the first column that names one. A name
    /// that says where the promoter lies, as TargetFinder's do, is none.
    pub fn gene<'a>(&self, field: impl Fn(usize) -> Option<&'a str>) -> Option<Gene> {
        let fields = self.0.iter().filter_map(|&at| field(at));
        fields
            .filter(|text| !text.split('|').any(is_place))
            .find_map(Gene::new)
    }
}

/// Whether a text is `chrom:start-end`.
fn is_place(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let range = text
        .rsplit_once(':')
        .and_then(|(_, range)| range.split_once('-'));
    range.is_some_and(|(start, end)| is_number(start) && is_number(end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(field: &str) -> Option<&'static str> {
        Gene::new(field).map(Gene::name)
    }

    #[test]
    fn a_field_names_one_gene_or_several_or_none() {
        assert_eq!(name(" MYC "), Some("MYC"));
        assert_eq!(name("HLA-A,HLA-B; HLA-A"), Some("HLA-A;HLA-B"));
        for none in ["", " ", ".", "-", "NA", ";,"] {
            assert_eq!(name(none), None, "{none:?}");
        }
        assert_eq!(name("a b|c\td"), Some("a_b_c_d"));
        let genes = Gene::new("A;B").unwrap();
        assert_eq!(genes.each().collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(genes, Gene::new("A,B").unwrap());
    }

    #[test]
    fn the_best_column_that_names_a_gene_counts() {
        let columns = GeneColumns::find(&["promoter_name", "x", "Gene_ID", "gene"]);
        let gene = |fields: [&str; 4]| {
            let gene = columns.gene(|at| fields.get(at).copied());
            gene.map(Gene::name)
        };
        assert_eq!(gene(["P1", "x", "ENSG1.2", "MYC"]), Some("MYC"));
        assert_eq!(gene(["P1", "x", "ENSG1.2", "."]), Some("ENSG1.2"));
        assert_eq!(gene(["P1", "x", "", ""]), Some("P1"));
        assert_eq!(gene(["K562|chr1:10-20", "x", "", ""]), None);
        assert_eq!(gene(["chr1:10-20|K562|_", "x", "", ""]), None);
        assert_eq!(gene(["chr1:tss-2", "x", "", ""]), Some("chr1:tss-2"));
        let none = GeneColumns::find(&["enhancer_name", "label"]);
        assert_eq!(none.gene(|_| Some("MYC")), None);
    }

    proptest! {
        #[test]
        fn no_name_ends_a_field_or_is_too_long(field in "\\PC{0,400}[\\s,;|]{0,3}\\PC{0,40}") {
            if let Some(gene) = Gene::new(&field) {
                prop_assert!(gene.name().len() <= LONGEST && !gene.name().is_empty());
                let ends = |c: char| c.is_whitespace() || c.is_control() || ",|".contains(c);
                prop_assert!(!gene.name().contains(ends));
                prop_assert_eq!(Gene::new(gene.name()), Some(gene));
            }
        }
    }
}
