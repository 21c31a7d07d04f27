//! A document as one HTML file that needs nothing else.
//!
//! Everything that a user named is text: it is escaped and never becomes markup. Figures are
//! drawings inside the page, which have no ids and so cannot meet each other's. The page is
//! well-formed XML too, so that a test can take it apart.

#[cfg(test)]
mod tests;

use std::path::Path;

use askama::Template;

use crate::analysis::report::document::{Block, Document, Section, Statement, Table};
use crate::error::{Error, Result};
use crate::output;
use crate::text::escape;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    document: &'a Document,
    sections: Vec<Numbered<'a>>,
}

/// A section whose figures and tables have their numbers.
struct Numbered<'a> {
    heading: &'a str,
    /// Numbers, of figures and tables only, and blocks.
    blocks: Vec<(usize, &'a Block)>,
}

impl Document {
    /// The page.
    ///
    /// # Errors
    ///
    /// A table with a row that has not one text for each column.
    pub fn html(&self) -> Result<String> {
        for section in &self.sections {
            for block in &section.blocks {
                if let Block::Table(table) = block {
                    check(table)?;
                }
            }
        }
        let page = Page {
            document: self,
            sections: numbered(&self.sections),
        };
        // askama leaves out the end of a template's last line.
        Ok(format!("{page}\n"))
    }

    /// Writes the page, complete or not at all.
    ///
    /// # Errors
    ///
    /// As [`Document::html`]; a folder that cannot be written to, a full disk.
    pub fn write(&self, path: &Path) -> Result<()> {
        output::write(path, self.html()?)
    }
}

fn check(table: &Table) -> Result<()> {
    let columns = table.columns.len();
    match table.rows.iter().find(|row| row.len() != columns) {
        Some(row) => Err(Error::Undefined(format!(
            "a row of {:?} has {} texts for {columns} columns",
            table.caption,
            row.len()
        ))),
        None => Ok(()),
    }
}

/// Figures and tables are numbered through all sections, each kind by itself.
fn numbered(sections: &[Section]) -> Vec<Numbered<'_>> {
    let (mut figures, mut tables) = (0, 0);
    let mut numbered = Vec::new();
    for section in sections {
        let mut blocks = Vec::new();
        for block in &section.blocks {
            let number = match block {
                Block::Figure { .. } => {
                    figures += 1;
                    figures
                }
                Block::Table(_) => {
                    tables += 1;
                    tables
                }
                Block::Text(_) | Block::Statement(_) => 0,
            };
            blocks.push((number, block));
        }
        numbered.push(Numbered {
            heading: &section.heading,
            blocks,
        });
    }
    numbered
}

impl Statement {
    /// What the page's style calls it.
    fn class(&self) -> &'static str {
        match self {
            Self::Made { .. } => "statement",
            Self::Unmade { .. } => "statement unmade",
        }
    }

    /// What stands first.
    fn line(&self) -> String {
        match self {
            Self::Made { finding, .. } => finding.clone(),
            Self::Unmade { about, .. } => format!("No statement can be made about {about}"),
        }
    }

    /// What follows it.
    fn rest(&self) -> String {
        match self {
            Self::Made { detail, .. } => detail.clone(),
            Self::Unmade { because, .. } => format!("because {because}"),
        }
    }
}
