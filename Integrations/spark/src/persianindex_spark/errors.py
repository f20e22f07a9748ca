# SPDX-License-Identifier: Apache-2.0
"""The one error of the package, and how it gets from an executor to the driver."""

import re
from contextlib import contextmanager


class ShardError(Exception):
    """A shard could not be built, found, read or searched; the message names it in one line."""


class KeyTwiceError(ShardError):
    """A key that was said to be distinct comes twice, whoever reads the documents."""


@contextmanager
def in_shared_folder():
    """Turns what the system says of files there into a ShardError that says who needs them."""
    try:
        yield
    except OSError as error:
        raise ShardError(f"{error}; the driver and all executors have to see the folder") from None


@contextmanager
def one_clear_error():
    """Turns the failure of a Spark job into the ShardError that one of its tasks raised."""
    try:
        yield
    except ShardError:
        raise
    except Exception as error:
        # Spark hands over the traceback of the task as text.
        messages = re.findall(r"ShardError: (.+)", str(error))
        if not messages:
            raise
        message = messages[0].strip().split("\\n")[0]
        raise ShardError(re.sub(r" SQLSTATE: \w+$", "", message)) from error
