#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds and searches every engine on the same text, and shows who needs what.

    ./compare.py --install                                 once: the peers, into .peers/
    ./compare.py --corpus news.jsonl                       title and text of each line
    ./compare.py --corpus synthetic:200000                 a seeded generator, no data needed
    ./compare.py --corpus news.jsonl --skip-build          search again
    ./compare.py --corpus news.jsonl --rounds 3            engines take turns, three times
    ./compare.py --show Results/2026-11-21/news            tables and plots of a kept result

Prepared input and indexes are kept in work/, results in Results/<date>/<name>/.
"""
import argparse
import datetime
import json
import sys
from pathlib import Path

from harness import corpus, plots, process, queries, report
from harness.engines import HERE, engines, install, step


def arguments():
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--install", action="store_true", help="install the peers and stop")
    parser.add_argument("--show", type=Path, help="print and plot a kept result again")
    parser.add_argument("--corpus", help="a JSON Lines file, or synthetic:N")
    parser.add_argument("--name", help="how to call the corpus (default: from its file)")
    parser.add_argument("--limit", type=int, default=0, help="use only the first documents")
    parser.add_argument("--engines", default="persianindex,lucene,tantivy,pisa,sqlite")
    parser.add_argument("--mode", choices=["pre", "native"], default="pre",
                        help="pre: identical tokens for all; native: each engine's own analysis")
    parser.add_argument("--threads", default="1", help="indexing threads, such as 1,2")
    parser.add_argument("--commands", default="TOP_10,TOP_100,COUNT,TOP_10_COUNT")
    parser.add_argument("--budget-ms", type=int, default=1500, help="time per class and command")
    parser.add_argument("--rounds", type=int, default=1,
                        help="searches; engines take turns, a query's best counts")
    parser.add_argument("--repeat-build", type=int, default=1, help="builds; the fastest counts")
    parser.add_argument("--stored", type=int, choices=[0, 1], default=0, help="keep the text")
    parser.add_argument("--quiet-limit", type=float, default=0.5,
                        help="wait while others keep more cores busy than this")
    parser.add_argument("--skip-build", action="store_true")
    parser.add_argument("--skip-search", action="store_true")
    return parser.parse_args()


def prepare(options):
    """The folder with the prepared corpus, after making what is not there yet."""
    kind, _, count = options.corpus.partition(":")
    synthetic = kind == "synthetic"
    name = options.name or (f"synthetic{count}" if synthetic else Path(options.corpus).stem)
    folder = HERE / "work" / name
    if not (folder / "corpus.json").exists():
        step(f"preparing {options.corpus}")
        texts = (corpus.Synthetic().documents(int(count)) if synthetic
                 else corpus.from_json_lines(options.corpus, options.limit))
        corpus.prepare(texts, folder)
    if not (folder / "queries.tsv").exists():
        step(f"queries: {queries.make(folder / 'tokens.tsv', folder / 'queries.tsv')}")
    return name, folder


def build(engine, options, input_path, index, threads):
    """The fastest of the asked number of builds; None where the engine cannot."""
    best = None
    for _ in range(options.repeat_build):
        process.wait_until_quiet(options.quiet_limit)
        run = process.run(
            engine.command + ["build", "--docs", input_path, "--index", index, "--mode",
                              options.mode, "--threads", threads, "--stored", options.stored]
            + engine.build_options)
        if run.status:
            step(f"{engine.title} cannot build: {run.output.strip()[-300:]}")
            return None
        said = json.loads(run.output.strip().splitlines()[-1])
        built = {"threads": threads, "stored": options.stored,
                 "index_seconds": said["seconds"]["index"],
                 "merge_seconds": said["seconds"]["merge"], "wall": round(run.wall, 2),
                 "cpu": round(run.cpu, 2), "peak_megabytes": round(run.peak_megabytes, 1),
                 "bytes": said.get("bytes") or process.size(index),
                 "segments": said.get("segments"), "others": round(run.others, 2),
                 "version": said["version"]}
        if best is None or built["wall"] < best["wall"]:
            best = built
    return best


def search(engine, options, folder, out):
    """One round of all queries; None where the engine cannot."""
    process.wait_until_quiet(options.quiet_limit)
    index = folder / f"index.{engine.name}.{options.mode}"
    run = process.run(
        engine.command + ["search", "--index", index, "--queries", folder / "queries.tsv",
                          "--mode", options.mode, "--commands", options.commands, "--budget-ms",
                          options.budget_ms] + engine.search_options, output_path=out)
    if run.status:
        step(f"{engine.title} cannot search: {run.output.strip()[-300:]}")
        return None
    return run


def is_usable(engine, options):
    missing = engine.missing()
    if missing:
        step(f"{engine.title} is left out: {missing[0]} is not there (see --install)")
        return False
    if options.mode == "native" and not engine.analyses:
        step(f"{engine.title} is left out: it cannot analyse Persian text")
        return False
    return True


def measure_builds(engine, options, folder, entry):
    input_path = folder / ("tokens.tsv" if options.mode == "pre" else "raw.tsv")
    index = folder / f"index.{engine.name}.{options.mode}"
    wanted = [int(t) for t in options.threads.split(",") if engine.threads or t == "1"]
    entry["builds"] = []
    # One thread comes last: that index is the one that is searched.
    for threads in sorted(wanted, reverse=True):
        built = build(engine, options, input_path, index, threads)
        if built:
            entry["version"] = built.pop("version")
            entry["builds"].append(built)
            step(f"{engine.title}, {threads} threads: {built}")


def measure_searches(usable, options, folder, result):
    """Engines take turns in every round, so that a slow minute of the machine meets them all."""
    rounds = {engine.name: [] for engine in usable}
    loads = {engine.name: [] for engine in usable}
    for number in range(options.rounds):
        for engine in usable:
            out = folder / f"{engine.name}.{options.mode}.jsonl"
            run = search(engine, options, folder, out)
            if run:
                rounds[engine.name].append(report.read_rows(out))
                loads[engine.name].append(run.others)
                step(f"{engine.title} searched in {run.wall:.0f} s "
                     f"(round {number + 1} of {options.rounds})")
    for engine in usable:
        if found := rounds[engine.name]:
            rows = report.best_rows(found)
            report.write_rows(rows, folder / f"{engine.name}.{options.mode}.jsonl")
            entry = result["engines"][engine.name]
            entry["latency"] = report.summarise(rows)
            entry["search_others"] = round(max(loads[engine.name]), 2)


def show(folder):
    result = json.loads((folder / "result.json").read_text())
    text = report.render(result)
    print(text)
    plotted = plots.comparison(result, folder)
    links = "".join(f"![{name[:-4]}]({name})\n" for name in plotted)
    (folder / "README.md").write_text(text + "\n" + links, encoding="utf-8")


def main():
    options = arguments()
    if options.rounds < 1 or options.repeat_build < 1:
        sys.exit("--rounds and --repeat-build are at least 1")
    if options.install:
        return install()
    if options.show:
        return show(options.show)
    if not options.corpus:
        sys.exit("name a corpus with --corpus, or see --help")
    name, folder = prepare(options)
    prepared = json.loads((folder / "corpus.json").read_text())
    kept = folder / f"result.{options.mode}.json"
    result = json.loads(kept.read_text()) if kept.exists() else {"engines": {}}
    today = datetime.date.today().isoformat()
    result.update(
        name=name, mode=options.mode, date=today, corpus=prepared, machine=process.machine(),
        commit=process.commit(HERE.parent), commands=options.commands.split(","),
        input_bytes=prepared["token_bytes" if options.mode == "pre" else "raw_bytes"])
    if options.threads != "1" and not options.skip_build:
        process.wait_until_quiet(options.quiet_limit)
        result["parallel_gain"] = process.parallel_gain()
    known = engines()
    for wanted in options.engines.split(","):
        if wanted not in known:
            sys.exit(f"unknown engine '{wanted}'; there are {', '.join(known)}")
    usable = [known[wanted] for wanted in options.engines.split(",")
              if is_usable(known[wanted], options)]
    for engine in usable:
        entry = result["engines"].setdefault(engine.name, {"title": engine.title})
        if not options.skip_build:
            measure_builds(engine, options, folder, entry)
            kept.write_text(json.dumps(result, indent=1, ensure_ascii=False))
    if not options.skip_search:
        measure_searches(usable, options, folder, result)
        result["rounds"] = options.rounds
    rows = {engine: report.read_rows(path) for engine in result["engines"]
            if (path := folder / f"{engine}.{options.mode}.jsonl").exists()}
    result["reference"] = next(
        (engine for engine in ("lucene", "tantivy", "sqlite", report.OURS) if engine in rows),
        report.OURS)
    differing = 0
    for engine, theirs in rows.items():
        agreement = report.compare_counts(rows[result["reference"]], theirs)
        result["engines"][engine]["agreement"] = agreement
        differing += agreement["differing"]
    # The order of the tables: ours first, then the peers as they are listed here.
    result["engines"] = {engine: result["engines"][engine] for engine in known
                         if engine in result["engines"]}
    kept.write_text(json.dumps(result, indent=1, ensure_ascii=False))
    target = HERE / "Results" / today / (name if options.mode == "pre" else f"{name}-native")
    target.mkdir(parents=True, exist_ok=True)
    (target / "result.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    show(target)
    step(f"kept in {target}")
    if options.mode == "pre" and differing:
        sys.exit(f"{differing} hit counts differ between the engines: see the agreement above")


if __name__ == "__main__":
    main()
