#!/bin/bash
# One writer and eight readers at work on one index; prints descriptors and memory over the time.
# usage: Scripts/soak-test.sh [SECONDS]                              (default: 600)
set -euo pipefail
cd "$(dirname "$0")/.."
PERSIANINDEX_SOAK_SECONDS=${1:-600} swift test -c release --filter SoakTests
