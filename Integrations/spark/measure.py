# SPDX-License-Identifier: Apache-2.0
"""Measures builds: plain searchctl on the partitions, then Spark with one and with two executors.

usage: measure.py prepare DOCUMENTS.jsonl FOLDER SHARDS
       measure.py run FOLDER SHARDS SEARCHCTL
"""

import os
import shutil
import subprocess
import sys
import time

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "src")
sys.path.insert(0, SOURCE)
os.environ["PYTHONPATH"] = SOURCE
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

from pyspark.sql import SparkSession, functions  # noqa: E402

from persianindex_spark import build  # noqa: E402

SCHEMA = "id string, title string, text string"


def session(executors):
    builder = SparkSession.builder.master(f"local-cluster[{executors},1,1024]")
    builder = builder.appName("measure").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1")
    builder = builder.config("spark.executorEnv.PYTHONPATH", SOURCE)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def prepare(documents, folder, shards):
    """Writes the documents as Parquet, and each partition as `build` makes it as JSON Lines."""
    spark = session(2)
    frame = spark.read.schema(SCHEMA).json(documents)
    frame.write.parquet(os.path.join(folder, "documents.parquet"))
    lines = (
        frame.repartition(shards, "id").sortWithinPartitions("id")
        .select(functions.to_json(functions.struct("*")))
    )
    lines.write.text(os.path.join(folder, "partitions"))
    spark.stop()


def plain(folder, searchctl):
    """The seconds of searchctl on each partition, one after another."""
    partitions = os.path.join(folder, "partitions")
    seconds = []
    for name in sorted(os.listdir(partitions)):
        if not name.startswith("part-"):
            continue
        index = os.path.join(folder, "plain")
        shutil.rmtree(index, ignore_errors=True)
        start = time.perf_counter()
        with open(os.path.join(partitions, name), "rb") as lines:
            subprocess.run(
                [searchctl, "index", "--quiet", "--threads", "1", "--index", index]
                + ["--type", "jsonl", "-"],
                stdin=lines, check=True,
            )
        seconds.append(time.perf_counter() - start)
        shutil.rmtree(index)
    return seconds


def spark_seconds(folder, shards, searchctl, executors):
    """The seconds of a build, after a small one has started all processes."""
    spark = session(executors)
    documents = spark.read.parquet(os.path.join(folder, "documents.parquet"))
    path = os.path.join(folder, "collection")
    build(documents.limit(2000), path, 2 * executors, searchctl=searchctl)
    start = time.perf_counter()
    manifest = build(documents, path, shards, searchctl=searchctl)
    seconds = time.perf_counter() - start
    spark.stop()
    shutil.rmtree(path)
    return seconds, manifest


def run(folder, shards, searchctl):
    seconds = plain(folder, searchctl)
    print(f"plain: {sum(seconds):.2f} s, partitions {[round(s, 2) for s in seconds]}", flush=True)
    one, manifest = spark_seconds(folder, shards, searchctl, 1)
    print(
        f"one executor: {one:.2f} s for {manifest.documents} documents,"
        f" {100 * (one / sum(seconds) - 1):.0f} % over plain", flush=True
    )
    two, _ = spark_seconds(folder, shards, searchctl, 2)
    print(f"two executors: {two:.2f} s, {one / two:.2f} times as fast as one", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        run(sys.argv[2], int(sys.argv[3]), sys.argv[4])
