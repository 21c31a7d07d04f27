//! Tracks of the user's own beside those of epitrack: ATAC, peaks, footprints, motif sites.
//!
//! One notation serves hubs, sessions, pages, figures and the file of several cell lines:
//! `NAME=FILE`, and behind it what is said of its looks, each after a comma.

mod big_bed;
mod item;
mod opened;
mod rows;
#[cfg(test)]
mod testing;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;

use serde::Deserialize;

pub use big_bed::as_big_bed;
pub use item::Item;
pub use opened::{Found, OpenAdded, is_text};
pub(crate) use opened::{has_no_range, open_bigwig};

use crate::error::{Error, Result};

/// The colour of a track that has none: red, green and blue.
pub const COLOUR: [u8; 3] = [60, 60, 60];

/// How a track is written.
const FORM: &str = "has to be NAME=FILE, and may end in ,color=#RRGGBB ,label=TEXT ,range=LOW:HIGH";
/// What may be said of a track; the first two are one.
const OPTIONS: [&str; 4] = ["color", "colour", "label", "range"];

/// A track of the user's own: bigWig, bigBed, BED or narrowPeak, which is found from the file itself.
///
/// Written as `H3K27ac=FILE,color=#8800aa,label=H3K27ac in K562,range=0:50`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct AddedTrack {
    /// What it is called where there is little room.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// What it is called where there is room, if not by its name.
    pub label: Option<String>,
    /// Red, green and blue; where there is none, items with colours of their own keep them.
    pub colour: Option<[u8; 3]>,
    /// The ends of the scale, the lower one first; of values alone.
    pub range: Option<(f32, f32)>,
    /// The name of the user's file, where `path` is what was made of it.
    pub source: Option<String>,
    /// Whether it is what a network has learnt an activity from, and stands beside what it predicts.
    pub is_measured: bool,
}

impl AddedTrack {
    /// A track of which no more is said.
    pub fn new(name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            path: path.into(),
            label: None,
            colour: None,
            range: None,
            source: None,
            is_measured: false,
        }
    }

    /// What it is called where there is room.
    pub fn title(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }

    /// Its colour as browsers write it: three numbers with commas between them.
    pub fn rgb(&self) -> String {
        let [red, green, blue] = self.colour.unwrap_or(COLOUR);
        format!("{red},{green},{blue}")
    }

    fn set(&mut self, option: &str, value: &str) -> Result<(), String> {
        let value = value.trim();
        let is_new = match option {
            "label" => self.label.replace(value.to_string()).is_none(),
            "range" => self.range.replace(range(value)?).is_none(),
            _ => self.colour.replace(colour(value)?).is_none(),
        };
        match is_new {
            true if value.is_empty() => Err(format!("has an empty {option}")),
            true => Ok(()),
            false => Err(format!("has two of {option}")),
        }
    }
}

impl FromStr for AddedTrack {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, rest) = text.split_once('=').ok_or(FORM)?;
        let (path, options) = file_and_options(rest);
        let (name, path) = (name.trim(), path.trim());
        if name.is_empty() || path.is_empty() {
            return Err(FORM.to_string());
        }
        let mut track = Self::new(name, path);
        for (option, value) in options {
            track.set(option, value)?;
        }
        Ok(track)
    }
}

impl TryFrom<String> for AddedTrack {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let problem = |problem: String| format!("{text:?} {problem}");
        text.parse().map_err(problem)
    }
}

/// The file of what stands behind a track's name, and the options behind that with their values. A
/// comma that no option follows is part of what stands before it.
pub fn file_and_options(text: &str) -> (&str, Vec<(&'static str, &str)>) {
    let option = |(at, _): (usize, &str)| {
        let behind = &text[at + 1..];
        let begins = |option: &&str| {
            let rest = behind.strip_prefix(*option);
            rest.is_some_and(|rest| rest.starts_with('='))
        };
        Some((at, OPTIONS.into_iter().find(begins)?))
    };
    let found: Vec<(usize, &str)> = text.match_indices(',').filter_map(option).collect();
    let ends = found.iter().skip(1).map(|(at, _)| *at);
    let ends = ends.chain([text.len()]);
    let values = found.iter().zip(ends).map(|(&(at, option), end)| {
        let start = at + option.len() + 2;
        (option, &text[start..end])
    });
    let file = found.first().map_or(text.len(), |(at, _)| *at);
    (&text[..file], values.collect())
}

fn colour(text: &str) -> Result<[u8; 3], String> {
    let wrong = || format!("has the color {text:?}, which is not of the form #8800aa");
    let digits = text.strip_prefix('#').ok_or_else(wrong)?;
    if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| wrong());
    Ok([part(0)?, part(2)?, part(4)?])
}

fn range(text: &str) -> Result<(f32, f32), String> {
    let wrong =
        || format!("has the range {text:?}, which is not of the form LOW:HIGH, such as 0:50");
    let (low, high) = text.split_once(':').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<f32>().ok().filter(|of| of.is_finite());
    match (number(low), number(high)) {
        (Some(low), Some(high)) if low < high => Ok((low, high)),
        _ => Err(wrong()),
    }
}

/// Refuses a name that two tracks have.
///
/// # Errors
///
/// [`Error::Configuration`] with the name.
pub fn check_names(tracks: &[AddedTrack]) -> Result<()> {
    let mut seen = BTreeSet::new();
    match tracks.iter().find(|track| !seen.insert(track.name.trim())) {
        None => Ok(()),
        Some(AddedTrack { name, .. }) => {
            let message = format!("two of the tracks are called {name:?}");
            Err(Error::Configuration(message))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> AddedTrack {
        text.parse().unwrap()
    }

    #[test]
    fn a_track_is_told_in_one_word() {
        assert_eq!(parsed("DNase=a.bw"), AddedTrack::new("DNase", "a.bw"));
        let whole =
            parsed(" H3K27ac =a,b=1.bw,color=#8800Aa,label=K562, replicate 1,range=-1:50.5");
        let wanted = AddedTrack {
            label: Some("K562, replicate 1".to_string()),
            colour: Some([136, 0, 170]),
            range: Some((-1.0, 50.5)),
            ..AddedTrack::new("H3K27ac", "a,b=1.bw")
        };
        assert_eq!(whole, wanted);
        assert_eq!(
            (whole.title(), whole.rgb()),
            ("K562, replicate 1", "136,0,170".to_string())
        );
        let other = parsed("x=y,range=0:1,colour=#000000");
        assert_eq!((other.title(), other.colour), ("x", Some([0, 0, 0])));
        assert_eq!(AddedTrack::new("x", "y").rgb(), "60,60,60");
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (text, problem) in [
            ("a.bw", "has to be NAME=FILE"),
            ("=a.bw", "has to be NAME=FILE"),
            ("x=", "has to be NAME=FILE"),
            ("x=,color=#000000", "has to be NAME=FILE"),
            ("x=y,color=red", "#8800aa"),
            ("x=y,color=#00000", "#8800aa"),
            ("x=y,color=#0000é", "#8800aa"),
            ("x=y,range=5", "LOW:HIGH"),
            ("x=y,range=5:5", "LOW:HIGH"),
            ("x=y,range=0:nan", "LOW:HIGH"),
            ("x=y,label= ", "empty label"),
            ("x=y,color=#000000,colour=#000000", "two of colour"),
        ] {
            let said = text.parse::<AddedTrack>().unwrap_err();
            assert!(said.contains(problem), "{text}: {said}");
        }
        let twice = [AddedTrack::new("x", "a"), AddedTrack::new(" x", "b")];
        assert!(check_names(&twice[..1]).is_ok());
        let said = check_names(&twice).unwrap_err().to_string();
        assert!(said.contains("two of the tracks"), "{said}");
    }

    proptest! {
        #[test]
        fn no_text_is_lost(name in "[a-zA-Z0-9 ]{0,8}[a-zA-Z]", file in "[^,]{1,12}(,[^,=]{0,8}){0,2}") {
            prop_assume!(!file.trim().is_empty());
            let track = parsed(&format!("{name}={file}"));
            prop_assert_eq!(track.name, name.trim());
            prop_assert_eq!(track.path, PathBuf::from(file.trim()));
        }
    }
}
