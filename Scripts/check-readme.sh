#!/bin/bash
# Runs every command of the README's console blocks from the repository's root, exactly as written,
# and compares what it prints with what the README shows; --update writes what it prints instead.
# A command may go on in lines that begin with `> `. `searchctl` is the release build. It replaces the
# index in .searchctl/ at the root, and .build/examples.
# usage: Scripts/check-readme.sh [--update] [FILE…]        (default: README.md)
set -uo pipefail
cd "$(dirname "$0")/.."
update=0
if [ "${1:-}" = --update ]; then
  update=1
  shift
fi
files=("$@")
[ ${#files[@]} -gt 0 ] || files=(README.md)
rm -rf .searchctl .build/examples
PATH=$PWD/.build/release:$PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
ran=0

check() { # command, file with the expected output
  # Building is not what the README shows, so its messages go to standard error and are dropped.
  bash -c "$1" >"$scratch/actual" 2>"$scratch/errors" </dev/null
  ran=$((ran + 1))
  if [ $update = 1 ]; then
    cat "$scratch/actual" >>"$scratch/updated"
  elif diff -u --label "README: $1" --label "printed" "$2" "$scratch/actual"; then
    echo "readme: ok: $1"
  else
    tail -n 5 "$scratch/errors"
    failed=$((failed + 1))
  fi
}

for file in "${files[@]}"; do
  : >"$scratch/updated"
  command=""
  inside=0
  while IFS= read -r line; do
    isExpected=0
    case $line in
      '```console') inside=1 ;;
      '```')
        [ $inside = 1 ] && [ -n "$command" ] && check "$command" "$scratch/expected"
        inside=0
        command="" ;;
      '$ '*)
        if [ $inside = 1 ]; then
          [ -n "$command" ] && check "$command" "$scratch/expected"
          command=${line#'$ '}
          : >"$scratch/expected"
        fi ;;
      '> '*)
        [ $inside = 1 ] && command+=$'\n'${line#'> '} ;;
      *)
        if [ $inside = 1 ] && [ -n "$command" ]; then
          printf '%s\n' "$line" >>"$scratch/expected"
          isExpected=1
        fi ;;
    esac
    [ $isExpected = 1 ] || printf '%s\n' "$line" >>"$scratch/updated"
  done <"$file"
  [ $update = 1 ] && cp "$scratch/updated" "$file"
done
echo "readme: $((ran - failed)) of $ran commands print what it shows"
[ $failed = 0 ] && [ $ran -gt 0 ]
