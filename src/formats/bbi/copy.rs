//! The way of the sections from the file that bigtools wrote into ours.

use std::io::{self, Read, Write};

use flate2::bufread::ZlibDecoder;

use super::counted::Counted;
use super::depth::Depth;
use super::header::Header;
use super::index::Extent;
use super::kind::Kind;
use super::names::{self, Named};
use super::packer::Packer;
use super::section::Section;
use super::zoom::Zooms;
use crate::genome::{Binary, broken};

/// Sections that were copied.
pub struct Copied {
    /// What each one spans.
    pub extents: Vec<Extent>,
    /// All their items.
    pub items: u64,
    /// Bytes of the largest one, not compressed.
    pub largest: u32,
    /// The texts of the field that is indexed, each with its section.
    pub named: Vec<Named>,
}

/// Copies the sections of the raw file, and shows their items to the zoom levels; of a bigBed it takes the
/// texts of a field, if one is `indexed`.
pub fn sections(
    raw: &mut Binary,
    header: &Header,
    out: &mut Counted,
    zooms: &mut Zooms,
    indexed: Option<u16>,
) -> io::Result<Copied> {
    match header.kind {
        Kind::BigWig => of_big_wig(raw, header, out, zooms),
        Kind::BigBed { .. } => of_big_bed(raw, header, out, zooms, indexed),
    }
}

/// Those of a bigWig come without compression, and get another form where that takes fewer bytes.
fn of_big_wig(
    raw: &mut Binary,
    header: &Header,
    out: &mut Counted,
    zooms: &mut Zooms,
) -> io::Result<Copied> {
    if header.largest_section > 0 {
        return Err(broken("a raw file that is compressed"));
    }
    let first = out.written;
    let (mut items, mut largest) = (0, 0u32);
    let mut packer = Packer::default();
    // One lies behind the other, after their number.
    for _ in 0..header.count(raw)? {
        let section = Section::of_big_wig(raw)?;
        items += section.items.len() as u64;
        for item in &section.items {
            zooms.add(section.chrom, item)?;
        }
        for piece in section.pieces() {
            let bytes = piece.encode();
            largest = largest.max(bytes.len() as u32);
            packer.add(piece.extent(), bytes, out)?;
        }
    }
    let extents = packer.finish(out, first)?;
    Ok(Copied {
        extents,
        items,
        largest,
        named: Vec::new(),
    })
}

/// Those of a bigBed stay as they are, compressed.
fn of_big_bed(
    raw: &mut Binary,
    header: &Header,
    out: &mut Counted,
    zooms: &mut Zooms,
    indexed: Option<u16>,
) -> io::Result<Copied> {
    let (mut extents, mut items, mut named) = (Vec::new(), 0, Vec::new());
    let (mut depth, mut plain) = (Depth::default(), Vec::new());
    // One lies behind the other: bigtools puts the chromosomes after them.
    let mut place = header.data + 8;
    while place < header.chromosomes {
        raw.seek(place)?;
        let mut decoder = ZlibDecoder::new(raw.reader());
        plain.clear();
        decoder.read_to_end(&mut plain)?;
        let size = decoder.total_in();
        raw.seek(place)?;
        let compressed = raw.bytes(size)?;
        place += size;

        let section = Section::decode(raw.part(&plain), header.kind)?;
        items += section.items.len() as u64;
        if let Some(field) = indexed {
            let offset = out.written;
            let mut texts = names::texts(raw.part(&plain), field)?;
            texts.sort_unstable();
            texts.dedup();
            named.extend(texts.into_iter().map(|text| Named { text, offset, size }));
        }
        extents.push(Extent {
            offset: out.written,
            size,
            ..section.extent()
        });
        out.write_all(&compressed)?;
        for item in &section.items {
            depth.add(section.chrom, item, |chrom, run| zooms.add(chrom, run))?;
        }
    }
    depth.finish(|chrom, run| zooms.add(chrom, run))?;
    Ok(Copied {
        extents,
        items,
        largest: header.largest_section,
        named,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::formats::bbi::testing::{bigwig, raw_bigwig};

    /// Bytes from the number of sections up to what comes after them, whose offset is at `after` in
    /// the header.
    fn data(bytes: &[u8], after: usize) -> u64 {
        let offset = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
        offset(after) - offset(16)
    }

    #[test]
    fn values_of_bases_side_by_side_take_less_than_two_thirds() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        // Values as good as random, which are what hardly gets smaller.
        let value = |n: u32| n.wrapping_mul(2_654_435_761) as f32 / u32::MAX as f32 - 0.5;
        let values: Vec<_> = (0..8192).map(|n| (n, n + 1, value(n))).collect();
        raw_bigwig(&path, &values, |options| options.max_zooms = 0);
        let chromosomes_come_next = 8;
        let theirs = data(&fs::read(&path).unwrap(), chromosomes_come_next);
        bigwig(&path, &values);
        let index_comes_next = 24;
        let ours = data(&fs::read(&path).unwrap(), index_comes_next);
        assert!(3 * ours < 2 * theirs, "{ours} of {theirs} bytes");
    }

    #[test]
    fn sections_of_longer_items_have_the_bytes_that_bigtools_gives_them() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        let values: Vec<_> = (0..3000u32).map(|n| (n * 3, n * 3 + 2, n as f32)).collect();
        let sections = |after: usize| {
            let bytes = fs::read(&path).unwrap();
            let at = u64::from_le_bytes(bytes[16..24].try_into().unwrap()) as usize;
            bytes[at..at + data(&bytes, after) as usize].to_vec()
        };
        raw_bigwig(&path, &values, |options| options.max_zooms = 0);
        let theirs = sections(8);
        bigwig(&path, &values);
        assert_eq!(sections(24), theirs);
    }
}
