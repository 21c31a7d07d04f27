//! What was found, as text.

use std::fmt::{self, Write};

use super::differences::Difference;
use super::judgement::Judgement;
use super::measured::Measured;
use super::sets::{ALL, ANY, COMMON};
use super::table::LeftOut;
use crate::statistics::Estimate;

/// The least width of the column with names.
const NAMES: usize = 26;

impl Judgement {
    /// Of what the methods are, and of how many pairs of the table they say something.
    fn scored(&self, text: &mut String) -> fmt::Result {
        for of in &self.methods {
            writeln!(text, "{}: {}", of.name, of.about)?;
        }
        let pairs = self.positives + self.negatives;
        if let Some(run) = &self.run {
            writeln!(
                text,
                "{} scores {} of {pairs} pairs ({} regulated): {} have too little sequence under a window, {} \
                 no place in its reference; {} lie on chromosomes that it learnt from",
                run.name,
                run.scored,
                run.positives,
                run.without_sequence,
                run.without_chromosome,
                run.on_trained_chromosomes
            )?;
            writeln!(text, "{}", run.calibrated)?;
        }
        let others = self.methods.iter().skip(usize::from(self.run.is_some()));
        for of in others.filter(|of| of.unscored > 0) {
            writeln!(text, "{} does not score {} pairs", of.name, of.unscored)?;
        }
        if !self.lengths.missing.is_empty() {
            let missing = self.lengths.missing.join(", ");
            writeln!(
                text,
                "no links as bigInteract: how long these chromosomes are is not known, and a file of lengths \
                 would tell it: {missing}"
            )?;
        }
        Ok(())
    }

    /// The measures of a set and their differences, and the measures by distance.
    fn set(&self, name: &str, text: &mut String) -> fmt::Result {
        let here = || self.measures.iter().filter(|of| of.set == name);
        let Some(first) = here().next() else {
            return Ok(());
        };
        let pairs = first.pairs();
        if pairs == 0 {
            return writeln!(text, "\nno pair is scored by every method");
        }
        let title = match name {
            COMMON => format!("the {pairs} pairs that every method scores"),
            _ => format!("all {pairs} pairs"),
        };
        let (positives, prevalence) = (first.positives, first.prevalence());
        writeln!(
            text,
            "\n{title}: {positives} regulated, prevalence {prevalence:.3}; {} elements, {} genes",
            first.elements, first.genes
        )?;
        let differences = self.differences.iter().filter(|of| of.set == name);
        let differences: Vec<_> = differences.filter(|of| of.distance == ANY).collect();
        let names = differences.iter().map(|of| of.name().chars().count());
        let names = names.chain(here().map(|of| of.method.chars().count()));
        let width = names.max().map_or(NAMES, |longest| NAMES.max(longest + 2));
        write_measures(here().filter(|of| of.distance == ANY), width, text)?;
        if !differences.is_empty() {
            let (name, auroc, auprc) = ("difference", "AUROC", "AUPRC");
            writeln!(text, "{name:<width$}{auroc:<28}{auprc}")?;
        }
        for of in differences {
            let (name, [auroc, auprc]) = (of.name(), [of.auroc, of.auprc].map(signed));
            writeln!(text, "{name:<width$}{auroc:<28}{auprc}")?;
        }
        let method = &first.method;
        let bins = here().filter(|of| of.method == *method && of.distance != ANY);
        for bin in bins.filter(|of| of.pairs() > 0) {
            let (distance, prevalence) = (bin.distance, bin.prevalence());
            let count = format!("{} + {}", bin.positives, bin.negatives);
            writeln!(text, "at {distance} ({count}, prevalence {prevalence:.3})")?;
            write_measures(here().filter(|of| of.distance == distance), width, text)?;
        }
        Ok(())
    }
}

/// A line for each method, below their heads.
fn write_measures<'a>(
    measures: impl Iterator<Item = &'a Measured>,
    width: usize,
    text: &mut String,
) -> fmt::Result {
    let (auroc, auprc, precision) = ("AUROC", "AUPRC", "precision at 70 % recall");
    writeln!(text, "{:<width$}{auroc:<24}{auprc:<24}{precision}", "")?;
    for of in measures {
        let values = [of.auroc, of.auprc, of.precision_at_recall];
        let [auroc, auprc, precision] = values.map(in_words);
        writeln!(
            text,
            "{:<width$}{auroc:<24}{auprc:<24}{precision}",
            of.method
        )?;
    }
    Ok(())
}

impl Difference {
    fn name(&self) -> String {
        format!("{} less {}", self.method, self.less)
    }
}

fn in_words(of: Option<Estimate>) -> String {
    of.map_or("-".to_string(), |of| of.to_string())
}

/// A difference, with the signs of its ends.
fn signed(of: Option<Estimate>) -> String {
    let Some(of) = of else {
        return "-".to_string();
    };
    match of.interval() {
        Some(of) => format!("{:+.3} ({:+.3} to {:+.3})", of.value, of.low, of.high),
        None => format!("{:+.3} (no interval)", of.value),
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        let file = self
            .table
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        let (layout, assembly) = (self.layout.told(), &self.assembly);
        let counts = format!("{} pairs regulated, {} not", self.positives, self.negatives);
        writeln!(text, "{file}, {layout}, {assembly}: {counts}")?;
        let LeftOut {
            invalid,
            unlabelled,
            other_cells,
        } = self.left_out;
        if invalid + unlabelled + other_cells > 0 {
            writeln!(
                text,
                "left out: {invalid} rows that are no valid pair, {unlabelled} without an answer, \
                 {other_cells} of other cell types"
            )?;
        }
        if self.on_two_chromosomes > 0 {
            let apart = self.on_two_chromosomes;
            writeln!(
                text,
                "pairs on two chromosomes: {apart}, further apart than all others and in no bin of distances"
            )?;
        }
        self.scored(&mut text)?;
        for set in [COMMON, ALL] {
            self.set(set, &mut text)?;
        }
        write!(f, "{text}\n{}", self.intervals)
    }
}
