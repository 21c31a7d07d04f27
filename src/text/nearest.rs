//! Known names that are like one that is not known.

/// Names that are told.
const TOLD: usize = 5;
/// The most letters by which a likely name differs.
const MOST: usize = 3;

/// Up to five known names that a word may stand for, the likeliest first: those that differ from it by few
/// letters, or hold it, or that it holds; capitals do not count.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let most = (word.chars().count() / 2).clamp(1, MOST);
    let near = known.into_iter().filter_map(|name| {
        let lower = name.to_lowercase();
        let letters = distance(&word, &lower);
        let holds = !word.is_empty() && lower.contains(&word)
            || lower.chars().count() > 1 && word.contains(&lower);
        (letters <= most || holds).then_some((letters, name))
    });
    let mut near: Vec<(usize, &str)> = near.collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(TOLD);
    near.into_iter().map(|(_, name)| name).collect()
}

/// Letters that are to be put in, taken out or changed to make one word of the other (Levenshtein 1966), row
/// by row of the table of all beginnings.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (before, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = before + 1;
        for (at, &theirs) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != theirs);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_far_apart_as_their_letters() {
        for (one, other, wanted) in [
            ("", "", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("CTCF", "CTC", 1),
            ("flaw", "lawn", 2),
        ] {
            assert_eq!(distance(one, other), wanted, "{one} {other}");
            assert_eq!(distance(other, one), wanted, "{other} {one}");
        }
    }

    #[test]
    fn the_likeliest_comes_first_and_strangers_not_at_all() {
        let known = ["CTCFL", "NRF1", "CTCF", "YY1", "Ctcf(var.2)", "GATA1"];
        assert_eq!(nearest("ctfc", known), ["CTCF", "CTCFL"]);
        assert_eq!(nearest("CTCF", known), ["CTCF", "CTCFL", "Ctcf(var.2)"]);
        assert_eq!(nearest("GATA1::TAL1", known), ["GATA1"]);
        assert!(nearest("MYC", known).is_empty());
    }
}
