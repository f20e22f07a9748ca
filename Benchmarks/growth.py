#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How indexing and searching grow with the number of documents.

    ./growth.py                                  ours, 25,000 to 400,000 generated documents
    ./growth.py --engines persianindex,lucene    beside a peer
    ./growth.py --sizes 1000,2000,4000           smaller

A smaller corpus is the beginning of a larger one, and all sizes answer the same queries: the
any-of classes drawn from the largest. The exponent is the slope of a line through the points on
logarithmic axes (least squares): time ~ documents ** exponent.
"""
import argparse
import datetime
import json
import math
import statistics

from harness import corpus, plots, process, queries, report
from harness.engines import HERE, engines, step

CLASSES = ("or2_hh", "or2_hl", "or2_mm", "or4", "or8")


def exponent(sizes, values):
    xs, ys = [math.log(size) for size in sizes], [math.log(value) for value in values]
    return statistics.linear_regression(xs, ys).slope


def cut(source, target, count):
    """Copies the first documents; returns how many bytes of tokens they have."""
    target.mkdir(parents=True, exist_ok=True)
    size = 0
    with open(source / "tokens.tsv", encoding="utf-8") as lines, \
            open(target / "tokens.tsv", "w", encoding="utf-8") as out:
        for _, line in zip(range(count), lines):
            out.write(line)
            size += len(line.encode())
    return size


def measure(engine, sizes, folders, queries_path, options):
    points = []
    for size in sizes:
        folder = folders[size]
        index = folder / f"index.{engine.name}"
        seconds = []
        for _ in range(options.repeat_build):
            process.wait_until_quiet(options.quiet_limit)
            built = process.run(
                engine.command + ["build", "--docs", folder / "tokens.tsv", "--index", index]
                + engine.build_options)
            if built.status:
                step(f"{engine.title} cannot build: {built.output.strip()[-300:]}")
                return None
            said = json.loads(built.output.strip().splitlines()[-1])
            seconds.append(said["seconds"]["index"] + said["seconds"]["merge"])
        out = folder / f"{engine.name}.jsonl"
        process.wait_until_quiet(options.quiet_limit)
        searched = process.run(
            engine.command + ["search", "--index", index, "--queries", queries_path, "--commands",
                              "TOP_10", "--budget-ms", options.budget_ms]
            + engine.search_options, output_path=out)
        if searched.status:
            step(f"{engine.title} cannot search: {searched.output.strip()[-300:]}")
            return None
        micros = [row["micros"] for row in report.read_rows(out).values()]
        points.append({"documents": size, "index_seconds": min(seconds),
                       "peak_megabytes": round(built.peak_megabytes, 1),
                       "bytes": said.get("bytes") or process.size(index),
                       "top10_any_micros": round(statistics.fmean(micros), 2)})
        step(f"{engine.title}: {points[-1]}")
    return {"title": engine.title, "points": points,
            "index_exponent": round(exponent(sizes, [p["index_seconds"] for p in points]), 3),
            "any_of_exponent": round(exponent(sizes, [p["top10_any_micros"] for p in points]), 3)}


def main():
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--engines", default="persianindex")
    parser.add_argument("--sizes", default="25000,50000,100000,200000,400000")
    parser.add_argument("--mean-length", type=int, default=120, help="tokens per document")
    parser.add_argument("--budget-ms", type=int, default=500)
    parser.add_argument("--repeat-build", type=int, default=1)
    parser.add_argument("--quiet-limit", type=float, default=0.5)
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    whole = HERE / "work" / f"growth{sizes[-1]}x{options.mean_length}"
    if not (whole / "corpus.json").exists():
        step(f"generating {sizes[-1]:,} documents")
        generator = corpus.Synthetic(mean_length=options.mean_length)
        corpus.prepare(generator.documents(sizes[-1]), whole)
        (whole / "raw.tsv").unlink()
    queries_path = whole / "queries.tsv"
    if not queries_path.exists():
        queries.make(whole / "tokens.tsv", queries_path)
        kept = [line for line in queries_path.read_text().splitlines(keepends=True)
                if line.split("\t")[0] in CLASSES]
        queries_path.write_text("".join(kept))
    folders = {size: whole / str(size) for size in sizes}
    for size, folder in folders.items():
        if not (folder / "tokens.tsv").exists():
            cut(whole, folder, size)
    known, measured = engines(), {}
    for name in options.engines.split(","):
        if missing := known[name].missing():
            step(f"{known[name].title} is left out: {missing[0]} is not there")
        elif points := measure(known[name], sizes, folders, queries_path, options):
            measured[name] = points
    today = datetime.date.today().isoformat()
    target = HERE / "Results" / today / "growth"
    target.mkdir(parents=True, exist_ok=True)
    result = {"date": today, "commit": process.commit(HERE.parent), "machine": process.machine(),
              "mean_length": options.mean_length, "engines": measured}
    (target / "result.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    rows = [[entry["title"], f"{p['documents']:,}", f"{p['index_seconds']:.2f}",
             f"{p['peak_megabytes']:.0f}", f"{p['bytes'] / 1e6:.1f}", p["top10_any_micros"]]
            for entry in measured.values() for p in entry["points"]]
    exponents = [[entry["title"], entry["index_exponent"], entry["any_of_exponent"]]
                 for entry in measured.values()]
    text = (f"# Growth\n\nGenerated documents of {options.mean_length} tokens in the mean. "
            f"Commit {result['commit']}, {today}; {result['machine']['cpu']}, "
            f"{result['machine']['cores']} cores.\n\n"
            + report.table(["engine", "documents", "index s", "peak MB", "index MB",
                            "TOP_10 any-of, mean µs"], rows) + "\n"
            + report.table(["engine", "indexing time ~ n to the", "TOP_10 any-of ~ n to the"],
                           exponents)
            + "\nGoals: at most 1.1 and 0.8.\n\n![indexing](indexing.svg)\n![any-of](any-of.svg)\n")
    about = f"generated documents, {options.mean_length} tokens in the mean; {today}"
    for file, title, key, slope, unit in (
            ("indexing.svg", "Indexing, one thread, one segment", "index_seconds",
             "index_exponent", "seconds"),
            ("any-of.svg", "TOP_10 any-of", "top10_any_micros", "any_of_exponent", "µs")):
        if measured:
            plots.lines(
                target / file, title, about, sizes,
                {f"{entry['title']}, n^{entry[slope]:.2f}": [p[key] for p in entry["points"]]
                 for entry in measured.values()}, "documents", unit)
    (target / "README.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
