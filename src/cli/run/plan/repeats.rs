//! Further trainings of every cell line: other seeds, other test chromosomes.

use std::collections::HashSet;

use anyhow::{Result, bail};
use epitrack::pairs::SplitRule;
use epitrack::run::Settings;

use super::Plan;
use super::cell::CellInputs;

impl Plan {
    /// A training counts once in what the networks reach.
    pub(super) fn check_seeds(&self) -> Result<()> {
        let mut seen = HashSet::new();
        match self.seeds.iter().find(|&seed| !seen.insert(seed)) {
            Some(seed) => bail!("seeds has {seed} twice"),
            None => Ok(()),
        }
    }

    /// Every further seed and every fold, and each with each.
    pub(super) fn repeats(&self, inputs: &CellInputs) -> Result<Vec<(String, Settings)>> {
        let own = self.training.seed;
        let seeds = self.seeds.iter().filter(|&&seed| seed != own);
        let seeds: Vec<u64> = [own].into_iter().chain(seeds.copied()).collect();
        let folds = self.folds.iter().map(Some);
        let mut repeats = Vec::new();
        for fold in [None].into_iter().chain(folds) {
            for &seed in &seeds {
                let name = match fold {
                    None if seed == own => continue,
                    None => format!("seed{seed}"),
                    Some((fold, _)) => format!("{fold}-seed{seed}"),
                };
                let mut settings = self.settings(inputs.clone())?;
                settings.training.seed = seed;
                if let Some((_, test)) = fold {
                    let test = test.clone();
                    settings.split = SplitRule::Chromosome { test };
                }
                settings.validate()?;
                repeats.push((name, settings));
            }
        }
        Ok(repeats)
    }
}
