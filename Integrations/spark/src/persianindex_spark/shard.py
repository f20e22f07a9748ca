# SPDX-License-Identifier: Apache-2.0
"""Writes one shard: one run of searchctl in a folder of its own, and one atomic rename."""

import dataclasses
import errno
import itertools
import json
import os
import shutil
import uuid

from . import tool
from .errors import ShardError
from .manifest import SHARD_NAME, Shard, describe, synchronize, write_durably

ATTEMPTS = "attempts"
# What follows the last document of a shard: without it, its documents did not all come.
END = b"#end "


def write_shard(folder, number, lines, *, searchctl, options=()):
    """Builds one shard from lines of JSON; returns None where there is no line.

    Any number of attempts may run at once: each writes into a folder of its own, and the first
    to rename it is the shard. The others find it there and return it.
    """
    text = b"".join(line.encode() + b"\n" for line in lines)
    blocks = iter([text, END + str(number).encode() + b"\n"])
    return write_stream(folder, blocks, searchctl=searchctl, options=options)


def write_stream(folder, blocks, *, searchctl, options=()):
    """Builds one shard from blocks of bytes: lines of JSON, then END and the shard's number.

    Raises:
        ShardError: searchctl failed, or the blocks end without END, which happens where the
            process that sends them dies; nothing is published then.
    """
    documents = Documents(blocks)
    first = next(documents, None)
    if first is None:
        documents.number()
        return None
    attempt = _attempt(folder)
    try:
        try:
            _index(
                attempt, (block for part in ([first], documents) for block in part),
                searchctl, options, check=documents.number,
            )
        except ShardError as error:
            # The number comes last, so the rest is read for it.
            for _ in documents:
                pass
            raise ShardError(f"{_name(documents.number())}: {error}") from None
        name = _name(documents.number())
        _describe(attempt, name, searchctl)
        final = os.path.join(folder, name)
        try:
            os.rename(attempt, final)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise ShardError(f"{name}: cannot be published: {error}") from None
    finally:
        shutil.rmtree(attempt, ignore_errors=True)
    with open(os.path.join(final, SHARD_NAME), encoding="utf-8") as file:
        return Shard(**json.load(file))


def write_attempt(folder, blocks, *, searchctl, options=()):
    """Builds a shard from blocks of lines, for the driver to accept or to drop.

    Blocks that break off look like ones that end: it is the driver that knows whether the task
    that sent them succeeded. The shard's name is that of its folder among the attempts.
    """
    first = next(blocks, None)
    if first is None:
        return None
    attempt = _attempt(folder)
    try:
        _index(attempt, itertools.chain([first], blocks), searchctl, options)
        return _describe(attempt, os.path.basename(attempt), searchctl)
    except ShardError as error:
        shutil.rmtree(attempt, ignore_errors=True)
        start = first[:60].decode("utf-8", "ignore").split("\n")[0]
        raise ShardError(f"the shard that begins with {start}…: {error}") from None


def accept(folder, number, shard):
    """Gives the attempt of a task that succeeded its name as a shard, for the driver."""
    attempt = os.path.join(folder, ATTEMPTS, shard.name)
    named = dataclasses.replace(shard, name=_name(number))
    write_durably(os.path.join(attempt, SHARD_NAME), json.dumps(dataclasses.asdict(named)))
    os.rename(attempt, os.path.join(folder, named.name))
    return named


def _attempt(folder):
    attempt = os.path.join(folder, ATTEMPTS, uuid.uuid4().hex)
    os.makedirs(attempt)
    return attempt


def _index(attempt, blocks, searchctl, options, check=None):
    words = ["index", "--quiet", "--threads", "1", "--index", os.path.join(attempt, "index")]
    tool.feed(searchctl, [*words, "--type", "jsonl", *options, "-"], blocks, check=check)


def _describe(attempt, name, searchctl):
    """Writes down what an attempt holds, durably."""
    index = os.path.join(attempt, "index")
    info = json.loads(tool.feed(searchctl, ["info", "--json", "--index", index], []))
    shard = Shard(
        name=name, documents=info["documentCount"], analyzer=info["analyzer"],
        format=info["formatVersion"], files=describe(index),
    )
    write_durably(os.path.join(attempt, SHARD_NAME), json.dumps(dataclasses.asdict(shard)))
    synchronize(attempt)
    return shard


def _name(number):
    return f"shard-{number:05d}"


class Documents:
    """The documents of a stream, block by block, without the line that ends it."""

    # Longer than any last line.
    HELD = 64
    # So that many short blocks do not add up.
    MOST = 1 << 20

    def __init__(self, blocks):
        self.blocks = blocks
        self.held = b""

    def __iter__(self):
        return self

    def __next__(self):
        for block in self.blocks:
            # The last line is held back, for it may be the end; long blocks are passed on uncopied.
            if self.held and len(block) >= self.HELD:
                held, self.held = self.held, block
                return held
            self.held += block
            if len(self.held) > self.MOST:
                held, self.held = self.held[: -self.HELD], self.held[-self.HELD :]
                return held
        start = self.held.rfind(END)
        if start <= 0:
            raise StopIteration
        rest, self.held = self.held[:start], self.held[start:]
        return rest

    def number(self):
        """The number of the shard, once all blocks were read."""
        digits = self.held[len(END) : -1]
        if self.held[:-1] != END + digits or self.held[-1:] != b"\n" or not digits.isdigit():
            raise ShardError("the documents broke off; nothing is published")
        return int(digits)
