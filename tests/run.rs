//! Several cell lines from one file, whole and step by step.

use super::support::{SMALL, Workplace, arg, fail, files, run, succeed};

/// Two cell lines, one with reads, and two repeats.
pub fn plan(more: &str) -> String {
    format!(
        "out = \"results\"\nreference = \"sim/genome.fa\"\nmotifs = [\"sim/motifs.jaspar\"]\ndevice = \"cpu\"\n\
         genes = \"sim/genes.gtf\"\n\
         seeds = [1, 2]\n[folds]\nother = [\"chr3\"]\n{SMALL}\n[split]\ntest_chromosomes = [\"chr2\"]\n\
         [enrich]\ncontrols = 1\npermutations = 100\n[hub]\ngenome = \"simulated\"\nsequence = \"sim/genome.fa\"\n\
         [[cell]]\nname = \"A\"\npairs = \"sim/pairs.csv\"\nbam = \"sim/dnase.bam\"\nregions = \"sim/peaks.bed\"\n\
         [[cell]]\nname = \"B\"\npairs = \"sim/pairs.csv\"\nadd = [\"peaks=sim/peaks.bed,color=#8800aa\"]\n{more}"
    )
}

/// A place with that plan.
pub fn place() -> Workplace {
    let place = Workplace::new();
    std::fs::write(place.path("epitrack.toml"), plan("")).unwrap();
    let gene = "chr1\tx\texon\t101\t900\t.\t+\t.\tgene_id \"G1\"; transcript_id \"T1\";\n";
    std::fs::write(place.path("sim/genes.gtf"), gene).unwrap();
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
        "hub/simulated/genes/genes.bb",
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
    assert!(place.text("results/A/view.json").contains("\"genes\""));
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

/// A plan without repeats, genes and analysis.
fn short(more: &str) -> String {
    let plan = plan(more).replace("seeds = [1, 2]\n[folds]\nother = [\"chr3\"]\n", "");
    let plan = plan.replace("genes = \"sim/genes.gtf\"\n", "");
    plan.replace("[enrich]\n", "[enrich]\nenabled = false\n")
}

#[test]
fn a_cell_line_without_its_files_does_not_stop_the_others() {
    let place = Workplace::new();
    let file = place.path("epitrack.toml");
    let more = "[[cell]]\nname = \"C\"\npairs = \"sim/nowhere.csv\"\n\
                [[cell]]\nname = \"D\"\npairs = \"sim/pairs.csv\"\nadd = [\"x=nowhere.bw\"]\n";
    let text = short(more).replace("name = \"B\"", "name = \"B\"\nfootprints = \"nowhere.bed\"");
    std::fs::write(&file, text).unwrap();
    let (output, stdout, said) = run(&["run", arg(&file)]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        stdout.contains("\nA ") && !stdout.contains("\nB "),
        "{stdout}"
    );
    // At the beginning, and once more at the end.
    for (cell, missing) in [
        ("B", "nowhere.bed"),
        ("C", "nowhere.csv"),
        ("D", "nowhere.bw"),
    ] {
        let of_it =
            |line: &&str| line.contains(&format!("cell line {cell}: ")) && line.contains(missing);
        assert_eq!(said.lines().filter(of_it).count(), 2, "{cell}: {said}");
    }
    let last: Vec<&str> = said.lines().rev().take(3).collect();
    assert!(
        last[0].contains("cell line D: ")
            && last[1].contains("cell line C: ")
            && last[2].starts_with("error: cell line B: "),
        "{said}"
    );
    assert!(place.path("results/A/view.html").exists());
    assert!(place.text("results/hub/hub.txt").contains("hub"));
    assert_eq!(place.text("results/results.tsv").lines().count(), 2);
    // Alone, each is as if there were no others.
    succeed(&["run", arg(&file), "--cell", "A"]);
    let said = fail(&["run", arg(&file), "--cell", "C", "--step", "train"]);
    assert!(
        said.contains("error: cell line C: ") && !said.contains("nowhere.bed"),
        "{said}"
    );
    let said = fail(&["run", arg(&file), "--hub-only"]);
    assert!(
        said.contains("cell line B: ") && said.contains("cell line C: "),
        "{said}"
    );

    // What is given comes before what the file says, which need not be there.
    let text = place.text("epitrack.toml");
    let nowhere = "http://127.0.0.1:9/nowhere";
    let changed = text
        .replace("\"nowhere.bed\"", &format!("\"{nowhere}.bed\""))
        .replace("sim/motifs.jaspar", &format!("{nowhere}.jaspar"));
    assert_eq!(changed.matches(nowhere).count(), 2);
    std::fs::write(&file, changed).unwrap();
    let motifs = place.path("sim/motifs.jaspar");
    let peaks = place.text("sim/peaks.bed");
    let scored = peaks.lines().map(|row| format!("{row}\t7\n"));
    std::fs::write(place.path("scored.bed"), scored.collect::<String>()).unwrap();
    let footprints = format!("B={}", arg(&place.path("scored.bed")));
    let given = [
        "--cell",
        "B",
        "--footprints",
        footprints.as_str(),
        "--motifs",
        arg(&motifs),
        "--motif",
        "CTCF",
        "--seeds",
        "5",
    ];
    succeed(&[&["run", arg(&file)][..], &given].concat());
    assert!(
        place
            .path("results/B/repeats/B.seed5/metrics.json")
            .exists()
    );
    let tracks = place.text("results/B/tracks/tracks.json");
    assert!(
        tracks.contains("scored.bed") && tracks.contains("CTCF"),
        "{tracks}"
    );
    let said = fail(&["run", arg(&file), "--footprints", "X=y"]);
    assert!(said.contains("there is no cell line X"), "{said}");
}

#[test]
fn a_page_is_made_anew_where_other_things_are_to_be_on_it() {
    let place = Workplace::new();
    let file = place.path("epitrack.toml");
    let pairs = |top: &str, script: &str| {
        let view = format!("[view]\ntop = {top}\nigv_js = \"igv.js\"\n");
        std::fs::write(&file, format!("{}{view}", short(""))).unwrap();
        std::fs::write(place.path("igv.js"), script).unwrap();
        let (output, _, said) = run(&["run", arg(&file), "--cell", "A"]);
        assert!(output.status.success(), "{said}");
        let page = place.text("results/A/view.html");
        assert!(page.contains(script));
        let record: serde_json::Value =
            serde_json::from_str(&place.text("results/A/view.json")).unwrap();
        assert_eq!(record["pairs"].to_string(), top);
        (page, said.contains("A/view.html is complete"))
    };
    let (first, _) = pairs("3", "/* one */");
    assert_eq!(pairs("3", "/* one */"), (first.clone(), true));
    let (more, complete) = pairs("5", "/* one */");
    assert!(!complete && more.len() > first.len());
    assert!(!pairs("5", "/* two */").1);

    // Other tracks of one's own, other looks, another file of the same name.
    let added = |add: &str, row: &str| {
        std::fs::write(place.path("own.bed"), row).unwrap();
        let name = format!("name = \"A\"\nadd = [{add}]");
        std::fs::write(&file, short("").replace("name = \"A\"", &name)).unwrap();
        let (output, _, said) = run(&["run", arg(&file), "--cell", "A"]);
        assert!(output.status.success(), "{said}");
        said.contains("A/view.html is complete")
    };
    let (one, other) = ("chr1\t5000\t5100\n", "chr1\t5000\t5200\n");
    assert!(!added("", one));
    assert!(added("", other));
    assert!(!added("\"own=own.bed\"", one));
    assert!(added("\"own=own.bed\"", one));
    assert!(!added("\"own=own.bed,color=#8800aa\"", one));
    assert!(!added("\"own=own.bed,color=#8800aa\"", other));
    assert!(!added("", other));
}

/// What is said of a changed plan, of which nothing may be done.
fn refused(place: &Workplace, from: &str, to: &str) -> String {
    let file = place.path("epitrack.toml");
    let text = plan("").replacen(from, to, 1);
    assert!(text != plan(""), "{from}");
    std::fs::write(&file, text).unwrap();
    let said = fail(&["run", arg(&file)]);
    assert!(!place.path("results").exists(), "{said}");
    said
}

#[test]
fn a_file_that_makes_no_sense_is_refused_before_the_work() {
    let place = place();
    let with = |from: &str, to: &str| refused(&place, from, to);
    assert!(with("\"B\"", "\"../B\"").contains("../B"));
    assert!(with("\"B\"", "\"A\"").contains("twice"));
    assert!(with("name = \"B\"", "name = \"B\"\ndir = \"A\"").contains("folder of another"));
    assert!(with("filters", "filtres").contains("filtres"));
    assert!(with("other =", "\"../x\" =").contains("../x"));
    assert!(with("bam = \"sim/dnase.bam\"\n", "").contains("both are needed"));
    assert!(with("bam =", "footprints = \"sim/peaks.bed\"\nbam =").contains("has footprints, and"));
    assert!(with("[enrich]", "[sites]\nmotif = [\"CTC\"]\n[enrich]").contains("there are CTCF"));
    let two = "[sites]\nhomer = true\nscore = 7.5\n[enrich]";
    assert!(with("[enrich]", two).contains("[sites] has more than one"));
    assert!(with("[enrich]", "[view]\ntop = 0\n[enrich]").contains("page of no pairs"));
    assert!(with("motifs = [", "motifs = [\"nowhere.txt\", ").contains("nowhere.txt"));
    let said = with("sim/genes.gtf", "sim/peaks.bed");
    assert!(said.contains("peaks.bed: is neither GTF nor"), "{said}");
    let add = |to: &str| with("peaks=sim/peaks.bed,color=#8800aa", to);
    assert!(add("sim/peaks.bed").contains("has to be NAME=FILE"));
    assert!(add("peaks=sim/peaks.bed,color=red").contains("#8800aa"));
    assert!(add("peaks=sim/peaks.bed\", \"peaks=sim/truth.bed").contains("two of the tracks"));
    // What is shown with every cell line is a matter of all.
    let shared = |to: &str| with("seeds =", &format!("add = [\"{to}\"]\nseeds ="));
    assert!(shared("x=sim/nowhere.bed").contains("sim/nowhere.bed"));
    assert!(shared("peaks=sim/truth.bed").contains("two of the tracks"));
    assert!(with("permutations = 100", "permutations = 9").contains("permutations"));
    assert!(with("chr3", "chr77").contains("chr77"));
}

#[test]
fn what_no_step_could_use_is_refused_before_the_first() {
    let place = place();
    let with = |from: &str, to: &str| refused(&place, from, to);
    let before = |table: &str| with("[enrich]", &format!("{table}\n[enrich]"));
    let enrich = |line: &str| with("[enrich]", &format!("[enrich]\n{line}"));
    for draws in ["10", "100000000"] {
        let said = enrich(&format!("draws = {draws}"));
        assert!(said.contains("from 100 to 100000 draws"), "{said}");
    }
    for occupancy in ["-3", "0", "nan"] {
        let said = enrich(&format!("occupancy = {occupancy}"));
        assert!(said.contains("minimum occupancy"), "{said}");
    }
    assert!(enrich("string_info = \"sim/truth.bed\"").contains("no interactome"));
    for p in ["7", "0", "-1"] {
        let said = before(&format!("[sites]\np_value = {p}"));
        assert!(said.contains("is not a p-value"), "{said}");
    }
    assert!(before("[sites]\nscore = inf").contains("is not a score"));
    let rare = before("[sites]\nbackground = { given = [0, 0, 0, 1] }");
    assert!(rare.contains("cannot be the background"), "{rare}");
    assert!(before("[sites]\nhomer = true").contains("only HOMER's files"));
    assert!(before("[tracks]\ntop_regions = 99").contains("99 top regions"));
    assert!(before("[tracks]\ntop_regions = 0").contains("at least one top region"));
    // One training would count twice.
    assert!(with("seeds = [1, 2]", "seeds = [2, 1, 2]").contains("seeds has 2 twice"));
    let file = place.path("epitrack.toml");
    let said = fail(&["run", arg(&file), "--seeds", "5,6,5"]);
    assert!(said.contains("seeds has 5 twice"), "{said}");
}
