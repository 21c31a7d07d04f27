//! The objects of a PDF file, and where they lie (ISO 32000-1, 7.5).

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::error::{Error, Result};

/// A file to which objects are added in the order of their numbers, from 1 on.
pub struct Objects {
    file: Vec<u8>,
    /// Where each object begins.
    places: Vec<usize>,
}

impl Objects {
    /// A file without objects. Four bytes above 127 tell programs that it is no text (7.5.2).
    pub fn empty() -> Self {
        Self {
            file: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
            places: Vec::new(),
        }
    }

    fn begin(&mut self, number: usize) {
        self.places.push(self.file.len());
        debug_assert_eq!(self.places.len(), number, "objects come by their numbers");
        self.push(&format!("{number} 0 obj\n"));
    }

    fn push(&mut self, text: &str) {
        self.file.extend_from_slice(text.as_bytes());
    }

    /// Adds an object.
    pub fn add(&mut self, number: usize, object: &str) {
        self.begin(number);
        self.push(object);
        self.push("\nendobj\n");
    }

    /// Adds bytes, compressed, with what else their dictionary says.
    pub fn stream(&mut self, number: usize, more: &str, bytes: &[u8]) -> Result<()> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
        let failed =
            |error: std::io::Error| Error::Undefined(format!("a PDF of this figure: {error}"));
        let compressed = written.map_err(failed)?;
        self.begin(number);
        let length = compressed.len();
        self.push(&format!(
            "<< /Length {length} /Filter /FlateDecode{more} >>\nstream\n"
        ));
        self.file.extend_from_slice(&compressed);
        self.push("\nendstream\nendobj\n");
        Ok(())
    }

    /// The file with the table of its objects, of which two are the catalog and what is said about the
    /// file.
    pub fn finish(mut self, catalog: usize, info: usize) -> Vec<u8> {
        let table = self.file.len();
        let count = self.places.len() + 1;
        // Each entry has 20 bytes (7.5.4).
        let mut text = format!("xref\n0 {count}\n0000000000 65535 f \n");
        for place in &self.places {
            text.push_str(&format!("{place:010} 00000 n \n"));
        }
        text.push_str(&format!(
            "trailer\n<< /Size {count} /Root {catalog} 0 R /Info {info} 0 R >>\n\
             startxref\n{table}\n%%EOF\n"
        ));
        self.push(&text);
        self.file
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::ZlibDecoder;

    use super::*;

    #[test]
    fn the_table_says_where_the_objects_begin() {
        let mut objects = Objects::empty();
        objects.add(1, "<< >>");
        objects.stream(2, " /Length1 5", b"hello").unwrap();
        objects.add(3, "(x)");
        let file = objects.finish(1, 3);
        let find = |text: &[u8]| file.windows(text.len()).position(|at| at == text).unwrap();
        let table = find(b"xref\n0 4\n");
        let end = String::from_utf8_lossy(&file[table..]).into_owned();
        assert!(end.ends_with(&format!("startxref\n{table}\n%%EOF\n")));
        for (entry, object) in [b"1 0 obj\n", b"2 0 obj\n", b"3 0 obj\n"]
            .iter()
            .enumerate()
        {
            // Behind `xref`, `0 4` and the entry of the object that there is not.
            let entry = &end[9 + 20 * (entry + 1)..][..20];
            assert_eq!(entry, format!("{:010} 00000 n \n", find(*object)));
        }
        let stream = find(b"stream\n") + 7;
        let mut text = String::new();
        ZlibDecoder::new(&file[stream..])
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "hello");
    }
}
