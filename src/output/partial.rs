//! A file under another name until it is complete.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufWriter;
use std::mem;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{folder_of, remove_if_there};
use crate::error::{IoContext, Result};

/// How the names of unfinished files begin and end. Between stand checksums of the file's name and of the
/// machine's, the process and a number: so two never write to one, and those that a killed process left
/// are known. The name is short whatever the file is called.
const BEGIN: &str = ".epitrack-";
const END: &str = ".partial";
const DAY: Duration = Duration::from_secs(86_400);

/// The unfinished files of this process, and its locks.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that is written under another name and takes its own when it is complete; until then it goes
/// where it is dropped, and when the process is told to stop ([`abandon`]).
pub struct Partial {
    target: PathBuf,
    partial: PathBuf,
}

impl Partial {
    /// A partial file for `target`, in the same folder.
    pub fn new(target: impl Into<PathBuf>) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let target = target.into();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}{}-{number}{END}", begin(&target), own());
        let partial = target.with_file_name(name);
        remember(&partial);
        Self { target, partial }
    }

    /// Where it lies. It is made here alone ([`Partial::create`]): opened by its name it may come back when all of
    /// them have gone.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// What it will be called: what errors name.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A buffered writer to the partial file.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn create(&self) -> Result<BufWriter<File>> {
        // Not while all of them are being removed.
        let _all = unfinished();
        let file = File::create(&self.partial);
        file.map(BufWriter::new).at(&self.target)
    }

    /// Makes it a folder, for what is taken from there or goes with it.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn create_dir(&self) -> Result<&Path> {
        let _all = unfinished();
        fs::create_dir_all(&self.partial).at(&self.target)?;
        Ok(&self.partial)
    }

    /// Makes it another name of a file, where the file system allows, and says whether it did.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub(super) fn link(&self, source: &Path) -> Result<bool> {
        let _all = unfinished();
        // A process of the same number may have left a link to the source there: copying would empty that.
        remove_if_there(&self.partial)?;
        Ok(fs::hard_link(source, &self.partial).is_ok())
    }

    /// Gives the complete file its name.
    ///
    /// # Errors
    ///
    /// A file that cannot be written to the disk or renamed.
    pub fn complete(self) -> Result<()> {
        // On the disk before it has its name: a power cut must not leave a named empty file.
        let file = File::open(&self.partial);
        file.and_then(|file| file.sync_all()).at(&self.target)?;
        fs::rename(&self.partial, &self.target).at(&self.target)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // A complete one has another name by now.
        forget(&self.partial);
    }
}

/// How the names of a file's unfinished forms begin.
fn begin(target: &Path) -> String {
    format!("{BEGIN}{:08x}-", sum(target.file_name()))
}

/// What stands for this machine and this process.
fn own() -> String {
    format!("{:08x}-{}", machine_sum(), process::id())
}

/// A short checksum.
pub(super) fn sum(of: impl Hash) -> u32 {
    let mut sum = DefaultHasher::new();
    of.hash(&mut sum);
    sum.finish() as u32
}

/// What stands for where numbers of processes mean one: a machine since it started, a container.
fn machine_sum() -> u32 {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok();
    let numbers = fs::read_link("/proc/self/ns/pid").ok();
    sum((host(), boot, numbers))
}

/// What the machine is called.
pub(super) fn host() -> String {
    let mut name = [0; 256];
    #[cfg(unix)]
    // SAFETY: the name is cut where there is no room for it; the last byte stays zero.
    unsafe {
        libc::gethostname(name.as_mut_ptr().cast(), name.len() - 1);
    }
    let name = name
        .split(|byte: &u8| *byte == 0)
        .next()
        .unwrap_or_default();
    match String::from_utf8_lossy(name) {
        name if name.is_empty() => "this machine".to_string(),
        name => name.into_owned(),
    }
}

/// Whether nobody writes an unfinished file any more: its process is gone or, on another machine, has
/// not written for a day.
fn is_left_over(path: &Path, name: &str) -> bool {
    let inner = name
        .strip_prefix(BEGIN)
        .and_then(|name| name.strip_suffix(END));
    let parts: Vec<&str> = inner.unwrap_or_default().split('-').collect();
    let [_, machine, process, _] = parts[..] else {
        return false;
    };
    if machine == format!("{:08x}", machine_sum()) {
        // What an earlier process of this one's number left is none of its own.
        let is_own = process == process::id().to_string();
        return match is_own {
            // Names are never given twice, but paths are written in several ways.
            true => !unfinished()
                .iter()
                .any(|of| of.file_name() == path.file_name()),
            false => process.parse().is_ok_and(is_gone),
        };
    }
    let written = path.metadata().and_then(|of| of.modified()).ok();
    let quiet = written.and_then(|written| written.elapsed().ok());
    quiet.is_some_and(|quiet| quiet > DAY)
}

/// Whether no process has this number; where that cannot be asked, whether it is not this one.
fn is_gone(process: u32) -> bool {
    #[cfg(unix)]
    {
        // SAFETY: signal 0 is none: the call only asks.
        let answer = unsafe { libc::kill(process as libc::pid_t, 0) };
        answer != 0 && std::io::Error::last_os_error().raw_os_error() == Some(libc::ESRCH)
    }
    #[cfg(not(unix))]
    {
        process != process::id()
    }
}

/// Notes a file that is to go when the process is told to stop.
pub(super) fn remember(path: &Path) {
    unfinished().insert(path.to_path_buf());
}

/// Removes such a file.
pub(super) fn forget(path: &Path) {
    // Not behind the back of whoever removes them all.
    let mut all = unfinished();
    remove(path);
    all.remove(path);
}

/// Removes a file, or a folder that was made for one work.
fn remove(path: &Path) {
    if path.is_dir() {
        let _ = fs::remove_dir_all(path);
    } else {
        let _ = fs::remove_file(path);
    }
}

/// Removes every unfinished file of this process, which must end then: whoever begins another one waits
/// for ever.
pub fn abandon() {
    let all = unfinished();
    for path in all.iter() {
        remove(path);
    }
    mem::forget(all);
}

/// Removes what processes that were killed have left unfinished in a folder and those in it.
pub(super) fn remove_left_over(dir: &Path) {
    remove_beginning(dir, BEGIN, true);
}

/// Removes what processes that were killed have left unfinished of a file.
pub(super) fn remove_left_over_of(file: &Path) {
    remove_beginning(folder_of(file), &begin(file), false);
}

fn remove_beginning(dir: &Path, begin: &str, also_below: bool) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.starts_with(begin) && is_left_over(&path, &name) {
            remove(&path);
        } else if also_below && entry.file_type().is_ok_and(|of| of.is_dir()) {
            remove_beginning(&path, begin, true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_is_not_completed_goes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x".repeat(250));
        let file = Partial::new(&path);
        file.create().unwrap().write_all(b"half").unwrap();
        let partial = file.path().to_path_buf();
        assert!(partial.exists());
        drop(file);
        assert!(!partial.exists() && !path.exists());

        let file = Partial::new(&path);
        file.create().unwrap().write_all(b"whole").unwrap();
        file.complete().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_others_left_goes_and_what_is_being_written_stays() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("matrix");
        fs::create_dir(&inner).unwrap();
        // No process has the largest number.
        let left_by = |target: &str, process: u32| {
            let name = format!(
                "{}{:08x}-{process}-7{END}",
                begin(Path::new(target)),
                machine_sum()
            );
            let path = inner.join(name);
            fs::write(&path, "left").unwrap();
            path
        };
        // And this process has begun none of them, but another one.
        let (gone, own) = (i32::MAX as u32, process::id());
        let [one, other, earlier] =
            [("x.bed", gone), ("y.bed", gone), ("x.bed", own)].map(|(of, by)| left_by(of, by));
        let running = Partial::new(inner.join("x.bed"));
        running.create().unwrap();
        remove_left_over_of(&inner.join("x.bed"));
        assert!(!one.exists() && !earlier.exists() && other.exists() && running.path().exists());
        remove_left_over(dir.path());
        assert!(!other.exists() && running.path().exists());
    }
}
