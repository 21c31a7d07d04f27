//! What a method says of the pairs of a table.

use serde::Serialize;

use super::table::Tested;
use crate::compare::file_name::file_name;
use crate::error::{Error, Result};
use crate::evaluation::Scored;
use crate::evaluation::curves::at_recall;
use crate::output::provenance::Input;

/// The part of the pairs whose gene reacted that precision is told at, and that links hold where nothing
/// else chose them: as ENCODE-rE2G does.
pub const RECALL: f64 = 0.7;

/// From which score on a pair is a link.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Threshold {
    /// The score.
    pub value: f64,
    /// Who chose it.
    pub from: &'static str,
}

/// A method and its scores.
#[derive(Debug, Clone)]
pub struct Method {
    /// What it is called.
    pub name: String,
    /// What its scores are.
    pub about: String,
    /// The files that these rest on.
    pub inputs: Vec<Input>,
    /// Of each pair of the table, the higher the more likely the gene reacts, finite; none where it says
    /// nothing.
    pub scores: Vec<Option<f64>>,
    /// From which score on a pair is a link, once it is chosen.
    pub threshold: Option<Threshold>,
}

impl Method {
    /// A method that no file is behind.
    pub fn new(name: &str, about: String, scores: Vec<Option<f64>>) -> Self {
        Self {
            name: name.to_string(),
            about,
            inputs: Vec::new(),
            scores,
            threshold: None,
        }
    }

    /// How many pairs it scores.
    pub fn scored(&self) -> usize {
        self.scores.iter().flatten().count()
    }

    /// Takes the threshold that reaches [`RECALL`] on what it scores, where none was chosen before.
    pub fn choose_threshold(&mut self, tested: &[Tested]) {
        let scored = self.scores.iter().zip(tested).filter_map(|(score, of)| {
            Some(Scored {
                score: (*score)?,
                positive: of.is_positive(),
            })
        });
        let scored: Vec<Scored> = scored.collect();
        let here = at_recall(&scored, RECALL).ok().map(|point| Threshold {
            value: point.threshold,
            from: "70 % recall on this table",
        });
        self.threshold = self.threshold.or(here);
    }

    /// What its files are called.
    pub fn file_name(&self) -> String {
        file_name(&self.name)
    }
}

/// Refuses methods whose files would have one name.
pub fn check_names(methods: &[Method]) -> Result<()> {
    for (place, method) in methods.iter().enumerate() {
        let is_same = |other: &&Method| other.file_name() == method.file_name();
        if let Some(other) = methods[..place].iter().find(is_same) {
            return Err(Error::Configuration(format!(
                "{:?} and {:?} would have the same files: call the scores otherwise (NAME=FILE)",
                other.name, method.name
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::crispr::testing::{table, transepi};

    #[test]
    fn a_threshold_is_kept_or_reaches_the_recall_on_what_is_scored() {
        let rows = [
            (1000, 9000, "A", true),
            (2000, 9000, "A", true),
            (3000, 9000, "A", false),
            (4000, 9000, "A", true),
        ];
        let table = table(&transepi(&rows));
        let scores = vec![Some(0.9), Some(0.4), Some(0.6), None];
        let mut method = Method::new("m", String::new(), scores);
        method.choose_threshold(&table.tested);
        assert_eq!(method.threshold.unwrap().value, 0.4);
        assert_eq!(method.scored(), 3);
        let own = Threshold {
            value: 0.7,
            from: "the run",
        };
        method.threshold = Some(own);
        method.choose_threshold(&table.tested);
        assert_eq!(method.threshold, Some(own));
    }

    #[test]
    fn two_methods_of_one_name_are_refused() {
        let of = |name: &str| Method::new(name, String::new(), Vec::new());
        assert!(check_names(&[of("a b"), of("c")]).is_ok());
        let said = check_names(&[of("a b"), of("c"), of("a_b")]).unwrap_err();
        assert!(
            said.to_string().starts_with("\"a b\" and \"a_b\""),
            "{said}"
        );
    }
}
