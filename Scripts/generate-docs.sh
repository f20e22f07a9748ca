#!/bin/bash
# Builds the documentation with the toolchain alone; a warning fails it, such as a link to a symbol
# that is not there, and so does a public symbol that stands in no list of topics.
# usage: Scripts/generate-docs.sh [FOLDER]        (default: .build/documentation)
set -euo pipefail
cd "$(dirname "$0")/.."
output=${1:-.build/documentation}
# A build of its own: other flags would have everything else compiled anew, and a build that has
# nothing to do writes no symbols, so those of the last one stay.
scratch=.build/documentation-build
graphs=$scratch/symbols
rm -rf "$output"
mkdir -p "$graphs" "$(dirname "$output")"
[ -n "$(ls "$graphs")" ] || rm -rf "$scratch/debug"
swift build --scratch-path "$scratch" --target PersianIndex \
  -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$PWD/$graphs" >/dev/null
find "$graphs" -name '*.symbols.json' ! -name 'PersianIndex*.symbols.json' -delete
docc=$(xcrun --find docc 2>/dev/null || command -v docc)
"$docc" convert Sources/PersianIndex/PersianIndex.docc \
  --additional-symbol-graph-dir "$graphs" --output-path "$output" \
  --fallback-display-name PersianIndex --fallback-bundle-identifier PersianIndex \
  --warnings-as-errors --experimental-documentation-coverage --coverage-summary-level detailed \
  >"$scratch/coverage" || { cat "$scratch/coverage" && exit 1; }

# Everything public stands in a list of topics; that it has a docstring is checked by the linter.
uncurated=$(awk -F'|' '$4 ~ /false/ && $0 ~ /doc:/ { n = split($0, part, "/PersianIndex/PersianIndex/")
  print "  " (n > 1 ? part[n] : $0) }' "$scratch/coverage" | sort)
if [ -n "$uncurated" ]; then
  echo "docs: in no list of topics (see PersianIndex.docc/Extensions):"
  echo "$uncurated"
  exit 1
fi
echo "docs: written to $output"
