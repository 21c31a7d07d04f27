//! The names and lengths of a 2bit file's sequences
//! (<https://genome.ucsc.edu/FAQ/FAQformat.html#format7>).

use std::io;
use std::path::Path;

use super::binary::Binary;
use super::chroms::ChromLengths;
use crate::error::{Error, IoContext, Result};

const MAGIC: u32 = 0x1A41_2743;

/// Reads the index of a 2bit file.
///
/// # Errors
///
/// A file that cannot be read or is not 2bit.
pub fn chroms(path: &Path) -> Result<ChromLengths> {
    let (mut file, _) = Binary::open(path, &[MAGIC])
        .at(path)?
        .ok_or_else(|| Error::format(path, "is not a 2bit file"))?;
    index(&mut file).map_err(|error| Error::format(path, format!("its index is broken: {error}")))
}

fn index(file: &mut Binary) -> io::Result<ChromLengths> {
    let _version = file.u32()?;
    let count = file.u32()?;
    let _reserved = file.u32()?;
    let mut places = Vec::new();
    for _ in 0..count {
        let length = file.u8()?;
        places.push((file.text(length.into())?, file.u32()?));
    }
    let mut chroms = ChromLengths::new();
    for (name, offset) in places {
        file.seek(offset.into())?;
        chroms.insert(name, file.u32()?);
    }
    Ok(chroms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::hub::testing;

    #[test]
    fn lengths_are_those_of_the_sequences() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.2bit");
        let wanted = [("chr1", 1000), ("chr2", 7)];
        testing::two_bit(&path, &wanted);
        let read = chroms(&path).unwrap();
        let read: Vec<(&str, u32)> = read.iter().map(|(n, &l)| (n.as_str(), l)).collect();
        assert_eq!(read, wanted);
    }

    #[test]
    fn a_cut_index_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.2bit");
        testing::two_bit(&path, &[("chr1", 1000)]);
        let bytes = std::fs::read(&path).unwrap();
        for length in 0..24 {
            std::fs::write(&path, &bytes[..length]).unwrap();
            assert!(chroms(&path).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn either_byte_order_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.2bit");
        let mut bytes = Vec::new();
        for number in [MAGIC, 0, 1, 0] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend(b"\x04chr1\0\0\0\x19\0\0\x03\xe8");
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(chroms(&path).unwrap()["chr1"], 1000);
    }
}
