# SPDX-License-Identifier: Apache-2.0
"""What the adapters in Python share: the command line, the input files and the timing.

The protocol is described in Benchmarks/README.md.
"""
import argparse
import gc
import json
import time


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["build", "search"])
    for name, default in [("docs", ""), ("index", ""), ("queries", ""), ("mode", "pre"),
                          ("commands", "TOP_10,TOP_100,COUNT,TOP_10_COUNT")]:
        parser.add_argument(f"--{name}", default=default)
    for name, default in [("threads", 1), ("stored", 0), ("merge", 1), ("ram-mb", 256),
                          ("warmup", 2), ("min-passes", 3), ("max-passes", 15),
                          ("budget-ms", 1500)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


def documents(path):
    with open(path, encoding="utf-8", buffering=1 << 20) as lines:
        for line in lines:
            number, _, text = line.rstrip("\n").partition("\t")
            yield int(number), text


def parse(query):
    """The kind of a query (word, all, any, phrase) and its words."""
    if query.startswith('"'):
        return "phrase", query[1:-1].split(" ")
    if query.startswith("+"):
        return "all", [word[1:] for word in query.split(" ")]
    split = query.split(" ")
    return ("word" if len(split) == 1 else "any"), split


def limit_of(command):
    """The k of TOP_k, and 0 for COUNT."""
    return 0 if command == "COUNT" else int(command.split("_")[1])


def built(engine, version, count, index_seconds, merge_seconds, **more):
    print(json.dumps({"engine": engine, "version": version, "docs": count,
                      "seconds": {"index": round(index_seconds, 3),
                                  "merge": round(merge_seconds, 3)}, **more}))


def search(options, about, answer):
    """Times `answer(command, query)`, which returns a count and a way to fetch the hits.

    A count of None says that the engine cannot do that; the second value, called outside the
    timed part, returns [(ordinal, score)].
    """
    print(json.dumps({"meta": about}))
    with open(options.queries, encoding="utf-8") as lines:
        queries = [line.rstrip("\n").split("\t", 1) for line in lines]
    classes = {}
    for name, query in queries:
        classes.setdefault(name, []).append(query)
    clock = time.perf_counter_ns
    gc.disable()
    for command in options.commands.split(","):
        started = clock()
        for number in range(options.warmup):
            if number and clock() - started > 20e9:
                break
            for _, query in queries:
                answer(command, query)
        for name, members in classes.items():
            times, counts = [[] for _ in members], [None] * len(members)
            passes, began = 0, clock()
            while passes < options.max_passes and (
                    passes < options.min_passes
                    or clock() - began < options.budget_ms * 1_000_000):
                for place, query in enumerate(members):
                    before = clock()
                    counts[place] = answer(command, query)[0]
                    times[place].append(clock() - before)
                passes += 1
            for query, measured, count in zip(members, times, counts):
                if count is None:
                    continue
                measured.sort()
                row = {"class": name, "command": command, "query": query, "count": int(count),
                       "micros": measured[passes // 2] / 1e3, "best": measured[0] / 1e3,
                       "passes": passes}
                if command == "TOP_10":
                    hits = answer(command, query)[1]
                    row["top"] = [[int(o), round(float(s), 5)] for o, s in (hits() if hits else [])]
                print(json.dumps(row, ensure_ascii=False))
            gc.collect()
