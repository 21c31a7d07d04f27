//! What is written is read, and zoom levels sum up the bases.

use bigtools::BigWigRead;
use proptest::prelude::*;

use super::*;
use crate::genome::ChromId;

const NAMES: [&str; 2] = ["chr1", "chr2"];

/// Windows of 100 bins, some touching and some far apart, on two chromosomes.
fn windows(bin: u32) -> Vec<Segment> {
    let window = |chrom, place: u32| {
        let start = 7 + place * 100 * bin + place / 3 * 97_000;
        (0..100u32).map(move |n| Segment {
            region: Region {
                chrom: ChromId(chrom),
                start: start + n * bin,
                end: start + n * bin + bin,
            },
            value: (place * 31 + n * 17) as f32 % 11.0 - 2.0,
        })
    };
    let windows = (0..2).flat_map(|chrom| (0..60).map(move |place| (chrom, place)));
    windows
        .flat_map(|(chrom, place)| window(chrom, place))
        .collect()
}

/// A bigWig of two chromosomes of one length.
fn written(folder: &Path, length: u32, segments: &[Segment]) -> (PathBuf, Summary) {
    let path = folder.join("a.bw");
    let chroms = Chroms::new(NAMES.map(|name| (name.to_string(), length))).unwrap();
    let (file, summary) = write(&path, &chroms, segments.iter().copied()).unwrap();
    file.complete().unwrap();
    (path, summary)
}

/// The segments of a chromosome.
fn on(chrom: u32, segments: &[Segment]) -> impl Iterator<Item = &Segment> {
    let on_it = move |segment: &&Segment| segment.region.chrom == ChromId(chrom);
    segments.iter().filter(on_it)
}

/// The values of a chromosome's bases.
fn values_of(chrom: u32, length: u32, segments: &[Segment]) -> Vec<Option<f32>> {
    let mut bases = vec![None; length as usize];
    for segment in on(chrom, segments) {
        let Region { start, end, .. } = segment.region;
        bases[start as usize..end as usize].fill(Some(segment.value));
    }
    bases
}

/// Where the records of a zoom level begin and end.
type Spans = Vec<(u32, u32)>;

/// The spans of the records over stretches of some bases which go on over gaps of at most so many.
fn spans(bases: &[Option<f32>], reduction: u32, gap: u32) -> Spans {
    let mut spans = Spans::new();
    for (base, value) in (0u32..).zip(bases) {
        if value.is_none() {
            continue;
        }
        match spans.last_mut() {
            Some((start, end)) if *start / reduction == base / reduction && base - *end <= gap => {
                *end = base + 1;
            }
            _ => spans.push((base, base + 1)),
        }
    }
    spans
}

/// The zoom levels that there have to be and the spans of their records on both chromosomes, each level
/// from the bases themselves.
fn levels_of(bases: &[Vec<Option<f32>>; 2], segments: &[Segment]) -> Vec<(u32, [Spans; 2])> {
    let sections = |chrom| on(chrom, segments).count().div_ceil(1024);
    let sections = sections(0) + sections(1);
    let covered = bases.iter().flatten().flatten().count();
    let finest = (10.0 * (covered as f64 / (sections * 1024) as f64)) as u32;
    let finest = finest.max(1);
    let (mut most, mut levels) = (segments.len() / 2, Vec::new());
    for step in 0..10 {
        let reduction = finest * 4u32.pow(step);
        let gap = finest.max(reduction / 16);
        let [first, second] = bases;
        let records = [first, second].map(|bases| spans(bases, reduction, gap));
        let count = records[0].len() + records[1].len();
        if count <= most {
            levels.push((reduction, records));
            most = count - 1;
            if count <= 2048 {
                break;
            }
        }
    }
    levels
}

/// A file has just the zoom levels and records that it has to, and each record the sums over its bases;
/// how many bases a stretch of each level has.
fn check_zooms(path: &Path, length: u32, segments: &[Segment]) -> Vec<u32> {
    let mut reader = BigWigRead::open_file(path).unwrap();
    let headers = reader.info().zoom_headers.clone();
    let levels: Vec<u32> = headers
        .iter()
        .map(|header| header.reduction_level)
        .collect();
    let bases = [0, 1].map(|chrom| values_of(chrom, length, segments));
    let wanted = levels_of(&bases, segments);
    let reductions: Vec<u32> = wanted.iter().map(|&(reduction, _)| reduction).collect();
    assert_eq!(levels, reductions);
    for (level, spans) in wanted {
        for ((name, bases), spans) in NAMES.into_iter().zip(&bases).zip(spans) {
            let mut found = Spans::new();
            for record in reader.get_zoom_interval(name, 0, length, level).unwrap() {
                let record = record.unwrap();
                found.push((record.start, record.end));
                let of_record = record.start as usize..record.end as usize;
                let values = bases[of_record].iter().flatten();
                let values: Vec<f64> = values.map(|&value| f64::from(value)).collect();
                let got = record.summary;
                assert_eq!(got.bases_covered as usize, values.len());
                assert_eq!(got.min_val, values.iter().copied().fold(f64::MAX, f64::min));
                assert_eq!(got.max_val, values.iter().copied().fold(f64::MIN, f64::max));
                assert_eq!(got.sum, values.iter().sum::<f64>());
                assert_eq!(got.sum_squares, values.iter().map(|v| v * v).sum::<f64>());
            }
            assert_eq!(found, spans, "{name}, level {level}");
        }
    }
    levels
}

/// bigtools' reader and ours find the same values, cut to the bases asked for: those written.
fn check_values(path: &Path, segments: &[Segment], start: u32, end: u32) {
    let mut theirs = BigWigRead::open_file(path).unwrap();
    let mut ours = BigWig::open(path).unwrap();
    for (name, chrom) in NAMES.into_iter().zip(0..) {
        let cut = on(chrom, segments).map(|segment| {
            let Region {
                start: s, end: e, ..
            } = segment.region;
            (s.max(start), e.min(end), segment.value)
        });
        let wanted: Vec<_> = cut.filter(|(start, end, _)| start < end).collect();
        let region = Region {
            chrom: ChromId(chrom),
            start,
            end,
        };
        let read = ours.segments(name, region).unwrap();
        let read = read.iter().map(|s| (s.region.start, s.region.end, s.value));
        assert_eq!(read.collect::<Vec<_>>(), wanted);
        let read = theirs.get_interval(name, start, end).unwrap();
        let read = read.map(|value| value.unwrap());
        let read: Vec<_> = read.map(|v| (v.start, v.end, v.value)).collect();
        assert_eq!(read, wanted);
    }
}

#[test]
fn windows_of_bins_and_of_bases_are_read_as_they_were_written() {
    const LENGTH: u32 = 3_000_000;
    for bin in [30, 1] {
        let dir = tempfile::tempdir().unwrap();
        let segments = windows(bin);
        let (path, summary) = written(dir.path(), LENGTH, &segments);
        assert_eq!(summary.bases, u64::from(2 * 60 * 100 * bin));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        let levels = check_zooms(&path, LENGTH, &segments);
        assert!(!levels.is_empty());
        for (start, end) in [(0, LENGTH), (5, 8), (2_990, 97_100), (50_000, 1_000_000)] {
            check_values(&path, &segments, start, end);
        }
    }
}

/// Single bases side by side, at each of these places on both chromosomes.
fn single_bases(places: impl Iterator<Item = u32> + Clone) -> Vec<Segment> {
    let segment = |chrom, start| {
        let region = Region {
            chrom: ChromId(chrom),
            start,
            end: start + 1,
        };
        let value = (start % 7) as f32 / 4.0;
        Segment { region, value }
    };
    let chroms = [0, 1].into_iter();
    let segments = chroms.flat_map(|chrom| places.clone().map(move |start| segment(chrom, start)));
    segments.collect()
}

#[test]
fn levels_grow_by_four_until_one_is_read_at_once() {
    const LENGTH: u32 = 60_000;
    let dir = tempfile::tempdir().unwrap();
    let segments = single_bases(0..LENGTH);
    let (path, _) = written(dir.path(), LENGTH, &segments);
    // 13,334, 3,334 and 834 records.
    assert_eq!(check_zooms(&path, LENGTH, &segments), [9, 36, 144]);
}

#[test]
fn a_level_that_says_the_same_as_the_finer_one_is_left_out() {
    const LENGTH: u32 = 864_000;
    let dir = tempfile::tempdir().unwrap();
    // Eight bases at the head of each stretch of 9 · 4³.
    let segments = single_bases((0..LENGTH).filter(|base| base % 576 < 8));
    let (path, _) = written(dir.path(), LENGTH, &segments);
    // Gaps of 568 bases are within a sixteenth of a stretch first at the last of them.
    assert_eq!(check_zooms(&path, LENGTH, &segments), [9, 9216]);
}

/// A stretch of bases, and over those of them that have a value: how many there are, their sum and their
/// largest value.
type Part = (u32, u32, [f64; 3]);

/// The bins of a chromosome as libBigWig's bwStats.c and UCSC's bbiRead.c make them: of each part by how
/// much of it lies in the bin.
fn bins(parts: &[Part], width: u32, count: usize) -> Vec<[f64; 3]> {
    let mut bins = vec![[0.0, 0.0, f64::MIN]; count];
    for &(start, end, [covered, sum, max]) in parts {
        for n in start / width..=(end - 1) / width {
            let overlap = end.min((n + 1) * width) - start.max(n * width);
            let share = f64::from(overlap) / f64::from(end - start);
            let bin = &mut bins[n as usize];
            bin[0] += share * covered;
            bin[1] += share * sum;
            bin[2] = bin[2].max(max);
        }
    }
    bins
}

#[test]
fn bins_of_a_zoomed_out_reader_are_near_those_of_the_bases() {
    const LENGTH: u32 = 60_000_000;
    const BINS: u32 = 300;
    let dir = tempfile::tempdir().unwrap();
    // Windows of 3,000 bases, 14,919 or more apart; values differ far more between them than within.
    let segments: Vec<Segment> = (0..30_000u32)
        .map(|n| {
            let (window, bin) = (n / 10, n % 10);
            let start = window * 20_000 + window * 7919 % 10_000 + bin * 300;
            let region = Region {
                chrom: ChromId(0),
                start,
                end: start + 300,
            };
            let value = 0.5 + (window * 31 % 17) as f32 / 10.0 + bin as f32 / 1000.0;
            Segment { region, value }
        })
        .collect();
    let (path, _) = written(dir.path(), LENGTH, &segments);
    let of_segment = |segment: &Segment| {
        let Region { start, end, .. } = segment.region;
        let (bases, value) = (f64::from(end - start), f64::from(segment.value));
        (start, end, [bases, bases * value, value])
    };
    let exact: Vec<Part> = segments.iter().map(of_segment).collect();

    let width = LENGTH / BINS;
    let mut reader = BigWigRead::open_file(&path).unwrap();
    let headers = reader.info().zoom_headers.iter();
    let levels = headers.map(|header| header.reduction_level);
    // Readers take the coarsest level of which two stretches fit into a bin.
    let level = levels.filter(|&level| level <= width / 2).max().unwrap();
    let records = reader
        .get_zoom_interval(NAMES[0], 0, LENGTH, level)
        .unwrap();
    let of_record = records.map(|record| {
        let record = record.unwrap();
        let sums = record.summary;
        let sums = [sums.bases_covered as f64, sums.sum, sums.max_val];
        (record.start, record.end, sums)
    });
    let zoomed: Vec<Part> = of_record.collect();
    assert!(zoomed.len() * 5 < exact.len(), "{} records", zoomed.len());

    let bins = |parts: &[Part]| bins(parts, width, BINS as usize);
    for (zoomed, exact) in bins(&zoomed).into_iter().zip(bins(&exact)) {
        let within = |zoomed: f64, exact: f64, part: f64| (zoomed / exact - 1.0).abs() < part;
        assert!(within(zoomed[0], exact[0], 0.01), "{zoomed:?}, {exact:?}");
        let means = [zoomed, exact].map(|bin| bin[1] / bin[0]);
        assert!(within(means[0], means[1], 0.016), "{zoomed:?}, {exact:?}");
        assert!(within(zoomed[2], exact[2], 0.033), "{zoomed:?}, {exact:?}");
    }
}

/// Segments of a chromosome: mostly single bases side by side, with gaps and with neighbours of
/// one value that were joined. Values whose sums lose no digit.
fn of_chrom(chrom: u32) -> impl Strategy<Value = Vec<Segment>> {
    let gap = prop_oneof![200 => Just(0u32), 1 => 1..3000u32];
    let length = prop_oneof![100 => Just(1u32), 1 => 2..40u32];
    let segment = (gap, length, -40i16..40);
    prop::collection::vec(segment, 1..3000).prop_map(move |segments| {
        let mut place = 0u32;
        let segment = |(gap, length, value): (u32, u32, i16)| {
            let start = place + gap;
            place = start + length;
            let region = Region {
                chrom: ChromId(chrom),
                start,
                end: place,
            };
            let value = f32::from(value) / 4.0;
            Segment { region, value }
        };
        segments.into_iter().map(segment).collect()
    })
}

/// Single bases of a chromosome in short windows, side by side and at all distances that levels tell
/// apart: enough for several levels.
fn scattered(chrom: u32) -> impl Strategy<Value = Vec<Segment>> {
    let gap = prop_oneof![Just(0u32), 1..40u32, 1..1000u32];
    prop::collection::vec((gap, 1..12u32), 1500..3000).prop_map(move |windows| {
        let (mut place, mut segments) = (0u32, Vec::new());
        for (gap, length) in windows {
            place += gap;
            for start in place..place + length {
                let region = Region {
                    chrom: ChromId(chrom),
                    start,
                    end: start + 1,
                };
                let value = (start % 13) as f32 / 4.0 - 1.0;
                segments.push(Segment { region, value });
            }
            place += length;
        }
        segments
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn each_level_sums_up_scattered_bases((first, second) in (scattered(0), scattered(1))) {
        let dir = tempfile::tempdir().unwrap();
        let segments = [first, second].concat();
        let length = segments.iter().map(|segment| segment.region.end).max().unwrap();
        let (path, _) = written(dir.path(), length, &segments);
        check_zooms(&path, length, &segments);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn single_bases_are_read_as_they_were_written(
        (first, second) in (of_chrom(0), of_chrom(1)),
        (start, bases) in (0..10_000u32, 1..5_000u32),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let segments = [first, second].concat();
        let length = segments.iter().map(|segment| segment.region.end).max().unwrap();
        let (path, _) = written(dir.path(), length, &segments);
        check_zooms(&path, length, &segments);
        check_values(&path, &segments, 0, length);
        check_values(&path, &segments, start, start + bases);
    }
}
