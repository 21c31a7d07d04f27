//! The windows that two runs have in common, and what every network says about them.

use std::collections::{BTreeMap, BTreeSet};

use super::measure::Measure;
use super::window::Window;
use crate::element::{Element, Sides};
use crate::error::{Error, Result};
use crate::genome::{Reference, Region};
use crate::network::inference::{Predictor, along_the_genome, for_each_of};
use crate::pairs::PairTable;
use crate::progress::Progress;
use crate::text::choice::Choice;

/// Windows that all tables have, and the pairs through which they are looked at: those of any table
/// with such a window, each once.
pub struct Common {
    /// The windows.
    pub windows: Sides<BTreeSet<Region>>,
    /// The pairs' windows, from left to right.
    pub pairs: Vec<Sides<Region>>,
}

/// What is added up about a window.
struct Sums {
    pairs: f64,
    /// `[members][l]`
    members: Vec<Vec<f64>>,
}

impl Common {
    /// Of some tables.
    pub fn of(tables: &[PairTable]) -> Self {
        let windows = Sides::from_fn(|element: Element| {
            let of_table = |table: &PairTable| -> BTreeSet<Region> {
                let windows = table.windows.iter();
                windows.map(|windows| *windows.get(element)).collect()
            };
            let all = tables.iter().map(of_table);
            all.reduce(|one, other| &one & &other).unwrap_or_default()
        });
        let has = |pair: &&Sides<Region>| {
            let mut sides = pair.iter();
            sides.any(|(element, region)| windows.get(element).contains(region))
        };
        let pairs = tables
            .iter()
            .flat_map(|table| table.windows.iter().filter(has));
        let pairs: BTreeSet<Sides<Region>> = pairs.copied().collect();
        let pairs: Vec<Sides<Region>> = pairs.into_iter().collect();
        let order = along_the_genome(&pairs);
        Self {
            windows,
            pairs: order.into_iter().map(|place| pairs[place]).collect(),
        }
    }

    /// What each network says about each window: the mean over the pairs of what is measured of its bins.
    /// Of the networks the first `of_a` are A's.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read, attention that is not a number.
    pub fn ask(
        &self,
        networks: &[Predictor],
        of_a: usize,
        measure: Measure,
        (reference, progress): (&mut Reference, &dyn Progress),
    ) -> Result<Sides<Vec<(Region, Window)>>> {
        let bins = networks[0].config().bins();
        let none = |element: Element| -> BTreeMap<Region, Sums> {
            let bins = bins.get(element).count();
            let empty = || Sums {
                pairs: 0.0,
                members: vec![vec![0.0; bins]; networks.len()],
            };
            let regions = self.windows.get(element).iter();
            regions.map(|&region| (region, empty())).collect()
        };
        let mut sums = Sides::from_fn(none);
        progress.start(measure.name(), self.pairs.len() as u64, 0);
        for_each_of(networks, reference, &self.pairs, |place, network, found| {
            let unasked = || Error::Undefined("contributions nobody has asked for".to_string());
            for (element, values) in measure.values(&found, bins).ok_or_else(unasked)?.iter() {
                let region = self.pairs[place].get(element);
                if let Some(sums) = sums.get_mut(element).get_mut(region) {
                    sums.add(network, values);
                }
            }
            if network == 0 {
                progress.advance(1, "");
            }
            Ok(())
        })?;
        progress.finish();
        Ok(sums.map(|sums| {
            let windows = sums.into_iter();
            windows
                .map(|(region, sums)| (region, sums.window(of_a)))
                .collect()
        }))
    }
}

impl Sums {
    /// Adds what a network says of one more pair with the window, `[l]`. The first network comes first.
    fn add(&mut self, network: usize, values: &[f64]) {
        if network == 0 {
            self.pairs += 1.0;
        }
        for (sum, value) in self.members[network].iter_mut().zip(values) {
            *sum += value;
        }
    }

    fn window(mut self, of_a: usize) -> Window {
        for value in self.members.iter_mut().flatten() {
            *value /= self.pairs;
        }
        Window {
            members: self.members,
            of_a,
        }
    }
}
