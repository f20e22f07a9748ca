# SPDX-License-Identifier: Apache-2.0
"""Writes one shard: one run of searchctl in a folder of its own, and one atomic rename."""

import dataclasses
import itertools
import json
import os
import re
import shutil
import uuid

from . import tool
from .errors import ShardError
from .manifest import SHARD_NAME, Shard, describe, synchronize, write_durably

ATTEMPTS = "attempts"


def write_attempt(folder, number, blocks, kind="jsonl", origin=None, *, searchctl, options=()):
    """Builds a shard from blocks of documents, for the driver to accept or to drop.

    Any number of attempts may run at once, each in a folder of its own. Blocks that break off look
    like ones that end: it is the driver that knows whether the task that sent them succeeded.

    Args:
        kind: What searchctl is to take the blocks for: lines of JSON, or a stream of Arrow.
        origin: What says of the number of a line or row in the blocks, from 1, which document it
            is; None where nobody knows.

    Returns:
        The name of the attempt and its Shard; None where there is no block.

    Raises:
        ShardError: searchctl failed; nothing of the attempt stays.
    """
    first = next(blocks, None)
    if first is None:
        return None
    name = f"shard-{number:05d}"
    attempt = f"{name}-{uuid.uuid4().hex}"
    place = os.path.join(folder, ATTEMPTS, attempt)
    try:
        # Its folder is made by the driver, and gone when the build has ended.
        os.mkdir(place)
    except OSError as error:
        raise ShardError(
            f"{name}: {error}; the driver and all executors have to see the folder"
        ) from None
    try:
        index = os.path.join(place, "index")
        words = ["index", "--quiet", "--json", "--threads", "1", "--index", index, "--type", kind]
        output = tool.feed(searchctl, [*words, *options, "-"], itertools.chain([first], blocks))
        shard = _described(name, index, output, searchctl)
        write_durably(os.path.join(place, SHARD_NAME), json.dumps(dataclasses.asdict(shard)))
        synchronize(place)
        return attempt, shard
    except BaseException as error:
        shutil.rmtree(place, ignore_errors=True)
        if isinstance(error, ShardError):
            raise ShardError(f"{name}: {error}{_refused(error, origin)}") from None
        raise


def _refused(error, origin):
    """Which document searchctl refuses, which has its own number only in the order of the blocks."""
    number = origin and re.search(r"standard input: (?:line|row) (\d+): ", str(error))
    return f" ({origin(int(number[1]))})" if number else ""


def _described(name, index, output, searchctl):
    """The Shard of an index, of which searchctl told in the last line of its output."""
    try:
        made = json.loads(output.splitlines()[-1])
        told = [made[member] for member in ("documentCount", "analyzer", "indexFormatVersion")]
    except (IndexError, ValueError, KeyError, TypeError):
        raise ShardError(
            f"'{searchctl}' does not tell what it has made; install the one of this package"
        ) from None
    return Shard(name, *told, files=describe(index))


def accept(folder, attempt, shard):
    """Gives the attempt of a task that succeeded its name as a shard, for the driver."""
    os.rename(os.path.join(folder, ATTEMPTS, attempt), os.path.join(folder, shard.name))
