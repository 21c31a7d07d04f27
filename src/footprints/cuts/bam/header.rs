//! The header of a BAM file (SAM specification, section 4.2).

use std::io::{self, Read};

use noodles_bam as bam;
use noodles_bgzf as bgzf;

use crate::genome::{Binary, broken};

/// The reference sequences of a BAM file, names and lengths, from its beginning; the next to read is
/// the first record. The header's text, which says them again and much else that programs write wrongly,
/// is passed over.
pub fn read<R: Read>(
    reader: &mut bam::io::Reader<bgzf::io::Reader<R>>,
) -> io::Result<Vec<(String, u32)>> {
    let mut file = Binary::little_endian(reader.get_mut());
    if file.bytes(4)? != b"BAM\x01" {
        return Err(broken("is no BAM file"));
    }
    let text = file.u32()?;
    file.skip(text.into())?;
    let mut sequences = Vec::new();
    for _ in 0..file.u32()? {
        let length = file.u32()?;
        sequences.push((file.text(length.into())?, file.u32()?));
    }
    Ok(sequences)
}
