//! The arguments of every command that knows of pairs more than their sequence.

use std::path::PathBuf;

use anyhow::{Result, bail};
use epitrack::output::provenance::Input;
use epitrack::run::{ContextAssay, ContextSource};

/// What the context of pairs is computed from.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ContextArgs {
    /// The context of pairs as a table of features with the elements' places, such as TargetFinder's
    /// training.csv; plain or gzip
    #[arg(long, value_name = "FILE")]
    context_features: Option<PathBuf>,

    /// Assays that make the context of pairs, at both elements and between them, each under the name that its
    /// features are called after: bigWig, narrowPeak, broadPeak or scored BED (DNase=dnase.bw)
    #[arg(long, value_name = "NAME=FILE", num_args = 1..)]
    context_assays: Vec<String>,
}

impl ContextArgs {
    /// The files, if some are given.
    pub fn source(&self) -> Result<Option<ContextSource>> {
        let features = self.context_features.as_deref().map(Input::new);
        let assays = self.context_assays.iter().map(|text| assay(text));
        let source = ContextSource {
            features: features.transpose()?,
            assays: assays.collect::<Result<_>>()?,
        };
        Ok((!source.is_empty()).then_some(source))
    }
}

/// An assay by its name and file.
fn assay(text: &str) -> Result<ContextAssay> {
    match text.split_once('=') {
        Some((name, file)) if !name.trim().is_empty() && !file.is_empty() => Ok(ContextAssay {
            name: name.trim().to_string(),
            file: Input::new(file.as_ref())?,
        }),
        _ => bail!("--context-assays takes NAME=FILE, such as DNase=dnase.bw, and not {text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assay_needs_a_name_and_a_file() {
        for bad in ["dnase.bw", "=dnase.bw", "DNase=", " =x"] {
            let error = assay(bad).unwrap_err().to_string();
            assert!(
                error.contains("NAME=FILE") && error.contains(bad),
                "{error}"
            );
        }
        assert!(assay("DNase=/nowhere.bw").is_err());
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a=b.bw");
        std::fs::write(&file, "x").unwrap();
        let found = assay(&format!("DNase={}", file.display())).unwrap();
        assert_eq!(found.name, "DNase");
        assert!(found.file.path.ends_with("a=b.bw"));
        assert_eq!(ContextArgs::default().source().unwrap(), None);
    }
}
