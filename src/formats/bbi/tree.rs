//! The trees of chromosomes and of sections, whose nodes have one form (tables 9, 10, 15 to 17).

use std::io;

use crate::genome::{Binary, broken};

/// Shows all entries of the nodes that are reached from `root`, from left to right.
///
/// `size` is the bytes of an entry of a leaf or of another node; `entry` reads one and says where
/// the node is that it leads to. In a whole file no two nodes overlap: offsets that lead in
/// circles are found out once more bytes were read than there are.
pub fn walk(
    file: &mut Binary,
    root: u64,
    what: &str,
    size: impl Fn(bool) -> u64,
    mut entry: impl FnMut(&mut Binary, bool) -> io::Result<Option<u64>>,
) -> io::Result<()> {
    let mut left = file.length()?;
    let mut nodes = vec![root];
    while let Some(node) = nodes.pop() {
        file.seek(node)?;
        let leaf = file.u8()? == 1;
        let _reserved = file.u8()?;
        let count = file.u16()?;
        let first = nodes.len();
        for _ in 0..count {
            left = left
                .checked_sub(size(leaf))
                .ok_or_else(|| broken(format!("{what} that never ends")))?;
            nodes.extend(entry(file, leaf)?);
        }
        nodes[first..].reverse();
    }
    Ok(())
}
