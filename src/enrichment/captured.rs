//! What part of a matrix's sites lies in top regions (figure 2, and both axes of figure 3B).
//!
//! A site counts when the whole of it lies in one region. One that is wider than its window's
//! regions never can; a matrix all of whose sites are that wide gets no statement.

use std::collections::HashSet;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::mock::{self, Mock};
use super::window::{GROUPS, Marked, Prepared};
use crate::error::{Error, Result};
use crate::genome::Region;
use crate::statistics::permutation::{Basis, p_value};
use crate::statistics::{Interval, benjamini_hochberg};

/// The fewest distinct windows with a site of a matrix that allow a statement: sites of one window
/// are in or out together.
pub const FEWEST_WINDOWS: u64 = 10;

/// The sites of a matrix on one side of the pairs of one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Captured {
    /// The matrix.
    pub matrix: u32,
    /// Its sites in the windows; those of a window once for each pair.
    pub sites: u64,
    /// Those inside a top region.
    pub inside: u64,
    /// The distinct windows that have a site.
    pub windows: u64,
    /// What that says, if anything.
    pub statement: Statement,
}

/// What can be said of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// How its captured sites compare with chance.
    Made(Comparison),
    /// It has no site.
    NoSite,
    /// Its sites are wider than the regions.
    TooWide,
    /// Fewer than [`FEWEST_WINDOWS`] distinct windows have a site.
    TooFewWindows,
}

/// Captured sites beside chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The part of the sites inside top regions.
    pub fraction: f64,
    /// The part inside mock regions: the mean, the 2.5th and the 97.5th percentile over draws.
    pub by_chance: Interval,
    /// How probable at least as many are by chance (one-sided).
    pub p: f64,
    /// What the p-value rests on.
    pub basis: Basis,
    /// The false discovery rate (Benjamini and Hochberg) among the matrices of one side and class
    /// about which a statement is made.
    pub q: f64,
}

impl Comparison {
    /// How many times as many as by chance; none where chance never captures one.
    pub fn fold(&self) -> Option<f64> {
        (self.by_chance.value > 0.0).then(|| self.fraction / self.by_chance.value)
    }
}

impl Statement {
    /// The comparison, where there is one.
    pub fn comparison(&self) -> Option<&Comparison> {
        match self {
            Self::Made(comparison) => Some(comparison),
            _ => None,
        }
    }
}

/// The sites of a window that lie whole in the region at `start`.
fn inside(window: &Prepared, start: u32) -> impl Iterator<Item = &Marked> {
    let end = start + window.room.length;
    let sites = &window.sites;
    let first = sites.partition_point(|marked| marked.site.start < start);
    sites[first..]
        .iter()
        .take_while(move |marked| marked.site.start < end)
        .filter(move |marked| marked.site.end <= end)
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    sites: u64,
    /// No wider than the regions.
    fitting: u64,
    inside: u64,
    windows: u64,
    /// The window that was counted last, from 1.
    last: u64,
}

/// Counts sites inside top regions and inside mock regions.
///
/// A column stands for a group of windows, for all sites or the occupied ones, and for a matrix.
pub(super) struct Counts {
    matrices: usize,
    /// 1 for all sites, 2 where the occupied ones are counted by themselves too.
    subsets: usize,
    tallies: Vec<Tally>,
    seen: Vec<HashSet<Region>>,
    /// Distinct windows so far.
    ordinal: u64,
    /// A row of columns for each draw.
    mock: Vec<u32>,
}

impl Counts {
    pub fn new(subsets: usize, matrices: usize, draws: usize) -> Self {
        let columns = GROUPS.len() * subsets * matrices;
        Self {
            matrices,
            subsets,
            tallies: vec![Tally::default(); columns],
            seen: vec![HashSet::new(); GROUPS.len()],
            ordinal: 0,
            mock: vec![0; columns * draws],
        }
    }

    /// The columns that a site counts in.
    fn columns(&self, group: usize, marked: &Marked) -> impl Iterator<Item = usize> + use<> {
        let (matrices, matrix) = (self.matrices, marked.site.matrix as usize);
        let first = group * self.subsets;
        let subsets = if marked.occupied { self.subsets } else { 1 };
        (0..subsets).map(move |subset| (first + subset) * matrices + matrix)
    }

    /// Counts some windows.
    ///
    /// # Errors
    ///
    /// More sites of a matrix than a draw can count.
    pub fn add(&mut self, windows: &[Prepared], mock: &Mock) -> Result<()> {
        for window in windows {
            self.tally(window);
        }
        let most = u32::MAX;
        if self.tallies.iter().any(|tally| tally.sites > most.into()) {
            let problem = format!("a matrix has more than {most} sites; use a stricter threshold");
            return Err(Error::Configuration(problem));
        }
        let columns = self.tallies.len();
        let mut rows = std::mem::take(&mut self.mock);
        if columns > 0 {
            rows.par_chunks_mut(columns * mock::BLOCK as usize)
                .enumerate()
                .for_each(|(number, block)| self.count_block(windows, mock, block, number as u32));
        }
        self.mock = rows;
        Ok(())
    }

    fn tally(&mut self, window: &Prepared) {
        self.ordinal += 1;
        let new = self.seen[window.group].insert(window.room.window);
        for marked in &window.sites {
            let site = &marked.site;
            for column in self.columns(window.group, marked) {
                let tally = &mut self.tallies[column];
                tally.sites += 1;
                tally.fitting += u64::from(site.end - site.start <= window.room.length);
                if new && tally.last != self.ordinal {
                    tally.last = self.ordinal;
                    tally.windows += 1;
                }
            }
        }
        for &start in &window.starts {
            for marked in inside(window, start) {
                for column in self.columns(window.group, marked) {
                    self.tallies[column].inside += 1;
                }
            }
        }
    }

    /// Counts in one block of draws.
    fn count_block(&self, windows: &[Prepared], mock: &Mock, block: &mut [u32], number: u32) {
        let columns = self.tallies.len();
        let first = number * mock::BLOCK;
        let draws = first..first + (block.len() / columns) as u32;
        for window in windows.iter().filter(|window| !window.sites.is_empty()) {
            mock.draws(&window.room, draws.clone(), |draw, starts| {
                let row = (draw - first) as usize * columns;
                for &start in starts {
                    for marked in inside(window, start) {
                        for column in self.columns(window.group, marked) {
                            block[row + column] += 1;
                        }
                    }
                }
            });
        }
    }

    /// The distinct windows of a group.
    pub fn windows(&self, group: usize) -> u64 {
        self.seen[group].len() as u64
    }

    /// Every matrix of a group, over all of its sites (subset 0) or the occupied ones (1).
    pub fn captured(&self, group: usize, subset: usize) -> Vec<Captured> {
        let first = (group * self.subsets + subset) * self.matrices;
        let mut captured: Vec<Captured> = (0..self.matrices)
            .into_par_iter()
            .map(|matrix| self.matrix(matrix as u32, first + matrix))
            .collect();
        let stated = captured.iter().filter_map(|of| of.statement.comparison());
        let p: Vec<f64> = stated.map(|comparison| comparison.p).collect();
        let mut q = benjamini_hochberg(&p).into_iter();
        for captured in &mut captured {
            if let Statement::Made(comparison) = &mut captured.statement {
                comparison.q = q.next().unwrap_or(1.0);
            }
        }
        captured
    }

    fn matrix(&self, matrix: u32, column: usize) -> Captured {
        let tally = self.tallies[column];
        let statement = if tally.sites == 0 {
            Statement::NoSite
        } else if tally.fitting == 0 {
            Statement::TooWide
        } else if tally.windows < FEWEST_WINDOWS {
            Statement::TooFewWindows
        } else {
            Statement::Made(self.compare(tally, column))
        };
        Captured {
            matrix,
            sites: tally.sites,
            inside: tally.inside,
            windows: tally.windows,
            statement,
        }
    }

    fn compare(&self, tally: Tally, column: usize) -> Comparison {
        let rows = self.mock.chunks_exact(self.tallies.len());
        let mut draws: Vec<u32> = rows.map(|row| row[column]).collect();
        draws.sort_unstable();
        let sites = tally.sites as f64;
        let parts: Vec<f64> = draws.iter().map(|&draw| f64::from(draw) / sites).collect();
        let mean = parts.iter().sum::<f64>() / parts.len() as f64;
        let (p, basis) = p_value(tally.inside as u32, &draws);
        Comparison {
            fraction: tally.inside as f64 / sites,
            by_chance: Interval::central(mean, &parts).unwrap_or_default(),
            p,
            basis,
            q: 1.0,
        }
    }
}
