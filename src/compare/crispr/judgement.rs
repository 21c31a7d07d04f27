//! What was found, as files and as text.

use std::fmt::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::measured::{ALL, ANY, COMMON, Measured};
use super::method::{COLUMNS, Method, RECALL, Threshold};
use super::of_run::OfRun;
use super::table::{CrisprTable, Layout, LeftOut};
use crate::error::Result;
use crate::output;
use crate::output::provenance::{Input, VERSION};
use crate::statistics::Estimate;

/// The file that describes all.
pub const SUMMARY: &str = "crispr.json";
/// All measures, and all scores.
const MEASURES: &str = "measures.tsv";
const SCORES: &str = "scores.tsv";
/// The files of a judgement but those of links.
pub const FILES: [&str; 3] = [SUMMARY, MEASURES, SCORES];

/// What the intervals are over.
const INTERVALS: &str = "95 % intervals over elements and genes, which are drawn again 1,000 times: pairs \
                         that share one are no independent witnesses";

/// How well methods tell elements that act on a gene.
#[derive(Debug, Clone, Serialize)]
pub struct Judgement {
    /// The version of epitrack.
    pub version: &'static str,
    /// The table.
    pub table: Input,
    /// How it is laid out.
    pub layout: Layout,
    /// The assembly that it lies on.
    pub assembly: String,
    /// Pairs whose gene reacted.
    pub positives: usize,
    /// Pairs whose gene did not.
    pub negatives: usize,
    /// Rows that do not count.
    pub left_out: LeftOut,
    /// How much of the table the run scores.
    pub run: Option<OfRun>,
    /// What was judged.
    pub methods: Vec<Judged>,
    /// The seed of the intervals.
    pub seed: u64,
    /// What these are over.
    pub intervals: &'static str,
    /// The recall that precision is told at.
    pub recall: f64,
    /// Every measure.
    pub measures: Vec<Measured>,
}

/// A method that was judged.
#[derive(Debug, Clone, Serialize)]
pub struct Judged {
    /// What it is called.
    pub name: String,
    /// What its scores are.
    pub about: String,
    /// The files that these rest on, beside the table.
    pub inputs: Vec<Input>,
    /// Pairs that it scores.
    pub scored: usize,
    /// Pairs that it does not.
    pub unscored: usize,
    /// From which score on a pair is a link.
    pub threshold: Option<Threshold>,
}

impl Judgement {
    /// Of a table with its assembly, what was scored and what was measured.
    pub fn new(
        (input, assembly): (Input, String),
        table: &CrisprTable,
        run: Option<OfRun>,
        methods: &[Method],
        (measures, seed): (Vec<Measured>, u64),
    ) -> Self {
        let (positives, negatives) = table.classes();
        let judged = methods.iter().map(|of| Judged {
            name: of.name.clone(),
            about: of.about.clone(),
            inputs: of.inputs.clone(),
            scored: of.scored(),
            unscored: table.tested.len() - of.scored(),
            threshold: of.threshold,
        });
        Self {
            version: VERSION,
            table: input,
            layout: table.layout,
            assembly,
            positives,
            negatives,
            left_out: table.left_out,
            run,
            methods: judged.collect(),
            seed,
            intervals: INTERVALS,
            recall: RECALL,
            measures,
        }
    }

    /// Writes `measures.tsv`, `scores.tsv` and, last, all of it as `crispr.json`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, dir: &Path, table: &CrisprTable, methods: &[Method]) -> Result<()> {
        self.write_measures(&dir.join(MEASURES))?;
        write_scores(&dir.join(SCORES), table, methods)?;
        output::write_json(dir.join(SUMMARY), self)
    }

    fn write_measures(&self, path: &Path) -> Result<()> {
        let ends = |name: &str| format!("{name}\t{name}_low\t{name}_high");
        let names = ["auroc", "auprc", "precision_at_recall"]
            .map(ends)
            .join("\t");
        let head = "set\tdistance\tmethod\tpositives\tnegatives\tpositive_elements\tpositive_genes\t\
                    elements\tgenes";
        let rows = self.measures.iter().map(|of| {
            let names = (of.set, of.distance, &of.method);
            let pairs = [of.positives, of.negatives];
            let rest = [
                of.positive_elements,
                of.positive_genes,
                of.elements,
                of.genes,
            ];
            let values = [of.auroc, of.auprc, of.precision_at_recall].map(columns);
            let threshold = of.threshold.map_or(".".to_string(), |of| of.to_string());
            (names, pairs, rest, values, threshold)
        });
        output::write_table(path, &format!("{head}\t{names}\tthreshold"), rows)
    }

    /// The measures of a set, method by method, and by distance.
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
        let prevalence = first.prevalence();
        writeln!(
            text,
            "\n{title}: {} regulated, prevalence {prevalence:.3}",
            first.positives
        )?;
        let (auroc, auprc, precision) = ("AUROC", "AUPRC", "precision at 70 % recall");
        writeln!(text, "{:<26}{auroc:<24}{auprc:<24}{precision}", "")?;
        for of in here().filter(|of| of.distance == ANY) {
            let [auroc, auprc, precision] =
                [of.auroc, of.auprc, of.precision_at_recall].map(in_words);
            writeln!(text, "{:<26}{auroc:<24}{auprc:<24}{precision}", of.method)?;
        }
        let method = &first.method;
        let bins = here().filter(|of| of.method == *method && of.distance != ANY);
        let bins = bins.filter(|of| of.pairs() > 0);
        for bin in bins {
            let (distance, prevalence) = (bin.distance, bin.prevalence());
            let count = format!("{} + {}", bin.positives, bin.negatives);
            writeln!(
                text,
                "AUPRC at {distance} ({count}, prevalence {prevalence:.3})"
            )?;
            for of in here().filter(|of| of.distance == distance) {
                writeln!(text, "  {:<24}{}", of.method, in_words(of.auprc))?;
            }
        }
        Ok(())
    }
}

/// Of each pair what is known and what each method says.
fn write_scores(path: &Path, table: &CrisprTable, methods: &[Method]) -> Result<()> {
    let names: String = methods.iter().map(|of| format!("\t{}", of.name)).collect();
    let number = |of: Option<f64>| of.map_or(".".to_string(), |of| of.to_string());
    let rows = table.tested.iter().enumerate().map(|(place, of)| {
        let pair = &of.pair;
        let known = (
            pair.id(&table.chroms).to_string(),
            pair.line,
            pair.gene_text(),
            pair.label_text(),
            number(of.distance),
            of.cell.as_str(),
        );
        let scores = methods.iter().map(|method| number(method.scores[place]));
        (known, scores.collect::<Vec<String>>())
    });
    let head = COLUMNS.join("\t");
    output::write_table(path, &format!("{head}{names}"), rows)
}

/// A number and the ends of its interval, `.` where there is none.
fn columns(of: Option<Estimate>) -> [String; 3] {
    let text = |of: Option<f64>| of.map_or(".".to_string(), |of| of.to_string());
    let interval = of.and_then(|of| of.interval());
    [
        text(of.map(|of| of.value)),
        text(interval.map(|of| of.low)),
        text(interval.map(|of| of.high)),
    ]
}

fn in_words(of: Option<Estimate>) -> String {
    of.map_or("-".to_string(), |of| of.to_string())
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
        if let Some(run) = &self.run {
            let pairs = self.positives + self.negatives;
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
        }
        let others = self.methods.iter().skip(usize::from(self.run.is_some()));
        for of in others.filter(|of| of.unscored > 0) {
            writeln!(text, "{} does not score {} pairs", of.name, of.unscored)?;
        }
        for set in [COMMON, ALL] {
            self.set(set, &mut text)?;
        }
        write!(f, "{text}\n{INTERVALS}")
    }
}
