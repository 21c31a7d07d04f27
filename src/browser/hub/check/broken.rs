//! Good hubs after one change, for tests.

use std::fs;
use std::path::Path;

use super::{Finding, check};
use crate::browser::hub::testing::Data;

/// What is found in a good hub after one thing is changed: in the named file, the first
/// occurrence of some text. Findings as lines of text.
pub fn after(one_file: bool, file: &str, old: &str, new: &str) -> Vec<String> {
    found(one_file, false, file, |text| {
        assert!(text.contains(old), "{file} has no {old:?}:\n{text}");
        text.replacen(old, new, 1)
    })
}

pub fn found(
    one_file: bool,
    assembly: bool,
    file: &str,
    change: impl FnOnce(String) -> String,
) -> Vec<String> {
    let data = Data::new();
    let (_dir, out) = data.written(one_file, assembly);
    let path = out.join(file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, change(text)).unwrap();
    lines(&out)
}

pub fn lines(out: &Path) -> Vec<String> {
    let findings = check(out).unwrap();
    findings.iter().map(Finding::to_string).collect()
}

/// After a change to the tracks of a good hub.
pub fn tracks(old: &str, new: &str) -> Vec<String> {
    after(false, "test/trackDb.txt", old, new)
}

/// After a change to a data file of a good hub.
pub fn data(change: impl FnOnce(&Path)) -> Vec<String> {
    let data = Data::new();
    let (_dir, out) = data.written(false, false);
    change(&out);
    lines(&out)
}

#[track_caller]
pub fn says(found: &[String], parts: &[&str]) {
    let hit = found
        .iter()
        .any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(hit, "no finding says {parts:?}: {found:#?}");
}

/// Exactly one finding, which says all of this.
#[track_caller]
pub fn only(found: &[String], parts: &[&str]) {
    says(found, parts);
    assert_eq!(found.len(), 1, "{found:#?}");
}
