//! What is found under attention that knows nothing of motifs and footprints (figures 2 and 3), in
//! windows that overlap and come back in several pairs.

use super::uniform::{FURTHEST, MOST, SEEDS, too_many_large, too_many_small};
use super::*;
use crate::enrichment::profile::Point;

const MATRICES: u32 = 20;

/// Where a window's top regions are.
type Attention = fn(u64, Region) -> Vec<Range<u32>>;

/// Regions of a network that looks at the middle third of a window alone, wherever motifs are.
fn central_regions(seed: u64, region: Region) -> Vec<Range<u32>> {
    let third = at(
        region.chrom.0,
        region.start + region.len() / 3,
        region.len() / 3,
    );
    let shifted = blind_regions(seed, third).into_iter();
    let shift = region.len() / 3;
    shifted
        .map(|top| top.start + shift..top.end + shift)
        .collect()
}

/// Sixty windows of 3,000 bases, every other one 800 bases behind the one before it, the rest far apart;
/// each in one to five pairs of its label, which is dealt out by window, as labels by promoter are.
/// Footprints are anywhere.
fn nothing(seed: u64, attention: Attention) -> Findings {
    let starts: Vec<u32> = (0..60).map(|n| 8000 * (n / 2) + 800 * (n % 2)).collect();
    let mut rng = stream(seed, Purpose::Simulation, 1);
    let mut enrichment = Enrichment::new(with_footprints(seed), MATRICES).unwrap();
    let genome = occupancy(seed, 8000 * 30 + 4000);
    for mut window in blind_windows(seed, &starts, MATRICES) {
        let start = window.region.start as usize;
        window.regions = attention(seed, window.region);
        window.positive = rng.random_bool(0.5);
        window.occupancy = Some(genome[start..start + 3000].to_vec());
        for _ in 0..rng.random_range(1..6) {
            enrichment.add(window.clone()).unwrap();
        }
    }
    enrichment.finish().unwrap()
}

/// Footprints of eleven bases, one in sixty places on average.
fn occupancy(seed: u64, length: usize) -> Vec<f32> {
    let mut rng = stream(seed, Purpose::Simulation, 2);
    let mut occupancy = vec![0.5; length];
    for _ in 0..length / 60 {
        let start = rng.random_range(0..length - 11);
        occupancy[start..start + 11].fill(rng.random_range(3.0..9.0));
    }
    occupancy
}

fn found(attention: Attention) -> Vec<Findings> {
    (0..SEEDS).map(|seed| nothing(seed, attention)).collect()
}

/// The comparisons of a group's matrices, of all their sites or of the occupied ones.
fn made(findings: &Findings, positive: bool, occupied: bool) -> Vec<Comparison> {
    let group = findings.group(Element::Enhancer, positive);
    let all = match occupied {
        true => group.occupied.as_ref().unwrap(),
        false => &group.all,
    };
    let made = all.iter().filter_map(|of| of.statement.comparison());
    made.copied().collect()
}

/// Checks both classes.
fn check(found: &[Findings], occupied: bool) {
    for positive in [true, false] {
        let made: Vec<Vec<Comparison>> = found
            .iter()
            .map(|of| made(of, positive, occupied))
            .collect();
        let p: Vec<f64> = made.iter().map(|all| all[0].p).collect();
        assert_eq!(p.len() as u64, SEEDS);
        let distance = [too_many_small(p.clone()), too_many_large(p)];
        assert!(distance[0] < FURTHEST, "{positive} {distance:?}");
        // Few sites are occupied, and often as many are captured as observed.
        assert!(
            occupied || distance[1] < FURTHEST,
            "{positive} {distance:?}"
        );
        let any = |all: &&Vec<Comparison>| all.iter().any(|of| of.q <= 0.05);
        let any = made.iter().filter(any).count();
        assert!(any <= MOST, "{positive}: {any} of {SEEDS}");
    }
}

/// Checks that the occupancy of top regions lies in the band of mock regions as often as it says.
fn check_profiles(found: &[Findings]) {
    for positive in [true, false] {
        let profiles = found.iter().map(|of| {
            let group = of.group(Element::Enhancer, positive);
            group.profile.as_ref().unwrap()
        });
        let outside =
            |value: f64, band: crate::statistics::Interval| value < band.low || value > band.high;
        let parts = profiles.clone().filter(|profile| {
            let part = profile.occupied_part.unwrap().value;
            outside(part, profile.occupied_part_by_chance.unwrap())
        });
        let parts = parts.count();
        assert!(parts <= MOST, "{positive}: {parts} of {SEEDS}");
        let centres = profiles.filter(|profile| {
            let mut points = profile.points.iter().flatten();
            let centre: &Point = points.find(|point| point.offset == 0).unwrap();
            let top = centre.top.unwrap().occupancy.value;
            outside(top, centre.mock.unwrap().occupancy)
        });
        let centres = centres.count();
        assert!(centres <= MOST, "{positive}: {centres} of {SEEDS}");
    }
}

#[test]
fn attention_that_is_anywhere_finds_nothing() {
    let found = found(blind_regions);
    check(&found, false);
    check(&found, true);
    check_profiles(&found);
}

#[test]
fn attention_to_the_middle_of_windows_finds_nothing() {
    let found = found(central_regions);
    check(&found, false);
    check(&found, true);
    check_profiles(&found);
}
