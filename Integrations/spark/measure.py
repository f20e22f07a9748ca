# SPDX-License-Identifier: Apache-2.0
"""Measures builds: plain searchctl on the partitions, then Spark with one and with two executors.

Plain runs are measured one after another and two at a time, which is all that two executors can
gain on this machine. With `confined`, each executor and each plain run, with all that they start,
has one core to itself, as the containers of a cluster have; without, they take what is there.

usage: measure.py prepare DOCUMENTS.jsonl FOLDER SHARDS
       measure.py run FOLDER SHARDS SEARCHCTL [confined] [distinct] [lines|columns]
"""

import os
import queue
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
from processes import confine, executors  # noqa: E402

SCHEMA = "id string, title string, text string"
CORES = sorted(os.sched_getaffinity(0))


def session(count, is_confined=False):
    builder = SparkSession.builder.master(f"local-cluster[{count},1,1024]")
    builder = builder.appName("measure").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1")
    builder = builder.config("spark.executorEnv.PYTHONPATH", SOURCE)
    # What Java chooses by itself where it sees one core.
    options = "-XX:+UseSerialGC -XX:ActiveProcessorCount=1"
    builder = builder.config("spark.executor.extraJavaOptions", options)
    # Small, so that partitions that are only joined come out alike.
    builder = builder.config("spark.sql.files.maxPartitionBytes", str(32 << 20))
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    if is_confined:
        # All executors have to be there before they can be told apart.
        while len(executors(spark)) < count:
            time.sleep(0.1)
        for process, core in zip(executors(spark), CORES):
            confine(process, core)
    return spark


def prepare(documents, folder, shards):
    """Writes the documents as lines and as Parquet, and each partition as `build` makes it."""
    spark = session(2)
    frame = spark.read.schema(SCHEMA).json(documents)
    frame.write.parquet(os.path.join(folder, "columns"))
    line = functions.to_json(functions.struct("*"))
    frame.select(line).write.text(os.path.join(folder, "lines"))
    partitions = frame.repartition(shards, "id").sortWithinPartitions("id")
    partitions.select(line).write.text(os.path.join(folder, "partitions"))
    spark.stop()


def plain(folder, searchctl, workers, is_confined):
    """The seconds of searchctl on all partitions, so many at a time."""
    partitions = os.path.join(folder, "partitions")
    names = sorted(name for name in os.listdir(partitions) if name.startswith("part-"))
    cores = queue.Queue()
    for worker in range(workers):
        cores.put(CORES[worker])

    def index(name):
        target = os.path.join(folder, "plain-" + name)
        core = cores.get()
        confined = ["taskset", "-c", str(core)] if is_confined else []
        with open(os.path.join(partitions, name), "rb") as lines:
            subprocess.run(
                confined + [searchctl, "index", "--quiet", "--threads", "1", "--index", target]
                + ["--type", "jsonl", "-"],
                stdin=lines, check=True,
            )
        cores.put(core)
        shutil.rmtree(target)

    start = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(index, names))
    return time.perf_counter() - start


def spark_seconds(folder, shards, searchctl, count, is_confined, source, is_distinct):
    """The seconds of a build and of its tasks, after a small one has started all processes."""
    spark = session(count, is_confined)
    read = spark.read.text if source == "lines" else spark.read.parquet
    documents = read(os.path.join(folder, source))
    path = os.path.join(folder, "collection")
    # One partition would warm one executor.
    few = documents.limit(2000).repartition(2 * count)
    build(few, path, 2 * count, searchctl=searchctl, distinct=is_distinct)
    start = time.perf_counter()
    manifest = build(documents, path, shards, searchctl=searchctl, distinct=is_distinct)
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


def run(folder, shards, searchctl, is_confined, source, is_distinct):
    print(source, "confined" * is_confined, "distinct" * is_distinct, flush=True)
    once = plain(folder, searchctl, 1, is_confined)
    twice = plain(folder, searchctl, 2, is_confined)
    print(
        f"plain: {once:.2f} s, two at a time {twice:.2f} s, {once / twice:.2f} times as fast",
        flush=True,
    )
    case = (is_confined, source, is_distinct)
    one, tasks, manifest = spark_seconds(folder, shards, searchctl, 1, *case)
    print(
        f"one executor: {one:.2f} s for {manifest.documents} documents,"
        f" {100 * (one / once - 1):.0f} % over plain; its tasks that write shards {tasks:.2f} s,"
        f" {100 * (tasks / once - 1):.0f} % over plain", flush=True
    )
    two, _, _ = spark_seconds(folder, shards, searchctl, 2, *case)
    print(f"two executors: {two:.2f} s, {one / two:.2f} times as fast as one", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        words = sys.argv[5:]
        source = "columns" if "columns" in words else "lines"
        case = ("confined" in words, source, "distinct" in words)
        run(sys.argv[2], int(sys.argv[3]), sys.argv[4], *case)
