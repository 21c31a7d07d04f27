use proptest::prelude::*;

use super::*;
use crate::compare::crispr::testing::{engreitz, table, transepi};

/// A gene of one exon: its name, first and last base, whether it codes, and what GTF says of its kind.
type Row<'a> = (&'a str, u32, u32, bool, &'a str);

/// On the forward strand of chr1, or on the reverse one where its end comes first.
fn gtf(rows: &[Row]) -> String {
    let part = |feature: &str, place: usize, &(gene, from, to, _, kind): &Row| {
        let (strand, start, end) = match from < to {
            true => ('+', from + 1, to),
            false => ('-', to + 1, from),
        };
        format!(
            "chr1\tx\t{feature}\t{start}\t{end}\t.\t{strand}\t.\tgene_id \"{gene}\"; transcript_id \"T{place}\";{kind}\n"
        )
    };
    let rows = rows.iter().enumerate().map(|(place, row)| {
        let exon = part("exon", place, row);
        match row.3 {
            true => exon + &part("CDS", place, row),
            false => exon,
        }
    });
    rows.collect()
}

fn read(table: &CrisprTable, text: &str, known: Option<&Chroms>) -> Result<Method> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("genes.gtf");
    std::fs::write(&path, text).unwrap();
    of_annotation(table, &path, known)
}

/// An element whose middle is 10,250, and genes that begin around it.
fn pairs() -> CrisprTable {
    table(&transepi(&[
        (10_000, 12_250, "A", true),
        (10_000, 13_250, "B", false),
        (10_000, 20_250, "C", false),
    ]))
}

const YES: Option<f64> = Some(1.0);
const NO: Option<f64> = Some(0.0);

#[test]
fn of_two_genes_as_near_both_are_the_nearest() {
    let table = table(&transepi(&[
        (10_000, 10_200, "A", true),
        (10_000, 10_300, "B", false),
        (10_000, 10_301, "C", false),
        // Another start site of the first gene.
        (10_000, 30_000, "A", false),
    ]));
    assert_eq!(of_table(&table).scores, [YES, YES, NO, YES]);
}

#[test]
fn genes_on_another_chromosome_are_not_the_nearest() {
    let rows = [(10_000, 10_250, "A", true), (10_000, 12_250, "B", false)];
    let text = transepi(&rows).replace("\tchr1\t10250\t", "\tchr2\t10250\t");
    let table = table(&text);
    assert_eq!(of_table(&table).scores, [NO, YES]);
    let of = read(
        &table,
        &gtf(&[("B", 12_250, 12_300, true, ""), ("X", 0, 9, true, "")]),
        None,
    );
    assert_eq!(of.unwrap().scores, [NO, YES]);
}

#[test]
fn genes_that_the_table_lacks_are_nearer() {
    let own = [
        ("A", 12_250, 12_400, true, ""),
        ("B", 13_250, 13_400, true, ""),
    ];
    let with = |more: Row| {
        let method = read(&pairs(), &gtf(&[own[0], own[1], more]), None).unwrap();
        (method.scores, method.about)
    };
    let (scores, about) = with(("X", 40_000, 40_100, true, ""));
    assert_eq!(scores, [YES, NO, NO]);
    assert_eq!(
        about,
        "1 for the nearest start site of the 3 protein-coding genes in genes.gtf, else 0; 1 of the table's 3 \
         genes are not named there and have the table's start sites alone"
    );
    // 1,999 bases away, to the left; on the reverse strand its last base is the start: 2,000.
    assert_eq!(with(("X", 8251, 8400, true, "")).0, [NO; 3]);
    assert_eq!(with(("X", 8251, 8000, true, "")).0, [YES, NO, NO]);
    assert_eq!(with(("X", 8252, 8000, true, "")).0, [NO; 3]);
    // One that codes for no protein, by what is said of it or by what it has.
    assert_eq!(with(("X", 10_250, 10_400, false, "")).0, [YES, NO, NO]);
    let kind = " gene_type \"lncRNA\";";
    assert_eq!(with(("X", 10_250, 10_400, true, kind)).0, [YES, NO, NO]);
    let kind = " gene_biotype \"protein_coding\";";
    assert_eq!(with(("X", 10_250, 10_400, false, kind)).0, [NO; 3]);
    // Another transcript of a gene that codes has a start site too.
    assert_eq!(with(("A", 10_250, 10_400, false, "")).0, [YES, NO, NO]);
    assert_eq!(with(("B", 10_250, 10_400, false, "")).0, [NO, YES, NO]);
    assert_eq!(with(("C", 10_250, 10_400, false, "")).0, [YES, NO, YES]);
}

#[test]
fn where_nothing_codes_all_genes_count() {
    let rows = [
        ("A", 12_250, 12_400, false, ""),
        ("X", 10_000, 10_400, false, ""),
    ];
    let method = read(&pairs(), &gtf(&rows), None).unwrap();
    assert_eq!(method.scores, [NO; 3]);
    assert!(
        method
            .about
            .contains("all 2 genes, of which none is said to code")
    );
}

#[test]
fn accessions_name_genes_without_their_versions() {
    let text = engreitz(&[(10_000, 12_250, "A", true), (10_000, 13_250, "B.2", false)]);
    let text = text
        .replace(
            "\tmeasuredGeneSymbol",
            "\tmeasuredGeneSymbol\tmeasuredGeneEnsemblId",
        )
        .replace("\tA\n", "\tA\tENSG1.4\n")
        .replace("\tB.2\n", "\tB.2\tNA\n");
    let table = table(&text);
    let rows = [
        ("ENSG1.7", 10_250, 12_400, true, ""),
        ("B.1", 10_240, 12_400, true, ""),
    ];
    let scores = read(&table, &gtf(&rows), None).unwrap().scores;
    assert_eq!(scores, [YES, NO]);
    // Beside another name of the gene too, as GENCODE has it.
    let named = gtf(&rows).replace(
        "gene_id \"ENSG1.7\";",
        "gene_id \"ENSG1.7\"; gene_name \"OTHER\";",
    );
    let method = read(&table, &named, None).unwrap();
    assert_eq!(method.scores, [YES, NO]);
    assert!(
        method.about.contains("; 1 of the table's 2 genes"),
        "{}",
        method.about
    );
}

#[test]
fn annotations_of_other_genes_and_assemblies_are_refused() {
    let names = ["A", "B", "C", "D", "E", "F"];
    let at = |place: usize| 1_000_000 * (place as u32 + 1);
    let rows: Vec<_> = (0..6)
        .map(|place| (at(place) - 5000, at(place), names[place], place == 0))
        .collect();
    let table = table(&transepi(&rows));
    let moved = |by: u32, genes: usize| -> String {
        let row = |place: usize| (names[place], at(place) + by, at(place) + by + 99, true, "");
        gtf(&(0..genes).map(row).collect::<Vec<_>>())
    };
    let of = |text: &str, known: Option<&Chroms>| read(&table, text, known);
    assert!(of(&moved(10_000, 6), None).is_ok());
    let said = of(&moved(10_001, 6), None).unwrap_err().to_string();
    assert!(
        said.ends_with(
            "of 6 genes that both name 6 begin over 10 kb from where the table has them"
        ),
        "{said}"
    );
    // Three of five are elsewhere, two of five, and all of too few to tell.
    let mixed = |elsewhere: usize| {
        let moved: String = moved(90_000, elsewhere);
        let rest = (elsewhere..5).map(|place| (names[place], at(place), at(place) + 9, true, ""));
        moved + &gtf(&rest.collect::<Vec<_>>()).replace("\"T", "\"U")
    };
    assert!(of(&mixed(3), None).is_err() && of(&mixed(2), None).is_ok());
    assert!(of(&moved(90_000, 4), None).is_ok());

    let said = of(&moved(0, 6).replace("gene_id \"", "gene_id \"mm"), None);
    let said = said.unwrap_err().to_string();
    assert!(
        said.ends_with("names none of the CRISPRi table's genes"),
        "{said}"
    );
    let known = Chroms::new([("chr1".to_string(), 6_000_050)]).unwrap();
    let said = of(&moved(0, 6), Some(&known)).unwrap_err().to_string();
    assert!(
        said.contains(":11: part of a transcript ends at 6000099, past the end of chr1"),
        "{said}"
    );
    let elsewhere = moved(0, 6).replace("chr1", "chr7");
    let said = of(&elsewhere, None).unwrap_err().to_string();
    assert!(said.contains("is of another assembly"), "{said}");
}

proptest! {
    #[test]
    fn the_nearest_gene_is_that_of_all_pairs(
        rows in prop::collection::vec((0u32..3000, 0u32..3000, 0usize..6), 2..40)
    ) {
        const GENES: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
        let rows: Vec<_> = rows
            .iter()
            .enumerate()
            .map(|(at, &(element, tss, gene))| (element, tss, GENES[gene], at == 0))
            .collect();
        let table = table(&transepi(&rows));
        let got = of_table(&table).scores;
        // An annotation of the same start sites says the same.
        let genes = rows.iter().map(|&(_, tss, gene, _)| (gene, tss, tss + 9, true, ""));
        let annotated = read(&table, &gtf(&genes.collect::<Vec<_>>()), None).unwrap();
        prop_assert_eq!(&annotated.scores, &got);
        for (&(element, _, gene, _), got) in rows.iter().zip(got) {
            let away = |tss: u32| (element + 250).abs_diff(tss);
            let least = rows.iter().map(|row| away(row.1)).min();
            let own = rows.iter().filter(|row| row.2 == gene).map(|row| away(row.1)).min();
            prop_assert_eq!(got, Some(f64::from(u8::from(own == least))));
        }
    }
}
