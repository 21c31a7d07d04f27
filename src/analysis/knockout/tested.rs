//! Knocks factors out and tests what that changes.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::edits::{Asked, Editor, Outcome, Outcomes, Sited};
use super::request::Knock;
use super::rows::{FactorRow, PairRow, Tested, mean};
use super::windows::Said;
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::statistics::{Clusters, FEWEST_COMPONENTS};

/// Tests of pairs of factors are numbered from here, those of single ones from 0.
const PAIR_TESTS: u64 = 1 << 40;

/// The pairs that knock-outs take some of.
pub struct Pairs<'a> {
    /// What the networks say of each.
    pub said: &'a [Said],
    /// What they share.
    pub clusters: &'a Clusters,
    /// Their places in the order in which they are taken.
    pub order: &'a [usize],
    /// The most that are taken.
    pub most: usize,
}

/// A factor and its name.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    /// Where its sites are.
    pub sited: &'a Sited,
    /// Its name.
    pub name: &'a str,
}

impl Pairs<'_> {
    /// Pairs that have something, ascending, as many as may be taken, and how many have it.
    fn taken(&self, has: impl Fn(usize) -> bool) -> (Vec<usize>, usize) {
        let having = self.order.iter().copied().filter(|&pair| has(pair));
        let mut taken: Vec<usize> = having.collect();
        let all = taken.len();
        taken.truncate(self.most);
        taken.sort_unstable();
        (taken, all)
    }
}

/// Whether a factor has sites to be taken out of a side of a pair.
fn has(editor: &Editor, factor: &Sited, element: Element, pair: usize) -> bool {
    let window = *editor.windows.pairs[pair].get(element);
    !factor.places.get(element)[window].replaced.is_empty()
}

/// Takes a factor out of enhancers, of promoters and of both; a row for each of which some pair has sites
/// and room for moved places, and how many have sites and no room.
///
/// # Errors
///
/// A logit that is not a number.
pub fn factor(editor: &Editor, pairs: &Pairs, factor: Named) -> Result<(Vec<FactorRow>, usize)> {
    let mut asked: BTreeMap<usize, [bool; 3]> = BTreeMap::new();
    let mut with_sites = [0; 3];
    for (number, knock) in Knock::ALL.into_iter().enumerate() {
        let (taken, all) = pairs.taken(|pair| {
            let mut changed = Element::BOTH.into_iter().filter(|&of| knock.changes(of));
            changed.all(|element| has(editor, factor.sited, element, pair))
        });
        with_sites[number] = all;
        for pair in taken {
            asked.entry(pair).or_default()[number] = true;
        }
    }
    let asked = asked.into_iter();
    let asked: Vec<Asked> = asked.map(|(pair, knocks)| Asked { pair, knocks }).collect();
    let outcomes = editor.outcomes(Sides::new(factor.sited, factor.sited), &asked)?;
    let rows = Knock::ALL.into_par_iter().zip(with_sites).enumerate();
    let rows = rows.map(|(number, (side, pairs_with_sites))| {
        let found = asked.iter().zip(&outcomes);
        let found = found.filter_map(|(asked, of)| Some((asked.pair, of[number]?)));
        let found: Vec<(usize, Outcome)> = found.collect();
        let test = 3 * u64::from(factor.sited.number) + number as u64;
        let tested = tested(pairs, &found, (editor.seed, test))?;
        let sites: usize = found.iter().map(|(_, of)| of.sites).sum();
        let kept: usize = found.iter().map(|(_, of)| of.kept).sum();
        let crowded: usize = found.iter().map(|(_, of)| of.crowded).sum();
        let changed = Element::BOTH.into_iter().filter(|&of| side.changes(of));
        let windows = found.len() * changed.count();
        Some(FactorRow {
            factor: factor.name.to_string(),
            side,
            pairs_with_sites,
            sites,
            not_removed: kept as f64 / (sites * editor.draws).max(1) as f64,
            crowded: crowded as f64 / (windows * editor.draws).max(1) as f64,
            pairs: tested.pairs,
            components: tested.components,
            mean_delta: tested.mean,
            control: tested.control,
            difference: tested.difference,
            low: tested.low,
            high: tested.high,
            p: tested.p,
            q: None,
        })
    });
    let rows: Vec<Option<FactorRow>> = rows.collect();
    let made = rows.iter().zip(with_sites);
    let without_room = made.filter(|(row, all)| row.is_none() && *all > 0).count();
    Ok((rows.into_iter().flatten().collect(), without_room))
}

/// What was found of one knock-out in some pairs.
fn tested(pairs: &Pairs, found: &[(usize, Outcome)], test: (u64, u64)) -> Option<Tested> {
    let changes = found.iter().map(|&(pair, of)| {
        let logit = pairs.said[pair].logit;
        [logit - of.without, logit - of.moved]
    });
    let changes: Vec<[f64; 2]> = changes.collect();
    let places: Vec<usize> = found.iter().map(|&(pair, _)| pair).collect();
    Tested::new(&changes, &pairs.clusters.of(&places), test)
}

/// Takes one factor out of enhancers, another one out of promoters, and both; nothing where too few
/// components of pairs have both, and room for moved places.
///
/// # Errors
///
/// A logit that is not a number.
pub fn two(editor: &Editor, pairs: &Pairs, factors: Sides<Named>) -> Result<Option<PairRow>> {
    let (taken, pairs_with_both) = pairs.taken(|pair| {
        let mut sides = factors.iter();
        sides.all(|(element, factor)| has(editor, factor.sited, element, pair))
    });
    if pairs.clusters.of(&taken).distinct().components < FEWEST_COMPONENTS {
        return Ok(None);
    }
    let knocks = [true; 3];
    let asked = taken.into_iter();
    let asked: Vec<Asked> = asked.map(|pair| Asked { pair, knocks }).collect();
    let outcomes = editor.outcomes(factors.map(|factor| factor.sited), &asked)?;
    let found = asked.iter().zip(outcomes);
    let found = found.filter_map(|(asked, of)| Some((asked.pair, changes(pairs, asked.pair, of)?)));
    let (places, found): (Vec<usize>, Vec<[[f64; 3]; 2]>) = found.unzip();
    let Sides { enhancer, promoter } = factors;
    let number = u64::from(enhancer.sited.number) * editor.factors as u64;
    let number = PAIR_TESTS + number + u64::from(promoter.sited.number);
    let together: Vec<[f64; 2]> = found.iter().map(|of| of.map(interaction)).collect();
    let tested = Tested::new(
        &together,
        &pairs.clusters.of(&places),
        (editor.seed, number),
    );
    let tested = tested.filter(|tested| tested.p.is_some());
    let change = |knock: usize| mean(found.iter().map(|of| of[0][knock]));
    Ok(tested.map(|tested| PairRow {
        enhancer_tf: enhancer.name.to_string(),
        promoter_tf: promoter.name.to_string(),
        pairs_with_both,
        pairs: tested.pairs,
        components: tested.components,
        delta_enhancer: change(0),
        delta_promoter: change(1),
        delta_both: change(2),
        interaction: tested.mean,
        control: tested.control,
        difference: tested.difference,
        low: tested.low,
        high: tested.high,
        p: tested.p,
        q: None,
        difference_apart: None,
        q_apart: None,
        explained_by: None,
    }))
}

/// What each knock-out of a pair changes of its logit, by sites and by moved places; none where one could
/// not be made.
fn changes(pairs: &Pairs, pair: usize, of: Outcomes) -> Option<[[f64; 3]; 2]> {
    let [enhancer, promoter, both] = of;
    let of = [enhancer?, promoter?, both?];
    let logit = pairs.said[pair].logit;
    Some([
        of.map(|of| logit - of.without),
        of.map(|of| logit - of.moved),
    ])
}

/// ΔΔ: what both change beyond the sum of what each changes.
pub fn interaction([enhancer, promoter, both]: [f64; 3]) -> f64 {
    both - enhancer - promoter
}
