use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;
use crate::error::{Error, Result};

const TAB3: &str = "#BioGRID Interaction ID\tOfficial Symbol Interactor A\tOfficial Symbol Interactor B\tSynonyms Interactor A\tSynonyms Interactor B\tExperimental System\tExperimental System Type\tOrganism ID Interactor A\tOrganism ID Interactor B\tOrganism Name Interactor A\n";

impl Interactome {
    /// Whether it names this gene, by its symbol or by a name of no other gene.
    fn names(&self, gene: &str) -> bool {
        self.gene(gene).is_some()
    }

    /// How two genes' proteins interact, without the walk of [`Interactome::orders`].
    fn order(&self, a: &str, b: &str) -> Option<Order> {
        let (a, b) = (self.gene(a)?, self.gene(b)?);
        if a == b {
            return self.binds_itself[a].then_some(Order::First);
        }
        if self.partners[a].binary_search(&(b as u32)).is_ok() {
            return Some(Order::First);
        }
        let mut common = self.partners[a].iter();
        common
            .any(|partner| self.partners[b].binary_search(partner).is_ok())
            .then_some(Order::Second)
    }
}

/// Reads a file of these bytes, in another way than the usual one where `change` says so.
fn read_bytes(bytes: &[u8], change: impl FnOnce(&mut InteractomeSource)) -> Result<Interactome> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("interactome");
    std::fs::write(&path, bytes).unwrap();
    let mut source = InteractomeSource::new(path);
    change(&mut source);
    Interactome::read(&source)
}

fn read(text: &str) -> Result<Interactome> {
    read_bytes(text.as_bytes(), |_| ())
}

fn refused(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

/// A row of [`TAB3`].
fn tab3(a: &str, b: &str, synonyms: [&str; 2], kind: &str, taxa: [u32; 2]) -> String {
    let ([of_a, of_b], [taxon_a, taxon_b]) = (synonyms, taxa);
    format!("1\t{a}\t{b}\t{of_a}\t{of_b}\tTwo-hybrid\t{kind}\t{taxon_a}\t{taxon_b}\tHomo sapiens\n")
}

fn physical(a: &str, b: &str) -> String {
    tab3(a, b, ["-", "-"], "physical", [9606; 2])
}

#[test]
fn biogrid_tells_what_counts() {
    let human = [9606; 2];
    let text = [
        TAB3.to_string(),
        physical("GATA2", "Pml"),
        physical("PML", "GATA2"),
        physical("PML", "SP1"),
        physical("MAX", "MAX"),
        physical("MAX", "-"),
        tab3("GATA2", "MYC", ["-", "-"], "genetic", human),
        tab3("GATA2", "Sp1", ["-", "-"], "physical", [9606, 10090]),
        tab3("SP1", "MAX", ["-", "-"], "physical", human),
    ]
    .concat();
    let read_it = read(&text).unwrap();
    assert_eq!(
        read_it.summary,
        Summary {
            format: Format::BioGrid,
            rows: 8,
            genes: 4,
            interactions: 3,
            self_interacting: 1,
            duplicates: 1,
            genetic: 1,
            other_organisms: 1,
            below_score: 0,
            nameless: 1,
            aliases: 0,
            ambiguous_aliases: 0,
        }
    );
    assert_eq!(read_it.order("gata2", "PML"), Some(Order::First));
    assert_eq!(read_it.order("GATA2", "SP1"), Some(Order::Second));
    assert_eq!(read_it.order("GATA2", "MAX"), None);
    assert!(!read_it.names("MYC"));

    let with_genetic = read_bytes(text.as_bytes(), |source| source.genetic = true).unwrap();
    assert_eq!(with_genetic.order("GATA2", "MYC"), Some(Order::First));
    let error = read_bytes(text.as_bytes(), |source| source.taxon = 10090)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("of 8 rows 0 are genetic, 8 of another organism"),
        "{error}"
    );
}

#[test]
fn a_protein_binds_itself_only_where_a_row_says_so() {
    let rows = [TAB3.to_string(), physical("A", "B"), physical("B", "B")].concat();
    let read_it = read(&rows).unwrap();
    assert_eq!(read_it.order("B", "B"), Some(Order::First));
    assert_eq!(read_it.order("A", "A"), None);
    let orders = read_it.orders(&["A", "B"]);
    assert_eq!(
        [orders.get(0, 0), orders.get(1, 1)],
        [None, Some(Order::First)]
    );
}

#[test]
fn synonyms_lead_to_one_gene_or_nowhere() {
    let rows = [
        TAB3.to_string(),
        tab3(
            "ABC1",
            "XYZ",
            ["old1|both|xyz", "both|NewX"],
            "physical",
            [9606; 2],
        ),
        tab3("ABC1", "DEF", ["old1|later", "-"], "physical", [9606; 2]),
    ]
    .concat();
    let read_it = read(&rows).unwrap();
    assert_eq!(read_it.order("OLD1", "newx"), Some(Order::First));
    assert_eq!(read_it.order("later", "DEF"), Some(Order::First));
    // A symbol is itself, even where another gene has it as a synonym.
    assert_eq!(read_it.order("xyz", "ABC1"), Some(Order::First));
    assert!(!read_it.names("both") && !read_it.names("-"));
    let Summary {
        aliases,
        ambiguous_aliases,
        ..
    } = &read_it.summary;
    assert_eq!((*aliases, *ambiguous_aliases), (3, 1));
}

#[test]
fn tab_2_is_read_by_its_header_in_gzip_too() {
    let text = "#BioGRID Interaction ID\tOfficial Symbol Interactor B\tOfficial Symbol Interactor A\tSynonymns Interactor A\tSynonyms Interactor B\tExperimental System Type\tOrganism Interactor A\tOrganism Interactor B\n1\tFLNC\tMAP2K4\tJNKK\tABPL\tphysical\t9606\t9606\n";
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let read_it = read_bytes(&gzip.finish().unwrap(), |_| ()).unwrap();
    assert_eq!(read_it.order("JNKK", "ABPL"), Some(Order::First));
}

#[test]
fn a_biogrid_file_cut_to_its_symbols_is_read() {
    let text = "#ID\tOfficial Symbol Interactor A\tOfficial Symbol Interactor B\n1\tA\tB\n";
    assert_eq!(read(text).unwrap().order("A", "B"), Some(Order::First));
    let error = refused("#ID\tOfficial Symbol Interactor A\n1\tA\n");
    assert!(error.contains("one interactor only"), "{error}");
}

fn read_string(links: &str, info: &str) -> Result<Interactome> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("info");
    std::fs::write(&path, info).unwrap();
    read_bytes(links.as_bytes(), |source| source.string_info = Some(path))
}

const INFO: &str = "#string_protein_id\tpreferred_name\tprotein_size\n9606.E1\tSP1\t785\n9606.E2\tMAX\t160\n9606.E3\tMYC\t454\n10090.E1\tSp1\t9\n";

#[test]
fn string_is_named_by_its_info_file() {
    let links = "protein1 protein2 experimental combined_score\n9606.E1 9606.E2 0 700\n9606.E2 9606.E1 0 700\n9606.E1 9606.E3 900 699\n10090.E1 10090.E2 0 999\n";
    let read_it = read_string(links, INFO).unwrap();
    assert_eq!(read_it.order("SP1", "MAX"), Some(Order::First));
    let Summary {
        format,
        rows,
        interactions,
        duplicates,
        below_score,
        other_organisms,
        ..
    } = &read_it.summary;
    assert_eq!((*format, *rows, *interactions), (Format::String, 4, 1));
    assert_eq!((*duplicates, *below_score, *other_organisms), (1, 1, 1));
}

#[test]
fn string_without_names_is_refused() {
    let links =
        "protein1 protein2 combined_score\n9606.E1 9606.E9 800\n9606.E1 9606.E2 x\n9606.E1\n";
    assert!(refused(links).contains("name proteins by accession"));
    let error = read_string(links, INFO).unwrap_err().to_string();
    for part in [
        "3 rows are bad",
        ":2: ",
        "has no protein \"9606.E9\"",
        ":3: ",
        ":4: no field for protein2",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    let error = read_string(links, "a\tb\n").unwrap_err().to_string();
    assert!(error.contains("protein.info"), "{error}");
    assert!(refused("protein1 protein2 score\n1 2 3\n").contains("combined_score"));
}

#[test]
fn two_columns_are_read_with_and_without_a_header() {
    for header in [
        "",
        "gene1\tgene2\n",
        "# from somewhere\nSymbol_A\tSymbol_B\n",
        "#a\nsource\ttarget\n",
        "protein1\tprotein2\n",
    ] {
        let read_it = read(&format!("{header}B-raf\tSP1\n\nSP1\tMAX\r\n")).unwrap();
        let Summary {
            format,
            rows,
            genes,
            ..
        } = &read_it.summary;
        assert_eq!(
            (*format, *rows, *genes),
            (Format::TwoColumns, 2, 3),
            "{header}"
        );
        assert_eq!(read_it.order("B-RAF", "MAX"), Some(Order::Second));
    }
    // Genes whose names look like a header's words in part only.
    assert!(read("TARGET\tGENEX\n").unwrap().names("target"));
}

#[test]
fn bad_rows_are_listed_together() {
    let error = refused("A\tB\nC\n\tD\nE\tF\tG\n");
    assert!(matches!(read("A\tB\nC\n"), Err(Error::BadRows { .. })));
    for part in [
        "3 rows are bad",
        ":2: no field for the second gene",
        ":3: no field for the first gene",
        ":4: 3 fields where two",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    let rows = TAB3.to_string() + "1\tA\n" + &physical("A", "B");
    assert!(refused(&rows).contains(":2: no field for"));
}

#[test]
fn a_file_of_bad_rows_is_not_listed_without_end() {
    let error = refused(&("A\tB\n".to_string() + &"C\n".repeat(5000)));
    assert!(error.lines().count() < 1010);
    assert!(
        error.contains(":1001: read no further: 1000 bad rows"),
        "{error}"
    );
}

#[test]
fn other_files_are_refused() {
    assert!(refused("PK\u{3}\u{4}rest\n").contains("zip"));
    assert!(refused(">chr1\nACGT\n").contains("is none of"));
    assert!(refused("chr1\t1\t2\n").contains("is none of"));
    assert!(refused("").contains("has no row"));
    assert!(refused("# nothing\n").contains("has no row"));
    assert!(refused("A\tA\n").contains("1 genes bind themselves"));
}

#[test]
fn genes_that_nobody_names_have_no_order() {
    let read_it = read("A\tB\n").unwrap();
    let orders = read_it.orders(&["ENSG1", "ENSG2"]);
    assert_eq!(orders.genes_named(), 0);
    assert_eq!(orders.get(0, 1), None);
    let orders = read_it.orders(&["A", "X"]);
    assert_eq!(orders.genes_named(), 1);
    assert!(orders.named(0, 0) && !orders.named(0, 1));
}

proptest! {
    /// Both ways to ask against a count over all third proteins.
    #[test]
    fn orders_are_those_of_the_rows(
        rows in prop::collection::vec((0u8..9, 0u8..9), 1..25)
    ) {
        prop_assume!(rows.iter().any(|(a, b)| a != b));
        let text: String = rows.iter().map(|(a, b)| format!("g{a}\tg{b}\n")).collect();
        let read_it = read(&text).unwrap();
        let interact = |a: u8, b: u8| rows.contains(&(a, b)) || rows.contains(&(b, a));
        let names: Vec<String> = (0..10).map(|gene| format!("G{gene}")).collect();
        let orders = read_it.orders(&names);
        for a in 0..10u8 {
            for b in 0..10u8 {
                let third = (0..9).any(|c| c != a && c != b && interact(a, c) && interact(b, c));
                let wanted = if interact(a, b) {
                    Some(Order::First)
                } else {
                    (a != b && third).then_some(Order::Second)
                };
                prop_assert_eq!(orders.get(a.into(), b.into()), wanted);
                prop_assert_eq!(read_it.order(&names[a as usize], &names[b as usize]), wanted);
            }
        }
    }
}
