//! Known names that are like one that is not known.

use super::edits::edits;

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
        let letters = edits(&word, &lower);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_comes_first_and_strangers_not_at_all() {
        let known = ["CTCFL", "NRF1", "CTCF", "YY1", "Ctcf(var.2)", "GATA1"];
        assert_eq!(nearest("ctfc", known), ["CTCF", "CTCFL"]);
        assert_eq!(nearest("CTCF", known), ["CTCF", "CTCFL", "Ctcf(var.2)"]);
        assert_eq!(nearest("GATA1::TAL1", known), ["GATA1"]);
        assert!(nearest("MYC", known).is_empty());
    }
}
