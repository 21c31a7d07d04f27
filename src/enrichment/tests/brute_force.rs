//! Counts and profiles against the plainest way to take them.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::*;
use crate::enrichment::mock::BLOCK;
use crate::enrichment::profile::Level;
use crate::statistics::permutation::p_value;
use crate::statistics::quantile;
use crate::text::choice::Choice;

/// Some windows of 60 to 200 bases, at a few places, with sites, regions and an occupancy.
fn any_windows() -> impl Strategy<Value = Vec<Window>> {
    let site = (0u32..3, 0u32..200, 1u32..14);
    let window = (
        (0u32..40, 60u32..200, any::<bool>()),
        prop::collection::vec(site, 0..30),
        prop::collection::vec(0u32..200, 0..8),
        prop::collection::vec(0f32..1.0, 200),
        prop_oneof![1 => Just(2.0f32), 2 => Just(3.3), 2 => Just(9.0)],
    );
    let window = window.prop_map(
        |((place, length, positive), sites, starts, occupancy, most)| {
            let mut regions: Vec<Range<u32>> = Vec::new();
            for start in starts {
                if start + 12 <= length && regions.iter().all(|top| start.abs_diff(top.start) >= 12)
                {
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
                occupancy: Some(
                    occupancy[..length as usize]
                        .iter()
                        .map(|part| part * most)
                        .collect(),
                ),
            }
        },
    );
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
    fn profiles_are_those_of_brute_force(windows in any_windows(), rule in any_rule()) {
        let mut settings = with_footprints(1);
        settings.footprints.as_mut().unwrap().normalisation = rule;
        let report = report(settings, 3, &windows);
        let profile = report.group(Element::Promoter, true).profile.as_ref().unwrap();
        let windows: Vec<&Window> = windows.iter().filter(|window| window.positive).collect();
        let mut top = Sums::default();
        let mut highest: HashMap<Region, f32> = HashMap::new();
        for window in &windows {
            for region in &window.regions {
                if top.add(rule, window, region.start) {
                    let known = highest.entry(window.region).or_default();
                    *known = known.max(largest(window.occupancy.as_ref().unwrap()));
                }
            }
        }
        let mut heights: Vec<f64> = highest.values().copied().map(f64::from).collect();
        heights.sort_by(f64::total_cmp);
        let median = quantile(&heights, 0.5);
        prop_assert_eq!((profile.kept, profile.windows), (top.kept, highest.len() as u64));
        prop_assert_eq!(profile.median_highest, median);
        prop_assert_eq!(profile.points.is_some(), highest.len() >= 10);
        let Some(points) = &profile.points else { return Ok(()) };
        let (scaled, unit) = (rule == Normalisation::WindowMedian, median.unwrap());
        let unit = if scaled { unit } else { 1.0 };

        let (mock, mut by_chance) = (Mock::new(1), Sums::default());
        for window in &windows {
            let count = window.regions.len() as u32;
            let room = Room { window: window.region, length: 12, count };
            for first in (0..100).step_by(BLOCK as usize) {
                mock.draws(&room, first..first + BLOCK, |_, starts| {
                    for &start in starts {
                        by_chance.add(rule, window, start);
                    }
                });
            }
        }
        for (place, point) in points.iter().enumerate() {
            top.check(place, point.top, unit, 1.0)?;
            if by_chance.kept >= 1000 {
                by_chance.check(place, point.mock, unit, 100.0)?;
            } else {
                prop_assert!(point.mock.is_none());
            }
        }
    }
}

fn any_rule() -> impl Strategy<Value = Normalisation> {
    let rules: Vec<Normalisation> = Normalisation::ALL.iter().map(|named| named.0).collect();
    prop::sample::select(rules)
}

fn largest(occupancy: &[f32]) -> f32 {
    occupancy.iter().copied().fold(0.0, f32::max)
}

/// Regions kept, and for each offset the sum of their occupancies and their number.
struct Sums {
    kept: u64,
    offsets: Vec<(f64, f64)>,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            kept: 0,
            offsets: vec![(0.0, 0.0); 61],
        }
    }
}

impl Sums {
    /// Adds a region of 12 bases where it is in the profile by this rule, and says whether it is.
    fn add(&mut self, rule: Normalisation, window: &Window, start: u32) -> bool {
        let occupancy = window.occupancy.as_ref().unwrap();
        let (start, centre) = (start as usize, start as i64 + 6);
        let inside = largest(&occupancy[start..start + 12]);
        let around: Vec<Option<f32>> = (centre - 30..=centre + 30)
            .map(|base| occupancy.get(usize::try_from(base).ok()?).copied())
            .collect();
        let shown: Vec<f32> = around.iter().flatten().copied().collect();
        let (decides, unit) = match rule {
            Normalisation::WindowMedian => (largest(occupancy), largest(occupancy)),
            Normalisation::None => (inside, 1.0),
            Normalisation::RegionPeak => (inside, inside),
            Normalisation::RegionMean => (inside, shown.iter().sum::<f32>() / shown.len() as f32),
        };
        if decides < 3.0 {
            return false;
        }
        self.kept += 1;
        for (sums, value) in self.offsets.iter_mut().zip(around) {
            if let Some(value) = value {
                *sums = (sums.0 + f64::from(value / unit), sums.1 + 1.0);
            }
        }
        true
    }

    /// Checks a curve at an offset: the mean, times `unit`, and how many regions a draw has.
    fn check(
        &self,
        place: usize,
        got: Option<Level>,
        unit: f64,
        draws: f64,
    ) -> Result<(), TestCaseError> {
        let (sum, n) = self.offsets[place];
        let Some(level) = got else {
            prop_assert_eq!(n, 0.0);
            return Ok(());
        };
        prop_assert!((level.n - n / draws).abs() < 1e-9);
        let wanted = sum / n * unit;
        prop_assert!(
            (level.occupancy.value - wanted).abs() < 1e-3 * unit,
            "{} {}",
            level.occupancy.value,
            wanted
        );
        prop_assert!(level.occupancy.low <= level.occupancy.high);
        Ok(())
    }
}
