"""What a graphics card does with epitrack: on a bare machine with the release binary and PyTorch.

Prints the figures and writes them as JSON: training and inference beside PyTorch, eager and
compiled, the kernels of a training step, start-up, `train` and `tracks` of a simulated cell line,
mutagenesis, and the tests that run on WGPU. It needs no network and ends within four minutes: what would take
longer is stopped, and said to be. Compiled PyTorch, which compiles for longer than all the rest takes,
comes last.
Run it through `just bench-gpu`, or copy this folder and the two binaries to the machine.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEER = Path(__file__).with_name("epiann.py")
TESTS = [
    "kernels::every_kernel_on_wgpu",
    "products_on_every_device",
    "odd_sizes_on_wgpu",
    "reference::on_wgpu",
    "contribution::on_wgpu",
]
# Pairs of which every base is exchanged, in a run that is mostly start-up and in a longer one.
FEW, MANY = 32, 288
# Pairs of the simulated cell line.
POSITIVES, NEGATIVES = 1250, 25000


class Clock:
    """What is left of the minutes that all of it may take."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def run(self, command, **options):
        """How long a command takes, what it prints, and whether it ended well and in time."""
        begun = time.perf_counter()
        command = [str(part) for part in command]
        left = max(self.end - time.monotonic(), 0)
        try:
            done = subprocess.run(command, text=True, capture_output=True, timeout=left, **options)
        except subprocess.TimeoutExpired:
            print(f"{command} was stopped: no time was left", file=sys.stderr)
            return time.perf_counter() - begun, "", False
        if done.returncode != 0:
            print(f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}", file=sys.stderr)
        return time.perf_counter() - begun, done.stdout, done.returncode == 0


def seconds(results):
    """The seconds of each kind of work and batch."""
    results = json.loads(results)["results"]
    return {f"{result['what']} {result['batch']}": result["seconds"] for result in results}


def ours(run, program, batches, folder):
    figures = Path(folder) / "bench.json"
    command = [program, "bench", "--quiet", "--device", "wgpu", "--batches", *batches]
    return seconds(figures.read_text()) if run([*command, "--json", figures])[2] else {}


def pytorch(run, device, batches, *more):
    """Batch by batch, so that what there was time for is kept."""
    found = {}
    for batch in batches:
        command = [sys.executable, PEER, "--device", device, "--batches", batch, *more]
        _, text, well = run(command)
        found |= seconds(text) if well else {f"{batch}": None}
    return found


def start_up(run, program, folder):
    """Seconds from the command to its end, of trying the adapters and of one pair's first steps; the
    second time drivers may have kept their programs."""
    config = Path(folder) / "one.toml"
    config.write_text("[training]\nepochs = 1\nepoch_batches = 1\n")
    data = simulated(run, program, folder, "few", 40, 80)
    times = {"probe": [], "train, one step": []}
    for turn in range(2):
        times["probe"].append(run([program, "probe-device"])[0])
        out = Path(folder) / f"first{turn}"
        command = [program, "train", "--pairs", data / "pairs.csv", "--reference", data / "genome.fa"]
        command += ["--config", config, "--split", "random", "--device", "wgpu", "--out", out]
        times["train, one step"].append(run(command)[0])
    return times


def simulated(run, program, folder, name, positives, negatives):
    out = Path(folder) / name
    command = [program, "simulate", "--out", out, "--positives", positives, "--negatives", negatives]
    # Room for all windows on the simulated chromosomes.
    run([*command, "--depth", "0.01", "--chromosome-length", max(2_000_000, 1200 * (positives + negatives))])
    return out


def cell_line(run, program, device, folder):
    """Seconds of training an epoch of 200 batches, and of all pairs' tracks."""
    data = Path(folder) / "cell"
    if not data.exists():
        simulated(run, program, folder, "cell", POSITIVES, NEGATIVES)
    out = Path(folder) / f"run-{device}"
    common = ["--device", device]
    command = [program, "train", "--pairs", data / "pairs.csv", "--reference", data / "genome.fa"]
    command += ["--epochs", "1", "--epoch-batches", "200", "--split", "random", "--out", out]
    trained = run(command + common)[0]
    tracks = run([program, "tracks", out, "--out", out / "tracks", *common])[0]
    history = out / "history.csv"
    if not history.exists():
        return None
    names, *_, last = history.read_text().splitlines()
    row = dict(zip(names.split(","), last.split(",")))
    return {"train, s": trained, "tracks, s": tracks, "pairs/s": float(row["pairs_per_second"])}


def mutagenesis(run, program, device, folder):
    """Milliseconds that every substitution of a pair takes: of a longer run less a shorter one."""
    data = simulated(run, program, folder, f"ism-{device}", MANY, MANY)
    out = data / "run"
    command = [program, "train", "--pairs", data / "pairs.csv", "--reference", data / "genome.fa"]
    command += ["--epochs", "1", "--epoch-batches", "20", "--split", "random", "--out", out]
    run([*command, "--device", device])
    command = [program, "contributions", out, "--method", "ism", "--device", device]
    few, many = (run([*command, "--top", top, "--out", out / f"of{top}"])[0] for top in [FEW, MANY])
    return 1000 * (many - few) / (MANY - FEW)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--epitrack", type=Path, default="target/release/epitrack")
    arguments.add_argument("--tests", type=Path, help="the binary of the integration tests")
    arguments.add_argument("--batches", nargs="+", default=["1", "64", "512", "1024"])
    arguments.add_argument("--device", default="cuda", help="PyTorch's")
    parts = ["start", "bench", "cell", "ism", "profile", "tests", "compiled"]
    arguments.add_argument("--only", nargs="+", choices=parts, default=parts)
    arguments.add_argument("--minutes", type=float, default=4, help="after which what runs is stopped")
    arguments.add_argument("--json", type=Path, default="bench-gpu.json")
    arguments = arguments.parse_args()
    program = arguments.epitrack.resolve()
    found = {}

    def tell(name, value):
        found[name] = value
        print(json.dumps({name: value}, indent=1), flush=True)
        arguments.json.write_text(json.dumps(found, indent=1))

    run = Clock(60 * arguments.minutes).run
    with tempfile.TemporaryDirectory() as folder:
        if "start" in arguments.only:
            tell("start-up, s", start_up(run, program, folder))
        if "bench" in arguments.only:
            tell("epitrack, s", ours(run, program, arguments.batches, folder))
            tell("PyTorch, s", pytorch(run, arguments.device, arguments.batches))
        if "cell" in arguments.only:
            for device in ["wgpu", "cpu"]:
                tell(f"cell line, {device}", cell_line(run, program, device, folder))
        if "ism" in arguments.only:
            for device in ["wgpu", "cpu"]:
                tell(f"mutagenesis, ms a pair, {device}", mutagenesis(run, program, device, folder))
        if "profile" in arguments.only:
            figures = Path(folder) / "profile.json"
            command = [program, "bench", "--device", "wgpu", "--profile", "--batches", "64", "512"]
            _, text, well = run([*command, "--json", figures])
            print(text)
            found["profile"] = json.loads(figures.read_text()) if well else None
        if "tests" in arguments.only and arguments.tests:
            command = [arguments.tests.resolve(), *TESTS, "--test-threads", "1"]
            required = os.environ | {"EPITRACK_REQUIRE_WGPU": "1"}
            text = run(command, env=required)[1]
            tell("tests", text.strip().splitlines()[-1:])
        if "compiled" in arguments.only:
            compiled = pytorch(run, arguments.device, ["64", "512"], "--compile")
            tell("PyTorch compiled, s", compiled)
    arguments.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
