//! GA4GH's digests of sequences and of collections of them: what two references share only if they hold
//! the same sequences under the same names in the same order, whatever the format.
//!
//! refget 2.0 (<https://samtools.github.io/hts-specs/refget.html>) and sequence collections 1.0
//! (<https://ga4gh.github.io/refget/seqcols/>).

use std::io::BufRead;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha512};

use super::two_bit::TwoBit;
use super::{Reference, SequenceFormat};
use crate::error::{IoContext, Result};
use crate::text;

/// Bases of a 2bit file that are read at a time.
const PIECE: u32 = 1 << 22;
/// Bytes of SHA-512 that count.
const BYTES: usize = 24;

/// The sequences of a reference, in the order of its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SequenceCollection {
    names: Vec<String>,
    /// `SQ.` and the digest of each one's letters.
    sequences: Vec<String>,
}

impl SequenceCollection {
    /// Reads all sequences of a reference.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        match Reference::open(path)?.format() {
            SequenceFormat::TwoBit => Self::of_two_bit(path),
            SequenceFormat::Fasta | SequenceFormat::Bgzip => Self::of_fasta(path),
        }
    }

    fn of_fasta(path: &Path) -> Result<Self> {
        let mut file = text::open(path)?;
        let mut collection = Self::default();
        let mut line = Vec::new();
        let mut digest = Sha512::new();
        while file.read_until(b'\n', &mut line).at(path)? > 0 {
            if let Some(header) = line.strip_prefix(b">") {
                collection.end(&mut digest);
                let header = String::from_utf8_lossy(header);
                let name = header.split_whitespace().next().unwrap_or_default();
                collection.names.push(name.to_string());
            } else {
                line.make_ascii_uppercase();
                digest.update(line.trim_ascii());
            }
            line.clear();
        }
        collection.end(&mut digest);
        Ok(collection)
    }

    fn of_two_bit(path: &Path) -> Result<Self> {
        let mut file = TwoBit::open(path)?;
        let chroms: Vec<(String, u32)> = file
            .chroms()
            .map(|(name, length)| (name.to_string(), length))
            .collect();
        let mut collection = Self::default();
        let mut digest = Sha512::new();
        for (name, length) in chroms {
            let mut start = 0;
            while start < length {
                let end = length.min(start.saturating_add(PIECE));
                let mut letters = file.letters(&name, start, end).at(path)?;
                letters.make_ascii_uppercase();
                digest.update(&letters);
                start = end;
            }
            collection.names.push(name);
            collection.end(&mut digest);
        }
        Ok(collection)
    }

    /// Ends the sequence of the last name, if it has none yet.
    fn end(&mut self, digest: &mut Sha512) {
        let whole = std::mem::take(digest).finalize();
        if self.sequences.len() < self.names.len() {
            self.sequences.push(format!("SQ.{}", encoded(&whole)));
        }
    }

    /// Each name and `SQ.` with the digest of its letters.
    pub fn sequences(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = self.names.iter().map(String::as_str);
        names.zip(self.sequences.iter().map(String::as_str))
    }

    /// The digest of the whole collection, of its names and sequences.
    pub fn digest(&self) -> String {
        let of = |texts: &[String]| sha512t24u(&canonical(texts));
        let (names, sequences) = (of(&self.names), of(&self.sequences));
        sha512t24u(&format!(
            "{{\"names\":\"{names}\",\"sequences\":\"{sequences}\"}}"
        ))
    }
}

/// Texts as JSON in RFC 8785's form.
fn canonical(texts: &[String]) -> String {
    let texts: Vec<String> = texts
        .iter()
        .map(|text| serde_json::Value::from(text.as_str()).to_string())
        .collect();
    format!("[{}]", texts.join(","))
}

fn sha512t24u(text: &str) -> String {
    encoded(&Sha512::digest(text))
}

fn encoded(digest: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&digest[..BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification, and its digests.
    const FASTA: &str = ">chrX\nTTGGGGAA\n>chr1\nGGAA\n>chr2\nGCGC\n";
    const SEQUENCES: [(&str, &str); 3] = [
        ("chrX", "SQ.iYtREV555dUFKg2_agSJW6suquUyPpMw"),
        ("chr1", "SQ.YBbVX0dLKG1ieEDCiMmkrTZFt_Z5Vdaj"),
        ("chr2", "SQ.AcLxtBuKEPk_7PGE_H4dGElwZHCujwH6"),
    ];
    const COLLECTION: &str = "XZlrcEGi6mlopZ2uD8ObHkQB1d0oDwKk";

    fn check(path: &Path) {
        let collection = SequenceCollection::read(path).unwrap();
        assert!(collection.sequences().eq(SEQUENCES), "{collection:?}");
        assert_eq!(collection.digest(), COLLECTION);
    }

    #[test]
    fn digests_are_those_of_the_specification_whatever_the_format() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.fa");
        std::fs::write(&path, FASTA).unwrap();
        check(&path);
        // Soft-masked, with descriptions, in short lines of another kind.
        let other = ">chrX the first\r\nTTgg\r\nGGAA\r\n>chr1\r\nGGAA\r\n>chr2\r\ngcgc\r\n";
        let path = dir.path().join("b.fa");
        std::fs::write(&path, other).unwrap();
        check(&path);
        let two_bit = dir.path().join("a.2bit");
        let mut reference = Reference::open(dir.path().join("a.fa")).unwrap();
        crate::genome::write_two_bit(&mut reference, &two_bit).unwrap();
        let read = SequenceCollection::read(&two_bit).unwrap();
        let mut sorted: Vec<_> = SEQUENCES.to_vec();
        sorted.sort_unstable();
        let mut found: Vec<_> = read.sequences().collect();
        found.sort_unstable();
        assert_eq!(found, sorted);
    }

    #[test]
    fn letters_that_are_no_bases_count() {
        let dir = tempfile::tempdir().unwrap();
        let digest = |letters: &str| {
            let path = dir.path().join("a.fa");
            std::fs::write(&path, format!(">a\n{letters}\n")).unwrap();
            std::fs::remove_file(dir.path().join("a.fa.fai")).ok();
            SequenceCollection::read(&path).unwrap().digest()
        };
        assert_ne!(digest("ACGTR"), digest("ACGTN"));
        assert_eq!(digest("acgtr"), digest("ACGTR"));
        assert_eq!(sha512t24u("ACGT"), "aKF498dAxcJAqme6QYQ7EZ07-fiw8Kw2");
    }
}
