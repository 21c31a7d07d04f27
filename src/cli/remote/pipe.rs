//! What comes through a pipe, kept as a file: a table is read more than once and summed up for the
//! record of what results were made from, and so that the same command can be given again.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use epitrack::output::Partial;
use sha2::{Digest, Sha256};

/// Whether a path is a pipe: `<(command)`, `/dev/stdin` behind a `|`, or what `mkfifo` makes.
#[cfg(unix)]
pub fn is_one(path: &str) -> bool {
    use std::os::unix::fs::FileTypeExt;
    fs::metadata(path).is_ok_and(|of| of.file_type().is_fifo())
}

/// Systems without such files know `-` alone.
#[cfg(not(unix))]
pub fn is_one(_path: &str) -> bool {
    false
}

/// The file in a folder that holds what a pipe gives, or standard input for `-`; it is named by its
/// checksum.
pub fn kept(path: &str, dir: &Path) -> Result<PathBuf> {
    let keep = || -> Result<PathBuf> {
        let mut from: Box<dyn Read> = match path {
            "-" => Box::new(io::stdin().lock()),
            path => Box::new(File::open(path)?),
        };
        fs::create_dir_all(dir)?;
        let unfinished = Partial::new(dir.join("pipe"));
        let mut file = unfinished.create()?;
        let (mut sum, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
        loop {
            let read = match from.read(&mut buffer)? {
                0 => break,
                read => &buffer[..read],
            };
            sum.update(read);
            file.write_all(read)?;
        }
        let name: String = sum.finalize()[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let kept = dir.join(name);
        file.flush()?;
        file.get_ref().sync_all()?;
        fs::rename(unfinished.path(), &kept)?;
        Ok(kept)
    };
    keep().with_context(|| format!("keeping what comes through {path} in {}", dir.display()))
}
