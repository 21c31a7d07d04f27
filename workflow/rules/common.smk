# What the plan, the file of `epitrack run`, says about the jobs. What it means, epitrack alone knows.

import os
import re
import tomllib
from pathlib import Path

from snakemake.exceptions import WorkflowError

PLAN_FILE = Path(config["plan"])
with open(PLAN_FILE, "rb") as file:
    PLAN = tomllib.load(file)
CELLS = {cell["name"]: cell for cell in PLAN["cell"]}
if any("dir" in cell for cell in CELLS.values()):
    raise WorkflowError(f"{PLAN_FILE}: here each cell line's folder is called like it: leave out dir")


def of_plan(path):
    """A path of the plan, which is relative to the plan's own folder; an address is what it is."""
    return path if "://" in path else os.path.normpath(PLAN_FILE.parent / path)


RESULTS = of_plan(PLAN["out"])
SHARDS = range(1, config["shards"] + 1)
SEED = PLAN.get("training", {}).get("seed", 1)
SEEDS = [SEED] + [seed for seed in PLAN.get("seeds", []) if seed != SEED]
REPEATS = [f"seed{seed}" for seed in SEEDS[1:]] + [
    f"{fold}-seed{seed}" for fold in PLAN.get("folds", {}) for seed in SEEDS
]


wildcard_constraints:
    cell="|".join(map(re.escape, CELLS)),
    repeat="|".join(map(re.escape, REPEATS)) or "none",
    shard=r"\d+",


def inputs(wildcards):
    """What a cell line is made from."""
    cell = CELLS[wildcards.cell]
    files = [cell.get(key) for key in ("pairs", "footprints", "bam", "regions", "context_features")]
    files += [without_name(file) for file in cell.get("activity", []) + cell.get("activity_peaks", [])]
    files += [file.split("=", 1)[-1] for file in cell.get("context_assays", [])]
    files += [PLAN["reference"], *PLAN.get("motifs", []), PLAN.get("split", {}).get("split_file")]
    files += [PLAN.get("table", {}).get(key) for key in ("bengi_ccres", "bengi_tss")]
    return there(files)


def without_name(file):
    """The file of NAME=FILE or FILE; what has a folder before its = is a file."""
    name, equals, path = file.partition("=")
    return path if equals and not re.search(r"[/\\]", name) else file


def there(files):
    """The files among some paths of the plan: what lies at an address, epitrack fetches."""
    return [of_plan(path) for path in files if path and "://" not in path]


def footprints(wildcards):
    """The description of footprints that are called from reads; none where they are given."""
    cell = CELLS[wildcards.cell]
    folder = f"{RESULTS}/{wildcards.cell}/footprints"
    return [f"{folder}/{cell.get('assay', 'dnase')}.json"] if "bam" in cell else []


def gpu():
    """A GPU for the jobs that run networks, where the plan asks for one."""
    return {"gpu": 1} if PLAN.get("device") == "wgpu" else {}


def memory(fixed, of_a_million_pairs=0):
    """What a job holds, in MB (docs/performance.md, "Memory"), and twice as much at each further attempt.

    A row of a table of pairs takes 60 bytes and more, a tenth of that with gzip.
    """

    def mem_mb(wildcards, attempt):
        tables = [CELLS[wildcards.cell]] if "cell" in wildcards.keys() else CELLS.values()
        pairs = 0
        for table in tables:
            path = of_plan(table["pairs"])
            size = os.path.getsize(path) if os.path.exists(path) else 0
            pairs += size * (10 if path.endswith(".gz") else 1) / 60
        return round((fixed + of_a_million_pairs * pairs / 1e6) * 2 ** (attempt - 1))

    return mem_mb
