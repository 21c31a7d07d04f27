use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::formats::{Annotation, Prediction, RegionSite};
use crate::genome::ChromId;
use crate::pairs::Pair;

/// What lies right of everything.
const END: Region = Region {
    chrom: ChromId(u32::MAX),
    start: 0,
    end: 0,
};

fn region(chrom: u32, start: u32, length: u32) -> Region {
    Region::new(ChromId(chrom), start, start + length).unwrap()
}

fn record(element: Element, region: Region, line: u32, value: f32) -> RegionRecord {
    let annotation = Annotation::default();
    RegionRecord {
        region,
        element,
        rank: 1,
        value,
        prediction: Prediction {
            pair: Pair {
                elements: Sides::new(region, region),
                label: None,
                gene: None,
                line,
            },
            probability: 0.5,
            logit: 0.0,
            part: None,
            context: None,
        },
        annotation,
    }
}

fn with_factors(record: RegionRecord, factors: &[&str]) -> RegionRecord {
    let site = |factor: &&str| RegionSite {
        factor: Arc::from(*factor),
        matrix: Arc::from("M1"),
        forward: true,
        offset: 0,
        length: 5,
        p_value: 1e-5,
    };
    let annotation = Annotation {
        sites: Some(factors.iter().map(site).collect()),
        occupied: None,
    };
    RegionRecord {
        annotation,
        ..record
    }
}

/// Merges sorted records; before each of those that are marked, what is final is taken out.
fn merged(records: &[(RegionRecord, bool)]) -> Vec<MergedRegion> {
    let (mut merging, mut got) = (Merging::default(), Vec::new());
    for (record, marked) in records {
        let mark = Region {
            end: 0,
            ..record.region
        };
        while *marked && let Some(merged) = merging.next_before(&mark) {
            got.push(merged);
        }
        merging.add(record);
    }
    got.extend(std::iter::from_fn(|| merging.next_before(&END)));
    got
}

/// The definition: of every two records of an element that overlap or touch the same group, again and again.
fn brute_force(records: &[(RegionRecord, bool)]) -> Vec<MergedRegion> {
    let mut groups: Vec<usize> = (0..records.len()).collect();
    loop {
        let before = groups.clone();
        for (i, (a, _)) in records.iter().enumerate() {
            for (j, (b, _)) in records.iter().enumerate() {
                let same = a.element == b.element && a.region.chrom == b.region.chrom;
                if same && a.region.gap(&b.region) == 0 {
                    groups[i] = groups[i].min(groups[j]);
                }
            }
        }
        if groups == before {
            break;
        }
    }
    let group = |number: usize| {
        let own = records.iter().zip(&groups);
        let own = own.filter(|(_, group)| **group == number);
        let own: Vec<&RegionRecord> = own.map(|((record, _), _)| record).collect();
        let first = own.first()?;
        let better = |a: &RegionRecord, b: &RegionRecord| {
            let [line, other] = [a, b].map(|of| of.prediction.pair.line);
            a.value > b.value || a.value == b.value && line < other
        };
        let best = own
            .iter()
            .find(|of| own.iter().all(|other| !better(other, of)))?;
        let lines: BTreeSet<u32> = own.iter().map(|of| of.prediction.pair.line).collect();
        let sites = || own.iter().filter_map(|of| of.annotation.sites.as_ref());
        let factors = sites().flatten().map(|site| site.factor.clone());
        Some(MergedRegion {
            region: Region {
                start: own.iter().map(|of| of.region.start).min()?,
                end: own.iter().map(|of| of.region.end).max()?,
                ..first.region
            },
            element: first.element,
            pairs: lines.len() as u32,
            value: best.value,
            best: best.prediction,
            factors: sites().next().map(|_| factors.collect()),
        })
    };
    let mut all: Vec<MergedRegion> = (0..records.len()).filter_map(group).collect();
    all.sort_by_key(|merged| (merged.region, merged.element));
    all
}

#[test]
fn regions_that_overlap_or_touch_are_one() {
    let enhancer = |start, line, value| {
        let record = record(Element::Enhancer, region(0, start, 45), line, value);
        (record, true)
    };
    let promoter = record(Element::Promoter, region(0, 120, 45), 1, 2.0);
    let records = [
        enhancer(100, 1, 2.0),
        (promoter, true),
        // Over the first, of another pair; then touching, of the first pair again.
        enhancer(130, 2, 3.0),
        enhancer(175, 1, 1.0),
        // One base further away.
        enhancer(221, 3, 9.0),
    ];
    let got = merged(&records);
    let places: Vec<(Element, u32, u32, u32)> = got
        .iter()
        .map(|of| (of.element, of.region.start, of.region.end, of.pairs))
        .collect();
    assert_eq!(
        places,
        [
            (Element::Enhancer, 100, 220, 2),
            (Element::Promoter, 120, 165, 1),
            (Element::Enhancer, 221, 266, 1),
        ]
    );
    assert_eq!((got[0].value, got[0].best.pair.line), (3.0, 2));
    assert_eq!(got[0].factors, None);
}

#[test]
fn factors_are_those_of_all_top_regions() {
    let at = |start, line| record(Element::Promoter, region(1, start, 45), line, 1.0);
    let records = [
        (with_factors(at(10, 1), &["SP1", "CTCF"]), false),
        (with_factors(at(20, 2), &[]), false),
        (with_factors(at(40, 3), &["SP1", "ATF4"]), false),
        (with_factors(at(300, 3), &[]), false),
    ];
    let got = merged(&records);
    let factors = got.iter().map(|of| {
        let factors = of.factors.iter().flatten();
        factors.map(|factor| factor.to_string()).collect::<Vec<_>>()
    });
    let factors: Vec<Vec<String>> = factors.collect();
    assert_eq!(factors, [vec!["ATF4", "CTCF", "SP1"], vec![]]);
    // Of equal ones the first of the table.
    assert_eq!(got[0].best.pair.line, 1);
    assert!(got.iter().all(|of| of.factors.is_some()));
}

#[test]
fn what_is_final_is_not_held() {
    let mut merging = Merging::default();
    for number in 0..1000 {
        let place = region(0, number * 46, 45);
        // One region of a promoter, far left of most.
        let element = match number {
            0 => Element::Promoter,
            _ => Element::Enhancer,
        };
        merging.add(&record(element, place, number, 1.0));
        let next = region(0, (number + 1) * 46, 1);
        let left: Vec<MergedRegion> =
            std::iter::from_fn(|| merging.next_before(&Region { end: 0, ..next })).collect();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].region, place);
    }
}

proptest! {
    #[test]
    fn any_regions_are_merged_as_defined(
        mut places in prop::collection::vec(
            (0u32..2, 0u32..400, 20u32..50, any::<bool>(), 0u32..9, 0u8..4),
            0..40,
        ),
        marked in prop::collection::vec(any::<bool>(), 40),
        factors in prop::option::of(prop::collection::vec(prop::sample::subsequence(
            vec!["A", "B", "C"], 0..=3), 40)),
    ) {
        places.sort_by_key(|&(chrom, start, length, ..)| region(chrom, start, length));
        let records = places.into_iter().zip(marked).enumerate();
        let records = records.map(|(number, (place, marked))| {
            let (chrom, start, length, is_promoter, line, value) = place;
            let element = if is_promoter { Element::Promoter } else { Element::Enhancer };
            let record = record(element, region(chrom, start, length), line, f32::from(value));
            match &factors {
                None => (record, marked),
                Some(factors) => (with_factors(record, &factors[number]), marked),
            }
        });
        let records: Vec<(RegionRecord, bool)> = records.collect();
        prop_assert_eq!(merged(&records), brute_force(&records));
    }
}
