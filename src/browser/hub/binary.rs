//! Numbers of a binary file in either byte order.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// A file that is read number by number. Nothing that it says is believed: a length asks for no
/// memory that the file does not fill.
pub struct Binary {
    inner: BufReader<File>,
    big_endian: bool,
}

impl Binary {
    /// Opens a file and reads its magic number, which tells the byte order. `None` is any other
    /// file.
    pub fn open(path: &Path, magics: &[u32]) -> io::Result<Option<(Self, u32)>> {
        let mut binary = Self {
            inner: BufReader::new(File::open(path)?),
            big_endian: false,
        };
        let magic = match binary.u32() {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        };
        if magics.contains(&magic) {
            return Ok(Some((binary, magic)));
        }
        binary.big_endian = true;
        let magic = magic.swap_bytes();
        Ok(magics.contains(&magic).then_some((binary, magic)))
    }

    /// Goes to a byte of the file.
    pub fn seek(&mut self, offset: u64) -> io::Result<()> {
        self.inner.seek(SeekFrom::Start(offset)).map(|_| ())
    }

    /// The next byte.
    pub fn u8(&mut self) -> io::Result<u8> {
        self.array().map(u8::from_le_bytes)
    }

    /// The next two bytes.
    pub fn u16(&mut self) -> io::Result<u16> {
        self.array().map(u16::from_le_bytes)
    }

    /// The next four bytes.
    pub fn u32(&mut self) -> io::Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// The next eight bytes.
    pub fn u64(&mut self) -> io::Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// The next eight bytes as a floating-point number.
    pub fn f64(&mut self) -> io::Result<f64> {
        self.array().map(f64::from_le_bytes)
    }

    /// The next `length` bytes as text, up to the first zero byte.
    pub fn text(&mut self, length: u64) -> io::Result<String> {
        let mut bytes = Vec::new();
        let read = self.inner.by_ref().take(length).read_to_end(&mut bytes)?;
        let ended = bytes.iter().position(|&byte| byte == 0);
        if ended.is_none() && (read as u64) < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.truncate(ended.unwrap_or(read));
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.inner.read_exact(&mut bytes)?;
        if self.big_endian {
            bytes.reverse();
        }
        Ok(bytes)
    }
}
