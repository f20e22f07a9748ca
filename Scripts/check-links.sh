#!/bin/bash
# Checks that every relative link of the Markdown files leads to a file of the repository.
# usage: Scripts/check-links.sh
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
while IFS= read -r file; do
  folder=$(dirname "$file")
  while IFS= read -r target; do
    case $target in http://* | https://* | mailto:* | '#'* | '<doc:'* | doc:*) continue ;; esac
    path=${target%%#*}
    if [ ! -e "$folder/$path" ]; then
      echo "links: $file leads to $target, which is not there"
      failed=1
    fi
  done < <(sed '/^```/,/^```/d' "$file" | grep -oE '\]\([^)[:space:]]+\)' | sed 's/^](//; s/)$//')
done < <(git ls-files --cached --others --exclude-standard '*.md')
[ $failed = 0 ] && echo "links: all relative links lead somewhere"
exit $failed
