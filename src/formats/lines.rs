//! Text files of one record a line.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use noodles_bgzf as bgzf;

use crate::error::{IoContext, Result};
use crate::output::Partial;

/// A text file that grows by lines, compressed with bgzip where its name ends in `.gz`; the caller
/// keeps their order.
pub struct Lines {
    file: Partial,
    writer: Writer,
}

enum Writer {
    Plain(BufWriter<File>),
    Bgzip(bgzf::io::Writer<BufWriter<File>>),
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
        let writer = match path.extension() {
            Some(ending) if ending == "gz" => Writer::Bgzip(bgzf::io::Writer::new(writer)),
            _ => Writer::Plain(writer),
        };
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
        let written = match &mut self.writer {
            Writer::Plain(writer) => writeln!(writer, "{line}"),
            Writer::Bgzip(writer) => writeln!(writer, "{line}"),
        };
        written.at(self.file.target())
    }

    /// The complete file, to which the caller gives its name.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn finish(self) -> Result<Partial> {
        self.writer.finish().at(self.file.target())?;
        Ok(self.file)
    }
}

impl Writer {
    fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(mut writer) => writer.flush(),
            Self::Bgzip(writer) => writer.finish()?.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_name_says_whether_lines_are_compressed() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a.tsv", "a.tsv.gz"] {
            let path = dir.path().join(name);
            let mut lines = Lines::new(&path, "one").unwrap();
            lines.add(&2).unwrap();
            lines.finish().unwrap().complete().unwrap();
            let bytes = std::fs::read(&path).unwrap();
            assert_eq!(bytes.starts_with(&[0x1f, 0x8b]), name.ends_with(".gz"));
            let mut text = String::new();
            crate::text::open(&path)
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
            assert_eq!(text, "one\n2\n", "{name}");
        }
    }
}
