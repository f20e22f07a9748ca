# SPDX-License-Identifier: Apache-2.0
"""Builds the shards of a collection: one task, one run of searchctl, one atomic rename each."""

import errno
import json
import os
import shutil
import uuid

from pyspark.sql import functions

from . import tool
from .errors import ShardError, one_clear_error
from .manifest import SHARD_NAME, Manifest, Shard, describe, synchronize, write_durably

ATTEMPTS = "attempts"


def build(documents, path, shards, *, key="id", searchctl="searchctl", options=()):
    """Builds a collection of shards and publishes it.

    Documents are spread over the shards by a hash of their keys, so that equal keys meet in one
    shard, where the last of them stays. The collection at `path`, where there is one, is replaced
    in one step when all shards are there; whatever fails before leaves it as it is.

    Args:
        documents: A DataFrame. The column `key` names each document; `text` and `title` are
            searched; further columns are taken where `options` declares fields of their names
            (as in ["--field", "category:keyword"]).
        path: A folder that all executors and the driver see under the same path.
        shards: The number of shards, at least 1. Shards that would be empty are left out.
        key: The name of the key's column.
        searchctl: The executable, as it is found on the executors.
        options: Further arguments for `searchctl index`.

    Returns:
        The published Manifest.

    Raises:
        ShardError: A shard could not be built; nothing is published.
    """
    if shards < 1:
        raise ValueError(f"shards must be at least 1, not {shards}")
    if key not in documents.columns:
        raise ValueError(f"there is no column '{key}'; there are {documents.columns}")
    os.makedirs(path, exist_ok=True)
    name = f"build-{uuid.uuid4().hex}"
    folder = os.path.join(path, name)
    os.makedirs(os.path.join(folder, ATTEMPTS))
    if key != "id":
        documents = documents.withColumnRenamed(key, "id")
    # Sorted, so that every attempt at a shard sees its documents in the same order.
    lines = (
        documents.repartition(shards, "id")
        .sortWithinPartitions("id")
        .select(functions.to_json(functions.struct("*")).alias("line"))
    )
    arguments = [*options]

    def write(number, rows):
        shard = write_shard(
            folder, number, (row.line for row in rows), searchctl=searchctl, options=arguments
        )
        return [shard] if shard else []

    try:
        with one_clear_error():
            built = lines.rdd.mapPartitionsWithIndex(write).collect()
            if not built:
                raise ShardError(f"{path}: there are no documents, so nothing was built")
            require_same(built)
        synchronize(folder)
        manifest = Manifest(name, sorted(built, key=lambda shard: shard.name))
        manifest.publish(path)
        return manifest
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(os.path.join(folder, ATTEMPTS), ignore_errors=True)


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


def write_shard(folder, number, lines, *, searchctl, options=()):
    """Builds one shard from lines of JSON; returns None where there is no line.

    Any number of attempts may run at once: each writes into a folder of its own, and the first
    to rename it is the shard. The others find it there and return it.
    """
    lines = iter(lines)
    first = next(lines, None)
    if first is None:
        return None
    name = f"shard-{number:05d}"
    final = os.path.join(folder, name)
    attempt = os.path.join(folder, ATTEMPTS, f"{name}-{uuid.uuid4().hex}")
    index = os.path.join(attempt, "index")
    os.makedirs(attempt)

    def all_lines():
        yield first
        yield from lines

    try:
        tool.feed(
            searchctl,
            ["index", "--quiet", "--threads", "1", "--index", index, "--type", "jsonl", *options]
            + ["-"],
            all_lines(),
            name,
        )
        info = json.loads(tool.feed(searchctl, ["info", "--json", "--index", index], [], name))
        value = {
            "name": name,
            "documents": info["documentCount"],
            "analyzer": info["analyzer"],
            "format": info["formatVersion"],
            "files": describe(index),
        }
        write_durably(os.path.join(attempt, SHARD_NAME), json.dumps(value))
        synchronize(attempt)
        try:
            os.rename(attempt, final)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise ShardError(f"{name}: cannot be published: {error}") from None
    finally:
        shutil.rmtree(attempt, ignore_errors=True)
    with open(os.path.join(final, SHARD_NAME), encoding="utf-8") as file:
        return Shard(**json.load(file))


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
