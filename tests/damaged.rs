//! Damaged and hostile files: whatever bytes a reader gets, it ends with an error or with what is there; it
//! does not panic and makes no room for what a file only claims to hold.
//!
//! Each reader gets good files with bits turned, bytes cut out, doubled and replaced by those of a
//! dictionary, drawn from seeds: the same every time. `EPITRACK_MUTATIONS` says how many for each reader
//! (`just fuzz` for hours); the files that once broke one stand in `tests/fixtures/damaged`.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use epitrack::browser::hub;
use epitrack::element::Sides;
use epitrack::enrichment::interactome::{Interactome, InteractomeSource};
use epitrack::footprints::{Assay, ChromNames, CutSource, Footprints};
use epitrack::formats::{BigWig, VcfReader};
use epitrack::genome::{
    ChromId, Chroms, Reference, Region, Segment, SequenceCollection, read_bed, read_chrom_sizes,
};
use epitrack::network::model::Weights;
use epitrack::pairs::{Labels, TableSource};
use epitrack::run::Run;
use epitrack::{formats, genome, motifs};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use super::support::{Workplace, arg, succeed};

/// The most bytes that a reader may ask for at once.
const LARGEST: usize = 1 << 30;

thread_local! {
    /// Whether this thread reads what cannot be believed.
    static WATCHED: Cell<bool> = const { Cell::new(false) };
}

/// The system's memory, of which a reader of damaged files gets no more at once than it could have seen.
struct Watching;

// SAFETY: every call goes on to the system's allocator as it came.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let watched = WATCHED.try_with(Cell::get).unwrap_or(false);
        if watched && layout.size() > LARGEST {
            // Ends the process with a word about the size.
            return std::ptr::null_mut();
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static MEMORY: Watching = Watching;

/// What files of text say that matters to their readers.
const WORDS: [&str; 40] = [
    "\n",
    "\t",
    "\r",
    "\0",
    " ",
    ",",
    ":",
    ";",
    "-",
    "#",
    "0",
    "-1",
    "1",
    "4294967296",
    "18446744073709551616",
    "1e309",
    "nan",
    "inf",
    ".",
    "chr1",
    "chr9",
    "track",
    "browser",
    "MOTIF",
    "P0",
    "//",
    "AC",
    ">",
    "A",
    "[",
    "w= 4294967295",
    "letter-probability matrix:",
    "\"",
    "label",
    "{",
    "}",
    "include hub.txt",
    "parent a",
    "\u{feff}",
    "é",
];

/// One of many ways to damage a file.
fn damaged(good: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..rng.random_range(1..4) {
        if bytes.is_empty() {
            return bytes;
        }
        let at = rng.random_range(0..bytes.len());
        let end = (at + rng.random_range(1..64)).min(bytes.len());
        match rng.random_range(0..8) {
            0 | 1 => bytes[at] ^= 1 << rng.random_range(0..8),
            2 => bytes[at] = *[0, 1, 0x7f, 0x80, 0xff].choose(rng).unwrap(),
            // A number of a binary file, as large as it goes.
            3 => bytes[at..end.min(at + 4)].fill(0xff),
            4 => drop(bytes.drain(at..end)),
            5 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            6 => {
                let word = WORDS.choose(rng).unwrap().bytes();
                bytes.splice(at..at, word);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// What libraries say that tells nobody what to do.
const UNHELPFUL: [&str; 5] = [
    "failed to fill whole buffer",
    "Invalid magic",
    "invalid input parameter",
    "invalid line bases",
    "unexpected end of file",
];

/// What was read; an error has to say something that helps.
fn checked<T>(read: epitrack::error::Result<T>) -> Option<T> {
    if let Err(error) = &read {
        let mut said = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(of) = cause {
            said += &format!(": {of}");
            cause = of.source();
        }
        assert!(
            !UNHELPFUL.iter().any(|words| said.contains(words)),
            "{said}"
        );
    }
    read.ok()
}

/// How many damaged files each reader gets.
fn mutations() -> u64 {
    let asked = std::env::var("EPITRACK_MUTATIONS").ok();
    asked.map_or(150, |number| number.parse().unwrap())
}

/// Gives a reader damaged forms of good files under a name, which may have others beside it.
fn reads(dir: &Path, name: &str, seeds: &[Vec<u8>], read: impl Fn(&Path)) {
    let path = dir.join(name);
    for (which, good) in seeds.iter().enumerate() {
        fs::write(&path, good).unwrap();
        read(&path);
        for number in 0..mutations() {
            let mut rng = ChaCha8Rng::seed_from_u64(number * 1000 + which as u64);
            let bytes = damaged(good, &mut rng);
            fs::write(&path, &bytes).unwrap();
            WATCHED.set(true);
            let done = catch_unwind(AssertUnwindSafe(|| read(&path)));
            WATCHED.set(false);
            if done.is_err() {
                let kept = std::env::temp_dir().join(format!("epitrack-{which}-{number}-{name}"));
                fs::write(&kept, bytes).unwrap();
                panic!(
                    "{name}, seed {which}, number {number}: a panic; the file is {}",
                    kept.display()
                );
            }
        }
    }
}

fn chroms() -> Chroms {
    Chroms::new(["chr1", "chr2", "chr3"].map(|name| (name.to_string(), 400_000))).unwrap()
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn region(chrom: u32, start: u32, end: u32) -> Region {
    Region {
        chrom: ChromId(chrom),
        start,
        end,
    }
}

#[test]
fn tables_and_lists() {
    let (dir, chroms) = (tempfile::tempdir().unwrap(), chroms());
    let lengths = Sides::new(200, 150);
    let tables = texts(&[
        "enhancer_chrom,enhancer_start,enhancer_end,promoter_chrom,promoter_start,promoter_end,label\n\
         chr1,1000,1200,chr1,5000,5200,1\nchr2,1000,1200,chr2,5000,5200,0\n",
        "enhancer_name,promoter_name,label\nK562|chr1:1000-1200,\"K562|chr1:5000-5200\",1\n",
        "#chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tlabel\nchr1\t1000\t1200\tchr1\t5000\t5200\t1\n",
        "chr1\t1000\t1200\tchr1\t5000\t5200\tx\t1\n",
    ]);
    reads(dir.path(), "pairs", &tables, |path| {
        let table =
            TableSource::plain(path).and_then(|of| of.read(&chroms, lengths, Labels::Optional));
        // What is read lies where windows can be cut.
        for pair in checked(table).iter().flat_map(|table| &table.pairs) {
            assert!(pair.elements.enhancer.end <= 400_000);
        }
    });
    let beds = texts(&["track name=a\nchr1\t5\t9\tname\t-164.1\t+\n1 7 1000 x 3 -\r\n"]);
    reads(dir.path(), "a.bed", &beds, |path| {
        checked(read_bed(path, &chroms));
        checked(Footprints::open(path, &chroms));
    });
    reads(
        dir.path(),
        "g.sizes",
        &texts(&["chr1\t1000\nchr2 77\n"]),
        |path| {
            checked(read_chrom_sizes(path));
        },
    );
    let interactomes = texts(&[
        "protein1 protein2 combined_score\n9606.A 9606.B 700\n",
        "TP53\tMDM2\nJUN\tFOS\n",
    ]);
    reads(dir.path(), "links", &interactomes, |path| {
        drop(Interactome::read(&InteractomeSource::new(
            path.to_path_buf(),
        )));
    });
    let vcfs = texts(&[
        "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=400000>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
         chr1\t100\trs1\tA\tC,<DEL>,*\t.\tPASS\tAC=1\nchr1\t200\t.\tAC\tA\t3\t.\t.\n",
    ]);
    reads(dir.path(), "a.vcf", &vcfs, |path| {
        let Some(mut reader) = checked(VcfReader::open(path)) else {
            return;
        };
        while let Some(Some(_)) = checked(reader.next_record()) {}
    });
}

#[test]
fn matrices() {
    let dir = tempfile::tempdir().unwrap();
    let seeds = texts(&[
        ">MA1 USF1\nA [ 1 0 ]\nC [ 2 0 ]\nG [ 3 9 ]\nT [ 4 0 ]\n>MA2\n1\n1\n1\n1\n",
        ">M\n.7 .1 .1 .1\n.1 .7 .1 .1\n.1 .1 .7 .1\n.1 .1 .1 .7\n.2 .3 .4 .1\n",
        "VV 1\n//\nAC MA1\nXX\nID USF1\nPO\tA\tC\tG\tT\n01\t1\t2\t3\t4\tN\n02\t0\t0\t9\t0\tG\nXX\n//\n",
        "MEME version 4\nALPHABET= ACGT\nMOTIF MA1 USF1\nletter-probability matrix: alength= 4 w= 2 nsites= 9\n\
         .1 .2 .3 .4\n 0 0 1 0\n",
        ">NG\tUSF1(bHLH)\t6.5\t-100\t0\n.1\t.2\t.3\t.4\n.001\t.001\t.997\t.001\n",
        "Protein: MA1\nA:\t.1\t0\nC:\t.2\t0\nG:\t.3\t1\nT:\t.4\t0\n",
    ]);
    reads(dir.path(), "motifs", &seeds, |path| {
        for matrix in checked(motifs::read(path)).iter().flatten() {
            assert!(
                matrix
                    .frequencies()
                    .iter()
                    .flatten()
                    .all(|part| part.is_finite())
            );
        }
    });
}

#[test]
fn sequence() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path();
    let bases = "ACGTN".repeat(60);
    let text = format!(
        ">chr1 x\n{bases}\n>chr2\n{}\n{}\n",
        &bases[..70],
        &bases[..30]
    );
    let read = |path: &Path| {
        for index in ["fai", "gzi"] {
            let _ = fs::remove_file(path.with_added_extension(index));
        }
        let Some(mut reference) = checked(Reference::open(path)) else {
            return;
        };
        let all = reference.chroms().clone();
        for (number, (_, length)) in all.iter().enumerate() {
            checked(reference.codes(region(number as u32, length / 3, length)));
        }
        checked(SequenceCollection::read(path));
    };
    reads(dir, "a.fa", &[text.clone().into_bytes()], read);
    let mut bgzip = noodles_bgzf::io::Writer::new(Vec::new());
    bgzip.write_all(text.as_bytes()).unwrap();
    reads(dir, "a.fa.gz", &[bgzip.finish().unwrap()], read);
    fs::write(dir.join("b.fa"), &text).unwrap();
    let mut reference = Reference::open(dir.join("b.fa")).unwrap();
    genome::write_two_bit(&mut reference, &dir.join("b.2bit")).unwrap();
    reads(
        dir,
        "a.2bit",
        &[fs::read(dir.join("b.2bit")).unwrap()],
        read,
    );
    // An index that was damaged says where bases stand that are not there.
    let index = fs::read(dir.join("b.fa.fai")).unwrap();
    reads(dir, "b.fa.fai", &[index], |_| {
        if let Some(mut reference) = checked(Reference::open(dir.join("b.fa"))) {
            let all = reference.chroms().clone();
            for (number, (_, length)) in all.iter().enumerate() {
                drop(reference.codes(region(number as u32, 0, length.min(1 << 20))));
            }
        }
    });
}

#[test]
fn signals() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path();
    let segment = |start: u32| Segment {
        region: region(0, start * 7, start * 7 + 1 + start % 7),
        value: start as f32,
    };
    let good = dir.join("good.bw");
    let (file, _) = formats::write_bigwig(&good, &chroms(), (0..5000).map(segment)).unwrap();
    file.complete().unwrap();
    reads(dir, "a.bw", &[fs::read(&good).unwrap()], |path| {
        if let Some(mut file) = checked(BigWig::open(path)) {
            let names: Vec<(String, u32)> = file
                .chroms()
                .map(|(name, length)| (name.to_string(), length))
                .take(9)
                .collect();
            for (name, length) in names {
                checked(file.segments(&name, region(0, 0, length)));
            }
        }
        if let Some(cuts) = checked(CutSource::bigwigs(path, &good, Assay::Dnase)) {
            called(&cuts);
        }
    });
}

/// Reads cuts as footprints are called from them.
fn called(cuts: &CutSource) {
    let chroms = cuts.chroms().clone();
    let Some(names) = checked(ChromNames::new(Path::new("x"), &chroms, &chroms)) else {
        return;
    };
    if let Ok(mut reader) = cuts.reader(&names) {
        for start in [0, 20_000, 170_000] {
            checked(reader.read(region(0, start, start + 9_000)));
        }
    }
}

#[test]
fn reads_and_their_index() {
    let place = Workplace::new();
    let [bam, bai] = ["sim/dnase.bam", "sim/dnase.bam.bai"].map(|name| place.path(name));
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let open = |path: &Path| {
        if let Some(cuts) = checked(CutSource::bam(path, Assay::Dnase)) {
            called(&cuts);
        }
    };
    let (bam, bai) = (fs::read(bam).unwrap(), fs::read(bai).unwrap());
    fs::write(path("i.bam"), &bam).unwrap();
    reads(dir.path(), "i.bam.bai", std::slice::from_ref(&bai), |_| {
        open(&path("i.bam"))
    });
    fs::write(path("d.bam.bai"), &bai).unwrap();
    // Only the beginning, where header and first records stand, and the whole.
    reads(dir.path(), "d.bam", &[bam], open);
}

#[test]
fn hubs_and_runs() {
    let dir = tempfile::tempdir().unwrap();
    let hub_text = "hub x\nshortLabel x\nlongLabel x\nuseOneFile on\nemail me@example.org\n\ngenome hg19\n\n\
        track a\ncompositeTrack on\nshortLabel a\nlongLabel a\ntype bigWig 0 9\n\n    track b\n    parent a on\n    \
        shortLabel b\n    longLabel b\n    bigDataUrl b.bw\n    type bigWig 0 9\n    viewLimits 1:2\n";
    reads(dir.path(), "hub.txt", &texts(&[hub_text]), |_| {
        checked(hub::check(dir.path()));
    });
    let place = Workplace::new();
    place.trained("run", &["--epochs", "1"]);
    let weights = fs::read(place.path("run/model.safetensors")).unwrap();
    reads(dir.path(), "w.safetensors", &[weights], |path| {
        checked(Weights::read(path));
    });
    let run = fs::read(place.path("run/run.json")).unwrap();
    reads(&place.path("run"), "run.json", &[run], |_| {
        checked(Run::open(&place.path("run")));
    });
}

/// The indexes that once broke a reader: of the reads of such a simulation, with bytes changed.
#[test]
fn what_broke_a_reader_once_breaks_it_no_more() {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/damaged");
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    let sim = path("sim");
    succeed(&[
        "simulate",
        "--positives",
        "40",
        "--negatives",
        "80",
        "--chromosome-length",
        "300000",
        "--out",
        arg(&sim),
    ]);
    let [bam, index, regions, out] =
        ["sim/dnase.bam", "sim/dnase.bam.bai", "r.bed", "out"].map(path);
    fs::write(&regions, "chr1\t1000\t20000\nchr3\t1000\t90000\n").unwrap();
    let call = [
        "footprints",
        "call",
        "--bam",
        arg(&bam),
        "--regions",
        arg(&regions),
        "--out",
        arg(&out),
    ];
    succeed(&call);
    for entry in fs::read_dir(dir).unwrap() {
        fs::copy(entry.unwrap().path(), &index).unwrap();
        let said = super::support::fail(&call);
        assert!(said.contains("dnase.bam.bai: is no index of"), "{said}");
    }
}
