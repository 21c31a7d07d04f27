//! Stanzas: the paragraphs of names and values that every text file of a hub is made of.
//!
//! What is written and what is checked are the same type. The rules are those of
//! <https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbHub.html#trackDb_txt>: a line is a name
//! and a value, `#` begins a comment line, `\` at the end of a line joins the next one to it, and
//! a blank line ends the stanza.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as seen from the hub's directory.
    pub file: Arc<Path>,
    /// Its 1-based line; 0 for the file as a whole.
    pub line: usize,
}

impl Place {
    /// A file as a whole.
    pub fn whole(file: &Path) -> Self {
        Self {
            file: Arc::from(file),
            line: 0,
        }
    }
}

/// One line of a stanza.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The setting's name, without white space.
    pub name: String,
    /// Its value, on one line; may be empty.
    pub value: String,
    /// Where it was read; no file for a setting that was not.
    pub place: Place,
}

/// A paragraph of settings; its first setting says what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stanza {
    first: Setting,
    others: Vec<Setting>,
}

impl Stanza {
    /// A stanza about `value`, such as `track` `attention`.
    pub fn new(name: &str, value: impl fmt::Display) -> Self {
        Self::of(setting(name, value))
    }

    fn of(first: Setting) -> Self {
        Self {
            first,
            others: Vec::new(),
        }
    }

    /// Adds a setting. Whatever could end its line is replaced: a label may hold anything.
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.others.push(setting(name, value));
        self
    }

    /// Adds a setting where there is a value for it.
    pub fn maybe(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// What the stanza is about: `hub`, `genome`, `track` or `include` where all is well.
    pub fn kind(&self) -> &str {
        &self.first.name
    }

    /// The value of the first setting.
    pub fn subject(&self) -> &str {
        &self.first.value
    }

    /// Where it begins.
    pub fn place(&self) -> &Place {
        &self.first.place
    }

    /// The first setting of this name.
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.settings().find(|setting| setting.name == name)
    }

    /// The value of the first setting of this name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(|setting| setting.value.as_str())
    }

    /// All settings, in order.
    pub fn settings(&self) -> impl Iterator<Item = &Setting> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

fn setting(name: &str, value: impl fmt::Display) -> Setting {
    Setting {
        name: name.to_string(),
        value: one_line(&value.to_string()),
        place: Place::whole(Path::new("")),
    }
}

/// The same text where no character ends the line or joins the next one to it.
fn one_line(text: &str) -> String {
    let ends = |c: char| c == '\\' || c.is_whitespace();
    let spaced = text.replace(ends_a_line, " ");
    spaced.trim_end_matches(ends).trim_start().to_string()
}

fn ends_a_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

impl fmt::Display for Stanza {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Setting { name, value, .. } in self.settings() {
            let space = if value.is_empty() { "" } else { " " };
            writeln!(f, "{name}{space}{value}")?;
        }
        Ok(())
    }
}

/// The text of a file of stanzas.
pub fn to_text<'a>(stanzas: impl IntoIterator<Item = &'a Stanza>) -> String {
    let paragraphs = stanzas.into_iter().map(|stanza| format!("{stanza}\n"));
    paragraphs.collect()
}

/// The stanzas of a file's text. Every text has some reading: what is wrong with it is for the
/// checks.
///
/// A line `include FILE` between stanzas is a stanza of its own.
pub fn parse(file: &Path, text: &str) -> Vec<Stanza> {
    let whole = Place::whole(file);
    let mut stanzas = Vec::new();
    let mut current: Option<Stanza> = None;
    for (line, text) in joined_lines(text) {
        let text = text.trim();
        if text.is_empty() {
            stanzas.extend(current.take());
            continue;
        }
        if text.starts_with('#') {
            continue;
        }
        let (name, value) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let file = Arc::clone(&whole.file);
        let setting = Setting {
            name: name.to_string(),
            value: value.trim().to_string(),
            place: Place { file, line },
        };
        match &mut current {
            Some(stanza) => stanza.others.push(setting),
            None if setting.name == "include" => stanzas.push(Stanza::of(setting)),
            None => current = Some(Stanza::of(setting)),
        }
    }
    stanzas.extend(current);
    stanzas
}

/// Lines with their numbers, where `\` at the end has joined the next line to them.
fn joined_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut joining = false;
    for (line, number) in text.lines().zip(1..) {
        let body = line.strip_suffix('\\');
        let joins = body.is_some();
        let body = body.unwrap_or(line);
        match lines.last_mut() {
            Some((_, whole)) if joining => {
                whole.push(' ');
                whole.push_str(body.trim_start());
            }
            _ => lines.push((number, body.to_string())),
        }
        joining = joins;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Vec<Stanza> {
        super::parse(Path::new("hub.txt"), text)
    }

    fn pairs(stanza: &Stanza) -> Vec<(String, String)> {
        let pair = |setting: &Setting| (setting.name.clone(), setting.value.clone());
        stanza.settings().map(pair).collect()
    }

    #[test]
    fn blank_lines_part_stanzas_and_comments_do_not() {
        let stanzas = parse("\n# c\ntrack a\n  type x 1 2\n# c\nempty\n \ntrack b\r\n");
        assert_eq!(stanzas.len(), 2);
        assert_eq!(stanzas[0].value("type"), Some("x 1 2"));
        assert_eq!(stanzas[0].get("empty").unwrap().place.line, 6);
        assert_eq!(stanzas[0].value("empty"), Some(""));
        assert_eq!((stanzas[1].subject(), stanzas[1].place().line), ("b", 8));
    }

    #[test]
    fn a_backslash_joins_lines() {
        let stanzas = parse("track a\nsubGroup1 view \\\n   View \\\n s=S\ntype x\n");
        let joined = stanzas[0].value("subGroup1").unwrap();
        let words: Vec<&str> = joined.split_whitespace().collect();
        assert_eq!(words, ["view", "View", "s=S"]);
        assert_eq!(stanzas[0].get("type").unwrap().place.line, 5);
    }

    #[test]
    fn an_include_stands_alone() {
        let stanzas = parse("include a\ninclude b\ntrack c\ninclude d\n");
        let kinds: Vec<&str> = stanzas.iter().map(Stanza::kind).collect();
        assert_eq!(kinds, ["include", "include", "track"]);
        assert_eq!(stanzas[2].value("include"), Some("d"));
    }

    #[test]
    fn no_value_ends_its_line() {
        let stanza = Stanza::new("track", "a")
            .with("longLabel", "x\ny\u{2028}z \\\\ ")
            .with("type", "t");
        assert_eq!(to_text([&stanza]), "track a\nlongLabel x y z\ntype t\n\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_is_read(values in prop::collection::vec("\\PC{0,12}|.{0,12}", 1..6)) {
            let stanza = values.iter().fold(Stanza::new("track", "a"), |stanza, value| stanza.with("s", value));
            let read = parse(&to_text([&stanza, &stanza]));
            prop_assert_eq!(read.len(), 2);
            prop_assert_eq!(pairs(&read[0]), pairs(&stanza));
            prop_assert_eq!(pairs(&read[1]), pairs(&stanza));
        }

        #[test]
        fn every_text_has_a_reading(text in "(.|\n|\\\\\n){0,200}") {
            for stanza in parse(&text) {
                prop_assert!(!stanza.kind().is_empty());
            }
        }
    }
}
