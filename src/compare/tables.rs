//! A comparison as files, tables and figures.

use std::fmt::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::added::{Added, added};
use super::file_name::file_name;
use super::measures::MEASURES;
use super::request::Request;
use super::summary::{Scored, Setting, Summary, distinct, summarise};
use crate::error::Result;
use crate::evaluation::Support;
use crate::figures::{self, ComparisonRow, Figure, LearningPoint, LearningSeries};
use crate::network::device::DeviceDescription;
use crate::output;
use crate::output::provenance::VERSION;
use crate::pairs::folds::FoldRule;
use crate::statistics::Interval;
use crate::text::choice::Choice;

/// The file that describes a comparison.
pub const SUMMARY: &str = "benchmark.json";

/// The file that says what the network adds to what is known without it.
const ADDED: &str = "added.tsv";

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
    /// What networks add to what is known without them, where there are some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Added>,
    /// Every fold.
    pub folds: Vec<Scored>,
}

impl Comparison {
    /// Sums up.
    pub fn new(request: &Request, device: DeviceDescription, folds: Vec<Scored>) -> Self {
        Self {
            version: VERSION,
            device,
            request: request.clone(),
            summary: summarise(&folds, &request.epiann()),
            added: added(&folds, request.ensemble),
            folds,
        }
    }

    /// Writes `folds.tsv`, `summary.tsv`, `added.tsv` where there is something in it, a table of methods by cell lines for
    /// each measure, and all of it as `benchmark.json`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, dir: &Path) -> Result<()> {
        self.write_folds(&dir.join("folds.tsv"))?;
        self.write_summary(&dir.join("summary.tsv"))?;
        output::remove_if_there(&dir.join(ADDED))?;
        if !self.added.is_empty() {
            self.write_added(&dir.join(ADDED))?;
        }
        for (name, _) in MEASURES {
            self.write_means(&dir.join(format!("{name}.tsv")), name)?;
        }
        output::write_json(dir.join(SUMMARY), self)
    }

    fn write_folds(&self, path: &Path) -> Result<()> {
        let names = MEASURES.map(|(name, _)| name).join("\t");
        let head = "cell\tsplit\tmethod\tpart\ttrain_pairs\tfold\tpositives\tnegatives";
        let rows = self.folds.iter().map(|of| {
            let counts = [of.train_pairs, of.fold, of.positives, of.negatives];
            let values = MEASURES.map(|(_, value)| value(&of.measures).to_string());
            (fields(&of.setting), counts, elements(of.support), values)
        });
        output::write_table(path, &format!("{head}\t{ELEMENTS}\t{names}"), rows)
    }

    fn write_summary(&self, path: &Path) -> Result<()> {
        let head = "cell\tsplit\tmethod\tpart\ttrain_pairs\tmeasure\tmean\tlow\thigh\t\
                    epiann_less_this\tdifference_low\tdifference_high\tp";
        let rows = self.summary.iter().map(|of| {
            let interval = |of: Interval| [of.value, of.low, of.high].map(|end| end.to_string());
            let difference = of.epiann_less_this;
            let ends = difference.map(|of| interval(of.mean)).unwrap_or_default();
            let p = difference.map(|of| of.p.to_string());
            let learned = (of.train_pairs.to_string(), of.measure);
            let (mean, elements) = (interval(of.mean), elements(of.support));
            (fields(&of.setting), learned, mean, ends, p, elements)
        });
        output::write_table(path, &format!("{head}\t{ELEMENTS}"), rows)
    }

    fn write_added(&self, path: &Path) -> Result<()> {
        let rows = self.added.iter().map(|of| {
            let Interval { value, low, high } = of.difference.mean;
            let numbers = [value, low, high, of.difference.p].map(|of| of.to_string());
            (fields(&of.setting), &of.less, of.measure, numbers)
        });
        let head = "cell\tsplit\tmethod\tpart\tless\tmeasure\tadds\tlow\thigh\tp";
        output::write_table(path, head, rows)
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
    fn write_means(&self, path: &Path, measure: &str) -> Result<()> {
        let columns = distinct(self.whole(measure).map(|of| place(&of.setting)));
        let name = |(cell, split): &(&str, FoldRule)| format!("\t{cell}, {}", split.name());
        let names: String = columns.iter().map(name).collect();
        let methods = distinct(self.whole(measure).map(|of| &of.setting.method)).into_iter();
        let rows = methods.map(|method| {
            let means = columns.iter().map(|&at| self.mean(measure, method, at));
            let means = means.map(|mean| mean.map(|mean| mean.value.to_string()));
            (method, means.collect::<Vec<_>>())
        });
        output::write_table(path, &format!("method{names}"), rows)
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
                auprc: mean("auprc"),
                chance: self.positive_part(place(&of.setting)),
                f1: mean("f1"),
            }
        });
        let title = format!("Means over {} folds", self.request.folds);
        figures::comparison(&title, &rows.collect::<Vec<_>>())
    }

    /// The part of positives among the test pairs of a place, in the mean over its folds: the AUPRC of
    /// scores that know nothing.
    fn positive_part(&self, at: (&str, FoldRule)) -> Option<f64> {
        let here = self.folds.iter().filter(|of| place(&of.setting) == at);
        let parts = here.map(|of| of.positives as f64 / (of.positives + of.negatives) as f64);
        let count = parts.clone().count();
        (count > 0).then(|| parts.sum::<f64>() / count as f64)
    }

    fn learning(
        &self,
        (measure, title, chance): (&str, &str, Option<f64>),
        (cell, split): (&str, FoldRule),
    ) -> Result<Figure> {
        let here = |of: &&Summary| of.measure == measure && place(&of.setting) == (cell, split);
        let here = || self.summary.iter().filter(here);
        let methods = distinct(here().map(|of| of.setting.method.as_str())).into_iter();
        let series = methods.map(|name| LearningSeries {
            name,
            points: here()
                .filter(|of| of.setting.method == name)
                .map(|of| LearningPoint {
                    examples: of.train_pairs.round() as u64,
                    measure: of.mean,
                })
                .collect(),
        });
        let series: Vec<LearningSeries> = series.collect();
        let chance = chance.or_else(|| self.positive_part((cell, split)));
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

fn elements(support: Support) -> [[usize; 3]; 2] {
    let counts = support.counts();
    [
        counts.map(|(_, positives, _)| positives),
        counts.map(|(_, _, all)| all),
    ]
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
fn fields(setting: &Setting) -> (&str, &str, &str, String) {
    let (cell, split) = place(setting);
    let (method, part) = (&setting.method, setting.part.to_string());
    (cell, split.name(), method, part)
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
        for added in self.added.iter().filter(|of| of.measure == "auprc") {
            writeln!(f, "{added}")?;
        }
        let folds = self.request.folds;
        write!(
            f,
            "means over {folds} folds with 95 % intervals over the folds: nothing is resampled, and folds of a \
             random split share elements; differences from EPIANN: summary.tsv"
        )
    }
}
