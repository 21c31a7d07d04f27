# The daily recipes; `just` lists them.

default:
    @just --list

# Everything that has to pass
ci:
    .ci/run

# The tests
test *ARGS:
    cargo test --release {{ARGS}}

# Formatting and lints
lint:
    cargo fmt
    cargo clippy --release --all-targets -- -D warnings

# docs/commands.md, from what the program prints
commands:
    EPITRACK_WRITE_COMMANDS=1 cargo test --release documents::the_page_of_commands

# The demo, into epitrack-demo/
demo:
    cargo run --release -- demo

# The demo's page in headless Chromium; screenshots into target/screenshots
page: demo
    npm ci --prefix tests/browser
    cargo run --release -- view epitrack-demo/tracks --genome simulated --igv-js tests/browser/node_modules/igv/dist/igv.min.js
    node tests/browser/view.mjs epitrack-demo/tracks/view.html target/screenshots

# Each operation of the network by itself, and the kernels of a training step on a GPU
bench *ARGS:
    cargo run --release -- bench --profile {{ARGS}}

# Training and inference beside the same network in PyTorch, by turns, with the ratios
bench-peers *ARGS:
    target/peers/bin/python -c 'import torch, numpy' 2>/dev/null || (python3 -m venv target/peers && target/peers/bin/pip install torch numpy)
    target/peers/bin/python benches/peers/compare.py {{ARGS}}

# How near bigWigs are to their bases zoomed out in pyBigWig, beside what pyBigWig writes itself
bins +FILES:
    target/peers/bin/python -c 'import pyBigWig, numpy' 2>/dev/null || (python3 -m venv target/peers && target/peers/bin/pip install pyBigWig numpy)
    target/peers/bin/python benches/peers/bins.py {{FILES}}

# What a graphics card does: beside PyTorch, kernel by kernel, start-up, a cell line, the tests
bench-gpu *ARGS:
    cargo build --release
    python3 benches/peers/gpu.py --tests "$(cargo test --release --test main --no-run 2>&1 | sed -n 's/.*(\(.*main-.*\))/\1/p')" {{ARGS}}

# The documentation of the library
doc:
    cargo doc --release --no-deps --open

# TF-MoDISco, Fi-NeMo, MultiQC and rocrate-validator from PyPI, unmodified, on our files and on the demo's
interop: demo
    target/interop/bin/python -c "import modiscolite, finemo, multiqc, rocrate_validator" 2>/dev/null || (python3 -m venv target/interop && target/interop/bin/pip install modisco-lite finemo multiqc roc-validator)
    cargo run --release -- provenance epitrack-demo/run
    target/interop/bin/rocrate-validator -y validate --no-paging epitrack-demo/run
    EPITRACK_INTEROP=target/interop/bin cargo test --release -- --nocapture interop multiqc
    cargo run --release -- contributions epitrack-demo/run --out target/interop/demo --top 400 --hypothetical
    target/interop/bin/modisco motifs -s target/interop/demo/enhancer.sequences.npz -a target/interop/demo/enhancer.hypothetical.npz -n 2000 -w 1000 -o target/interop/demo/enhancer.h5
    target/interop/bin/finemo extract-regions-bw -p target/interop/demo/enhancer.narrowPeak -f epitrack-demo/simulation/genome.fa -b target/interop/demo/enhancer_contribution.bw -o target/interop/demo/enhancer.tracks.npz -w 1000
    target/interop/bin/finemo call-hits -r target/interop/demo/enhancer.tracks.npz -m target/interop/demo/enhancer.h5 -o target/interop/demo/hits

# The workflow on a real Slurm of two nodes on this machine (Debian, as root)
cluster:
    cargo build --release
    tests/cluster/run target/release

# Damaged files for every reader, COUNT for each good one
fuzz COUNT="20000":
    EPITRACK_MUTATIONS={{COUNT}} cargo test --release damaged::

# Kills at random moments and processes two at a time, over all commands
endurance *ARGS:
    cargo build --release
    tests/endurance/run target/release/epitrack {{ARGS}}

# What takes how long to build, as a page under target/cargo-timings
timings:
    cargo build --release --timings

# The tests on real data: DATA holds genome/, pairs/, …
real DATA:
    EPITRACK_DATA={{DATA}} cargo test --release real_data

# One cell line of real data from training to tracks
cell DATA CELL OUT *ARGS:
    cargo run --release -- train --pairs {{DATA}}/pairs/{{CELL}}.with-sequence.csv.gz --reference {{DATA}}/genome/hg19.fa.gz --out {{OUT}}/run {{ARGS}}
    cargo run --release -- evaluate {{OUT}}/run
    cargo run --release -- tracks {{OUT}}/run --out {{OUT}}/tracks
