//! How alike two maps of one window are, and those of many.

use serde::Serialize;

use crate::element::Element;
use crate::error::{Error, Result};
use crate::network::model::Layer;
use crate::statistics::{Clusters, Estimate, bootstrap, spearman};

/// A map of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Map {
    /// Marginal attention, a value a bin.
    Attention,
    /// Contributions to the logit, a signed value a base.
    Contribution,
}

/// The maps of a pair, in the order in which they are computed and written.
pub const MAPS: [(Map, Element); 4] = [
    (Map::Attention, Element::Enhancer),
    (Map::Attention, Element::Promoter),
    (Map::Contribution, Element::Enhancer),
    (Map::Contribution, Element::Promoter),
];

/// With what else a layer's parameters are shuffled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// With those of all layers between it and the logit.
    Cascade,
    /// With no others.
    Alone,
}

/// How alike the maps of a window are by the trained network and by one with shuffled parameters.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Alike {
    /// Spearman's rank correlation of the values, with their signs; 0 where the shuffled network's are
    /// all the same.
    pub correlation: f64,
    /// That of the values without their signs.
    pub sizes: f64,
    /// The part of the shuffled networks whose values are all the same.
    pub flat: f64,
}

impl Alike {
    /// None where the trained network's values are all the same: there is no order to keep.
    pub fn of(trained: &[f32], shuffled: &[f32]) -> Option<Self> {
        let flat = |map: &[f32]| map.windows(2).all(|two| two[0] == two[1]);
        let sizes = |map: &[f32]| map.iter().map(|value| value.abs()).collect::<Vec<f32>>();
        (!flat(trained)).then(|| Self {
            correlation: spearman(trained, shuffled).unwrap_or(0.0),
            sizes: spearman(&sizes(trained), &sizes(shuffled)).unwrap_or(0.0),
            flat: f64::from(u8::from(flat(shuffled))),
        })
    }

    /// The mean of some; 0 of none.
    pub fn mean(of: &[Self]) -> Self {
        let mean =
            |number: fn(&Self) -> f64| of.iter().map(number).sum::<f64>() / of.len().max(1) as f64;
        Self {
            correlation: mean(|of| of.correlation),
            sizes: mean(|of| of.sizes),
            flat: mean(|of| of.flat),
        }
    }
}

/// How alike a map of the pairs is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// The map.
    pub map: Map,
    /// Whose window.
    pub element: Element,
    /// The layer whose parameters are shuffled.
    pub layer: Layer,
    /// With what else.
    pub order: Order,
    /// The mean over pairs of the rank correlation, with its interval.
    pub correlation: Estimate,
    /// The mean of that of the values without their signs.
    pub sizes: f64,
    /// The part of the shuffled maps that are the same everywhere.
    pub flat: f64,
    /// Pairs behind it.
    pub pairs: usize,
    /// Connected components of shared elements among them.
    pub components: usize,
}

impl Row {
    /// Of some pairs' maps, which stand in the order of `clusters`; none where the trained network's
    /// are all the same everywhere.
    ///
    /// # Errors
    ///
    /// See [`bootstrap`].
    pub fn of(
        (map, element): (Map, Element),
        (layer, order): (Layer, Order),
        pairs: &[Option<Alike>],
        clusters: &Clusters,
        seed: u64,
    ) -> Result<Option<Self>> {
        let kept: Vec<usize> = (0..pairs.len())
            .filter(|&pair| pairs[pair].is_some())
            .collect();
        if kept.is_empty() {
            return Ok(None);
        }
        let alike: Vec<Alike> = pairs.iter().flatten().copied().collect();
        let clusters = clusters.of(&kept);
        let correlations: Vec<f64> = alike.iter().map(|of| of.correlation).collect();
        let mean = Alike::mean(&alike);
        Ok(Some(Self {
            map,
            element,
            layer,
            order,
            correlation: estimate(&correlations, &clusters, seed)?,
            sizes: mean.sizes,
            flat: mean.flat,
            pairs: kept.len(),
            components: clusters.distinct().components,
        }))
    }
}

/// The mean of correlations ρ with its interval, as that of (1 + ρ) / 2, which is a part of 1 as
/// [`bootstrap`] asks.
fn estimate(correlations: &[f64], clusters: &Clusters, seed: u64) -> Result<Estimate> {
    let parts: Vec<f64> = correlations.iter().map(|rho| (1.0 + rho) / 2.0).collect();
    let mean = |parts: &[f64]| -> Result<f64> {
        match parts.len() {
            0 => Err(Error::Undefined("a mean of nothing".to_string())),
            count => Ok(parts.iter().sum::<f64>() / count as f64),
        }
    };
    let components = clusters.distinct().components;
    let found = bootstrap(&parts, clusters, components, seed, mean)?;
    let back = |part: f64| 2.0 * part - 1.0;
    Ok(match found.interval() {
        Some(of) => Estimate::within(back(of.value), back(of.low), back(of.high)),
        None => Estimate::alone(back(found.value)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: ((Map, Element), (Layer, Order)) = (
        (Map::Contribution, Element::Enhancer),
        (Layer::Classifier, Order::Alone),
    );

    #[test]
    fn signs_count_in_one_number_and_not_in_the_other() {
        let trained = [0.0, 1.0, -2.0, 3.0, 0.5];
        let turned = trained.map(|value| -2.0 * value);
        let alike = Alike::of(&trained, &turned).unwrap();
        assert_eq!(
            (alike.correlation, alike.sizes, alike.flat),
            (-1.0, 1.0, 0.0)
        );
        let flat = Alike::of(&trained, &[0.0; 5]).unwrap();
        assert_eq!((flat.correlation, flat.sizes, flat.flat), (0.0, 0.0, 1.0));
        assert_eq!(Alike::of(&[0.0; 5], &trained), None);
    }

    #[test]
    fn a_row_is_the_mean_over_pairs_that_have_a_map() {
        let alike = |correlation| {
            Some(Alike {
                correlation,
                ..Alike::default()
            })
        };
        let clusters = Clusters::new((0..8).map(|pair| (pair, pair)));
        let mut pairs = [-0.5, 0.1, 0.3, 0.2, 0.4, 0.5, 0.4].map(alike).to_vec();
        pairs.insert(2, None);
        let row = Row::of(KEY.0, KEY.1, &pairs, &clusters, 1)
            .unwrap()
            .unwrap();
        assert_eq!((row.pairs, row.components), (7, 7));
        let interval = row.correlation.interval().unwrap();
        assert!((interval.value - 0.2).abs() < 1e-12);
        // The deviation of the mean is some 0.13.
        assert!((-0.5..0.0).contains(&interval.low), "{interval}");
        assert!((0.3..0.6).contains(&interval.high), "{interval}");
        let none = Row::of(KEY.0, KEY.1, &[None, None], &clusters, 1).unwrap();
        assert_eq!(none, None);
    }

    #[test]
    fn the_same_map_has_no_width() {
        let same = Alike::of(&[0.5, 0.25, 0.125], &[0.5, 0.25, 0.125]);
        let clusters = Clusters::new((0..20).map(|pair| (pair / 2, pair)));
        let row = Row::of(KEY.0, KEY.1, &[same; 20], &clusters, 1)
            .unwrap()
            .unwrap();
        assert_eq!(row.components, 10);
        assert_eq!(row.correlation, Estimate::within(1.0, 1.0, 1.0));
    }
}
