//! How well maps of single bases find what was planted.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::attention::Rank;
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::evaluation::{Scored, average_precision};
use crate::network::contribution::Method;
use crate::network::device::ComputeDevice;
use crate::network::inference::PairAttention;
use crate::pairs::Part;
use crate::progress::Progress;
use crate::run::Run;
use crate::simulate::Simulation;

/// Of the pairs of the test part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlantedBases {
    /// The average precision with which a map's size at a base tells the bases of planted sites from all
    /// others of the windows of positives.
    pub attention: Sides<f64>,
    /// The same of contributions by gradient.
    pub gradient: Sides<f64>,
    /// And of those by mutagenesis.
    pub ism: Sides<f64>,
    /// Of a map that knows nothing: the part of the bases that was planted.
    pub chance: Sides<f64>,
    /// The mean contribution, by mutagenesis, of a planted base of positive pairs.
    pub of_positives: Sides<f64>,
    /// Of negative pairs, which have one of the two motifs: it makes no interaction alone.
    pub of_negatives: Sides<f64>,
}

/// Looks at attention and contributions at each base.
///
/// # Errors
///
/// A reference that cannot be read, a test part without planted sites.
pub fn planted_bases(
    run: &Run,
    simulation: &Simulation,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<PlantedBases> {
    let planted = Planted::new(simulation);
    let gradient = maps(run, &planted, Method::Gradient, device, progress)?;
    let ism = maps(run, &planted, Method::Ism, device, progress)?;
    let precision = |maps: Sides<Vec<Scored>>| maps.map(|map| average_precision(&map)).transpose();
    let share = |map: &Vec<Scored>| {
        let planted = map.iter().filter(|base| base.positive).count();
        planted as f64 / map.len() as f64
    };
    let mean = |sum: &Mean| sum.sum / sum.bases.max(1) as f64;
    Ok(PlantedBases {
        chance: ism.attention.as_ref().map(share),
        of_positives: ism.of_sites.as_ref().map(|[_, positives]| mean(positives)),
        of_negatives: ism.of_sites.as_ref().map(|[negatives, _]| mean(negatives)),
        attention: precision(ism.attention)?,
        gradient: precision(gradient.contribution)?,
        ism: precision(ism.contribution)?,
    })
}

/// The planted bases of each pair's elements.
struct Planted(HashMap<(usize, Element), BTreeSet<u32>>);

impl Planted {
    fn new(simulation: &Simulation) -> Self {
        let mut bases: HashMap<(usize, Element), BTreeSet<u32>> = HashMap::new();
        for site in &simulation.sites {
            let of_element = bases.entry((site.pair, site.element)).or_default();
            of_element.extend(site.region.start..site.region.end);
        }
        Self(bases)
    }

    fn has(&self, pair: usize, element: Element, base: u32) -> bool {
        let of_element = self.0.get(&(pair, element));
        of_element.is_some_and(|bases| bases.contains(&base))
    }
}

/// The contributions of some bases.
#[derive(Debug, Default, Clone, Copy)]
struct Mean {
    sum: f64,
    bases: usize,
}

/// What maps say of the bases of the test part.
#[derive(Default)]
struct Maps {
    /// Of the windows of positives.
    attention: Sides<Vec<Scored>>,
    contribution: Sides<Vec<Scored>>,
    /// Of planted bases of negatives and of positives.
    of_sites: Sides<[Mean; 2]>,
}

fn maps(
    run: &Run,
    planted: &Planted,
    method: Method,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Maps> {
    let (mut reference, _) = run.open_reference(None)?;
    let chroms = reference.chroms().clone();
    let table = run.read_table(None, &chroms)?;
    let held_out = run.split(&table, &chroms)?.members(Part::Test);
    let windows = table.windows_of(&held_out);
    let bins = run.record.settings.model.bins();
    let ensemble = run.ensemble(device)?;
    let ensemble = ensemble.with_contributions(Some(method), Rank::Attention);
    let mut maps = Maps::default();
    progress.start("looking at planted bases", windows.len() as u64, 0);
    ensemble.for_each(&mut reference, &windows, |place, said| {
        let pair = held_out[place];
        let positive = table.pairs[pair].label == Some(true);
        for element in Element::BOTH {
            let first = windows[place].get(element).start;
            let bins = bins.get(element);
            for (offset, [attention, contribution]) in
                bases(&said.mean, element, |bin| bins.tile(bin))
            {
                let is_planted = planted.has(pair, element, first + offset);
                if is_planted {
                    let mean = &mut maps.of_sites.get_mut(element)[usize::from(positive)];
                    mean.sum += contribution;
                    mean.bases += 1;
                }
                if positive {
                    let scored = |value: f64| Scored {
                        score: value.abs(),
                        positive: is_planted,
                    };
                    maps.attention.get_mut(element).push(scored(attention));
                    maps.contribution
                        .get_mut(element)
                        .push(scored(contribution));
                }
            }
        }
        progress.advance(1, "");
        Ok(())
    })?;
    progress.finish();
    Ok(maps)
}

/// Attention to each base of a window and its contribution, by the base's place; `tile` has the bases of a
/// bin.
fn bases(
    said: &PairAttention,
    element: Element,
    tile: impl Fn(usize) -> std::ops::Range<u32>,
) -> Vec<(u32, [f64; 2])> {
    let marginal = said.marginal.get(element);
    let none = Vec::new();
    let contributions = said.contributions.as_ref();
    let contributions = contributions.map_or(&none, |sides| sides.get(element));
    let of_bin =
        |(bin, &attention): (usize, &f32)| tile(bin).map(move |base| (base, f64::from(attention)));
    let attention = marginal.iter().enumerate().flat_map(of_bin);
    let both = attention.zip(contributions);
    both.map(|((base, attention), &of)| (base, [attention, f64::from(of)]))
        .collect()
}
