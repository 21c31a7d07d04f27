//! What a search found.

use std::fmt;

use super::parameter::in_words;
use super::standing::{Average, Standing};
use crate::run::Settings;

/// Trials that are shown to a person.
const SHOWN: usize = 5;

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchOutcome {
    /// The trials of the last round, the best one first.
    pub standings: Vec<Standing>,
    /// The settings of every trial.
    pub trials: Vec<Settings>,
}

impl SearchOutcome {
    /// The settings of the best trial.
    pub fn best(&self) -> &Settings {
        &self.trials[self.standings[0].trial]
    }

    /// The best trial and its measures in a line.
    pub(super) fn title(&self) -> String {
        let best = &self.standings[0];
        let text = |average: Option<Average>| average.map_or(String::new(), |a| a.to_string());
        let (auprc, auroc) = (text(best.auprc()), text(best.auroc()));
        let (trial, of, folds) = (best.trial + 1, self.trials.len(), best.folds.len());
        format!("trial {trial} of {of}: AUPRC {auprc}, AUROC {auroc} over {folds} folds")
    }
}

impl fmt::Display for SearchOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |average: Option<Average>| average.map_or("-".to_string(), |a| a.to_string());
        writeln!(f, "{:<8}{:<18}{:<18}settings", "trial", "AUPRC", "AUROC")?;
        for standing in self.standings.iter().take(SHOWN) {
            let (auprc, auroc) = (text(standing.auprc()), text(standing.auroc()));
            let settings = in_words(&self.trials[standing.trial]);
            let number = standing.trial + 1;
            writeln!(f, "{number:<8}{auprc:<18}{auroc:<18}{settings}")?;
        }
        write!(f, "mean ± standard deviation over the folds")
    }
}
