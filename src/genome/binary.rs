//! Numbers of a binary file in either byte order.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes that are read number by number. Nothing that they say is believed: a length asks for no
/// memory that the bytes do not fill.
pub struct Binary<R = BufReader<File>> {
    inner: R,
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

    /// The bytes of the whole file.
    pub fn length(&self) -> io::Result<u64> {
        self.inner.get_ref().metadata().map(|file| file.len())
    }

    /// Goes to a byte of the file.
    pub fn seek(&mut self, offset: u64) -> io::Result<()> {
        self.inner.seek(SeekFrom::Start(offset)).map(|_| ())
    }

    /// The file, from the next byte on.
    pub fn reader(&mut self) -> &mut BufReader<File> {
        &mut self.inner
    }

    /// A part of the file that was compressed, in the byte order of the file.
    pub fn part<'a>(&self, bytes: &'a [u8]) -> Binary<&'a [u8]> {
        Binary {
            inner: bytes,
            big_endian: self.big_endian,
        }
    }
}

impl Binary<&[u8]> {
    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.inner.len()
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.inner.is_empty()
    }
}

impl<R: BufRead> Binary<R> {
    /// Bytes with the low byte of a number first.
    pub fn little_endian(inner: R) -> Self {
        Self {
            inner,
            big_endian: false,
        }
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

    /// The next four bytes as a floating-point number.
    pub fn f32(&mut self) -> io::Result<f32> {
        self.array().map(f32::from_le_bytes)
    }

    /// The next eight bytes as a floating-point number.
    pub fn f64(&mut self) -> io::Result<f64> {
        self.array().map(f64::from_le_bytes)
    }

    /// The next `length` bytes.
    pub fn bytes(&mut self, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = self.inner.by_ref().take(length).read_to_end(&mut bytes)?;
        if (read as u64) < length {
            return Err(ended());
        }
        Ok(bytes)
    }

    /// Passes over the next `length` bytes.
    pub fn skip(&mut self, length: u64) -> io::Result<()> {
        let passed = io::copy(&mut self.inner.by_ref().take(length), &mut io::sink())?;
        if passed < length {
            Err(ended())
        } else {
            Ok(())
        }
    }

    /// The next `length` bytes as text, up to the first zero byte.
    pub fn text(&mut self, length: u64) -> io::Result<String> {
        let mut bytes = self.bytes(length)?;
        if let Some(end) = bytes.iter().position(|&byte| byte == 0) {
            bytes.truncate(end);
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The bytes up to the next zero byte and with it, which has to be among the next `longest`.
    pub fn up_to_zero(&mut self, longest: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut next = self.inner.by_ref().take(longest);
        next.read_until(0, &mut bytes)?;
        match bytes.last() {
            Some(0) => Ok(bytes),
            _ => Err(ended()),
        }
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        let read = self.inner.read_exact(&mut bytes);
        read.map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => ended(),
            _ => error,
        })?;
        if self.big_endian {
            bytes.reverse();
        }
        Ok(bytes)
    }
}

/// A file ends before what it says.
fn ended() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "it ends in the middle")
}

/// What a file says cannot be.
pub fn broken(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}
