//! A comparison as files, tables and figures.

use std::fmt::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::file_name::file_name;
use super::measures::MEASURES;
use super::request::Request;
use super::summary::{Scored, Setting, Summary, distinct, summarise};
use crate::error::Result;
use crate::evaluation::Support;
use crate::figures::{self, ComparisonRow, Figure, LearningPoint, LearningSeries};
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::output;
use crate::output::provenance::VERSION;
use crate::pairs::folds::FoldRule;
use crate::statistics::Interval;
use crate::text::choice::Choice;

/// A comparison that is complete.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The version of epitrack.
    pub version: &'static str,
    /// Where the network ran.
    pub device: DeviceDescription,
    /// What was asked for.
    pub request: Request,
    /// Every measure over the folds.
    pub summary: Vec<Summary>,
    /// Every fold.
    pub folds: Vec<Scored>,
}

impl Comparison {
    /// Sums up.
    pub fn new(request: &Request, device: &ComputeDevice, folds: Vec<Scored>) -> Self {
        Self {
            version: VERSION,
            device: device.description.clone(),
            request: request.clone(),
            summary: summarise(&folds, &request.epiann()),
            folds,
        }
    }

    /// Writes `folds.tsv`, `summary.tsv`, a table of methods by cell lines for each measure, and all
    /// of it as `benchmark.json`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, dir: &Path) -> Result<()> {
        output::write(dir.join("folds.tsv"), self.folds_table())?;
        output::write(dir.join("summary.tsv"), self.summary_table())?;
        for (name, _) in MEASURES {
            output::write(dir.join(format!("{name}.tsv")), self.table(name))?;
        }
        output::write_json(dir.join("benchmark.json"), self)
    }

    fn folds_table(&self) -> String {
        let names = MEASURES.map(|(name, _)| name).join("\t");
        let head = "cell\tsplit\tmethod\tpart\ttrain_pairs\tfold\tpositives\tnegatives";
        let mut text = format!("{head}\t{ELEMENTS}\t{names}\n");
        for of in &self.folds {
            let counts = [of.train_pairs, of.fold, of.positives, of.negatives];
            let counts = counts.map(|count| count.to_string());
            let values = MEASURES.map(|(_, value)| value(&of.measures).to_string());
            text += &line(&[
                fields(&of.setting),
                counts.join("\t"),
                elements(of.support),
                values.join("\t"),
            ]);
        }
        text
    }

    fn summary_table(&self) -> String {
        let mut text = format!(
            "cell\tsplit\tmethod\tpart\ttrain_pairs\tmeasure\tmean\tlow\thigh\t\
             epiann_less_this\tdifference_low\tdifference_high\tp\t{ELEMENTS}\n"
        );
        for of in &self.summary {
            let interval = |Interval { value, low, high }| format!("{value}\t{low}\t{high}");
            let difference = of
                .epiann_less_this
                .map_or("\t\t\t".to_string(), |difference| {
                    format!("{}\t{}", interval(difference.mean), difference.p)
                });
            text += &line(&[
                fields(&of.setting),
                of.train_pairs.to_string(),
                of.measure.to_string(),
                interval(of.mean),
                difference,
                elements(of.support),
            ]);
        }
        text
    }

    /// A measure of all methods that learned from all pairs.
    fn whole(&self, measure: &str) -> impl Iterator<Item = &Summary> {
        let summary = self.summary.iter();
        summary.filter(move |of| of.measure == measure && of.setting.part == 1.0)
    }

    /// What a method that learned from all pairs reached in a place.
    fn mean(&self, measure: &str, method: &str, at: (&str, FoldRule)) -> Option<Interval> {
        let mut here = self.whole(measure).filter(|of| place(&of.setting) == at);
        let found = here.find(|of| of.setting.method == method);
        found.map(|of| of.mean)
    }

    /// Methods by cell lines and splits: the means of a measure.
    fn table(&self, measure: &str) -> String {
        let columns = distinct(self.whole(measure).map(|of| place(&of.setting)));
        let name = |(cell, split): &(&str, FoldRule)| format!("{cell}, {}", split.name());
        let names = columns.iter().map(name);
        let mut text = line(&[vec!["method".to_string()], names.collect()].concat());
        for method in distinct(self.whole(measure).map(|of| &of.setting.method)) {
            let means = columns.iter().map(|&at| self.mean(measure, method, at));
            let means = means.map(|mean| mean.map_or(String::new(), |mean| mean.value.to_string()));
            text += &line(&[vec![method.clone()], means.collect()].concat());
        }
        text
    }

    /// The figures with the names of their files: AUROC, AUPRC and F1 of all methods, and the
    /// learning curves.
    pub fn figures(&self) -> Vec<(String, Result<Figure>)> {
        let mut figures = vec![("benchmark".to_string(), self.overview())];
        if self.request.train_parts.len() > 1 {
            for (measure, title, chance) in
                [("auroc", "AUROC", Some(0.5)), ("auprc", "AUPRC", None)]
            {
                for (cell, split) in distinct(self.whole(measure).map(|of| place(&of.setting))) {
                    let name = format!("learning_{measure}_{cell}_{}", split.name());
                    let name = file_name(&name);
                    figures.push((name, self.learning((measure, title, chance), (cell, split))));
                }
            }
        }
        figures
    }

    fn overview(&self) -> Result<Figure> {
        let rows = self.whole("auroc").map(|of| {
            let mean = |measure| self.mean(measure, &of.setting.method, place(&of.setting));
            ComparisonRow {
                method: &of.setting.method,
                cell_line: &of.setting.cell,
                split: of.setting.split.name(),
                pairs: of.test_pairs,
                auroc: mean("auroc"),
                aupr: mean("auprc"),
                f1: mean("f1"),
            }
        });
        let title = format!("Means over {} folds", self.request.folds);
        figures::comparison(&title, &rows.collect::<Vec<_>>())
    }

    fn learning(
        &self,
        (measure, title, chance): (&str, &str, Option<f64>),
        (cell, split): (&str, FoldRule),
    ) -> Result<Figure> {
        let here = |of: &&Summary| of.measure == measure && place(&of.setting) == (cell, split);
        let here = || self.summary.iter().filter(here);
        let mut methods: Vec<(&str, Vec<LearningPoint>)> = Vec::new();
        for method in distinct(here().map(|of| of.setting.method.as_str())) {
            let points = here().filter(|of| of.setting.method == method);
            let points = points.map(|of| LearningPoint {
                examples: of.train_pairs.round() as u64,
                measure: of.mean,
            });
            methods.push((method, points.collect()));
        }
        let series = methods
            .iter()
            .map(|(name, points)| LearningSeries { name, points });
        let series: Vec<LearningSeries> = series.collect();
        let heading = format!("{cell}, {} split", split.name());
        figures::learning_curve(&heading, title, "training pairs", chance, &series)
    }
}

fn place(setting: &Setting) -> (&str, FoldRule) {
    (&setting.cell, setting.split)
}

/// The columns of what test pairs rest on: elements of positives, and of all.
const ELEMENTS: &str = "positive_enhancers\tpositive_promoters\tpositive_components\t\
                        enhancers\tpromoters\tcomponents";

fn elements(support: Support) -> String {
    let counts = support.counts();
    let positives = counts.map(|(_, positives, _)| positives.to_string());
    let all = counts.map(|(_, _, all)| all.to_string());
    format!("{}\t{}", positives.join("\t"), all.join("\t"))
}

/// What test pairs rest on, and whether that is little.
fn in_words(support: &Support) -> String {
    let counts = support.counts();
    let counts = counts.map(|(name, positives, all)| format!("{positives} of {all} {name}"));
    let counts = format!("positives have {}", counts.join(", "));
    match support.few() {
        true => counts + ": too few to rely on an interval",
        false => counts,
    }
}

/// The first columns of a table.
fn fields(setting: &Setting) -> String {
    let (cell, split) = place(setting);
    let (method, part) = (&setting.method, setting.part);
    format!("{cell}\t{}\t{method}\t{part}", split.name())
}

fn line(fields: &[String]) -> String {
    fields.join("\t") + "\n"
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for split in distinct(self.summary.iter().map(|of| of.setting.split)) {
            for (measure, title) in [("auroc", "AUROC"), ("auprc", "AUPRC"), ("f1", "F1 at 0.5")] {
                let here = || self.whole(measure).filter(|of| of.setting.split == split);
                let cells = distinct(here().map(|of| &of.setting.cell));
                let mut head = format!("{:<30}", format!("{title}, {} split", split.name()));
                for cell in &cells {
                    write!(head, "{cell:<24}")?;
                }
                writeln!(f, "{}", head.trim_end())?;
                for method in distinct(here().map(|of| &of.setting.method)) {
                    let mut line = format!("{method:<30}");
                    for &cell in &cells {
                        let mean = self.mean(measure, method, (cell, split));
                        let text = mean.map_or(String::new(), |mean| mean.to_string());
                        write!(line, "{text:<24}")?;
                    }
                    writeln!(f, "{}", line.trim_end())?;
                }
                writeln!(f)?;
            }
        }
        for (cell, split) in distinct(self.whole("auroc").map(|of| place(&of.setting))) {
            let mut here = self
                .whole("auroc")
                .filter(|of| place(&of.setting) == (cell, split));
            let Some(Summary { support, .. }) = here.next() else {
                continue;
            };
            writeln!(f, "{cell}, {} split: {}", split.name(), in_words(support))?;
        }
        let folds = self.request.folds;
        write!(
            f,
            "means over {folds} folds with 95 % intervals over the folds: nothing is resampled, and folds of a \
             random split share elements; differences from EPIANN: summary.tsv"
        )
    }
}
