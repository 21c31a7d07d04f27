//! What the header of a bigWig or bigBed file says about it.
//!
//! The layout is that of the supplementary tables of Kent et al., BigWig and BigBed: enabling
//! browsing of large distributed datasets, Bioinformatics 26, 2204 (2010),
//! doi 10.1093/bioinformatics/btq351. Files of users and of strangers come here: nothing in them is
//! trusted.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::binary::Binary;
use super::chroms::ChromLengths;
use super::schema::Schema;
use super::track_type::TrackType;
use crate::error::{Error, IoContext, Result};
use crate::formats::bbi::{BIGBED, BIGWIG};

const CHROM_TREE: u32 = 0x78CA_8C91;
/// Sizes beyond which a file is taken for broken: no assembly comes near them.
const LONGEST_NAME: u32 = 65_536;
const LONGEST_SCHEMA: u64 = 1 << 20;
const MOST_NODES: usize = 10_000_000;

/// What the header of a bigWig or bigBed file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Bbi {
    /// What it holds.
    pub content: Content,
    /// Its chromosomes: those with data, or all of the assembly, as its writer chose.
    pub chroms: ChromLengths,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A bigWig, with what its values are like where the file says so.
    Signal(Option<Values>),
    /// A bigBed.
    Items(Fields),
}

/// What the values of a bigWig are like, over the bases that have one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Values {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
}

/// The fields of a bigBed's items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// All of them.
    pub count: u16,
    /// Those that the header calls BED's own; some writers count all.
    pub defined: u16,
    /// The autoSql schema, if there is one that can be read.
    pub schema: Option<Schema>,
}

impl Bbi {
    /// Reads a file's header.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, that is neither bigWig nor bigBed, or that is broken.
    pub fn open(path: &Path) -> Result<Self> {
        let (mut file, magic) = Binary::open(path, &[BIGWIG, BIGBED])
            .at(path)?
            .ok_or_else(|| Error::format(path, "is neither bigWig nor bigBed"))?;
        header(&mut file, magic)
            .map_err(|error| Error::format(path, format!("its header is broken: {error}")))
    }

    /// The type that a track of this file has.
    pub fn track_type(&self) -> TrackType {
        match &self.content {
            Content::Signal(values) => TrackType::signal(*values),
            Content::Items(fields) if fields.is_interact() => TrackType::Interactions,
            Content::Items(fields) => TrackType::Items {
                fields: fields.bed(),
                more: fields.count > fields.bed(),
            },
        }
    }
}

impl Fields {
    /// Whether the items are UCSC's interactions
    /// (<https://genome.ucsc.edu/goldenPath/help/interact.html>).
    pub fn is_interact(&self) -> bool {
        let named = |schema: &Schema| schema.table == "interact" && schema.fields.len() == 18;
        self.count == 18 && self.schema.as_ref().is_some_and(named)
    }

    /// How many of the fields are BED's own: as many as the header says, but no more than the
    /// schema names as BED does.
    pub fn bed(&self) -> u16 {
        let named = self.schema.as_ref().map_or(12, Schema::bed_fields);
        let most = if named < 3 { 12 } else { named };
        self.defined.min(self.count).min(most).max(3)
    }
}

fn header(file: &mut Binary, magic: u32) -> io::Result<Bbi> {
    let _version = file.u16()?;
    let _zoom_levels = file.u16()?;
    let chrom_tree = file.u64()?;
    let _data = file.u64()?;
    let _index = file.u64()?;
    let count = file.u16()?;
    let defined = file.u16()?;
    let schema = file.u64()?;
    let summary = file.u64()?;
    let content = if magic == BIGWIG {
        Content::Signal(values(file, summary)?)
    } else {
        Content::Items(Fields {
            count,
            defined,
            schema: read_schema(file, schema)?,
        })
    };
    Ok(Bbi {
        content,
        chroms: chrom_tree_at(file, chrom_tree)?,
    })
}

/// The summary of all values, which the first versions of the format do not have.
fn values(file: &mut Binary, offset: u64) -> io::Result<Option<Values>> {
    if offset == 0 {
        return Ok(None);
    }
    file.seek(offset)?;
    let bases = file.u64()?;
    let (min, max, sum) = (file.f64()?, file.f64()?, file.f64()?);
    let finite = [min, max, sum].iter().all(|value| value.is_finite());
    Ok((bases > 0 && finite && min <= max).then(|| Values {
        min,
        max,
        mean: sum / bases as f64,
    }))
}

fn read_schema(file: &mut Binary, offset: u64) -> io::Result<Option<Schema>> {
    if offset == 0 {
        return Ok(None);
    }
    file.seek(offset)?;
    Ok(Schema::parse(&file.text(LONGEST_SCHEMA)?))
}

fn chrom_tree_at(file: &mut Binary, offset: u64) -> io::Result<ChromLengths> {
    file.seek(offset)?;
    if file.u32()? != CHROM_TREE {
        return Err(broken("no chromosome tree"));
    }
    let _block_size = file.u32()?;
    let name_length = file.u32()?;
    let _value_size = file.u32()?;
    if name_length > LONGEST_NAME {
        return Err(broken("chromosome names of an impossible length"));
    }
    let mut chroms = ChromLengths::new();
    let mut seen = BTreeSet::new();
    // The root follows the tree's header of 32 bytes.
    let mut nodes = vec![offset + 32];
    while let Some(node) = nodes.pop() {
        if !seen.insert(node) || nodes.len() + chroms.len() > MOST_NODES {
            return Err(broken("a chromosome tree that never ends"));
        }
        file.seek(node)?;
        let leaf = file.u8()? == 1;
        let _reserved = file.u8()?;
        for _ in 0..file.u16()? {
            let name = file.text(name_length.into())?;
            if leaf {
                let _id = file.u32()?;
                chroms.insert(name, file.u32()?);
            } else {
                nodes.push(file.u64()?);
            }
        }
    }
    Ok(chroms)
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::hub::testing;

    #[test]
    fn a_bigwig_says_what_its_values_are_like() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        testing::bigwig(&path, &[("chr1", 0, 10, 1.0), ("chr1", 30, 40, 4.0)]);
        let read = Bbi::open(&path).unwrap();
        let Content::Signal(Some(values)) = read.content else {
            panic!("{read:?}");
        };
        assert_eq!((values.min, values.max, values.mean), (1.0, 4.0, 2.5));
        assert_eq!(read.chroms["chr1"], testing::CHROM_LENGTH);
        assert_eq!(read.track_type().to_string(), "bigWig 1 4");
    }

    #[test]
    fn types_are_found_whatever_the_writer_counted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bb");
        testing::regions(&path);
        assert_eq!(
            Bbi::open(&path).unwrap().track_type().to_string(),
            "bigBed 9 +"
        );
        testing::set_defined_fields(&path, 15);
        assert_eq!(
            Bbi::open(&path).unwrap().track_type().to_string(),
            "bigBed 9 +"
        );
        testing::set_defined_fields(&path, 4);
        assert_eq!(
            Bbi::open(&path).unwrap().track_type().to_string(),
            "bigBed 4 +"
        );
        testing::interactions(&path);
        assert_eq!(
            Bbi::open(&path).unwrap().track_type().to_string(),
            "bigInteract"
        );
    }

    #[test]
    fn no_broken_file_is_read_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        testing::bigwig(&path, &[("chr1", 0, 10, 1.0)]);
        let bytes = std::fs::read(&path).unwrap();
        let mut refused = 0;
        for at in 0..bytes.len().min(400) {
            for value in [0, 1, 255] {
                let mut bytes = bytes.clone();
                bytes[at] = value;
                std::fs::write(&path, &bytes).unwrap();
                refused += usize::from(Bbi::open(&path).is_err());
            }
            std::fs::write(&path, &bytes[..at]).unwrap();
            assert!(Bbi::open(&path).is_err(), "{at} bytes");
        }
        assert!(refused > 0);
    }

    #[test]
    fn a_tree_that_bites_its_tail_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        testing::bigwig(&path, &[("chr1", 0, 10, 1.0)]);
        let mut bytes = std::fs::read(&path).unwrap();
        let tree = u64::from_le_bytes(bytes[8..16].try_into().unwrap()) as usize;
        let root = tree + 32;
        // Not a leaf, and its child is itself.
        bytes[root] = 0;
        let child = root + 4 + "chr1".len();
        bytes[child..child + 8].copy_from_slice(&(root as u64).to_le_bytes());
        std::fs::write(&path, &bytes).unwrap();
        let error = Bbi::open(&path).unwrap_err().to_string();
        assert!(error.contains("never ends"), "{error}");
    }
}
