"""What a graphics card does with epitrack: on a bare machine with the release binary and PyTorch.

Prints the figures and writes them as JSON: training and inference beside PyTorch, eager and
compiled, the kernels of a training step, start-up, `train` and `tracks` of a simulated cell line,
and the tests that run on WGPU. It needs no network and ends within four minutes on an H100.
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
TESTS = ["kernels::every_kernel_on_wgpu", "odd_sizes_on_wgpu", "reference::on_wgpu"]
# Pairs of the simulated cell line.
POSITIVES, NEGATIVES = 1250, 25000


def run(command, **options):
    """How long a command takes, and what it prints."""
    begun = time.perf_counter()
    done = subprocess.run([str(part) for part in command], text=True, capture_output=True, **options)
    if done.returncode != 0:
        print(f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}", file=sys.stderr)
    return time.perf_counter() - begun, done.stdout, done.returncode == 0


def peers(program, batches, device, folder, tell):
    """Tells the seconds of each kind of work and batch, of one after the other."""

    def of(text):
        results = json.loads(text)["results"]
        return {f"{result['what']} {result['batch']}": result["seconds"] for result in results}

    figures = Path(folder) / "bench.json"
    command = [program, "bench", "--quiet", "--device", "wgpu", "--batches", *batches]
    if run([*command, "--json", figures])[2]:
        tell("epitrack, s", of(figures.read_text()))
    command = [sys.executable, PEER, "--device", device, "--batches", *batches]
    for who, more in [("PyTorch, s", []), ("PyTorch compiled, s", ["--compile"])]:
        _, text, well = run(command + more)
        if well:
            tell(who, of(text))


def start_up(program, folder):
    """Seconds from the command to its end, of trying the adapters and of one pair's first steps; the
    second time drivers may have kept their programs."""
    config = Path(folder) / "one.toml"
    config.write_text("[training]\nepochs = 1\nepoch_batches = 1\n")
    data = simulated(program, folder, "few", 40, 80)
    times = {"probe": [], "train, one step": []}
    for turn in range(2):
        times["probe"].append(run([program, "probe-device"])[0])
        out = Path(folder) / f"first{turn}"
        command = [program, "train", "--pairs", data / "pairs.csv", "--reference", data / "genome.fa"]
        command += ["--config", config, "--split", "random", "--device", "wgpu", "--out", out]
        times["train, one step"].append(run(command)[0])
    return times


def simulated(program, folder, name, positives, negatives):
    out = Path(folder) / name
    command = [program, "simulate", "--out", out, "--positives", positives, "--negatives", negatives]
    # Room for all windows on the simulated chromosomes.
    run([*command, "--depth", "0.01", "--chromosome-length", max(2_000_000, 1200 * (positives + negatives))])
    return out


def cell_line(program, device, folder):
    """Seconds of training an epoch of 200 batches, and of all pairs' tracks."""
    data = Path(folder) / "cell"
    if not data.exists():
        simulated(program, folder, "cell", POSITIVES, NEGATIVES)
    out = Path(folder) / f"run-{device}"
    common = ["--device", device]
    command = [program, "train", "--pairs", data / "pairs.csv", "--reference", data / "genome.fa"]
    command += ["--epochs", "1", "--epoch-batches", "200", "--split", "random", "--out", out]
    trained = run(command + common)[0]
    tracks = run([program, "tracks", out, "--out", out / "tracks", *common])[0]
    history = (out / "history.csv").read_text().splitlines()
    row = dict(zip(history[0].split(","), history[-1].split(",")))
    return {"train, s": trained, "tracks, s": tracks, "pairs/s": float(row["pairs_per_second"])}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--epitrack", type=Path, default="target/release/epitrack")
    arguments.add_argument("--tests", type=Path, help="the binary of the integration tests")
    arguments.add_argument("--batches", nargs="+", default=["1", "64", "512", "1024"])
    arguments.add_argument("--device", default="cuda", help="PyTorch's")
    arguments.add_argument("--only", nargs="+", default=["start", "cell", "bench", "profile", "tests"])
    arguments.add_argument("--json", type=Path, default="bench-gpu.json")
    arguments = arguments.parse_args()
    program = arguments.epitrack.resolve()
    found = {}

    def tell(name, value):
        found[name] = value
        print(json.dumps({name: value}, indent=1), flush=True)
        arguments.json.write_text(json.dumps(found, indent=1))

    with tempfile.TemporaryDirectory() as folder:
        if "start" in arguments.only:
            tell("start-up, s", start_up(program, folder))
        if "cell" in arguments.only:
            for device in ["wgpu", "cpu"]:
                tell(f"cell line, {device}", cell_line(program, device, folder))
        if "bench" in arguments.only:
            peers(program, arguments.batches, arguments.device, folder, tell)
        if "profile" in arguments.only:
            figures = Path(folder) / "profile.json"
            command = [program, "bench", "--device", "wgpu", "--profile", "--batches", "64", "512"]
            print(run([*command, "--json", figures])[1])
            found["profile"] = json.loads(figures.read_text())
        if "tests" in arguments.only and arguments.tests:
            command = [arguments.tests.resolve(), *TESTS, "--test-threads", "1"]
            required = os.environ | {"EPITRACK_REQUIRE_WGPU": "1"}
            text = run(command, env=required)[1]
            tell("tests", text.strip().splitlines()[-1:])
    arguments.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
