#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the evidence of the ranking costs, and how long completing a word takes.

    ./extras.py --corpus news.jsonl                 {"title": …, "text": …} in each line
    ./extras.py --corpus news.jsonl --rounds 5

The text is indexed with the Persian analyzer. The best ten of the any-of queries drawn from it are
searched with evidence for so many documents, in turns; a query's time is the least of all rounds'
medians. Completion is asked for every beginning of 2,000 words out of 300,000 made-up ones.
"""
import argparse
import json
import statistics
import subprocess
from pathlib import Path

from harness import corpus, queries
from harness.engines import HERE, PEER

CLASSES = ("term_high", "term_mid", "or2_hh", "or2_hl", "or2_mm", "or4", "or8")


def search(index, asked, rescored):
    out = subprocess.run(
        [PEER, "search", "--index", index, "--queries", asked, "--mode", "native", "--commands",
         "TOP_10", "--rescored", str(rescored), "--budget-ms", "800"],
        capture_output=True, text=True, check=True).stdout
    rows = [json.loads(line) for line in out.splitlines()]
    return {(row["class"], row["query"]): row["micros"] for row in rows if "class" in row}


def main():
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--words", type=int, default=300_000, help="made-up words to complete")
    options = parser.parse_args()
    folder = HERE / "work" / options.corpus.stem
    if not (folder / "tokens.tsv").exists():
        corpus.prepare(corpus.from_json_lines(options.corpus), folder)
    index, asked = folder / "index.extras", folder / "queries.extras.tsv"
    if not index.exists():
        subprocess.check_call([PEER, "build", "--docs", folder / "raw.tsv", "--index", index,
                               "--mode", "native"])
    queries.make(folder / "tokens.tsv", asked)
    kept = [line for line in asked.read_text("utf-8").splitlines()
            if line.partition("\t")[0] in CLASSES]
    asked.write_text("\n".join(kept) + "\n", "utf-8")
    least = {0: {}, 24: {}}
    for _ in range(options.rounds):
        for rescored, best in least.items():
            for key, micros in search(index, asked, rescored).items():
                best[key] = min(best.get(key, micros), micros)
    counts = sorted(least)
    print("| class |" + "".join(f" {count}, µs |" for count in counts))
    print("| --- |" + " --- |" * len(counts))
    for name in (*CLASSES, "all any-of"):
        keys = [key for key in least[0]
                if key[0] == name or name == "all any-of" and key[0].startswith("or")]
        means = [statistics.mean(least[count][key] for key in keys) for count in counts if keys]
        print(f"| {name} |" + "".join(f" {mean:.1f} ({mean / means[0]:.2f}) |" for mean in means))
    print(subprocess.run([PEER, "complete", "--words", str(options.words)],
                         capture_output=True, text=True, check=True).stdout.strip())


if __name__ == "__main__":
    main()
