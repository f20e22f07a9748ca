#!/bin/bash
# Runs the tests of what is concurrent under the thread sanitizer, and those of what reads bytes and
# handles memory under the address sanitizer.
# usage: Scripts/sanitizer-test.sh [thread|address]                  (default: both)
set -euo pipefail
cd "$(dirname "$0")/.."
concurrent='ConcurrencyTests|ConcurrentModelTests|SoakTests|IndexWriter|MergingDeletionTests'
concurrent+='|TokenBufferPool|UncommittedSearcher|UncertainCommit|JointFlush|FileLock|StorageDirectory|SegmentMerger|SearchIndex'
memory='Segment|Storage|Support|Indexing|Durability|Diagnostics|Index|Search|Analysis|Highlight'
# The XCTest that runs no test here leaks memory of its own.
export ASAN_OPTIONS=detect_leaks=0
for kind in ${1:-thread address}; do
  filter=$concurrent
  [ "$kind" = thread ] || filter=$memory
  build=.build/$kind-sanitizer
  swift build --build-tests --sanitize "$kind" --scratch-path "$build"
  if [ "$kind" = thread ] && [ "$(uname)" = Linux ]; then
    # Swift's Mutex is unknown to the sanitizer where it waits.
    preload=$PWD/$build/mutex.so
    clang -shared -fPIC -O1 -o "$preload" Scripts/thread-sanitizer-mutex.c -ldl
    # One report is false: Swift's library does not tell the sanitizer that a continuation which
    # is resumed before its task waits comes before what the task does next. A program of ten
    # lines that awaits continuations gets it as well.
    echo 'race_top:withUnsafeContinuation' >"$build/suppressions"
    TSAN_OPTIONS=suppressions=$build/suppressions LD_PRELOAD=$preload \
      "$build/debug/PersianIndexPackageTests.xctest" \
      --testing-library swift-testing --filter "$filter"
  else
    swift test --skip-build --sanitize "$kind" --scratch-path "$build" --filter "$filter"
  fi
done
