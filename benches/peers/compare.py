"""Times epitrack and the same network in PyTorch by turns on this machine, and prints the ratios.

Run it through `just bench-peers`.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

PEER = Path(__file__).with_name("epiann.py")


def epitrack(device, batches):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.json"
        command = ["cargo", "run", "--release", "--quiet", "--", "bench", "--quiet"]
        command += ["--device", "cpu" if device == "cpu" else "wgpu", "--json", str(path)]
        subprocess.run(command + ["--batches", *batches], check=True, stdout=subprocess.DEVNULL)
        return json.loads(path.read_text())


def pytorch(device, batches, compiled):
    command = [sys.executable, str(PEER), "--device", device, "--batches", *batches]
    command += ["--compile"] if compiled else []
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    arguments.add_argument("--batches", nargs="+", default=["1", "64", "512"])
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--compile", action="store_true", help="PyTorch under torch.compile too")
    arguments = arguments.parse_args()

    times = defaultdict(list)
    names = {}
    for _ in range(arguments.rounds):
        runs = {"epitrack": epitrack(arguments.device, arguments.batches)}
        for compiled in [False, True][: 1 + arguments.compile]:
            run = pytorch(arguments.device, arguments.batches, compiled)
            runs["compiled" if compiled else "PyTorch"] = run
        for who, run in runs.items():
            names[who] = run["device"]
            for result in run["results"]:
                times[result["what"], result["batch"], who].append(result["seconds"])

    for who, name in names.items():
        print(f"{who}: {name}")
    print(f"{'what':<10} {'batch':>5} {'peer':<9} {'peer ms':>9} {'ours ms':>9} {'ratio':>7}  rounds")
    for (what, batch, who), seconds in times.items():
        if who == "epitrack":
            continue
        ours = times[what, batch, "epitrack"]
        ratios = [theirs / own for theirs, own in zip(seconds, ours)]
        peer, own = statistics.median(seconds), statistics.median(ours)
        print(
            f"{what:<10} {batch:>5} {who:<9} {peer * 1e3:>9.2f} {own * 1e3:>9.2f}"
            f" {statistics.median(ratios):>7.1f}  {min(ratios):.1f}-{max(ratios):.1f}"
        )


if __name__ == "__main__":
    main()
