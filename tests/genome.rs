//! One genome in all its formats.

use std::io::Write;
use std::path::{Path, PathBuf};

use epitrack::genome::{Reference, Region, base_code};
use proptest::prelude::*;

/// Chromosomes with lower case, N, other letters, and a last line of every length.
fn sequences() -> Vec<(&'static str, String)> {
    let letters: Vec<char> = "ACGTacgtNnACGTRYACGTTTGACA".chars().collect();
    let sequence = |len: usize, seed: usize| {
        (0..len)
            .map(|i| letters[(i * i + seed * i + i / 7) % letters.len()])
            .collect()
    };
    vec![
        ("chr2", sequence(1003, 3)),
        ("chr10", sequence(60, 5)),
        ("chrM", sequence(17, 1)),
    ]
}

fn fasta() -> String {
    let mut text = String::new();
    for (name, sequence) in sequences() {
        text += &format!(">{name} a description\n");
        for line in sequence.as_bytes().chunks(60) {
            text += std::str::from_utf8(line).unwrap();
            text.push('\n');
        }
    }
    text
}

/// UCSC's 2bit, by its specification: <https://genome.ucsc.edu/FAQ/FAQformat.html#format7>.
fn two_bit() -> Vec<u8> {
    let all = sequences();
    let u32s = |values: &[u32]| {
        values
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect::<Vec<u8>>()
    };
    let mut records = Vec::new();
    for (_, sequence) in &all {
        let upper = sequence.to_ascii_uppercase().replace(['R', 'Y'], "N");
        let mut blocks: Vec<(u32, u32)> = Vec::new();
        for (at, letter) in upper
            .chars()
            .enumerate()
            .filter(|(_, letter)| *letter == 'N')
        {
            let _ = letter;
            match blocks.last_mut() {
                Some((start, size)) if *start + *size == at as u32 => *size += 1,
                _ => blocks.push((at as u32, 1)),
            }
        }
        let mut record = u32s(&[upper.len() as u32, blocks.len() as u32]);
        record.extend(u32s(&blocks.iter().map(|b| b.0).collect::<Vec<_>>()));
        record.extend(u32s(&blocks.iter().map(|b| b.1).collect::<Vec<_>>()));
        record.extend(u32s(&[0, 0]));
        for four in upper.as_bytes().chunks(4) {
            let code = |at: usize| match four.get(at) {
                Some(b'C') => 1u8,
                Some(b'A') => 2,
                Some(b'G') => 3,
                _ => 0,
            };
            record.push(code(0) << 6 | code(1) << 4 | code(2) << 2 | code(3));
        }
        records.push(record);
    }
    let mut file = u32s(&[0x1A41_2743, 0, all.len() as u32, 0]);
    let index: usize = all.iter().map(|(name, _)| 1 + name.len() + 4).sum();
    let mut offset = file.len() + index;
    for ((name, _), record) in all.iter().zip(&records) {
        file.push(name.len() as u8);
        file.extend(name.as_bytes());
        file.extend((offset as u32).to_le_bytes());
        offset += record.len();
    }
    file.extend(records.concat());
    file
}

fn bgzip(text: &str) -> Vec<u8> {
    let mut writer = noodles_bgzf::io::Writer::new(Vec::new());
    // Several blocks, so that the index has something to say.
    for piece in text.as_bytes().chunks(200) {
        writer.write_all(piece).unwrap();
        writer.flush().unwrap();
    }
    writer.finish().unwrap()
}

fn write(dir: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Every window of some lengths, against the letters themselves.
fn reads_right(path: &Path) {
    let mut reference = Reference::open(path).unwrap();
    let chroms = reference.chroms().clone();
    let names: Vec<&str> = chroms.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["chr10", "chr2", "chrM"]);
    for (name, sequence) in sequences() {
        let (chrom, _) = chroms.find(name).unwrap();
        let length = chroms.length(chrom);
        assert_eq!(length as usize, sequence.len());
        for len in [1, 7, 59, 60, 61, 200, length] {
            for start in (0..length.saturating_sub(len - 1))
                .step_by(13)
                .chain([length.saturating_sub(len)])
            {
                let end = (start + len).min(length);
                let codes = reference.codes(Region { chrom, start, end }).unwrap();
                let wanted: Vec<u8> = sequence[start as usize..end as usize]
                    .bytes()
                    .map(base_code)
                    .collect();
                assert_eq!(codes, wanted, "{name}:{start}-{end} of {}", path.display());
            }
        }
    }
}

#[test]
fn all_formats_give_the_same_bases() {
    let dir = tempfile::tempdir().unwrap();
    reads_right(&write(dir.path(), "genome.fa", fasta()));
    reads_right(&write(dir.path(), "genome.fa.gz", bgzip(&fasta())));
    reads_right(&write(dir.path(), "genome.2bit", two_bit()));
    for index in ["genome.fa.fai", "genome.fa.gz.fai", "genome.fa.gz.gzi"] {
        assert!(dir.path().join(index).exists(), "{index} is kept");
    }
    // With the indexes that were kept.
    reads_right(&dir.path().join("genome.fa"));
    reads_right(&dir.path().join("genome.fa.gz"));
}

#[test]
fn an_index_older_than_its_file_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let path = write(dir.path(), "genome.fa", ">chr1\nACGT\n");
    Reference::open(&path).unwrap();
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
    write(dir.path(), "genome.fa", ">chr1\nACGTA\n>chr2\nAC\n");
    std::fs::File::options()
        .append(true)
        .open(&path)
        .unwrap()
        .set_modified(later)
        .unwrap();
    let reference = Reference::open(&path).unwrap();
    assert_eq!(
        reference.chroms().iter().collect::<Vec<_>>(),
        [("chr1", 5), ("chr2", 2)]
    );
}

#[test]
fn what_is_no_reference_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |name: &str, bytes: &[u8]| {
        let path = write(dir.path(), name, bytes);
        let error = Reference::open(&path).err().expect(name);
        let error = format!("{:#}", anyhow::Error::from(error));
        assert!(error.contains(name), "{error}");
        error
    };
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(fasta().as_bytes()).unwrap();
    assert!(refused("plain.fa.gz", &gzip.finish().unwrap()).contains("bgzip"));
    assert!(refused("text.txt", b"hello").contains("neither FASTA"));
    assert!(refused("empty.fa", b"").contains("neither FASTA"));
    refused("ragged.fa", b">chr1\nACGT\nAC\nACGT\n");
    assert!(refused("twice.fa", b">chr1\nACGT\n>chr1\nACGT\n").contains("twice"));
    assert!(Reference::open(dir.path().join("missing.fa")).is_err());
    let cut = &bgzip(&fasta())[..300];
    assert!(Reference::open(write(dir.path(), "cut.fa.gz", cut)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    /// Lines of any length, with either line ending.
    #[test]
    fn lines_of_any_length(width in 1usize..30, len in 1usize..200, crlf in any::<bool>()) {
        let sequence: String = (0..len).map(|i| ['A', 'c', 'G', 'N'][(i * 7 + i / 3) % 4]).collect();
        let end = if crlf { "\r\n" } else { "\n" };
        let mut text = format!(">x{end}");
        for line in sequence.as_bytes().chunks(width) {
            text += std::str::from_utf8(line).unwrap();
            text += end;
        }
        let dir = tempfile::tempdir().unwrap();
        let path = write(dir.path(), "genome.fa", text);
        let mut reference = Reference::open(&path).unwrap();
        let (chrom, _) = reference.chroms().find("x").unwrap();
        for start in 0..len as u32 {
            let end = (start + 50).min(len as u32);
            let codes = reference.codes(Region { chrom, start, end }).unwrap();
            let wanted: Vec<u8> = sequence[start as usize..end as usize].bytes().map(base_code).collect();
            prop_assert_eq!(codes, wanted);
        }
    }
}
