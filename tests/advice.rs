//! What the program says may be done about an error, which the library cannot know.

use super::support::{Workplace, arg, fail};

#[test]
fn a_missing_input_is_named_by_its_option() {
    let place = Workplace::new();
    let bengi = place.path("bengi.tsv");
    std::fs::write(&bengi, "EH37E1\tENSG1.1\t1\tcv-0\n").unwrap();
    let mut arguments = place.train("run");
    let at = arguments.iter().position(|text| text == "--pairs").unwrap();
    arguments[at + 1] = arg(&bengi).to_string();
    let said = fail(&arguments);
    let wanted = "names elements by accession: give --bengi-ccres and --bengi-tss";
    assert!(said.contains(wanted), "{said}");

    place.trained("run", &[]);
    let links = place.path("links.txt");
    std::fs::write(&links, "protein1 protein2 combined_score\n").unwrap();
    let said = fail(&[
        "enrich",
        arg(&place.path("run")),
        "--out",
        arg(&place.path("enrichment")),
        "--motifs",
        arg(&place.path("sim/motifs.jaspar")),
        "--interactome",
        arg(&links),
        "--device",
        "cpu",
    ]);
    let wanted = "by accession: give STRING's protein.info file with --string-info";
    assert!(said.contains(wanted), "{said}");
}

#[test]
fn other_settings_in_a_folder_and_too_large_steps_are_told_with_what_helps() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let mut other = place.train("run");
    other.extend(["--seed", "2"].map(String::from));
    let said = fail(&other);
    let wanted = "holds a run of other settings, inputs or another device\n  training.seed: 1 before, 2 now\n\
                  choose another folder, or --fresh to replace it\n";
    assert!(said.ends_with(wanted), "{said}");
    let mut far = place.train("far");
    far.extend(["--learning-rate", "1e30"].map(String::from));
    let said = fail(&far);
    assert!(said.contains(": try a smaller --learning-rate"), "{said}");
}

/// Each cell line of a file for `epitrack run` has its own error, and so its own advice.
#[test]
fn several_cell_lines_are_advised_each() {
    let place = Workplace::new();
    let plan = |seed: u32| {
        let small =
            super::support::SMALL.replace("epochs = 3", &format!("epochs = 3\nseed = {seed}"));
        let text = format!(
            "out = \"results\"\nreference = \"sim/genome.fa\"\ndevice = \"cpu\"\n{small}\n\
             [[cell]]\nname = \"A\"\npairs = \"sim/pairs.csv\"\n"
        );
        std::fs::write(place.path("epitrack.toml"), text).unwrap();
    };
    let file = place.path("epitrack.toml");
    plan(1);
    super::support::succeed(&["run", arg(&file)]);
    plan(2);
    let said = fail(&["run", arg(&file)]);
    assert!(said.contains("cell line A: "), "{said}");
    assert_eq!(
        said.matches("or --fresh to replace it").count(),
        1,
        "{said}"
    );
}
