#!/bin/bash
# Checks that the README quotes Snippets/GettingStarted.swift, which the build compiles, word for word.
# usage: Scripts/check-snippets.sh
set -euo pipefail
cd "$(dirname "$0")/.."
quoted=$(awk '/^```swift$/ { block = ""; inside = 1; next }
  /^```$/ { if (inside && block ~ /SearchIndex\.create/) { printf "%s", block; exit } inside = 0 }
  inside { block = block $0 "\n" }' README.md)
program=$(sed '1,/^$/d' Snippets/GettingStarted.swift)
if diff -u --label README.md --label Snippets/GettingStarted.swift <(echo "$quoted") <(echo "$program"); then
  echo "snippets: the README quotes the compiled program"
else
  exit 1
fi
