//! Contributions to a predicted activity: of which, and what a value means.

use serde::{Deserialize, Serialize};

use crate::attention::Aggregate;
use crate::network::activity::{Kind, Source};

/// An activity that bases contribute to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfActivity {
    /// Its name in the run.
    pub source: String,
    /// What was measured.
    pub kind: Kind,
}

impl OfActivity {
    /// Of a run's source.
    pub fn new(source: &Source) -> Self {
        Self {
            source: source.name.clone(),
            kind: source.kind,
        }
    }

    /// The unit of what bases add to it.
    pub fn unit(&self) -> &'static str {
        match self.kind {
            Kind::Peaks => "log-odds of a peak",
            Kind::Signal => "standard deviations of ln(1 + signal)",
        }
    }

    /// What a value of the tracks means.
    pub fn description(&self, aggregate: Aggregate) -> String {
        let Self { source, .. } = self;
        let (what, unit) = match self.kind {
            Kind::Peaks => (
                format!("the log-odds that bins of the element lie in a peak of {source}"),
                "in natural logarithms",
            ),
            Kind::Signal => (
                format!("ln(1 + {source}) in bins of the element"),
                "in standard deviations of the training windows' bins",
            ),
        };
        let over = match aggregate {
            Aggregate::Max => {
                "the value of largest magnitude of the windows that cover the base".to_string()
            }
            other => other.to_string(),
        };
        format!(
            "What the base adds to the activity that the network predicts of the annotated element from its \
             window alone, whatever the partner is: to the mean of {what}, {unit}; the gradient with respect to \
             the base, less its mean over the four letters. Above 0 it speaks for activity, below 0 against it. \
             Where the windows of several pairs cover a base: {over}. Bases that no window covers have no value."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_is_that_of_what_was_measured() {
        let of = |kind| OfActivity {
            source: "dnase".to_string(),
            kind,
        };
        let (peaks, signal) = (of(Kind::Peaks), of(Kind::Signal));
        assert_eq!(peaks.unit(), "log-odds of a peak");
        assert!(signal.unit().starts_with("standard deviations"));
        let said = peaks.description(Aggregate::Max);
        assert!(
            said.contains("a peak of dnase, in natural logarithms"),
            "{said}"
        );
        assert!(said.contains("largest magnitude"), "{said}");
        let said = signal.description(Aggregate::Mean);
        assert!(said.contains("ln(1 + dnase)"), "{said}");
        assert!(said.contains(&Aggregate::Mean.to_string()), "{said}");
    }
}
