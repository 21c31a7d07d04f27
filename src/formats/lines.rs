//! Text files of one record a line.

use std::fmt::Display;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::error::{IoContext, Result};
use crate::output::Partial;

/// A text file that grows by lines; the caller keeps their order.
pub struct Lines {
    file: Partial,
    writer: BufWriter<File>,
}

impl Lines {
    /// Begins a file, with a header if there is one.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn new(path: &Path, header: &str) -> Result<Self> {
        let file = Partial::new(path);
        let writer = file.create()?;
        let mut lines = Self { file, writer };
        if !header.is_empty() {
            lines.add(&header)?;
        }
        Ok(lines)
    }

    /// Adds a line.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn add(&mut self, line: &impl Display) -> Result<()> {
        writeln!(self.writer, "{line}").at(self.file.path())
    }

    /// The complete file, to which the caller gives its name.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn finish(mut self) -> Result<Partial> {
        self.writer.flush().at(self.file.path())?;
        Ok(self.file)
    }
}
