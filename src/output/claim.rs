//! Who writes into a folder, and what the folder is: one process at a time, and nothing over the work of
//! another kind.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::{info, warn};

use super::partial::{forget, host, remember, remove_left_over, remove_left_over_of, sum};
use super::{create_dir, folder_of};
use crate::error::{Error, IoContext, Result};

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
const KINDS: [(FolderKind, &str, &[&str]); 14] = [
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
];

/// Files, beside those that say what a folder is, without which it is worth nothing.
const OTHERS: [&str; 14] = [
    "split.tsv",
    "split.json",
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

/// The lock in a folder.
const LOCK: &str = ".epitrack.lock";

/// Whether to wait where another process writes.
static WAITS: AtomicBool = AtomicBool::new(false);

/// From now on this process waits for others that write where it wants to.
pub fn wait_for_others() {
    WAITS.store(true, Ordering::Relaxed);
}

/// The locks of this process, and how often each is held: one work may be part of another.
static HELD: Mutex<BTreeMap<PathBuf, (usize, Option<File>)>> = Mutex::new(BTreeMap::new());

fn held() -> MutexGuard<'static, BTreeMap<PathBuf, (usize, Option<File>)>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A place where no other process of ours writes while this is there.
#[derive(Debug)]
#[must_use = "the place is free again where this is dropped"]
pub struct Claim {
    locks: Vec<PathBuf>,
}

impl Claim {
    /// Makes a folder one's own, which is made, for work of some kind. What a killed process has left
    /// unfinished there goes.
    ///
    /// # Errors
    ///
    /// A folder with work of another kind, or that another process writes to; one that cannot be written
    /// to.
    pub fn folder(dir: &Path, kind: FolderKind) -> Result<Self> {
        kind.check(dir)?;
        create_dir(dir)?;
        let mut claim = Self { locks: Vec::new() };
        if claim.lock(dir.canonicalize().at(dir)?.join(LOCK), dir)? {
            remove_left_over(dir);
        }
        // Another process may have made it one of another kind before this one had it.
        kind.check(dir)?;
        Ok(claim)
    }

    /// Makes files one's own; their folders are made.
    ///
    /// # Errors
    ///
    /// A file that a folder of ours lives from; files that another process writes; a folder that cannot be
    /// written to.
    pub fn files(files: &[PathBuf]) -> Result<Self> {
        for file in files {
            spare_work(file)?;
            create_dir(folder_of(file))?;
        }
        let mut claim = Self { locks: Vec::new() };
        let mut locks = Vec::new();
        for file in files {
            locks.push((lock_of(file)?, file));
        }
        // In one order, so that no two wait for each other.
        locks.sort_unstable();
        for (lock, file) in locks {
            if claim.lock(lock, file)? {
                remove_left_over_of(file);
            }
            spare_work(file)?;
        }
        Ok(claim)
    }

    /// Takes a lock, which stands for a place; whether this process did not have it.
    fn lock(&mut self, lock: PathBuf, place: &Path) -> Result<bool> {
        let is_new = match held().get_mut(&lock) {
            Some((times, _)) => {
                *times += 1;
                false
            }
            None => true,
        };
        if is_new {
            let file = locked(&lock, place)?;
            remember(&lock);
            held().insert(lock.clone(), (1, file));
        }
        self.locks.push(lock);
        Ok(is_new)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut held = held();
        for lock in &self.locks {
            let Some((times, _)) = held.get_mut(lock) else {
                continue;
            };
            *times -= 1;
            if *times == 0 {
                // Removed while it is locked, so that nobody locks what is about to go.
                forget(lock);
                held.remove(lock);
            }
        }
    }
}

/// The lock of a file, beside it.
fn lock_of(file: &Path) -> Result<PathBuf> {
    let dir = folder_of(file).canonicalize().at(file)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    // Names may have 255 bytes.
    let short: String = name.chars().take(60).collect();
    Ok(dir.join(match short.len() < name.len() {
        true => format!(".{short}-{:08x}.lock", sum(&name)),
        false => format!(".{short}.lock"),
    }))
}

/// The lock file, locked; none where the file system has no locks. A lock ends with its process, and is
/// taken over where the file is left.
fn locked(path: &Path, place: &Path) -> Result<Option<File>> {
    let mut waits = false;
    loop {
        let open = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path);
        let mut file = open.at(place)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if WAITS.load(Ordering::Relaxed) => {
                if !waits {
                    info!("waiting: {}: {}", place.display(), holder(&mut file));
                    waits = true;
                }
                file.lock().at(place)?;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Busy {
                    path: place.to_path_buf(),
                    holder: holder(&mut file),
                });
            }
            Err(TryLockError::Error(error)) => {
                let place = place.display();
                warn!(
                    "{place}: the file system has no locks ({error}): no other command may write there"
                );
                return Ok(None);
            }
        }
        // Whoever had it may have removed it in between.
        if is_same(&file, path) {
            let about = format!("process {} on {}\n", process::id(), host());
            let written = file
                .set_len(0)
                .and_then(|()| file.rewind())
                .and_then(|()| file.write_all(about.as_bytes()));
            written.at(place)?;
            return Ok(Some(file));
        }
    }
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    // Opened, because the name alone may be asked of what another machine's kernel remembers.
    let path = File::open(path).and_then(|path| path.metadata());
    let file = file.metadata();
    let same =
        file.and_then(|file| Ok((file.dev(), file.ino()) == path.map(|of| (of.dev(), of.ino()))?));
    same.unwrap_or(false)
}

#[cfg(not(unix))]
fn is_same(_file: &File, path: &Path) -> bool {
    path.exists()
}

/// Who holds a lock, and for how long, as a sentence.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    // What cannot be read is not known.
    let _ = file.take(1 << 10).read_to_string(&mut text);
    let who = match text.trim() {
        "" => "another process",
        who => who,
    };
    let since = file.metadata().and_then(|of| of.modified());
    let since = since.ok().and_then(|since| since.elapsed().ok());
    match since.map(|since| since.as_secs()) {
        Some(seconds @ 0..120) => format!("{who} has been writing there for {seconds} s"),
        Some(seconds) => format!("{who} has been writing there for {} min", seconds / 60),
        None => format!("{who} writes there"),
    }
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
fn spare_work(file: &Path) -> Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_folder_is_of_one_kind() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("run.json"), "{}").unwrap();
        let said = Claim::folder(dir.path(), FolderKind::Leakage)
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("holds a run (run.json), not a leakage report"),
            "{said}"
        );
        assert!(Claim::folder(dir.path(), FolderKind::Run).is_ok());
        for name in ["run.json", "./run.json"] {
            let said = Claim::files(&[dir.path().join(name)])
                .unwrap_err()
                .to_string();
            assert!(said.contains("is a part of a run"), "{said}");
        }
        assert!(Claim::files(&[dir.path().join("sites.bed")]).is_ok());
    }

    #[test]
    fn a_claim_is_held_more_than_once_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let outer = Claim::folder(dir.path(), FolderKind::Run).unwrap();
        let inner = Claim::folder(&dir.path().join("."), FolderKind::Run).unwrap();
        drop(inner);
        assert!(dir.path().join(LOCK).exists());
        drop(outer);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn another_process_is_told_who_writes() {
        let dir = tempfile::tempdir().unwrap();
        // The lock of another open file is as that of another process.
        let path = dir.path().canonicalize().unwrap().join(LOCK);
        let other = File::create(&path).unwrap();
        fs::write(&path, "process 7 on elsewhere\n").unwrap();
        other.lock().unwrap();
        let said = Claim::folder(dir.path(), FolderKind::Run)
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("process 7 on elsewhere has been writing there for "),
            "{said}"
        );
        drop(other);
        // What a dead process has left is taken over.
        assert!(Claim::folder(dir.path(), FolderKind::Run).is_ok());
    }
}
