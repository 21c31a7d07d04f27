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

/// What tables of scores tell of a pair before the methods have their columns.
pub const COLUMNS: [&str; 6] = ["pair", "line", "gene", "label", "bases", "cell"];

/// The largest score of browsers.
const MOST: f64 = 1000.0;

/// Where scores are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A run, whose scores are probabilities.
    Run,
    /// A run's context without the sequence, whose scores are probabilities.
    Context,
    /// A file.
    Scores,
    /// What every method has to beat.
    Baseline,
}

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
    /// Where its scores are from.
    pub role: Role,
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
    /// A baseline that no file is behind.
    pub fn new(name: &str, about: String, scores: Vec<Option<f64>>) -> Self {
        Self {
            name: name.to_string(),
            role: Role::Baseline,
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

    /// What stands for the score of each pair where browsers count from 0 to 1000: a probability × 1000, of
    /// other scores 1000 × the part of all others than it that are lower, and 1000 where there are none.
    pub fn shown(&self) -> Vec<Option<u16>> {
        let mut sorted: Vec<f64> = self.scores.iter().flatten().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let shown = |score: f64| {
            let lower = sorted.partition_point(|of| *of < score);
            let equal = sorted.partition_point(|of| *of <= score) - lower;
            let part = match (self.role, sorted.len() - equal) {
                (Role::Run | Role::Context, _) => score,
                (_, 0) => 1.0,
                (_, others) => lower as f64 / others as f64,
            };
            (MOST * part).round() as u16
        };
        self.scores.iter().map(|score| score.map(shown)).collect()
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
}

/// What the name of a method's file says of links that reach its threshold.
const THRESHOLDED: &str = "thresholded";

/// Refuses methods that cannot head a column, and such whose files would have one name.
pub fn check_names(names: &[&str]) -> Result<()> {
    let otherwise = "call the scores (NAME=FILE) or the run's folder otherwise";
    for (place, name) in names.iter().enumerate() {
        let problem = if name.is_empty() {
            "a method has no name".to_string()
        } else if name.contains(char::is_control) {
            format!("{name:?} holds a tab, a line's end or another control character")
        } else if COLUMNS.contains(name) {
            format!("{name:?} is a column of the scores already")
        } else {
            let is_same = |other: &&&str| {
                let [one, other] = [name, *other].map(|name| file_name(name));
                let chosen = |of: &str| format!("{of}.{THRESHOLDED}");
                one == other || one == chosen(&other) || chosen(&one) == other
            };
            let Some(other) = names[..place].iter().find(is_same) else {
                continue;
            };
            format!("{other:?} and {name:?} would have the same files")
        };
        return Err(Error::Configuration(format!("{problem}: {otherwise}")));
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
    fn browsers_see_probabilities_or_ranks() {
        let scores = [Some(0.25), None, Some(0.75), Some(0.75), Some(-3.0)];
        let mut method = Method::new("m", String::new(), scores.to_vec());
        // Of two others with another score, and of three.
        let ranks = [Some(333), None, Some(1000), Some(1000), Some(0)];
        assert_eq!(method.shown(), ranks);
        (method.role, method.scores[4]) = (Role::Run, Some(0.0004));
        let thousandths = [Some(250), None, Some(750), Some(750), Some(0)];
        assert_eq!(method.shown(), thousandths);
        let same = Method::new("m", String::new(), vec![Some(0.0); 2]);
        assert_eq!(same.shown(), [Some(1000); 2]);
    }

    #[test]
    fn two_methods_of_one_name_are_refused() {
        assert!(check_names(&["a b", "c", "thresholded"]).is_ok());
        for names in [["a b", "a_b.thresholded"], ["a.thresholded", "a"]] {
            let said = check_names(&names).unwrap_err().to_string();
            assert!(said.contains("would have the same files"), "{said}");
        }
        let said = check_names(&["a b", "c", "a_b"]).unwrap_err();
        assert!(
            said.to_string().starts_with("\"a b\" and \"a_b\""),
            "{said}"
        );
    }

    #[test]
    fn names_that_cannot_head_a_column_are_refused() {
        let of_columns = COLUMNS.map(|name| (name, "is a column of the scores already"));
        let others = [
            ("a\tb", "holds a tab"),
            ("a\n", "holds a tab"),
            ("", "no name"),
        ];
        for (name, wanted) in of_columns.into_iter().chain(others) {
            let said = check_names(&["c", name]).unwrap_err().to_string();
            assert!(said.contains(wanted), "{said}");
        }
    }
}
