//! What the program is made of may be given away.

use std::collections::BTreeMap;
use std::process::Command;

/// Licences that ask for a notice at most. `deny.toml` has those that decide: the others stand beside one
/// of them as a choice.
const PERMISSIVE: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    // The certificates of the web, which are data.
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates under the MPL-2.0, whose sources are used as they are: it asks for no more of who links
/// them. bigtools needs the first, burn and cubecl the others.
const EACH_FILE_BY_ITSELF: [&str; 3] = ["buildid", "colored", "index_list"];

/// Whether one of the alternatives, of each part that all apply, is permissive.
fn is_permissive(licence: &str) -> bool {
    let licence = licence.replace('/', " OR ");
    let parts = licence.split(" AND ");
    parts
        .map(|part| part.trim_matches(['(', ')', ' ']))
        .all(|part| {
            let mut choices = part.split(" OR ");
            choices.any(|choice| PERMISSIVE.contains(&choice.trim_matches(['(', ')', ' '])))
        })
}

/// The crates that the program is built from here, each with its licence.
fn built_from() -> BTreeMap<String, String> {
    // Not `cargo metadata`: it counts crates of features that are not on.
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal,build"])
        .args(["--prefix", "none", "--no-dedupe", "--format", "{p}\t{l}"])
        .args([
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8(output.stdout).unwrap();
    let lines = tree.lines().filter_map(|line| line.split_once('\t'));
    let name = |package: &str| package.split(' ').next().unwrap_or_default().to_string();
    lines
        .map(|(package, licence)| (name(package), licence.trim().to_string()))
        .collect()
}

#[test]
fn every_crate_may_be_given_away() {
    let crates = built_from();
    assert!(crates.len() > 100 && crates.contains_key("burn"));
    let refused: Vec<_> = crates
        .iter()
        .filter(|(name, licence)| {
            let excepted = EACH_FILE_BY_ITSELF.contains(&name.as_str());
            !(is_permissive(licence) || excepted && licence.as_str() == "MPL-2.0")
        })
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
    for name in EACH_FILE_BY_ITSELF {
        assert!(crates.contains_key(name), "{name} is not used any more");
    }
}

#[test]
fn a_licence_is_as_permissive_as_its_best_choice_and_its_worst_part() {
    for (licence, wanted) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("MIT/Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("MIT AND GPL-2.0-only", false),
        ("", false),
    ] {
        assert_eq!(is_permissive(licence), wanted, "{licence}");
    }
}
