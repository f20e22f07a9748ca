# SPDX-License-Identifier: Apache-2.0
"""Runs searchctl on an executor."""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile

from .errors import ShardError

# In Python since 3.10.
F_SETPIPE_SZ = 1031


def executable(name):
    """The path of searchctl here: as given, on PATH, or sent along with `spark-submit --files`."""
    # Executors run in the folder that has what --files sent.
    found = shutil.which(name) or shutil.which(os.path.join(os.getcwd(), os.path.basename(name)))
    if not found:
        from pyspark import SparkFiles

        try:
            sent = SparkFiles.get(os.path.basename(name))
        except Exception:  # outside of Spark there are no files
            sent = ""
        found = shutil.which(sent) if sent else None
    if not found:
        raise ShardError(
            f"'{name}' is not an executable on {socket.gethostname()}; install searchctl on every"
            " node, or send it with --files and name it by its base name"
        )
    return found


def widen(pipe):
    """Lets a pipe hold a MiB, so that the processes at its ends take turns seldom; Linux only."""
    try:
        fcntl.fcntl(pipe, F_SETPIPE_SZ, 1 << 20)
    except OSError:
        pass  # It is no pipe, or the system has no such call or no memory for it.


def feed(name, arguments, blocks, check=None):
    """Runs searchctl with blocks of bytes on its standard input; returns what it printed.

    Args:
        check: Called when all blocks were written; what it raises ends searchctl before it can
            see the end of its input.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [executable(name), *arguments], stdin=subprocess.PIPE, stdout=output, stderr=errors,
            bufsize=0,
        )
        widen(process.stdin.fileno())
        try:
            try:
                for block in blocks:
                    rest = memoryview(block)
                    while rest:
                        rest = rest[process.stdin.write(rest) :]
                if check:
                    check()
                process.stdin.close()
            except BrokenPipeError:
                pass  # its message says why it ended
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        _check(status, (0,), errors)
        output.seek(0)
        return output.read().decode("utf-8")


def stream(name, arguments, shard, accepted=(0,)):
    """Runs searchctl and yields the lines that it prints."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [executable(name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        try:
            for line in process.stdout:
                yield line.decode("utf-8")
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        _check(status, accepted, errors, f"{shard}: ")


def _check(status, accepted, errors, prefix=""):
    if status in accepted:
        return
    errors.seek(0)
    text = errors.read().decode("utf-8", "replace").strip()
    reason = " ".join(text.split("\n")[:2]) or f"searchctl ended with status {status}"
    raise ShardError(prefix + reason)
