//! How improbable what a network captures is among networks that never trained.
//!
//! Filters prefer some sequence before they have learnt any, and so top regions of untrained networks
//! capture more of some matrices' sites than regions at random do. What training adds is told by
//! untrained networks alone: the part of a matrix's sites is compared with theirs, on the scale
//! arcsin √part on which the variance of n sites is 1 / 4n whatever the part (Anscombe 1948,
//! <https://doi.org/10.1093/biomet/35.3-4.246>), by [`beyond`]. Sites of one window are in or out
//! together, so n are the distinct windows that have one.

use std::collections::HashMap;

use crate::element::Element;
use crate::enrichment::Findings;
use crate::enrichment::captured::Captured;
use crate::statistics::benjamini_hochberg;
use crate::statistics::student::beyond;

/// Of each matrix of each side and class, of all its sites and of the occupied ones.
#[derive(Debug, Clone, Default)]
pub struct Among(HashMap<Key, Vec<Option<Improbable>>>);

/// How improbable a part of a matrix's sites is among untrained networks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Improbable {
    /// The probability that one more such network captures as much.
    pub p: f64,
    /// Adjusted after Benjamini and Hochberg over all matrices of both sides and classes.
    pub q: f64,
}

/// One side and class, with all sites or the occupied ones.
type Key = (Element, bool, bool);

impl Among {
    /// What a network captures among what untrained ones do.
    pub fn of(own: &Findings, untrained: &[&Findings]) -> Self {
        let mut found = Vec::new();
        for (place, group) in own.groups.iter().enumerate() {
            let others = untrained.iter().map(|of| &of.groups[place]);
            let all: Vec<&[Captured]> = others.clone().map(|of| of.all.as_slice()).collect();
            let key = |occupied| (group.element, group.positive, occupied);
            found.push((key(false), probabilities(&group.all, &all)));
            if let Some(occupied) = &group.occupied {
                let others = others.filter_map(|of| of.occupied.as_deref());
                let others: Vec<&[Captured]> = others.collect();
                found.push((key(true), probabilities(occupied, &others)));
            }
        }
        Self::adjusted(found)
    }

    /// The q-values of all that a network says, together: what is asked of a network is whether
    /// anything that it says is improbable.
    fn adjusted(found: Vec<(Key, Vec<Option<f64>>)>) -> Self {
        let stated = found
            .iter()
            .flat_map(|(_, all)| all.iter().flatten().copied());
        let mut q = benjamini_hochberg(&stated.collect::<Vec<f64>>()).into_iter();
        let mut improbable = |p: Option<f64>| {
            let (p, q) = (p?, q.next()?);
            Some(Improbable { p, q })
        };
        let group = |(key, all): (Key, Vec<Option<f64>>)| {
            let all: Vec<_> = all.into_iter().map(&mut improbable).collect();
            (key, all)
        };
        Self(found.into_iter().map(group).collect())
    }

    /// Of a matrix; none where there is nothing to compare, or there are too few untrained networks.
    pub fn get(
        &self,
        (element, positive): (Element, bool),
        occupied: bool,
        matrix: u32,
    ) -> Option<Improbable> {
        let group = self.0.get(&(element, positive, occupied))?;
        *group.get(matrix as usize)?
    }
}

/// How probable as much of each matrix of one side and class is with an untrained network.
fn probabilities(own: &[Captured], untrained: &[&[Captured]]) -> Vec<Option<f64>> {
    let scaled = |of: &Captured| Some(of.statement.comparison()?.fraction.sqrt().asin());
    let p = own.iter().enumerate().map(|(matrix, captured)| {
        let others = untrained.iter();
        let others = others.filter_map(|all| scaled(all.get(matrix)?));
        let others: Vec<f64> = others.collect();
        let sampling = 1.0 / (4.0 * captured.windows as f64);
        beyond(scaled(captured)?, &others, sampling)
    });
    p.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrichment::captured::{Comparison, Statement};
    use crate::seed::{Purpose, stream};
    use crate::statistics::Interval;
    use crate::statistics::permutation::Basis;
    use rand::RngExt;

    /// Matrices each of which untrained networks capture some of, more or less as their filters are; of
    /// the first one `trained` captures 0.9.
    fn network(seed: u64, number: u64, trained: bool) -> Vec<Captured> {
        let mut rng = stream(seed, Purpose::Simulation, number);
        let taste: f64 = rng.random_range(-1.0..1.0);
        let matrix = |matrix: u32| {
            // Matrices alike are liked together.
            let liked = match matrix % 3 {
                0 => 0.06 * taste,
                1 => -0.06 * taste,
                _ => 0.0,
            };
            let (windows, mean) = (60 + 40 * u64::from(matrix), 0.1 + liked);
            let inside = (0..windows).filter(|_| rng.random_bool(mean)).count();
            let fraction = match trained && matrix == 0 {
                true => 0.9,
                false => inside as f64 / windows as f64,
            };
            Captured {
                matrix,
                sites: windows,
                inside: inside as u64,
                windows,
                statement: Statement::Made(Comparison {
                    fraction,
                    by_chance: Interval::default(),
                    p: 0.0,
                    basis: Basis::Draws,
                    q: 0.0,
                }),
            }
        };
        (0..20).map(matrix).collect()
    }

    /// Of both classes of both sides, one after the other; what training adds is in the first.
    fn found(seed: u64, trained: bool) -> Vec<Improbable> {
        let keys = Element::BOTH.map(|element| [true, false].map(|class| (element, class, false)));
        let group = |(key, part): (Key, u64)| {
            let seed = 4 * seed + part;
            let own = network(seed, 0, trained && part == 0);
            let untrained: Vec<Vec<Captured>> =
                (1..11).map(|number| network(seed, number, false)).collect();
            let untrained: Vec<&[Captured]> = untrained.iter().map(Vec::as_slice).collect();
            (key, probabilities(&own, &untrained))
        };
        let groups: Vec<_> = keys.into_iter().flatten().zip(0..).map(group).collect();
        let keys: Vec<Key> = groups.iter().map(|(key, _)| *key).collect();
        let among = Among::adjusted(groups);
        let of = |(element, class, _): Key| {
            let among = &among;
            (0..20).filter_map(move |matrix| among.get((element, class), false, matrix))
        };
        keys.into_iter().flat_map(of).collect()
    }

    #[test]
    fn an_untrained_network_is_one_of_them() {
        let all: Vec<Vec<Improbable>> = (0..200).map(|seed| found(seed, false)).collect();
        for matrix in 0..20 {
            let mut p: Vec<f64> = all.iter().map(|of| of[matrix].p).collect();
            p.sort_by(f64::total_cmp);
            let ranks = p.iter().zip(1..);
            let far = ranks.map(|(p, rank)| f64::from(rank) / 200.0 - p);
            // The one-sided Kolmogorov–Smirnov distance of 200 numbers that one in a hundred thousand
            // sets of uniform ones exceeds.
            let far = far.fold(0.0, f64::max);
            assert!(far < 0.17, "{matrix}: {far}");
        }
        let any = |of: &&Vec<Improbable>| of.iter().any(|matrix| matrix.q <= 0.05);
        let any = all.iter().filter(any).count();
        // One in twenty of 200 are ten; more than twenty are seen once in a thousand times.
        assert!(any <= 20, "{any}");
    }

    #[test]
    fn what_training_adds_is_found() {
        for seed in 0..20 {
            let found = found(seed, true);
            assert!(found[0].q <= 0.05, "{:?}", found[0]);
        }
    }
}
