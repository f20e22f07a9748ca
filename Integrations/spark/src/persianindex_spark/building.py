# SPDX-License-Identifier: Apache-2.0
"""Builds the shards of a collection: one task, one run of searchctl, one atomic rename each."""

import functools
import logging
import os
import pickle
import shutil
import uuid

import pyarrow
from pyspark import TaskContext
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

from . import sources
from .errors import KeyTwiceError, ShardError, one_clear_error
from .manifest import Manifest, synchronize
from .relations import Lines, files_of
from .shard import ATTEMPTS, accept, write_attempt
from .surveying import first_twice
from .workers import BATCH_ROWS, arrow_tasks, settle

# What searchctl says of bytes that are no text.
NO_TEXT = "invalid UTF-8"
LOG = logging.getLogger(__name__)


def build(
    documents, path, shards, *, key="id", distinct=False, check=True, shuffle=False,
    searchctl="searchctl", options=(),
):
    """Builds a collection of shards and publishes it.

    Of documents of equal keys one stays. Tasks read files of JSON Lines themselves, a range of
    bytes for each shard, where their keys turn out to differ; also those of a DataFrame that is
    nothing but such files. Of Parquet each reads a range of rows. Documents of other DataFrames, and
    of Parquet in few groups of rows, tasks write to files in `path`, which others read as such.
    Where a key comes twice, or with `shuffle`, Spark spreads the documents over the shards by a
    hash of their keys, so that equal keys meet in one.
    The collection at `path`, where there is one, is replaced in one step when all shards are there;
    whatever fails before leaves it as it is.

    Args:
        documents: The name of a file of JSON Lines, of a folder of such or a pattern, or a list of
            these: what costs least, where all executors see the files. Other names, as of packed
            files or of files elsewhere, are Spark's to read.
            Or a DataFrame. The column `key` names each document; `text` and `title` are
            searched; further columns are taken where `options` declares fields of their names
            (as in ["--field", "category:keyword"]). Or lines of JSON in the one column `value`,
            as `spark.read.text` gives them, which go to searchctl as they are.
            What `spark.read.text` or `spark.read.json` gives of local files, or some of its
            columns, in whatever partitions and order, costs as little as their names: tasks read
            the files, as they do those of `spark.read.parquet`. Spark reads them after all where a
            line could be another document to it, or the build fails otherwise.
        path: A folder that all executors and the driver see under the same path.
        shards: The number of shards, at least 1. Shards that would be empty are left out.
        key: The name of the key's column, or of the key's member in lines of JSON.
        distinct: Whether no key comes twice, so that documents go to searchctl as they come.
            `shards` is the most that there will be then, and of hits of equal score others can be
            the last, unless tasks read the files themselves.
        check: Whether `distinct` keys are compared first, which reads the documents once more, or
            the one column of the keys where they are kept by columns. Unchecked, a key that comes
            twice is found twice.
        shuffle: Whether Spark reads a DataFrame and moves its documents through the executors' own
            disks. Otherwise they go through files in `path`, which take as many bytes as the
            documents until the build has ended, and cost the processor half as much.
        searchctl: The executable, as it is found on the executors.
        options: Further arguments for `searchctl index`.

    Returns:
        The published Manifest.

    Raises:
        ShardError: There are no such files, a shard could not be built, a document has no key, or
            a key that was said to be distinct comes twice; nothing is published.
    """
    if shards < 1:
        raise ValueError(f"shards must be at least 1, not {shards}")
    are_named = isinstance(documents, (str, os.PathLike, list, tuple))
    if are_named:
        session = SparkSession.builder.getOrCreate()
        names = [documents] if isinstance(documents, (str, os.PathLike)) else documents
        names = list(map(os.fspath, names))
        has_lines, found = True, sources.named(session, names)
    else:
        session, has_lines = documents.sparkSession, documents.columns == ["value"]
    if has_lines:
        options = ["--map", f"key={key}", *options] if key != "id" else options
    elif key not in documents.columns:
        raise ValueError(f"there is no column '{key}'; there are {documents.columns}")
    if are_named:
        found = found and Lines(found, options, key)
    else:
        found = None if shuffle else files_of(documents, key, options)

    @functools.cache
    def frame():
        if not are_named:
            return documents
        try:
            # Spark looks for the files at once, which takes as long as the plan of a build.
            return session.read.text(names)
        except AnalysisException as error:
            reason = str(error).split(" SQLSTATE:")[0].split("\n")[0]
            raise ShardError(f"the documents cannot be read: {reason}") from None

    if not found:
        frame()
    path = os.path.abspath(path)  # Executors run in folders of their own.
    os.makedirs(path, exist_ok=True)

    def read(folder):
        return sources.read(session, found, shards, folder, distinct, check)

    def spooled(folder):
        return sources.spooled(frame(), key, shards, folder)

    def spread(_):
        return sources.spread(frame(), key, shards, distinct, check)

    routes = []
    if found:
        its_options = found.options if isinstance(found, Lines) else options
        # What tasks cannot read as it is in a DataFrame's files Spark can often read.
        routes.append((read, its_options, lambda _: not are_named))
    if not distinct and not shuffle:
        # Spark writes other characters in place of what is no text.
        routes.append((spooled, options, lambda error: NO_TEXT in str(error)))
    try:
        for source, its_options, forgives in routes:
            try:
                manifest = _publish(session, path, source, searchctl, its_options)
                if manifest:
                    return manifest
            except KeyTwiceError:
                raise
            except ShardError as error:
                if not forgives(error):
                    raise
                LOG.warning("Spark reads the documents instead of the tasks: %s", error)
    except KeyTwiceError:
        # Which is so wherever the documents are read.
        if distinct:
            raise
    return _publish(session, path, spread, searchctl, options)


def _publish(session, path, source, searchctl, options):
    """Builds and publishes the shards of the tasks that `source` gives for a folder.

    Returns:
        The Manifest; None where `source` gives no tasks, because others are for such documents.
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
            built, keys = _write(session, *tasks, folder, searchctl, options)
            twice = first_twice(keys)
            if twice:
                raise sources.key_twice(*twice)
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


def _write(session, tasks, blocks, kind, folder, searchctl, options):
    """Hands the documents of each shard to searchctl.

    What Spark has read goes from the JVM to the task's Python in batches of Arrow, whose text is one
    block of bytes, and from there to searchctl: nobody decodes a text or handles it by itself.

    Args:
        tasks: How many tasks find their documents themselves, or a DataFrame whose partitions they
            take.
        blocks: What gives the documents of a task of a number and its batches, their keys, and which
            document has a number among them.
        kind: What the documents are to searchctl.

    Returns:
        The attempts that succeeded and their shards, one of each task that had documents, whatever
        else was tried; and the keys, where there are some.
    """

    def written(number, batches=()):
        settle()
        documents, keys, origin = blocks(number, batches)
        attempt = write_attempt(
            folder, number, documents, kind, origin, searchctl=searchctl, options=options
        )
        return attempt and (*attempt, keys)

    def written_frame(batches):
        row = written(TaskContext.get().partitionId(), batches)
        if row:
            row = pyarrow.array([pickle.dumps(row)], pyarrow.binary())
            yield pyarrow.RecordBatch.from_arrays([row], ["row"])

    if isinstance(tasks, int):
        # To plan a DataFrame of numbers would take the driver as long as all the rest.
        rows = session.sparkContext.parallelize(range(tasks), tasks).map(written).collect()
    else:
        with arrow_tasks(session, BATCH_ROWS):
            rows = tasks.mapInArrow(written_frame, "row binary").collect()
        rows = [pickle.loads(row.row) for row in rows]
    rows = list(filter(None, rows))
    return [row[:2] for row in rows], [keys for _, _, keys in rows if keys is not None]


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
