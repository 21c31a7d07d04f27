//! The index through which readers find a bigBed's items by the text of a field: UCSC's extra index, a
//! B+ tree whose keys are the texts and whose values are the sections that hold them.
//!
//! The tree is that of `src/lib/bPlusTree.c`, what points to it that of `src/lib/bigBed.c` and
//! `src/inc/bbiFile.h` (<https://github.com/ucscGenomeBrowser/kent>). Readers take a tree that has a key
//! several times, once for each section.

use std::io::{self, Write};

use super::counted::Counted;
use crate::genome::{Binary, broken};

/// The tree's first four bytes, as a number.
const MAGIC: u32 = 0x78CA_8C91;
/// The most entries of a node.
const NODE: usize = 256;
/// Bytes of a node before its entries, and of what follows an entry's key: in a leaf a section's place
/// and size, further up a node's place.
const HEAD: u64 = 4;
const LEAF_VALUE: u64 = 16;
const VALUE: u64 = 8;
/// Fields that an item's place takes, before those of its text.
const PLACE_FIELDS: u16 = 3;

/// Bytes of the extension of a header, and of its list of one index of one field.
const EXTENSION: usize = 64;
const LIST: usize = 20;
/// Room in the file for both.
const ROOM: usize = EXTENSION + LIST;

/// A text and a section that holds an item of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The field's text.
    pub text: Vec<u8>,
    /// The section's place in the file.
    pub offset: u64,
    /// Its bytes there.
    pub size: u64,
}

/// The texts that a field, counted from 0, has in a section that is not compressed (table 12).
pub fn texts(mut section: Binary<&[u8]>, field: u16) -> io::Result<Vec<Vec<u8>>> {
    let behind = field.checked_sub(PLACE_FIELDS);
    let behind = behind.ok_or_else(|| broken("an index of the items' places"))?;
    let mut texts = Vec::new();
    while !section.is_empty() {
        section.skip(12)?;
        let mut rest = section.up_to_zero(u64::MAX)?;
        rest.pop();
        let mut fields = rest.split(|&byte| byte == b'\t');
        let text = fields.nth(usize::from(behind)).unwrap_or_default();
        texts.push(text.to_vec());
    }
    Ok(texts)
}

/// The index of a file that is being written.
pub struct NameIndex {
    field: u16,
    /// Where the header's extension is.
    extension: u64,
}

impl NameIndex {
    /// Leaves room for the extension that says where the index of a field is.
    pub fn begin(field: u16, out: &mut Counted) -> io::Result<Self> {
        let extension = out.written;
        out.write_all(&[0; ROOM])?;
        Ok(Self { field, extension })
    }

    /// Writes the tree. Gives the extension's place and its bytes.
    pub fn finish(self, out: &mut Counted, named: Vec<Named>) -> io::Result<(u64, Vec<u8>)> {
        let tree = out.written;
        write(out, named)?;
        let bytes = extension(self.extension, self.field, tree);
        Ok((self.extension, bytes))
    }
}

/// What a header's extension says of the one index of a field, and of where its tree is.
fn extension(at: u64, field: u16, tree: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ROOM);
    let (size, count, of_names, fields) = (EXTENSION as u16, 1u16, 0u16, 1u16);
    bytes.extend(size.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend((at + EXTENSION as u64).to_le_bytes());
    bytes.resize(EXTENSION, 0);
    bytes.extend(of_names.to_le_bytes());
    bytes.extend(fields.to_le_bytes());
    bytes.extend(tree.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(field.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// The fields that a file has an index of, by its header's extension; those of indexes of several fields
/// are none.
pub fn fields(file: &mut Binary, extension: u64) -> io::Result<Vec<u16>> {
    if extension == 0 {
        return Ok(Vec::new());
    }
    file.seek(extension)?;
    let _size = file.u16()?;
    let count = file.u16()?;
    let list = file.u64()?;
    file.seek(list)?;
    let mut indexed = Vec::new();
    for _ in 0..count {
        let (kind, fields) = (file.u16()?, file.u16()?);
        file.skip(8 + 4)?;
        for _ in 0..fields {
            let field = file.u16()?;
            file.skip(2)?;
            indexed.extend((kind == 0 && fields == 1).then_some(field));
        }
    }
    Ok(indexed)
}

/// Writes the tree.
fn write(out: &mut Counted, mut named: Vec<Named>) -> io::Result<()> {
    named.sort_unstable();
    named.dedup();
    let tree = Tree {
        node: named.len().clamp(1, NODE),
        key: named
            .iter()
            .map(|of| of.text.len())
            .max()
            .unwrap_or(0)
            .max(1),
        named,
    };
    tree.write(out)
}

/// A tree, and how it is laid out.
struct Tree {
    /// In the order of the texts.
    named: Vec<Named>,
    /// Entries for which a node has room.
    node: usize,
    /// Bytes of a key.
    key: usize,
}

impl Tree {
    fn write(&self, out: &mut Counted) -> io::Result<()> {
        out.write_all(&MAGIC.to_le_bytes())?;
        for number in [self.node, self.key, LEAF_VALUE as usize] {
            out.write_all(&(number as u32).to_le_bytes())?;
        }
        out.write_all(&(self.named.len() as u64).to_le_bytes())?;
        out.write_all(&[0; 8])?;
        let levels = self.levels();
        // Where the nodes of the level below begin; the root comes first.
        let mut below = out.written;
        for level in (1..levels.len()).rev() {
            below += levels[level] as u64 * self.size(VALUE);
            let size = self.size(if level == 1 { LEAF_VALUE } else { VALUE });
            for first in (0..levels[level - 1]).step_by(self.node) {
                let past = (first + self.node).min(levels[level - 1]);
                self.head(out, false, past - first)?;
                for child in first..past {
                    self.text(out, child * self.node.pow(level as u32))?;
                    out.write_all(&(below + child as u64 * size).to_le_bytes())?;
                }
                self.slack(out, past - first, VALUE)?;
            }
        }
        for first in (0..levels[0] * self.node).step_by(self.node) {
            let past = (first + self.node).min(self.named.len());
            self.head(out, true, past - first)?;
            for place in first..past {
                self.text(out, place)?;
                out.write_all(&self.named[place].offset.to_le_bytes())?;
                out.write_all(&self.named[place].size.to_le_bytes())?;
            }
            self.slack(out, past - first, LEAF_VALUE)?;
        }
        Ok(())
    }

    /// How many nodes each level has, the leaves' first, up to the root.
    fn levels(&self) -> Vec<usize> {
        let mut levels = vec![self.named.len().div_ceil(self.node).max(1)];
        while let Some(&below) = levels.last().filter(|&&below| below > 1) {
            levels.push(below.div_ceil(self.node));
        }
        levels
    }

    /// Bytes of a node whose entries have values of so many.
    fn size(&self, value: u64) -> u64 {
        HEAD + self.node as u64 * (self.key as u64 + value)
    }

    fn head(&self, out: &mut Counted, leaf: bool, count: usize) -> io::Result<()> {
        out.write_all(&[u8::from(leaf), 0])?;
        out.write_all(&(count as u16).to_le_bytes())
    }

    /// The key at a place, filled up with zeros.
    fn text(&self, out: &mut Counted, place: usize) -> io::Result<()> {
        let mut text = self.named[place].text.clone();
        text.resize(self.key, 0);
        out.write_all(&text)
    }

    /// The room of the entries that a node does not have.
    fn slack(&self, out: &mut Counted, count: usize, value: u64) -> io::Result<()> {
        let bytes = (self.node - count) * (self.key + value as usize);
        out.write_all(&vec![0; bytes])
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{BufWriter, Read};
    use std::path::Path;

    use flate2::read::ZlibDecoder;
    use proptest::prelude::*;

    use super::*;
    use crate::formats::bbi::BbiFile;
    use crate::formats::bbi::testing::bigbed;

    /// A number of some bytes, the low one first.
    fn number(bytes: &[u8], at: usize, size: usize) -> usize {
        let bytes = bytes[at..at + size].iter().rev();
        bytes.fold(0, |number, &byte| (number << 8) | usize::from(byte))
    }

    /// The values of a key below a node, found as `rFindMulti` of `bPlusTree.c` does: only children whose
    /// keys may hold it are looked into.
    fn find(file: &[u8], node: usize, key: &[u8], found: &mut Vec<(u64, u64)>) {
        let (leaf, count) = (file[node] == 1, number(file, node + 2, 2));
        let value = if leaf { 16 } else { 8 };
        let entry = |place: usize| node + 4 + place * (key.len() + value);
        let text = |place: usize| &file[entry(place)..entry(place) + key.len()];
        let at = |place: usize, from: usize| number(file, entry(place) + key.len() + from, 8);
        if leaf {
            let hits = (0..count).filter(|&place| text(place) == key);
            found.extend(hits.map(|place| (at(place, 0) as u64, at(place, 8) as u64)));
            return;
        }
        for place in 0..count {
            let begins = text(place) <= key;
            let ends = place + 1 == count || key <= text(place + 1);
            if begins && ends {
                find(file, at(place, 0), key, found);
            }
        }
    }

    /// The sections of a text in a tree at a place of a file.
    fn look_up(file: &[u8], tree: usize, text: &[u8]) -> Vec<(u64, u64)> {
        assert_eq!(number(file, tree, 4), 0x78CA_8C91);
        let size = number(file, tree + 8, 4);
        assert_eq!(number(file, tree + 12, 4), 16);
        let mut found = Vec::new();
        if text.len() <= size {
            let mut key = text.to_vec();
            key.resize(size, 0);
            find(file, tree + 32, &key, &mut found);
        }
        found
    }

    fn tree(path: &Path, named: Vec<Named>) -> Vec<u8> {
        let mut out = Counted::new(BufWriter::new(File::create(path).unwrap()));
        // Whatever stands before it.
        out.write_all(&[7; 100]).unwrap();
        write(&mut out, named).unwrap();
        out.into_inner().unwrap();
        std::fs::read(path).unwrap()
    }

    fn named(text: &str, offset: u64) -> Named {
        Named {
            text: text.as_bytes().to_vec(),
            offset,
            size: offset + 1,
        }
    }

    #[test]
    fn every_text_is_found_on_three_levels() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tree");
        let all: Vec<Named> = (0..70_000u64)
            .map(|n| named(&format!("gene{}", n * 7919 % 70_000), n))
            .collect();
        let file = tree(&path, all.clone());
        assert_eq!(number(&file, 100 + 16, 8), 70_000);
        for of in all.iter().step_by(911) {
            assert_eq!(look_up(&file, 100, &of.text), [(of.offset, of.size)]);
        }
        for absent in ["gene", "gene70000", "a", "z", "gene00"] {
            assert!(look_up(&file, 100, absent.as_bytes()).is_empty());
        }
    }

    #[test]
    fn the_sections_of_a_bigbed_are_found_through_its_header() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bb");
        let items: Vec<_> = (0..3000).map(|n| (n, n + 1)).collect();
        bigbed(&path, &items);
        assert_eq!(BbiFile::open(&path).unwrap().indexed().unwrap(), [3]);
        let file = std::fs::read(&path).unwrap();
        let extension = number(&file, 56, 8);
        assert_eq!(
            (number(&file, extension, 2), number(&file, extension + 2, 2)),
            (64, 1)
        );
        let list = number(&file, extension + 4, 8);
        assert_eq!((number(&file, list, 2), number(&file, list + 2, 2)), (0, 1));
        assert_eq!(number(&file, list + 16, 2), 3);
        let found = look_up(&file, number(&file, list + 4, 8), b"because");
        assert!(found.len() > 1, "{found:?}");
        let mut named = 0;
        for (offset, size) in found {
            let section = &file[offset as usize..(offset + size) as usize];
            let mut plain = Vec::new();
            let mut decoder = ZlibDecoder::new(section);
            decoder.read_to_end(&mut plain).unwrap();
            let windows = plain.windows(8);
            named += windows.filter(|&text| text == b"because\0").count();
        }
        assert_eq!(named, items.len());
    }

    #[test]
    fn a_text_of_many_sections_has_them_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tree");
        let mut all: Vec<Named> = (0..1000).map(|n| named("MYC", n)).collect();
        all.push(named("A", 5));
        all.push(named("MYC", 5));
        all.push(named("Z", 6));
        let file = tree(&path, all);
        let mut found = look_up(&file, 100, b"MYC");
        found.sort_unstable();
        assert_eq!(found, (0..1000).map(|n| (n, n + 1)).collect::<Vec<_>>());
        assert_eq!(look_up(&file, 100, b"A"), [(5, 6)]);
        assert_eq!(look_up(&file, 100, b"Z"), [(6, 7)]);
    }

    proptest! {
        #[test]
        fn a_tree_holds_just_what_was_put_in(
            texts in prop::collection::vec("[a-c]{0,3}", 0..600),
            asked in "[a-d]{0,4}",
        ) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("tree");
            let all: Vec<Named> = texts.iter().zip(0..).map(|(text, n)| named(text, n)).collect();
            let file = tree(&path, all.clone());
            for text in texts.iter().chain([&asked]) {
                let mut found = look_up(&file, 100, text.as_bytes());
                found.sort_unstable();
                let of = all.iter().filter(|of| of.text == text.as_bytes());
                let wanted: Vec<(u64, u64)> = of.map(|of| (of.offset, of.size)).collect();
                prop_assert_eq!(found, wanted);
            }
        }
    }
}
