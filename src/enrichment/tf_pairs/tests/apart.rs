//! One stretch of DNA counts for one factor.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::super::super::window::Site;
use super::{element, one_matrix_each, rules, test};
use crate::element::Sides;
use crate::enrichment::tf_pairs::{Bound, Counts, Factors, TfPair, TfPairs};
use crate::seed::{Purpose, stream};

fn site(matrix: u32, start: u32) -> Site {
    Site {
        matrix,
        start,
        end: start + 12,
    }
}

/// 300 positive pairs, 300 negative pairs with what positives have in the enhancer and nothing in the
/// promoter, and 300 the other way round; each of elements of its own.
fn tested(factors: &Factors, mut bound: impl FnMut(bool, [bool; 2]) -> [Vec<Site>; 2]) -> TfPairs {
    let mut counts = Counts::new(factors);
    for number in 0..900 {
        let has = [number < 600, number % 600 < 300];
        let positive = number < 300;
        let sites = bound(positive, has);
        let of = |side: usize| Bound {
            element: element(number),
            sites: &sites[side],
        };
        counts.add(positive, Sides::new(of(0), of(1)));
    }
    test(&counts, rules(10))
}

fn of(pairs: &TfPairs, enhancer: u32, promoter: u32) -> TfPair {
    let wanted = Sides::new(enhancer, promoter);
    let mut tested = pairs.tested.iter();
    *tested.find(|pair| pair.factors == wanted).unwrap()
}

/// Factors 0 of the enhancer and 1 of the promoter are a couple. Matrix 2 matches four in ten of the sites
/// of 0, and 4 of those of 1, as well as one element in ten elsewhere. Factor 3 stands in enhancers by
/// itself, more often in positive pairs.
fn couple_and_its_likes(rng: &mut ChaCha8Rng, positive: bool, has: [bool; 2]) -> [Vec<Site>; 2] {
    let mut side = |has: bool, own: u32, like: u32| {
        let mut sites = Vec::new();
        if has {
            sites.push(site(own, 100));
            if rng.random_bool(0.4) {
                sites.push(site(like, 106));
            }
        }
        if rng.random_bool(0.1) {
            sites.push(site(like, 500));
        }
        sites
    };
    let (mut enhancer, promoter) = (side(has[0], 0, 2), side(has[1], 1, 4));
    if rng.random_bool(if positive { 0.4 } else { 0.1 }) {
        enhancer.push(site(3, 93));
    }
    [enhancer, promoter]
}

#[test]
fn what_matches_the_sites_of_a_stronger_pair_is_explained_by_it() {
    let factors = one_matrix_each(5);
    let (mut explained, mut wrong) = (0, 0);
    for seed in 0..10 {
        let mut rng = stream(seed, Purpose::Simulation, 2);
        let pairs = tested(&factors, |positive, has| {
            couple_and_its_likes(&mut rng, positive, has)
        });
        assert_eq!(pairs.tested[0].factors, Sides::new(0, 1));
        assert_eq!(pairs.tested[0].apart, None);
        for like in [of(&pairs, 2, 1), of(&pairs, 0, 4)] {
            // By itself it looks like a pair.
            assert!(like.conditional.q <= 0.05, "{like:?}");
            wrong += usize::from(like.is_pair(0.05));
            if let Some(by) = like.explained_by(&pairs.rules) {
                // By the couple, or by a likeness of its other factor that chance let pass.
                assert!([(0, 1), (0, 4), (2, 1)].contains(&(by.enhancer, by.promoter)));
                explained += 1;
            }
        }
        // Its sites touch those of factor 0 and are its own: less than half of them is shared.
        let other = of(&pairs, 3, 1);
        assert!(other.is_pair(0.05), "{other:?}");
    }
    assert_eq!(explained + wrong, 20);
    // What is left of each is chance, which one time in twenty is called; more than five of twenty
    // are seen less than once in a thousand times.
    assert!(wrong <= 5, "{wrong}");
}

#[test]
fn of_a_family_that_shares_its_sites_one_is_called() {
    // Matrix 5 is the promoter's; 0 has all sites of its family, the others most of them.
    let factors = one_matrix_each(6);
    let mut rng = stream(1, Purpose::Simulation, 3);
    let pairs = tested(&factors, |_, has| {
        let mut family = |matrix: &u32| *matrix == 0 || rng.random_bool(0.8);
        let enhancer: Vec<Site> = match has[0] {
            true => (0..5)
                .filter(|m| family(m))
                .map(|m| site(m, 100 + m))
                .collect(),
            false => Vec::new(),
        };
        let promoter = has[1].then(|| site(5, 300));
        [enhancer, promoter.into_iter().collect()]
    });
    for member in 1..5 {
        let pair = of(&pairs, member, 5);
        assert!(pair.conditional.q <= 0.05, "{pair:?}");
        assert_eq!(pair.explained_by(&pairs.rules), Some(Sides::new(0, 5)));
        // Nothing is left to test.
        assert_eq!(pair.apart.and_then(|apart| apart.statistic), None);
        let row = pairs
            .rows(None)
            .find(|row| row.enhancer_tf == factors.name(member));
        assert_eq!(row.unwrap().explained_by.as_deref(), Some("T00~T05"));
    }
    assert_eq!((pairs.significant(0.05), pairs.explained()), (1, 4));
}
