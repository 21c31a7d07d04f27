//! What programs that find motifs in contributions make of our files: TF-MoDISco and Fi-NeMo as they
//! come from PyPI (`just interop` installs them), and NumPy.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use epitrack::formats::{self, NarrowPeak, Npz};
use epitrack::genome::{ChromId, Chroms, Region, Segment, letters};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::support::{arg, skipped};

/// Windows, their bases, and those between them.
const WINDOWS: u32 = 400;
const LENGTH: usize = 400;
const APART: usize = 100;
/// TGACGTCATGCA, which every window has once and which alone contributes.
const MOTIF: [u8; 12] = [3, 2, 0, 1, 2, 3, 1, 0, 3, 2, 1, 0];

/// A window with the motif.
struct Planted {
    codes: Vec<u8>,
    /// Where the motif begins in it.
    at: usize,
    /// `[L][4]`
    hypothetical: Vec<[f32; 4]>,
}

impl Planted {
    fn new(rng: &mut ChaCha8Rng) -> Self {
        let mut codes: Vec<u8> = (0..LENGTH).map(|_| rng.random_range(0..4)).collect();
        let at = rng.random_range(100..LENGTH - 100 - MOTIF.len());
        codes[at..at + MOTIF.len()].copy_from_slice(&MOTIF);
        let mut noise = || {
            let letters = [(); 4].map(|()| rng.random_range(-0.03f32..0.03));
            let mean = letters.iter().sum::<f32>() / 4.0;
            letters.map(|letter| letter - mean)
        };
        let mut hypothetical: Vec<[f32; 4]> = (0..LENGTH).map(|_| noise()).collect();
        for (base, values) in MOTIF.iter().zip(&mut hypothetical[at..]) {
            for (letter, value) in values.iter_mut().enumerate() {
                *value += if letter == usize::from(*base) {
                    1.0
                } else {
                    -1.0 / 3.0
                };
            }
        }
        Self {
            codes,
            at,
            hypothetical,
        }
    }

    /// Of each letter all bases: `[4, L]`.
    fn arrays(&self) -> [Vec<f32>; 2] {
        let bases = || self.codes.iter().zip(&self.hypothetical);
        let letter = |letter: usize| {
            bases().map(move |(code, _)| f32::from(u8::from(usize::from(*code) == letter)))
        };
        let one_hot = (0..4).flat_map(letter).collect();
        let of = |letter: usize| bases().map(move |(_, values)| values[letter]);
        [one_hot, (0..4).flat_map(of).collect()]
    }

    /// Of each base that of its own letter.
    fn contributions(&self) -> impl Iterator<Item = f32> {
        let bases = self.codes.iter().zip(&self.hypothetical);
        bases.map(|(code, values)| values[usize::from(*code)])
    }
}

/// Where a window lies.
fn region(window: usize) -> Region {
    let start = (window * (LENGTH + APART)) as u32;
    Region::new(ChromId(0), start, start + LENGTH as u32).unwrap()
}

/// Writes both arrays, the windows, their contributions as a bigWig, and the sequence.
fn write(dir: &Path, windows: &[Planted]) {
    let length = (windows.len() * (LENGTH + APART)) as u32;
    let chroms = Chroms::new([("chr1".to_string(), length)]).unwrap();
    let shape = [windows.len(), 4, LENGTH];
    let mut arrays =
        ["sequences.npz", "hypothetical.npz"].map(|name| Npz::new(&dir.join(name), shape).unwrap());
    let (mut peaks, mut segments) = (String::new(), Vec::new());
    let mut sequence = vec![0; length as usize];
    for (place, window) in windows.iter().enumerate() {
        for (array, values) in arrays.iter_mut().zip(window.arrays()) {
            array.add(&values).unwrap();
        }
        let region = region(place);
        let peak = NarrowPeak {
            window: region,
            name: &format!("window{place}"),
            signal: window.contributions().sum(),
        };
        writeln!(peaks, "{}", peak.line(&chroms)).unwrap();
        let of_base = |(base, value): (u32, f32)| Segment {
            region: region.part(base..base + 1),
            value,
        };
        segments.extend((0..).zip(window.contributions()).map(of_base));
        sequence[region.start as usize..region.end as usize].copy_from_slice(&window.codes);
    }
    for array in arrays {
        array.finish().unwrap().complete().unwrap();
    }
    std::fs::write(dir.join("windows.narrowPeak"), peaks).unwrap();
    let sequence = String::from_utf8(letters(&sequence)).unwrap();
    std::fs::write(dir.join("genome.fa"), format!(">chr1\n{sequence}\n")).unwrap();
    let track = dir.join("contributions.bw");
    let (file, _) = formats::write_bigwig(&track, &chroms, segments.into_iter()).unwrap();
    file.complete().unwrap();
}

/// Runs a program on files of a folder; it must end well.
fn run(bin: &Path, dir: &Path, command: &str) {
    let mut words = command.split(' ');
    let mut program = Command::new(bin.join(words.next().unwrap()));
    let output = program.args(words).current_dir(dir).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {said}");
}

/// In how many windows a hit of Fi-NeMo begins near the motif.
fn found(hits: &Path, windows: &[Planted]) -> usize {
    let hits = std::fs::read_to_string(hits).unwrap();
    let starts: Vec<usize> = hits
        .lines()
        .skip(1)
        .map(|line| line.split('\t').nth(1).unwrap().parse().unwrap())
        .collect();
    let near = |(place, window): &(usize, &Planted)| {
        let motif = place * (LENGTH + APART) + window.at;
        starts.iter().any(|start| start.abs_diff(motif) <= 2)
    };
    windows.iter().enumerate().filter(near).count()
}

#[test]
fn modisco_and_finemo_find_what_contributes() {
    let test = "modisco_and_finemo_find_what_contributes";
    let Some(bin) = std::env::var_os("EPITRACK_INTEROP").map(PathBuf::from) else {
        return skipped(
            test,
            "EPITRACK_INTEROP names no folder with modisco and finemo",
        );
    };
    let bin = bin.canonicalize().unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let windows: Vec<Planted> = (0..WINDOWS).map(|_| Planted::new(&mut rng)).collect();
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    write(dir, &windows);
    run(
        &bin,
        dir,
        "modisco motifs -s sequences.npz -a hypothetical.npz -n 2000 -w 400 -o modisco.h5",
    );
    run(
        &bin,
        dir,
        "finemo extract-regions-bw -p windows.narrowPeak -f genome.fa -b contributions.bw -o \
         tracks.npz -w 400",
    );
    run(
        &bin,
        dir,
        "finemo extract-regions-modisco-fmt -p windows.narrowPeak -s sequences.npz -a \
         hypothetical.npz -o arrays.npz -w 400",
    );
    for (regions, mode) in [("tracks", "pp"), ("arrays", "ph")] {
        let hits =
            format!("finemo call-hits -r {regions}.npz -m modisco.h5 -o {regions} -M {mode}");
        run(&bin, dir, &hits);
        let found = found(&dir.join(regions).join("hits.tsv"), &windows);
        assert!(found * 100 >= windows.len() * 95, "{regions}: {found}");
    }
}

#[test]
fn numpy_reads_an_array() {
    let test = "numpy_reads_an_array";
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("array.npz");
    let mut npz = Npz::new(&path, [2, 4, 3]).unwrap();
    let values: Vec<f32> = (0..24).map(|value| value as f32 * 0.5 - 3.0).collect();
    values.chunks(12).for_each(|entry| npz.add(entry).unwrap());
    npz.finish().unwrap().complete().unwrap();

    let python = std::env::var("EPITRACK_PYTHON").unwrap_or("python3".to_string());
    let script = "import sys, numpy\n\
                  array = numpy.load(sys.argv[1])['arr_0']\n\
                  print(array.dtype, *array.shape, *array.ravel())";
    let output = Command::new(&python)
        .args(["-c", script, arg(&path)])
        .output();
    let required = std::env::var_os("EPITRACK_REQUIRE_READERS").is_some();
    let output = match output {
        Ok(output) if output.status.success() => output,
        other => {
            assert!(!required, "{python}: {other:?}");
            return skipped(test, "NumPy is not here");
        }
    };
    let said = String::from_utf8(output.stdout).unwrap();
    let mut said = said.split_whitespace();
    let head: Vec<&str> = said.by_ref().take(4).collect();
    assert_eq!(head, ["float32", "2", "4", "3"]);
    let read: Vec<f32> = said.map(|value| value.parse().unwrap()).collect();
    assert_eq!(read, values);
}
