//! Tiny files, and hubs of them, for tests.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Assembly, CellTracks, Genome, Hub};
use crate::attention::Rank;
use crate::browser::added::AddedTrack;
use crate::formats::{Schema, write_bigbed, write_bigwig};
use crate::genome::{Chroms, Region, Segment};

/// The length of `chr1`, the only chromosome.
pub const CHROM_LENGTH: u32 = 10_000;
/// Where a header's count of BED's own fields is.
const DEFINED_FIELDS: usize = 34;
const REGIONS: &str = include_str!("../../../tracks/topRegions.as");
const MERGED: &str = include_str!("../../../tracks/mergedRegions.as");
/// <https://genome.ucsc.edu/goldenPath/help/examples/interact/interact.as>, without its comments.
const INTERACT: &str = "table interact\n\"interaction\"\n(\nstring chrom; \"\"\nuint chromStart; \"\"\nuint chromEnd; \"\"\n\
    string name; \"\"\nuint score; \"\"\ndouble value; \"\"\nstring exp; \"\"\nstring color; \"\"\nstring sourceChrom; \"\"\n\
    uint sourceStart; \"\"\nuint sourceEnd; \"\"\nstring sourceName; \"\"\nstring sourceStrand; \"\"\nstring targetChrom; \"\"\n\
    uint targetStart; \"\"\nuint targetEnd; \"\"\nstring targetName; \"\"\nstring targetStrand; \"\"\n)\n";

/// Makes room for a new file: the old one may have other names, in another hub.
fn fresh(path: &Path) -> &Path {
    let _ = fs::remove_file(path);
    path
}

fn chroms(chroms: &[(&str, u32)]) -> Chroms {
    let owned = chroms
        .iter()
        .map(|&(name, length)| (name.to_string(), length));
    Chroms::new(owned).unwrap()
}

/// A bigWig of (chromosome, start, end, value).
pub fn bigwig(path: &Path, values: &[(&'static str, u32, u32, f32)]) {
    bigwig_of(path, &[("chr1", CHROM_LENGTH)], values);
}

/// The same with other chromosomes.
pub fn bigwig_of(path: &Path, sizes: &[(&str, u32)], values: &[(&'static str, u32, u32, f32)]) {
    let chroms = chroms(sizes);
    let segment = |&(chrom, start, end, value): &(&str, u32, u32, f32)| {
        let (chrom, _) = chroms.find(chrom).unwrap();
        Segment {
            region: Region { chrom, start, end },
            value,
        }
    };
    let (file, _) = write_bigwig(path, &chroms, values.iter().map(segment)).unwrap();
    file.complete().unwrap();
}

fn bigbed(path: &Path, schema: Schema, rest: &str) {
    let bed = path.with_extension("bed");
    fs::write(&bed, format!("chr1\t100\t145\t{rest}\n")).unwrap();
    let file = write_bigbed(&bed, path, schema, &chroms(&[("chr1", CHROM_LENGTH)])).unwrap();
    file.complete().unwrap();
    fs::remove_file(bed).unwrap();
}

/// A bigBed of one region with its colour.
pub fn regions(path: &Path) {
    let rest = "enhancer_1\t500\t.\t100\t145\t230,97,1\tenhancer\t1\t3.5\ta~b\t0.9\t1";
    let schema = Schema {
        auto_sql: REGIONS,
        standard_fields: 9,
        indexed: None,
    };
    bigbed(path, schema, rest);
}

/// A bigBed of one merged region with its colour.
pub fn merged(path: &Path) {
    let rest = "enhancer_x2\t1000\t.\t100\t145\t230,97,1\tenhancer\t2\t3.5\ta~b\t0.9\t1\t.";
    let schema = Schema {
        auto_sql: MERGED,
        standard_fields: 9,
        indexed: None,
    };
    bigbed(path, schema, rest);
}

/// A bigBed of one interaction.
pub fn interactions(path: &Path) {
    interaction(path, None);
}

/// The same with an index of names.
pub fn named_interactions(path: &Path) {
    interaction(fresh(path), Some(3));
}

fn interaction(path: &Path, indexed: Option<u16>) {
    let rest = "a\t900\t0.9\t.\t0\tchr1\t100\t120\te\t.\tchr1\t130\t145\tp\t.";
    let schema = Schema {
        auto_sql: INTERACT,
        standard_fields: 5,
        indexed,
    };
    bigbed(path, schema, rest);
}

/// Changes what a bigBed's header says about BED's own fields.
pub fn set_defined_fields(path: &Path, fields: u16) {
    let mut bytes = fs::read(path).unwrap();
    bytes[DEFINED_FIELDS..DEFINED_FIELDS + 2].copy_from_slice(&fields.to_ne_bytes());
    fs::write(fresh(path), bytes).unwrap();
}

/// The index of a 2bit file; its sequences have lengths but no bases.
pub fn two_bit(path: &Path, chroms: &[(&str, u32)]) {
    let mut bytes: Vec<u8> = [0x1A41_2743, 0, chroms.len() as u32, 0]
        .iter()
        .flat_map(|number: &u32| number.to_le_bytes())
        .collect();
    let index: usize = chroms.iter().map(|(name, _)| name.len() + 5).sum();
    for (place, (name, _)) in chroms.iter().enumerate() {
        bytes.push(name.len() as u8);
        bytes.extend(name.bytes());
        bytes.extend(((16 + index + 16 * place) as u32).to_le_bytes());
    }
    for (_, length) in chroms {
        let record = [*length, 0, 0, 0];
        bytes.extend(record.iter().flat_map(|number| number.to_le_bytes()));
    }
    fs::write(fresh(path), bytes).unwrap();
}

/// Files to make hubs of, gone with the value.
pub struct Data {
    /// Where they are.
    pub dir: tempfile::TempDir,
}

impl Data {
    /// The tracks of a cell line, two further tracks and a genome.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let values = [("chr1", 0, 10, 1.0), ("chr1", 30, 40, 4.0)];
        bigwig(&dir.path().join("enhancer_attention.bw"), &values);
        bigwig(&dir.path().join("promoter_attention.bw"), &values);
        regions(&dir.path().join("top_regions.bb"));
        merged(&dir.path().join("merged_regions.bb"));
        interactions(&dir.path().join("pairs.bb"));
        two_bit(&dir.path().join("planted.2bit"), &[("chr1", CHROM_LENGTH)]);
        Self { dir }
    }

    /// A good hub of these cell lines.
    pub fn hub(&self, cells: &[&str]) -> Hub {
        let copy = |name: &&str| {
            let safe: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            let dir = self.dir.path().join(format!("tracks-{safe}"));
            fs::create_dir_all(&dir).unwrap();
            for file in [
                "enhancer_attention.bw",
                "promoter_attention.bw",
                "top_regions.bb",
                "merged_regions.bb",
                "pairs.bb",
            ] {
                fs::copy(self.dir.path().join(file), dir.join(file)).unwrap();
            }
            CellTracks {
                contributions: None,
                contributions_of: None,
                activities: Vec::new(),
                name: name.to_string(),
                dir,
                pairs: 1,
                rank: Rank::Attention,
                aggregate: "the largest value of the pairs whose windows cover the base"
                    .to_string(),
                provenance: vec![("weights, SHA-256".to_string(), "abc123".to_string())],
                doubt: None,
            }
        };
        let added = |name: &str, file: &str| AddedTrack::new(name, self.dir.path().join(file));
        Hub {
            name: "epitrack".to_string(),
            short_label: "Test".to_string(),
            long_label: "A hub to test".to_string(),
            email: "me@example.org".to_string(),
            genome: Genome::Known("test".to_string()),
            cells: cells.iter().map(copy).collect(),
            genes: None,
            added: vec![
                added("CTCF sites", "top_regions.bb"),
                added("DNase", "enhancer_attention.bw"),
            ],
            one_file: false,
            base_url: None,
        }
    }

    /// A good hub that brings its assembly along.
    pub fn assembly_hub(&self) -> Hub {
        Hub {
            genome: Genome::Assembly(Assembly {
                name: "planted".to_string(),
                two_bit: self.dir.path().join("planted.2bit"),
                organism: "Simulated".to_string(),
                description: "A small genome with planted motif pairs".to_string(),
                default_position: "chr1:1-200".to_string(),
            }),
            ..self.hub(&["K562"])
        }
    }

    /// A good hub, written: one that brings its assembly along or one that does not.
    pub fn written(&self, one_file: bool, assembly: bool) -> (tempfile::TempDir, PathBuf) {
        let hub = if assembly {
            self.assembly_hub()
        } else {
            self.hub(&["K562", "NHEK"])
        };
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("hub");
        super::write(&Hub { one_file, ..hub }, &out).unwrap();
        (dir, out)
    }
}
