# SPDX-License-Identifier: Apache-2.0
"""Measures builds: plain searchctl on the partitions, then Spark with one and with two executors.

Plain runs are measured one after another and two at a time, which is all that two executors can
gain on this machine. What Spark does before it hands documents over, which is reading, shuffling
and sorting them and writing them as JSON, is measured alone too.

usage: measure.py prepare DOCUMENTS.jsonl FOLDER SHARDS
       measure.py run FOLDER SHARDS SEARCHCTL
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "src")
sys.path.insert(0, SOURCE)
os.environ["PYTHONPATH"] = SOURCE
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

from pyspark.sql import SparkSession, functions  # noqa: E402

from persianindex_spark import build  # noqa: E402
from persianindex_spark.building import _lines  # noqa: E402

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


def plain(folder, searchctl, workers):
    """The seconds of searchctl on all partitions, so many at a time."""
    partitions = os.path.join(folder, "partitions")
    names = sorted(name for name in os.listdir(partitions) if name.startswith("part-"))

    def index(name):
        target = os.path.join(folder, "plain-" + name)
        with open(os.path.join(partitions, name), "rb") as lines:
            subprocess.run(
                [searchctl, "index", "--quiet", "--threads", "1", "--index", target]
                + ["--type", "jsonl", "-"],
                stdin=lines, check=True,
            )
        shutil.rmtree(target)

    start = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(index, names))
    return time.perf_counter() - start


def preparing_seconds(folder, shards):
    """The seconds that one executor takes for everything but the tasks' own processes."""
    spark = session(1)
    documents = spark.read.parquet(os.path.join(folder, "documents.parquet"))
    _lines(documents.limit(2000), 2).write.format("noop").mode("overwrite").save()
    start = time.perf_counter()
    _lines(documents, shards).write.format("noop").mode("overwrite").save()
    seconds = time.perf_counter() - start
    spark.stop()
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
    tasks = task_seconds(spark)
    spark.stop()
    shutil.rmtree(path)
    return seconds, tasks, manifest


def task_seconds(spark):
    """The run time of all tasks of the last stage, which are those that write shards."""
    context = spark.sparkContext
    quantiles = context._gateway.new_array(context._jvm.double, 0)
    stages = context._jsc.sc().statusStore().stageList(None, False, False, quantiles, None)
    last = max((stages.apply(i) for i in range(stages.size())), key=lambda s: s.stageId())
    return last.executorRunTime() / 1000


def run(folder, shards, searchctl):
    once = plain(folder, searchctl, 1)
    twice = plain(folder, searchctl, 2)
    print(
        f"plain: {once:.2f} s, two at a time {twice:.2f} s, {once / twice:.2f} times as fast",
        flush=True,
    )
    one, tasks, manifest = spark_seconds(folder, shards, searchctl, 1)
    print(
        f"one executor: {one:.2f} s for {manifest.documents} documents,"
        f" {100 * (one / once - 1):.0f} % over plain; its tasks that write shards {tasks:.2f} s,"
        f" {100 * (tasks / once - 1):.0f} % over plain", flush=True
    )
    two, _, _ = spark_seconds(folder, shards, searchctl, 2)
    print(f"two executors: {two:.2f} s, {one / two:.2f} times as fast as one", flush=True)
    alone = preparing_seconds(folder, shards)
    print(f"reading, shuffling, sorting and JSON alone, one executor: {alone:.2f} s", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        run(sys.argv[2], int(sys.argv[3]), sys.argv[4])
