#!/bin/bash
# Lets the system calls of `searchctl index` fail, one at a time, with strace, and checks that the
# index holds the commit before or the new one and verifies. Interruptions must not fail at all.
# usage: Scripts/strace-test.sh [CALLS-PER-KIND]                     (default: 12)
set -euo pipefail
cd "$(dirname "$0")/.."
calls=${1:-12}
if ! strace -qq -e trace=none true 2>/dev/null; then
  echo "strace-test: skipped: strace is not there or may not trace"
  exit 0
fi
. Scripts/two-commits.sh

runs=0
refused=0
for fault in pwrite64:ENOSPC pwrite64:EIO pwrite64:EINTR fsync:EIO fsync:EINTR rename:ENOSPC \
  rename:EIO unlink:EACCES openat:EMFILE openat:EACCES openat:EIO ftruncate:EINTR flock:EINTR; do
  call=${fault%%:*}
  error=${fault##*:}
  for number in $(seq "$calls"); do
    rm -rf "$scratch/index"
    cp -r "$scratch/base" "$scratch/index"
    status=0
    # Only calls on the index's files count: the loader opens files as well.
    strace -f -qq -o /dev/null -P "$scratch/index" -P "$scratch/index/LOCK" \
      $(for file in "$scratch"/whole/*; do echo "-P $scratch/index/$(basename "$file")"; done) \
      -P "$scratch/index/manifest-0000000000000003.tmp" \
      -e trace="$call" -e inject="$call:error=$error:when=$number" \
      "$tool" index --index "$scratch/index" "$scratch/part2.jsonl" \
      >/dev/null 2>"$scratch/errors" || status=$?
    runs=$((runs + 1))
    [ $status = 0 ] || refused=$((refused + 1))
    now=$(content "$scratch/index")
    problem=""
    [ "$now" = "$before" ] || [ "$now" = "$after" ] || problem="the content is of neither commit"
    [ $status != 0 ] || [ "$now" = "$after" ] || problem="it says it succeeded, and did not"
    [ "$error" != EINTR ] || [ $status = 0 ] || problem="an interruption made it fail"
    [ $status -lt 128 ] || problem="it ended by a signal"
    "$tool" verify --index "$scratch/index" >/dev/null 2>&1 || problem="it does not verify"
    if [ -n "$problem" ]; then
      echo "strace-test: FAILED: $call $error, call $number: $problem"
      cat "$scratch/errors"
      exit 1
    fi
  done
done
echo "strace-test: $runs faults injected or passed by, $refused reported as errors, 0 failures"
