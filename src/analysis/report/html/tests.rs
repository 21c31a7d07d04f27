use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::analysis::report::document::*;
use crate::element::Sides;
use crate::figures::{TwoFractions, logo, occupied_capture};
use crate::output::provenance::Input;

const HOSTILE: &str = "<script>alert('x')</script> & \"漢字\"\u{0}\n{{inputs}} ]]> --> </style>";

/// A page with these words wherever a user may give some.
fn report(words: &str) -> Document<'_> {
    let text = || words.to_string();
    let matrix = TwoFractions {
        name: words,
        x: 0.2,
        y: 0.3,
        significant: true,
    };
    let sides = Sides {
        enhancer: &[matrix][..],
        promoter: &[],
    };
    let figure = occupied_capture(words, words, sides).unwrap();
    let block = Block::Figure {
        caption: text(),
        figure,
        files: vec![format!("figures/{words}.svg"), "figures/a.tsv".to_string()],
    };
    let table = Table {
        logos: Vec::new(),
        caption: text(),
        columns: vec![Column::text(words), Column::number("q")],
        rows: vec![vec![text(), "0.05".to_string()], vec![text(), text()]],
        note: text(),
        files: vec![text()],
    };
    let section = Section {
        heading: text(),
        blocks: vec![
            Block::Text(text()),
            Block::Statement(Statement::unmade(words, words)),
            block.clone(),
            Block::Table(table),
            block,
        ],
    };
    Document {
        title: text(),
        about: text(),
        summary: vec![
            Statement::made(words, words),
            Statement::unmade(words, words),
        ],
        sections: vec![section.clone(), section],
        methods: vec![text(), text()],
        inputs: vec![(
            words,
            Input {
                path: PathBuf::from(words),
                sha256: text(),
            },
        )],
        settings: vec![(words, text())],
        version: text(),
    }
}

/// The page as a tree: it is well-formed.
fn parsed(html: &str) -> roxmltree::Document<'_> {
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    roxmltree::Document::parse_with_options(html, options).unwrap()
}

fn named<'a>(
    tree: &'a roxmltree::Document,
    name: &'a str,
) -> impl Iterator<Item = roxmltree::Node<'a, 'a>> {
    tree.descendants()
        .filter(move |node| node.tag_name().name() == name)
}

fn words_of(node: roxmltree::Node) -> String {
    node.descendants()
        .filter_map(|node| node.text().filter(|_| node.is_text()))
        .collect()
}

#[test]
fn hostile_words_stay_words() {
    let plain = report("plain").html().unwrap();
    let hostile = report(HOSTILE).html().unwrap();
    let (plain, hostile) = (parsed(&plain), parsed(&hostile));
    let shape = |tree: &roxmltree::Document| -> Vec<String> {
        let elements = tree.descendants().filter(|node| node.is_element());
        // Drawings are as large as their words.
        let outside = elements.filter(|node| {
            !node
                .ancestors()
                .any(|above| above.tag_name().name() == "svg")
        });
        outside
            .map(|node| node.tag_name().name().to_string())
            .collect()
    };
    assert_eq!(shape(&plain), shape(&hostile));
    assert_eq!(named(&hostile, "script").count(), 0);
    let kept = HOSTILE.replace('\0', "\u{fffd}");
    for element in ["h1", "h2", "li", "dt", "dd", "td", "th", "footer"] {
        let found = named(&hostile, element).any(|node| words_of(node).contains(&kept));
        assert!(found, "{element}");
    }
}

#[test]
fn nothing_is_loaded_and_no_id_comes_twice() {
    let html = report(HOSTILE).html().unwrap();
    let tree = parsed(&html);
    let mut ids = BTreeSet::new();
    for node in tree.descendants() {
        if let Some(id) = node.attribute("id") {
            assert!(ids.insert(id), "{id}");
        }
        assert_eq!(node.attribute("src"), None);
        if let Some(address) = node.attribute("href") {
            let inside = address.strip_prefix('#').map(|id| id.to_string());
            let relative = address.starts_with("./") && !address.contains(':');
            assert!(
                inside.is_some() || relative || address == "data:,",
                "{address}"
            );
        }
    }
    for link in named(&tree, "a").filter_map(|node| node.attribute("href")) {
        if let Some(id) = link.strip_prefix('#') {
            assert!(ids.contains(id), "{link}");
        }
    }
    assert!(!html.contains("@import") && !html.contains("url("));
}

#[test]
fn figures_and_tables_are_numbered_through_the_sections() {
    let html = report("words").html().unwrap();
    let tree = parsed(&html);
    let numbers: Vec<String> = named(&tree, "figcaption")
        .chain(named(&tree, "p").filter(|node| node.attribute("class") == Some("caption")))
        .map(|node| {
            words_of(node)
                .split(" words")
                .next()
                .unwrap_or_default()
                .to_string()
        })
        .collect();
    let wanted = [
        "Figure 1.",
        "Figure 2.",
        "Figure 3.",
        "Figure 4.",
        "Table 1.",
        "Table 2.",
    ];
    assert_eq!(numbers, wanted);
    assert_eq!(named(&tree, "svg").count(), 4);
}

#[test]
fn what_cannot_be_said_is_said() {
    let mut report = report("x");
    report.summary = vec![Statement::unmade(
        "TF pairs",
        "there are 4 positive pairs, fewer than 20",
    )];
    let html = report.html().unwrap();
    let tree = parsed(&html);
    let list = named(&tree, "li").find(|node| node.attribute("class") == Some("statement unmade"));
    assert_eq!(
        list.map(words_of).unwrap(),
        "TF pairs: no statement can be made because there are 4 positive pairs, fewer than 20"
    );
}

#[test]
fn a_ragged_table_is_refused_and_nothing_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.html");
    let mut report = report("x");
    report.write(&path).unwrap();
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        report.html().unwrap()
    );
    std::fs::remove_file(&path).unwrap();
    for block in &mut report.sections[0].blocks {
        if let Block::Table(table) = block {
            table.rows[1].pop();
        }
    }
    let refused = report.write(&path).unwrap_err().to_string();
    assert!(refused.contains("1 texts for 2 columns"), "{refused}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_row_shows_its_logo() {
    let mut report = report("x");
    let logo = logo("CTCF", &[[1.0, 0.0, 0.0, 0.0], [0.1, 0.2, 0.3, 0.4]]).unwrap();
    for block in &mut report.sections[0].blocks {
        if let Block::Table(table) = block {
            table.logos = vec![None, Some(logo.clone())];
        }
    }
    let html = report.html().unwrap();
    let tree = parsed(&html);
    let is_logo = |node: &roxmltree::Node| node.attribute("class") == Some("logo");
    let cells: Vec<_> = named(&tree, "td").filter(is_logo).collect();
    let drawings = |cell: &roxmltree::Node| {
        let below = cell.descendants();
        below.filter(|node| node.tag_name().name() == "svg").count()
    };
    assert_eq!(cells.iter().map(drawings).collect::<Vec<_>>(), [0, 1]);
    assert!(words_of(cells[1]).contains("CTCF"));
    // The head has a column more, too; the table of the other section has none.
    assert_eq!(
        named(&tree, "th")
            .filter(|node| words_of(*node) == "logo")
            .count(),
        1
    );
}

#[test]
fn an_empty_report_is_a_page() {
    let html = Document::default().html().unwrap();
    assert_eq!(named(&parsed(&html), "h2").count(), 3);
}
