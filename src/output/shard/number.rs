//! The parts of some work, by their numbers.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The most shards, far above any use.
const MOST: usize = 1_000_000;

/// One of so many parts of some work, counted from 1: `2/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    number: usize,
    count: usize,
}

impl Shard {
    /// The steps of this shard out of `total` in a row. All shards together have each of them once, and
    /// each shard has whole blocks of neighbours, which are computed together; the last block may be
    /// shorter, and where there are fewer blocks than shards, some have none.
    pub fn part(self, total: usize, block: usize) -> Range<usize> {
        let blocks = total.div_ceil(block);
        let before = |shards: usize| (blocks * shards / self.count * block).min(total);
        before(self.number - 1)..before(self.number)
    }

    /// Whether what begins `at` a place on a way of `total` is this shard's: shards have neighbours.
    pub fn begins(self, at: u64, total: u64) -> bool {
        let number = u128::from(at) * self.count as u128 / u128::from(total.max(1));
        number == self.number as u128 - 1
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.count
    }

    /// All of so many.
    pub fn all(count: usize) -> impl Iterator<Item = Self> {
        (1..=count).map(move |number| Self { number, count })
    }

    /// Whether it is the first one.
    pub fn is_first(self) -> bool {
        self.number == 1
    }

    /// Whether a job is this shard's, of jobs that are dealt out one by one.
    pub fn has(self, job: usize) -> bool {
        job % self.count == self.number - 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(i, n)| Some((i.parse().ok()?, n.parse::<usize>().ok()?)));
        match numbers {
            Some((number, count)) if count <= MOST && (1..=count).contains(&number) => {
                Ok(Self { number, count })
            }
            _ => Err("a shard is I/N, its number from 1 to N and how many there are: 2/8".into()),
        }
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}
