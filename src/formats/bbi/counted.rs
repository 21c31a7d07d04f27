//! A file that knows how much was written to it.

use std::fs::File;
use std::io::{self, BufWriter, Write};

/// A file that knows how much was written to it.
pub struct Counted {
    file: BufWriter<File>,
    /// Bytes, and so the place of the next one.
    pub written: u64,
}

impl Counted {
    /// For a file that is empty.
    pub fn new(file: BufWriter<File>) -> Self {
        Self { file, written: 0 }
    }

    /// The file, with all that was written.
    pub fn into_inner(self) -> io::Result<File> {
        self.file.into_inner().map_err(|error| error.into_error())
    }
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
