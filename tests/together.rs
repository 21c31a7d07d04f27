//! Two processes at one place, and folders of another kind: one wins, nothing is mixed, nothing is lost.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::support::{Workplace, arg, epitrack, fail, files, run, succeed};

fn begin(arguments: &[String]) -> Child {
    epitrack()
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Ends well, or with the error that another process writes there; whether well.
fn ended(child: Child) -> bool {
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{said}");
    let busy = said.contains(": --wait waits until it is done");
    // Another that was done first is told as such: its work is there.
    let other = said.contains("of other settings, inputs or another device");
    assert!(output.status.success() || busy || other, "{said}");
    output.status.success()
}

/// The arguments that look for the simulation's motifs in its genome.
fn scan(place: &Workplace, out: &str, more: &[&str]) -> Vec<String> {
    let [motifs, genome, out] =
        ["sim/motifs.jaspar", "sim/genome.fa", out].map(|of| place.path(of));
    let files = [
        "--motifs",
        arg(&motifs),
        "--reference",
        arg(&genome),
        "--out",
        arg(&out),
    ];
    let all = ["motifs", "scan"].into_iter().chain(files);
    all.chain(more.iter().copied())
        .map(str::to_string)
        .collect()
}

fn hidden(dir: &Path) -> Vec<String> {
    let names = files(dir).into_keys();
    names
        .filter(|name| name.rsplit('/').next().unwrap().starts_with('.'))
        .collect()
}

#[test]
fn of_two_at_once_one_wins_and_its_files_are_as_if_it_were_alone() {
    let place = Workplace::new();
    let scan = |out: &str, score: &str| scan(&place, out, &["--score", score]);
    let train = |out: &str, seed: &str| {
        let mut arguments = place.train(arg(&place.path(out)));
        arguments.extend(["--seed", seed].map(str::to_string));
        arguments
    };
    for (seed, score) in [("1", "9"), ("2", "8")] {
        succeed(&train(&format!("alone/run{seed}"), seed));
        fs::create_dir_all(place.path(&format!("alone/sites{score}"))).unwrap();
        succeed(&scan(&format!("alone/sites{score}/x.bed"), score));
    }
    for round in 0..6 {
        let (run, sites) = (format!("round{round}/run"), format!("round{round}/sites"));
        fs::create_dir_all(place.path(&sites)).unwrap();
        let out = format!("{sites}/x.bed");
        let trains = [begin(&train(&run, "1")), begin(&train(&run, "2"))];
        let scans = [begin(&scan(&out, "9")), begin(&scan(&out, "8"))];
        let trained = trains.map(ended);
        let scanned = scans.map(ended);
        assert!(trained != [false, false] && scanned != [false, false]);
        let same = |got: &str, of: [&str; 2]| {
            let got = files(&place.path(got));
            of.iter().any(|alone| {
                let alone = files(&place.path(alone));
                let differ = |name: &String| {
                    got[name] != alone[name] && name != "history.csv" && name != "history_mqc.json"
                };
                got.keys().eq(alone.keys()) && !got.keys().any(differ)
            })
        };
        assert!(
            same(&run, ["alone/run1", "alone/run2"]),
            "{:?}",
            files(&place.path(&run)).keys()
        );
        assert!(same(&sites, ["alone/sites9", "alone/sites8"]));
    }
}

#[test]
fn who_waits_goes_on_when_the_other_is_done() {
    let place = Workplace::new();
    let arguments = place.train(arg(&place.path("run")));
    let first = begin(&arguments);
    let lock = place.path("run/.epitrack.lock");
    let begun = Instant::now();
    while !lock.exists() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let waiting: Vec<String> = arguments
        .iter()
        .cloned()
        .chain(["--wait".to_string()])
        .collect();
    let second = begin(&waiting);
    assert!(ended(first) && ended(second));
    assert!(hidden(&place.path("run")).is_empty());
}

/// Every command that writes into a folder, against a folder of every kind.
#[test]
fn no_command_writes_into_a_folder_of_another_kind() {
    let place = Workplace::new();
    place.trained("run", &["--epochs", "1"]);
    succeed(&["evaluate", arg(&place.path("run")), "--device", "cpu"]);
    succeed(&place.tracks("run", "tracks", &[]));
    let [run_dir, tracks, hub, pairs, genome] =
        ["run", "tracks", "hub", "sim/pairs.csv", "sim/genome.fa"].map(|of| place.path(of));
    succeed(&[
        "hub",
        arg(&tracks),
        "--out",
        arg(&hub),
        "--email",
        "me@example.org",
    ]);
    let text =
        |parts: &[&str]| -> Vec<String> { parts.iter().map(|part| part.to_string()).collect() };
    let leakage = text(&[
        "pairs",
        "leakage",
        "--pairs",
        arg(&pairs),
        "--reference",
        arg(&genome),
        "--split",
        "random",
    ]);
    let train = place.train("x");
    let train: Vec<String> = train[..train.len() - 4]
        .iter()
        .chain(&train[train.len() - 2..])
        .cloned()
        .collect();
    let commands = [
        ("run", train.clone()),
        (
            "tune",
            [
                text(&["tune", "--search", "random", "--trials", "2"]),
                train[1..].to_vec(),
            ]
            .concat(),
        ),
        (
            "tracks",
            text(&["tracks", arg(&run_dir), "--device", "cpu"]),
        ),
        (
            "hub",
            text(&["hub", arg(&tracks), "--email", "me@example.org"]),
        ),
        ("sim", text(&["simulate", "--positives", "60"])),
        ("leakage", leakage),
        (
            "enrichment",
            text(&[
                "enrich",
                arg(&run_dir),
                "--motifs",
                arg(&place.path("sim/motifs.jaspar")),
                "--device",
                "cpu",
            ]),
        ),
        (
            "shard",
            text(&["tracks", arg(&run_dir), "--device", "cpu", "--shard", "1/2"]),
        ),
    ];
    for (kind, command) in &commands {
        for target in ["run", "tracks", "hub", "sim"] {
            if kind == &target {
                continue;
            }
            let before = files(&place.path(target));
            let mut arguments = command.clone();
            arguments.extend(text(&["--out", arg(&place.path(target))]));
            let (output, _, said) = run(&arguments);
            assert!(!output.status.success(), "{arguments:?}");
            assert!(
                said.contains("choose another folder"),
                "{kind} into {target}: {said}"
            );
            assert_eq!(files(&place.path(target)), before, "{kind} into {target}");
        }
    }
    // Nor over a file that a folder lives from.
    let motifs = place.path("sim/motifs.jaspar");
    let before = files(&place.path("run"));
    let sites = text(&[
        "motifs",
        "scan",
        "--motifs",
        arg(&motifs),
        "--reference",
        arg(&genome),
        "--score",
        "9",
    ]);
    for (command, out) in [
        (&sites, "run/run"),
        (
            &text(&["view", arg(&tracks), "--genome", "x"]),
            "run/run.json",
        ),
        (
            &text(&["plot", "roc", arg(&run_dir)]),
            "run/model.safetensors",
        ),
    ] {
        let mut arguments = command.clone();
        arguments.extend(text(&["--out", arg(&place.path(out))]));
        let (output, _, said) = run(&arguments);
        assert!(!output.status.success(), "{arguments:?}: {said}");
        assert!(said.contains("is a part of a run"), "{said}");
    }
    assert_eq!(files(&place.path("run")), before);
}

#[test]
fn an_input_is_never_the_output() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let loops = "chr1\t900\t2100\tchr1\t89000\t92000\n";
    let files = [
        ("enh.bed", "chr1\t1000\t2000\nchr1\t50000\t51000\n"),
        ("pro.bed", "chr1\t90000\t91000\nchr1\t20000\t21000\n"),
        ("g.sizes", "chr1\t100000\n"),
        ("loops.csv", loops),
    ];
    let [enhancers, promoters, sizes, table] = files.map(|(name, text)| write(name, text));
    let make = |out: &Path| {
        let files = [("--enhancers", &enhancers), ("--promoters", &promoters)];
        let files = files
            .into_iter()
            .chain([("--chrom-sizes", &sizes), ("--loops", &table)]);
        let files = files.flat_map(|(option, path)| [option, arg(path)]);
        let all = ["pairs", "make", "--negatives", "all", "--out", arg(out)];
        all.into_iter()
            .chain(files)
            .map(str::to_string)
            .collect::<Vec<_>>()
    };
    let said = fail(&make(&dir.path().join(".").join("loops.csv")));
    assert!(
        said.contains("loops.csv is an input and would be replaced"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(&table).unwrap(), loops);
    succeed(&make(&dir.path().join("pairs.csv")));
}

/// Told to stop, a command leaves nothing unfinished, says so in its exit code, and ends with the same
/// bytes when it is given again.
#[cfg(unix)]
#[test]
fn a_stopped_command_leaves_nothing_unfinished() {
    let place = Workplace::new();
    place.trained("run", &["--epochs", "1"]);
    let alone = place.tracks("run", "alone", &["--contributions"]);
    succeed(&alone);
    let arguments = place.tracks("run", "tracks", &["--contributions"]);
    let mut stopped = 0;
    for (wait, signal, code) in [
        (5, "INT", 130),
        (40, "TERM", 143),
        (90, "INT", 130),
        (160, "TERM", 143),
        (20, "HUP", 129),
    ] {
        let child = begin(&arguments);
        std::thread::sleep(Duration::from_millis(wait));
        let killed = std::process::Command::new("kill")
            .arg(format!("-{signal}"))
            .arg(child.id().to_string())
            .status();
        assert!(killed.unwrap().success());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.code() == Some(code) {
            assert!(said.contains("stopped; the same command goes on"), "{said}");
            stopped += 1;
        }
        if place.path("tracks").exists() {
            assert!(
                hidden(&place.path("tracks")).is_empty(),
                "{:?}",
                hidden(&place.path("tracks"))
            );
        }
    }
    assert!(stopped > 0, "the command was too fast to be stopped");
    succeed(&arguments);
    assert_eq!(files(&place.path("tracks")), files(&place.path("alone")));
}

/// A signal ends a command though nobody reads what it says, and not where its caller wants it to live.
#[cfg(unix)]
#[test]
fn a_signal_is_heard_by_whoever_should() {
    let place = Workplace::new();
    let kill = |child: &Child, run: &str, signal: &str| {
        // Once it works, it hears.
        let begun = Instant::now();
        while !place.path(run).exists() && begun.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let id = child.id().to_string();
        let sent = std::process::Command::new("kill")
            .args([signal, &id])
            .status();
        assert!(sent.unwrap().success());
    };
    let long = ["--epochs", "4000", "--patience", "4000"].map(str::to_string);
    let arguments = [place.train(arg(&place.path("run"))), long.to_vec()].concat();
    let mut child = begin(&arguments);
    drop(child.stderr.take());
    kill(&child, "run", "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(143));

    let some = ["--epochs", "60", "--patience", "60"].map(str::to_string);
    let short = [place.train(arg(&place.path("kept"))), some.to_vec()].concat();
    let child = std::process::Command::new("sh")
        .args([
            "-c",
            "trap '' HUP; exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_epitrack"),
        ])
        .args(&short)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    kill(&child, "kept", "-HUP");
    assert!(child.wait_with_output().unwrap().status.success());
}

/// A folder of work is not disturbed by work in the folder around it.
#[test]
fn work_inside_a_folder_goes_on_while_the_folder_is_written() {
    let place = Workplace::new();
    let simulate = |out: &str| -> Vec<String> {
        let out = place.path(out);
        ["simulate", "--positives", "200", "--out", arg(&out)]
            .map(str::to_string)
            .to_vec()
    };
    for _ in 0..3 {
        let inside = begin(&simulate("around/inside"));
        let around = begin(&simulate("around"));
        assert!(ended(inside) && ended(around));
        fs::remove_dir_all(place.path("around")).unwrap();
    }
}

/// A file that may not grow is as a full disk: one error, and nothing half there.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_error_and_leaves_nothing() {
    let place = Workplace::new();
    place.trained("run", &["--epochs", "1"]);
    // Indexes the reference.
    succeed(&scan(&place, "sites.bed", &["--score", "9"]));
    let scan = scan(&place, "s.bed", &["--score", "2", "--bigbed"]);
    let tracks = place.tracks("run", "tracks", &[]);
    for (arguments, dir, blocks) in [
        (&tracks, "tracks", 8),
        (&tracks, "tracks", 24),
        (&scan, ".", 200),
    ] {
        let output = std::process::Command::new("sh")
            .args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" \"$@\"")])
            .arg(env!("CARGO_BIN_EXE_epitrack"))
            .args(arguments)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{blocks}: {said}");
        assert!(said.contains("File too large"), "{blocks}: {said}");
        assert!(!said.contains("panicked"), "{said}");
        assert!(
            hidden(&place.path(dir)).is_empty(),
            "{:?}",
            hidden(&place.path(dir))
        );
        assert!(!place.path("tracks/tracks.json").exists() && !place.path("s.json").exists());
    }
}

/// A disk that breaks and a quota that is used up, at whatever byte.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fails_is_one_error_and_leaves_nothing() {
    let place = Workplace::new();
    let shim = place.path("failing_writes.so");
    let source = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/failing_writes.c"
    );
    let compiled = std::process::Command::new("cc")
        .args(["-shared", "-fPIC", "-o", arg(&shim), source, "-ldl"])
        .status();
    if !compiled.is_ok_and(|status| status.success()) {
        return super::support::skipped("a_disk_that_fails", "there is no C compiler");
    }
    place.trained("run", &["--epochs", "1"]);
    let tracks = place.tracks("run", "tracks", &[]);
    let sites = scan(&place, "sites.bed.gz", &["--score", "4", "--bigbed"]);
    let train = place.train(arg(&place.path("other")));
    succeed(&scan(&place, "x.bed", &["--score", "9"]));
    for (error, words) in [("5", "Input/output error"), ("122", "Disk quota exceeded")] {
        for (arguments, dir) in [(&tracks, "tracks"), (&sites, "."), (&train, "other")] {
            for bytes in ["100", "3000", "9000", "30000"] {
                let output = epitrack()
                    .args(arguments)
                    .envs([
                        ("LD_PRELOAD", arg(&shim)),
                        ("BYTES", bytes),
                        ("ERROR", error),
                    ])
                    .output()
                    .unwrap();
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(!said.contains("panicked"), "{said}");
                if !output.status.success() {
                    assert_eq!(output.status.code(), Some(1), "{bytes}: {said}");
                    assert!(said.contains(words), "{bytes}: {said}");
                }
                if place.path(dir).exists() {
                    let left = hidden(&place.path(dir));
                    assert!(left.is_empty(), "{bytes}: {left:?}");
                }
            }
            // What was not finished is done as if nothing had been.
            succeed(arguments);
        }
        for path in ["tracks", "other"] {
            fs::remove_dir_all(place.path(path)).unwrap();
        }
    }
}
