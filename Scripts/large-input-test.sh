#!/bin/bash
# A long run over what is large: one file of SIZE gigabytes of records, a line without an end, a
# text too large for one document, and COUNT small files in a folder, twice. It fails where the tool
# takes more than LIMIT MiB of memory, or gives another count than it should.
# Memory is what the process holds itself; the system drops mapped files by its own will. Linux only:
# it is read from /proc. About ten minutes and 8 GB of temporary space with the
# defaults.
# usage: Scripts/large-input-test.sh [SEARCHCTL]      SIZE=5 COUNT=100000 LIMIT=1024
set -euo pipefail
cd "$(dirname "$0")/.."
searchctl=$(realpath "${1:-.build/release/searchctl}")
size=${SIZE:-5}
count=${COUNT:-100000}
limit=${LIMIT:-1024}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Runs the tool; sets status, seconds and the most memory it took, in MiB.
watch() {
  local start=$SECONDS
  "$searchctl" "$@" 2>"$scratch/errors" &
  local process=$!
  peak=0
  while kill -0 "$process" 2>/dev/null; do
    peak=$(awk '/RssAnon/ { print int($2 / 1024) }' "/proc/$process/status" 2>/dev/null || true)
    [ -n "${peak:-}" ] && [ "$peak" -gt "${most:-0}" ] && most=$peak
    sleep 0.1
  done
  status=0
  wait "$process" || status=$?
  peak=${most:-0}
  most=0
  seconds=$((SECONDS - start))
}

expect() { # what, expected, found
  if [ "$2" != "$3" ]; then
    echo "large input: $1: $3 in place of $2"
    sed 's/^/  /' "$scratch/errors" | head -5
    exit 1
  fi
}

expectMemory() {
  if [ "$peak" -gt "$limit" ]; then
    echo "large input: $1 took $peak MiB"
    exit 1
  fi
}

records=$scratch/records.jsonl
awk -v size="$size" '
  { gsub(/[\\"\t\r]/, " "); text[NR] = $0 }
  END {
    while (bytes < size * 1e9) {
      number++
      line = "{\"id\":\"" number "\",\"title\":\"خبر " number "\",\"text\":\""
      for (part = 0; part < 4; part++) line = line text[(number * 7 + part * 13) % NR + 1] " "
      line = line "\"}"
      print line
      bytes += length(line) + 1
    }
  }' seeds/*.txt | LC_ALL=C cat >"$records"
lines=$(wc -l <"$records")
index=$scratch/index
watch index --index "$index" "$records"
expect "$(stat -c %s "$records") bytes of records" 0 "$status"
expectMemory "a file of records"
expect "records" "$lines" "$("$searchctl" info --json --index "$index" \
  | sed 's/.*"documentCount":\([0-9]*\).*/\1/')"
echo "large input: $(stat -c %s "$records") bytes, $lines records: $seconds s, $peak MiB," \
  "index $(du -sb "$index" | cut -f1) bytes"
watch index --index "$index" "$records"
expect "the same file again" 0 "$status"
echo "large input: the same again, unchanged: $seconds s"
rm -rf "$index"

# Interrupted after a commit within the file, it goes on from there.
"$searchctl" index --index "$index" "$records" 2>"$scratch/errors" &
process=$!
committed=0
while [ "$committed" = 0 ]; do
  sleep 1
  kill -0 "$process"
  committed=$("$searchctl" info --json --index "$index" 2>/dev/null \
    | sed 's/.*"documentCount":\([0-9]*\).*/\1/' || true)
  committed=${committed:-0}
done
kill -KILL "$process"
wait "$process" 2>/dev/null || true
committed=$("$searchctl" info --json --index "$index" \
  | sed 's/.*"documentCount":\([0-9]*\).*/\1/')
start=$SECONDS
read=$("$searchctl" index --json --index "$index" "$records" \
  | sed 's/.*"documentsRead":\([0-9]*\).*/\1/')
expect "the rest of the records" "$((lines - committed))" "$read"
expect "records after an interrupt" "$lines" "$("$searchctl" info --json --index "$index" \
  | sed 's/.*"documentCount":\([0-9]*\).*/\1/')"
echo "large input: killed after $committed records, the other $read: $((SECONDS - start)) s"
rm -rf "$records" "$index"

truncate -s 5G "$scratch/hole.txt" "$scratch/hole.jsonl"
for name in hole.txt hole.jsonl; do
  watch index --index "$scratch/none" "$scratch/$name"
  expect "$name" 2 "$status"
  expectMemory "$name"
  echo "large input: $name of 5 GiB is refused: $(head -1 "$scratch/errors"); $peak MiB"
done

mkdir "$scratch/many"
awk -v count="$count" -v folder="$scratch/many" '
  { text[NR] = $0 }
  END {
    for (number = 0; number < count; number++) {
      if (number % 1000 == 0) system("mkdir " folder "/" number)
      file = folder "/" (number - number % 1000) "/خبر " number ".txt"
      print "خبر " number "\n" text[number % NR + 1] >file
      close(file)
    }
  }' seeds/*.txt
watch index --index "$index" "$scratch/many"
expect "$count files" 0 "$status"
expect "files" "$count" "$("$searchctl" info --json --index "$index" \
  | sed 's/.*"documentCount":\([0-9]*\).*/\1/')"
expectMemory "$count files"
echo "large input: $count files: $seconds s, $peak MiB"
echo "نو" >"$scratch/many/0/خبر 5.txt"
rm "$scratch/many/0/خبر 6.txt"
watch index --index "$index" "$scratch/many"
expect "one changed, one gone" \
  "0 added, 1 updated, 1 removed, $((count - 2)) unchanged; $((count - 1)) documents" \
  "$(sed 's/ in .*//' "$scratch/errors")"
echo "large input: again, one changed and one gone: $seconds s, $peak MiB"
echo "large input: all as it should be"
