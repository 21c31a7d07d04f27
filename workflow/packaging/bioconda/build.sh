#!/bin/bash -euo

# The licences of everything that is compiled in.
cargo-bundle-licenses --format yaml --output THIRDPARTY.yml
cargo install --locked --no-track --path . --root "${PREFIX}"
