#!/bin/bash
# Lets several tasks change, search, commit, roll back and merge one index at once, and compares all
# answers with a model in memory.
# usage: Scripts/model-test.sh [OPERATIONS]                          (default: 1000000)
set -euo pipefail
cd "$(dirname "$0")/.."
PERSIANINDEX_MODEL_OPERATIONS=${1:-1000000} swift test -c release --filter ConcurrentModelTests
