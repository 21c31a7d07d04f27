//! The mean occupancy around the centres of regions (figure 3A).

use std::collections::HashSet;

use rand::RngExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::captured::FEWEST_WINDOWS;
use super::mock::{self, Mock};
use super::settings::FootprintSettings;
pub use super::settings::Normalisation;
use super::window::{GROUPS, Prepared};
use crate::genome::Region;
use crate::seed::{Purpose, stream};
use crate::statistics::Interval;

/// The fewest mock regions of a draw with the minimum occupancy, in the mean, that allow their
/// profile.
pub const FEWEST_REGIONS: f64 = 10.0;

/// Steps in a unit of occupancy. Sums of whole steps are the same in every order.
const STEPS: f32 = 4096.0;

/// Bases that are resampled together.
const STRETCH: u32 = 20_000;

/// The profiles on one side of the pairs of one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Top regions, those of a window once for each pair.
    pub regions: u64,
    /// Those with the minimum occupancy; only these are in the profile.
    pub kept: u64,
    /// The distinct windows that these lie in.
    pub windows: u64,
    /// The part of the top regions with the minimum occupancy, and its 95 % interval.
    pub kept_part: Option<Interval>,
    /// The same of mock regions, over draws.
    pub kept_part_by_chance: Option<Interval>,
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

/// Sums over regions, each with a weight.
#[derive(Debug, Clone, Default)]
struct Row {
    regions: u64,
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
        let end = start + window.room.length;
        if !occupied.touches(start..end) {
            return false;
        }
        self.kept += weight;
        let centre = start + window.room.length / 2;
        let from = centre.saturating_sub(asked.flank);
        let to = (centre + asked.flank + 1).min(window.room.window.len());
        let around = &occupied.occupancy[from as usize..to as usize];
        let inside = &occupied.occupancy[start as usize..end as usize];
        let unit = match asked.normalisation {
            Normalisation::None => 1.0,
            Normalisation::Peak => inside.iter().copied().fold(0.0, f32::max),
            Normalisation::Mean => around.iter().sum::<f32>() / around.len() as f32,
        };
        let scale = STEPS / unit;
        let first = (from + asked.flank - centre) as usize;
        let last = first + around.len();
        self.changes[first] += weight as i64;
        self.changes[last] -= weight as i64;
        for (sum, value) in self.sums[first..last].iter_mut().zip(around) {
            // Rounded; a call of `round` would keep the loop from being vectorised.
            *sum += weight * u64::from((value * scale + 0.5) as u32);
        }
        true
    }
}

/// Sums the occupancy around top regions and around mock regions.
pub(super) struct Profiles {
    seed: u64,
    asked: FootprintSettings,
    top: Vec<Row>,
    /// The windows of a group with a top region that is kept.
    windows: Vec<HashSet<Region>>,
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
            windows: vec![HashSet::new(); GROUPS.len()],
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
                    self.windows[window.group].insert(window.room.window);
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
        let of_group = |rows: &[Row]| -> Vec<Levels> {
            let rows = rows.par_iter().skip(group).step_by(GROUPS.len());
            rows.map(Levels::of).collect()
        };
        let (top, windows) = (&self.top[group], self.windows[group].len() as u64);
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
        let (all_top, all_mock) = (Levels::of(top), Levels::mean(&mock));
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
            kept_part: part(&all_top, &resamples),
            kept_part_by_chance: part(&all_mock, &mock),
            points: (windows >= FEWEST_WINDOWS).then(points),
        }
    }
}

/// A row as plain numbers.
struct Levels {
    regions: f64,
    kept: f64,
    /// The sum of occupancies, and the number of regions.
    offsets: Vec<(f64, f64)>,
}

impl Levels {
    fn of(row: &Row) -> Self {
        let mut n = 0;
        let offsets = row.sums.iter().zip(&row.changes).map(|(&sum, change)| {
            n += change;
            (sum as f64 / f64::from(STEPS), n as f64)
        });
        Self {
            regions: row.regions as f64,
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
            kept: over(&|row| row.kept),
            offsets: (0..offsets).map(offset).collect(),
        }
    }
}

fn mean((sum, n): (f64, f64)) -> Option<f64> {
    (n > 0.0).then(|| sum / n)
}

/// The part of the regions that is kept.
fn part(all: &Levels, rows: &[Levels]) -> Option<Interval> {
    let kept = |levels: &Levels| mean((levels.kept, levels.regions));
    interval(kept(all)?, rows.iter().filter_map(kept))
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
