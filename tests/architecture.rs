//! The house of `docs/architecture.md`: a room knows only those on lower floors, no two files use each
//! other, and each library has few rooms that name it.

mod modules;

use std::collections::{BTreeMap, BTreeSet};

use modules::Modules;

/// The rooms, from the ground up. A room may use what lies on lower floors.
const FLOORS: &[&[&str]] = &[
    &["error"],
    &["output", "progress", "seed", "text"],
    &["element", "genome", "statistics"],
    &["attention", "evaluation", "pairs"],
    &["formats"],
    &["footprints", "motifs"],
    &["network"],
    &["enrichment", "figures"],
    &["run"],
    &["browser"],
    &["analysis", "compare", "tune"],
    &["simulate"],
    &["pipeline"],
    &["cli", "main"],
];

/// Libraries that only some rooms may name: the crate's first word, and where it may stand.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("anyhow", &["cli", "main"]),
    ("axum", &["browser::serve"]),
    ("bigtools", &["formats"]),
    ("burn", &["network"]),
    ("burn_wgpu", &["network"]),
    ("clap", &["cli"]),
    ("cubecl", &["network"]),
    ("hyper", &["browser::serve"]),
    ("indicatif", &["cli"]),
    ("libdeflater", &["formats"]),
    (
        "noodles",
        &["footprints::cuts", "formats", "genome", "simulate"],
    ),
    ("rusty_s3", &["cli::remote"]),
    ("tiny_skia", &["figures"]),
    ("tower_http", &["browser::serve"]),
    ("ureq", &["cli::remote"]),
];

/// The most rooms of the library.
const ROOMS: usize = 24;
/// The most lines of a file, and of a function.
const LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn room(module: &str) -> &str {
    module.split("::").next().unwrap_or(module)
}

/// What breaks the rules of the floors.
fn arrows_upwards(modules: &Modules) -> Vec<String> {
    let mut broken = Vec::new();
    for (from, to) in modules.arrows() {
        let [above, below] = [from, to].map(room);
        if above == below {
            continue;
        }
        match (floor(above), floor(below)) {
            (Some(above), Some(below)) if below < above => {}
            (None, _) => broken.push(format!("{from} stands in no room of the floors")),
            _ => broken.push(format!("{from} uses {to}, which does not lie below it")),
        }
    }
    broken
}

/// The files that use each other, in circles.
fn circles(modules: &Modules) -> Vec<String> {
    // Files that use none of the rest, and those that none of the rest uses, are in no circle.
    let mut rest: BTreeSet<&str> = modules.names().collect();
    loop {
        let arrows: Vec<_> = modules
            .arrows()
            .filter(|(from, to)| rest.contains(from) && rest.contains(to))
            .collect();
        let uses: BTreeSet<&str> = arrows.iter().map(|(from, _)| *from).collect();
        let used: BTreeSet<&str> = arrows.iter().map(|(_, to)| *to).collect();
        let kept: BTreeSet<&str> = uses.intersection(&used).copied().collect();
        if kept.len() == rest.len() {
            let within = |(from, to): &(&str, &str)| format!("{from} uses {to}");
            return arrows.iter().map(within).collect();
        }
        rest = kept;
    }
}

/// Libraries that are named where they must not be.
fn libraries_out_of_place(modules: &Modules) -> Vec<String> {
    let mut broken = Vec::new();
    for (module, crates) in modules.crates() {
        for name in crates {
            let of = |library: &&(&str, &[&str])| {
                let rest = name.strip_prefix(library.0);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            };
            // The longest name decides: burn_wgpu is not burn.
            let library = LIBRARIES.iter().filter(of).max_by_key(|of| of.0.len());
            let Some((_, rooms)) = library else { continue };
            let inside = |room: &&str| format!("{module}::").starts_with(&format!("{room}::"));
            if !rooms.iter().any(inside) {
                broken.push(format!("{module} names {name}"));
            }
        }
    }
    broken
}

fn none(broken: Vec<String>) {
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn no_room_uses_one_that_does_not_lie_below_it() {
    none(arrows_upwards(&Modules::read("src")));
}

#[test]
fn no_files_use_each_other() {
    none(circles(&Modules::read("src")));
}

#[test]
fn libraries_are_named_where_they_belong() {
    none(libraries_out_of_place(&Modules::read("src")));
}

#[test]
fn the_house_is_small() {
    let modules = Modules::read("src");
    let rooms: BTreeSet<&str> = modules.names().map(room).collect();
    let library: Vec<&&str> = rooms
        .iter()
        .filter(|room| !["cli", "lib", "main"].contains(room))
        .collect();
    assert!(library.len() <= ROOMS, "{} rooms", library.len());
    let functions: Vec<(String, usize)> = modules.functions().collect();
    assert!(functions.len() > 1000, "{} functions", functions.len());
    let long = functions
        .iter()
        .filter(|(_, lines)| *lines > FUNCTION_LINES);
    none(
        long.map(|(name, lines)| format!("{name} has {lines} lines"))
            .collect(),
    );
    let long = modules.lines().filter(|(_, lines)| *lines > LINES);
    none(
        long.map(|(file, lines)| format!("{file} has {lines} lines"))
            .collect(),
    );
}

/// A house of some files, by their modules' names.
fn house(files: &[(&str, &str)]) -> Modules {
    let files: BTreeMap<String, String> = files
        .iter()
        .map(|(name, text)| (name.to_string(), text.to_string()))
        .collect();
    Modules::new(files)
}

#[test]
fn a_planted_arrow_is_found() {
    let upwards = house(&[
        ("genome", "use crate::run::Run;"),
        ("run", "pub struct Run;"),
    ]);
    assert_eq!(
        arrows_upwards(&upwards),
        ["genome uses run, which does not lie below it"]
    );
    let inside = "fn f() { crate::pipeline::run(); }";
    assert_eq!(
        arrows_upwards(&house(&[("seed", inside), ("pipeline", "")])).len(),
        1
    );
    let level = house(&[
        ("motifs", "use crate::footprints::call;"),
        ("footprints", ""),
    ]);
    assert_eq!(arrows_upwards(&level).len(), 1);
    assert_eq!(
        arrows_upwards(&house(&[("attic", "use crate::seed;"), ("seed", "")])).len(),
        1
    );
    let tested = "#[cfg(test)]\nmod tests {\n    use crate::run::Run;\n}\n";
    none(arrows_upwards(&house(&[("genome", tested), ("run", "")])));
}

#[test]
fn a_planted_circle_is_found_through_re_exports_and_parents() {
    let through = house(&[
        ("pairs", "mod a;\nmod b;\npub use b::{B, Other as Third};"),
        ("pairs::a", "use super::Third;"),
        ("pairs::b", "use crate::pairs::a::{self, A};"),
    ]);
    assert_eq!(
        circles(&through),
        ["pairs::a uses pairs::b", "pairs::b uses pairs::a"]
    );
    let parent = house(&[
        ("pairs", "mod a;\npub struct Pair;\nfn f() { a::f() }"),
        ("pairs::a", "use super::Pair;"),
    ]);
    assert_eq!(circles(&parent).len(), 2);
    let only_shown = house(&[
        ("pairs", "mod a;\nmod b;\npub use a::A;\npub use b::B;"),
        ("pairs::a", "use super::B;"),
        ("pairs::b", ""),
    ]);
    none(circles(&only_shown));
}

#[test]
fn a_library_out_of_place_is_found() {
    let rooms = house(&[
        ("pairs", "use noodles_bed as bed;"),
        (
            "network",
            "use burn::tensor::Tensor;\nuse burn_wgpu::CubeTensor;",
        ),
        ("genome", "fn f() -> noodles_core::Position { todo() }"),
        ("run", "use anyhow::Result;"),
    ]);
    assert_eq!(
        libraries_out_of_place(&rooms),
        ["pairs names noodles_bed", "run names anyhow"]
    );
}
