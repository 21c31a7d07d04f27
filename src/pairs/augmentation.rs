//! Augmentation: more training examples of a positive pair, by moving its windows.

use serde::{Deserialize, Serialize};

use super::{Pair, shifted};
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::genome::{Chroms, Region};

/// How positives of the training part are multiplied (Mao, Kostka & Chikina 2017, section 4.2;
/// `docs/methods.md`, "Training").
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Augmentation {
    /// The most windows that are made of one positive pair, the centred one among them.
    pub windows: usize,
    /// The distance between neighbouring windows, in bases.
    pub step: u32,
    /// The least part of an element that its window must hold, from 0 to 1. Of an element longer
    /// than its window, the part of the window that must be filled.
    pub min_held: f64,
}

impl Default for Augmentation {
    fn default() -> Self {
        Self {
            windows: 20,
            step: 50,
            min_held: 0.5,
        }
    }
}

/// One example: a pair, by its place in the table, seen through windows that may be shifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// The pair's place in the table.
    pub pair: usize,
    /// How far the windows are moved from the centred ones, in bases.
    pub shift: i64,
}

impl Augmentation {
    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// No window at all, a step of 0 with several windows, a part outside 0–1.
    pub fn validate(&self) -> Result<()> {
        let problem = if self.windows == 0 {
            "windows must be at least 1"
        } else if self.windows > 1 && self.step == 0 {
            "step must be at least 1"
        } else if !(0.0..=1.0).contains(&self.min_held) {
            "min_held must lie between 0 and 1"
        } else {
            return Ok(());
        };
        Err(Error::Configuration(format!("augmentation: {problem}")))
    }

    /// The shifts at which both windows stay in their chromosome and hold enough of their
    /// element: 0, +1, −1, +2, … steps, as many as asked for or as there are.
    pub fn shifts<'a>(
        &'a self,
        pair: &'a Pair,
        centred: Sides<Region>,
        chroms: &'a Chroms,
    ) -> impl Iterator<Item = i64> + 'a {
        // Past this many steps no window touches its element any more.
        let reach = centred.enhancer.len().max(centred.promoter.len()) / self.step.max(1) + 1;
        std::iter::once(0)
            .chain((1..=i64::from(reach)).flat_map(|k| [k, -k]))
            .map(|k| k * i64::from(self.step))
            .filter(move |&shift| {
                shift == 0
                    || shifted(centred, shift, chroms).is_some_and(|windows| {
                        let mut sides = pair.elements.zip(windows).into_iter();
                        sides.all(|(element, window)| self.holds(element, window))
                    })
            })
            .take(self.windows)
    }

    fn holds(&self, element: Region, window: Region) -> bool {
        let whole = element.len().min(window.len());
        f64::from(element.overlap(&window)) >= self.min_held * f64::from(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use crate::pairs::centred;

    fn pair(enhancer: (u32, u32), promoter: (u32, u32)) -> Pair {
        let region = |(start, end)| Region {
            chrom: ChromId(0),
            start,
            end,
        };
        Pair {
            elements: Sides::new(region(enhancer), region(promoter)),
            label: Some(true),
            line: 1,
            gene: None,
        }
    }

    fn shifts(pair: Pair, length: u32) -> Vec<i64> {
        let chroms = Chroms::new([("chr1".to_string(), length)]).unwrap();
        let centred = centred(pair.elements, Sides::new(3000, 2000), &chroms).unwrap();
        Augmentation::default()
            .shifts(&pair, centred, &chroms)
            .collect()
    }

    #[test]
    fn twenty_windows_stand_around_the_centred_one() {
        let got = shifts(pair((50_000, 50_400), (80_000, 80_600)), 1_000_000);
        assert_eq!(got.len(), 20);
        assert_eq!(got[..5], [0, 50, -50, 100, -100]);
        assert_eq!(
            (got.iter().min(), got.iter().max()),
            (Some(&-450), Some(&500))
        );
    }

    #[test]
    fn no_window_passes_the_end_of_its_chromosome() {
        // The enhancer's window begins at base 0, so no window can move left.
        let got = shifts(pair((1400, 1600), (80_000, 80_600)), 1_000_000);
        assert_eq!(got.len(), 20);
        assert!(got.windows(2).all(|pair| pair[1] == pair[0] + 50) && got[0] == 0);
    }

    #[test]
    fn windows_hold_half_of_a_long_element() {
        // The promoter is as long as its window: shifts up to 1000 bases hold half of it, and a
        // longer one would be filled further still.
        let augmentation = Augmentation {
            windows: 1000,
            ..Augmentation::default()
        };
        let pair = pair((50_000, 50_400), (80_000, 82_000));
        let chroms = Chroms::new([("chr1".to_string(), 1_000_000)]).unwrap();
        let centred = centred(pair.elements, Sides::new(3000, 2000), &chroms).unwrap();
        let got: Vec<i64> = augmentation.shifts(&pair, centred, &chroms).collect();
        assert_eq!(got.len(), 41);
        assert_eq!(got.iter().max(), Some(&1000));
    }
}
