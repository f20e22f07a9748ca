#!/bin/bash
# Replays what a crash can leave behind after every change of long runs of the writer, and lets every
# call of such runs fail.
# usage: Scripts/crash-test.sh [CRASH-POINTS [FAULTS-PER-CODE]]     (default: 1000000 2000)
set -euo pipefail
cd "$(dirname "$0")/.."
PERSIANINDEX_CRASH_POINTS=${1:-1000000} PERSIANINDEX_FAULTS=${2:-2000} \
  swift test -c release --filter 'CrashPointTests|FaultTests'
