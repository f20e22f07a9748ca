#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long it takes to start, open an index, answer one query and exit.

    ./coldstart.py --index work/synthetic200000/index.persianindex.pre --query "کتاب خانه"
    ./coldstart.py --corpus synthetic:200000           builds the index first where it is missing

The files are in the page cache (warm). Each run is a new process; the time is from before it
starts until it has ended, as a shell user would feel it.
"""
import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

from harness.engines import HERE, PEER


def main():
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--corpus", default="synthetic:200000")
    parser.add_argument("--query", help="default: the first any-of query of the corpus")
    parser.add_argument("--runs", type=int, default=50)
    options = parser.parse_args()
    index, query = options.index, options.query
    if not index:
        kind, _, count = options.corpus.partition(":")
        name = f"synthetic{count}" if kind == "synthetic" else Path(options.corpus).stem
        folder = HERE / "work" / name
        index = folder / "index.persianindex.pre"
        if not index.exists():
            subprocess.check_call([
                sys.executable, HERE / "compare.py", "--corpus", options.corpus, "--engines",
                "persianindex", "--skip-search"], stdout=subprocess.DEVNULL)
        if not query:
            lines = (folder / "queries.tsv").read_text().splitlines()
            query = next(line.split("\t")[1] for line in lines if line.startswith("or4"))
    if not query:
        sys.exit("name a query with --query")
    command = [PEER, "first", "--index", index, "--query", query]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    times = []
    for _ in range(options.runs):
        started = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - started) * 1e3)
    times.sort()
    print(f"{answer.strip()}\nopen, first query, exit: median {statistics.median(times):.1f} ms, "
          f"fastest {times[0]:.1f} ms, slowest {times[-1]:.1f} ms of {len(times)} runs")


if __name__ == "__main__":
    main()
