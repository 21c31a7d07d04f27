//! What folders hold, by the files that say so, and that no work is written over another's.

use std::path::Path;

use super::folder_of;
use crate::error::{Error, Result};

/// What a folder holds, by the files that say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderKind {
    /// A training and its network.
    Run,
    /// A search for settings.
    Search,
    /// A comparison of methods.
    Comparison,
    /// Tracks, or contributions.
    Tracks,
    /// An analysis of what is attended to.
    Analysis,
    /// Knock-outs of factors.
    Knockouts,
    /// A network's filters.
    Filters,
    /// Whether maps depend on what was learnt.
    Sanity,
    /// Differences between two runs' tracks.
    Differences,
    /// What a split leaks.
    Leakage,
    /// A simulation.
    Simulation,
    /// A part of a work.
    Shard,
    /// A hub for a browser.
    Hub,
    /// Annotations for LD score regression.
    Annotations,
    /// What CRISPR interference says of scores.
    Crispr,
}

impl FolderKind {
    /// Checks that a folder may become one of this kind.
    ///
    /// # Errors
    ///
    /// That it holds work of another kind.
    pub fn check(self, dir: &Path) -> Result<()> {
        let Some((other, mark)) = found(dir).find(|(other, _)| !may_share(self, *other)) else {
            return Ok(());
        };
        let (other, own) = (name(other), name(self));
        let problem = format!("holds {other} ({mark}), not {own}: choose another folder");
        Err(Error::format(dir, problem))
    }
}

/// What each kind is called, and the files that only its folders have.
const KINDS: [(FolderKind, &str, &[&str]); 15] = [
    (
        FolderKind::Run,
        "a run",
        &["run.json", "checkpoint.safetensors", "model.safetensors"],
    ),
    (
        FolderKind::Search,
        "a search",
        &["tune.json", "training.safetensors"],
    ),
    (FolderKind::Comparison, "a comparison", &["benchmark.json"]),
    (FolderKind::Tracks, "tracks", &["tracks.json"]),
    (FolderKind::Analysis, "an analysis", &["analysis.json"]),
    (FolderKind::Knockouts, "knock-outs", &["knockout.json"]),
    (FolderKind::Filters, "filters", &["filters.json"]),
    (FolderKind::Sanity, "a sanity check", &["sanity.json"]),
    (
        FolderKind::Differences,
        "differences of tracks",
        &["compare-tracks.json"],
    ),
    (FolderKind::Leakage, "a leakage report", &["leakage.json"]),
    (FolderKind::Simulation, "a simulation", &["simulation.json"]),
    (FolderKind::Shard, "a shard", &["shard.json"]),
    (FolderKind::Hub, "a hub", &["hub.txt"]),
    (FolderKind::Annotations, "annotations", &[]),
    (
        FolderKind::Crispr,
        "a judgement by CRISPR",
        &["crispr.json"],
    ),
];

/// Files, beside those that say what a folder is, without which it is worth nothing.
const OTHERS: [&str; 15] = [
    "split.tsv",
    "split.json",
    "context.json",
    "history.csv",
    "metrics.json",
    "predictions.tsv",
    "folds.tsv",
    "measures.tsv",
    "trials.tsv",
    "best.toml",
    "files.txt",
    "genomes.txt",
    "trackDb.txt",
    "shard.bin",
    "summary.json",
];

/// Kinds that may lie in one folder.
fn may_share(kind: FolderKind, other: FolderKind) -> bool {
    use FolderKind::{Comparison, Sanity, Search, Shard, Tracks};
    // `contributions --sanity` writes beside tracks; shards of searches and comparisons are such themselves.
    let together = [[Tracks, Sanity], [Shard, Search], [Shard, Comparison]];
    let both = |pair: &[FolderKind; 2]| pair.contains(&kind) && pair.contains(&other);
    kind == other || together.iter().any(both)
}

/// What kinds of work a folder holds, each with the file that says so.
fn found(dir: &Path) -> impl Iterator<Item = (FolderKind, &'static str)> {
    KINDS.into_iter().filter_map(|(kind, _, marks)| {
        let mark = marks.iter().find(|mark| dir.join(mark).exists())?;
        Some((kind, *mark))
    })
}

fn name(kind: FolderKind) -> &'static str {
    let known = KINDS.iter().find(|(of, ..)| *of == kind);
    known.map_or("", |(_, name, _)| name)
}

/// Refuses to write over a file that a folder of ours lives from.
pub(super) fn spare_work(file: &Path) -> Result<()> {
    let name = file.file_name().unwrap_or_default();
    let marks = KINDS.iter().flat_map(|(.., marks)| marks.iter());
    let is_work = marks.chain(&OTHERS).any(|of| name == *of) && file.exists();
    match found(folder_of(file)).next() {
        Some((kind, _)) if is_work => {
            let problem = format!("is a part of {}: choose another name", self::name(kind));
            Err(Error::format(file, problem))
        }
        _ => Ok(()),
    }
}
