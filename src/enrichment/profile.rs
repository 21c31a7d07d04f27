//! The mean occupancy around the centres of regions (figure 3A).
//!
//! By the paper's rule a window counts where a base reaches the minimum, and counts with all its
//! regions: at each offset the mean over these of occupancy / the window's highest, times the median
//! of the windows' highest. What lies inside a region decides neither whether it counts nor what it is
//! divided by, so that mock regions have a peak only where windows have their footprints in common
//! places. [`Normalisation`] has the rules that do otherwise.

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};

use rand::RngExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::captured::FEWEST_WINDOWS;
use super::mock::{self, Mock};
use super::occupied::{Occupied, STEPS, whole};
use super::settings::FootprintSettings;
pub use super::settings::Normalisation;
use super::window::{GROUPS, Prepared};
use crate::genome::Region;
use crate::seed::{Purpose, stream};
use crate::statistics::{Interval, quantile};

/// The fewest mock regions of a draw in the profile, in the mean, that allow one of them.
pub const FEWEST_REGIONS: f64 = 10.0;

/// How far, in bases, the centre of a profile reaches to either side.
pub const CENTRE: u32 = 10;

/// How far from the centre, in bases, a profile's flanks lie.
pub const FLANKS: RangeInclusive<u32> = 100..=300;

/// Bases that are resampled together.
const STRETCH: u32 = 20_000;

/// The profiles on one side of the pairs of one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Top regions, those of a window once for each pair.
    pub regions: u64,
    /// Those in the profile, see [`Normalisation`].
    pub kept: u64,
    /// The distinct windows that these lie in.
    pub windows: u64,
    /// The median of these windows' highest occupancies: to what [`Normalisation::WindowMedian`]
    /// scales each window, in every draw and resample.
    pub median_highest: Option<f64>,
    /// The part of the top regions with a base of the minimum occupancy inside, and its 95 %
    /// interval.
    pub occupied_part: Option<Interval>,
    /// The same of mock regions, over draws.
    pub occupied_part_by_chance: Option<Interval>,
    /// From `−flank` to `flank`; none where the regions kept lie in fewer than
    /// [`FEWEST_WINDOWS`] distinct windows.
    pub points: Option<Vec<Point>>,
}

/// One distance from the centre.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Bases to the right of the region's centre, the base `length / 2` from its start.
    pub offset: i32,
    /// Over top regions; none where no window reaches as far.
    pub top: Option<Level>,
    /// Over mock regions; none where fewer than [`FEWEST_REGIONS`] of a draw are kept, in the
    /// mean.
    pub mock: Option<Level>,
}

/// The occupancy at one distance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Regions that reach as far within their window (of mock regions the mean over draws).
    pub n: f64,
    /// The mean occupancy, normalised, and its 95 % band: of top regions over resamples of the
    /// stretches of the genome that windows lie in, of mock regions over draws.
    pub occupancy: Interval,
}

/// How high one curve of a profile is in its [`CENTRE`] over its [`FLANKS`], both by the mean over
/// offsets; none where the profile does not reach so far or is 0 there.
pub fn centre_over_flanks(
    points: &[Point],
    curve: impl Fn(&Point) -> Option<Level>,
) -> Option<f64> {
    let over = |offsets: RangeInclusive<u32>| {
        let wanted = |point: &&Point| offsets.contains(&point.offset.unsigned_abs());
        let levels = points.iter().filter(wanted).filter_map(&curve);
        let sum = |(sum, n): (f64, f64), level: Level| (sum + level.occupancy.value, n + 1.0);
        mean(levels.fold((0.0, 0.0), sum))
    };
    let (centre, flanks) = (over(0..=CENTRE)?, over(FLANKS)?);
    (flanks > 0.0).then(|| centre / flanks)
}

/// Sums over regions, each with a weight.
#[derive(Debug, Clone, Default)]
struct Row {
    regions: u64,
    /// Those with the minimum occupancy inside.
    occupied: u64,
    /// Those in the sums.
    kept: u64,
    /// Steps of occupancy at each offset.
    sums: Vec<u64>,
    /// Regions at each offset less those at the offset before.
    changes: Vec<i64>,
}

impl Row {
    fn new(asked: FootprintSettings) -> Self {
        let offsets = 2 * asked.flank as usize + 1;
        Self {
            regions: 0,
            occupied: 0,
            kept: 0,
            sums: vec![0; offsets],
            changes: vec![0; offsets + 1],
        }
    }

    /// Adds a region, and says whether it is kept.
    fn add(
        &mut self,
        asked: FootprintSettings,
        window: &Prepared,
        start: u32,
        weight: u64,
    ) -> bool {
        let Some(occupied) = &window.occupied else {
            return false;
        };
        self.regions += weight;
        let inside = start..start + window.room.length;
        let is_occupied = occupied.touches(inside.clone());
        self.occupied += weight * u64::from(is_occupied);
        let kept = match asked.normalisation {
            Normalisation::WindowMedian => occupied.anywhere(),
            _ => is_occupied,
        };
        if !kept {
            return false;
        }
        self.kept += weight;
        let centre = start + window.room.length / 2;
        let from = centre.saturating_sub(asked.flank);
        let to = (centre + asked.flank + 1).min(window.room.window.len());
        let first = (from + asked.flank - centre) as usize;
        let last = first + (to - from) as usize;
        self.changes[first] += weight as i64;
        self.changes[last] -= weight as i64;
        let around = from as usize..to as usize;
        let sums = self.sums[first..last].iter_mut();
        if occupied.steps.is_empty() {
            let scale = STEPS / unit_of_region(asked, occupied, inside, around.clone());
            for (sum, &value) in sums.zip(&occupied.occupancy[around]) {
                *sum += weight * u64::from(whole(value, scale));
            }
        } else {
            for (sum, &steps) in sums.zip(&occupied.steps[around]) {
                *sum += weight * u64::from(steps);
            }
        }
        true
    }
}

/// What the occupancy around a region is divided by, where each region has its own unit.
fn unit_of_region(
    asked: FootprintSettings,
    occupied: &Occupied,
    inside: Range<u32>,
    around: Range<usize>,
) -> f32 {
    let inside = &occupied.occupancy[inside.start as usize..inside.end as usize];
    let around = &occupied.occupancy[around];
    match asked.normalisation {
        Normalisation::RegionPeak => inside.iter().copied().fold(0.0, f32::max),
        Normalisation::RegionMean => around.iter().sum::<f32>() / around.len() as f32,
        Normalisation::None | Normalisation::WindowMedian => 1.0,
    }
}

/// Sums the occupancy around top regions and around mock regions.
pub(super) struct Profiles {
    seed: u64,
    asked: FootprintSettings,
    top: Vec<Row>,
    /// The windows of a group with a top region that is kept, and their highest occupancies.
    windows: Vec<HashMap<Region, f32>>,
    /// For each resample the groups, and for each draw.
    resamples: Vec<Row>,
    mock: Vec<Row>,
}

impl Profiles {
    pub fn new(seed: u64, asked: FootprintSettings) -> Self {
        let (row, draws) = (Row::new(asked), asked.draws as usize);
        Self {
            seed,
            asked,
            top: vec![row.clone(); GROUPS.len()],
            windows: vec![HashMap::new(); GROUPS.len()],
            resamples: vec![row.clone(); GROUPS.len() * draws],
            mock: vec![row; GROUPS.len() * draws],
        }
    }

    /// Sums over some windows.
    pub fn add(&mut self, windows: &[Prepared], mock: &Mock) {
        let (asked, seed) = (self.asked, self.seed);
        for window in windows {
            for &start in &window.starts {
                if self.top[window.group].add(asked, window, start, 1) {
                    let highest = window.occupied.as_ref().map_or(0.0, |all| all.highest);
                    let of_group = self.windows[window.group].entry(window.room.window);
                    let known = of_group.or_insert(highest);
                    *known = known.max(highest);
                }
            }
        }
        let size = GROUPS.len() * mock::BLOCK as usize;
        let resamples = self.resamples.par_chunks_mut(size);
        let mocks = self.mock.par_chunks_mut(size);
        resamples
            .zip(mocks)
            .enumerate()
            .for_each(|(number, (resamples, mocks))| {
                let first = number as u32 * mock::BLOCK;
                let draws = first..first + (mocks.len() / GROUPS.len()) as u32;
                for window in windows {
                    let row = |draw: u32| (draw - first) as usize * GROUPS.len() + window.group;
                    mock.draws(&window.room, draws.clone(), |draw, starts| {
                        for &start in starts {
                            mocks[row(draw)].add(asked, window, start, 1);
                        }
                    });
                    let weights = weights(seed, window.room.window, first);
                    for (draw, weight) in draws.clone().zip(weights).filter(|(_, w)| *w > 0) {
                        for &start in &window.starts {
                            resamples[row(draw)].add(asked, window, start, weight);
                        }
                    }
                }
            });
    }

    /// The profile of a group.
    pub fn profile(&self, group: usize) -> Profile {
        let (top, windows) = (&self.top[group], self.windows[group].len() as u64);
        let highest = self.windows[group].values();
        let mut highest: Vec<f64> = highest.copied().map(f64::from).collect();
        highest.sort_by(f64::total_cmp);
        let median_highest = quantile(&highest, 0.5);
        let unit = match self.asked.normalisation {
            Normalisation::WindowMedian => median_highest.unwrap_or(1.0),
            _ => 1.0,
        };
        let of_group = |rows: &[Row]| -> Vec<Levels> {
            let rows = rows.par_iter().skip(group).step_by(GROUPS.len());
            rows.map(|row| Levels::of(row, unit)).collect()
        };
        let (resamples, mock) = (of_group(&self.resamples), of_group(&self.mock));
        let flank = self.asked.flank as i32;
        let level = |all: &Levels, place: usize, rows: &[Levels]| -> Option<Level> {
            let (sum, n) = all.offsets[place];
            let means = rows.iter().filter_map(|row| mean(row.offsets[place]));
            Some(Level {
                n,
                occupancy: interval(mean((sum, n))?, means)?,
            })
        };
        let (all_top, all_mock) = (Levels::of(top, unit), Levels::mean(&mock));
        let points = || {
            let points = (-flank..=flank).zip(0..).map(|(offset, place)| Point {
                offset,
                top: level(&all_top, place, &resamples),
                mock: (all_mock.kept >= FEWEST_REGIONS)
                    .then(|| level(&all_mock, place, &mock))
                    .flatten(),
            });
            points.collect()
        };
        Profile {
            regions: top.regions,
            kept: top.kept,
            windows,
            median_highest,
            occupied_part: part(&all_top, &resamples),
            occupied_part_by_chance: part(&all_mock, &mock),
            points: (windows >= FEWEST_WINDOWS).then(points),
        }
    }
}

/// A row as plain numbers.
struct Levels {
    regions: f64,
    occupied: f64,
    kept: f64,
    /// The sum of occupancies, and the number of regions.
    offsets: Vec<(f64, f64)>,
}

impl Levels {
    /// With what a unit of the row's occupancies is worth.
    fn of(row: &Row, unit: f64) -> Self {
        let mut n = 0;
        let offsets = row.sums.iter().zip(&row.changes).map(|(&sum, change)| {
            n += change;
            (sum as f64 / f64::from(STEPS) * unit, n as f64)
        });
        Self {
            regions: row.regions as f64,
            occupied: row.occupied as f64,
            kept: row.kept as f64,
            offsets: offsets.collect(),
        }
    }

    fn mean(rows: &[Self]) -> Self {
        let over = |number: &dyn Fn(&Self) -> f64| {
            rows.iter().map(number).sum::<f64>() / rows.len().max(1) as f64
        };
        let offsets = rows.first().map_or(0, |row| row.offsets.len());
        let offset = |place: usize| {
            let sum = over(&|row| row.offsets[place].0);
            (sum, over(&|row| row.offsets[place].1))
        };
        Self {
            regions: over(&|row| row.regions),
            occupied: over(&|row| row.occupied),
            kept: over(&|row| row.kept),
            offsets: (0..offsets).map(offset).collect(),
        }
    }
}

fn mean((sum, n): (f64, f64)) -> Option<f64> {
    (n > 0.0).then(|| sum / n)
}

/// The part of the regions that is occupied.
fn part(all: &Levels, rows: &[Levels]) -> Option<Interval> {
    let occupied = |levels: &Levels| mean((levels.occupied, levels.regions));
    interval(occupied(all)?, rows.iter().filter_map(occupied))
}

fn interval(value: f64, values: impl Iterator<Item = f64>) -> Option<Interval> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    Interval::central(value, &values)
}

/// How often the stretch of the genome that a window lies in comes up in each resample of a block:
/// Poisson numbers of mean 1. This is the bootstrap for data that are seen once (Chamandy et al.
/// 2012, <https://research.google/pubs/pub43157/>). Windows that come back or overlap lie in one
/// stretch, but for those across a boundary, and so come up together.
fn weights(seed: u64, window: Region, first: u32) -> impl Iterator<Item = u64> {
    let middle = window.start + window.len() / 2;
    let index = u64::from(window.chrom.0) << 32 | u64::from(middle / STRETCH);
    let mut rng = stream(seed, Purpose::Stretches, index);
    rng.set_stream(first.into());
    std::iter::repeat_with(move || {
        let (mut number, mut left) = (0, rng.random::<f64>());
        let mut term = (-1.0_f64).exp();
        while left >= term && number < 20 {
            left -= term;
            number += 1;
            term /= number as f64;
        }
        number
    })
}
