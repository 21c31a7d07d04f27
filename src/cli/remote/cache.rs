//! Files that were fetched, and what their servers call the versions of them.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::address::Address;

/// The folder of everything that was fetched: EPITRACK_CACHE, or in the user's cache.
pub struct Cache {
    dir: PathBuf,
}

/// What a server calls the version of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// `ETag`
    pub tag: Option<String>,
    /// `Last-Modified`
    pub modified: Option<String>,
}

impl Version {
    /// What a request for the rest of a file names, so that it gets all of it where the file is another
    /// by now (RFC 9110, 13.1.5): a strong tag, or a time.
    pub fn condition(&self) -> Option<&str> {
        let strong = self.tag.as_deref().filter(|tag| !tag.starts_with("W/"));
        strong.or(self.modified.as_deref())
    }
}

/// The place of a file in the cache.
pub struct Place {
    /// The file, once it is whole.
    pub file: PathBuf,
    /// As much of it as there is.
    pub part: PathBuf,
    /// Held by whoever fetches it.
    _lock: File,
}

impl Cache {
    /// The cache that the environment names.
    pub fn new() -> Result<Self> {
        let of = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let own = of("EPITRACK_CACHE").map(PathBuf::from);
        let shared = of("XDG_CACHE_HOME").map(PathBuf::from);
        let home = || env::home_dir().map(|home| home.join(".cache"));
        let shared = || {
            shared
                .or_else(home)
                .map(|dir| dir.join("epitrack").join("remote"))
        };
        let dir = own.or_else(shared);
        let dir = dir.context("no folder for what is fetched: EPITRACK_CACHE names one")?;
        Ok(Self { dir })
    }

    /// The folder of what came through pipes.
    pub fn pipes(&self) -> PathBuf {
        self.dir.join("pipes")
    }

    /// The place of an address; waits until no other process fetches it.
    pub fn place(&self, address: &Address) -> Result<Place> {
        let mut path = self.dir.clone();
        path.extend(address.folders());
        let dir = path.parent().unwrap_or(&self.dir);
        let lock = || -> std::io::Result<File> {
            fs::create_dir_all(dir)?;
            let lock = File::create(beside(&path, "lock"))?;
            lock.lock()?;
            Ok(lock)
        };
        let lock = lock().with_context(|| format!("{}", dir.display()))?;
        Ok(Place {
            part: beside(&path, "part"),
            file: path,
            _lock: lock,
        })
    }
}

impl Place {
    /// The version of a file, where that is known.
    pub fn version(file: &Path) -> Option<Version> {
        let text = fs::read_to_string(beside(file, "json")).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Notes the version of a file.
    pub fn note(file: &Path, version: &Version) -> Result<()> {
        let path = beside(file, "json");
        let text = serde_json::to_string(version)?;
        fs::write(&path, text).with_context(|| format!("{}", path.display()))
    }

    /// Removes the file and what is known of it.
    pub fn forget(&self) -> Result<()> {
        for path in [beside(&self.file, "json"), self.file.clone()] {
            if path.exists() {
                fs::remove_file(&path).with_context(|| format!("{}", path.display()))?;
            }
        }
        Ok(())
    }

    /// The part is the whole file now.
    pub fn complete(&self, version: &Version) -> Result<()> {
        let rename = || -> std::io::Result<()> {
            File::open(&self.part)?.sync_all()?;
            // A file without a note is asked for again, never taken for another version.
            let _ = fs::remove_file(beside(&self.file, "json"));
            fs::rename(&self.part, &self.file)
        };
        rename().with_context(|| format!("{}", self.file.display()))?;
        Self::note(&self.file, version)
    }
}

/// `.NAME.ending`
fn beside(file: &Path, ending: &str) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.{ending}"))
}
