//! What was found, as files.

use std::path::Path;

use serde::Serialize;

use super::differences::Difference;
use super::lengths::Lengths;
use super::measured::Measured;
use super::method::{COLUMNS, Method, RECALL, Role, Threshold};
use super::of_run::OfRun;
use super::table::{CrisprTable, Layout, LeftOut};
use crate::error::Result;
use crate::output;
use crate::output::provenance::{Input, VERSION};
use crate::statistics::Estimate;

/// The file that describes all.
pub const SUMMARY: &str = "crispr.json";
/// All measures, their differences, and all scores.
const MEASURES: &str = "measures.tsv";
const DIFFERENCES: &str = "differences.tsv";
const SCORES: &str = "scores.tsv";
/// The files of a judgement but those of links.
pub const FILES: [&str; 4] = [SUMMARY, MEASURES, DIFFERENCES, SCORES];

/// The columns of how many pairs, elements and genes a number rests on.
const COUNTS: &str = "positives\tnegatives\tpositive_elements\tpositive_genes\telements\tgenes";

/// What the intervals are over.
const INTERVALS: &str = "95 % intervals over elements and genes, which are drawn again 1,000 times: pairs \
                         that share one are no independent witnesses; of a difference both methods are \
                         measured on the same draws";

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
    /// Pairs on two chromosomes, which lie at no distance.
    pub on_two_chromosomes: usize,
    /// Rows that do not count.
    pub left_out: LeftOut,
    /// The lengths of its chromosomes, which links as bigInteract need.
    pub lengths: Lengths,
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
    /// How much better methods are than others.
    pub differences: Vec<Difference>,
}

/// What was measured.
pub struct Measures {
    /// Of every method.
    pub measures: Vec<Measured>,
    /// Of two methods each.
    pub differences: Vec<Difference>,
    /// The seed of the intervals.
    pub seed: u64,
}

/// A method that was judged.
#[derive(Debug, Clone, Serialize)]
pub struct Judged {
    /// What it is called.
    pub name: String,
    /// Where its scores are from.
    pub role: Role,
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
    /// Of a table with its assembly and its chromosomes' lengths, what was scored and what was measured.
    pub fn new(
        (input, assembly, lengths): (Input, String, Lengths),
        table: &CrisprTable,
        run: Option<OfRun>,
        methods: &[Method],
        measured: Measures,
    ) -> Self {
        let (positives, negatives) = table.classes();
        let judged = methods.iter().map(|of| Judged {
            name: of.name.clone(),
            role: of.role,
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
            on_two_chromosomes: table.on_two_chromosomes(),
            left_out: table.left_out,
            lengths,
            run,
            methods: judged.collect(),
            seed: measured.seed,
            intervals: INTERVALS,
            recall: RECALL,
            measures: measured.measures,
            differences: measured.differences,
        }
    }

    /// Writes `measures.tsv`, `differences.tsv`, `scores.tsv` and, last, all of it as `crispr.json`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, dir: &Path, table: &CrisprTable, methods: &[Method]) -> Result<()> {
        self.write_measures(&dir.join(MEASURES))?;
        self.write_differences(&dir.join(DIFFERENCES))?;
        write_scores(&dir.join(SCORES), table, methods)?;
        output::write_json(dir.join(SUMMARY), self)
    }

    fn write_measures(&self, path: &Path) -> Result<()> {
        let names = ["auroc", "auprc", "precision_at_recall"].map(ends);
        let names = names.join("\t");
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
        let head = format!("set\tdistance\tmethod\t{COUNTS}\t{names}\tthreshold");
        output::write_table(path, &head, rows)
    }

    fn write_differences(&self, path: &Path) -> Result<()> {
        let names = ["auroc", "auprc"].map(ends).join("\t");
        let rows = self.differences.iter().map(|of| {
            let names = (of.set, of.distance, &of.method, &of.less);
            let pairs = [of.positives, of.negatives];
            let rest = [
                of.positive_elements,
                of.positive_genes,
                of.elements,
                of.genes,
            ];
            (names, pairs, rest, [of.auroc, of.auprc].map(columns))
        });
        let head = format!("set\tdistance\tmethod\tless\t{COUNTS}\t{names}");
        output::write_table(path, &head, rows)
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

/// The names of the columns of a number and of the ends of its interval.
fn ends(name: &str) -> String {
    format!("{name}\t{name}_low\t{name}_high")
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
