# SPDX-License-Identifier: Apache-2.0
"""Measures builds: plain searchctl on the partitions, and Spark with one and with two executors.

They take turns, so that what else a machine does in a minute befalls all of them: in each round
plain searchctl on one partition after another, one executor, plain on two partitions at a time,
which is all that two executors can gain on this machine, and two executors. Each Spark session
stays for all rounds, in a process of its own that only waits in between, after a small build has
started its processes; its first build still has Java compile the code. Of the rounds' seconds, and
of their ratios within each round, medians are told.

With `confined`, each executor and each plain run, with all that they start, has one core to itself,
as the containers of a cluster have; without, they take what is there.
Tasks read the lines of files themselves, also those of `json`, `text` and `columns` (Parquet),
which are DataFrames of nothing but files; with `frame` they have a filter that keeps all, so that
Spark reads them, and with `shuffle` also moves them; with `cached` Spark has them in memory, so that
what it takes to read them is left out.
Processor seconds are those of all executors and what they start, and of the driver.

usage: measure.py prepare DOCUMENTS.jsonl FOLDER SHARDS
       measure.py run FOLDER SHARDS SEARCHCTL ROUNDS [confined] [distinct] [json] [text] [columns]
                      [frame] [cached] [shuffle]
"""

import itertools
import json
import os
import queue
import shutil
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "src")
sys.path.insert(0, SOURCE)
os.environ["PYTHONPATH"] = SOURCE
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

from pyspark.sql import SparkSession, functions  # noqa: E402

from persianindex_spark import build, clean, files  # noqa: E402
from processes import confine, executors  # noqa: E402

PROCESSES = ("Java", "Python", "searchctl", "driver")
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


def serve(folder, shards, searchctl, count, words):
    """Builds once for each line of standard input, and tells of each build in one of JSON."""
    spark = session(count, "confined" in words)
    path = os.path.join(folder, f"collection-{count}")
    documents, few = sources(spark, folder, count, words)
    settings = {"distinct": "distinct" in words, "shuffle": "shuffle" in words}
    settings["searchctl"] = searchctl
    build(few, path, 2 * count, **settings)
    print(json.dumps({}), flush=True)
    for _ in sys.stdin:
        before = processor_seconds(spark)
        start = time.perf_counter()
        manifest = build(documents, path, shards, **settings)
        seconds = time.perf_counter() - start
        clean(path)
        used = [b - a for a, b in zip(before, processor_seconds(spark))]
        told = {"seconds": seconds, "tasks": task_seconds(spark), "documents": manifest.documents}
        print(json.dumps(told | dict(zip(PROCESSES, used))), flush=True)
    spark.stop()
    shutil.rmtree(path)


def sources(spark, folder, count, words):
    """The documents to build, and a few of them that start all processes of a session."""
    lines = os.path.join(folder, "lines")
    few = os.path.join(folder, f"few-{count}.jsonl")
    with open(files.find([lines])[0], "rb") as file, open(few, "wb") as start:
        start.writelines(itertools.islice(file, 2000))
    # With a schema, because Spark would read all documents before the build to find one.
    readers = {"json": spark.read.schema(SCHEMA).json, "text": spark.read.text}
    read = next((readers[word] for word in words if word in readers), str)
    documents, few = read(lines), read(few)
    if "columns" in words:
        documents = spark.read.parquet(os.path.join(folder, "columns"))
        few = os.path.join(folder, f"few-{count}.parquet")
        documents.limit(2000).write.mode("overwrite").parquet(few)
        few = spark.read.parquet(few)
    if "frame" in words:
        condition = "value like '{%'" if "text" in words else "text is not null"
        # One partition would warm one executor.
        documents, few = documents.where(condition), few.where(condition).repartition(2 * count)
    if "cached" in words:
        documents = documents.cache()
        documents.count()
    return documents, few


class Session:
    """A process that builds with so many executors when it is told to."""

    def __init__(self, folder, shards, searchctl, count, words):
        self.count = count
        self._process = subprocess.Popen(
            [sys.executable, __file__, "serve", folder, str(shards), searchctl, str(count), *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        self._told()

    def build(self):
        """The seconds of a build, which it also prints."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        told = self._told()
        used = ", ".join(f"{name} {told[name]:.1f} s" for name in PROCESSES)
        print(
            f"  executors {self.count}: {told['seconds']:.2f} s, tasks that write shards"
            f" {told['tasks']:.2f} s, {told['documents']} documents; processor: {used}", flush=True
        )
        return told["seconds"]

    def stop(self):
        self._process.stdin.close()
        self._process.wait()

    def _told(self):
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"the session of {self.count} executors ended: {self._process.wait()}")
        return json.loads(line)


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


def run(folder, shards, searchctl, rounds, words):
    print(*words, flush=True)
    sessions = [Session(folder, shards, searchctl, count, words) for count in (1, 2)]
    partitions = os.path.join(folder, "partitions" if "shuffle" in words else "ranges")
    seconds = []
    for number in range(rounds):
        print(f"round {number + 1}", flush=True)
        row = []
        for count, its_session in enumerate(sessions, 1):
            row.append(plain(partitions, searchctl, count, "confined" in words))
            print(f"  plain, {count} at a time: {row[-1]:.2f} s", flush=True)
            row.append(its_session.build())
        seconds.append(row)
    for its_session in sessions:
        its_session.stop()

    def median(value):
        return statistics.median(map(value, seconds))

    print(
        f"medians: plain {median(lambda r: r[0]):.2f} s, two at a time {median(lambda r: r[2]):.2f} s,"
        f" {median(lambda r: r[0] / r[2]):.2f} times as fast; one executor"
        f" {median(lambda r: r[1]):.2f} s, {median(lambda r: r[1] / r[0] - 1):.0%} over plain; two"
        f" {median(lambda r: r[3]):.2f} s, {median(lambda r: r[1] / r[3]):.2f} times as fast as one,"
        f" {median(lambda r: r[3] / r[2] - 1):.0%} over plain", flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        do = {"serve": serve, "run": run}[sys.argv[1]]
        do(sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5]), sys.argv[6:])
