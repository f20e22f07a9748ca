# SPDX-License-Identifier: Apache-2.0
"""The processes of a Spark session on this machine, for tests and measurements; Linux only."""

import os


def executors(spark):
    """The process numbers of a session's executors, in ascending order."""
    application = spark.sparkContext.applicationId.encode()
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    command = file.read().split(b"\0")
            except OSError:
                continue
            if application in command and any(b"ExecutorBackend" in word for word in command):
                found.append(int(name))
    return sorted(found)


def confine(process, core):
    """Lets a process, and all that it starts from now on, run on one core."""
    for thread in os.listdir(f"/proc/{process}/task"):
        os.sched_setaffinity(int(thread), [core])
