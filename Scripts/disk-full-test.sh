#!/bin/bash
# Indexes onto file systems that are too small, one page larger each time, until it fits; after each
# failure the index must verify and hold what it held before. Needs the right to mount (root).
# usage: Scripts/disk-full-test.sh [STEP-IN-KIB]                     (default: 64)
set -euo pipefail
cd "$(dirname "$0")/.."
step=${1:-64}
tool=${SEARCHCTL:-.build/release/searchctl}
[ -n "${SEARCHCTL:-}" ] || swift build -c release --product searchctl
scratch=$(mktemp -d)
mkdir "$scratch/disk"
if ! mount -t tmpfs -o size=64k tmpfs "$scratch/disk" 2>/dev/null; then
  echo "disk-full-test: skipped: no right to mount a file system"
  exit 0
fi
trap 'umount "$scratch/disk" 2>/dev/null || true; rm -rf "$scratch"' EXIT
for part in 1 2; do
  awk -v part=$part 'BEGIN {
    for (i = part * 1000; i < part * 1000 + 1500; i++) {
      printf "{\"id\": \"d%d\", \"title\": \"عنوان %d\", \"text\": \"بخش %d", i, i, part
      for (j = 0; j < 60; j++) printf " واژه%d", (i * 7 + j * j * 13 + part) % 4000
      print "\"}" } }' >"$scratch/part$part.jsonl"
done
content() {
  "$tool" export --index "$scratch/disk/index" 2>/dev/null | LC_ALL=C sort | sha256sum
}
failures=0
fits=0
for size in $(seq $step $step 65536); do
  umount "$scratch/disk"
  mount -t tmpfs -o size="${size}k" tmpfs "$scratch/disk"
  committed=""
  for part in 1 2; do
    if "$tool" index --index "$scratch/disk/index" "$scratch/part$part.jsonl" \
      >/dev/null 2>"$scratch/errors"; then
      committed=$(content)
      [ $part = 2 ] && fits=1
      continue
    fi
    failures=$((failures + 1))
    if ! grep -qi 'full' "$scratch/errors"; then
      echo "disk-full-test: FAILED: at $size KiB the error does not say that the device is full:"
      cat "$scratch/errors"
      exit 1
    fi
    if [ -n "$committed" ]; then
      if ! "$tool" verify --index "$scratch/disk/index" >"$scratch/verify" 2>&1 \
        || [ "$(content)" != "$committed" ]; then
        echo "disk-full-test: FAILED: at $size KiB the commit before is damaged"
        cat "$scratch/verify"
        exit 1
      fi
    fi
    break
  done
  [ $fits = 1 ] && break
done
echo "disk-full-test: $failures times full up to $size KiB, each with its error, 0 commits damaged"
