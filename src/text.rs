//! Text files that people bring along: plain or gzip, line by line.

mod base_url;
pub mod choice;
mod compression;
mod edits;
pub mod escape;
mod finite;
mod nearest;
mod thousands;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

pub use base_url::BaseUrl;
pub use compression::other as packed;
use compression::{GZIP, Gunzip};
pub use edits::edits;
pub use finite::finite;
pub use nearest::nearest;
pub use thousands::thousands;

use crate::error::{BadRow, Error, IoContext, Result, RowProblem};

/// The longest line of a table, in bytes.
const LONGEST: u64 = 1 << 20;

/// Opens a text file, decompressing gzip (and so bgzip).
///
/// # Errors
///
/// A file that cannot be read, or is packed otherwise.
pub fn open(path: &Path) -> Result<BufReader<Box<dyn Read>>> {
    let mut file = BufReader::new(File::open(path).at(path)?);
    let start = file.fill_buf().at(path)?;
    if let Some(other) = packed(start) {
        return Err(Error::format(path, other));
    }
    let reader: Box<dyn Read> = if start.starts_with(&GZIP) {
        Box::new(Gunzip::new(file))
    } else {
        Box::new(file)
    };
    Ok(BufReader::new(reader))
}

/// The lines of a text file with their numbers from 1, blank ones left out.
pub struct Lines<'a> {
    path: &'a Path,
    reader: BufReader<Box<dyn Read>>,
    number: u64,
    longest: u64,
}

impl<'a> Lines<'a> {
    /// Opens a file of lines of up to a megabyte.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn open(path: &'a Path) -> Result<Self> {
        Self::with_longest(path, LONGEST)
    }

    /// Opens a file whose lines have up to so many bytes.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn with_longest(path: &'a Path, longest: u64) -> Result<Self> {
        Ok(Self {
            path,
            reader: open(path)?,
            number: 0,
            longest,
        })
    }

    /// The next line that is not blank.
    ///
    /// # Errors
    ///
    /// A file that cannot be read to its end, such as gzip that was cut; a line that no text has: too
    /// long, with bytes of zero or with carriage returns inside.
    pub fn next_line(&mut self) -> Result<Option<(u64, String)>> {
        let mut bytes = Vec::new();
        while self.skip_empty().map_err(|error| self.here(error))? {
            bytes.clear();
            self.number += 1;
            let mut line = (&mut self.reader).take(self.longest + 1);
            let read = line.read_until(b'\n', &mut bytes);
            read.map_err(|error| self.here(error))?;
            if bytes.len() as u64 > self.longest {
                return Err(self.here("is longer than any that such a file has"));
            }
            if bytes.contains(&0) {
                return Err(
                    self.here("has bytes of zero: this is no text (or UTF-16: save it as UTF-8)")
                );
            }
            // What is not UTF-8 is no number and no name of a chromosome: its row will be bad.
            let line = String::from_utf8_lossy(&bytes);
            let line = line
                .trim_start_matches('\u{feff}')
                .trim_end_matches(['\n', '\r']);
            if line.contains('\r') {
                let said = "has carriage returns inside: lines have to end with a line feed (`tr '\\r' '\\n'`)";
                return Err(self.here(said));
            }
            if !line.trim().is_empty() {
                return Ok(Some((self.number, line.to_string())));
            }
        }
        Ok(None)
    }

    /// Passes over line ends; whether anything is left. A file of nothing else costs no more than to
    /// unpack it.
    fn skip_empty(&mut self) -> std::io::Result<bool> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let empty = buffer.iter().take_while(|byte| **byte == b'\n').count();
            if empty < buffer.len() || buffer.is_empty() {
                let left = !buffer.is_empty();
                self.pass(empty);
                return Ok(left);
            }
            self.pass(empty);
        }
    }

    fn pass(&mut self, line_ends: usize) {
        self.reader.consume(line_ends);
        self.number += line_ends as u64;
    }

    /// A problem of the line that was read last.
    fn here(&self, problem: impl std::fmt::Display) -> Error {
        Error::format(self.path, format!("line {} {problem}", self.number.max(1)))
    }

    /// What `parse` makes of the lines that are left and of their numbers, which makes nothing of those
    /// that are no rows; and the bad rows.
    ///
    /// # Errors
    ///
    /// See [`next_line`](Self::next_line).
    pub fn rows<T>(
        mut self,
        mut parse: impl FnMut(u64, &str) -> Option<Result<T, RowProblem>>,
    ) -> Result<(Vec<T>, Vec<BadRow>)> {
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        while let Some((line, text)) = self.next_line()? {
            match parse(line, &text) {
                None => {}
                Some(Ok(row)) => good.push(row),
                Some(Err(problem)) => bad.push(BadRow { line, problem }),
            }
        }
        Ok((good, bad))
    }
}
