//! Real hg19 sequence and pairs, where `EPITRACK_DATA` says they are.

use std::path::PathBuf;

use epitrack::genome::{N, Reference};
use epitrack::network::model::ModelConfig;
use epitrack::pairs::{Labels, TableSource};

use super::support::skipped;

/// The data folder; none, and a word about it, where the variable is unset.
fn data(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("EPITRACK_DATA").map(PathBuf::from);
    if folder.is_none() {
        skipped(test, "EPITRACK_DATA is unset");
    }
    folder
}

/// Positive and negative pairs.
type Classes = (usize, usize);

/// A cell line with the counts that the data's own description gives: of all pairs, of those with
/// sequence.
const CELLS: [(&str, Classes, Classes); 4] = [
    ("GM12878", (2113, 42200), (104, 2070)),
    ("IMR90", (1254, 25000), (22, 1116)),
    ("K562", (1977, 39500), (78, 2058)),
    ("NHEK", (1291, 25600), (50, 1173)),
];

#[test]
fn every_table_is_read_and_its_windows_hold_sequence() {
    let Some(data) = data("real_data::every_table_is_read_and_its_windows_hold_sequence") else {
        return;
    };
    let mut reference = Reference::open(data.join("genome/hg19.fa.gz")).unwrap();
    let chroms = reference.chroms().clone();
    let sizes = std::fs::read_to_string(data.join("genome/hg19.chrom.sizes")).unwrap();
    for line in sizes.lines() {
        let (name, length) = line.split_once('\t').unwrap();
        let (chrom, _) = chroms.find(name).unwrap();
        assert_eq!(chroms.length(chrom), length.parse::<u32>().unwrap());
    }
    let lengths = ModelConfig::default().lengths();
    for (cell, all, with_sequence) in CELLS {
        let read = |kind: &str| {
            let path = data.join(format!("pairs/{cell}.{kind}.csv.gz"));
            let table = TableSource::plain(&path).unwrap();
            table.read(&chroms, lengths, Labels::BothClasses).unwrap()
        };
        assert_eq!(read("targetfinder").classes(), all, "{cell}");
        let table = read("with-sequence");
        assert_eq!(table.classes(), with_sequence, "{cell}");
        for (pair, &windows) in table.pairs.iter().zip(&table.windows).step_by(50) {
            for window in windows {
                let codes = reference.codes(window).unwrap();
                let unknown = codes.iter().filter(|&&code| code == N).count();
                assert!(unknown < codes.len() / 10, "{cell} {}", pair.id(&chroms));
            }
        }
    }
}
