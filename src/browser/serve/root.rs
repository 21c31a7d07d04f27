//! The folder that is served, and what of it a client may see.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::error::{Error, IoContext, Result};
use crate::text::escape;

/// What stands for a folder, if it has it.
const INDEX: &str = "index.html";

/// A folder, by the path that no symbolic link is part of.
#[derive(Debug)]
pub struct Root(PathBuf);

/// A file that is open, and was in the folder when it was opened, after every symbolic link was
/// followed.
#[derive(Debug)]
pub struct Opened {
    /// Where it was.
    pub path: PathBuf,
    file: File,
}

impl Opened {
    /// A path that leads to the open file whatever its name leads to by now, where the system has such
    /// paths.
    pub fn stable_path(&self) -> PathBuf {
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd;
            PathBuf::from(format!("/proc/self/fd/{}", self.file.as_raw_fd()))
        }
        #[cfg(not(target_os = "linux"))]
        self.path.clone()
    }

    /// The file's size and times.
    ///
    /// # Errors
    ///
    /// A file that cannot be asked.
    pub fn metadata(&self) -> io::Result<Metadata> {
        self.file.metadata()
    }
}

/// What an address leads to.
#[derive(Debug)]
pub enum Destination {
    /// A file.
    File(Opened),
    /// A folder without an index file, and its name as the client knows it, with `/` at either end.
    Folder(PathBuf, String),
    /// A folder whose address lacks the last `/`, without which its relative links fail; the right
    /// address.
    Moved(String),
}

impl Root {
    /// Finds the folder.
    ///
    /// # Errors
    ///
    /// A path that does not lead to a folder.
    pub fn new(dir: &Path) -> Result<Self> {
        let path = dir.canonicalize().at(dir)?;
        if path.is_dir() {
            Ok(Self(path))
        } else {
            Err(Error::format(dir, "is not a folder"))
        }
    }

    /// What an address's path leads to, if it is anything that a client may see.
    ///
    /// # Errors
    ///
    /// A file that is there and cannot be opened.
    pub fn find(&self, path: &str) -> io::Result<Option<Destination>> {
        // `*` and the address of a proxy have none.
        if !path.starts_with('/') {
            return Ok(None);
        }
        let Ok(decoded) = percent_decode_str(path).decode_utf8() else {
            return Ok(None);
        };
        let names: Vec<&str> = decoded.split('/').filter(|name| !name.is_empty()).collect();
        if !names.iter().all(|name| is_plain(name)) {
            return Ok(None);
        }
        let below: PathBuf = names.iter().collect();
        let Some(path) = self.inside(&self.0.join(below)) else {
            return Ok(None);
        };
        let as_folder = decoded.ends_with('/');
        Ok(match (path.is_dir(), as_folder) {
            (true, false) => {
                let address = escape::path(&names.join("/"));
                Some(Destination::Moved(format!("/{address}/")))
            }
            (true, true) => Some(match self.open(&path.join(INDEX))? {
                Some(index) => Destination::File(index),
                None => Destination::Folder(path, decoded.into_owned()),
            }),
            (false, false) => self.open(&path)?.map(Destination::File),
            (false, true) => None,
        })
    }

    /// A file of the folder. What its path leads to is looked at again once it is open: a name that was
    /// made to lead elsewhere in between opened another file than the one that is there then.
    fn open(&self, path: &Path) -> io::Result<Option<Opened>> {
        // Not a pipe or a device, on which a thread would wait for ever.
        let Some(path) = self.inside(path).filter(|path| path.is_file()) else {
            return Ok(None);
        };
        let file = File::open(&path)?;
        let there = self.inside(&path).map(|path| path.metadata()).transpose()?;
        let opened = file.metadata()?;
        let same = opened.is_file() && there.is_some_and(|there| is_same(&opened, &there));
        Ok(same.then_some(Opened { path, file }))
    }

    /// Where a path really leads, if that is in the folder and nothing on the way is hidden.
    pub fn inside(&self, path: &Path) -> Option<PathBuf> {
        let path = path.canonicalize().ok()?;
        let below = path.strip_prefix(&self.0).ok()?;
        let hidden = below.components().any(|part| is_hidden(part.as_os_str()));
        (!hidden).then_some(path)
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Systems where files have no numbers: the same times and size.
#[cfg(not(unix))]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    let about = |of: &Metadata| (of.len(), of.created().ok(), of.modified().ok());
    about(one) == about(other)
}

/// Whether a decoded name is one name on every system: no way up, no drive, no separator.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let one = matches!(parts.next(), Some(Component::Normal(part)) if part == OsStr::new(name));
    one && parts.next().is_none()
        && !is_hidden(OsStr::new(name))
        && !name.contains(|character: char| character == '\\' || character.is_control())
}

/// Whether a file's name says that it is not for others, such as one that is still being written.
pub fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_not_plain() {
        for name in [
            "", ".", "..", ".hidden", "a/b", "a\\b", "a\0b", "a\nb", "/", "\u{7f}",
        ] {
            assert!(!is_plain(name), "{name:?}");
        }
        for name in ["a", "a.b", "a..", "…", "a b", "é%"] {
            assert!(is_plain(name), "{name:?}");
        }
    }
}
