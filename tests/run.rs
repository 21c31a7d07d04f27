//! Several cell lines from one file, whole and step by step.

use super::support::{SMALL, Workplace, arg, fail, files, run, succeed};

/// Two cell lines, one with reads, and two repeats.
fn plan(more: &str) -> String {
    format!(
        "out = \"results\"\nreference = \"sim/genome.fa\"\nmotifs = [\"sim/motifs.jaspar\"]\ndevice = \"cpu\"\n\
         seeds = [1, 2]\n[folds]\nother = [\"chr3\"]\n{SMALL}\n[split]\ntest_chromosomes = [\"chr2\"]\n\
         [enrich]\ncontrols = 1\npermutations = 100\n[hub]\ngenome = \"simulated\"\nsequence = \"sim/genome.fa\"\n\
         [[cell]]\nname = \"A\"\npairs = \"sim/pairs.csv\"\nbam = \"sim/dnase.bam\"\nregions = \"sim/peaks.bed\"\n\
         [[cell]]\nname = \"B\"\npairs = \"sim/pairs.csv\"\nadd = [\"peaks=sim/peaks.bed,color=#8800aa\"]\n{more}"
    )
}

fn place() -> Workplace {
    let place = Workplace::new();
    std::fs::write(place.path("epitrack.toml"), plan("")).unwrap();
    place
}

#[test]
fn several_cell_lines_from_one_file() {
    let place = place();
    let file = place.path("epitrack.toml");
    let first = succeed(&["run", arg(&file)]);
    assert!(first.contains("\nA ") && first.contains("\nB "), "{first}");
    for made in [
        "A/run/metrics.json",
        "A/repeats/A.seed2/metrics.json",
        "A/repeats/A.other-seed1/metrics.json",
        "A/repeats/A.other-seed2/metrics.json",
        "A/footprints/dnase.bed",
        "A/tracks/top_region_sites.tsv",
        "A/enrichment/report.html",
        "A/view.html",
        "B/run/model.safetensors",
        "B/tracks/tracks.json",
        "B/enrichment/analysis.json",
        "hub/hub.txt",
    ] {
        assert!(place.path(&format!("results/{made}")).exists(), "{made}");
    }
    assert!(!place.path("results/B/footprints").exists());
    let regions = place.text("results/A/tracks/top_regions.bed");
    assert!(regions.lines().count() > 10);
    let tracks = place.text("results/A/tracks/tracks.json");
    assert!(tracks.contains("dnase.bed") && tracks.contains("motifs.jaspar"));
    // What was added to a cell line is in the hub of all, under its name.
    let tracks = place.text("results/hub/simulated/trackDb.txt");
    let (_, peaks) = tracks.split_once("track added_B_peaks\n").unwrap();
    for line in [
        "shortLabel B peaks",
        "longLabel B: peaks",
        "color 136,0,170",
    ] {
        assert!(peaks.lines().any(|found| found == line), "{line}: {peaks}");
    }
    let results = place.text("results/results.tsv");
    assert_eq!(results.lines().count(), 1 + 2 * 4, "{results}");
    assert!(results.contains("A\tother-seed2\t2\t"), "{results}");

    // What is complete is not done again, and what is lost is.
    let before = files(&place.path("results"));
    std::fs::remove_file(place.path("results/B/tracks/pairs.bb")).unwrap();
    std::fs::remove_file(place.path("results/A/footprints/dnase.bw")).unwrap();
    std::fs::remove_file(place.path("results/A/repeats/A.seed2/metrics.json")).unwrap();
    let (again, _, said) = run(&["run", arg(&file)]);
    assert!(again.status.success(), "{said}");
    for complete in [
        "A/tracks",
        "A/run",
        "B/run",
        "A/enrichment",
        "A/repeats/A.seed2",
    ] {
        assert!(
            said.contains(&format!("{complete} is complete")),
            "{complete}: {said}"
        );
    }
    for done in [
        "B/tracks is complete",
        "dnase is complete",
        "B/view.html is complete",
    ] {
        assert!(!said.contains(done), "{done}: {said}");
    }
    assert!(before == files(&place.path("results")));

    // The file of another plan is no plan of what is there.
    let other = plan("").replace("[training]", "[training]\nseed = 3");
    std::fs::write(&file, &other).unwrap();
    let said = fail(&["run", arg(&file), "--hub-only"]);
    assert!(
        said.contains("A/run: holds a run of other settings"),
        "{said}"
    );
    let other = plan("").replace("[enrich]", "[tracks]\naggregate = \"mean\"\n[enrich]");
    std::fs::write(&file, &other).unwrap();
    let said = fail(&["run", arg(&file), "--hub-only"]);
    assert!(
        said.contains("A/tracks: holds no tracks of these settings"),
        "{said}"
    );
}

#[test]
fn steps_by_themselves_end_with_the_same_bytes() {
    let place = place();
    let file = place.path("epitrack.toml");
    succeed(&["run", arg(&file)]);
    let whole = files(&place.path("results"));
    std::fs::rename(place.path("results"), place.path("whole")).unwrap();
    let step = |cell: &str, step: &str, more: &[&str]| {
        let arguments = ["run", arg(&file), "--cell", cell, "--step", step];
        [arguments.as_slice(), more]
            .concat()
            .iter()
            .map(|text| text.to_string())
            .collect::<Vec<_>>()
    };
    let early = fail(&step("A", "tracks", &[]));
    assert!(early.contains("results/A/run"), "{early}");
    for cell in ["A", "B"] {
        for name in ["train", "evaluate"] {
            succeed(&step(cell, name, &[]));
            for repeat in ["seed2", "other-seed1", "other-seed2"] {
                succeed(&step(cell, name, &["--repeat", repeat]));
            }
        }
        succeed(&step(cell, "footprints", &[]));
        let shards = ["1/2", "2/2"].map(|shard| {
            let out = place.path(&format!("shard-{cell}-{}", &shard[..1]));
            succeed(&step(
                cell,
                "tracks",
                &["--shard", shard, "--shard-out", arg(&out)],
            ));
            out
        });
        let out = place.path(&format!("results/{cell}/tracks"));
        succeed(&[
            "merge",
            arg(&shards[0]),
            arg(&shards[1]),
            "--out",
            arg(&out),
        ]);
        succeed(&step(cell, "enrich", &[]));
        succeed(&step(cell, "view", &[]));
    }
    succeed(&["run", arg(&file), "--hub-only"]);
    let steps = files(&place.path("results"));
    assert_eq!(
        whole.keys().collect::<Vec<_>>(),
        steps.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in &whole {
        // Pairs a second.
        assert!(
            name.ends_with("history.csv") || steps[name] == *bytes,
            "{name}"
        );
    }
    assert!(fail(&step("C", "train", &[])).contains("no cell line C"));
    assert!(fail(&step("A", "train", &["--repeat", "seed9"])).contains("no repeat seed9"));
    assert!(fail(&step("A", "view", &["--repeat", "seed2"])).contains("a repeat is only trained"));
    let shard = ["--shard", "1/2", "--shard-out", "x"];
    assert!(fail(&step("A", "train", &shard)).contains("only tracks have shards"));
}

#[test]
fn a_file_that_makes_no_sense_is_refused_before_the_work() {
    let place = place();
    let file = place.path("epitrack.toml");
    let with = |from: &str, to: &str| {
        let text = plan("").replacen(from, to, 1);
        assert!(text != plan(""), "{from}");
        std::fs::write(&file, text).unwrap();
        let said = fail(&["run", arg(&file)]);
        assert!(!place.path("results").exists(), "{said}");
        said
    };
    assert!(with("\"B\"", "\"../B\"").contains("../B"));
    assert!(with("\"B\"", "\"A\"").contains("twice"));
    assert!(with("name = \"B\"", "name = \"B\"\ndir = \"A\"").contains("folder of another"));
    assert!(with("filters", "filtres").contains("filtres"));
    assert!(with("other =", "\"../x\" =").contains("../x"));
    assert!(with("bam = \"sim/dnase.bam\"\n", "").contains("both are needed"));
    assert!(with("bam =", "footprints = \"sim/peaks.bed\"\nbam =").contains("has footprints, and"));
    let given = "name = \"B\"\nfootprints = \"nowhere.bed\"";
    assert!(with("name = \"B\"", given).contains("nowhere.bed"));
    let add = |to: &str| with("peaks=sim/peaks.bed,color=#8800aa", to);
    assert!(add("sim/peaks.bed").contains("has to be NAME=FILE"));
    assert!(add("peaks=sim/peaks.bed,color=red").contains("#8800aa"));
    assert!(add("peaks=sim/nowhere.bed").contains("sim/nowhere.bed"));
    assert!(add("peaks=sim/peaks.bed\", \"peaks=sim/truth.bed").contains("two of the tracks"));
    assert!(with("permutations = 100", "permutations = 9").contains("permutations"));
    assert!(with("chr3", "chr77").contains("chr77"));
}
