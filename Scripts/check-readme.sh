#!/bin/bash
# Runs every command of the README's console blocks from the repository's root, exactly as written,
# and compares what it prints with what the README shows.
# It replaces the index in .searchctl/ at the root.
# usage: Scripts/check-readme.sh [FILE…]        (default: README.md)
set -uo pipefail
cd "$(dirname "$0")/.."
files=("$@")
[ ${#files[@]} -gt 0 ] || files=(README.md)
rm -rf .searchctl
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
ran=0

check() { # command, file with the expected output
  # Building is not what the README shows, so its messages go to standard error and are dropped.
  bash -c "$1" >"$scratch/actual" 2>"$scratch/errors"
  ran=$((ran + 1))
  if diff -u --label "README: $1" --label "printed" "$2" "$scratch/actual"; then
    echo "readme: ok: $1"
  else
    tail -n 5 "$scratch/errors"
    failed=$((failed + 1))
  fi
}

for file in "${files[@]}"; do
  command=""
  inside=0
  while IFS= read -r line; do
    case $line in
      '```console') inside=1; command="" ;;
      '```')
        [ $inside = 1 ] && [ -n "$command" ] && check "$command" "$scratch/expected"
        inside=0; command="" ;;
      '$ '*)
        if [ $inside = 1 ]; then
          [ -n "$command" ] && check "$command" "$scratch/expected"
          command=${line#'$ '}
          : >"$scratch/expected"
        fi ;;
      *) [ $inside = 1 ] && [ -n "$command" ] && printf '%s\n' "$line" >>"$scratch/expected" ;;
    esac
  done <"$file"
done
echo "readme: $((ran - failed)) of $ran commands print what it shows"
[ $failed = 0 ] && [ $ran -gt 0 ]
