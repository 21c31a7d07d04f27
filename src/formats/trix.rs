//! An index of words, through which UCSC's browser finds a track's items by what people type: trix, two
//! files as `ixIxx` makes them.
//!
//! <https://genome.ucsc.edu/goldenPath/help/trix.html>, `src/index/ixIxx/ixIxx.c` and `src/lib/trix.c` of
//! <https://github.com/ucscGenomeBrowser/kent>. A line of the `.ix` is a word in lower case, then
//! `item,position` of each item that has it; a line of the `.ixx` the first five letters of a word and
//! where its line begins, in ten hexadecimal digits.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs::File;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;

use crate::error::{Error, IoContext, Result};
use crate::output::Partial;
use crate::text::Lines;

/// Letters of a word that the `.ixx` has.
const PREFIX: usize = 5;
/// Digits of a place in the `.ixx`.
const DIGITS: usize = 10;
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

/// An `.ixx`: where lines of its `.ix` begin, and the first letters of their words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrixIndex(BTreeMap<u64, String>);

impl TrixIndex {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, has no line, or a line that does not end in a place.
    pub fn read(path: &Path) -> Result<Self> {
        let mut lines = Lines::open(path)?;
        let mut places = BTreeMap::new();
        while let Some((number, line)) = lines.next_line()? {
            let wrong = || {
                let said = format!("line {number} does not end in {DIGITS} hexadecimal digits");
                Error::format(path, said)
            };
            let at = line.len().checked_sub(DIGITS);
            let parts = at.and_then(|at| line.split_at_checked(at));
            let (letters, place) = parts.ok_or_else(wrong)?;
            let place = u64::from_str_radix(place, 16).map_err(|_| wrong())?;
            places.insert(place, letters.trim_end().to_string());
        }
        if places.is_empty() {
            return Err(Error::format(path, "leads to no word"));
        }
        Ok(Self(places))
    }

    /// Checks its `.ix` as `trix.c` reads it, which stops at the first word behind the one that it looks for.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; a line that is not a word and `item,position` of its items, or stands before
    /// a smaller one; none of a word with those letters at a place of the index.
    pub fn check(mut self, path: &Path) -> Result<()> {
        let mut reader = BufReader::new(File::open(path).at(path)?);
        let (mut bytes, mut last) = (Vec::new(), String::new());
        let (mut place, mut number) = (0u64, 0u64);
        loop {
            bytes.clear();
            let length = reader.read_until(b'\n', &mut bytes).at(path)?;
            if length == 0 {
                break;
            }
            number += 1;
            let line = String::from_utf8_lossy(&bytes);
            let wrong = |said: &str| Error::format(path, format!("line {number} {said}"));
            let word = word(&line).ok_or_else(|| wrong("is not a word and item,position"))?;
            if word < last.as_str() {
                return Err(wrong(&format!(
                    "has {word:?} behind {last:?}: it is not sorted"
                )));
            }
            if self.0.get(&place).is_some_and(|of| word.starts_with(of)) {
                self.0.remove(&place);
            }
            last = word.to_string();
            place += length as u64;
        }
        let Some((place, letters)) = self.0.first_key_value() else {
            return Ok(());
        };
        let said = format!("no line of a word in {letters:?} begins at {place}, as its .ixx says");
        Err(Error::format(path, said))
    }
}

/// The word of a line of an `.ix`, behind which stand items with their positions.
fn word(line: &str) -> Option<&str> {
    let mut parts = line.split_whitespace();
    let word = parts.next()?;
    let is_item = |item: &str| {
        let item = item.rsplit_once(',');
        item.is_some_and(|(_, position)| position.parse::<u32>().is_ok())
    };
    let items: Vec<&str> = parts.collect();
    (!items.is_empty() && items.into_iter().all(is_item)).then_some(word)
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

    /// What is wrong with two texts.
    fn problem(ix: &str, ixx: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        let paths = ["a.ix", "a.ixx"].map(|name| dir.path().join(name));
        std::fs::write(&paths[0], ix).unwrap();
        std::fs::write(&paths[1], ixx).unwrap();
        let index = TrixIndex::read(&paths[1]);
        let checked = index.and_then(|index| index.check(&paths[0]));
        checked
            .err()
            .map_or(String::new(), |error| error.to_string())
    }

    #[test]
    fn what_trix_would_not_find_is_told() {
        let ix = "hla-a HLA-A,1\nmyc MYC,1 MYC;PVT1,1\n";
        let ixx = "hla-a0000000000\nmyc  000000000E\n";
        assert_eq!(problem(ix, ixx), "");
        for (ix, ixx, said) in [
            (
                "myc MYC,1\nhla-a HLA-A,1\n",
                "myc  0000000000\n",
                "line 2 has \"hla-a\" behind \"myc\"",
            ),
            (
                "hla-a HLA-A,1\nmyc MYC MYC;PVT1,1\n",
                ixx,
                "line 2 is not a word and item,position",
            ),
            (
                "hla-a\nmyc MYC,1\n",
                ixx,
                "line 1 is not a word and item,position",
            ),
            (
                ix,
                "hla-a0000000000\nmyc  000000000D\n",
                "\"myc\" begins at 13",
            ),
            (
                ix,
                "hla-a0000000000\nmyd  000000000E\n",
                "\"myd\" begins at 14",
            ),
            (
                ix,
                "hla-a0000000000\nmyc  00000000FF\n",
                "\"myc\" begins at 255",
            ),
            (ix, "\n", "leads to no word"),
            (ix, "hla-a\n", "line 1 does not end in 10"),
            (ix, "hla-a000000000x\n", "line 1 does not end in 10"),
        ] {
            let found = problem(ix, ixx);
            assert!(found.contains(said), "{said}: {found}");
        }
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
            prop_assert_eq!(problem(&ix, &ixx), "");
            for item in &items {
                prop_assert_eq!(search(&ix, &ixx, item), [item.clone()]);
            }
            let known = items.contains(&asked.to_uppercase());
            prop_assert_eq!(search(&ix, &ixx, &asked).len(), usize::from(known));
        }
    }
}
