# SPDX-License-Identifier: Apache-2.0
"""Measures builds: plain searchctl on the partitions, then Spark with one and with two executors.

Plain runs are measured one after another and two at a time, which is all that two executors can
gain on this machine. With `confined`, each executor and each plain run, with all that they start,
has one core to itself, as the containers of a cluster have; without, they take what is there.
The first build of a session has Java compile the code, which a second finds ready (`again`).
Tasks read the lines of files themselves, also those of `json`, `text` and `columns` (Parquet),
which are DataFrames of nothing but files; with `frame` they have a filter that keeps all, so that
Spark reads them, and with `shuffle` also moves them.
Processor seconds are those of all executors and what they start, and of the driver.

usage: measure.py prepare DOCUMENTS.jsonl FOLDER SHARDS
       measure.py run FOLDER SHARDS SEARCHCTL [plain] [one] [two] [again] [confined]
                      [distinct] [json] [text] [columns] [frame] [shuffle]
"""

import itertools
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

from persianindex_spark import build, files  # noqa: E402
from processes import confine, executors  # noqa: E402

SCHEMA = "id string, title string, text string"
CORES = sorted(os.sched_getaffinity(0))
# What README.md recommends.
SETTINGS = {
    # The first two are what Java chooses by itself where it sees one core.
    "executor.extraJavaOptions": "-XX:+UseSerialGC -XX:ActiveProcessorCount=1"
    " -XX:Tier4InvocationThreshold=100000 -XX:Tier4MinInvocationThreshold=20000"
    " -XX:Tier4CompileThreshold=200000 -XX:Tier4BackEdgeThreshold=400000",
    "driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    # The default of Spark but in local-cluster: executors of one machine read each other's files.
    "shuffle.readHostLocalDisk": "true",
    "shuffle.compress": "false",
    "shuffle.sort.bypassMergeThreshold": "1",
}


def session(count, is_confined=False):
    builder = SparkSession.builder.master(f"local-cluster[{count},1,1024]")
    builder = builder.appName("measure").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1")
    builder = builder.config("spark.executorEnv.PYTHONPATH", SOURCE)
    for name, value in SETTINGS.items():
        builder = builder.config("spark." + name, value)
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
    prepare_ranges(folder, shards)


def prepare_ranges(folder, shards):
    """Writes the partitions of the files as tasks find them that read the files themselves."""
    os.mkdir(os.path.join(folder, "ranges"))
    names = files.find([os.path.join(folder, "lines")])
    for number, pieces in enumerate(files.ranges(names, shards)):
        places, _ = files.survey(pieces, "id")
        with open(os.path.join(folder, "ranges", f"part-{number:05d}"), "wb") as file:
            file.writelines(files.read(pieces, places))


def plain(partitions, searchctl, workers, is_confined):
    """The seconds of searchctl on all partitions, so many at a time."""
    names = sorted(name for name in os.listdir(partitions) if name.startswith("part-"))
    cores = queue.Queue()
    for worker in range(workers):
        cores.put(CORES[worker])

    def index(name):
        target = os.path.join(os.path.dirname(partitions), "plain-" + name)
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


def spark_builds(folder, shards, searchctl, count, words):
    """Tells what builds in one session take, after a small one has started all processes."""
    is_confined = "confined" in words
    settings = {"distinct": "distinct" in words, "shuffle": "shuffle" in words}
    spark = session(count, is_confined)
    path = os.path.join(folder, "collection")
    lines = os.path.join(folder, "lines")
    few = os.path.join(folder, "few.jsonl")
    with open(files.find([lines])[0], "rb") as file, open(few, "wb") as start:
        start.writelines(itertools.islice(file, 2000))
    # With a schema, because Spark would read all documents before the build to find one.
    readers = {"json": spark.read.schema(SCHEMA).json, "text": spark.read.text}
    read = next((readers[word] for word in words if word in readers), str)
    documents, few = read(lines), read(few)
    if "columns" in words:
        documents = spark.read.parquet(os.path.join(folder, "columns"))
        few = os.path.join(folder, "few.parquet")
        documents.limit(2000).write.mode("overwrite").parquet(few)
        few = spark.read.parquet(few)
    if "frame" in words:
        condition = "value like '{%'" if "text" in words else "text is not null"
        # One partition would warm one executor.
        documents, few = documents.where(condition), few.where(condition).repartition(2 * count)
    build(few, path, 2 * count, searchctl=searchctl, **settings)
    for number in ("first", "second")[: 1 + ("again" in words)]:
        before = processor_seconds(spark)
        start = time.perf_counter()
        manifest = build(documents, path, shards, searchctl=searchctl, **settings)
        seconds = time.perf_counter() - start
        used = [b - a for a, b in zip(before, processor_seconds(spark))]
        print(
            f"{count} executors, {number} build: {seconds:.2f} s, tasks that write shards"
            f" {task_seconds(spark):.2f} s, {manifest.documents} documents; processor: Java"
            f" {used[0]:.1f} s, Python {used[1]:.1f} s, searchctl {used[2]:.1f} s, driver"
            f" {used[3]:.1f} s", flush=True
        )
    spark.stop()
    shutil.rmtree(path)


def processor_seconds(spark):
    """What executors' Java, their Python and its children, and the driver's Java have used."""
    parents, own, children = {}, {}, {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        tick = os.sysconf("SC_CLK_TCK")
        parents[int(name)] = int(fields[1])
        own[int(name)] = (int(fields[11]) + int(fields[12])) / tick
        children[int(name)] = (int(fields[13]) + int(fields[14])) / tick
    java, used = executors(spark), [0.0, 0.0, 0.0, 0.0]
    for process, parent in parents.items():
        if process in java:
            used[0] += own[process]
            continue
        if parent == os.getpid():
            used[3] += own[process]
        while parent in parents and parent not in java:
            parent = parents[parent]
        if parent in java:
            used[1] += own[process]
            used[2] += children[process]
    return used


def task_seconds(spark):
    """The run time of all tasks of the last stage, which are those that write shards."""
    context = spark.sparkContext
    quantiles = context._gateway.new_array(context._jvm.double, 0)
    stages = context._jsc.sc().statusStore().stageList(None, False, False, quantiles, None)
    last = max((stages.apply(i) for i in range(stages.size())), key=lambda s: s.stageId())
    return last.executorRunTime() / 1000


def run(folder, shards, searchctl, words):
    print(*words, flush=True)
    if "plain" in words:
        is_frame = "shuffle" in words
        partitions = os.path.join(folder, "partitions" if is_frame else "ranges")
        once = plain(partitions, searchctl, 1, "confined" in words)
        twice = plain(partitions, searchctl, 2, "confined" in words)
        print(
            f"plain: {once:.2f} s, two at a time {twice:.2f} s, {once / twice:.2f} times as fast",
            flush=True,
        )
    for count, word in enumerate(("one", "two"), 1):
        if word in words:
            spark_builds(folder, shards, searchctl, count, words)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        run(sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5:])
