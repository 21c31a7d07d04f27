//! Counts and profiles against the plainest way to take them.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::enrichment::mock::BLOCK;
use crate::statistics::permutation::p_value;
use crate::statistics::quantile;

/// Some windows of 60 to 200 bases, at a few places, with sites, regions and an occupancy.
fn any_windows() -> impl Strategy<Value = Vec<Window>> {
    let site = (0u32..3, 0u32..200, 1u32..14);
    let window = (
        (0u32..40, 60u32..200, any::<bool>()),
        prop::collection::vec(site, 0..30),
        prop::collection::vec(0u32..200, 0..8),
        prop::collection::vec(0f32..3.3, 200),
    );
    let window = window.prop_map(|((place, length, positive), sites, starts, occupancy)| {
        let mut regions: Vec<Range<u32>> = Vec::new();
        for start in starts {
            if start + 12 <= length && regions.iter().all(|top| start.abs_diff(top.start) >= 12) {
                regions.push(start..start + 12);
            }
        }
        let sites = sites.into_iter().map(|(matrix, start, width)| Site {
            matrix,
            start,
            end: start + width,
        });
        Window {
            element: Element::Promoter,
            positive,
            region: at(1, 100 * place, length),
            regions,
            sites: sites.filter(|site| site.end <= length).collect(),
            occupancy: Some(occupancy[..length as usize].to_vec()),
        }
    });
    prop::collection::vec(window, 10..40)
}

/// Sites of a matrix that lie whole in one of some regions.
fn count(window: &Window, matrix: u32, occupied: bool, starts: &[u32], length: u32) -> u32 {
    let occupancy = window.occupancy.as_ref().unwrap();
    let inside = |site: &&Site| {
        let bases = &occupancy[site.start as usize..site.end as usize];
        site.matrix == matrix
            && (!occupied || bases.iter().any(|&value| value >= 3.0))
            && starts
                .iter()
                .any(|&start| start <= site.start && site.end <= start + length)
    };
    window.sites.iter().filter(inside).count() as u32
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn counts_are_those_of_brute_force(windows in any_windows()) {
        let report = report(with_footprints(1), 3, &windows);
        let mock = Mock::new(1);
        for positive in [true, false] {
            let group = report.group(Element::Promoter, positive);
            let windows = || windows.iter().filter(|window| window.positive == positive);
            prop_assert_eq!(group.pairs, windows().count() as u64);
            for (occupied, rows) in [(false, &group.all), (true, group.occupied.as_ref().unwrap())] {
                for row in rows {
                    let of = |window: &Window, starts: &[u32], length| {
                        count(window, row.matrix, occupied, starts, length)
                    };
                    let sites: u32 = windows().map(|window| of(window, &[0], 1000)).sum();
                    let distinct: HashSet<Region> = windows()
                        .filter(|window| of(window, &[0], 1000) > 0)
                        .map(|window| window.region)
                        .collect();
                    let tops = |window: &Window| -> Vec<u32> {
                        window.regions.iter().map(|top| top.start).collect()
                    };
                    let inside: u32 = windows().map(|window| of(window, &tops(window), 12)).sum();
                    prop_assert_eq!((row.sites, row.inside), (sites.into(), inside.into()));
                    // A place may come back with other sites here; then the first counts.
                    prop_assert!(row.windows <= distinct.len() as u64);
                    let Some(comparison) = row.statement.comparison() else { continue };

                    let mut draws = vec![0; 100];
                    for window in windows() {
                        let room = Room {
                            window: window.region,
                            length: 12,
                            count: window.regions.len() as u32,
                        };
                        for first in (0..100).step_by(BLOCK as usize) {
                            mock.draws(&room, first..first + BLOCK, |draw, starts| {
                                draws[draw as usize] += of(window, starts, 12);
                            });
                        }
                    }
                    draws.sort_unstable();
                    let parts: Vec<f64> =
                        draws.iter().map(|&draw| f64::from(draw) / f64::from(sites)).collect();
                    prop_assert_eq!(Some(comparison.by_chance.low), quantile(&parts, 0.025));
                    prop_assert_eq!(Some(comparison.by_chance.high), quantile(&parts, 0.975));
                    prop_assert_eq!(comparison.p, p_value(inside, &draws).0);
                }
            }
        }
    }

    #[test]
    fn profiles_are_those_of_brute_force(windows in any_windows()) {
        let report = report(with_footprints(1), 3, &windows);
        let group = report.group(Element::Promoter, true);
        let profile = group.profile.as_ref().unwrap();
        let mut points = vec![(0.0, 0.0); 61];
        let (mut kept, mut of_windows) = (0, HashSet::new());
        for window in windows.iter().filter(|window| window.positive) {
            let occupancy = window.occupancy.as_ref().unwrap();
            for top in &window.regions {
                let bases = &occupancy[top.start as usize..top.end as usize];
                let peak = bases.iter().copied().fold(0.0, f32::max);
                if peak < 3.0 {
                    continue;
                }
                kept += 1;
                of_windows.insert(window.region);
                for (place, point) in points.iter_mut().enumerate() {
                    let base = i64::from(top.start) + 6 - 30 + place as i64;
                    let value = usize::try_from(base).ok().and_then(|base| occupancy.get(base));
                    if let Some(value) = value {
                        *point = (point.0 + f64::from(value / peak), point.1 + 1.0);
                    }
                }
            }
        }
        prop_assert_eq!(profile.kept, kept);
        prop_assert_eq!(profile.windows, of_windows.len() as u64);
        prop_assert_eq!(profile.points.is_some(), of_windows.len() >= 10);
        for (got, (sum, n)) in profile.points.iter().flatten().zip(points) {
            prop_assert_eq!(got.top.map_or(0.0, |top| top.n), n);
            if let Some(top) = got.top {
                prop_assert!((top.occupancy.value - sum / n).abs() < 1e-3);
                prop_assert!(top.occupancy.low <= top.occupancy.high);
            }
        }
    }
}
