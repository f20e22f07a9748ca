#!/bin/bash
# Checks that every folder of the library uses only the folders that it may use, by compiling it
# with those alone. Whatever reaches further fails with "cannot find … in scope".
# usage: Scripts/check-layers.sh
set -euo pipefail
cd "$(dirname "$0")/../Sources/PersianIndex"

# folder: what it may use, everything that those may use included
layers="
Support:
Platform: Support
Analysis: Support
Schema: Support
Storage: Platform Support
Segment: Storage Platform Schema Support
Indexing: Segment Storage Platform Schema Analysis Support
Query: Schema Analysis Support
Search: Query Segment Storage Platform Schema Analysis Support
Highlight: Search Query Segment Storage Platform Schema Analysis Support
Diagnostics: Segment Storage Platform Schema Analysis Support
Exchange: Highlight Search Query Indexing Segment Storage Platform Schema Analysis Support
"

# The lexicon's text takes seconds to read and says nothing about layers.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
lexicon=Analysis/Persian/LexiconTables.swift
awk '/= """$/ { print; inside = 1; next } /^ *"""/ { inside = 0 } !inside' "$lexicon" \
  >"$scratch/LexiconTables.swift"

failed=0
for folder in */; do
  folder=${folder%/}
  [[ $folder == *.docc ]] && continue
  if ! grep -q "^$folder:" <<<"$layers"; then
    echo "layers: $folder is in no layer; add it to Scripts/check-layers.sh"
    failed=1
  fi
done
while IFS=: read -r folder uses; do
  [ -n "$folder" ] && [ -d "$folder" ] || continue
  # The folder's own files are checked, those it may use only looked into.
  arguments=()
  while read -r file; do
    [ "$file" = "$lexicon" ] && file=$scratch/LexiconTables.swift
    arguments+=(-primary-file "$file")
  done < <(find "$folder" -name '*.swift' | sort)
  existing=()
  for use in $uses; do [ -d "$use" ] && existing+=("$use"); done
  if [ "${#existing[@]}" -gt 0 ]; then
    while read -r file; do
      [ "$file" = "$lexicon" ] && file=$scratch/LexiconTables.swift
      arguments+=("$file")
    done < <(find "${existing[@]}" -name '*.swift' | sort)
  fi
  if output=$(swiftc -frontend -typecheck -swift-version 6 -module-name PersianIndex \
    -package-name PersianIndex -parse-as-library -enable-upcoming-feature ExistentialAny \
    -enable-upcoming-feature MemberImportVisibility \
    -enable-upcoming-feature InternalImportsByDefault "${arguments[@]}" 2>&1); then
    echo "layers: $folder uses only${uses:- nothing}"
  else
    echo "layers: $folder uses more than${uses:- nothing}:"
    grep -E "error:" <<<"$output" | sed 's/^/  /' | head -20
    failed=1
  fi
done <<<"$layers"

# Foundation stays out of the library, and the system's library in its own folder.
if grep -rnE '^ *(@preconcurrency )?(public |internal |package |private )?import +Foundation' . ; then
  echo "layers: the library imports no Foundation"
  failed=1
fi
if grep -rnE '^ *(public |internal |package |private )?import +(Glibc|Musl|Darwin|Android|WinSDK)' . | grep -v '^./Platform/'; then
  echo "layers: only Platform/ imports the system's library"
  failed=1
fi
exit $failed
