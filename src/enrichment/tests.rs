//! The statistics on made-up windows, where the truth is known.

mod brute_force;
mod calibration;
mod footprints;
mod null;
pub(super) mod uniform;

use std::ops::Range;

use rand::RngExt;

use super::captured::{Comparison, FEWEST_WINDOWS, Statement};
use super::mock::Room;
use super::*;
use crate::genome::{ChromId, Region};
use crate::seed::{Purpose, stream};

const LENGTH: u32 = 45;

fn at(chrom: u32, start: u32, length: u32) -> Region {
    Region {
        chrom: ChromId(chrom),
        start,
        end: start + length,
    }
}

fn window(region: Region, regions: Vec<Range<u32>>, sites: Vec<Site>) -> Window {
    Window {
        element: Element::Enhancer,
        positive: true,
        region,
        regions,
        sites,
        occupancy: None,
    }
}

fn settings(seed: u64, draws: u32) -> Settings {
    Settings {
        seed,
        draws,
        footprints: None,
    }
}

fn with_footprints(seed: u64) -> Settings {
    Settings {
        footprints: Some(FootprintSettings {
            flank: 30,
            draws: 100,
            ..Default::default()
        }),
        ..settings(seed, 100)
    }
}

fn report(settings: Settings, matrices: u32, windows: &[Window]) -> Findings {
    let mut enrichment = Enrichment::new(settings, matrices).unwrap();
    for window in windows {
        enrichment.add(window.clone()).unwrap();
    }
    enrichment.finish().unwrap()
}

fn comparisons(report: &Findings) -> Vec<Comparison> {
    let all = report.groups[0].all.iter();
    all.map(|row| *row.statement.comparison().unwrap())
        .collect()
}

/// A number from three, without the generator that mock regions come from.
fn hash(a: u64, b: u64, c: u64) -> u64 {
    let mut mixed = a << 48 ^ b << 32 ^ c;
    for _ in 0..2 {
        mixed = (mixed.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ mixed >> 30)
            .wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^= mixed >> 27;
    }
    mixed
}

/// The top regions of an attention that knows the place on the genome and nothing of the sites.
fn blind_regions(seed: u64, region: Region) -> Vec<Range<u32>> {
    let mut starts: Vec<u32> = (0..=region.len() - LENGTH).collect();
    let chrom = u64::from(region.chrom.0);
    starts.sort_by_cached_key(|start| hash(seed, chrom, u64::from(region.start + start)));
    let mut chosen: Vec<Range<u32>> = Vec::new();
    for start in starts {
        if chosen.len() < 5 && chosen.iter().all(|top| start.abs_diff(top.start) >= LENGTH) {
            chosen.push(start..start + LENGTH);
        }
    }
    chosen
}

/// Windows of 3000 bases at some starts with the sites of a genome that has one of each matrix in
/// 600 bases.
fn blind_windows(seed: u64, starts: &[u32], matrices: u32) -> Vec<Window> {
    let mut rng = stream(seed, Purpose::Simulation, 0);
    let length = starts.iter().max().unwrap() + 3000;
    let mut sites: Vec<Site> = (0..length / 600 * matrices)
        .map(|number| {
            let start = rng.random_range(0..length - 10);
            Site {
                matrix: number % matrices,
                start,
                end: start + 10,
            }
        })
        .collect();
    sites.sort_unstable_by_key(|site| site.start);
    let inside = |start: u32| {
        let first = sites.partition_point(|site| site.start < start);
        let sites = sites[first..].iter();
        sites
            .take_while(move |site| site.end <= start + 3000)
            .map(move |site| Site {
                start: site.start - start,
                end: site.end - start,
                ..*site
            })
            .collect()
    };
    let windows = starts.iter().map(|&start| {
        let region = at(0, start, 3000);
        window(region, blind_regions(seed, region), inside(start))
    });
    windows.collect()
}

#[test]
fn threads_and_the_order_of_pairs_change_nothing() {
    let starts: Vec<u32> = (0..60).map(|number| 1500 * (number % 40)).collect();
    let mut windows = blind_windows(1, &starts, 20);
    for (number, window) in windows.iter_mut().enumerate() {
        let mut rng = stream(number as u64 % 40, Purpose::Simulation, 1);
        window.occupancy = Some((0..3000).map(|_| rng.random_range(0.0..3.02)).collect());
        window.positive = number % 3 == 0;
    }
    let on = |threads, windows: &[Window]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        pool.install(|| report(with_footprints(1), 20, windows))
    };
    let wanted = on(1, &windows);
    assert_eq!(wanted, on(3, &windows));
    windows.reverse();
    windows.swap(3, 40);
    assert_eq!(wanted, on(2, &windows));
    assert!(wanted.groups[0].profile.as_ref().unwrap().points.is_some());
}

#[test]
fn a_window_that_comes_back_makes_no_band_narrower() {
    let starts: Vec<u32> = (0..40).map(|number| 20_000 * number).collect();
    let mut windows = blind_windows(1, &starts, 10);
    for window in &mut windows {
        let mut rng = stream(window.region.start.into(), Purpose::Simulation, 1);
        window.occupancy = Some((0..3000).map(|_| rng.random_range(0.0..3.05)).collect());
    }
    let once = report(with_footprints(1), 10, &windows);
    let repeated: Vec<Window> = std::iter::repeat_n(&windows, 50)
        .flatten()
        .cloned()
        .collect();
    let often = report(with_footprints(1), 10, &repeated);
    let bands = |report: &Findings| -> Vec<_> {
        comparisons(report)
            .iter()
            .map(|row| (row.fraction, row.by_chance))
            .collect()
    };
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
    for ((fraction, a), (same, b)) in bands(&once).into_iter().zip(bands(&often)) {
        near(fraction, same);
        near(a.low, b.low);
        near(a.high, b.high);
    }
    let points = |report: &Findings| report.groups[0].profile.clone().unwrap().points.unwrap();
    for (once, often) in points(&once).iter().zip(points(&often)) {
        let (once, often) = (once.top.unwrap(), often.top.unwrap());
        near(50.0 * once.n, often.n);
        near(once.occupancy.low, often.occupancy.low);
        near(once.occupancy.high, often.occupancy.high);
        assert!(once.occupancy.high - once.occupancy.low > 0.01);
    }
}

#[test]
fn nothing_is_said_without_sites_or_windows_or_room() {
    let site = |matrix, start, width| Site {
        matrix,
        start,
        end: start + width,
    };
    let windows: Vec<Window> = (0..FEWEST_WINDOWS as u32)
        .map(|number| {
            let mut sites = vec![site(1, 10, LENGTH + 1), site(3, 10, LENGTH)];
            if number > 0 {
                sites.push(site(2, 300, 10));
            }
            let region = at(0, 1000 * number, 1000);
            window(region, vec![10..10 + LENGTH, 300..300 + LENGTH], sites)
        })
        .collect();
    let report = report(settings(1, 100), 4, &windows);
    let [enhancers, others @ ..] = report.groups.as_slice() else {
        panic!("no group");
    };
    let said: Vec<Statement> = enhancers.all.iter().map(|row| row.statement).collect();
    assert_eq!(said[0], Statement::NoSite);
    assert_eq!(said[1], Statement::TooWide);
    assert_eq!(said[2], Statement::TooFewWindows);
    assert_eq!(said[3].comparison().unwrap().fraction, 1.0);
    assert_eq!(
        (enhancers.pairs, enhancers.windows, enhancers.regions),
        (10, 10, 20)
    );
    assert_eq!((enhancers.all[2].sites, enhancers.all[2].inside), (9, 9));
    assert!(enhancers.occupied.is_none() && enhancers.profile.is_none());
    for group in others {
        assert_eq!(group.pairs, 0);
        assert!(
            group
                .all
                .iter()
                .all(|row| row.statement == Statement::NoSite)
        );
    }
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Findings>(&json).unwrap(), report);
}

#[test]
fn without_any_window_there_is_a_report_that_says_nothing() {
    let report = report(with_footprints(1), 2, &[]);
    for group in &report.groups {
        let profile = group.profile.as_ref().unwrap();
        assert!(profile.points.is_none() && profile.occupied_part.is_none());
        assert!(profile.occupied_part_by_chance.is_none());
    }
    assert!(!serde_json::to_string(&report).unwrap().contains("NaN"));
}

#[test]
fn windows_that_contradict_themselves_are_refused() {
    type Change<'a> = &'a dyn Fn(&mut Window);
    let refused = |change: Change| {
        let site = Site {
            matrix: 0,
            start: 20,
            end: 30,
        };
        let mut window = window(at(0, 500, 200), vec![0..45, 60..105], vec![site]);
        change(&mut window);
        let mut enrichment = Enrichment::new(settings(1, 100), 1).unwrap();
        enrichment.add(window).err().map(|error| error.to_string())
    };
    assert_eq!(refused(&|_| {}), None);
    let cases: [(Change, &str); 7] = [
        (
            &|window| window.regions[1] = 160..205,
            "not inside its window",
        ),
        (&|window| window.regions[1] = 44..89, "overlap"),
        (&|window| window.regions[1] = 60..104, "several lengths"),
        (
            &|window| window.regions[1] = 60..60,
            "not inside its window",
        ),
        (&|window| window.sites[0].end = 201, "not inside its window"),
        (
            &|window| window.sites[0].matrix = 1,
            "of matrix 1, and there are 1",
        ),
        (
            &|window| window.occupancy = Some(vec![0.0; 200]),
            "for every window, or for none",
        ),
    ];
    for (change, wanted) in cases {
        let got = refused(change).unwrap();
        assert!(got.contains(wanted), "{got}");
    }
    let occupied = |occupancy| {
        let mut window = window(at(0, 500, 200), Some(0..45).into_iter().collect(), vec![]);
        window.occupancy = occupancy;
        let mut enrichment = Enrichment::new(with_footprints(1), 1).unwrap();
        enrichment.add(window)
    };
    assert!(occupied(Some(vec![0.0; 200])).is_ok());
    assert!(occupied(Some(vec![0.0; 199])).is_err());
    assert!(occupied(Some(vec![f32::NAN; 200])).is_err());
    assert!(occupied(Some(vec![-1.0; 200])).is_err());
    assert!(occupied(None).is_err());
    assert!(Enrichment::new(settings(1, 99), 1).is_err());
}
