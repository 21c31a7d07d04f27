//! Small genomes with files of activity, for tests.

use std::path::{Path, PathBuf};

use bigtools::beddata::BedParserStreamingIterator;
use bigtools::{BigWigWrite, Value};
use rand::RngExt;
use tempfile::TempDir;

use super::source::Source;
use crate::formats::{bbi, write_bigwig};
use crate::genome::{ChromId, Chroms, Reference, Region, Segment};
use crate::seed::{Purpose, stream};

/// A reference in a folder of its own.
pub struct Genome {
    dir: TempDir,
}

impl Genome {
    /// Chromosomes of these lengths, of random bases.
    pub fn new(chroms: &[(&str, u32)]) -> Self {
        let mut rng = stream(7, Purpose::Simulation, 0);
        let mut letters = |length: u32| -> String {
            let letters = (0..length).map(|_| char::from(b"ACGT"[rng.random_range(0..4usize)]));
            letters.collect()
        };
        let chroms: Vec<(&str, String)> = chroms
            .iter()
            .map(|&(name, length)| (name, letters(length)))
            .collect();
        let chroms: Vec<(&str, &str)> = chroms
            .iter()
            .map(|(name, letters)| (*name, letters.as_str()))
            .collect();
        Self::of(&chroms)
    }

    /// Chromosomes of these letters.
    pub fn of(chroms: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let record = |(name, letters): &(&str, &str)| format!(">{name}\n{letters}\n");
        let text: String = chroms.iter().map(record).collect();
        std::fs::write(dir.path().join("genome.fa"), text).unwrap();
        Self { dir }
    }

    /// The reference, open.
    pub fn reference(&self) -> Reference {
        Reference::open(self.dir.path().join("genome.fa")).unwrap()
    }

    /// Its chromosomes.
    pub fn chroms(&self) -> Chroms {
        Chroms::clone(self.reference().chroms())
    }

    /// A file of its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A file of peaks of this name, with these rows.
    pub fn peaks(&self, name: &str, rows: &str) -> Source {
        let path = self.path(&format!("{name}.bed"));
        std::fs::write(&path, rows).unwrap();
        Source::peaks(path.to_str().unwrap()).unwrap()
    }

    /// A bigWig of this name with the genome's chromosomes and these values.
    pub fn signal(&self, name: &str, values: &[(&str, u32, u32, f32)]) -> Source {
        let path = self.path(&format!("{name}.bw"));
        bigwig(&path, &self.chroms(), values);
        Source::signal(path.to_str().unwrap()).unwrap()
    }
}

/// Writes a bigWig of values, each with its chromosome, start and end, from left to right.
pub fn bigwig(path: &Path, chroms: &Chroms, values: &[(&str, u32, u32, f32)]) {
    let segment = |&(name, start, end, value): &(&str, u32, u32, f32)| Segment {
        region: region(chroms.find(name).unwrap().0.0, start, end),
        value,
    };
    let segments: Vec<Segment> = values.iter().map(segment).collect();
    let (file, _) = write_bigwig(path, chroms, segments.into_iter()).unwrap();
    file.complete().unwrap();
}

/// Writes a bigWig as others do, of any values.
pub fn raw_bigwig(path: &Path, chroms: &Chroms, values: &[(&str, u32, u32, f32)]) {
    let value = |&(name, start, end, value)| (name, Value { start, end, value });
    let values: Vec<(&str, Value)> = values.iter().map(value).collect();
    let writer = BigWigWrite::create_file(path, bbi::sizes(chroms)).unwrap();
    let values = BedParserStreamingIterator::wrap_infallible_iter(values.into_iter(), false);
    writer.write(values, bbi::runtime().unwrap()).unwrap();
}

/// A region of a chromosome by its number.
pub fn region(chrom: u32, start: u32, end: u32) -> Region {
    Region::new(ChromId(chrom), start, end).unwrap()
}
