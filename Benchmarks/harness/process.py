# SPDX-License-Identifier: Apache-2.0
"""Running a program and knowing what it took."""
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

LAUNCHER = Path(__file__).resolve().parent / "launcher.py"


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


def run(command, output_path=None):
    """Runs a program to its end; its output is returned, or kept at `output_path`."""
    with tempfile.TemporaryDirectory() as folder:
        output, errors = Path(output_path or Path(folder, "output")), Path(folder, "errors")
        before = busy_seconds()
        launched = subprocess.run(
            [sys.executable, "-S", LAUNCHER, output, errors, *map(str, command)],
            stdout=subprocess.PIPE, text=True, check=True)
        after = busy_seconds()
        status, wall, cpu, peak = launched.stdout.split()
        status, wall, cpu = int(status), float(wall), float(cpu)
        text = "" if output_path else output.read_text("utf-8", "replace")
        if status:
            text += errors.read_text("utf-8", "replace")
    others = 0.0 if before is None else max(0.0, after - before - cpu) / wall
    unit = 1 if platform.system() == "Darwin" else 1024
    return Run(status, text, wall, cpu, int(peak) * unit / 1e6, others)


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


def parallel_gain(seconds=1.0):
    """How much two busy loops at once do of what one does alone: 2 on two real cores, less where
    the system's two processors share one. No program gains more from a second thread."""
    def spin():
        loops, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            for _ in range(1000):
                loops += 1
        return loops
    alone = spin()
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, str(spin()).encode())
        os._exit(0)
    together = spin()
    together += int(os.read(reading, 32))
    os.wait()
    os.close(reading)
    os.close(writing)
    return round(together / alone, 2)


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
