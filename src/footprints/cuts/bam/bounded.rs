//! Records of a BAM file whose sizes are believed only as far as any read goes.

use std::io::{self, Read};

use crate::genome::broken;

/// The largest record that is read, in bytes; the longest reads there are take a tenth of it.
const LARGEST_RECORD: u32 = 1 << 28;

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
            if self.left > LARGEST_RECORD {
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
        let mut bytes = vec![3, 0, 0, 0, 7, 8, 9, 0, 0, 0, 0];
        let mut passed = Vec::new();
        // In pieces of any size.
        let mut reader = Bounded::new(&bytes[..]);
        let mut one = [0];
        while reader.read(&mut one).unwrap() == 1 {
            passed.push(one[0]);
        }
        assert_eq!(passed, bytes);
        bytes.extend([0, 0, 0, 0xff]);
        let said = Bounded::new(&bytes[..]).read_to_end(&mut Vec::new());
        assert!(said.unwrap_err().to_string().contains("claims to take"));
    }
}
