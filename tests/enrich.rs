//! What lies under the attention: annotated top regions, and the analyses of a run.

use std::collections::BTreeSet;

use epitrack::genome::{Reference, Region};
use epitrack::motifs::{self, Background, Scanner, Threshold};
use epitrack::network::device::ComputeDevice;
use epitrack::network::inference::for_each_of;
use epitrack::run::Run;

use crate::support::{Workplace, arg, fail, files, succeed};

/// A run, and footprints called in the simulated reads.
fn place() -> Workplace {
    let place = Workplace::new();
    place.trained("run", &[]);
    let paths = ["sim/dnase.bam", "sim/peaks.bed", "footprints"].map(|name| place.path(name));
    let [bam, peaks, out] = paths.each_ref().map(|path| arg(path));
    let arguments = ["--bam", bam, "--regions", peaks, "--out", out];
    succeed(&[&["footprints", "call"], &arguments[..]].concat());
    place
}

fn enrich(place: &Workplace, out: &str, more: &[&str]) -> Vec<String> {
    let paths = ["run", out, "sim/motifs.jaspar"].map(|name| place.path(name));
    let [run, out, motifs] = paths.each_ref().map(|path| arg(path));
    let arguments = ["enrich", run, "--out", out, "--motifs", motifs];
    let arguments = arguments
        .iter()
        .chain(&["--device", "cpu", "--draws", "100"])
        .chain(&["--permutations", "100"]);
    let arguments = arguments.chain(more);
    arguments.map(|text| text.to_string()).collect()
}

/// The sites and footprints of every region, looked for again in the region alone.
#[test]
fn tracks_tell_what_lies_in_top_regions() {
    let place = place();
    let paths = ["sim/motifs.jaspar", "footprints.bed"].map(|name| place.path(name));
    let [matrices, footprints] = paths.each_ref().map(|path| arg(path));
    let more = ["--motifs", matrices, "--footprints", footprints];
    succeed(&place.tracks("run", "tracks", &more));

    let matrices = motifs::read(&place.path("sim/motifs.jaspar")).unwrap();
    let background = Background::uniform();
    let scanner = Scanner::new(&matrices, &background, Threshold::PValue(1e-4)).unwrap();
    let mut reference = Reference::open(place.path("sim/genome.fa")).unwrap();
    let chroms = reference.chroms().clone();
    let called: Vec<(String, u32, u32, f32)> = place
        .text("footprints.bed")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let number = |at: usize| fields[at].parse().unwrap();
            (
                fields[0].to_string(),
                number(1),
                number(2),
                fields[6].parse().unwrap(),
            )
        })
        .collect();
    assert!(!called.is_empty());
    let (mut sites, mut occupied) = (0, 0);
    for line in place.text("tracks/top_regions.bed").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let (start, end) = (fields[1].parse().unwrap(), fields[2].parse().unwrap());
        let (chrom, _) = chroms.find(fields[0]).unwrap();
        let codes = reference.codes(Region { chrom, start, end }).unwrap();
        let hits = scanner.scan(&codes);
        sites += hits.len();
        let told: Vec<(&str, u32)> = fields[15]
            .split(',')
            .filter(|site| *site != "none")
            .map(|site| {
                let parts: Vec<&str> = site.split('|').collect();
                (parts[1], parts[3].parse().unwrap())
            })
            .collect();
        let wanted: Vec<(&str, u32)> = hits
            .iter()
            .map(|hit| (&*matrices[hit.matrix as usize].id, hit.start))
            .collect();
        assert_eq!(told, wanted, "{line}");

        let over = |base: u32| {
            let over = called
                .iter()
                .filter(|(name, from, to, _)| name == fields[0] && (*from..*to).contains(&base));
            over.map(|footprint| footprint.3).fold(0.0, f32::max)
        };
        let scores: Vec<f32> = (start..end).map(over).collect();
        let bases = scores.iter().filter(|score| **score > 0.0).count();
        let best = scores.into_iter().fold(0.0, f32::max);
        assert_eq!(fields[16].parse::<f32>().unwrap(), best, "{line}");
        assert_eq!(fields[17].parse::<usize>().unwrap(), bases, "{line}");
        occupied += usize::from(bases > 0);
    }
    assert!(sites > 0 && occupied > 0, "{sites} {occupied}");
    let table = place.text("tracks/top_region_sites.tsv");
    assert_eq!(table.lines().count(), sites + 1);
    assert!(place.text("tracks/tracks.json").contains("motifs.jaspar"));
}

#[test]
fn a_run_is_analysed_and_the_threads_change_nothing() {
    let place = place();
    let paths = ["footprints.bw", "sim/interactome.tab3.txt"].map(|name| place.path(name));
    let [footprints, interactome] = paths.each_ref().map(|path| arg(path));
    let more = ["--footprints", footprints, "--interactome", interactome];
    succeed(&enrich(
        &place,
        "one",
        &[&more[..], &["--threads", "1"]].concat(),
    ));
    succeed(&enrich(
        &place,
        "two",
        &[&more[..], &["--threads", "2"]].concat(),
    ));
    let names = |dir: &str| -> Vec<String> {
        let files = std::fs::read_dir(place.path(dir)).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    assert_eq!(names("one"), names("two"));
    for file in [
        "analysis.json",
        "captured.tsv",
        "occupancy_profile.tsv",
        "report.html",
    ] {
        assert!(names("one").contains(&file.to_string()), "{file}");
    }
    for file in names("one") {
        let [one, two] =
            ["one", "two"].map(|dir| std::fs::read(place.path(dir).join(&file)).unwrap());
        assert!(one == two, "{file}");
    }
    let table = place.text("one/captured.tsv");
    let rows: Vec<&str> = table.lines().skip(1).collect();
    let matrices = motifs::read(&place.path("sim/motifs.jaspar"))
        .unwrap()
        .len();
    // All sites and occupied ones, of both sides and both classes.
    assert_eq!(rows.len(), 8 * matrices);
    for row in rows {
        let fields: Vec<&str> = row.split('\t').collect();
        let count = |at: usize| fields[at].parse::<u64>().unwrap();
        assert!(count(8) <= count(7), "{row}");
        assert_eq!(fields[9] == "made", !fields[15].is_empty(), "{row}");
    }
    let text = place.text("one/analysis.json");
    let summary: serde_json::Value = serde_json::from_str(&text).unwrap();
    let report = place.text("one/report.html");
    assert!(report.contains("<svg"));
    assert!(report.contains(summary["weights"]["sha256"].as_str().unwrap()));
    // Readers keep the last of two fields of one name, and lose the other.
    let names = text.lines().filter(|line| line.starts_with("  \""));
    assert_eq!(names.count(), summary.as_object().unwrap().len());
}

/// Ranked by contribution, what is captured is what lies in the regions that tracks rank so.
#[test]
fn regions_may_be_those_that_answers_rest_on() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let matrices = place.path("sim/motifs.jaspar");
    let more = ["--rank", "contribution", "--motifs", arg(&matrices)];
    succeed(&place.tracks("run", "tracks", &more));
    succeed(&enrich(&place, "attention", &["--controls", "1"]));
    let more = ["--controls", "1", "--rank", "contribution"];
    succeed(&enrich(&place, "contribution", &more));

    let table = place.text("contribution/captured.tsv");
    assert_ne!(table, place.text("attention/captured.tsv"));
    let rows = table
        .lines()
        .map(|row| row.split('\t').collect::<Vec<&str>>());
    let all = rows.filter(|row| row[2] == "all");
    let inside: usize = all.map(|row| row[8].parse::<usize>().unwrap()).sum();
    let sites = place.text("tracks/top_region_sites.tsv");
    // A palindrome is one site, though it matches on both strands.
    let distinct: BTreeSet<[&str; 4]> = sites
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            [fields[5], fields[3], fields[9], fields[11]]
        })
        .collect();
    assert!(inside > 0);
    assert_eq!(inside, distinct.len());

    let summary = place.text("contribution/analysis.json");
    assert!(summary.contains("\"rank\": \"contribution\""), "{summary}");
    assert!(!place.text("attention/analysis.json").contains("\"rank\""));
    let report = place.text("contribution/report.html");
    assert!(report.contains("What lies under the contributions of"));
}

#[test]
fn the_windows_of_a_run_are_scanned() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let paths = ["run", "sim/motifs.jaspar", "sites.bed"].map(|name| place.path(name));
    let [run, matrices, out] = paths.each_ref().map(|path| arg(path));
    let arguments = [
        "motifs", "scan", "--run", run, "--motifs", matrices, "--out", out,
    ];
    succeed(&arguments);
    let text = place.text("sites.json");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    // 150 pairs of windows of 200 and 150 bases, merged where they overlap.
    let bases = json["bases"].as_u64().unwrap();
    assert!((30_000..=150 * 350).contains(&bases), "{bases}");
    assert!(place.text("sites.bed").lines().count() > 100);
    assert!(text.contains("pairs.csv"));
}

#[test]
fn what_was_not_given_is_said_and_not_computed() {
    let place = Workplace::new();
    place.trained("run", &[]);
    // The name of an earlier version is still understood.
    succeed(&enrich(&place, "out", &["--normalise", "peak"]));
    let report = place.text("out/report.html");
    assert!(report.contains("no footprints were given"));
    assert!(report.contains("no interactome was given"));
    assert!(!place.path("out/occupancy_profile.svg").exists());
    // Each figure has three forms, which the report names.
    let written = files(&place.path("out"));
    let figures = written.keys().filter_map(|file| file.strip_suffix(".svg"));
    let figures: Vec<&str> = figures.collect();
    assert!(!figures.is_empty());
    for figure in figures {
        for form in ["svg", "pdf", "png"] {
            let file = format!("{figure}.{form}");
            assert!(
                written.contains_key(&file) && report.contains(&file),
                "{file}"
            );
        }
    }
}

#[test]
fn bad_inputs_are_refused_before_the_work() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let write = |name: &str, text: &str| {
        std::fs::write(place.path(name), text).unwrap();
        place.path(name)
    };
    let footprints = write("bad.bed", "chr1\t10\t20\tx\t-30\nchr1\t10\t20\tx\tmany\n");
    let said = fail(&enrich(&place, "out", &["--footprints", arg(&footprints)]));
    assert!(said.contains("2 rows are bad"), "{said}");
    let interactome = write("bad.tsv", "A\tB\tC\tD\nE\n");
    let said = fail(&enrich(
        &place,
        "out",
        &["--interactome", arg(&interactome)],
    ));
    assert!(said.contains("bad.tsv"), "{said}");
    let matrices = write("bad.motif", ">AC\tX\t1\n0 0 0 0\n.25 .25 .25 -.25\n");
    let said = fail(&enrich(&place, "out", &["--motifs", arg(&matrices)]));
    assert!(said.contains("bad.motif"), "{said}");
    assert!(!place.path("out/report.html").exists());
}

/// The report's first sentence is whether the network predicts, and its numbers stand beside those
/// of networks that never trained.
#[test]
fn findings_stand_beside_controls() {
    let place = Workplace::new();
    place.trained("run", &[]);
    succeed(&enrich(&place, "first", &["--controls", "0"]));
    let report = place.text("first/report.html");
    assert!(report.contains("there is no evaluation of these weights"));
    assert!(report.contains("no controls were asked for"));
    assert!(!place.path("first/controls.tsv").exists());

    succeed(&["evaluate", arg(&place.path("run")), "--device", "cpu"]);
    let json =
        |file: &str| -> serde_json::Value { serde_json::from_str(&place.text(file)).unwrap() };
    let more = ["--controls", "3", "--shuffled-labels", "2"];
    succeed(&enrich(&place, "second", &more));
    let report = place.text("second/report.html");
    let low = json("run/metrics.json")["test"]["auroc"]["low"].as_f64();
    let better = low.is_some_and(|low| low > 0.5);
    let sentence = report
        .find("AUROC on pairs that it was not trained on is")
        .unwrap();
    let says = match low {
        Some(_) if better => "it predicts held-out chromosomes better than chance",
        Some(_) => "it does not predict held-out chromosomes better than chance",
        None => "better than chance cannot be told from so few",
    };
    assert!(report.contains(says), "{says}");
    assert_eq!(report.contains("nothing below is a finding"), !better);
    assert!(report.contains("is explained by the partner"));
    assert!(
        sentence
            < report
                .find("matrices have more sites")
                .unwrap_or(usize::MAX)
    );

    let table = place.text("second/controls.tsv");
    let header = "control\tnumber\tseed\telement\tpairs\tmeasure\tvalue";
    assert_eq!(table.lines().next(), Some(header));
    let count = |control: &str| {
        let lines = table.lines().filter(|line| line.starts_with(control));
        lines
            .filter(|line| line.contains("tf_pairs_tested"))
            .count()
    };
    let counts = ["analysis\t", "untrained\t", "shuffled_labels\t"].map(count);
    assert_eq!(counts, [1, 3, 2]);
    let summary = json("second/analysis.json");
    assert_eq!(summary["untrained_networks"], 3);
    // Three numbers of each side and class, and five of pairs of factors.
    assert_eq!(summary["controls"].as_array().unwrap().len(), 17);
    let called = table.lines().find(|line| line.contains("tf_pairs_called"));
    let called: usize = called.map_or(0, |line| {
        let value = line.split('\t').nth(6).unwrap();
        value.parse::<f64>().map_or(0, |value| value as usize)
    });
    assert!(summary["tf_pairs_enriched"].as_u64().unwrap() as usize <= called);
    // What is called enriched is beyond every untrained network.
    let captured = place.text("second/captured.tsv");
    for side in summary["captured"].as_array().unwrap() {
        let class = if side["positive"] == true {
            "positive"
        } else {
            "negative"
        };
        for id in side["enriched"].as_array().unwrap() {
            let mut rows = captured
                .lines()
                .map(|line| line.split('\t').collect::<Vec<_>>());
            let row = rows.find(|row| {
                [row[0], row[1], row[2]] == [side["element"].as_str().unwrap(), class, "all"]
                    && row[3] == id.as_str().unwrap()
            });
            let row = row.unwrap();
            let number = |at: usize| row[at].parse::<f64>().unwrap();
            assert!(number(17) <= 0.05 && number(10) > number(19), "{row:?}");
        }
    }
}

/// Several networks at once say what each says alone.
#[test]
fn networks_run_together_as_alone() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let run = Run::open(&place.path("run")).unwrap();
    let device = ComputeDevice::cpu();
    let (mut reference, _) = run.open_reference(None).unwrap();
    let table = run.read_table(None, &reference.chroms().clone()).unwrap();
    let untrained = |seed| run.untrained(seed, &device).unwrap();
    let predictors = [run.predictor(&device).unwrap(), untrained(7), untrained(8)];
    let mut together = Vec::new();
    for_each_of(
        &predictors,
        &mut reference,
        &table.windows,
        |pair, network, found| {
            together.push((pair, network, found));
            Ok(())
        },
    )
    .unwrap();
    assert_eq!(together.len(), 3 * table.windows.len());
    for (number, predictor) in predictors.iter().enumerate() {
        let mut alone = Vec::new();
        let each = |pair, found| {
            alone.push((pair, number, found));
            Ok(())
        };
        predictor
            .for_each(&mut reference, &table.windows, each)
            .unwrap();
        let same: Vec<_> = together
            .iter()
            .filter(|of| of.1 == number)
            .cloned()
            .collect();
        assert_eq!(same, alone);
    }
    // Three networks and not one.
    assert_ne!(together[0].2, together[1].2);
    assert_ne!(together[1].2, together[2].2);
}
