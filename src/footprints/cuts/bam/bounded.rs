//! Records of a BAM file whose sizes are believed only as far as any read goes.

use std::io::{self, Read};
use std::ops::RangeInclusive;

use crate::genome::broken;

/// The bytes of a record that it has in any case, and the most that are read; the longest reads there
/// are take a tenth of that. noodles takes a record of no bytes for the end of the file.
const RECORD: RangeInclusive<u32> = 32..=1 << 28;

/// Reads of a BAM file, none of which claims to be larger than any is: noodles makes room for a record
/// before it has seen it.
pub struct Bounded<R> {
    inner: R,
    /// Bytes of the record that are still to come.
    left: u32,
    /// How many bytes of a size have come, and these.
    size: (usize, [u8; 4]),
}

impl<R> Bounded<R> {
    /// Of a reader that stands at the beginning of a record.
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            left: 0,
            size: (0, [0; 4]),
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left > 0 {
            let room = buffer.len().min(self.left as usize);
            let read = self.inner.read(&mut buffer[..room])?;
            self.left -= read as u32;
            return Ok(read);
        }
        let (had, size) = &mut self.size;
        let room = buffer.len().min(size.len() - *had);
        let read = self.inner.read(&mut buffer[..room])?;
        size[*had..*had + read].copy_from_slice(&buffer[..read]);
        *had += read;
        if *had == size.len() {
            self.left = u32::from_le_bytes(*size);
            *had = 0;
            if !RECORD.contains(&self.left) {
                return Err(broken(format!("a read claims to take {} bytes", self.left)));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_pass_and_one_that_no_read_fills_does_not() {
        let record = [&32u32.to_le_bytes()[..], &[7; 32]].concat();
        let bytes = record.repeat(2);
        let mut passed = Vec::new();
        // In pieces of any size.
        let mut reader = Bounded::new(&bytes[..]);
        let mut one = [0];
        while reader.read(&mut one).unwrap() == 1 {
            passed.push(one[0]);
        }
        assert_eq!(passed, bytes);
        for size in [0, 31, u32::MAX] {
            let bytes = [&record[..], &size.to_le_bytes()].concat();
            let said = Bounded::new(&bytes[..]).read_to_end(&mut Vec::new());
            assert!(said.unwrap_err().to_string().contains("claims to take"));
        }
    }
}
