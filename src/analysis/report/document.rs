//! What a page of results holds: statements, figures, tables, how they were computed and from what.

use crate::figures::Figure;
use crate::output::provenance::Input;

/// What a page says.
#[derive(Debug, Clone, Default)]
pub struct Document<'a> {
    /// What it is about.
    pub title: String,
    /// One line more about it, such as the run and the number of pairs.
    pub about: String,
    /// The results in short.
    pub summary: Vec<Statement>,
    /// The results.
    pub sections: Vec<Section>,
    /// How they were computed: a paragraph each.
    pub methods: Vec<String>,
    /// The files that they were computed from, with what each is.
    pub inputs: Vec<(&'a str, Input)>,
    /// Names and values of the settings.
    pub settings: Vec<(&'a str, String)>,
    /// The version of epitrack.
    pub version: String,
}

/// Something that the data say, or why they do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What the page's style calls it.
    pub class: &'static str,
    /// What stands first.
    pub line: String,
    /// What follows it.
    pub rest: String,
}

impl Statement {
    /// A finding, in one line with its number, and what the line leaves out: sizes of sets,
    /// intervals, what it is compared with.
    pub fn made(finding: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            class: "statement",
            line: finding.into(),
            rest: detail.into(),
        }
    }

    /// What cannot be said, and why: too few of what, a file that was not given.
    pub fn unmade(about: &str, because: &str) -> Self {
        Self {
            class: "statement unmade",
            line: format!("{about}: no statement can be made"),
            rest: format!("because {because}"),
        }
    }
}

/// A part of a page.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its name.
    pub heading: String,
    /// What stands in it, in this order.
    pub blocks: Vec<Block>,
}

impl Section {
    /// Blocks under a name.
    pub fn new(heading: &str, blocks: Vec<Block>) -> Self {
        let heading = heading.to_string();
        Self { heading, blocks }
    }
}

/// What may stand in a section.
#[derive(Debug, Clone)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// A finding, or why there is none.
    Statement(Statement),
    /// A figure; they are numbered through.
    Figure {
        /// What it shows.
        caption: String,
        /// The drawing.
        figure: Figure,
        /// Where it lies as a file, and what it is drawn from: paths relative to the page's folder.
        files: Vec<String>,
    },
    /// A table; they are numbered through.
    Table(Table),
}

impl Block {
    /// The logos of a table's rows, from the first on: none of rows that have none.
    pub fn logos(&self) -> impl Iterator<Item = Option<&Figure>> {
        let logos = match self {
            Self::Table(table) => &table.logos[..],
            _ => &[],
        };
        let none = std::iter::repeat(None);
        logos.iter().map(Option::as_ref).chain(none)
    }
}

/// Rows of text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// For each row the matrix that it is about, as a logo; nothing in a table of other things.
    pub logos: Vec<Option<Figure>>,
    /// What it shows.
    pub caption: String,
    /// What its columns hold.
    pub columns: Vec<Column>,
    /// For each row a text for each column.
    pub rows: Vec<Vec<String>>,
    /// What has to be said about it, such as how many rows there are elsewhere; may be empty.
    pub note: String,
    /// Where all of it lies as a file: paths relative to the page's folder.
    pub files: Vec<String>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it holds, with the unit.
    pub name: String,
    /// Whether it holds numbers, which stand on the right.
    pub numbers: bool,
}

impl Column {
    /// A column of words.
    pub fn text(name: &str) -> Self {
        let (name, numbers) = (name.to_string(), false);
        Self { name, numbers }
    }

    /// A column of numbers.
    pub fn number(name: &str) -> Self {
        let (name, numbers) = (name.to_string(), true);
        Self { name, numbers }
    }
}
