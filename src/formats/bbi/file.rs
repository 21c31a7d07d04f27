//! Any bigWig or bigBed, of ours or a stranger's. Nothing that it says is trusted.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::Path;

use flate2::bufread::ZlibDecoder;

use super::auto_sql::AutoSql;
use super::content::{Content, Fields, Values};
use super::entry::Entry;
use super::header::Header;
use super::index;
use super::kind::{BIGBED, BIGWIG, Kind};
use super::names;
use super::section::{Item, Section};
use super::tree;
use crate::error::{Error, IoContext, Result};
use crate::genome::{Binary, broken};

const CHROM_TREE: u32 = 0x78CA_8C91;
/// Bytes of the chromosome tree before its root (table 8).
const CHROM_TREE_HEAD: u64 = 32;

/// An open bigWig or bigBed.
pub struct BbiFile {
    /// What it holds.
    pub content: Content,
    chroms: Vec<Chrom>,
    /// The places of their names.
    places: HashMap<String, usize>,
    header: Header,
    file: Binary,
}

struct Chrom {
    name: String,
    /// Its number in sections and index.
    id: u32,
    length: u32,
}

impl BbiFile {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, that is neither bigWig nor bigBed, or that is broken.
    pub fn open(path: &Path) -> Result<Self> {
        let (file, magic) = Binary::open(path, &[BIGWIG, BIGBED])
            .at(path)?
            .ok_or_else(|| Error::format(path, "is neither bigWig nor bigBed"))?;
        Self::read(file, magic)
            .map_err(|error| Error::format(path, format!("its header is broken: {error}")))
    }

    fn read(mut file: Binary, magic: u32) -> io::Result<Self> {
        let header = Header::read(&mut file, magic)?;
        let content = match header.kind {
            Kind::BigWig => Content::Signal(header.totals(&mut file)?.and_then(Values::new)),
            Kind::BigBed { standard_fields } => {
                let schema = header.auto_sql(&mut file)?;
                Content::Items(Fields {
                    count: header.fields,
                    defined: standard_fields,
                    schema: AutoSql::parse(&String::from_utf8_lossy(&schema)),
                })
            }
        };
        let chroms = chroms(&mut file, header.chromosomes)?;
        let names = chroms.iter().map(|chrom| chrom.name.clone());
        Ok(Self {
            content,
            places: names.zip(0..).collect(),
            chroms,
            header,
            file,
        })
    }

    /// Whether a file begins as a bigWig or a bigBed does.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn is_one(path: &Path) -> Result<bool> {
        let found = Binary::open(path, &[BIGWIG, BIGBED]).at(path)?;
        Ok(found.is_some())
    }

    /// Opens a file and goes through its index: every section has to lie in the file, and none over another.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); an index that is broken.
    pub fn open_whole(path: &Path) -> Result<Self> {
        let mut file = Self::open(path)?;
        file.check_index()
            .map_err(|error| Error::format(path, format!("its index is broken: {error}")))?;
        Ok(file)
    }

    fn check_index(&mut self) -> io::Result<()> {
        let length = self.file.length()?;
        let mut sections = index::sections(&mut self.file, self.header.index, |_, _| true)?;
        sections.sort_unstable();
        let mut end = 0;
        for (offset, size) in sections {
            if offset < end {
                return Err(broken("sections that overlap"));
            }
            end = offset.saturating_add(size);
        }
        if end > length {
            return Err(broken(
                "sections behind the end of the file: it is truncated",
            ));
        }
        Ok(())
    }

    /// Its chromosomes, names and lengths: those with data, or all of the assembly, as its writer
    /// chose.
    pub fn chroms(&self) -> impl Iterator<Item = (&str, u32)> {
        let chroms = self.chroms.iter();
        chroms.map(|chrom| (chrom.name.as_str(), chrom.length))
    }

    /// The fields, counted from 0, by whose text items can be looked up.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or that is broken.
    pub fn indexed(&mut self) -> io::Result<Vec<u16>> {
        names::fields(&mut self.file, self.header.extension)
    }

    /// Whether it has a chromosome of this name.
    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// The items over the bases of a chromosome from `start` to `end`, cut to these.
    ///
    /// # Errors
    ///
    /// A chromosome that the file does not have, a file that cannot be read or that is broken.
    pub fn items(&mut self, name: &str, start: u32, end: u32) -> io::Result<Vec<Item>> {
        let (chrom, sections) = self.sections(name, start, end)?;
        let mut items = Vec::new();
        for (offset, size) in sections {
            let section = self.section(offset, size)?;
            if section.chrom != chrom {
                continue;
            }
            let cut = section.items.into_iter().map(|item| Item {
                start: item.start.max(start),
                end: item.end.min(end),
                ..item
            });
            items.extend(cut.filter(|item| item.start < item.end));
        }
        Ok(items)
    }

    /// The items of a bigBed that share a base with those of a chromosome from `start` to `end`, whole.
    ///
    /// # Errors
    ///
    /// As [`items`](Self::items); a bigWig.
    pub fn entries(&mut self, name: &str, start: u32, end: u32) -> io::Result<Vec<Entry>> {
        if !matches!(self.content, Content::Items(_)) {
            return Err(broken("it is no bigBed"));
        }
        let (chrom, sections) = self.sections(name, start, end)?;
        let mut found = Vec::new();
        for (offset, size) in sections {
            let bytes = self.plain(offset, size)?;
            let entries = Entry::of_section(self.file.part(&bytes), chrom)?;
            let over = |entry: &Entry| entry.start.max(start) < entry.end.min(end);
            found.extend(entries.into_iter().filter(over));
        }
        Ok(found)
    }

    /// The number of a chromosome, and places and sizes of the sections over some of its bases.
    fn sections(&mut self, name: &str, start: u32, end: u32) -> io::Result<(u32, Vec<(u64, u64)>)> {
        let place = self.places.get(name);
        let place = *place.ok_or_else(|| broken(format!("there is no {name}")))?;
        let chrom = self.chroms[place].id;
        let sections = index::search(&mut self.file, self.header.index, chrom, &(start..end))?;
        let sizes = sections.iter().map(|&(_, size)| size);
        if sizes.fold(0, u64::saturating_add) > self.file.length()? {
            return Err(broken("sections that overlap"));
        }
        Ok((chrom, sections))
    }

    fn section(&mut self, offset: u64, size: u64) -> io::Result<Section> {
        let bytes = self.plain(offset, size)?;
        Section::decode(self.file.part(&bytes), self.header.kind)
    }

    /// The bytes of a section, not compressed.
    fn plain(&mut self, offset: u64, size: u64) -> io::Result<Vec<u8>> {
        self.file.seek(offset)?;
        let mut bytes = self.file.bytes(size)?;
        let largest = u64::from(self.header.largest_section);
        // Where the header says that no section has a size, none is compressed.
        if largest > 0 {
            let mut plain = Vec::new();
            let decoder = ZlibDecoder::new(&bytes[..]);
            decoder.take(largest).read_to_end(&mut plain)?;
            bytes = plain;
        }
        Ok(bytes)
    }
}

/// The chromosomes of a tree (tables 8 to 10).
fn chroms(file: &mut Binary, at: u64) -> io::Result<Vec<Chrom>> {
    file.seek(at)?;
    if file.u32()? != CHROM_TREE {
        return Err(broken("no chromosome tree"));
    }
    let _block_size = file.u32()?;
    let name_length = u64::from(file.u32()?);
    let mut chroms = Vec::new();
    let (root, size) = (at + CHROM_TREE_HEAD, |_: bool| name_length + 8);
    tree::walk(file, root, "a chromosome tree", size, |file, leaf| {
        let name = file.text(name_length)?;
        if !leaf {
            return file.u64().map(Some);
        }
        chroms.push(Chrom {
            name,
            id: file.u32()?,
            length: file.u32()?,
        });
        Ok(None)
    })?;
    Ok(chroms)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;
    use crate::formats::bbi::testing::{bigbed, bigwig};

    #[test]
    fn a_bigwig_says_what_its_values_are_like() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        bigwig(&path, &[(0, 10, 1.0), (30, 40, 4.0)]);
        let mut file = BbiFile::open(&path).unwrap();
        let Content::Signal(Some(values)) = file.content else {
            panic!("{:?}", file.content);
        };
        assert_eq!((values.min, values.max, values.mean), (1.0, 4.0, 2.5));
        assert_eq!(file.chroms().collect::<Vec<_>>(), [("chr1", 10_000)]);
        let items = file.items("chr1", 5, 31).unwrap();
        let items = items.iter().map(|item| (item.start, item.end, item.value));
        assert_eq!(items.collect::<Vec<_>>(), [(5, 10, 1.0), (30, 31, 4.0)]);
        assert_eq!(file.items("chr1", 10, 30).unwrap(), []);
        assert!(file.items("chr2", 0, 10).is_err());
    }

    #[test]
    fn a_cut_header_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        bigwig(&path, &[(0, 10, 1.0)]);
        let bytes = fs::read(&path).unwrap();
        // The chromosome tree follows the header and the summary.
        for length in 0..304 + 40 + 48 {
            fs::write(&path, &bytes[..length]).unwrap();
            assert!(BbiFile::open(&path).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn a_tree_that_bites_its_tail_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        bigwig(&path, &[(0, 10, 1.0)]);
        let mut bytes = fs::read(&path).unwrap();
        let tree = u64::from_le_bytes(bytes[8..16].try_into().unwrap()) as usize;
        let root = tree + 32;
        // Not a leaf, and its child is itself.
        bytes[root] = 0;
        let child = root + 4 + "chr1".len();
        bytes[child..child + 8].copy_from_slice(&(root as u64).to_le_bytes());
        fs::write(&path, &bytes).unwrap();
        let error = BbiFile::open(&path).err().unwrap().to_string();
        assert!(error.contains("never ends"), "{error}");
    }

    #[test]
    fn no_damaged_file_makes_it_panic() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let values: Vec<_> = (0..3000).map(|n| (n * 3, n * 3 + 2, n as f32)).collect();
        bigwig(&path, &values);
        let wig = fs::read(&path).unwrap();
        let items: Vec<_> = (0..1500).map(|n| (n, n + n % 7 * 100 + 1)).collect();
        bigbed(&path, &items);
        let bed = fs::read(&path).unwrap();

        let place = prop_oneof![0usize..600, any::<usize>()];
        let change = (place, any::<u8>());
        let strategy = (
            any::<bool>(),
            prop::collection::vec(change, 1..8),
            prop::option::weighted(0.2, any::<usize>()),
        );
        proptest!(ProptestConfig::with_cases(200), |((wide, changes, cut) in strategy)| {
            let mut bytes = if wide { wig.clone() } else { bed.clone() };
            let length = bytes.len();
            for (at, byte) in changes {
                bytes[at % length] = byte;
            }
            bytes.truncate(cut.map_or(length, |cut| cut % length));
            fs::write(&path, &bytes).unwrap();
            let Ok(mut file) = BbiFile::open(&path) else {
                return Ok(());
            };
            let names: Vec<String> = file.chroms().map(|(name, _)| name.to_string()).collect();
            for name in names {
                for item in file.items(&name, 100, 9_000).unwrap_or_default() {
                    prop_assert!(100 <= item.start && item.start < item.end && item.end <= 9_000);
                }
                for entry in file.entries(&name, 100, 9_000).unwrap_or_default() {
                    prop_assert!(entry.start < 9_000 && 100 < entry.end);
                }
            }
        });
    }
}
