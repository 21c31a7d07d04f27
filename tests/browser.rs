//! What browsers' own readers say about the files.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use bigtools::BigBedRead;
use epitrack::element::Sides;
use epitrack::formats::{self, INTERACT_SCHEMA, Link, Prediction, REGION_SCHEMA, Schema};
use epitrack::genome::Segment;
use epitrack::genome::{ChromId, Chroms, Region};
use epitrack::pairs::Pair;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::support::skipped;

const CHROMS: [(&str, u32); 3] = [
    ("chr1", 240_000_000),
    ("chr10", 130_000_000),
    ("chrX", 5_000_000),
];

/// An item: where it is, and its name.
type Item = (Region, String);

/// A whole number between two powers of ten, small ones as probable as large ones.
fn log_uniform(rng: &mut impl Rng, from: f64, to: f64) -> u32 {
    10f64.powf(rng.random_range(from..to)) as u32
}

/// Regions of these lengths, sorted.
fn regions(count: usize, rng: &mut impl Rng, len: impl Fn(&mut ChaCha8Rng) -> u32) -> Vec<Region> {
    let mut own = ChaCha8Rng::seed_from_u64(rng.random());
    let mut regions: Vec<Region> = (0..count)
        .map(|_| {
            let chrom = own.random_range(0..CHROMS.len() as u32);
            let length = CHROMS[chrom as usize].1;
            let len = len(&mut own).min(length - 1);
            let start = own.random_range(0..length - len);
            Region {
                chrom: ChromId(chrom),
                start,
                end: start + len,
            }
        })
        .collect();
    regions.sort();
    regions
}

/// A bigBed of lines, in which every reader has to find just the items that overlap a query.
fn every_item_is_found(test: &str, lines: &str, items: &[Item], schema: Schema) {
    let dir = tempfile::tempdir().unwrap();
    let (bed, path) = (dir.path().join("items.bed"), dir.path().join("items.bb"));
    std::fs::write(&bed, lines).unwrap();
    let chroms = Chroms::new(CHROMS.map(|(name, length)| (name.to_string(), length))).unwrap();
    let file = formats::write_bigbed(&bed, &path, schema, &chroms).unwrap();
    file.complete().unwrap();

    let queries = queries();
    let wanted = overlapping(items, &queries);
    let hits: usize = wanted.iter().map(Vec::len).sum();
    assert!(hits > 10 * queries.len(), "{hits}");

    let mut reader = BigBedRead::open_file(&path).unwrap();
    let header = reader.info().header;
    assert_eq!(header.defined_field_count, schema.standard_fields);
    let fields = lines.lines().next().unwrap().split('\t').count();
    assert_eq!(usize::from(header.field_count), fields);
    for (query, wanted) in queries.iter().zip(&wanted) {
        let name = CHROMS[query.chrom.0 as usize].0;
        let entries = reader.get_interval(name, query.start, query.end).unwrap();
        // bigtools counts items that only touch the query.
        let overlapping = entries
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.end > query.start && entry.start < query.end);
        let mut names: Vec<String> = overlapping
            .map(|entry| entry.rest.split('\t').next().unwrap().to_string())
            .collect();
        names.sort();
        same("bigtools", query, &names, wanted);
    }
    every_reader_says(test, &path, &queries, &wanted);
}

/// 2,000 queries from 10 bases to 3 Mb.
fn queries() -> Vec<Region> {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    regions(2000, &mut rng, |rng| log_uniform(rng, 1.0, 6.5))
}

/// The names of the items over each query, sorted.
fn overlapping<'a>(items: &'a [Item], queries: &[Region]) -> Vec<Vec<&'a str>> {
    let of_query = |query: &Region| {
        let overlapping = items.iter().filter(|(region, _)| region.overlap(query) > 0);
        let mut names: Vec<&str> = overlapping.map(|(_, name)| name.as_str()).collect();
        names.sort();
        names
    };
    queries.iter().map(of_query).collect()
}

/// Readers that share no code with bigtools have to find just these names.
fn every_reader_says(test: &str, path: &Path, queries: &[Region], wanted: &[Vec<&str>]) {
    for (reader, mut command) in readers() {
        let Some(asked) = ask(command.arg(path), queries) else {
            skipped(test, &format!("{reader} is not here"));
            continue;
        };
        assert_eq!(asked.len(), wanted.len(), "{reader}");
        for ((query, names), wanted) in queries.iter().zip(&asked).zip(wanted) {
            let names: Vec<&str> = names.split('\t').filter(|name| !name.is_empty()).collect();
            same(reader, query, &names, wanted);
        }
    }
}

/// Fails with what is missing and what is not wanted, of thousands.
fn same<S: AsRef<str>>(reader: &str, query: &Region, found: &[S], wanted: &[&str]) {
    let found: Vec<&str> = found.iter().map(AsRef::as_ref).collect();
    if found != wanted {
        let lacking = wanted.iter().find(|name| !found.contains(name));
        let odd = found.iter().find(|name| !wanted.contains(name));
        let counts = (found.len(), wanted.len());
        panic!("{reader}, {query:?}: {counts:?} items, lacks {lacking:?}, has {odd:?}");
    }
}

/// Readers that share no code with bigtools, where they are installed.
fn readers() -> Vec<(&'static str, Command)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let with = |program: &str, script: &str| {
        let mut command = Command::new(program);
        command.arg(dir.join(script));
        command
    };
    let python = std::env::var("EPITRACK_PYTHON").unwrap_or("python3".to_string());
    vec![
        ("pyBigWig", with(&python, "items.py")),
        ("@gmod/bbi", with("node", "items.mjs")),
    ]
}

/// The lines that a reader answers with; nothing where it could not run and nobody requires it.
fn ask(command: &mut Command, queries: &[Region]) -> Option<Vec<String>> {
    let mut text = String::new();
    for query in queries {
        let name = CHROMS[query.chrom.0 as usize].0;
        writeln!(text, "{name} {} {}", query.start, query.end).unwrap();
    }
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let child = pipes.stderr(Stdio::piped()).spawn();
    let required = std::env::var_os("EPITRACK_REQUIRE_READERS").is_some();
    let Ok(mut child) = child else {
        assert!(!required, "{command:?} does not start");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        // A reader that cannot start does not listen.
        let _ = stdin.write_all(text.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    if !output.status.success() {
        let problem = String::from_utf8_lossy(&output.stderr);
        let missing = ["ModuleNotFoundError", "ERR_MODULE_NOT_FOUND"];
        let missing = missing.iter().any(|name| problem.contains(name));
        assert!(missing && !required, "{command:?}: {problem}");
        return None;
    }
    let answers = String::from_utf8(output.stdout).unwrap();
    Some(answers.lines().map(str::to_string).collect())
}

#[test]
fn every_arc_is_found_by_every_query_that_it_overlaps() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let spans = regions(50_000, &mut rng, |rng| log_uniform(rng, 3.0, 6.3));
    let chroms = Chroms::new(CHROMS.map(|(name, length)| (name.to_string(), length))).unwrap();
    let (mut lines, mut items) = (String::new(), Vec::new());
    for (span, line) in spans.into_iter().zip(2..) {
        let (enhancer, promoter) = (
            Region {
                end: span.start + 300,
                ..span
            },
            Region {
                start: span.end - 400,
                ..span
            },
        );
        let prediction = Prediction {
            pair: Pair {
                elements: Sides::new(enhancer, promoter),
                label: None,
                line,
                gene: None,
            },
            probability: rng.random(),
            logit: 0.0,
            part: None,
            context: None,
        };
        for link in Link::of(prediction) {
            assert_eq!(link.span, span);
            writeln!(lines, "{}", link.big_interact(&chroms, 0.5)).unwrap();
            items.push((span, prediction.pair.id(&chroms).to_string()));
        }
    }
    let test = "every_arc_is_found_by_every_query_that_it_overlaps";
    every_item_is_found(test, &lines, &items, INTERACT_SCHEMA);
}

/// 80,000 are more than a node of 16 bits can count, long ones hide among short ones.
#[test]
fn every_region_is_found_beyond_65536() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let regions = regions(80_000, &mut rng, |rng| match rng.random_bool(0.99) {
        true => 45,
        false => 3_000_000,
    });
    let (mut lines, mut items) = (String::new(), Vec::new());
    for (number, region) in regions.into_iter().enumerate() {
        let Region { chrom, start, end } = region;
        let chrom = CHROMS[chrom.0 as usize].0;
        writeln!(
            lines,
            "{chrom}\t{start}\t{end}\tr{number}\t0\t.\t{start}\t{end}\t0,0,0\tenhancer\t1\t1\tp\t0.5\t.\t.\t.\t.\t.\t."
        )
        .unwrap();
        items.push((region, format!("r{number}")));
    }
    let test = "every_region_is_found_beyond_65536";
    every_item_is_found(test, &lines, &items, REGION_SCHEMA);
}

/// Windows of bins, some side by side and some far apart.
#[test]
fn every_value_is_the_same_in_every_reader() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut segments = Vec::new();
    for ((_, length), chrom) in CHROMS.into_iter().zip((0..).map(ChromId)) {
        let mut start = rng.random_range(0..5000);
        while start + 3000 < length {
            for _ in 0..100 {
                let end = start + 30;
                let value = rng.random_range(0..400) as f32 / 8.0;
                let region = Region { chrom, start, end };
                segments.push(Segment { region, value });
                start = end;
            }
            start += rng.random_range(0..4) * 40_000;
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("values.bw");
    let chroms = Chroms::new(CHROMS.map(|(name, length)| (name.to_string(), length))).unwrap();
    let (file, _) = formats::write_bigwig(&path, &chroms, segments.iter().copied()).unwrap();
    file.complete().unwrap();
    let name = |segment: &Segment| {
        let Region { start, end, .. } = segment.region;
        format!("{start}-{end}-{}", segment.value * 8.0)
    };
    let items: Vec<Item> = segments.iter().map(|s| (s.region, name(s))).collect();
    let queries = &queries()[..200];
    let wanted = overlapping(&items, queries);
    assert!(wanted.iter().filter(|names| names.len() > 100).count() > 20);
    every_reader_says(
        "every_value_is_the_same_in_every_reader",
        &path,
        queries,
        &wanted,
    );
}
