//! Names and labels that a browser accepts, from names that users give.

use std::collections::BTreeSet;

/// The longest short label of a track, in characters
/// (<https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbHub.html#shortLabel>).
pub const SHORT_LABEL: usize = 17;
/// The longest short label of a hub that the browser's page of hubs shows whole, in characters.
pub const HUB_SHORT_LABEL: usize = 20;
/// The longest long label, in characters.
pub const LONG_LABEL: usize = 76;
/// The longest name made of a user's name: file systems stop at 255 bytes.
const LONGEST: usize = 60;

/// Names that are made safe and kept apart.
///
/// A name keeps its ASCII letters and digits; everything else becomes `_`. Where two names become
/// the same (letters of either case count as the same, as on some file systems), the later ones
/// are numbered in the order given: `a b`, `a+b` become `a_b`, `a_b_2`.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// The safe form of a name, unlike any before.
    pub fn add(&mut self, name: &str) -> String {
        let base = safe(name);
        let numbered = (2u64..).map(|number| format!("{base}_{number}"));
        std::iter::once(base.clone())
            .chain(numbered)
            .find(|name| self.taken.insert(name.to_lowercase()))
            .unwrap_or(base)
    }
}

fn safe(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    name.chars().map(safe).take(LONGEST).collect()
}

/// Whether a browser takes this as a track's name: letters, digits, `_` and `-`, a letter first.
pub fn is_track_name(name: &str) -> bool {
    is_word(name, "_-")
}

/// Whether a name begins with a letter and holds but letters, digits and some other characters.
pub fn is_word(name: &str, others: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || others.contains(c);
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(fits)
}

/// Whether a browser's users could write to this address.
pub fn is_email(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"\\".contains(c);
    let parts = text.split_once('@');
    parts.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
        && text.chars().all(plain)
}

/// A label of at most `longest` characters, with nothing that a page could take for markup.
pub fn label(text: &str, longest: usize) -> String {
    let in_markup = |c: char| c.is_control() || "<>\"".contains(c);
    let spaced = text.replace(in_markup, " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let cut: String = words.join(" ").chars().take(longest).collect();
    cut.trim_end().to_string()
}

/// A label that ends in `suffix`, for which the name before it makes room.
pub fn label_with(name: &str, suffix: &str, longest: usize) -> String {
    let room = longest.saturating_sub(suffix.chars().count());
    label(&(label(name, room) + suffix), longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_that_become_the_same_are_numbered_in_order() {
        let mut names = Names::default();
        assert_eq!(names.add("added"), "added");
        let given = ["a b", "A+B", "a_b_2", "Added", "HeLa-S3"];
        let made = given.map(|name| names.add(name));
        assert_eq!(made, ["a_b", "A_B_2", "a_b_2_2", "Added_2", "HeLa_S3"]);
    }

    #[test]
    fn labels_are_cut_between_characters() {
        assert_eq!(label("ß\u{7}é\n\t日本語", 4), "ß é");
        assert_eq!(
            label_with("日本語日本語日本語日本語日本語", " arcs", 17),
            "日本語日本語日本語日本語 arcs"
        );
        assert_eq!(label("<b onclick=\"x\">", 76), "b onclick= x");
    }

    proptest! {
        #[test]
        fn every_name_is_safe_and_its_own(given in prop::collection::vec(".{0,80}|[ab+]{1,3}", 1..20)) {
            let mut names = Names::default();
            let made: Vec<String> = given.iter().map(|name| names.add(name)).collect();
            for name in &made {
                let track = "x_".to_string() + name;
                prop_assert!(is_track_name(&track));
            }
            let distinct: BTreeSet<String> = made.iter().map(|name| name.to_lowercase()).collect();
            prop_assert_eq!(distinct.len(), made.len());
        }

        #[test]
        fn every_label_is_short_and_on_one_line(name in ".{0,120}", longest in 5usize..80) {
            let label = label_with(&name, " arcs", longest);
            prop_assert!(label.chars().count() <= longest);
            prop_assert!(label.ends_with("arcs"));
            prop_assert!(!label.contains(|c: char| c.is_control()));
        }
    }
}
