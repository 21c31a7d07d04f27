//! The files of a hub's directory that are the hub's, so that nothing else is replaced or removed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path};

use crate::error::{Error, IoContext, Result};
use crate::output;

/// The list of the files.
const LIST: &str = "files.txt";
const HEAD: &str = "# The files of this hub, which epitrack may replace and remove.";

/// The files of a hub's directory that are the hub's.
pub struct Owned<'a> {
    out: &'a Path,
    now: BTreeSet<String>,
    before: BTreeSet<String>,
}

impl<'a> Owned<'a> {
    /// Takes possession of files before they are written, unless someone else's are in the way.
    pub fn claim(out: &'a Path, now: BTreeSet<String>) -> Result<Self> {
        let before = Self::read(out)?;
        for path in now.difference(&before).map(|path| out.join(path)) {
            if path.symlink_metadata().is_ok() {
                let message = "is in the way, and of no hub that epitrack wrote";
                return Err(Error::format(path, message));
            }
        }
        let owned = Self { out, now, before };
        owned.list(owned.now.union(&owned.before))?;
        Ok(owned)
    }

    fn read(out: &Path) -> Result<BTreeSet<String>> {
        let path = out.join(LIST);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            read => read.at(&path)?,
        };
        let Some(list) = text.strip_prefix(HEAD) else {
            return Err(Error::format(path, "is not a hub's list of files"));
        };
        // Nothing outside of the directory is ever removed.
        let inside = |line: &&str| {
            let mut parts = Path::new(line).components();
            !line.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
        };
        Ok(list.lines().filter(inside).map(str::to_string).collect())
    }

    fn list<'b>(&self, paths: impl Iterator<Item = &'b String>) -> Result<()> {
        let lines: String = paths.map(|path| format!("{path}\n")).collect();
        output::write(self.out.join(LIST), format!("{HEAD}\n{lines}"))
    }

    /// Removes what only an earlier hub had, and says how many files that were.
    pub fn release(self) -> Result<usize> {
        let mut removed = 0;
        for path in self.before.difference(&self.now) {
            let path = self.out.join(path);
            removed += usize::from(path.symlink_metadata().is_ok());
            output::remove_if_there(&path)?;
            // Folders go with their last file; those with others in them stay.
            let above = path.ancestors().skip(1);
            let inside = above.take_while(|above| *above != self.out);
            let removals = inside.map(fs::remove_dir);
            removals.take_while(io::Result::is_ok).count();
        }
        self.list(self.now.iter())?;
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::hub::testing::Data;
    use crate::browser::hub::write;

    #[test]
    fn a_strangers_file_is_not_replaced() {
        let data = Data::new();
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("hub.txt");
        fs::write(&file, "mine").unwrap();
        let error = write(&data.hub(&["K562"]), dir.path()).unwrap_err();
        assert!(error.to_string().contains("in the way"), "{error}");
        assert_eq!(fs::read(&file).unwrap(), b"mine");
    }

    #[test]
    fn a_list_that_leads_outside_removes_nothing_there() {
        let data = Data::new();
        let dir = tempfile::tempdir().unwrap();
        let precious = dir.path().join("precious");
        fs::write(&precious, "x").unwrap();
        let out = dir.path().join("out");
        fs::create_dir(&out).unwrap();
        let list = format!("{HEAD}\n../precious\n{}\n", precious.display());
        fs::write(out.join(LIST), list).unwrap();
        write(&data.hub(&["K562"]), &out).unwrap();
        assert!(precious.exists());
    }
}
