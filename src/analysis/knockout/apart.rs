//! Called pairs of factors without the sites that they share with stronger ones.
//!
//! Matrices that resemble each other match the same stretch of DNA, and one stretch is to count for one
//! factor, as in [`crate::enrichment::tf_pairs`]: called pairs are gone through, the strongest first; those
//! of a factor's sites that overlap a site of a stronger pair's factor on the same side stay where they
//! are, and the others alone are knocked out. A pair of factors that is not called then is explained by the
//! stronger one, and takes no sites away itself.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use super::edits::{Editor, Sited};
use super::rows::PairRow;
use super::sites::Places;
use super::tested::{Named, Pairs, two};
use crate::element::{Element, Sides};
use crate::enrichment::tf_pairs::overlap_by_half;
use crate::error::Result;
use crate::statistics::benjamini_hochberg;

/// Says of the called ones among rows, which come the strongest first and are all tested, how they stand
/// without the sites of those before them. `sited` has the factors' sites by name.
///
/// # Errors
///
/// A logit that is not a number.
pub fn set_apart(
    rows: &mut [PairRow],
    sited: &BTreeMap<&str, Sited>,
    (editor, pairs): (&Editor, &Pairs),
) -> Result<()> {
    let p: Vec<f64> = rows.iter().filter_map(|row| row.p).collect();
    let mut stronger: Vec<Sides<Named>> = Vec::new();
    for (place, row) in rows.iter_mut().enumerate() {
        let named = |name: &String| {
            let (&name, sited) = sited.get_key_value(name.as_str())?;
            Some(Named { sited, name })
        };
        let names = [&row.enhancer_tf, &row.promoter_tf].map(named);
        let ([Some(enhancer), Some(promoter)], true) = (names, row.is_called()) else {
            continue;
        };
        let factors = Sides::new(enhancer, promoter);
        let mut lost = vec![0; stronger.len()];
        let left = Sides::from_fn(|element| {
            let factor = factors.get(element).sited;
            left(editor, (element, factor), &stronger, &mut lost)
        });
        // Of those that overlap as many sites the strongest.
        let most = lost.iter().enumerate().rev().max_by_key(|(_, lost)| **lost);
        if let Some((by, _)) = most.filter(|(_, lost)| **lost > 0) {
            let named = Sides::from_fn(|element| Named {
                sited: left.get(element),
                name: factors.get(element).name,
            });
            let apart = two(editor, pairs, named)?;
            row.difference_apart = apart.as_ref().map(|apart| apart.difference);
            // As if its p-value had been this one.
            let mut p = p.clone();
            p[place] = apart.and_then(|apart| apart.p).unwrap_or(1.0);
            row.q_apart = Some(benjamini_hochberg(&p)[place]);
            if !row.is_called_apart() {
                let by = stronger[by].map(|factor| factor.name);
                row.explained_by = Some(format!("{}~{}", by.enhancer, by.promoter));
                continue;
            }
        }
        stronger.push(factors);
    }
    Ok(())
}

/// A factor without those of its sites of a side that overlap a site of another factor of a stronger pair
/// there; adds up how many sites each of the stronger pairs takes away.
fn left(
    editor: &Editor,
    (element, factor): (Element, &Sited),
    stronger: &[Sides<Named>],
    lost: &mut [usize],
) -> Sited {
    let others = stronger.iter().map(|pair| pair.get(element).sited);
    let others: Vec<&Sited> = others.collect();
    let windows = (0..editor.windows.count(element)).into_par_iter();
    let found = windows.map(|window| places_left(editor, (element, window), factor, &others));
    let found: Vec<(Places, Vec<usize>)> = found.collect();
    let (places, losses): (Vec<Places>, Vec<Vec<usize>>) = found.into_iter().unzip();
    for loss in losses {
        for (lost, more) in lost.iter_mut().zip(loss) {
            *lost += more;
        }
    }
    let mut left = factor.clone();
    *left.places.get_mut(element) = places;
    left
}

/// The places of a factor in a window, of which no site of others is to be replaced, and how many sites
/// each of the others takes away; those of the factor itself take none.
fn places_left(
    editor: &Editor,
    (element, window): (Element, usize),
    factor: &Sited,
    others: &[&Sited],
) -> (Places, Vec<usize>) {
    let mut lost = vec![0; others.len()];
    let codes = editor.windows.codes(element, window);
    let of_other = |other: &&Sited| -> Vec<Range<usize>> {
        match other.number == factor.number {
            true => Vec::new(),
            false => other.finder.sites(codes).collect(),
        }
    };
    let others: Vec<Vec<Range<usize>>> = others.iter().map(of_other).collect();
    let regions = editor.regions(element, window);
    let places = factor.finder.places_but(codes, regions, |site| {
        let mut gone = false;
        for (lost, sites) in lost.iter_mut().zip(&others) {
            let over = sites.iter().any(|other| overlap_by_half(site, other));
            *lost += usize::from(over);
            gone |= over;
        }
        gone
    });
    (places, lost)
}
