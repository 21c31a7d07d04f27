//! A lock file: who writes at a place, for other processes to see.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::{info, warn};

use super::partial::host;
use crate::error::{Error, IoContext, Result};

/// Whether to wait where another process writes.
static WAITS: AtomicBool = AtomicBool::new(false);

/// From now on this process waits for others that write where it wants to.
pub fn wait_for_others() {
    WAITS.store(true, Ordering::Relaxed);
}

/// The lock file, locked; none where the file system has no locks. A lock ends with its process, and is
/// taken over where the file is left.
pub(super) fn locked(path: &Path, place: &Path) -> Result<Option<File>> {
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
