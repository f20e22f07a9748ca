# SPDX-License-Identifier: Apache-2.0
"""Compares a collection on Spark with one index of the same documents, query by query.

Tasks read the file by its name, as the DataFrame that `spark.read.json` gives, and as Parquet; and
Spark reads the rows of that and the lines, and once also moves these. Each build is disturbed:
speculation is on, one of the two executors is killed, with what Spark reads while tasks write it for
others, else while they write shards, and a half-written shard lies about. Queries are pieces of the documents, some with their
spaces removed, so that the collection has to decide where words are cut.

usage: compare.py DOCUMENTS.jsonl FOLDER SHARDS QUERIES SEARCHCTL
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "src")
sys.path.insert(0, SOURCE)
os.environ["PYTHONPATH"] = SOURCE
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

from pyspark.sql import SparkSession  # noqa: E402

from persianindex_spark import Manifest, build, search  # noqa: E402
from processes import executors  # noqa: E402

LIMIT = 10
# What the order in which floats are summed can change in a score.
ROUNDING = 1e-5


def make_queries(lines, count):
    """Pieces of one to six words of random documents; every fifth has lost a space."""
    generator = random.Random(8)
    queries = []
    while len(queries) < count:
        words = json.loads(generator.choice(lines))["text"].split()
        size = generator.randint(1, 6)
        start = generator.randrange(max(1, len(words) - size))
        piece = words[start : start + size]
        if len(queries) % 5 == 0 and len(piece) > 1:
            piece = [piece[0] + piece[1], *piece[2:]]
        if piece:
            queries.append((f"q{len(queries)}", " ".join(piece)))
    return queries


def one_index(lines, folder, queries, searchctl):
    """What one index answers whose documents were added in the order of their keys."""
    index = os.path.join(folder, "whole")
    order = sorted(lines, key=lambda line: json.loads(line)["id"].encode())
    subprocess.run(
        [searchctl, "index", "--quiet", "--index", index, "--type", "jsonl", "-"],
        input="".join(order).encode(), check=True,
    )
    name = os.path.join(folder, "queries.tsv")
    with open(name, "w", encoding="utf-8") as file:
        file.writelines(f"{number}\t{text}\n" for number, text in queries)
    output = subprocess.run(
        [searchctl, "query", "--index", index, "--queries", name, "--json", "--limit", str(LIMIT)],
        check=True, stdout=subprocess.PIPE,
    ).stdout.decode()
    answers = {number: [] for number, _ in queries}
    for line in output.splitlines():
        hit = json.loads(line)
        answers[hit["query"]].append((hit["key"], hit["score"]))
    return answers


def kill_one(spark, path, start, killed):
    """Kills an executor as soon as a file or folder of such a name is being written."""
    deadline = time.time() + 300
    while time.time() < deadline:
        for name in os.listdir(path) if os.path.isdir(path) else []:
            attempts = os.path.join(path, name, "attempts")
            begun = os.listdir(attempts) if os.path.isdir(attempts) else []
            if any(attempt.startswith(start) for attempt in begun):
                process = executors(spark)[0]
                os.kill(process, signal.SIGKILL)
                killed.append(process)
                return
        time.sleep(0.02)


def main(documents, folder, shards, count, searchctl):
    os.makedirs(folder, exist_ok=True)
    with open(documents, encoding="utf-8") as file:
        lines = [line for line in file if line.strip()]
    queries = make_queries(lines, int(count))
    answers = one_index(lines, folder, queries, searchctl)

    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("compare")
    for name, value in {
        "ui.enabled": "false", "driver.host": "127.0.0.1", "driver.bindAddress": "127.0.0.1",
        "speculation": "true", "speculation.interval": "200ms",
        "executorEnv.PYTHONPATH": SOURCE,
    }.items():
        builder = builder.config("spark." + name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")

    frame = spark.createDataFrame(queries, ["id", "text"])
    failures = 0
    # Filtered, so that it is more than a file.
    lines = spark.read.text(documents).where("value like '{%'")
    parquet = os.path.join(folder, "parquet")
    spark.read.json(documents).write.mode("overwrite").parquet(parquet)
    sources = {
        "files": (documents, "shard-", False),
        "json": (spark.read.json(documents), "shard-", False),
        "parquet": (spark.read.parquet(parquet), "shard-", False),
        "rows": (spark.read.parquet(parquet).where("text is not null"), "spool-", False),
        "lines": (lines, "spool-", False),
        "shuffle": (lines, "shard-", True),
    }
    for name, (source, start, shuffle) in sources.items():
        path = os.path.join(folder, "collection-" + name)
        killed = []
        killer = threading.Thread(target=kill_one, args=(spark, path, start, killed))
        killer.start()
        build(source, path, int(shards), shuffle=shuffle, searchctl=searchctl)
        killer.join()
        manifest = Manifest.read(path)
        half = os.path.join(path, manifest.build, "attempts", "shard-00001-dead", "index")
        os.makedirs(half)
        with open(os.path.join(half, "segment-0000000000000001.seg"), "wb") as file:
            file.write(b"half a segment")
        rows = search(frame, path, LIMIT, searchctl=searchctl).orderBy("query", "rank").collect()
        print(
            f"{name}: {manifest.documents} documents in {len(manifest.shards)} shards, executors"
            f" killed: {len(killed)}"
        )
        failures += not tell(queries, answers, rows)
    spark.stop()
    return min(failures, 1)


def tell(queries, answers, rows):
    """Prints how the hits compare; returns whether they are the same."""
    found = {number: [] for number, _ in queries}
    for row in rows:
        found[row["query"]].append((row["key"], row["score"]))
    hits = sum(len(answer) for answer in answers.values())
    exact = sum(answers[number] == found[number] for number in answers)
    ordered = sum([k for k, _ in answers[n]] == [k for k, _ in found[n]] for n in answers)
    same = [number for number in answers if is_same(answers[number], found[number])]
    difference = max(
        (abs(a[1] - b[1]) for n in answers for a, b in zip(answers[n], found[n])), default=0
    )
    print(
        f"{len(queries)} queries, {hits} hits: {len(same)} with the same keys, {ordered} of them in"
        f" the same order, the others but for scores less than {ROUNDING:.0e} apart;"
        f" {exact} with exactly the same scores, largest difference {difference:.2g}"
    )
    for number, text in queries:
        if number not in same:
            print(number, text, answers[number], found[number], sep="\n  ")
    return len(same) == len(queries) and difference < 1e-4


def is_same(one, other):
    """Whether two answers hold the same keys, in an order that differs by rounding alone.

    The last places can go to other documents where these are as good as those left out.
    """
    if len(one) != len(other) or any(abs(a[1] - b[1]) > ROUNDING for a, b in zip(one, other)):
        return False
    scores = [dict(one), dict(other)]
    last = min((score for _, score in one), default=0)
    return all(
        abs(scores[0].get(key, last) - scores[1].get(key, last)) <= ROUNDING
        for key in scores[0] | scores[1]
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
