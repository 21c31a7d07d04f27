//! Growing parts of a training part, for learning curves.

use super::Pair;
use super::classes::{self, CLASSES};
use crate::error::{Error, Result};
use crate::seed::{Purpose, stream};

/// For each of some ascending fractions (above 0, at most 1) that part of the members, each class
/// in the same proportion and at least one of it. Each subset holds those before it, so that a
/// learning curve shows what more pairs add and not which pairs they are. Places are those of
/// `members`, in their order.
///
/// # Errors
///
/// Fractions that do not ascend or lie outside 0–1; members of only one class.
pub fn nested(
    pairs: &[Pair],
    members: &[usize],
    fractions: &[f64],
    seed: u64,
) -> Result<Vec<Vec<usize>>> {
    let inside = fractions.iter().all(|&part| part > 0.0 && part <= 1.0);
    let ascending = fractions.windows(2).all(|two| two[0] < two[1]);
    if !inside || !ascending {
        return Err(Error::Configuration(format!(
            "the parts of a learning curve must ascend and lie above 0 and at most at 1: \
             {fractions:?}"
        )));
    }
    let mut rng = stream(seed, Purpose::Subsets, 0);
    // By their places among the members, whose order the subsets keep.
    let known: Vec<Pair> = members.iter().map(|&pair| pairs[pair]).collect();
    let classes = classes::shuffled(&known, 0..known.len(), &mut rng);
    for (class, (_, name)) in classes.iter().zip(CLASSES) {
        if class.is_empty() {
            let problem = format!("a learning curve needs a {name} pair: this part has none");
            return Err(Error::Configuration(problem));
        }
    }
    let subset = |&part: &f64| {
        let mut chosen: Vec<usize> = classes
            .iter()
            .flat_map(|class| {
                let wanted = (class.len() as f64 * part).round() as usize;
                &class[..wanted.clamp(1, class.len())]
            })
            .copied()
            .collect();
        chosen.sort_unstable();
        chosen.into_iter().map(|at| members[at]).collect()
    };
    Ok(fractions.iter().map(subset).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Sides;
    use crate::genome::{ChromId, Region};

    fn pairs() -> Vec<Pair> {
        let region = |start| Region {
            chrom: ChromId(0),
            start,
            end: start + 1,
        };
        (0..110)
            .map(|i| Pair {
                elements: Sides::new(region(i), region(1000 + i)),
                label: Some(i % 11 == 0),
                line: i,
                gene: None,
            })
            .collect()
    }

    #[test]
    fn each_subset_holds_those_before_it() {
        let pairs = pairs();
        // Without the first, so that places and members differ.
        let members: Vec<usize> = (1..110).rev().collect();
        let parts = [0.05, 0.1, 0.5, 1.0];
        let got = nested(&pairs, &members, &parts, 3).unwrap();
        for two in got.windows(2) {
            assert!(two[0].iter().all(|pair| two[1].contains(pair)));
        }
        let counts: Vec<(usize, usize)> = got
            .iter()
            .map(|subset| {
                let positives = subset.iter().filter(|&&p| pairs[p].label == Some(true));
                let positives = positives.count();
                (positives, subset.len() - positives)
            })
            .collect();
        // Of 9 and 100, and never none.
        assert_eq!(counts, [(1, 5), (1, 10), (5, 50), (9, 100)]);
        assert_eq!(got[3], members);
        assert_eq!(got, nested(&pairs, &members, &parts, 3).unwrap());
        assert_ne!(got, nested(&pairs, &members, &parts, 4).unwrap());
    }

    #[test]
    fn parts_that_make_no_curve_are_refused() {
        let pairs = pairs();
        let all: Vec<usize> = (0..110).collect();
        for parts in [&[0.0][..], &[1.1], &[f64::NAN], &[0.5, 0.5], &[0.5, 0.1]] {
            assert!(nested(&pairs, &all, parts, 1).is_err(), "{parts:?}");
        }
        let error = nested(&pairs, &[1, 2], &[1.0], 1).unwrap_err();
        assert!(error.to_string().contains("positive"), "{error}");
    }
}
