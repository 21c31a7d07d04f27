use std::path::Path;

use super::*;
use crate::pairs::Pair;

const HEADER: &str =
    "enhancer_chrom,enhancer_start,enhancer_end,promoter_chrom,promoter_start,promoter_end,label\n";
const LENGTHS: Sides<u32> = Sides::new(60, 40);

fn chroms() -> Chroms {
    Chroms::new((1..=4).map(|c| (format!("chr{c}"), 10_000))).unwrap()
}

/// A table whose pairs are told by chromosome, start of the enhancer and label.
fn written(path: &Path, pairs: &[(u32, u32, &str)]) -> TableSource {
    let rows = pairs.iter().map(|(chrom, start, label)| {
        format!(
            "chr{chrom},{start},{},chr{chrom},5000,5100,{label}\n",
            start + 100
        )
    });
    std::fs::write(path, format!("{HEADER}{}", rows.collect::<String>())).unwrap();
    TableSource::plain(path).unwrap()
}

/// Two cell lines, A and B.
fn two(dir: &Path, a: &[(u32, u32, &str)], b: &[(u32, u32, &str)]) -> (CellLines, TableSource) {
    let others = vec![NamedTable {
        name: "B".to_string(),
        table: written(&dir.join("b.csv"), b),
    }];
    let first = "A".to_string();
    (CellLines { first, others }, written(&dir.join("a.csv"), a))
}

#[test]
fn tables_are_one_after_the_other_and_a_pair_may_have_both_labels() {
    let dir = tempfile::tempdir().unwrap();
    let (cells, first) = two(
        dir.path(),
        &[(1, 1000, "1"), (1, 2000, "0"), (2, 1000, "1")],
        // One class only, which the other table makes good.
        &[(1, 1000, "0"), (3, 1000, "0")],
    );
    let table = cells.read(&first, &chroms(), LENGTHS).unwrap();
    assert_eq!((table.pairs.len(), table.windows.len()), (5, 5));
    assert_eq!(table.classes(), (2, 3));
    let names: Vec<_> = (0..6).map(|place| table.cell(place)).collect();
    let [a, b] = ["A", "B"].map(Some);
    assert_eq!(names, [a, a, a, b, b, None]);
    assert_eq!(table.pairs[0].elements, table.pairs[3].elements);
    let lines: Vec<u32> = table.pairs.iter().map(|pair| pair.line).collect();
    assert_eq!(lines, [2, 3, 4, 2, 3]);
    // A table by itself has no cell lines.
    let alone = first.read(&chroms(), LENGTHS, Labels::Every).unwrap();
    assert_eq!((alone.cell(0), alone.cells.len()), (None, 0));
}

#[test]
fn bad_rows_of_all_tables_are_told_together() {
    let dir = tempfile::tempdir().unwrap();
    let (cells, first) = two(
        dir.path(),
        &[(1, 1000, "1"), (1, 2000, "maybe")],
        // In one table a pair stands once.
        &[(1, 1000, "0"), (9, 1000, "0"), (1, 1000, "1")],
    );
    let said = cells.read(&first, &chroms(), LENGTHS).unwrap_err();
    let said = said.to_string();
    for wanted in [
        "a.csv:3: label is not 0 or 1: \"maybe\"",
        "b.csv:3: the reference has no chromosome \"chr9\"",
        "b.csv:4: the same pair as line 2, with the other label",
    ] {
        assert!(said.contains(wanted), "{said}");
    }
    let (cells, first) = two(dir.path(), &[(1, 1000, "1")], &[(1, 2000, ".")]);
    let said = cells.read(&first, &chroms(), LENGTHS).unwrap_err();
    assert!(said.to_string().contains("b.csv:2: no field for label"));
    let (cells, first) = two(dir.path(), &[(1, 1000, "1")], &[(1, 2000, "1")]);
    let said = cells.read(&first, &chroms(), LENGTHS).unwrap_err();
    let wanted = "no table of the cell lines holds a negative pair";
    assert!(said.to_string().contains(wanted), "{said}");
}

#[test]
fn cell_lines_can_be_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let (cells, first) = two(dir.path(), &[(1, 1000, "1")], &[(1, 2000, "0")]);
    let rule = SplitRule::Chromosome { test: Vec::new() };
    cells.check(&first, &rule).unwrap();
    let refused = |cells: &CellLines, first: &TableSource| {
        let refused = cells.check(first, &rule).unwrap_err();
        refused.to_string()
    };
    for bad in ["", ".B", "B/C", "é", "a b"] {
        let mut cells = cells.clone();
        cells.others[0].name = bad.to_string();
        let said = refused(&cells, &first);
        assert!(said.contains("a cell line cannot be called"), "{said}");
    }
    let mut same = cells.clone();
    same.others[0].name = "a".to_string();
    let said = refused(&same, &first);
    assert!(said.contains("two cell lines are called a, "), "{said}");
    let said = refused(&cells, &cells.others[0].table);
    assert!(said.contains("A and B have one table"), "{said}");
    let error = cells.check(&first, &SplitRule::Random).unwrap_err();
    assert!(matches!(
        error,
        Error::Missing {
            input: MissingInput::WholeChromosomes,
            ..
        }
    ));
}

/// Of two cell lines, on chromosomes 1 to 3: A has both classes everywhere, B only positives on 3.
fn divided() -> (tempfile::TempDir, PairTable) {
    let dir = tempfile::tempdir().unwrap();
    let both = |chrom: u32| [(chrom, 1000, "1"), (chrom, 2000, "0")];
    let all: Vec<(u32, u32, &str)> = (1..=3).flat_map(both).collect();
    let mut of_b = all[..4].to_vec();
    of_b.extend([(3, 1000, "1"), (3, 2000, "1")]);
    let (cells, first) = two(dir.path(), &all, &of_b);
    let table = cells.read(&first, &chroms(), LENGTHS).unwrap();
    (dir, table)
}

fn split(dir: &Path, table: &PairTable, part: impl Fn(&Pair) -> &'static str) -> Split {
    let path = dir.join("given.tsv");
    let rows = table.pairs.iter().enumerate().map(|(place, pair)| {
        let (id, label) = (pair.id(&chroms()).to_string(), pair.label_text());
        let cell = table.cell(place).unwrap();
        format!("{id}\t{label}\t{}\t{cell}\n", part(pair))
    });
    std::fs::write(&path, rows.collect::<String>()).unwrap();
    let file = Input::new(&path).unwrap();
    let rule = SplitRule::File { file };
    Split::new(&rule, &table.pairs, &chroms(), (0.3, 0.3), 1).unwrap()
}

#[test]
fn a_cell_line_that_lacks_a_class_in_a_part_is_told() {
    let (dir, table) = divided();
    let parts = ["train", "validation", "test"];
    let by_chromosome = split(dir.path(), &table, |pair| {
        parts[pair.elements.enhancer.chrom.0 as usize]
    });
    check_parts(&table, &by_chromosome).unwrap();
    assert_eq!(
        lacks(&table, &by_chromosome),
        ["the test part holds no negative pair of B"]
    );
    // What is written is read back, with both labels of one pair, and tells the chromosomes.
    let path = dir.path().join("split.tsv");
    by_chromosome.write_of(&path, &table, &chroms()).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("pair\tlabel\tpart\tcell\n"), "{text}");
    assert!(text.contains("\t1\ttest\tB\n") && text.contains("\t0\ttest\tA\n"));
    let again = Split::read(&path, &table.pairs, &chroms()).unwrap();
    assert_eq!(again, by_chromosome);
    let of_b: Vec<Pair> = table.pairs[table.cells[1].places.clone()].to_vec();
    let parts_of_b = Split::read(&path, &of_b, &chroms()).unwrap();
    assert_eq!(parts_of_b.part(5), Part::Test);
    let chroms_of = crate::pairs::parts_of_chroms(&path, &chroms()).unwrap();
    let found: Vec<Part> = chroms_of.unwrap().into_values().collect();
    assert_eq!(found, [Part::Train, Part::Validation, Part::Test]);
    // In one cell line a pair has one label.
    let other = text.lines().last().unwrap().replace("\t1\t", "\t0\t");
    std::fs::write(&path, format!("{text}{other}\n")).unwrap();
    assert!(Split::read(&path, &table.pairs, &chroms()).is_err());
}

#[test]
fn cell_lines_are_divided_by_whole_chromosomes() {
    let (dir, table) = divided();
    // Pairs of chromosomes 2 and 3 stand on two sides.
    let random = split(dir.path(), &table, |pair| {
        let Sides { enhancer, .. } = pair.elements;
        match (enhancer.chrom.0, enhancer.start) {
            (0, _) => "train",
            (1, 1000) | (2, 2000) => "validation",
            _ => "test",
        }
    });
    let error = check_parts(&table, &random).unwrap_err();
    assert!(error.to_string().contains("whole chromosomes"), "{error}");
    let path = dir.path().join("split.tsv");
    random.write_of(&path, &table, &chroms()).unwrap();
    let parts = crate::pairs::parts_of_chroms(&path, &chroms()).unwrap();
    assert_eq!(parts, None);
}
