#!/bin/bash
# Runs the tests of what is concurrent under the thread sanitizer, and those of what reads bytes and
# handles memory under the address sanitizer.
# usage: Scripts/sanitizer-test.sh [thread|address]                  (default: both)
set -euo pipefail
cd "$(dirname "$0")/.."
concurrent='ConcurrencyTests|ConcurrentModelTests|SoakTests|IndexWriter|UncommittedSearcher|FileLock|File'
memory='Segment|Storage|Support|Indexing|Durability|Diagnostics|Index|Search|Analysis|Highlight'
# The XCTest that runs no test here leaks memory of its own.
export ASAN_OPTIONS=detect_leaks=0
for kind in ${1:-thread address}; do
  filter=$concurrent
  [ "$kind" = thread ] || filter=$memory
  swift test --sanitize "$kind" --scratch-path ".build/$kind-sanitizer" --filter "$filter"
done
