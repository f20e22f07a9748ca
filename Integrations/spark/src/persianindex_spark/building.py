# SPDX-License-Identifier: Apache-2.0
"""Builds the shards of a collection: one task, one run of searchctl, one atomic rename each."""

import dataclasses
import json
import logging
import os
import shutil
import uuid

import pyarrow
from pyspark import TaskContext
from pyspark.sql import SparkSession, functions

from . import files
from .batches import block
from .errors import KeyTwiceError, ShardError, one_clear_error
from .manifest import Manifest, Shard, synchronize
from .relations import Lines, lines_of
from .shard import ATTEMPTS, accept, write_attempt
from .surveying import lines_in_order, survey
from .workers import batches_of, settle

# How many lines go to a task's Python at a time: a megabyte of short documents, and a gigabyte of
# documents of a megabyte.
BATCH_LINES = 1000
MOST = (1 << 31) - 1
# More than hashes of 64 bits that are equal by chance: a hundred billion keys have 270 such.
SUSPECTS = 1000
TWICE = "the key '{}' comes {} times; build without distinct"
LOG = logging.getLogger(__name__)
NO_KEY = "ShardError: a document has no key, so it belongs to no shard"


def build(
    documents, path, shards, *, key="id", distinct=False, check=True, searchctl="searchctl",
    options=(),
):
    """Builds a collection of shards and publishes it.

    Of documents of equal keys one stays. Tasks read files of JSON Lines themselves, a range of
    bytes for each shard, where their keys turn out to differ; also those of a DataFrame that is
    nothing but such files. All else is spread over the shards by a hash of the keys, so that equal
    keys meet in one shard; where they are known to differ, `distinct` takes the partitions as they
    come and saves Spark's shuffle. The collection at `path`, where there is one, is replaced in one
    step when all shards are there; whatever fails before leaves it as it is.

    Args:
        documents: The name of a file of JSON Lines, of a folder of such or a pattern, or a list of
            these: what costs least, where all executors see the files. Other names, as of packed
            files or of files elsewhere, are Spark's to read.
            Or a DataFrame. The column `key` names each document; `text` and `title` are
            searched; further columns are taken where `options` declares fields of their names
            (as in ["--field", "category:keyword"]). Or lines of JSON in the one column `value`,
            as `spark.read.text` gives them: they go to searchctl as they are, which costs half of
            what reading them as columns and writing them as JSON again does.
            What `spark.read.text` or `spark.read.json` gives of local files, or some of its
            columns, costs as little as their names: tasks read the files. Spark reads them after
            all where a line could be another document to it, or the build fails otherwise.
        path: A folder that all executors and the driver see under the same path.
        shards: The number of shards, at least 1. Shards that would be empty are left out.
        key: The name of the key's column, or of the key's member in lines of JSON.
        distinct: Whether no key comes twice, so that documents need not be shuffled. `shards` is
            the most that there will be then, and of hits of equal score others can be the last,
            unless tasks read the files themselves.
        check: Whether `distinct` keys are compared first, which reads the documents once more, or
            the one column of the keys where they are kept by columns. Unchecked, a key that comes
            twice is found twice.
        searchctl: The executable, as it is found on the executors.
        options: Further arguments for `searchctl index`.

    Returns:
        The published Manifest.

    Raises:
        ShardError: A shard could not be built, a document has no key, or a key that was said to be
            distinct comes twice; nothing is published.
    """
    if shards < 1:
        raise ValueError(f"shards must be at least 1, not {shards}")
    are_named = isinstance(documents, (str, os.PathLike, list, tuple))
    if are_named:
        documents, names = _named(documents)
    if documents.columns == ["value"]:
        options = ["--map", f"key={key}", *options] if key != "id" else options
    elif key not in documents.columns:
        raise ValueError(f"there is no column '{key}'; there are {documents.columns}")
    if are_named:
        lines = Lines(names, options) if names else None
    else:
        lines = lines_of(documents, key, options)
    ranges = files.ranges(lines.names, shards) if lines else None
    path = os.path.abspath(path)  # Executors run in folders of their own.
    os.makedirs(path, exist_ok=True)

    def in_order(folder):
        return _in_order(documents.sparkSession, lines, ranges, key, folder, distinct, check)

    def spread(_):
        if distinct and check:
            require_distinct(documents, key)
        return _spread(documents, key, shards, distinct)

    manifest = None
    if ranges is not None:
        try:
            manifest = _publish(path, in_order, searchctl, lines.options)
        except KeyTwiceError:
            raise
        except ShardError as error:
            # What tasks cannot read as it is in a DataFrame's files Spark can often read.
            if are_named:
                raise
            LOG.warning("Spark reads the documents instead of the tasks: %s", error)
    return manifest or _publish(path, spread, searchctl, options)


def _publish(path, source, searchctl, options):
    """Builds and publishes the shards of the tasks that `source` gives for a folder.

    Returns:
        The Manifest; None where `source` gives none, because a key comes twice.
    """
    name = f"build-{uuid.uuid4().hex}"
    folder = os.path.join(path, name)
    os.makedirs(os.path.join(folder, ATTEMPTS))
    manifest = None
    try:
        with one_clear_error():
            tasks = source(folder)
            if not tasks:
                return None
            built = _write(*tasks, folder, searchctl, options)
            if not built:
                raise ShardError(f"{path}: there are no documents, so nothing was built")
            shards = sorted((shard for _, shard in built), key=lambda shard: shard.name)
            require_same(shards)
        for attempt, shard in built:
            accept(folder, attempt, shard)
        synchronize(folder)
        published = Manifest(name, shards)
        published.publish(path)
        manifest = published
        return manifest
    finally:
        shutil.rmtree(folder if manifest is None else os.path.join(folder, ATTEMPTS), True)


def _named(names):
    """The lines of files, and the names of those that tasks can read themselves, or None."""
    names = [names] if isinstance(names, (str, os.PathLike)) else names
    names = [os.fspath(name) for name in names]
    session = SparkSession.builder.getOrCreate()
    system = session.sparkContext._jsc.hadoopConfiguration().get("fs.defaultFS", "file:")
    # Names alone can be those of another file system.
    return session.read.text(names), files.find(names if system.startswith("file:") else [system])


def _in_order(session, lines, ranges, key, folder, distinct, check):
    """A task for each range and what gives its lines; None where a key comes twice."""
    attempts = os.path.join(folder, ATTEMPTS)
    orders, twice = survey(session, ranges, key, attempts, check or not distinct, lines.columns)
    if not twice:
        tasks = session.range(0, len(ranges), 1, len(ranges))
        return tasks, lines_in_order(ranges, orders, attempts)
    if distinct:
        raise KeyTwiceError(TWICE.format(twice[0].decode("utf-8", "replace"), twice[1]))
    return None


def _spread(documents, key, shards, distinct):
    """The lines of each shard by key, distinct ones as they come, and what gives them in a task."""
    documents, document = _keyed(documents, key)
    if distinct:
        # Nobody else reads the key, which is what finds that there is none.
        has_key = functions.col("id").isNotNull()
        lines = documents.coalesce(shards).select(functions.when(has_key, document))
    else:
        # Sorted, so that every attempt at a shard sees its documents in the same order.
        rows = documents.repartition(shards, "id").sortWithinPartitions("id")
        lines = rows.select(document)
    lines = lines.toDF("line").select(functions.concat("line", functions.lit("\n")))
    return lines, lambda number, batches: map(block, batches)


def require_distinct(documents, key):
    """Checks that no key comes twice; Spark spreads hashes of eight bytes, and no documents."""
    keys = _keyed(documents, key)[0].select("id")
    number = functions.xxhash64("id")
    counts = keys.select(number.alias("number")).groupBy("number").count()
    # The keys of equal hashes are few, and compared as they are.
    numbers = [row.number for row in counts.where("count > 1").limit(SUSPECTS).collect()]
    if numbers:
        suspects = keys.where(number.isin(numbers)).groupBy("id").count()
        for row in suspects.where("count > 1").orderBy("id").limit(1).collect():
            raise ShardError(TWICE.format(row.id, row["count"]))


def _keyed(documents, key):
    """The documents with their key in the column `id`, and what makes JSON of one."""
    if documents.columns == ["value"]:
        documents = documents.filter(functions.trim("value") != "")
        documents = documents.select(_key(key).alias("id"), "value")
        document = functions.col("value")
    else:
        documents = documents.withColumnRenamed(key, "id")
        documents = documents.withColumn("id", functions.col("id").cast("string"))
        document = functions.to_json(functions.struct(*(f"`{name}`" for name in documents.columns)))
    no_key = functions.raise_error(functions.lit(NO_KEY)).cast("string")
    return documents.withColumn("id", functions.coalesce("id", no_key)), document


def _key(name):
    """The key of a line of JSON: taken from its beginning where it is plain to see there.

    Nothing here reads further into a line than its key, which `substring` of the line itself would.
    """
    value = functions.col("value")
    found = functions.get_json_object("value", f"$['{name}']")
    for start in (f'{{"{name}":"', f'{{"{name}": "'):
        head = functions.substring_index("value", '"', start.count('"') + 1)
        is_closed = functions.octet_length(head) < functions.octet_length("value")
        is_plain = value.startswith(start) & is_closed & ~head.contains("\\")
        found = functions.when(is_plain, head.substr(len(start) + 1, MOST)).otherwise(found)
    return found


def _write(tasks, blocks, folder, searchctl, options):
    """Hands each partition's lines to searchctl; returns the attempts that succeeded.

    Lines of a DataFrame go from the JVM to the task's Python in batches of Arrow, whose text is one
    block of bytes, and from there to searchctl: nobody decodes a line or handles it by itself.
    """

    def task(batches):
        settle()
        number = TaskContext.get().partitionId()
        written = write_attempt(
            folder, number, blocks(number, batches), searchctl=searchctl, options=options
        )
        if written:
            attempt, shard = written
            row = {"attempt": [attempt], "shard": [json.dumps(dataclasses.asdict(shard))]}
            yield pyarrow.RecordBatch.from_pydict(row)

    with batches_of(tasks.sparkSession, BATCH_LINES):
        # One row of each partition, whatever else was tried.
        rows = tasks.mapInArrow(task, "attempt string, shard string").collect()
    return [(row.attempt, Shard(**json.loads(row.shard))) for row in rows]


def clean(path):
    """Removes the builds that the manifest does not name; only while nobody builds or searches.

    Returns:
        The names of the folders removed.
    """
    current = Manifest.read(path).build
    removed = []
    for name in sorted(os.listdir(path)):
        if name.startswith("build-") and name != current:
            shutil.rmtree(os.path.join(path, name))
            removed.append(name)
    return removed


def require_same(shards):
    """Checks that all shards were made by the same analyzer in the same format."""
    first = shards[0]
    for shard in shards:
        if (shard.analyzer, shard.format) != (first.analyzer, first.format):
            raise ShardError(
                f"{shard.name}: it was built with {shard.analyzer}, format {shard.format}, and"
                f" {first.name} with {first.analyzer}, format {first.format}; install the same"
                " searchctl on every node"
            )
