//! What is wrong with a hub's directory, found without a network.
//!
//! The rules are those that UCSC's hubCheck and browser apply
//! (<https://github.com/ucscGenomeBrowser/kent>: `src/hg/lib/trackHub.c`,
//! `src/hg/utils/hubCheck/hubCheck.c`) and those of the documentation
//! (<https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbHub.html>). What keeps a browser from
//! showing a track as it is meant is an error; what it ignores, cuts or may not find is a warning.

#[cfg(test)]
mod broken;
mod containers;
mod data;
mod entry;
mod findings;
mod genomes;
mod hub_file;
mod page;
mod search;
mod settings;
mod source;
mod stated_type;
mod subgroups;
mod suggestion;
mod syntax;
mod track;
mod tree;

use std::path::Path;

pub use findings::{Finding, Severity};

use crate::error::{Error, IoContext, Result};
use findings::Findings;

/// Finds what is wrong with a hub: a directory with `hub.txt`, or a file such as that.
///
/// Findings come in the order of files and lines. Whatever the files hold, there is an answer.
///
/// # Errors
///
/// A path that leads nowhere or cannot be read.
pub fn check(path: &Path) -> Result<Vec<Finding>> {
    let metadata = path.metadata().at(path)?;
    let file = if metadata.is_dir() {
        path.join("hub.txt")
    } else {
        path.to_path_buf()
    };
    let (Some(dir), Some(name)) = (file.parent(), file.file_name()) else {
        return Err(Error::format(path, "is not a hub"));
    };
    let mut found = Findings::new(dir);
    hub_file::check(Path::new(name), &mut found);
    Ok(found.finish())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::broken::lines;
    use super::*;
    use crate::browser::hub::testing::Data;

    #[test]
    fn a_good_hub_has_no_findings() {
        let data = Data::new();
        for (one_file, assembly) in [(false, false), (false, true), (true, false), (true, true)] {
            let (_dir, out) = data.written(one_file, assembly);
            assert_eq!(lines(&out), Vec::<String>::new());
            assert_eq!(check(&out.join("hub.txt")).unwrap(), []);
        }
        assert!(check(Path::new("/nowhere/at/all")).is_err());
    }

    /// Bytes that matter to the format, and others.
    fn byte() -> impl Strategy<Value = u8> {
        prop_oneof![
            prop::sample::select(b"\n\\ \t#=:+,./-0919\r\0\xff".to_vec()),
            any::<u8>(),
        ]
    }

    #[derive(Debug, Clone)]
    enum Change {
        Set(usize, u8),
        Insert(usize, u8),
        Cut(usize, usize),
        Repeat(usize, usize),
    }

    fn change() -> impl Strategy<Value = Change> {
        let place = 0usize..6000;
        prop_oneof![
            (place.clone(), byte()).prop_map(|(at, byte)| Change::Set(at, byte)),
            (place.clone(), byte()).prop_map(|(at, byte)| Change::Insert(at, byte)),
            (place.clone(), 0usize..200).prop_map(|(at, length)| Change::Cut(at, length)),
            (place, 0usize..400).prop_map(|(at, length)| Change::Repeat(at, length)),
        ]
    }

    fn apply(bytes: &mut Vec<u8>, change: &Change) {
        let wrap = |at: usize| at % bytes.len().max(1);
        match *change {
            Change::Set(at, byte) => {
                let at = wrap(at);
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte;
                }
            }
            Change::Insert(at, byte) => bytes.insert(wrap(at), byte),
            Change::Cut(at, length) => {
                let at = wrap(at);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Change::Repeat(at, length) => {
                let at = wrap(at);
                let part = bytes[at..(at + length).min(bytes.len())].to_vec();
                bytes.extend(part);
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        let data = Data::new();
        let (_one, one) = data.written(true, true);
        let (_many, many) = data.written(false, true);
        let files = [
            one.join("hub.txt"),
            many.join("genomes.txt"),
            many.join("planted/trackDb.txt"),
            many.join("planted/groups.txt"),
            many.join("planted/planted.2bit"),
            many.join("planted/K562/pairs.bb"),
            many.join("planted/K562/enhancer_attention.bw"),
        ];
        let good = files.clone().map(|file| fs::read(file).unwrap());
        let strategy = (0..files.len(), prop::collection::vec(change(), 1..12));
        proptest!(ProptestConfig::with_cases(500), |((at, changes) in strategy)| {
            let mut bytes = good[at].clone();
            for change in &changes {
                apply(&mut bytes, change);
            }
            // A new file: the data are hard links to the test's own.
            fs::remove_file(&files[at]).unwrap();
            fs::write(&files[at], bytes).unwrap();
            let findings = check(if at == 0 { &one } else { &many });
            fs::write(&files[at], &good[at]).unwrap();
            for finding in findings.unwrap() {
                prop_assert!(!finding.to_string().contains('\n'));
            }
        });
    }
}
