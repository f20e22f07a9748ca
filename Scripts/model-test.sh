#!/bin/bash
# Lets several tasks change, search, commit, roll back and merge one index at once, and compares all
# answers with a model in memory; then lets one task do so while merges take long, once for each
# of RUNS seeds.
# usage: Scripts/model-test.sh [OPERATIONS [RUNS]]                   (default: 1000000 1000)
set -euo pipefail
cd "$(dirname "$0")/.."
PERSIANINDEX_MODEL_OPERATIONS=${1:-1000000} PERSIANINDEX_MODEL_RUNS=${2:-1000} \
  swift test -c release --filter 'ConcurrentModelTests|IndexWriterModelTests'
