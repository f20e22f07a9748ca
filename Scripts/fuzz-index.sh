#!/bin/bash
# Damages indexes at random, mostly behind valid checksums, and uses them in every way there is.
# A trap ends the run with the seed of the last thousand; run it again from there to find the case.
# usage: Scripts/fuzz-index.sh [CASES [FIRST-SEED]]                  (default: 1000000 1)
set -euo pipefail
cd "$(dirname "$0")/.."
PERSIANINDEX_FUZZ_CASES=${1:-1000000} PERSIANINDEX_FUZZ_SEED=${2:-1} \
  swift test -c release --filter IndexFuzzTests
