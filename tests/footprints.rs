//! Footprints, from reads to files.

mod place;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use epitrack::footprints::{Assay, CutSource, Footprints, Settings, Wellington};
use epitrack::footprints::{call, ln};
use epitrack::formats::write_bigwig;
use epitrack::genome::Segment;
use epitrack::genome::{ChromId, Region};
use noodles_sam as sam;
use sam::alignment::record::cigar::op::Kind;

use self::place::{LENGTH, MATCH, Place, Read, SITE, bound, chroms, write_bam};
use super::support::{arg, fail, run, skipped, succeed};

#[test]
fn a_bound_site_is_found_and_all_files_agree() {
    let place = Place::new();
    let said = succeed(&place.call(&["--cutoff", "13.03"]));
    assert!(said.trim().ends_with("out.bed"), "{said}");
    assert_eq!(place.names(), ["out.bed", "out.bw", "out.json"]);

    let (region, counts) = bound();
    let scores = Wellington::new(&Settings::default())
        .unwrap()
        .scores(&counts);
    let wanted = call(region, &scores, ln(13.03));
    assert_eq!(wanted.len(), 1);
    let text = place.text("out.bed");
    let (header, row) = text.trim().split_once('\n').unwrap();
    let names: Vec<&str> = header.split('\t').collect();
    let fields: Vec<&str> = row.split('\t').collect();
    assert_eq!(names.len(), fields.len());
    assert_eq!(fields[1], wanted[0].region.start.to_string());
    assert_eq!(fields[2], wanted[0].region.end.to_string());
    assert!(wanted[0].region.start <= SITE && SITE < wanted[0].region.end);
    let score: f64 = fields[6].parse().unwrap();
    assert!((ln(score) - wanted[0].ln_p).abs() < 1e-3);
    assert_eq!(fields[4], format!("{score:.0}"));
    assert_eq!(fields[7], wanted[0].region.len().to_string());
    assert_eq!(fields[8], "13.0300");

    let track = Footprints::open(&place.path("out.bw"), &chroms()).unwrap();
    for (got, wanted) in track.occupancy(region).unwrap().iter().zip(&scores.ln_p) {
        assert!((ln(f64::from(*got)) - f64::from(*wanted)).abs() < 1e-3);
    }
    let called = Footprints::open(&place.path("out.bed"), &chroms()).unwrap();
    let occupancy = called.occupancy(region).unwrap();
    let best = occupancy.iter().copied().fold(0.0, f32::max);
    assert_eq!(best, score as f32);
    let occupied = occupancy.iter().filter(|&&score| score >= 3.0);
    assert_eq!(occupied.count(), wanted[0].region.len() as usize);

    let json: serde_json::Value = serde_json::from_str(&place.text("out.json")).unwrap();
    assert_eq!(json["region_rows"], 2);
    assert_eq!(json["regions_merged"], 1);
    assert_eq!(json["footprints"], 1);
    assert_eq!(json["selection"]["cutoff"], 13.03);
    assert_eq!(json["forward_cuts"], counts.totals().0);
    assert_eq!(json["reverse_cuts"], counts.totals().1);
    assert_eq!(json["track"]["bases"], region.len());
}

#[test]
fn threads_change_no_byte_and_the_seed_changes_the_cutoff() {
    let place = Place::new();
    let files = |more: &[&str]| {
        succeed(&place.call(more));
        ["out.bed", "out.bw", "out.json"].map(|name| std::fs::read(place.path(name)).unwrap())
    };
    let one = files(&["--threads", "1", "--least", "0"]);
    assert_eq!(
        one,
        files(&["--threads", "2", "--least", "0", "--fdr", "0.01"])
    );
    let bed = String::from_utf8(one[0].clone()).unwrap();
    assert_eq!(bed.lines().count(), 2, "{bed}");
    assert_ne!(one[0], files(&["--seed", "2", "--least", "0"])[0]);
}

#[test]
fn counts_that_are_ready_give_what_reads_give() {
    let place = Place::new();
    succeed(&place.call(&["--atac"]));
    let wanted = [place.text("out.bed"), place.text("out.json")];
    let (region, counts) = bound();
    for (name, counts, sign) in [
        ("a.f.bw", counts.forward, 1.0),
        ("a.r.bw", counts.reverse, -1.0),
    ] {
        let segments = (region.start..).zip(&counts).map(|(base, &count)| Segment {
            region: Region {
                start: base,
                end: base + 1,
                ..region
            },
            value: sign * count as f32,
        });
        let (file, _) = write_bigwig(&place.path(name), &chroms(), segments).unwrap();
        file.complete().unwrap();
    }
    let (forward, reverse) = (place.path("a.f.bw"), place.path("a.r.bw"));
    let mut arguments = place.call(&["--atac"]);
    arguments.splice(
        2..4,
        [
            "--cuts-forward",
            arg(&forward),
            "--cuts-reverse",
            arg(&reverse),
        ]
        .map(String::from),
    );
    succeed(&arguments);
    assert_eq!(place.text("out.bed"), wanted[0]);
    let total = |text: &str| {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        (json["forward_cuts"].clone(), json["track"].clone())
    };
    assert_eq!(total(&place.text("out.json")), total(&wanted[1]));
}

#[test]
fn a_cut_is_beside_its_read_and_flags_other_than_unmapped_do_not_matter() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bam");
    let spliced = &[
        (Kind::SoftClip, 5),
        (Kind::Match, 4),
        (Kind::Insertion, 3),
        (Kind::Skip, 6),
        (Kind::Match, 1),
        (Kind::Deletion, 2),
        (Kind::HardClip, 7),
    ];
    let mut reads = vec![
        // Forward: the base before the first.
        Read(0, 100, 0, MATCH),
        Read(0, 101, 0x400, MATCH),   // duplicate
        Read(0, 120, 0x100, MATCH),   // secondary
        Read(0, 199, 0x800, MATCH),   // supplementary
        Read(0, 200, 0x200, spliced), // failed; beside the region
        Read(0, 201, 0, MATCH),       // cut outside
        Read(0, 0, 0, MATCH),         // cut before the chromosome
        Read(0, 150, 0x4, MATCH),     // unmapped
        // Reverse: the base after the last.
        Read(0, 80, 0x10, MATCH),
        Read(0, 79, 0x10, MATCH), // cut outside
        Read(0, 97, 0x10, spliced),
        Read(0, 179, 0x10 | 0x400, MATCH),
        Read(0, 180, 0x10, MATCH), // cut outside
        Read(0, 130, 0x14, MATCH), // unmapped
        Read(0, 140, 0x10, &[]),
        // Another chromosome.
        Read(1, 100, 0, MATCH),
    ];
    // So many before that the index has something to skip.
    reads.extend((0..3000).map(|number| Read(0, 300 + number, 0, MATCH)));
    write_bam(&path, reads);
    let region = Region {
        chrom: ChromId(0),
        start: 100,
        end: 200,
    };
    let found = |assay: Assay| {
        let cuts = CutSource::bam(&path, assay).unwrap();
        let names = cuts.names(&chroms()).unwrap();
        let counts = cuts.reader(&names).unwrap().read(region).unwrap();
        let places = |counts: &[u32]| {
            let places = counts.iter().enumerate();
            let places = places.flat_map(|(at, &count)| vec![100 + at; count as usize]);
            places.collect::<Vec<usize>>()
        };
        (places(&counts.forward), places(&counts.reverse))
    };
    let (forward, reverse) = found(Assay::Dnase);
    assert_eq!(forward, [100, 119, 198, 199]);
    assert_eq!(reverse, [100, 110, 141, 199]);
    let (forward, reverse) = found(Assay::Atac);
    assert_eq!(forward, [104, 105, 124]);
    assert_eq!(reverse, [106, 137, 195, 196]);
}

#[test]
fn reads_without_an_index_or_in_another_format_are_refused() {
    let place = Place::new();
    std::fs::rename(place.path("a.bam.bai"), place.path("a.bai")).unwrap();
    succeed(&place.call(&["--cutoff", "5"]));
    std::fs::remove_file(place.path("a.bai")).unwrap();
    let said = fail(&place.call(&[]));
    assert!(said.contains("has no index: samtools index"), "{said}");
    place.write("a.bam", "CRAM\u{3}\0");
    let said = fail(&place.call(&[]));
    assert!(
        said.contains("is CRAM, not BAM: samtools view -b"),
        "{said}"
    );
    place.write("a.bam", "@HD\tVN:1.6\n");
    assert!(fail(&place.call(&[])).contains("is SAM, not BAM: samtools sort"));
    place.write("a.bam", "chr1\t1\t2\n");
    assert!(fail(&place.call(&[])).contains("is no BAM file"));
}

#[test]
fn a_bam_file_that_was_cut_is_refused_and_leaves_nothing() {
    let place = Place::new();
    let bytes = std::fs::read(place.path("a.bam")).unwrap();
    std::fs::write(place.path("a.bam"), &bytes[..bytes.len() * 2 / 3]).unwrap();
    let said = fail(&place.call(&[]));
    assert!(said.contains("a.bam"), "{said}");
    let left = place.names();
    assert!(left.iter().all(|name| name.starts_with('.')), "{left:?}");
    assert!(!left.iter().any(|name| name.contains(".bw")), "{left:?}");
}

#[test]
fn no_input_is_replaced() {
    let place = Place::new();
    let before = place.text("a.bed");
    let mut arguments = place.call(&[]);
    let out = arguments.iter().position(|word| word == "--out").unwrap() + 1;
    arguments[out] = arg(&place.path("a")).to_string();
    let said = fail(&arguments);
    assert!(
        said.contains("a.bed is an input and would be replaced"),
        "{said}"
    );
    assert_eq!(place.text("a.bed"), before);
}

#[test]
fn another_assembly_is_refused() {
    let place = Place::new();
    let reference = place.path("a.fa");
    let sequence = |bases: u32| {
        place.write("a.fa", &format!(">1\n{}\n", "A".repeat(bases as usize)));
        let _ = std::fs::remove_file(place.path("a.fa.fai"));
    };
    sequence(LENGTH + 1);
    let said = fail(&place.call(&["--reference", arg(&reference)]));
    let wanted = "another assembly than the reference: chr1 has 6000 bases, not 6001";
    assert!(said.contains(wanted), "{said}");
    // Of the reference's names the files take the form.
    sequence(LENGTH);
    succeed(&place.call(&["--reference", arg(&reference)]));
    assert!(place.text("out.bed").contains("\n1\t"));
    place.write("a.bed", "chr1\t1800\t2200\nchr2\t0\t300\nchr1\t5\t5\n");
    let said = fail(&place.call(&["--reference", arg(&reference)]));
    assert!(
        said.contains("a.bed:2: the reference has no chromosome \"chr2\""),
        "{said}"
    );
    assert!(
        said.contains("a.bed:3: region starts at 5 and ends at 5"),
        "{said}"
    );
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let place = Place::new();
    for (more, wanted) in [
        (["--widths", "11,12"], "a footprint's width is odd: 12"),
        (["--shoulders", "0"], "shoulders: 0 is not from 1 to 500"),
        (
            ["--cutoff=-30", "--atac"],
            "the cutoff is −log10 p, 0 or more: -30",
        ),
        (
            ["--fdr", "1"],
            "the false discovery rate is between 0 and 1: 1",
        ),
        (["--shoulders", "400"], "no region has 825 bases"),
    ] {
        let said = fail(&place.call(&more));
        assert!(said.contains(wanted), "{said}");
    }
    let both = place.call(&["--cutoff", "3", "--fdr", "0.1"]);
    assert_eq!(run(&both).0.status.code(), Some(2));
    assert!(place.names().is_empty(), "{:?}", place.names());
}

#[test]
fn regions_without_enough_reads_are_told() {
    let place = Place::new();
    place.write(
        "a.bed",
        "chr1\t1800\t2200\nchr1\t4000\t4300\nchr2\t10\t50\n",
    );
    let (output, _, said) = run(&place.call(&[]));
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 of 2 regions hold too few cuts"), "{said}");
    assert!(
        said.contains("1 of 2 regions hold no cut on one of the strands"),
        "{said}"
    );
    assert!(said.contains("shorter than 95 bases: 1"), "{said}");
}

#[test]
fn smoothed_tracks_are_no_counts() {
    let place = Place::new();
    let segment = Segment {
        region: bound().0,
        value: 0.5,
    };
    let track = place.path("a.f.bw");
    let (file, _) = write_bigwig(&track, &chroms(), [segment].into_iter()).unwrap();
    file.complete().unwrap();
    let mut arguments = place.call(&[]);
    let pair = ["--cuts-forward", arg(&track), "--cuts-reverse", arg(&track)];
    arguments.splice(2..4, pair.map(String::from));
    let said = fail(&arguments);
    assert!(
        said.contains("holds 0.5, which is no number of cuts"),
        "{said}"
    );
}

/// The calls that pyDNase 0.3.0 makes of its own example at −30.
#[test]
fn the_example_of_pydnase_gives_its_calls() {
    let test = "footprints::the_example_of_pydnase_gives_its_calls";
    let Some(data) = std::env::var_os("EPITRACK_DATA").map(PathBuf::from) else {
        return skipped(test, "EPITRACK_DATA is unset");
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("example.bam");
    std::fs::copy(data.join("footprints/example.bam"), &path).unwrap();
    // Its header does not say that it is sorted, which noodles wants to read there.
    let indexed = Command::new("samtools").arg("index").arg(&path).status();
    if !indexed.is_ok_and(|status| status.success()) {
        return skipped(test, "there is no samtools to index the example");
    }
    let cuts = CutSource::bam(&path, Assay::Dnase).unwrap();
    let chroms = Arc::new(cuts.chroms().clone());
    let (chrom, _) = chroms.find("chr6").unwrap();
    let region = Region {
        chrom,
        start: 170_863_142,
        end: 170_863_532,
    };
    let names = cuts.names(&chroms).unwrap();
    let counts = cuts.reader(&names).unwrap().read(region).unwrap();
    // BAMHandler.get_cut_values gives these in its documentation.
    assert_eq!(counts.forward[..8], [1, 0, 0, 0, 1, 11, 1, 0]);
    assert_eq!(counts.reverse[..8], [0, 1, 0, 0, 1, 0, 0, 1]);
    let scores = Wellington::new(&Settings::default())
        .unwrap()
        .scores(&counts);
    // `wellington(interval, reads).scores` and `.lengths` of pyDNase 0.3.0.
    for (base, ln_p, width) in [
        (12, 0.0, 0),
        (63, -10.571_338_7, 21),
        (83, -6.331_303_05, 25),
        (90, -10.831_196_8, 13),
        (116, -0.299_687_713, 15),
        (126, -59.597_667_7, 25),
        (142, -109.600_761, 25),
        (162, -23.593_709_9, 11),
        (168, -0.279_485_762, 25),
        (194, -3.747_598_41, 13),
        (212, -24.955_333_7, 19),
        (246, -1.575_957_42, 11),
        (266, -33.822_582_2, 19),
        (290, -133.947_464, 21),
        (302, -71.191_780_1, 21),
        (376, 0.0, 0),
    ] {
        let found = (f64::from(scores.ln_p[base]), scores.widths[base]);
        assert!(
            (found.0 - ln_p).abs() < 1e-4 && found.1 == width,
            "{base}: {found:?}"
        );
    }
    let calls = call(region, &scores, -30.0);
    let calls: Vec<(u32, u32, String)> = calls
        .iter()
        .map(|f| (f.region.start, f.region.end, format!("{:.2}", f.ln_p)))
        .collect();
    assert_eq!(
        calls,
        [
            (170_863_281, 170_863_306, "-150.07".to_string()),
            (170_863_348, 170_863_371, "-47.92".to_string()),
            (170_863_422, 170_863_447, "-164.12".to_string()),
        ]
    );
}
