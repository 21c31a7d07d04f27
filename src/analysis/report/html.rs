//! A document as one HTML file that needs nothing else.
//!
//! Everything that a user named is text: it is escaped and never becomes markup. Figures are
//! drawings inside the page, which have no ids and so cannot meet each other's. The page is
//! well-formed XML too, so that a test can take it apart.

#[cfg(test)]
mod tests;

use std::path::Path;

use askama::Template;

use crate::analysis::report::document::{Block, Document, Section, Table};
use crate::error::{Error, Result};
use crate::output;
use crate::text::escape;

#[derive(Template)]
#[template(path = "report.html", config = "assets/askama.toml")]
struct Page<'a> {
    document: &'a Document<'a>,
    /// With their headings.
    sections: Vec<(&'a str, Numbered<'a>)>,
}

/// Blocks, and the numbers of figures and tables.
type Numbered<'a> = Vec<(usize, &'a Block)>;

impl Document<'_> {
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
    let (columns, logos) = (table.columns.len(), table.logos.len());
    if logos > 0 && logos != table.rows.len() {
        let (caption, rows) = (&table.caption, table.rows.len());
        let problem = format!("{caption:?} has {logos} logos for {rows} rows");
        return Err(Error::Undefined(problem));
    }
    let ragged = table.rows.iter().find(|row| row.len() != columns);
    ragged.map_or(Ok(()), |row| {
        let (caption, texts) = (&table.caption, row.len());
        let problem = format!("a row of {caption:?} has {texts} texts for {columns} columns");
        Err(Error::Undefined(problem))
    })
}

/// The headings, and the blocks with their numbers: figures and tables are numbered through all
/// sections, each kind by itself.
fn numbered(sections: &[Section]) -> Vec<(&str, Numbered<'_>)> {
    let (mut figures, mut tables) = (0, 0);
    let mut numbered = Vec::new();
    for section in sections {
        let blocks = section.blocks.iter().map(|block| {
            let number = match block {
                Block::Figure { .. } => &mut figures,
                Block::Table(_) => &mut tables,
                Block::Text(_) | Block::Statement(_) => return (0, block),
            };
            *number += 1;
            (*number, block)
        });
        numbered.push((&*section.heading, blocks.collect()));
    }
    numbered
}
