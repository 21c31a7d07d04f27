//! Which pairs words mean.

use super::*;
use crate::pairs::Gene;
use proptest::prelude::*;

fn chroms() -> Chroms {
    Chroms::new(["chr1", "chr2"].map(|name| (name.to_string(), 1_000_000))).unwrap()
}

fn pair(chroms: &Chroms, enhancer: (u32, u32), promoter: (u32, u32)) -> Pair {
    let chrom = chroms.find("chr1").unwrap().0;
    let region = |(start, end)| Region::new(chrom, start, end).unwrap();
    Pair {
        elements: Sides::new(region(enhancer), region(promoter)),
        label: None,
        gene: None,
        line: 1,
    }
}

/// Two pairs share the enhancer, two the promoter; the last is one base beside the first.
fn pairs(chroms: &Chroms) -> Vec<(Pair, f32)> {
    let of = |enhancer, promoter, gene: &str| Pair {
        gene: Gene::new(gene),
        ..pair(chroms, enhancer, promoter)
    };
    vec![
        (of((1_000, 2_000), (50_000, 51_000), "MYC"), 0.2),
        (of((1_000, 2_000), (70_000, 71_000), "PVT1;CCDC26"), 0.9),
        (of((9_000, 9_500), (70_000, 71_000), "PVT1"), 0.4),
        (of((999, 2_000), (49_999, 51_000), "."), 0.9),
    ]
}

/// The places that words mean, of pairs that a network has seen, or not.
fn found(words: &[&str], seen: bool) -> Result<Vec<usize>, String> {
    let chroms = chroms();
    let pairs = pairs(&chroms);
    let candidates = pairs.iter().map(|(pair, probability)| Candidate {
        pair,
        probability: seen.then_some(*probability),
    });
    let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
    called(candidates, &chroms, &words).map_err(|error| error.to_string())
}

fn one(word: &str) -> usize {
    let places = found(&[word], true).unwrap();
    assert_eq!(places.len(), 1, "{word}");
    places[0]
}

#[test]
fn a_name_is_from_0_and_what_has_commas_from_1() {
    assert_eq!(one("chr1:1000-2000~chr1:50000-51000"), 0);
    assert_eq!(one("chr1:1,000-2,000~chr1:50,000-51,000"), 3);
    assert_eq!(one("chr1:1,001-2,000 ~ chr1:50,001-51,000 (interacts)"), 0);
    // No pair has this name.
    assert_eq!(one("chr1:1001-2000~chr1:50001-51000"), 0);
    assert_eq!(one("1:9,001-9,500 → chr1:70,001-71,000, 61 kb"), 2);
}

#[test]
fn a_place_is_from_1_and_an_element_that_is_there_comes_before_those_that_reach_into_it() {
    assert_eq!(one("chr1:50,001-51,000"), 0);
    assert_eq!(one("chr1:50000-51000"), 3);
    assert_eq!(one("chr1:9,400"), 2);
    assert_eq!(one("chr1:8,000-9,001"), 2);
    assert!(
        found(&["chr1:8,000-9,000"], true)
            .unwrap_err()
            .contains("has no pair")
    );
}

#[test]
fn genes_and_ranks_are_understood() {
    assert_eq!((one("MYC"), one("myc")), (0, 0));
    assert_eq!((one("ccdc26"), one("PVT1;CCDC26")), (1, 1));
    assert_eq!(one("enhancer chr1:1,001-2,000 → MYC, 48 kb"), 0);
    let page =
        "enhancer chr1:1,001–2,000 → MYC promoter chr1:50,001–51,000, 48 kb · probability 0.2";
    assert_eq!(one(page), 0);
    let page = "enhancer chr1:9,001–9,500 → promoter chr1:70,001–71,000, 61 kb · negative";
    assert_eq!(one(page), 2);
    assert_eq!(one("chr1:1,001-2,000 → PVT1, 68 kb"), 1);
    assert_eq!(one("chr1:9,001-9,500 -> pvt1"), 2);
    // Of equally probable pairs the first.
    assert_eq!([one("1"), one("#2"), one("3"), one("4")], [1, 3, 2, 0]);
    assert!(
        found(&["5"], true)
            .unwrap_err()
            .contains("no pair has rank 5: there are 4")
    );
    assert!(
        found(&["0"], true)
            .unwrap_err()
            .contains("no pair has rank 0")
    );
    assert!(found(&["1"], false).unwrap_err().contains("1 is a rank"));
}

#[test]
fn what_several_pairs_answer_to_is_refused_with_them() {
    let said = found(&["PVT1"], true).unwrap_err();
    let wanted = "\"PVT1\" may be any of 2 pairs: give the name of one\n  \
        chr1:1000-2000~chr1:70000-71000  PVT1;CCDC26  probability 0.900\n  \
        chr1:9000-9500~chr1:70000-71000  PVT1  probability 0.400";
    assert_eq!(said, wanted);
    let said = found(&["chr1:1,001-2,000", "x", "y"], false).unwrap_err();
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].starts_with("the table has no pair x, y; "),
        "{said}"
    );
    assert!(
        lines[1].contains("any of 2 pairs") && lines.len() == 4,
        "{said}"
    );
    assert!(!said.contains("probability"), "{said}");
}

#[test]
fn pairs_come_in_the_words_order_and_once() {
    let words = ["#4", "chr1:9,400", "chr1:1000-2000~chr1:50000-51000", "MYC"];
    assert_eq!(found(&words, true).unwrap(), [0, 2]);
    assert_eq!(found(&[], true).unwrap(), [0; 0]);
}

proptest! {
    /// Whatever the pairs, each is found by its own name.
    #[test]
    fn every_pair_answers_to_its_name(starts in prop::collection::btree_set((0u32..50, 60u32..99), 1..40)) {
        let chroms = chroms();
        let pairs: Vec<Pair> = starts
            .into_iter()
            .map(|(enhancer, promoter)| pair(&chroms, (enhancer, enhancer + 5), (promoter, promoter + 5)))
            .collect();
        let words: Vec<String> = pairs.iter().map(|pair| pair.id(&chroms).to_string()).collect();
        let candidates = pairs.iter().map(|pair| Candidate {
            pair,
            probability: None,
        });
        let found = called(candidates, &chroms, &words).unwrap();
        prop_assert_eq!(found, (0..pairs.len()).collect::<Vec<_>>());
    }

    #[test]
    fn no_word_is_too_strange(word in "\\PC{0,30}") {
        let _ = found(&[word.as_str()], true);
    }
}
