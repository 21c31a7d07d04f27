use std::collections::HashMap;

use super::*;
use crate::element::Sides;
use crate::genome::Region;

fn table() -> (Vec<Pair>, Chroms) {
    let chroms = Chroms::new((1..=8).map(|c| (format!("chr{c}"), 1_000_000))).unwrap();
    let pairs = (0..800u32)
        .map(|i| {
            let region = |start| Region {
                chrom: ChromId(i % 8),
                start,
                end: start + 100,
            };
            Pair {
                elements: Sides::new(region(1000 * (i + 1)), region(1000 * (i + 1) + 500)),
                label: Some((i / 8).is_multiple_of(4)),
                line: i + 2,
                gene: None,
            }
        })
        .collect();
    (pairs, chroms)
}

fn counts(split: &Split, pairs: &[Pair], part: Part) -> (usize, usize) {
    let members = split.members(part);
    let positive = members
        .iter()
        .filter(|&&p| pairs[p].label == Some(true))
        .count();
    (positive, members.len() - positive)
}

#[test]
fn a_random_split_is_stratified() {
    let (pairs, chroms) = table();
    let split = Split::new(&SplitRule::Random, &pairs, &chroms, (0.1, 0.1), 7).unwrap();
    assert_eq!(counts(&split, &pairs, Part::Test), (20, 60));
    assert_eq!(counts(&split, &pairs, Part::Validation), (18, 54));
    assert_eq!(counts(&split, &pairs, Part::Train), (162, 486));
    let again = Split::new(&SplitRule::Random, &pairs, &chroms, (0.1, 0.1), 7).unwrap();
    let other = Split::new(&SplitRule::Random, &pairs, &chroms, (0.1, 0.1), 8).unwrap();
    assert_eq!(split, again);
    assert_ne!(split, other);
}

#[test]
fn a_chromosome_stands_on_one_side_only() {
    let (mut pairs, chroms) = table();
    // One pair between two chromosomes, which no part can hold whole.
    pairs[0].elements.promoter.chrom = ChromId(1);
    let rule = SplitRule::Chromosome {
        test: vec!["2".into()],
    };
    let split = Split::new(&rule, &pairs, &chroms, (0.1, 0.1), 7).unwrap();
    assert_eq!(split.part(0), Part::None);
    let mut part_of = HashMap::new();
    for (i, pair) in pairs.iter().enumerate().skip(1) {
        let part = *part_of
            .entry(pair.elements.enhancer.chrom)
            .or_insert(split.part(i));
        assert_eq!(part, split.part(i));
    }
    assert_eq!(part_of[&ChromId(1)], Part::Test);
}

#[test]
fn chosen_chromosomes_come_near_the_wanted_part() {
    let (pairs, chroms) = table();
    let rule = SplitRule::Chromosome { test: vec![] };
    for seed in 0..20 {
        let split = Split::new(&rule, &pairs, &chroms, (0.1, 0.1), seed).unwrap();
        assert_eq!(split.members(Part::Test).len(), 100);
        assert_eq!(split.members(Part::Validation).len(), 100);
    }
}

#[test]
fn a_written_split_is_read_again() {
    let (pairs, chroms) = table();
    let split = Split::new(&SplitRule::Random, &pairs, &chroms, (0.1, 0.1), 7).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("split.tsv");
    split.write(&path, &pairs, &chroms).unwrap();
    let rule = SplitRule::File {
        file: Input::new(&path).unwrap(),
    };
    assert_eq!(
        Split::new(&rule, &pairs, &chroms, (0.1, 0.1), 1).unwrap(),
        split
    );
    let mut more = pairs.clone();
    more[3].elements.enhancer.start += 1;
    let error = Split::new(&rule, &more, &chroms, (0.1, 0.1), 1).unwrap_err();
    assert!(
        error.to_string().contains("does not name the pair"),
        "{error}"
    );
    let mut turned = pairs.clone();
    turned[3].label = turned[3].label.map(|label| !label);
    let error = Split::new(&rule, &turned, &chroms, (0.1, 0.1), 1).unwrap_err();
    assert!(error.to_string().contains("the label"), "{error}");
}

#[test]
fn chromosomes_go_into_chrombpnets_file_and_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("fold_0.json");
    let (mut pairs, chroms) = table();
    // One pair between two chromosomes.
    pairs[3].elements.promoter.chrom = ChromId(7);
    let rule = SplitRule::Chromosome {
        test: vec!["chr8".to_string()],
    };
    let split = Split::new(&rule, &pairs, &chroms, (0.1, 0.2), 1).unwrap();
    assert_eq!(split.part(3), Part::None);
    split.write_chromosomes(&path, &pairs, &chroms).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let file: HashMap<String, Vec<String>> = serde_json::from_str(&text).unwrap();
    assert_eq!(file["test"], ["chr8"]);
    assert_eq!(file["train"].len() + file["valid"].len(), 7);
    let read = |path: &std::path::Path| {
        let file = Input::new(path).unwrap();
        Split::new(&SplitRule::File { file }, &pairs, &chroms, (0.5, 0.5), 2)
    };
    assert_eq!(read(&path).unwrap(), split);

    // Names of other assemblies do no harm; pairs that nothing is said about do.
    let with = |from: &str, to: &str| {
        let other = dir.path().join("other.json");
        std::fs::write(&other, text.replace(from, to)).unwrap();
        read(&other)
    };
    assert_eq!(with("\"chr8\"", "\"8\", \"chrUn\"").unwrap(), split);
    let said = with("\"chr8\"", "\"chr9\"").unwrap_err().to_string();
    assert!(said.contains("does not name chr8"), "{said}");
    let first = &file["train"][0];
    let said = with("\"chr8\"", &format!("\"chr8\", \"{first}\"")).unwrap_err();
    assert!(said.to_string().contains("in two parts"), "{said}");
    assert!(with("valid", "validation").is_err());

    // What is no division by chromosome has no such file.
    let random = Split::new(&SplitRule::Random, &pairs, &chroms, (0.1, 0.1), 1).unwrap();
    random.write_chromosomes(&path, &pairs, &chroms).unwrap();
    assert!(!path.exists());
}
