# SPDX-License-Identifier: Apache-2.0
"""The process of one task of a build: documents on standard input, the shard's description out.

Spark's JVM writes the documents straight to it, so that no line passes through a Python worker.

usage: python -m persianindex_spark.task whole|part FOLDER SEARCHCTL [OPTION...]
  whole: the documents are all of a shard and end with a line that says so
  part: they are those of a partition, and the driver knows whether they all came
"""

import dataclasses
import json
import os
import sys
import uuid

from .errors import ShardError
from .shard import ATTEMPTS, write_attempt, write_stream
from .tool import widen

# What a message about a failed task begins with, as a file among the attempts.
ERROR = "error-"


def blocks(descriptor):
    """The bytes of a descriptor as they come."""
    while block := os.read(descriptor, 1 << 20):
        yield block


def main(kind, folder, searchctl, *options):
    """Writes the shard; returns 0, or 1 after leaving the message for the driver."""
    widen(0)
    try:
        write = write_stream if kind == "whole" else write_attempt
        shard = write(folder, blocks(0), searchctl=searchctl, options=options)
    except (ShardError, OSError) as error:
        print(f"ShardError: {error}", file=sys.stderr, flush=True)
        name = os.path.join(folder, ATTEMPTS, ERROR + uuid.uuid4().hex)
        try:
            with open(name, "w", encoding="utf-8") as file:
                file.write(str(error))
        except OSError:
            pass  # The build was given up, and its folder is gone.
        return 1
    if shard:
        print(json.dumps(dataclasses.asdict(shard)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
