//! A place that one process makes its own: nobody writes there beside it, and nothing of another kind is
//! written over.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::folder::{FolderKind, spare_work};
use super::lock::locked;
use super::partial::{forget, remember, remove_left_over, remove_left_over_of, sum};
use super::{create_dir, folder_of};
use crate::error::{IoContext, Result};

/// The lock in a folder.
const LOCK: &str = ".epitrack.lock";

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
