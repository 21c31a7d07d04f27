//! Top regions: how many, how they are scored, and as merged regions of each element.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use bigtools::BigBedRead;

use super::support::{Workplace, arg, fail, run, succeed};

/// A row of a file of regions.
struct Row {
    chrom: String,
    start: u32,
    end: u32,
    fields: Vec<String>,
}

impl Row {
    fn of(line: &str) -> Self {
        let fields: Vec<String> = line.split('\t').map(str::to_string).collect();
        Self {
            chrom: fields[0].clone(),
            start: fields[1].parse().unwrap(),
            end: fields[2].parse().unwrap(),
            fields,
        }
    }

    fn number(&self, column: usize) -> f64 {
        self.fields[column].parse().unwrap()
    }
}

fn rows(place: &Workplace, file: &str) -> Vec<Row> {
    place.text(file).lines().map(Row::of).collect()
}

/// Stretches of bases, one after the other, that some region of an element lies on: chromosome, element,
/// start and end.
fn painted(regions: &[Row]) -> Vec<(String, String, u32, u32)> {
    let mut bases: BTreeSet<(String, String, u32)> = BTreeSet::new();
    for row in regions {
        for base in row.start..row.end {
            bases.insert((row.chrom.clone(), row.fields[9].clone(), base));
        }
    }
    let mut stretches: Vec<(String, String, u32, u32)> = Vec::new();
    for (chrom, element, base) in bases {
        match stretches.last_mut() {
            Some(last) if (&last.0, &last.1, last.3) == (&chrom, &element, base) => last.3 += 1,
            _ => stretches.push((chrom, element, base, base + 1)),
        }
    }
    stretches
}

/// What a merged region says beside its place, from the top regions that lie in it.
fn expected(inside: &[&Row]) -> [String; 6] {
    let pairs: BTreeSet<&str> = inside.iter().map(|row| row.fields[12].as_str()).collect();
    let best = inside
        .iter()
        .max_by(|a, b| a.number(11).total_cmp(&b.number(11)))
        .unwrap();
    let sites = inside.iter().flat_map(|row| row.fields[15].split(','));
    let factors = sites.filter_map(|site| site.split_once('|'));
    let factors: BTreeSet<&str> = factors.map(|(factor, _)| factor).collect();
    let factors = match factors.is_empty() {
        true => "none".to_string(),
        false => Vec::from_iter(factors).join(","),
    };
    let of_best = |column: usize| best.fields[column].clone();
    let count = pairs.len().to_string();
    [
        count,
        of_best(11),
        of_best(12),
        of_best(13),
        of_best(14),
        factors,
    ]
}

/// The scores of a file rank its values, from 0 to 1000.
fn check_scores(rows: &[Row], value: usize) {
    let mut scored: Vec<(f64, f64)> = rows
        .iter()
        .map(|row| (row.number(value), row.number(4)))
        .collect();
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(scored.is_sorted_by_key(|of| of.1));
    let scores: Vec<f64> = scored.iter().map(|of| of.1).collect();
    assert_eq!((scores[0], scores[scores.len() - 1]), (0.0, 1000.0));
    // Of a quarter of all records scores are not far from a quarter of all scores.
    for part in [0.25, 0.5, 0.75] {
        let score = scores[(part * scores.len() as f64) as usize];
        assert!((score - 1000.0 * part).abs() < 150.0, "{part}: {score}");
    }
}

/// A table whose pairs share elements, and windows with those of others: each pair of the simulation, its
/// enhancer with the next one's promoter, and both elements some bases further right.
fn crowded(place: &Workplace) -> PathBuf {
    let text = place.text("sim/pairs.csv");
    let rows = text.lines().skip(1).map(|line| line.split(',').collect());
    let rows: Vec<Vec<&str>> = rows.collect();
    let mut lines = String::new();
    for two in rows.windows(2) {
        let (enhancer, promoter) = two[0][..6].split_at(3);
        let moved = |of: &[&str]| {
            let [start, end] = [of[1], of[2]].map(|place| place.parse::<u32>().unwrap() + 25);
            format!("{}\t{start}\t{end}", of[0])
        };
        let enhancer_bed = enhancer.join("\t");
        for (enhancer, promoter) in [
            (enhancer_bed.clone(), promoter.join("\t")),
            (enhancer_bed, two[1][3..6].join("\t")),
            (moved(enhancer), moved(promoter)),
        ] {
            lines += &format!("{enhancer}\t{promoter}\n");
        }
    }
    let path = place.path("crowded.bedpe");
    std::fs::write(&path, lines).unwrap();
    path
}

#[test]
fn merged_regions_are_what_top_regions_cover() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let (motifs, table) = (place.path("sim/motifs.jaspar"), crowded(&place));
    let more = ["--table", arg(&table), "--motifs", arg(&motifs)];
    succeed(&place.tracks("run", "tracks", &more));
    let top = rows(&place, "tracks/top_regions.bed");
    let merged = rows(&place, "tracks/merged_regions.bed");
    assert!(merged.is_sorted_by_key(|row| (row.chrom.clone(), row.start, row.end)));

    let mut wanted = painted(&top);
    let mut got: Vec<_> = merged
        .iter()
        .map(|row| (row.chrom.clone(), row.fields[9].clone(), row.start, row.end))
        .collect();
    wanted.sort();
    got.sort();
    assert_eq!(got, wanted);
    assert!(2 * merged.len() < top.len() && merged.iter().any(|row| row.number(10) > 2.0));
    for row in &merged {
        let inside = top.iter().filter(|of| {
            (&of.chrom, &of.fields[9]) == (&row.chrom, &row.fields[9])
                && row.start <= of.start
                && of.end <= row.end
        });
        let inside: Vec<&Row> = inside.collect();
        let [count, value, pair, probability, label, factors] = expected(&inside);
        assert_eq!(row.fields[3], format!("{}_x{count}", row.fields[9]));
        assert_eq!(row.fields[5], ".");
        assert_eq!(
            [&row.fields[10], &row.fields[11], &row.fields[15]],
            [&count, &value, &factors]
        );
        // Of equal values another pair may come first.
        let values = inside.iter().map(|of| of.number(11));
        if values.filter(|of| *of == row.number(11)).count() == 1 {
            assert_eq!(row.fields[12..15], [pair, probability, label]);
        }
    }
    assert!(merged.iter().any(|row| row.fields[15] != "none"));
    check_scores(&top, 11);
    check_scores(&merged, 11);

    // Another reader finds the same in the bigBed.
    let mut reader = BigBedRead::open_file(place.path("tracks/merged_regions.bb")).unwrap();
    let chroms: BTreeMap<String, u32> = reader
        .chroms()
        .iter()
        .map(|chrom| (chrom.name.clone(), chrom.length))
        .collect();
    let mut lines = String::new();
    for (chrom, length) in chroms {
        for entry in reader.get_interval(&chrom, 0, length).unwrap() {
            let entry = entry.unwrap();
            lines += &format!("{chrom}\t{}\t{}\t{}\n", entry.start, entry.end, entry.rest);
        }
    }
    assert_eq!(lines, place.text("tracks/merged_regions.bed"));

    // Without motifs nothing is said of factors.
    succeed(&place.tracks("run", "plain", &more[..2]));
    let plain = rows(&place, "plain/merged_regions.bed");
    assert_eq!(plain.len(), merged.len());
    assert!(plain.iter().all(|row| row.fields[15] == "."));
}

#[test]
fn as_many_top_regions_as_are_asked_for() {
    let place = Workplace::new();
    place.trained("run", &["--epochs", "1"]);
    succeed(&place.tracks("run", "usual", &[]));
    succeed(&place.tracks("run", "two", &["--top-regions", "2"]));
    // The two are the first of the usual five; their scores are among themselves.
    let named = |file: &str, most: f64| -> Vec<Vec<String>> {
        let rows = rows(&place, file).into_iter();
        let rows = rows.filter(|row| row.number(10) <= most);
        rows.map(|mut row| {
            // Score and the colour that it makes.
            row.fields.remove(8);
            row.fields.remove(4);
            row.fields
        })
        .collect()
    };
    let two = named("two/top_regions.bed", 9.0);
    assert_eq!(two, named("usual/top_regions.bed", 2.0));
    assert_eq!(two.len(), 150 * 2 * 2);
    let made = |folder: &str| {
        let text = place.text(&format!("{folder}/tracks.json"));
        let made: serde_json::Value = serde_json::from_str(&text).unwrap();
        made["top_regions"].as_u64()
    };
    assert_eq!((made("usual"), made("two")), (Some(5), Some(2)));

    // At the places of bins, 20 bases apart, five of 29 bases lie beside each other in 200.
    let said = fail(&place.tracks("run", "six", &["--top-regions", "6"]));
    assert!(
        said.contains("6 top regions: the enhancer's window of 200 bases has room for 5 of 29"),
        "{said}"
    );
    assert!(!place.path("six").exists());
    let (output, _, said) = run(&place.tracks("run", "none", &["--top-regions", "0"]));
    assert_eq!(output.status.code(), Some(2), "{said}");
}
