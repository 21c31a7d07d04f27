//! The source as modules: which uses which, and which names which library.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The modules of a crate, each a file, without what is compiled for tests alone.
pub struct Modules {
    code: BTreeMap<String, Code>,
    arrows: BTreeSet<(String, String)>,
}

/// What a file says.
struct Code {
    lines: usize,
    /// The functions with their lines.
    functions: Vec<(String, usize)>,
    /// Without comments.
    text: String,
    /// The modules that it declares.
    children: BTreeSet<String>,
    /// The paths that it uses, and whether it only hands them on.
    uses: Vec<Use>,
}

struct Use {
    path: Vec<String>,
    /// What the last part is called here.
    name: String,
    handed_on: bool,
}

impl Modules {
    /// The files below a folder of this repository.
    pub fn read(folder: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    let inside = path.strip_prefix(&root).unwrap().with_extension("");
                    let parts: Vec<_> = inside.iter().map(|part| part.to_str().unwrap()).collect();
                    files.insert(parts.join("::"), std::fs::read_to_string(&path).unwrap());
                }
            }
        }
        assert!(!files.is_empty());
        Self::new(files)
    }

    /// Files by the names of their modules.
    pub fn new(files: BTreeMap<String, String>) -> Self {
        let mut for_tests = BTreeSet::new();
        let mut code = BTreeMap::new();
        for (name, text) in files {
            let (text, tests) = without_tests(&text);
            for_tests.extend(tests.into_iter().map(|test| format!("{name}::{test}")));
            code.insert(name, Code::of(&text));
        }
        code.retain(|name: &String, _| {
            let inside = |test: &String| name == test || name.starts_with(&format!("{test}::"));
            !for_tests.iter().any(inside)
        });
        let mut modules = Self {
            code,
            arrows: BTreeSet::new(),
        };
        modules.arrows = modules.find_arrows();
        modules
    }

    /// The names of all modules.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.code.keys().map(String::as_str)
    }

    /// The modules with the lines of their files.
    pub fn lines(&self) -> impl Iterator<Item = (&str, usize)> {
        let code = self.code.iter();
        code.map(|(name, code)| (name.as_str(), code.lines))
    }

    /// The functions with their modules and lines.
    pub fn functions(&self) -> impl Iterator<Item = (String, usize)> {
        let code = self.code.iter();
        code.flat_map(|(module, code)| {
            let functions = code.functions.iter();
            functions.map(move |(name, lines)| (format!("{module}::{name}"), *lines))
        })
    }

    /// Which module uses which other.
    pub fn arrows(&self) -> impl Iterator<Item = (&str, &str)> {
        let arrows = self.arrows.iter();
        arrows.map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// The first words of all paths of each module, among them those of crates.
    pub fn crates(&self) -> impl Iterator<Item = (&str, BTreeSet<&str>)> {
        self.code.iter().map(|(name, code)| {
            let words = code.text.match_indices("::").filter_map(|(at, _)| {
                let before = &code.text[..at];
                let start = before.rfind(|c: char| !is_word(c)).map_or(0, |at| at + 1);
                (!before[..start].ends_with("::")).then_some(&before[start..])
            });
            let used = code.uses.iter().map(|used| used.path[0].as_str());
            (name.as_str(), words.chain(used).collect())
        })
    }

    fn find_arrows(&self) -> BTreeSet<(String, String)> {
        let mut arrows = BTreeSet::new();
        for (from, code) in &self.code {
            let own = |path: &[String]| path[0] != "crate" && code.children.contains(&path[0]);
            let used = code.uses.iter();
            // What a room hands on of its own files is no use of them.
            let used = used.filter(|used| !(used.handed_on && own(&used.path)));
            let paths = used.map(|used| used.path.clone()).chain(code.paths());
            for path in paths {
                if let Some(to) = self.resolve(from, &path, 0)
                    && to != *from
                {
                    arrows.insert((from.clone(), to));
                }
            }
        }
        arrows
    }

    /// The module in which a path ends that is used in a module.
    fn resolve(&self, from: &str, path: &[String], depth: usize) -> Option<String> {
        let mut at: Vec<&str> = from.split("::").collect();
        let mut rest = path;
        match rest[0].as_str() {
            "crate" | "epitrack" => {
                at.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|part| part == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            child if self.code.get(from)?.children.contains(child) => {}
            _ => return None,
        }
        while let Some((part, after)) = rest.split_first() {
            let inside = [&at[..], &[part.as_str()]].concat().join("::");
            if self.code.contains_key(&inside) {
                at.push(part);
                rest = after;
                continue;
            }
            // Handed on from elsewhere?
            let here = at.join("::");
            let handed = self.code.get(&here).and_then(|code| {
                let mut handed = code.uses.iter().filter(|used| used.handed_on);
                handed.find(|used| used.name == *part)
            });
            return match handed {
                Some(used) if depth < 8 => {
                    let mut path = used.path.clone();
                    path.extend(after.iter().cloned());
                    self.resolve(&here, &path, depth + 1)
                }
                _ => self.code.contains_key(&here).then_some(here),
            };
        }
        let here = at.join("::");
        self.code.contains_key(&here).then_some(here)
    }
}

impl Code {
    fn of(text: &str) -> Self {
        let lines = text.lines().count();
        let code: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| [line, "\n"])
            .collect();
        let (mut uses, mut children) = (Vec::new(), BTreeSet::new());
        let mut rest = String::new();
        for statement in statements(&code) {
            let words = statement.trim_start();
            let words = match words.strip_prefix("pub") {
                Some(open) if open.starts_with('(') => {
                    open.split_once(')').map_or("", |(_, after)| after)
                }
                Some(open) => open,
                None => words,
            };
            let handed_on = words.len() < statement.trim_start().len();
            let words = words.trim_start();
            if let Some(tree) = words.strip_prefix("use ") {
                for leaf in leaves(tree.trim_end_matches(';')) {
                    uses.push(Use::of(&leaf, handed_on));
                }
            } else if let Some(child) = words.strip_prefix("mod ")
                && words.ends_with(';')
            {
                children.insert(child.trim_end_matches(';').trim().to_string());
            } else {
                rest += statement;
            }
        }
        Self {
            lines,
            functions: functions(text),
            text: rest,
            children,
            uses,
        }
    }

    /// The paths of the code itself that begin at the crate or at a module of this one.
    fn paths(&self) -> impl Iterator<Item = Vec<String>> {
        let words = self.text.split(|c: char| !is_word(c) && c != ':');
        words.filter_map(|word| {
            let path: Vec<String> = word.split("::").map(str::to_string).collect();
            let first = path[0].as_str();
            let ours = ["crate", "epitrack", "super", "self"].contains(&first)
                || self.children.contains(first);
            (path.len() > 1 && ours && path.iter().all(|part| !part.contains(':'))).then(|| {
                let named = path.into_iter().filter(|part| !part.is_empty());
                named.collect()
            })
        })
    }
}

impl Use {
    fn of(leaf: &str, handed_on: bool) -> Self {
        let (path, alias) = match leaf.split_once(" as ") {
            Some((path, alias)) => (path, Some(alias.trim())),
            None => (leaf, None),
        };
        let mut path: Vec<String> = path.trim().split("::").map(str::to_string).collect();
        if path
            .last()
            .is_some_and(|last| last == "self" || last == "*")
            && path.len() > 1
        {
            path.pop();
        }
        let last = path.last().cloned().unwrap_or_default();
        Self {
            name: alias.map_or(last, str::to_string),
            path,
            handed_on,
        }
    }
}

/// The functions of a file with their lines, by the layout that rustfmt gives them.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let named = |(at, line): (usize, &&str)| {
        let (before, after) = line.split_once("fn ")?;
        let words = before.split_whitespace();
        let mut words = words.map(|word| word.split('(').next().unwrap_or_default());
        let known = ["pub", "const", "async", "unsafe"];
        let is_item = words.all(|word| known.contains(&word) || word.ends_with(')'));
        let opened = lines[at..]
            .iter()
            .position(|line| line.ends_with(['{', '}', ';']))?;
        if !is_item || !lines[at + opened].ends_with('{') {
            return None;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let closing = format!("{indent}}}");
        let length = lines[at..].iter().position(|line| **line == closing)? + 1;
        let name: String = after.chars().take_while(|&c| is_word(c)).collect();
        Some((name, length))
    };
    lines.iter().enumerate().filter_map(named).collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A file cut after each `;` at its end of a line, so that declarations stand alone.
fn statements(code: &str) -> impl Iterator<Item = &str> {
    code.split_inclusive(";\n").flat_map(|part| {
        // A declaration may follow an attribute or a block.
        let start = part
            .rfind("\nuse ")
            .or(part.rfind("\npub"))
            .or(part.rfind("\nmod "));
        let (before, last) = part.split_at(start.map_or(0, |at| at + 1));
        [before, last.trim_end_matches('\n')]
    })
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`.
fn leaves(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        return vec![tree.split_whitespace().collect::<Vec<_>>().join(" ")];
    };
    let (prefix, inside) = (&tree[..open], &tree[open + 1..tree.rfind('}').unwrap()]);
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[start..]);
    let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
    parts
        .flat_map(|part| leaves(&format!("{prefix}{}", part.trim())))
        .collect()
}

/// The text without modules and items for tests, and the names of such modules in files.
fn without_tests(text: &str) -> (String, Vec<String>) {
    let (mut kept, mut tests) = (String::new(), Vec::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept += line;
            kept.push('\n');
            continue;
        }
        let item = lines.next().unwrap_or_default();
        let indent = &item[..item.len() - item.trim_start().len()];
        if let Some(name) = item
            .trim()
            .strip_prefix("mod ")
            .and_then(|rest| rest.strip_suffix(';'))
        {
            tests.push(name.to_string());
        } else if !item.trim_end().ends_with(';') {
            // As far as the brace that closes it, which stands where the item begins.
            let closing = [format!("{indent}}}"), format!("{indent}}};")];
            if !item.trim_end().ends_with('}') {
                lines
                    .by_ref()
                    .find(|line| closing.iter().any(|end| line == end));
            }
        }
    }
    (kept, tests)
}
