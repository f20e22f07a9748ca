#!/bin/bash
# Kills `searchctl index` at random instants and checks what each kill leaves: the index must verify
# and hold exactly the documents of one commit, the last or the next.
# usage: Scripts/kill-test.sh [KILLS [CORPUS.jsonl]]                 (default: 1000, made-up documents)
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-1000}
corpus=${2:-}
parts=6
tool=${SEARCHCTL:-.build/release/searchctl}
[ -n "${SEARCHCTL:-}" ] || swift build -c release --product searchctl
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
RANDOM=${SEED:-1}

# Each part replaces half of the documents of the one before and adds as many.
if [ -n "$corpus" ]; then
  awk -v parts=$parts -v dir="$scratch" '
    NR > parts * 1000 { exit }
    { part = int((NR - 1) / 1000) + 1; print > (dir "/part" part ".jsonl")
      if (part < parts && NR % 2 == 0) {
        changed = $0; sub(/"text": *"/, "&تازه ", changed)
        print changed > (dir "/part" (part + 1) ".jsonl") } }' "$corpus"
else
  for part in $(seq $parts); do
    awk -v part=$part 'BEGIN {
      for (i = (part - 1) * 500; i < part * 500 + 500; i++) {
        printf "{\"id\": \"d%d\", \"title\": \"عنوان %d\", \"text\": \"بخش %d", i, i, part
        for (j = 0; j < 60; j++) printf " واژه%d", (i * 7 + j * j * 13 + part) % 4000
        print "\"}" } }' >"$scratch/part$part.jsonl"
  done
fi

content() { # index directory
  "$tool" export --index "$1" 2>/dev/null | LC_ALL=C sort | sha256sum
}

# What the index holds after each part when nothing disturbs it, and how long a part takes.
declare -a expected
milliseconds=100000
for part in $(seq $parts); do
  start=$(date +%s%N)
  "$tool" index --index "$scratch/whole" "$scratch/part$part.jsonl" >/dev/null 2>&1
  took=$((($(date +%s%N) - start) / 1000000))
  [ $took -ge $milliseconds ] || milliseconds=$took
  expected[part]=$(content "$scratch/whole")
done
expected[0]=$(printf '' | sha256sum)
echo "kill-test: $parts parts of at least $milliseconds ms"

state=0
killed=0
finished=0
advanced=0
while [ $killed -lt "$kills" ]; do
  if [ $state = $parts ]; then
    rm -rf "$scratch/index"
    state=0
  fi
  next=$((state + 1))
  "$tool" index --index "$scratch/index" "$scratch/part$next.jsonl" >/dev/null 2>&1 &
  process=$!
  delay=$((RANDOM % (milliseconds + 2)))
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
  status=0
  kill -9 $process 2>/dev/null || true
  wait $process 2>/dev/null || status=$?
  if [ $status = 137 ]; then
    killed=$((killed + 1))
    [ $((killed % 50)) != 0 ] || echo "kill-test: $killed killed, $finished ended before, $advanced new commits"
  else
    finished=$((finished + 1))
  fi
  # However busy the machine, about half of the runs are to live until their commit.
  if [ $status = 137 ]; then
    milliseconds=$((milliseconds + milliseconds / 16 + 1))
  else
    milliseconds=$((milliseconds - milliseconds / 16))
  fi
  if [ -n "$(find "$scratch/index" -name 'manifest-*' ! -name '*.tmp' 2>/dev/null | head -1)" ]; then
    "$tool" verify --index "$scratch/index" >"$scratch/verify" 2>&1 || {
      echo "kill-test: FAILED: verify after kill $killed, delay $delay ms:"
      cat "$scratch/verify"
      exit 1
    }
    now=$(content "$scratch/index")
  else
    now=${expected[0]}
  fi
  if [ "$now" = "${expected[next]}" ]; then
    state=$next
    advanced=$((advanced + 1))
  elif [ "$now" != "${expected[state]}" ]; then
    echo "kill-test: FAILED: after kill $killed, delay $delay ms, part $next: neither commit"
    exit 1
  fi
done
echo "kill-test: $killed killed, $finished ended before, $advanced new commits found, 0 failures"
