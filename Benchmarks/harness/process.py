# SPDX-License-Identifier: Apache-2.0
"""Running a program and knowing what it took."""
import os
import platform
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Run:
    status: int
    output: str
    wall: float
    cpu: float
    peak_megabytes: float
    others: float
    """Cores that the rest of the machine kept busy meanwhile (0 where it cannot be known)."""


def busy_seconds():
    try:
        with open("/proc/stat") as stat:
            ticks = [int(value) for value in stat.readline().split()[1:9]]
    except OSError:
        return None
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def run(command, output_path=None, environment=None):
    with tempfile.TemporaryFile() as errors, \
            open(output_path, "w+b") if output_path else tempfile.TemporaryFile() as output:
        before, started = busy_seconds(), time.time()
        child = subprocess.Popen(
            [str(word) for word in command], stdout=output, stderr=errors,
            env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall, cpu = time.time() - started, usage.ru_utime + usage.ru_stime
        after = busy_seconds()
        text = b""
        if child.returncode or not output_path:
            errors.seek(0)
            output.seek(0)
            text = output.read() + (errors.read() if child.returncode else b"")
    others = 0.0 if before is None else max(0.0, after - before - cpu) / wall
    unit = 1 if platform.system() == "Darwin" else 1024
    return Run(child.returncode, text.decode("utf-8", "replace"), wall, cpu,
               usage.ru_maxrss * unit / 1e6, others)


def wait_until_quiet(limit, longest=240):
    """Waits until other programs keep fewer than `limit` cores busy, or `longest` seconds."""
    if busy_seconds() is None:
        return
    end = time.time() + longest
    while time.time() < end:
        before = busy_seconds()
        time.sleep(1)
        if busy_seconds() - before <= limit:
            return
        time.sleep(3)


def machine():
    """What a reader of the figures needs to know of the machine."""
    model = platform.processor()
    try:
        with open("/proc/cpuinfo") as lines:
            model = next(l.split(":", 1)[1].strip() for l in lines if l.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {"cpu": model, "cores": os.cpu_count(), "system": platform.system(),
            "architecture": platform.machine(), "python": platform.python_version()}


def commit(folder):
    """The commit that is measured, with a plus sign where the sources differ from it."""
    def git(*words):
        return subprocess.run(["git", "-C", str(folder), *words], capture_output=True,
                              text=True).stdout.strip()
    changed = git("status", "--porcelain", "--untracked-files=no", "--", "Sources",
                  "Package.swift", "Benchmarks/Sources")
    return git("rev-parse", "--short=12", "HEAD") + ("+" if changed else "")


def size(folder):
    return sum(os.path.getsize(os.path.join(root, name))
               for root, _, names in os.walk(folder) for name in names)
