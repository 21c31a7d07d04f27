use std::path::PathBuf;

use super::*;
use crate::attention::Rank;
use crate::enrichment::Enrichment;
use crate::enrichment::tf_pairs::{Bound, Counts, Factors};
use crate::enrichment::{Site, Window};
use crate::genome::ChromId;
use crate::motifs::CollectionRequest;

fn request() -> AnalysisRequest {
    let rules = rules();
    AnalysisRequest {
        motifs: CollectionRequest::new(vec![PathBuf::from("x.jaspar")]),
        footprints: None,
        occupancy: FootprintSettings::default(),
        interactome: None,
        knockout: None,
        rank: Rank::Attention,
        part: None,
        draws: Settings::default().draws,
        min_observations: rules.min_observations,
        combine: rules.combine,
        permutations: rules.permutations,
        untrained: 3,
        shuffled_labels: 2,
        seed: rules.seed,
        table: None,
        reference: None,
    }
}

fn rules() -> TestRules {
    TestRules {
        min_observations: 10,
        ..TestRules::default()
    }
}

/// Tells nobody.
struct Silent;

impl Progress for Silent {
    fn start(&self, _: &str, total: u64, _: u64) {
        assert_eq!(total, u64::from(PERMUTATIONS));
    }
    fn advance(&self, _: u64, _: &str) {}
    fn finish(&self) {}
}

fn region(start: u32, end: u32) -> Region {
    let chrom = ChromId(0);
    Region { chrom, start, end }
}

/// Pairs of promoters with these labels.
fn pairs(labels: &[&[bool]]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (promoter, labels) in (0..).zip(labels) {
        for &label in *labels {
            let line = pairs.len() as u32;
            let enhancer = region(1000 * line, 1000 * line + 10);
            let start = 1_000_000 + 1000 * promoter;
            pairs.push(Pair {
                elements: Sides::new(enhancer, region(start, start + 10)),
                label: Some(label),
                line,
                gene: None,
            });
        }
    }
    pairs
}

#[test]
fn shuffled_labels_keep_their_number_and_stay_by_promoter() {
    let request = request();
    // Promoters of three pairs each, all of one label.
    let alike: [&[bool]; 2] = [&[true; 3], &[false; 3]];
    let labels: Vec<&[bool]> = (0..40).map(|i| alike[usize::from(i % 4 > 0)]).collect();
    let pairs = pairs(&labels);
    let pairs: Vec<&Pair> = pairs.iter().collect();
    let dealt = |kind, seed| Planned { kind, seed }.labels(&pairs, &request);
    let known = dealt(ControlKind::Untrained, 0);
    assert_eq!(known.iter().filter(|label| **label).count(), 30);
    let shuffled = dealt(ControlKind::ShuffledLabels, 0);
    assert_eq!(shuffled.iter().filter(|label| **label).count(), 30);
    assert!(
        shuffled
            .chunks(3)
            .all(|of| of[0] == of[1] && of[1] == of[2])
    );
    assert_ne!(shuffled, known);
    assert_eq!(shuffled, dealt(ControlKind::ShuffledLabels, 0));
    assert_ne!(shuffled, dealt(ControlKind::ShuffledLabels, 1));
}

#[test]
fn as_many_controls_as_are_asked_for_have_seeds_of_their_own() {
    let mut request = request();
    let planned = Planned::all(&request);
    let of = |kind| planned.iter().filter(move |control| control.kind == kind);
    assert_eq!(of(ControlKind::Untrained).count(), 3);
    assert_eq!(of(ControlKind::ShuffledLabels).count(), 2);
    let mut seeds: Vec<u64> = of(ControlKind::Untrained)
        .map(|control| control.seed)
        .collect();
    seeds.sort_unstable();
    seeds.dedup();
    assert_eq!(seeds.len(), 3);
    request.untrained = 0;
    request.shuffled_labels = 0;
    assert!(Planned::all(&request).is_empty());
}

/// A control whose top regions hold so many of the 40 sites of a matrix, one in each window, and so
/// many of whose first pairs have the factor on both sides, the others on none.
fn control(kind: ControlKind, captured: u32, both: u32) -> Control {
    let factors = Factors::new([("M1".to_string(), vec!["A".to_string()])]);
    let mut counted = Counted {
        enrichment: Enrichment::new(settings(Settings::default()), 1).unwrap(),
        tf_pairs: Counts::new(&factors),
    };
    for i in 0..40 {
        let window = |element, start| Window {
            element,
            positive: true,
            region: region(start, start + 200),
            regions: std::iter::once(if i < captured { 95..115 } else { 0..20 }).collect(),
            sites: vec![Site {
                matrix: 0,
                start: 100,
                end: 110,
            }],
            occupancy: None,
        };
        let enhancer = window(Element::Enhancer, 1000 * i);
        let promoter = window(Element::Promoter, 1_000_000 + 1000 * i);
        let sites = if i < both {
            enhancer.sites.as_slice()
        } else {
            &[]
        };
        let bound = Sides::new(enhancer.region, promoter.region);
        let bound = bound.map(|element| Bound { element, sites });
        counted.tf_pairs.add(i % 2 == 0, bound);
        counted.enrichment.add(enhancer).unwrap();
        counted.enrichment.add(promoter).unwrap();
    }
    let made = Planned { kind, seed: 1 };
    Control::new(made, counted, rules(), (None, 0.05), &Silent).unwrap()
}

#[test]
fn spans_reach_from_the_least_to_the_most_of_a_kind() {
    let controls = Controls(vec![
        control(ControlKind::Untrained, 10, 12),
        control(ControlKind::Untrained, 4, 40),
        control(ControlKind::ShuffledLabels, 30, 5),
    ]);
    let captured = |positive| controls.captured((Element::Enhancer, positive), false, 0);
    let wanted = Span {
        low: 0.1,
        high: 0.25,
    };
    assert_eq!(captured(true), Some(wanted));
    assert_eq!(captured(false), None);
    assert_eq!(controls.captured((Element::Enhancer, true), true, 0), None);
    // Where one side has the factor, the other has it: it adds nothing. Five pairs are not tested.
    let factors = Sides::new(0, 0);
    let statistic = controls.statistic(factors).unwrap();
    assert_eq!((statistic.low, statistic.high), (0.0, 0.0));
    let untested = Controls(vec![control(ControlKind::Untrained, 30, 5)]);
    assert_eq!(untested.statistic(factors), None);
    let own = control(ControlKind::Untrained, 40, 40);
    let beside = controls.beside(own.numbers);
    let of = |measure| {
        let mut all = beside.iter();
        *all.find(|of| of.number.measure == measure).unwrap()
    };
    let enriched = of(Measure::MatricesEnriched);
    assert_eq!(enriched.number.value, Some(1.0));
    assert_eq!(enriched.number.element, Some(Element::Enhancer));
    assert_eq!(enriched.shuffled_labels.unwrap().high, 1.0);
    assert_eq!(enriched.untrained.unwrap().low, 0.0);
    let tested = of(Measure::TfPairsTested);
    let wanted = Span {
        low: 1.0,
        high: 1.0,
    };
    assert_eq!(tested.untrained, Some(wanted));
    assert_eq!(tested.shuffled_labels.unwrap().high, 0.0);
    assert_eq!(of(Measure::RegionsOccupied).untrained, None);
    assert_eq!(of(Measure::TfPairsCalled).untrained.unwrap().high, 0.0);
    assert_eq!(of(Measure::TfPairsCalled).shuffled_labels, None);
}
