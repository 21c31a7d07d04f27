//! Windows without a factor's sites, and with as much replaced elsewhere, put to the networks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::draws::{Dinucleotides, free, moved, replaced};
use super::request::{DRAWS, Knock};
use super::sites::{Finder, Places};
use super::windows::{Tops, Version, Windows, ask, unchanged};
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::network::inference::Predictor;
use crate::seed::{Purpose, stream};

/// Pairs whose changed windows are in memory at once, with the usual number of draws; of more draws fewer.
const PAIRS: usize = 512;

/// A factor, and where its sites are in every window of each side.
#[derive(Clone)]
pub struct Sited {
    /// Its number among all factors of the motifs.
    pub number: u32,
    /// Finds its sites.
    pub finder: Finder,
    /// By the windows' numbers.
    pub places: Sides<Vec<Places>>,
}

/// A pair, and what is to be taken out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The pair's place.
    pub pair: usize,
    /// Which of [`Knock::ALL`].
    pub knocks: [bool; 3],
}

/// What the networks say of a pair, by the mean logit over them and over the draws.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Outcome {
    /// Without the sites.
    pub without: f64,
    /// With as much replaced elsewhere.
    pub moved: f64,
    /// Stretches of sites that were replaced.
    pub sites: usize,
    /// Those of them, over all draws, that hold a site still.
    pub kept: usize,
    /// Draws, those of each changed window, whose moved places could lie in sites of other factors.
    pub crowded: usize,
}

/// What each of [`Knock::ALL`] gives; none where it was not asked for, or where other places found no room.
pub type Outcomes = [Option<Outcome>; 3];

/// Knocks factors out.
pub struct Editor<'a> {
    /// The windows.
    pub windows: &'a Windows,
    /// The top regions that sites are taken out of; none where they are taken out of whole windows.
    pub tops: Option<&'a Sides<Tops>>,
    /// What sites of any factor cover in every window of each side.
    pub covered: Sides<Vec<Vec<Range<usize>>>>,
    /// The networks.
    pub predictors: &'a [Predictor],
    /// Factors of the motifs.
    pub factors: usize,
    /// Draws of each.
    pub draws: usize,
    /// Of the draws.
    pub seed: u64,
}

/// The forms of a window without a factor's sites, one for each draw, and then those with other places
/// replaced.
struct Edited {
    forms: Vec<Vec<u8>>,
    sites: usize,
    kept: usize,
    crowded: usize,
}

/// The changed windows of each side, by number.
type Changed = Sides<BTreeMap<usize, Edited>>;

impl Editor<'_> {
    /// Where the sites are that a finder finds.
    pub fn sited(&self, number: u32, finder: Finder) -> Sited {
        let places = Sides::from_fn(|element| {
            let windows = (0..self.windows.count(element)).into_par_iter();
            let of = |window| {
                let codes = self.windows.codes(element, window);
                finder.places(codes, self.regions(element, window))
            };
            windows.map(of).collect()
        });
        Sited {
            number,
            finder,
            places,
        }
    }

    /// The regions of a window that sites are taken out of; none where that is all of it.
    pub fn regions(&self, element: Element, window: usize) -> Option<&[Range<u32>]> {
        Some(self.tops?.get(element)[window].as_slice())
    }

    /// What the networks say of pairs without the sites of one factor in their enhancers and of one in
    /// their promoters, which may be the same; in the order of the pairs, which save work where those of
    /// one window come together.
    ///
    /// # Errors
    ///
    /// A logit that is not a number.
    pub fn outcomes(&self, factors: Sides<&Sited>, asked: &[Asked]) -> Result<Vec<Outcomes>> {
        let mut outcomes = Vec::with_capacity(asked.len());
        let block = (PAIRS * DRAWS as usize / self.draws.max(1)).clamp(1, PAIRS);
        for block in asked.chunks(block) {
            let changed = self.changed(factors, block);
            outcomes.extend(self.of_block(block, &changed)?);
        }
        Ok(outcomes)
    }

    /// The changed windows of some pairs.
    fn changed(&self, factors: Sides<&Sited>, asked: &[Asked]) -> Changed {
        Sides::from_fn(|element| {
            let factor = *factors.get(element);
            let wanted = asked.iter().filter(|asked| {
                let knocks = Knock::ALL.into_iter().zip(asked.knocks);
                let mut of_element = knocks.filter(|(knock, _)| knock.changes(element));
                of_element.any(|(_, wanted)| wanted)
            });
            let windows = wanted.map(|asked| *self.windows.pairs[asked.pair].get(element));
            let windows: BTreeSet<usize> = windows.collect();
            let windows: Vec<usize> = windows.into_iter().collect();
            let edited = windows.into_par_iter().map(|window| {
                let edited = self.edited(element, window, factor);
                edited.map(|edited| (window, edited))
            });
            let edited: Vec<Option<(usize, Edited)>> = edited.collect();
            edited.into_iter().flatten().collect()
        })
    }

    /// The forms of a window; none where other places find no room.
    fn edited(&self, element: Element, window: usize, factor: &Sited) -> Option<Edited> {
        let codes = self.windows.codes(element, window);
        let places = &factor.places.get(element)[window];
        let chances = Dinucleotides::of(codes);
        let regions = self.regions(element, window);
        // A site is seldom where another factor's is, and so are the places that it is compared with; as far
        // as that leaves any.
        let free_of_all = free(codes, &self.covered.get(element)[window], regions);
        let free_of_own = free(codes, &places.all, regions);
        let again = |codes: &[u8], stretch: &Range<usize>| factor.finder.matches(codes, stretch);
        let mut edited = Edited {
            forms: Vec::with_capacity(2 * self.draws),
            sites: places.replaced.len(),
            kept: 0,
            crowded: 0,
        };
        let mut others = Vec::with_capacity(self.draws);
        for draw in 0..self.draws {
            let mut rng = self.random(element, window, factor.number, draw);
            let (form, kept) = replaced(codes, &places.replaced, &chances, again, &mut rng);
            edited.forms.push(form);
            edited.kept += kept;
            let elsewhere = match moved(&places.replaced, &free_of_all, &mut rng) {
                Some(elsewhere) => elsewhere,
                None => {
                    edited.crowded += 1;
                    moved(&places.replaced, &free_of_own, &mut rng)?
                }
            };
            others.push(replaced(codes, &elsewhere, &chances, again, &mut rng).0);
        }
        edited.forms.append(&mut others);
        Some(edited)
    }

    /// The random numbers of a draw of one factor in one window: whatever pairs the window is in, and
    /// whatever other factor is taken out beside it.
    fn random(&self, element: Element, window: usize, factor: u32, draw: usize) -> ChaCha8Rng {
        let side = usize::from(element == Element::Promoter);
        let number = (2 * window + side) * self.factors + factor as usize;
        stream(
            self.seed,
            Purpose::KnockOut,
            (number * self.draws + draw) as u64,
        )
    }

    /// What the networks say of some pairs whose changed windows are there.
    fn of_block(&self, asked: &[Asked], changed: &Changed) -> Result<Vec<Outcomes>> {
        let mut outcomes: Vec<Outcomes> = vec![[None; 3]; asked.len()];
        let mut versions = Vec::new();
        // The pair, the knock-out and whether sites were moved, of each version.
        let mut owners = Vec::new();
        for (place, asked) in asked.iter().enumerate() {
            let windows = self.windows.pairs[asked.pair];
            for (knock, of) in Knock::ALL.into_iter().enumerate() {
                let outcome = asked.knocks[knock].then(|| outcome(of, windows, changed));
                let Some(outcome) = outcome.flatten() else {
                    continue;
                };
                outcomes[place][knock] = Some(outcome);
                for form in 1..=2 * self.draws {
                    let mut version = unchanged(windows);
                    for element in Element::BOTH.into_iter().filter(|&side| of.changes(side)) {
                        version.get_mut(element).form = form;
                    }
                    versions.push(version);
                    owners.push((place, knock, form > self.draws));
                }
            }
        }
        let share = 1.0 / (self.draws * self.predictors.len()) as f64;
        let codes = |element: Element, version: Version| match version.form.checked_sub(1) {
            None => self.windows.codes(element, version.window),
            Some(form) => changed.get(element)[&version.window].forms[form].as_slice(),
        };
        ask(self.predictors, &versions, codes, |version, found| {
            let (place, knock, moved) = owners[version];
            if let Some(outcome) = &mut outcomes[place][knock] {
                let logit = share * f64::from(found.logit);
                match moved {
                    true => outcome.moved += logit,
                    false => outcome.without += logit,
                }
            }
        })?;
        Ok(outcomes)
    }
}

/// A knock-out of a pair before anything is known of it; none where a window that it changes has no form.
fn outcome(knock: Knock, windows: Sides<usize>, changed: &Changed) -> Option<Outcome> {
    let mut outcome = Outcome::default();
    for (element, window) in windows.iter() {
        if knock.changes(element) {
            let edited = changed.get(element).get(window)?;
            outcome.sites += edited.sites;
            outcome.kept += edited.kept;
            outcome.crowded += edited.crowded;
        }
    }
    Some(outcome)
}
