//! Arrays as NumPy writes them: `.npz`, a zip file of `.npy` files.
//!
//! Zip: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>, sections 4.3.7 to 4.3.16 and
//! 4.5.3; npy: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>. As
//! `numpy.savez` does it, the array is called `arr_0`, stored without compression, and its sizes
//! have 64 bits.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::Crc;

use crate::error::{Error, IoContext, Result};
use crate::output::Partial;

/// What `numpy.savez` calls its first array.
const NAME: &str = "arr_0.npy";
/// The version of the format that knows 64 bits.
const VERSION: u16 = 45;
/// 1 January 1980, the earliest that zip knows: the same array gives the same bytes.
const DATE: u16 = (1 << 5) | 1;
/// Where the checksum stands in the header of the first file.
const CRC_AT: u64 = 14;
/// In place of a number that has 64 bits and stands elsewhere.
const ELSEWHERE: u32 = u32::MAX;

/// An array of 32-bit floats in three dimensions that is written entry by entry of its first.
pub struct Npz {
    path: PathBuf,
    file: Partial,
    writer: BufWriter<File>,
    crc: Crc,
    shape: [usize; 3],
    written: usize,
    /// Of the npy file, in bytes.
    size: u64,
}

impl Npz {
    /// Begins an array of a shape; the caller adds as many entries as its first dimension says.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn new(path: &Path, shape: [usize; 3]) -> Result<Self> {
        let file = Partial::new(path);
        let mut writer = file.create()?;
        let npy = npy_header(shape);
        let values: u64 = shape.map(|length| length as u64).iter().product();
        let size = npy.len() as u64 + 4 * values;
        let mut crc = Crc::new();
        crc.update(&npy);
        let head = [local_header(size), npy].concat();
        writer.write_all(&head).at(file.target())?;
        Ok(Self {
            path: path.to_path_buf(),
            file,
            writer,
            crc,
            shape,
            written: 0,
            size,
        })
    }

    /// Adds an entry, its values row by row.
    ///
    /// # Errors
    ///
    /// An entry of another size, a full disk.
    pub fn add(&mut self, values: &[f32]) -> Result<()> {
        let [_, rows, columns] = self.shape;
        if values.len() != rows * columns {
            let problem = format!("{} values where {rows} × {columns} belong", values.len());
            return Err(Error::format(&self.path, problem));
        }
        let bytes: Vec<u8> = values.iter().flat_map(|of| of.to_le_bytes()).collect();
        self.crc.update(&bytes);
        self.written += 1;
        self.writer.write_all(&bytes).at(self.file.target())
    }

    /// The complete file, to which the caller gives its name.
    ///
    /// # Errors
    ///
    /// Fewer or more entries than were announced, a full disk.
    pub fn finish(mut self) -> Result<Partial> {
        let entries = self.shape[0];
        if self.written != entries {
            let problem = format!("{} entries were written of {entries}", self.written);
            return Err(Error::format(&self.path, problem));
        }
        self.end().at(self.file.target())?;
        Ok(self.file)
    }

    /// Writes the directory, and the checksum where a reader looks for it.
    fn end(&mut self) -> io::Result<()> {
        let (crc, offset) = (self.crc.sum(), local_header(0).len() as u64 + self.size);
        self.writer.write_all(&directory(crc, self.size, offset))?;
        self.writer.seek(SeekFrom::Start(CRC_AT))?;
        self.writer.write_all(&crc.to_le_bytes())?;
        self.writer.flush()
    }
}

/// What comes before the numbers of an npy file, padded so that they begin at a multiple of 64.
fn npy_header([entries, rows, columns]: [usize; 3]) -> Vec<u8> {
    let shape = format!("({entries}, {rows}, {columns})");
    let mut text = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    let fixed = b"\x93NUMPY\x01\x00\x00\x00".len();
    while !(fixed + text.len() + 1).is_multiple_of(64) {
        text.push(' ');
    }
    text.push('\n');
    let mut header = b"\x93NUMPY\x01\x00".to_vec();
    header.extend((text.len() as u16).to_le_bytes());
    header.extend(text.as_bytes());
    header
}

/// Little-endian numbers, one after the other.
#[derive(Default)]
struct Numbers(Vec<u8>);

impl Numbers {
    fn u16(mut self, numbers: &[u16]) -> Self {
        self.0
            .extend(numbers.iter().flat_map(|of| of.to_le_bytes()));
        self
    }

    fn u32(mut self, numbers: &[u32]) -> Self {
        self.0
            .extend(numbers.iter().flat_map(|of| of.to_le_bytes()));
        self
    }

    fn u64(mut self, numbers: &[u64]) -> Self {
        self.0
            .extend(numbers.iter().flat_map(|of| of.to_le_bytes()));
        self
    }

    /// The name of the file and, behind it, both of its sizes.
    fn name_and_sizes(mut self, size: u64) -> Self {
        self.0.extend(NAME.as_bytes());
        self.u16(&[1, 16]).u64(&[size, size])
    }
}

/// The header before a stored file; its checksum is not known yet (sections 4.3.7 and 4.5.3).
fn local_header(size: u64) -> Vec<u8> {
    let header = Numbers::default()
        .u32(&[0x0403_4b50])
        // Version, flags, method, time, date.
        .u16(&[VERSION, 0, 0, 0, DATE])
        .u32(&[0, ELSEWHERE, ELSEWHERE])
        .u16(&[NAME.len() as u16, 20]);
    header.name_and_sizes(size).0
}

/// The directory of one file, which begins at `offset`, and the end of a zip file (sections 4.3.12 and
/// 4.3.14 to 4.3.16).
fn directory(crc: u32, size: u64, offset: u64) -> Vec<u8> {
    let entry = Numbers::default()
        .u32(&[0x0201_4b50])
        // Made by and needed, flags, method, time, date.
        .u16(&[VERSION, VERSION, 0, 0, 0, DATE])
        .u32(&[crc, ELSEWHERE, ELSEWHERE])
        // Lengths of name, extra field and comment; disk, internal attributes.
        .u16(&[NAME.len() as u16, 20, 0, 0, 0])
        // External attributes, where the file begins.
        .u32(&[0, 0])
        .name_and_sizes(size)
        .0;
    let length = entry.len() as u64;
    let end = Numbers(entry)
        // The end with 64 bits, whose length counts from behind itself.
        .u32(&[0x0606_4b50])
        .u64(&[44])
        .u16(&[VERSION, VERSION])
        .u32(&[0, 0])
        .u64(&[1, 1, length, offset])
        // Where it begins.
        .u32(&[0x0706_4b50, 0])
        .u64(&[offset + length])
        .u32(&[1])
        // The end as it has always been.
        .u32(&[0x0605_4b50])
        .u16(&[0, 0, 1, 1])
        .u32(&[length as u32, ELSEWHERE])
        .u16(&[0]);
    end.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(bytes: &[u8], at: usize, length: usize) -> usize {
        let digits = bytes[at..at + length].iter().rev();
        digits.fold(0, |number, &digit| (number << 8) | usize::from(digit))
    }

    #[test]
    fn the_array_is_found_from_the_directory() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("array.npz");
        let entries = [[1.0f32, -2.5, 3.0, 0.0, 5.0, 6.0], [0.5; 6]];
        let mut npz = Npz::new(&path, [2, 2, 3]).unwrap();
        entries.iter().for_each(|entry| npz.add(entry).unwrap());
        npz.finish().unwrap().complete().unwrap();

        let bytes = std::fs::read(&path).unwrap();
        let end = bytes.len() - 22;
        assert_eq!(bytes[end..end + 4], *b"PK\x05\x06");
        let locator = end - 20;
        assert_eq!(bytes[locator..locator + 4], *b"PK\x06\x07");
        let end = number(&bytes, locator + 8, 8);
        assert_eq!(bytes[end..end + 4], *b"PK\x06\x06");
        let directory = number(&bytes, end + 48, 8);
        assert_eq!(bytes[directory..directory + 4], *b"PK\x01\x02");
        assert_eq!(directory + number(&bytes, end + 40, 8), end);
        let (name, extra) = (directory + 46, directory + 46 + NAME.len());
        assert_eq!(bytes[name..extra], *NAME.as_bytes());
        let size = number(&bytes, extra + 4, 8);

        // The first file begins at 0.
        assert_eq!(bytes[..4], *b"PK\x03\x04");
        let npy = 30 + number(&bytes, 26, 2) + number(&bytes, 28, 2);
        let npy = &bytes[npy..npy + size];
        let mut crc = Crc::new();
        crc.update(npy);
        for at in [CRC_AT as usize, directory + 16] {
            assert_eq!(number(&bytes, at, 4), crc.sum() as usize);
        }
        assert_eq!(npy[..8], *b"\x93NUMPY\x01\x00");
        let head = 10 + number(npy, 8, 2);
        assert_eq!(head % 64, 0);
        let text = std::str::from_utf8(&npy[10..head]).unwrap();
        assert!(text.starts_with("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 3), }"));
        assert!(text.ends_with('\n'));
        let values: Vec<u8> = entries
            .as_flattened()
            .iter()
            .flat_map(|of| of.to_le_bytes())
            .collect();
        assert_eq!(npy[head..], values);
    }

    #[test]
    fn what_was_announced_has_to_come() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("array.npz");
        let mut npz = Npz::new(&path, [2, 1, 2]).unwrap();
        let wrong = npz.add(&[1.0; 3]).unwrap_err().to_string();
        assert!(wrong.contains("3 values where 1 × 2 belong"), "{wrong}");
        npz.add(&[1.0; 2]).unwrap();
        let few = npz.finish().err().unwrap().to_string();
        assert!(few.contains("1 entries were written of 2"), "{few}");
        assert!(!path.exists());
    }
}
