#!/bin/bash
# Checks that the pages quote the programs of Snippets/, which the build compiles, word for word.
# usage: Scripts/check-snippets.sh
set -euo pipefail
cd "$(dirname "$0")/.."

check() { # page, program, text that only its block has
  local quoted program
  quoted=$(awk -v sign="$3" '/^```swift$/ { block = ""; inside = 1; next }
    /^```$/ { if (inside && index(block, sign)) { printf "%s", block; exit } inside = 0 }
    inside { block = block $0 "\n" }' "$1")
  program=$(sed '1,/^$/d' "$2")
  diff -u --label "$1" --label "$2" <(echo "$quoted") <(echo "$program")
  echo "snippets: $1 quotes the compiled $2"
}

check README.md Snippets/GettingStarted.swift SearchIndex.create
check docs/examples.md Snippets/SearchService.swift "class SearchService"
