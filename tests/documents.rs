//! The documents say what the program does, and name what is there.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::support::succeed;

/// The most lines of the README.
const README_LINES: usize = 160;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The subcommands that a help text lists, without `help` itself.
fn subcommands(help: &str) -> Vec<&str> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    // Names stand two spaces in; what is further in goes on with a description.
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").collect()
}

/// Adds the help of a command and of those below it.
fn describe(command: &[&str], text: &mut String) {
    let help = succeed(&[command, &["--help"]].concat());
    let name = [&["epitrack"], command].concat().join(" ");
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    let help = help.join("\n");
    let _ = write!(text, "\n## {name}\n\n```text\n{}\n```\n", help.trim_end());
    for subcommand in subcommands(&help) {
        describe(&[command, &[subcommand]].concat(), text);
    }
}

/// `just commands` writes the page anew.
#[test]
fn the_page_of_commands_is_what_the_program_says() {
    let mut page = "# Commands\n\nWhat `epitrack COMMAND --help` prints, for every command. The \
                    page is made by `just commands`.\n"
        .to_string();
    describe(&[], &mut page);
    let path = root().join("docs/commands.md");
    if std::env::var_os("EPITRACK_WRITE_COMMANDS").is_some() {
        std::fs::write(path, page).unwrap();
        return;
    }
    // Not the whole page: one difference is easier to read.
    let written = read(&path);
    let differ = |(now, then): &(&str, &str)| now != then;
    let first = page.lines().zip(written.lines()).find(differ);
    assert_eq!(first, None, "just commands writes docs/commands.md anew");
    assert_eq!(page.lines().count(), written.lines().count());
}

/// The README and every page.
fn pages() -> Vec<PathBuf> {
    let docs = std::fs::read_dir(root().join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = docs
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    for page in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        pages.push(root().join(page));
    }
    pages.sort();
    pages
}

/// A heading as an anchor, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let (mut broken, mut links) = (Vec::new(), 0);
    for page in pages() {
        let text = read(&page);
        for link in text.split("](").skip(1) {
            let link = link.split(')').next().unwrap();
            if link.contains("://") || link.contains(char::is_whitespace) {
                continue;
            }
            links += 1;
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => page.clone(),
                file => page.parent().unwrap().join(file),
            };
            let heading = |line: &str| line.starts_with('#') && anchor(line) == part;
            let there = target.exists() && (part.is_empty() || read(&target).lines().any(heading));
            if !there {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(links > 30, "{links} links were found");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        })
        .collect()
}

#[test]
fn every_source_file_that_a_page_names_is_there() {
    let there: Vec<PathBuf> = ["src", "tests", "benches", "examples"]
        .iter()
        .flat_map(|folder| files(&root().join(folder)))
        .collect();
    let (mut lost, mut named) = (Vec::new(), 0);
    for page in pages() {
        let text = read(&page);
        let words = text.split('`').filter(|word| word.ends_with(".rs"));
        for word in words.filter(|word| !word.contains(char::is_whitespace)) {
            named += 1;
            if !there.iter().any(|file| file.ends_with(word)) {
                lost.push(format!("{}: {word}", page.display()));
            }
        }
    }
    assert!(named > 30, "{named} files are named");
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn the_changelog_has_each_section_of_a_release_once_and_no_gaps() {
    let text = read(&root().join("CHANGELOG.md"));
    let releases: Vec<&str> = text.split("\n## ").skip(1).collect();
    assert!(releases.len() > 1);
    for release in releases {
        let lines: Vec<&str> = release.lines().collect();
        let sections = lines.iter().filter(|line| line.starts_with("### "));
        let distinct: BTreeSet<_> = sections.clone().collect();
        assert_eq!(distinct.len(), sections.count(), "{}", lines[0]);
        for three in lines.windows(3) {
            let is_gap = three[1].is_empty() && three[2].starts_with("- ");
            assert!(!is_gap || three[0].starts_with("### "), "{three:?}");
        }
    }
}

#[test]
fn the_readme_can_be_read_in_a_minute() {
    let lines = read(&root().join("README.md")).lines().count();
    assert!(lines <= README_LINES, "{lines} lines");
}
