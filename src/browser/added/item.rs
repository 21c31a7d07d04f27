//! What is known of an item beside its place.

use std::sync::Arc;

use crate::genome::Strand;

/// The largest score of BED's.
const MOST: f64 = 1000.0;

/// What BED says of an item beside its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its name; empty where it has none.
    pub name: Arc<str>,
    /// 0 to 1000; 0 where it has none.
    pub score: u16,
    /// Its strand, if it has one.
    pub strand: Option<Strand>,
}

impl Item {
    /// Of the fields from BED's fourth on, as far as they are there. A score that is not BED's, such as
    /// −log10 p, is rounded and ends at 1000.
    pub fn new(fields: &[&str]) -> Self {
        let given = |at: usize| {
            let field = fields.get(at).map(|field| field.trim());
            field.filter(|field| !field.is_empty() && *field != ".")
        };
        let score = given(1).and_then(|score| score.parse::<f64>().ok());
        Self {
            name: given(0).unwrap_or_default().into(),
            // What is no number is none here either.
            score: score.map_or(0, |score| score.round().clamp(0.0, MOST) as u16),
            strand: match given(2) {
                Some("+") => Some(Strand::Forward),
                Some("-") => Some(Strand::Reverse),
                _ => None,
            },
        }
    }

    /// The strand as BED writes it.
    pub fn strand_text(&self) -> &'static str {
        match self.strand {
            Some(Strand::Forward) => "+",
            Some(Strand::Reverse) => "-",
            None => ".",
        }
    }

    /// The name as BED writes it.
    pub fn name_text(&self) -> &str {
        if self.name.is_empty() {
            "."
        } else {
            &self.name
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_are_not_there_say_nothing() {
        let item = |fields: &[&str]| {
            let item = Item::new(fields);
            (item.name_text().to_string(), item.score, item.strand_text())
        };
        assert_eq!(item(&[]), (".".to_string(), 0, "."));
        assert_eq!(item(&[".", ".", "."]), (".".to_string(), 0, "."));
        assert_eq!(item(&["a b", "3.6", "-"]), ("a b".to_string(), 4, "-"));
        assert_eq!(item(&["x", "1e9", "+"]), ("x".to_string(), 1000, "+"));
        assert_eq!(item(&["x", "NaN", "*"]), ("x".to_string(), 0, "."));
        assert_eq!(item(&["x", "-4"]).1, 0);
    }
}
