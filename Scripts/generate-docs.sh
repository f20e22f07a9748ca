#!/bin/bash
# Builds the documentation with the toolchain alone; a warning fails it, such as a link to a symbol
# that is not there.
# usage: Scripts/generate-docs.sh [FOLDER]        (default: .build/documentation)
set -euo pipefail
cd "$(dirname "$0")/.."
output=${1:-.build/documentation}
graphs=.build/documentation-symbols
rm -rf "$graphs" "$output"
mkdir -p "$graphs" "$(dirname "$output")"
swift build --target PersianIndex \
  -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$graphs" >/dev/null
find "$graphs" -name '*.symbols.json' ! -name 'PersianIndex*.symbols.json' -delete
docc=$(xcrun --find docc 2>/dev/null || command -v docc)
"$docc" convert Sources/PersianIndex/PersianIndex.docc \
  --additional-symbol-graph-dir "$graphs" --output-path "$output" \
  --fallback-display-name PersianIndex --fallback-bundle-identifier PersianIndex \
  --warnings-as-errors
echo "docs: written to $output"
