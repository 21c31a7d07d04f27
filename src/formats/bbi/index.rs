//! The R tree through which readers find sections: tables 14 to 17 of the supplement.

use std::io::{self, Write};
use std::ops::Range;

use super::counted::Counted;
use super::tree;
use crate::genome::{Binary, broken};

/// Entries of a node.
const NODE: usize = 256;
/// Bytes of the tree's head (table 14), of a node's, of an entry of a leaf and of one further up.
const TREE_HEAD: u64 = 48;
const HEAD: u64 = 4;
const LEAF_ENTRY: u64 = 32;
const ENTRY: u64 = 24;
const MAGIC: u32 = 0x2468_ACE0;

/// What a section or a node spans, and where it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extent {
    /// The first item's chromosome, and the first base of any item on it.
    pub first: (u32, u32),
    /// The last chromosome, and one past the last base of any item on that.
    pub last: (u32, u32),
    /// Its place in the file, in bytes.
    pub offset: u64,
    /// Its bytes.
    pub size: u64,
}

/// Places and sizes of the sections that may hold something of some bases of a chromosome, from left
/// to right.
pub fn search(
    file: &mut Binary,
    index: u64,
    chrom: u32,
    bases: &Range<u32>,
) -> io::Result<Vec<(u64, u64)>> {
    sections(file, index, |first, last| {
        first < (chrom, bases.end) && (chrom, bases.start) < last
    })
}

/// Places and sizes of the sections whose nodes, and which themselves, are wanted by what they span.
pub fn sections(
    file: &mut Binary,
    index: u64,
    wanted: impl Fn((u32, u32), (u32, u32)) -> bool,
) -> io::Result<Vec<(u64, u64)>> {
    file.seek(index)?;
    if file.u32()? != MAGIC {
        return Err(broken("no index"));
    }
    let _block_size = file.u32()?;
    // UCSC's tools write no root where there is no item.
    if file.u64()? == 0 {
        return Ok(Vec::new());
    }
    let mut sections = Vec::new();
    let size = |leaf| if leaf { LEAF_ENTRY } else { ENTRY };
    tree::walk(file, index + TREE_HEAD, "an index", size, |file, leaf| {
        let first = (file.u32()?, file.u32()?);
        let last = (file.u32()?, file.u32()?);
        let offset = file.u64()?;
        let hit = wanted(first, last);
        if !leaf {
            return Ok(hit.then_some(offset));
        }
        let size = file.u64()?;
        sections.extend(hit.then_some((offset, size)));
        Ok(None)
    })?;
    Ok(sections)
}

/// Writes the index of sections that come in the order of their starts.
pub fn write(out: &mut Counted, sections: &[Extent]) -> io::Result<()> {
    let at = out.written;
    let all = joined(sections);
    out.write_all(&MAGIC.to_le_bytes())?;
    out.write_all(&(NODE as u32).to_le_bytes())?;
    out.write_all(&(sections.len() as u64).to_le_bytes())?;
    write_span(out, &all)?;
    out.write_all(&at.to_le_bytes())?;
    // One section is what a reader gets for an entry.
    out.write_all(&1u32.to_le_bytes())?;
    out.write_all(&[0; 4])?;
    for (level, nodes) in levels(sections, out.written).iter().enumerate().rev() {
        for node in nodes.chunks(NODE) {
            write_node(out, node, level == 0)?;
        }
    }
    Ok(())
}

/// The entries of each level's nodes, the leaves' first. Nodes lie level by level from `first` on,
/// the root at the head, each with room for [`NODE`] entries as UCSC's are.
fn levels(sections: &[Extent], first: u64) -> Vec<Vec<Extent>> {
    let mut levels = vec![sections.to_vec()];
    while let Some(below) = levels.last().filter(|below| below.len() > NODE) {
        levels.push(below.chunks(NODE).map(joined).collect());
    }
    let mut offset = first;
    for level in (1..levels.len()).rev() {
        offset += levels[level].len().div_ceil(NODE) as u64 * (HEAD + NODE as u64 * ENTRY);
        let entry = if level == 1 { LEAF_ENTRY } else { ENTRY };
        let size = HEAD + NODE as u64 * entry;
        for (node, place) in levels[level].iter_mut().zip(0..) {
            node.offset = offset + place * size;
        }
    }
    levels
}

/// What neighbours span together: up to the largest end in them, which need not be the last's.
fn joined(extents: &[Extent]) -> Extent {
    let both = |all: Extent, next: Extent| Extent {
        first: all.first.min(next.first),
        last: all.last.max(next.last),
        ..all
    };
    extents.iter().copied().reduce(both).unwrap_or_default()
}

fn write_span(out: &mut impl Write, extent: &Extent) -> io::Result<()> {
    for (chrom, base) in [extent.first, extent.last] {
        out.write_all(&chrom.to_le_bytes())?;
        out.write_all(&base.to_le_bytes())?;
    }
    Ok(())
}

fn write_node(out: &mut impl Write, entries: &[Extent], leaf: bool) -> io::Result<()> {
    out.write_all(&[u8::from(leaf), 0])?;
    out.write_all(&(entries.len() as u16).to_le_bytes())?;
    for entry in entries {
        write_span(out, entry)?;
        out.write_all(&entry.offset.to_le_bytes())?;
        if leaf {
            out.write_all(&entry.size.to_le_bytes())?;
        }
    }
    let entry = if leaf { LEAF_ENTRY } else { ENTRY };
    let slack = (NODE - entries.len()) * entry as usize;
    out.write_all(&vec![0; slack])
}
