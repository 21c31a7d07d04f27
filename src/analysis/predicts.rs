//! Whether a network predicts at all: what lies under the attention of one that does not is no
//! finding.

use serde::Serialize;

use crate::element::Sides;
use crate::evaluation::{Ablation, Support};
use crate::pairs::SplitRule;
use crate::run::Run;
use crate::statistics::Estimate;

/// How well a network predicts the test part of its run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Predicts {
    /// The area under the receiver operating characteristic; by chance it is 0.5.
    pub auroc: Estimate,
    /// The average precision; by chance it is the part of positives.
    pub auprc: Estimate,
    /// Positive pairs of the part.
    pub positives: usize,
    /// Negative ones.
    pub negatives: usize,
    /// The elements that these rest on.
    pub support: Support,
    /// Whether the part is whole chromosomes, as far as the run's settings tell.
    pub chromosomes: bool,
    /// Of each side the part of the variance of a window's attention over bins and partners that the partner
    /// explains; none where no window had two partners.
    pub partner_share: Sides<Option<f64>>,
    /// What the sequence adds to what is known without it; none where the evaluation did not look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ablation: Option<Ablation>,
}

impl Predicts {
    /// As the run's last evaluation says; none where there is none of these weights that can be read.
    pub(super) fn of(run: &Run) -> Option<Self> {
        let report = run.report().ok()?;
        let test = report.test;
        let split = &run.record.settings.split;
        Some(Self {
            auroc: test.auroc,
            auprc: test.auprc,
            positives: test.positives,
            negatives: test.negatives,
            support: test.support,
            chromosomes: matches!(split, SplitRule::Chromosome { .. }),
            partner_share: report.partner_share,
            ablation: report.ablation,
        })
    }

    /// Whether the whole interval lies above chance; where there is none, nobody can tell.
    pub fn better_than_chance(&self) -> bool {
        let interval = self.auroc.interval();
        interval.is_some_and(|interval| interval.low > 0.5)
    }

    /// `0.874 (0.801–0.930)`, or `0.874 (no interval: 3 promoters)`.
    pub fn auroc_in_words(&self) -> String {
        match (self.auroc.interval(), self.support.doubt()) {
            (None, Some(doubt)) => format!("{:.3} ({doubt})", self.auroc.value),
            _ => self.auroc.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Elements;

    fn predicts(auroc: Estimate, promoters: usize) -> Predicts {
        let positives = Elements {
            enhancers: 40,
            promoters,
            components: promoters,
        };
        let all = positives;
        Predicts {
            auroc,
            auprc: auroc,
            positives: 40,
            negatives: 200,
            support: Support { positives, all },
            chromosomes: true,
            partner_share: Sides::default(),
            ablation: None,
        }
    }

    #[test]
    fn an_interval_that_holds_a_half_is_no_better_than_chance() {
        let better = |low: f64, high: f64| {
            let auroc = Estimate::within((low + high) / 2.0, low, high);
            predicts(auroc, 30).better_than_chance()
        };
        assert!(better(0.51, 0.9));
        assert!(!better(0.5, 0.9));
        assert!(!better(0.3, 0.7));
        // Worse than chance is no better.
        assert!(!better(0.1, 0.3));
    }

    #[test]
    fn without_an_interval_nobody_can_tell() {
        let few = predicts(Estimate::alone(0.95), 3);
        assert!(!few.better_than_chance());
        assert_eq!(few.auroc_in_words(), "0.950 (no interval: 3 promoters)");
        let many = predicts(Estimate::within(0.95, 0.9, 0.97), 30);
        assert_eq!(many.auroc_in_words(), "0.950 (0.900–0.970)");
    }
}
