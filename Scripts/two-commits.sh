# What the tests of a failing system start from, to be read by them in the root of the project: a tool
# in $tool, a folder in $scratch, an index of one commit in $scratch/base, the records of the next one
# in $scratch/part2.jsonl, and what an index holds before and after it in $before and $after.
tool=${SEARCHCTL:-.build/release/searchctl}
[ -n "${SEARCHCTL:-}" ] || swift build -c release --product searchctl
scratch=$(mktemp -d)
trap 'umount "$scratch/disk" 2>/dev/null || true; rm -rf "$scratch"' EXIT
for part in 1 2; do
  awk -v part=$part 'BEGIN {
    for (i = part * 100; i < part * 100 + 150; i++)
      printf "{\"id\": \"d%d\", \"title\": \"عنوان %d\", \"text\": \"بخش %d\"}\n", i, i, part
  }' >"$scratch/part$part.jsonl"
done
content() {
  "$tool" export --index "$1" 2>/dev/null | LC_ALL=C sort | sha256sum
}
"$tool" index --index "$scratch/base" "$scratch/part1.jsonl" >/dev/null 2>&1
before=$(content "$scratch/base")
cp -r "$scratch/base" "$scratch/whole"
"$tool" index --index "$scratch/whole" "$scratch/part2.jsonl" >/dev/null 2>&1
after=$(content "$scratch/whole")
