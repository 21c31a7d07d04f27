//! A folder with reads that show one bound site.

use std::path::{Path, PathBuf};

use epitrack::footprints::CutCounts;
use epitrack::genome::{ChromId, Chroms, Region};
use noodles_bam as bam;
use noodles_core::Position;
use noodles_sam as sam;
use sam::alignment::RecordBuf;
use sam::alignment::io::Write as _;
use sam::alignment::record::Flags;
use sam::alignment::record::cigar::{Op, op::Kind};

use crate::support::arg;

/// Bases of chr1.
pub const LENGTH: u32 = 6000;
/// Where the protein sits.
pub const SITE: u32 = 2000;

/// A read: chromosome, first base (0-based), flags and what it is aligned by.
pub struct Read(pub usize, pub u32, pub u16, pub &'static [(Kind, usize)]);

pub const MATCH: &[(Kind, usize)] = &[(Kind::Match, 20)];

/// Writes reads, sorted, to two chromosomes, and the index.
pub fn write_bam(path: &Path, mut reads: Vec<Read>) {
    reads.sort_by_key(|read| (read.0, read.1));
    let text =
        format!("@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:{LENGTH}\n@SQ\tSN:chr2\tLN:500\n");
    let header: sam::Header = text.parse().unwrap();
    let mut writer = bam::io::writer::Builder.build_from_path(path).unwrap();
    writer.write_header(&header).unwrap();
    for Read(chrom, start, flags, cigar) in reads {
        let cigar = cigar.iter().map(|&(kind, length)| Op::new(kind, length));
        let record = RecordBuf::builder()
            .set_flags(Flags::from(flags))
            .set_reference_sequence_id(chrom)
            .set_alignment_start(Position::new(start as usize + 1).unwrap())
            .set_cigar(cigar.collect())
            .build();
        writer.write_alignment_record(&header, &record).unwrap();
    }
    writer.try_finish().unwrap();
    let index = match bam::fs::index(path).unwrap() {
        bam::Index::Bai(index) => index,
        bam::Index::Csi(_) => unreachable!(),
    };
    bam::bai::fs::write(path.with_added_extension("bai"), &index).unwrap();
}

/// Reads whose cuts are as many as `counts` says, on chr1 from `start` on.
pub fn reads(start: u32, counts: &CutCounts) -> Vec<Read> {
    let mut reads = Vec::new();
    for (base, (&forward, &reverse)) in (start..).zip(counts.forward.iter().zip(&counts.reverse)) {
        reads.extend((0..forward).map(|_| Read(0, base + 1, 0, MATCH)));
        reads.extend((0..reverse).map(|_| Read(0, base - 20, 0x10, MATCH)));
    }
    reads
}

/// Open chromatin of 400 bases around [`SITE`], whose 15 bases are hardly cut.
pub fn bound() -> (Region, CutCounts) {
    let region = Region {
        chrom: ChromId(0),
        start: SITE - 200,
        end: SITE + 200,
    };
    let count = |base: u32, factor: u32| match base.abs_diff(SITE) {
        0..=7 => u32::from(base.is_multiple_of(9)),
        _ => 2 + base * factor % 5,
    };
    let counts = CutCounts {
        forward: (region.start..region.end)
            .map(|base| count(base, 7919))
            .collect(),
        reverse: (region.start..region.end)
            .map(|base| count(base, 104_729))
            .collect(),
    };
    (region, counts)
}

/// A folder with reads.
pub struct Place {
    pub dir: tempfile::TempDir,
}

impl Place {
    /// A BAM file of [`bound`] and its regions, in two rows that overlap.
    pub fn new() -> Self {
        let place = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        let (region, counts) = bound();
        write_bam(&place.path("a.bam"), reads(region.start, &counts));
        let (start, end) = (region.start, region.end);
        let middle = SITE + 10;
        place.write(
            "a.bed",
            &format!("chr1\t{SITE}\t{end}\nchr1\t{start}\t{middle}\n"),
        );
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The arguments of a call from the BAM file, and more.
    pub fn call(&self, more: &[&str]) -> Vec<String> {
        let (bam, bed, out) = (self.path("a.bam"), self.path("a.bed"), self.path("out"));
        let words = [
            "footprints",
            "call",
            "--bam",
            arg(&bam),
            "--regions",
            arg(&bed),
        ];
        let words = [&words[..], &["--out", arg(&out)], more].concat();
        words.into_iter().map(str::to_string).collect()
    }

    pub fn names(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.dir.path()).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| !name.starts_with("a.")).collect();
        names.sort();
        names
    }
}

pub fn chroms() -> Chroms {
    Chroms::new([("chr1".to_string(), LENGTH), ("chr2".to_string(), 500)]).unwrap()
}
