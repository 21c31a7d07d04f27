//! What several tests need.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use burn::tensor::Tensor;
use epitrack::network::device::{ComputeDevice, Probed};
use epitrack::network::model::{Epiann, Loss, Weights};

/// A network that trains in a second.
pub const SMALL: &str = "
[model]
enhancer_length = 200
promoter_length = 150
filters = 6
filter_width = 9
pool_width = 20
attention_dim = 4
top_k = 4
classifier_hidden = 4
coordinate_hidden = [4, 3]

[training]
epochs = 3
epoch_batches = 6
batch_positives = 8
batch_negatives = 8

[augmentation]
windows = 3
step = 10
";

/// The program.
pub fn epitrack() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_epitrack"));
    command.stdin(Stdio::null());
    command
}

/// Runs the program; standard output and error as text.
pub fn run(arguments: &[impl AsRef<OsStr> + std::fmt::Debug]) -> (Output, String, String) {
    let output = epitrack().args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    (output, stdout, stderr)
}

/// Runs the program, which must end well; its standard output.
pub fn succeed(arguments: &[impl AsRef<OsStr> + std::fmt::Debug]) -> String {
    let (output, stdout, stderr) = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    stdout
}

/// Runs the program, which must end with an error; what it said.
pub fn fail(arguments: &[impl AsRef<OsStr> + std::fmt::Debug]) -> String {
    let (output, _, stderr) = run(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    stderr
}

/// A path as an argument.
pub fn arg(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The files under a folder and their bytes.
pub fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let inside = files(&path).into_iter();
            found.extend(inside.map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}

/// A folder with a small simulated genome (`sim/`) and the settings of a small network
/// (`small.toml`).
pub struct Workplace {
    dir: tempfile::TempDir,
}

impl Workplace {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let place = Self { dir };
        std::fs::write(place.path("small.toml"), SMALL).unwrap();
        let out = place.path("sim");
        let sizes = [
            "--positives",
            "60",
            "--negatives",
            "90",
            "--chromosome-length",
            "400000",
        ];
        let mut arguments = vec!["simulate", "--out", arg(&out)];
        arguments.extend(sizes);
        succeed(&arguments);
        place
    }

    /// With a run and its tracks, in `run` and `tracks`.
    pub fn with_tracks() -> Self {
        let place = Self::new();
        place.trained("run", &[]);
        succeed(&place.tracks("run", "tracks", &[]));
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The texts of an SVG.
    pub fn drawn(&self, name: &str) -> Vec<String> {
        let svg = self.text(name);
        assert!(!svg.contains("NaN"), "{svg}");
        let tree = roxmltree::Document::parse(&svg).unwrap();
        let nodes = tree.descendants();
        let texts = nodes.filter(|node| node.tag_name().name() == "text");
        texts
            .map(|node| node.text().unwrap_or_default().to_string())
            .collect()
    }

    pub fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The arguments that train the small network into a folder.
    pub fn train(&self, out: &str) -> Vec<String> {
        let option = |name: &str, path: &str| [name.to_string(), arg(&self.path(path)).to_string()];
        let mut arguments = vec!["train".to_string()];
        arguments.extend(option("--pairs", "sim/pairs.csv"));
        arguments.extend(option("--reference", "sim/genome.fa"));
        arguments.extend(option("--config", "small.toml"));
        arguments.extend(option("--out", out));
        arguments.extend(["--device", "cpu"].map(str::to_string));
        arguments
    }

    /// The arguments that write the tracks of a run into a folder.
    pub fn tracks(&self, run: &str, out: &str, more: &[&str]) -> Vec<String> {
        let (run, out) = (self.path(run), self.path(out));
        let arguments = ["tracks", arg(&run), "--out", arg(&out), "--device", "cpu"];
        arguments
            .iter()
            .chain(more)
            .map(|text| text.to_string())
            .collect()
    }

    /// Trains the small network into a folder.
    pub fn trained(&self, out: &str, more: &[&str]) {
        let mut arguments = self.train(out);
        arguments.extend(more.iter().map(|more| more.to_string()));
        succeed(&arguments);
    }
}

/// The values of a tensor, row by row.
pub fn values<const D: usize>(tensor: &Tensor<D>) -> Vec<f32> {
    tensor.to_data().iter::<f32>().collect()
}

/// The gradient of a loss by each parameter of a network, under the parameter's name.
pub fn gradients(network: &Epiann, loss: &Loss) -> Weights {
    let mut gradients = loss.total.backward();
    let named = network.clone();
    let named = named.updated(&mut gradients, |arrays| {
        arrays.into_iter().map(|array| array.gradient).collect()
    });
    named.weights().unwrap()
}

/// Says that a test, or a part of it, could not run. Written past the test runner, which keeps
/// what `eprintln!` says about tests that pass to itself.
pub fn skipped(test: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
}

/// A WGPU device, a software one too; none, and a word about it, where there is none that works
/// and `EPITRACK_REQUIRE_WGPU` does not ask for one. The adapters are tried in a process of their
/// own, which a driver may crash.
pub fn wgpu(test: &str) -> Option<ComputeDevice> {
    static PROBED: OnceLock<Option<Probed>> = OnceLock::new();
    let probed = PROBED.get_or_init(|| {
        let output = epitrack()
            .args(["probe-device", "--software"])
            .output()
            .ok()?;
        let answer: Result<Option<Probed>, String> = serde_json::from_slice(&output.stdout).ok()?;
        answer.ok()?
    });
    if probed.is_none() {
        let required = std::env::var_os("EPITRACK_REQUIRE_WGPU").is_some();
        assert!(!required, "{test}: no WGPU adapter works here");
        skipped(test, "no WGPU adapter works here");
    }
    probed.clone().map(ComputeDevice::wgpu)
}
