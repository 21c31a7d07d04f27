//! Which pair a person means: by its name, by what a browser or a page shows of it, by its gene or by its
//! rank.

use std::fmt::Write;

use super::Pair;
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::genome::{Chroms, Region, TypedPlace};

/// Pairs that are told where a word may mean several.
const TOLD: usize = 10;
/// What may stand between the two elements.
const BETWEEN: [&str; 3] = ["~", "→", "->"];

/// A pair that may be meant.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The pair.
    pub pair: &'a Pair,
    /// What the network predicts, where it was asked.
    pub probability: Option<f32>,
}

/// The places of the pairs that some words mean, in the words' order, each once. A word is
///
/// * a pair's name, `chr1:100-200~chr1:5000-6000`, 0-based and half-open as in our files, or the same two
///   places as browsers show them, from 1 and with the last base: where there are commas, or where no
///   pair has that name. An arrow may stand between them, and a gene in place of the second;
/// * a place as browsers show it, `chr1:1,234-5,678`, with commas or without: the pair one of whose elements
///   is exactly there, or else reaches into it;
/// * a gene;
/// * a rank by probability, `3` or `#3`.
///
/// # Errors
///
/// All words that no pair answers to, and those that several do, each with these.
pub fn called<'a>(
    candidates: impl Iterator<Item = Candidate<'a>> + Clone,
    chroms: &Chroms,
    words: &[String],
) -> Result<Vec<usize>> {
    let (mut found, mut unknown, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for word in words {
        let places = match rank(word) {
            Some(rank) => match of_rank(candidates.clone(), rank) {
                Ok(place) => vec![place],
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            },
            None => meant(candidates.clone(), chroms, word),
        };
        match places[..] {
            [] => unknown.push(word.as_str()),
            [place] if found.contains(&place) => {}
            [place] => found.push(place),
            _ => problems.push(several(word, candidates.clone(), &places, chroms)),
        }
    }
    if !unknown.is_empty() {
        problems.insert(0, no_such(&unknown));
    }
    match problems.is_empty() {
        true => Ok(found),
        false => Err(Error::Configuration(problems.join("\n"))),
    }
}

/// The number of a word that is a rank, from 1.
fn rank(word: &str) -> Option<usize> {
    let word = word.trim();
    word.strip_prefix('#').unwrap_or(word).parse().ok()
}

/// The place of the pair of a rank; of equally probable ones the first comes first.
fn of_rank<'a>(
    candidates: impl Iterator<Item = Candidate<'a>>,
    rank: usize,
) -> Result<usize, String> {
    let probabilities: Option<Vec<f32>> = candidates.map(|of| of.probability).collect();
    let Some(probabilities) = probabilities else {
        return Err(format!(
            "{rank} is a rank, which only pairs of a folder of tracks have: give a name, a place or a gene"
        ));
    };
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    let place = rank.checked_sub(1).and_then(|rank| order.get(rank));
    let none = || format!("no pair has rank {rank}: there are {}", order.len());
    place.copied().ok_or_else(none)
}

/// Whether a pair answers to a word.
type Answers<'a> = Box<dyn Fn(&Candidate) -> bool + 'a>;

fn answers<'a>(of: impl Fn(&Candidate) -> bool + 'a) -> Answers<'a> {
    Box::new(of)
}

/// The places of the pairs that answer to a word, in the first way in which any does.
fn meant<'a>(
    candidates: impl Iterator<Item = Candidate<'a>> + Clone,
    chroms: &Chroms,
    word: &str,
) -> Vec<usize> {
    for is_meant in ways(word.trim(), chroms) {
        let all = candidates.clone().enumerate();
        let found = all.filter(|(_, candidate)| is_meant(candidate));
        let found: Vec<usize> = found.map(|(place, _)| place).collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// In which ways a word may be meant, the likeliest first.
fn ways<'a>(word: &'a str, chroms: &'a Chroms) -> Vec<Answers<'a>> {
    let mut ways: Vec<Answers> = Vec::new();
    // Names of chromosomes may hold what stands between the elements.
    for between in BETWEEN {
        for (at, _) in word.match_indices(between) {
            let (enhancer, promoter) = (&word[..at], &word[at + between.len()..]);
            ways.extend(of_both(enhancer, promoter.trim(), chroms));
        }
    }
    if let Some(region) = from_one(word, chroms) {
        ways.push(answers(move |of| elements(of).contains(&region)));
        let reaches = move |element: &Region| element.overlap(&region) > 0;
        ways.push(answers(move |of| elements(of).iter().any(reaches)));
    }
    ways.extend(of_gene(word));
    ways
}

/// Both elements of a pair.
fn elements(of: &Candidate) -> [Region; 2] {
    let Sides { enhancer, promoter } = of.pair.elements;
    [enhancer, promoter]
}

/// In which ways two parts of a word may be meant: two places, or a place and a gene.
fn of_both<'a>(enhancer: &'a str, promoter: &'a str, chroms: &'a Chroms) -> Vec<Answers<'a>> {
    let mut ways: Vec<Answers> = Vec::new();
    // Pages and figures say more: what is where, where a gene's promoter is, how far, what is predicted.
    let before = |text: &'a str, end: &str| text.split(end).next().unwrap_or(text);
    let bare = promoter.strip_prefix("promoter ").unwrap_or(promoter);
    let bare = [" (", " · ", " promoter ", ", "]
        .iter()
        .fold(bare, |bare, end| before(bare, end));
    let bare = bare.trim();
    let enhancer = enhancer.trim();
    let Some(first) = TypedPlace::parse(enhancer.strip_prefix("enhancer ").unwrap_or(enhancer))
    else {
        return ways;
    };
    if let Some(second) = TypedPlace::parse(bare) {
        let both = Sides::new(first, second);
        let is = |elements: Sides<Option<Region>>| -> Option<Answers<'a>> {
            let elements = Sides::new(elements.enhancer?, elements.promoter?);
            Some(answers(move |of| of.pair.elements == elements))
        };
        if !first.has_commas && !second.has_commas {
            ways.extend(is(both.map(|place| place.counted_from_zero(chroms))));
        }
        ways.extend(is(both.map(|place| place.counted_from_one(chroms))));
    } else if let Some(region) = first.counted_from_one(chroms) {
        for gene in of_gene(bare) {
            ways.push(answers(move |of| {
                gene(of) && of.pair.elements.enhancer.overlap(&region) > 0
            }));
        }
    }
    ways
}

/// In which ways a word may be a gene: letter by letter, or whatever its capitals.
fn of_gene(word: &str) -> [Answers<'_>; 2] {
    let lower = word.to_lowercase();
    let is_lower = move |gene: &str| gene.to_lowercase() == lower;
    [
        answers(move |of| genes(of).any(|gene| gene == word)),
        answers(move |of| genes(of).any(&is_lower)),
    ]
}

fn genes(of: &Candidate) -> impl Iterator<Item = &'static str> {
    let genes = of.pair.gene.into_iter();
    genes.flat_map(|gene| gene.each().chain([gene.name()]))
}

fn from_one(word: &str, chroms: &Chroms) -> Option<Region> {
    TypedPlace::parse(word)?.counted_from_one(chroms)
}

/// That a word may mean any of several pairs: the most probable ones, or the first.
fn several<'a>(
    word: &str,
    candidates: impl Iterator<Item = Candidate<'a>>,
    places: &[usize],
    chroms: &Chroms,
) -> String {
    let all = candidates.enumerate();
    let meant = all.filter(|(place, _)| places.binary_search(place).is_ok());
    let mut meant: Vec<Candidate> = meant.map(|(_, candidate)| candidate).collect();
    let probability = |of: &Candidate| of.probability.unwrap_or(0.0);
    meant.sort_by(|a, b| probability(b).total_cmp(&probability(a)));
    let mut text = format!(
        "{word:?} may be any of {} pairs: give the name of one",
        meant.len()
    );
    for candidate in meant.iter().take(TOLD) {
        let _ = write!(text, "\n  {}", candidate.pair.id(chroms));
        if let Some(gene) = candidate.pair.gene {
            let _ = write!(text, "  {gene}");
        }
        if let Some(probability) = candidate.probability {
            let _ = write!(text, "  probability {probability:.3}");
        }
    }
    if meant.len() > TOLD {
        let _ = write!(text, "\n  and {} more", meant.len() - TOLD);
    }
    text
}

fn no_such(words: &[&str]) -> String {
    format!(
        "the table has no pair {}; names look like chr1:100-200~chr1:5000-6000 as in predictions.tsv \
         (enhancer, promoter; 0-based), places like chr1:1,234-5,678 (from 1, as browsers show them); \
         genes serve too, and of a folder of tracks ranks",
        words.join(", ")
    )
}

#[cfg(test)]
mod tests;
