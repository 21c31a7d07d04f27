//! Text files that people bring along: plain or gzip, line by line.

pub mod choice;
pub mod escape;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::error::{BadRow, Error, IoContext, Result, RowProblem};

/// Opens a text file, decompressing gzip (and so bgzip).
///
/// # Errors
///
/// A file that cannot be read.
pub fn open(path: &Path) -> Result<BufReader<Box<dyn Read>>> {
    let mut file = BufReader::new(File::open(path).at(path)?);
    let gzip = file.fill_buf().at(path)?.starts_with(&[0x1f, 0x8b]);
    let reader: Box<dyn Read> = if gzip {
        Box::new(MultiGzDecoder::new(file))
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
}

impl<'a> Lines<'a> {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn open(path: &'a Path) -> Result<Self> {
        Ok(Self {
            path,
            reader: open(path)?,
            number: 0,
        })
    }

    /// The next line that is not blank.
    ///
    /// # Errors
    ///
    /// A file that cannot be read to its end, such as gzip that was cut.
    pub fn next_line(&mut self) -> Result<Option<(u64, String)>> {
        loop {
            let mut bytes = Vec::new();
            let read = self.reader.read_until(b'\n', &mut bytes);
            self.number += 1;
            let read = read.map_err(|error| {
                Error::format(self.path, format!("line {}: {error}", self.number))
            })?;
            if read == 0 {
                return Ok(None);
            }
            // What is not UTF-8 is no number and no name of a chromosome: its row will be bad.
            let line = String::from_utf8_lossy(&bytes);
            let line = line
                .trim_start_matches('\u{feff}')
                .trim_end_matches(['\n', '\r']);
            if !line.trim().is_empty() {
                return Ok(Some((self.number, line.to_string())));
            }
        }
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
