#!/usr/bin/env bash
# Makes DejaVuSans-subset.ttf of DejaVuSans.ttf 2.37 (https://dejavu-fonts.github.io) with fonttools:
# Latin, Greek and the signs that a figure needs, without hints and layout tables.
set -euo pipefail
pyftsubset "${1:?path of DejaVuSans.ttf}" \
  --output-file="$(dirname "$0")/DejaVuSans-subset.ttf" \
  --unicodes='U+0020-007E,U+00A0-00AC,U+00AE-017F,U+0391-03A9,U+03B1-03C9,U+2009,U+2010-2015,U+2018-201E,U+2022,U+2026,U+202F,U+2030,U+2032,U+2033,U+2070,U+2074-208E,U+2190-2193,U+2212,U+221E,U+2248,U+2260,U+2264,U+2265,U+FFFD' \
  --no-hinting --layout-features='' --drop-tables+=GPOS,GSUB,GDEF,FFTM,kern,gasp,fpgm,prep,cvt,MATH \
  --name-IDs='0,1,2,3,4,5,6,13,14' --notdef-outline --no-recalc-timestamp
