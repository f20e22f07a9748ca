#!/bin/bash
# Indexes with too few descriptors and onto a medium that is read-only; each must give its own error
# and leave the commit before as it was.
# usage: Scripts/limits-test.sh
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/two-commits.sh
fail() {
  echo "limits-test: FAILED: $1"
  cat "$scratch/errors"
  exit 1
}

refused=0
for descriptors in $(seq 4 24); do
  rm -rf "$scratch/index"
  cp -r "$scratch/base" "$scratch/index"
  if (ulimit -n "$descriptors" && exec "$tool" index --index "$scratch/index" \
    "$scratch/part2.jsonl") >/dev/null 2>"$scratch/errors"; then
    expected=$after
  else
    expected=$before
    # With very few the program itself cannot be loaded.
    if grep -q 'loading shared libraries' "$scratch/errors"; then continue; fi
    refused=$((refused + 1))
    grep -q 'too many open files' "$scratch/errors" \
      || fail "$descriptors descriptors: the error does not say so"
  fi
  "$tool" verify --index "$scratch/index" >/dev/null 2>>"$scratch/errors" \
    || fail "$descriptors descriptors: the index is damaged"
  [ "$(content "$scratch/index")" = "$expected" ] || fail "$descriptors descriptors: neither commit"
done
[ $refused -gt 0 ] || fail "no number of descriptors was too small"
echo "limits-test: descriptors: refused $refused times, 0 commits damaged"

mkdir "$scratch/disk"
if mount -t tmpfs -o size=16m tmpfs "$scratch/disk" 2>/dev/null; then
  cp -r "$scratch/base" "$scratch/disk/index"
  mount -o remount,ro "$scratch/disk"
  "$tool" index --index "$scratch/disk/index" "$scratch/part2.jsonl" \
    >/dev/null 2>"$scratch/errors" && fail "a read-only medium was written to"
  grep -q 'read-only' "$scratch/errors" || fail "read-only medium: the error does not say so"
  [ "$("$tool" count --index "$scratch/disk/index" 'بخش')" = 150 ] \
    || fail "a read-only index cannot be searched"
  "$tool" verify --index "$scratch/disk/index" >/dev/null 2>"$scratch/errors" \
    || fail "a read-only index cannot be verified"
  echo "limits-test: read-only medium: refused, searched and verified"
else
  echo "limits-test: read-only medium: skipped: no right to mount a file system"
fi
