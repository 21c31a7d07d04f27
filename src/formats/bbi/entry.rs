//! The items of a bigBed with what they say of themselves.

use std::io;

use crate::genome::Binary;

/// An item of a bigBed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// First base, 0-based.
    pub start: u32,
    /// One past the last base.
    pub end: u32,
    /// The fields behind the first three, with tabs between them.
    pub text: String,
}

impl Entry {
    /// Those of a section (table 12), not compressed, that lie on a chromosome, by its number.
    pub fn of_section(mut bytes: Binary<&[u8]>, chrom: u32) -> io::Result<Vec<Self>> {
        let mut entries = Vec::new();
        while !bytes.is_empty() {
            let own = bytes.u32()?;
            let (start, end) = (bytes.u32()?, bytes.u32()?);
            let mut text = bytes.up_to_zero(u64::MAX)?;
            // The zero at its end.
            text.pop();
            if own == chrom {
                let text = String::from_utf8_lossy(&text).into_owned();
                entries.push(Self { start, end, text });
            }
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_read_to_its_end() {
        let mut bytes = Vec::new();
        for (chrom, start, text) in [(2u32, 7u32, "a\tb"), (3, 8, "x"), (2, 9, "")] {
            for number in [chrom, start, start + 5] {
                bytes.extend(number.to_le_bytes());
            }
            bytes.extend(text.bytes());
            bytes.push(0);
        }
        let read = |bytes: &[u8]| Entry::of_section(Binary::little_endian(bytes), 2);
        let found = read(&bytes).unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|of| (of.start, of.end, of.text.as_str()))
            .collect();
        assert_eq!(found, [(7, 12, "a\tb"), (9, 14, "")]);
        assert!(read(&bytes[..bytes.len() - 1]).is_err());
        assert!(read(&bytes[..4]).is_err());
    }
}
