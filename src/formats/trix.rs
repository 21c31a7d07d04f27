//! An index of words, through which UCSC's browser finds a track's items by what people type: trix, two
//! files as `ixIxx` makes them.
//!
//! <https://genome.ucsc.edu/goldenPath/help/trix.html>, `src/index/ixIxx/ixIxx.c` and `src/lib/trix.c` of
//! <https://github.com/ucscGenomeBrowser/kent>. A line of the `.ix` is a word in lower case, then
//! `item,position` of each item that has it; a line of the `.ixx` the first five letters of a word and
//! where its line begins, in ten hexadecimal digits.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::Write as _;
use std::path::Path;

use crate::error::{IoContext, Result};
use crate::output::Partial;

/// Letters of a word that the `.ixx` has.
const PREFIX: usize = 5;
/// Bytes of the `.ix` from one line of the `.ixx` to the next.
const BIN: usize = 64 * 1024;

/// The words of items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trix {
    /// Of each word the items that have it, with its place among their words, from 1.
    words: BTreeMap<String, BTreeSet<(String, usize)>>,
}

impl Trix {
    /// Adds an item by the text of the field that readers look it up by, without white space and commas.
    /// Its words are letters, digits and `_`, with `.` and `-` inside.
    pub fn add(&mut self, item: &str) {
        let may_hold = |c: char| begins(c) || matches!(c, '.' | '-');
        let words = item.split(|c| !may_hold(c));
        let words = words.map(|word| word.trim_matches(|c| !begins(c)));
        let words = words.filter(|word| !word.is_empty());
        for (word, place) in words.zip(1..) {
            let items = self.words.entry(word.to_ascii_lowercase()).or_default();
            items.insert((item.to_string(), place));
        }
    }

    /// The complete files `path` and, with an `x` more, the index of its lines, to which the caller gives
    /// their names.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, path: &Path) -> Result<[Partial; 2]> {
        let [ix, ixx] = self.texts(BIN);
        let mut second = path.as_os_str().to_os_string();
        second.push("x");
        let write = |path: &Path, text: String| -> Result<Partial> {
            let file = Partial::new(path);
            let mut writer = file.create()?;
            let written = writer.write_all(text.as_bytes());
            written.and_then(|()| writer.flush()).at(path)?;
            Ok(file)
        };
        Ok([write(path, ix)?, write(Path::new(&second), ixx)?])
    }

    /// The text of both files.
    fn texts(&self, bin: usize) -> [String; 2] {
        let (mut ix, mut ixx) = (String::new(), String::new());
        // The last prefix that has a line, where that line leads, and where the present prefix begins.
        let (mut told, mut told_at) = (None, 0);
        let (mut last, mut first) = (String::new(), 0);
        for (word, items) in &self.words {
            let prefix = prefix(word);
            if prefix != last {
                first = ix.len();
            }
            let is_next = ix.len() - told_at >= bin && told.as_ref() != Some(&prefix);
            if told.is_none() || is_next {
                let _ = writeln!(ixx, "{prefix}{first:010X}");
                (told, told_at) = (Some(prefix.clone()), ix.len());
            }
            last = prefix;
            ix.push_str(word);
            for (item, place) in items {
                let _ = write!(ix, " {item},{place}");
            }
            ix.push('\n');
        }
        [ix, ixx]
    }
}

/// Whether a word may begin and end with a letter.
fn begins(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The first letters of a word, with spaces where it has fewer.
fn prefix(word: &str) -> String {
    let letters: String = word.chars().take(PREFIX).collect();
    format!("{letters:PREFIX$}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The items of a word, found as `trix.c` does: from the line that the last prefix not behind the
    /// word's leads to, on to the first word behind it.
    fn search(ix: &str, ixx: &str, word: &str) -> Vec<String> {
        let word = word.to_lowercase();
        let wanted = format!("{word:<5}").as_bytes()[..5].to_vec();
        let mut at = 0;
        for line in ixx.lines() {
            assert_eq!(line.len(), 15, "{line:?}");
            if wanted < line.as_bytes()[..5].to_vec() {
                break;
            }
            at = usize::from_str_radix(&line[5..], 16).unwrap();
        }
        for line in ix[at..].lines() {
            let mut fields = line.split(' ');
            let found = fields.next().unwrap();
            if found == word {
                let items = fields.map(|field| field.split_once(',').unwrap().0.to_string());
                return items.collect();
            }
            if found > word.as_str() {
                break;
            }
        }
        Vec::new()
    }

    fn of(items: &[&str]) -> Trix {
        let mut trix = Trix::default();
        items.iter().for_each(|item| trix.add(item));
        trix
    }

    #[test]
    fn lines_are_those_of_ixixx() {
        let trix = of(&["MYC;PVT1", "HLA-A", "MYC", "RP11-1.2", "MYC"]);
        let [ix, ixx] = trix.texts(BIN);
        assert_eq!(
            ix,
            "hla-a HLA-A,1\nmyc MYC,1 MYC;PVT1,1\npvt1 MYC;PVT1,2\nrp11-1.2 RP11-1.2,1\n"
        );
        assert_eq!(ixx, "hla-a0000000000\n");
        assert_eq!(search(&ix, &ixx, "Myc"), ["MYC", "MYC;PVT1"]);
        assert_eq!(search(&ix, &ixx, "pvt1"), ["MYC;PVT1"]);
        assert!(search(&ix, &ixx, "pvt").is_empty());
        assert_eq!(of(&["(-)β"]), Trix::default());
    }

    #[test]
    fn both_files_are_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pairs.ix");
        let files = of(&["MYC"]).write(&path).unwrap();
        files.into_iter().for_each(|file| file.complete().unwrap());
        let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
        assert_eq!(read("pairs.ix"), "myc MYC,1\n");
        assert_eq!(read("pairs.ixx"), "myc  0000000000\n");
    }

    proptest! {
        #[test]
        fn every_word_is_found_through_the_second_file(
            items in prop::collection::btree_set("[A-C]{1,7}", 1..60),
            asked in "[a-d]{1,7}",
            bin in 1usize..200,
        ) {
            let names: Vec<&str> = items.iter().map(String::as_str).collect();
            let [ix, ixx] = of(&names).texts(bin);
            for item in &items {
                prop_assert_eq!(search(&ix, &ixx, item), [item.clone()]);
            }
            let known = items.contains(&asked.to_uppercase());
            prop_assert_eq!(search(&ix, &ixx, &asked).len(), usize::from(known));
        }
    }
}
