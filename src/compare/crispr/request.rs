//! What is to be judged.

use std::iter;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::network::device::ComputeDevice;
use crate::run::{ContextSource, Run};

/// What is to be judged, beside a run.
#[derive(Debug, Clone, Default)]
pub struct CrisprRequest {
    /// The table of perturbed elements and measured genes.
    pub table: PathBuf,
    /// The cell type whose pairs are meant, where the table has several; all of them without.
    pub cell_type: Option<String>,
    /// The assembly that the table lies on, where that is not the one of its layout.
    pub genome: Option<String>,
    /// Scores from elsewhere: what each is called, and its file.
    pub scores: Vec<(String, PathBuf)>,
    /// Signals whose geometric mean is an element's activity: bigWig, narrowPeak or broadPeak.
    pub activity: Vec<PathBuf>,
    /// An annotation whose genes may be the nearest ones: GTF or one of UCSC's tables; without it those of the
    /// table.
    pub genes: Option<PathBuf>,
    /// How long the table's chromosomes are, names and lengths; without it as a run's reference or the assembly has
    /// them.
    pub chrom_sizes: Option<PathBuf>,
    /// Scores of the run and of files of at least so much are links; of the run without it what its
    /// validation part chose, of all others what reaches [`RECALL`](super::RECALL) here.
    pub threshold: Option<f64>,
    /// Of the intervals.
    pub seed: u64,
}

impl CrisprRequest {
    /// The files that are read.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let scores = self.scores.iter().map(|(_, file)| file);
        let all = iter::once(&self.table).chain(scores).chain(&self.activity);
        let all = all.chain(&self.genes).chain(&self.chrom_sizes);
        all.map(PathBuf::as_path)
    }

    /// Checks what can be without a file.
    ///
    /// # Errors
    ///
    /// A threshold that is not a number, or that nothing has scores for: neither a run (`with_run`) nor
    /// files.
    pub fn validate(&self, with_run: bool) -> Result<()> {
        match self.threshold {
            Some(threshold) if !threshold.is_finite() => Err(Error::Configuration(format!(
                "the threshold of links is not a finite number: {threshold}"
            ))),
            Some(_) if !with_run && self.scores.is_empty() => Err(Error::Configuration(
                "a threshold is for the scores of a run or of files (--scores), and there is neither"
                    .to_string(),
            )),
            _ => Ok(()),
        }
    }
}

/// A run that is to be judged.
pub struct JudgedRun<'a> {
    /// The run.
    pub run: &'a Run,
    /// Where its reference is now, if it has moved.
    pub reference: Option<PathBuf>,
    /// Where its table of pairs, or that of one of its cell lines, is now, if it has moved.
    pub pairs: Option<PathBuf>,
    /// What the context of the judged pairs is computed from, if the run has one.
    pub context: Option<ContextSource>,
    /// Where its network runs.
    pub device: &'a ComputeDevice,
}

impl JudgedRun<'_> {
    /// The files that are read, and those that the run consists of.
    pub fn files(&self) -> Vec<PathBuf> {
        let settings = &self.run.record.settings;
        let reference = self.reference.as_ref().unwrap_or(&settings.reference.path);
        let context = self.run.context_files(self.context.as_ref());
        let tables = settings.tables().map(|table| table.file.path.clone());
        let own = self.run.files().into_iter().chain(context);
        let own = own.chain([reference.clone()]).chain(self.pairs.clone());
        own.chain(tables).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_needs_scores_that_it_is_for() {
        let mut request = CrisprRequest {
            threshold: Some(0.5),
            ..CrisprRequest::default()
        };
        let said = request.validate(false).unwrap_err().to_string();
        assert!(said.contains("and there is neither"), "{said}");
        assert!(request.validate(true).is_ok());
        request.scores = vec![("a".to_string(), PathBuf::from("a.tsv"))];
        assert!(request.validate(false).is_ok());
    }
}
