# SPDX-License-Identifier: Apache-2.0
"""What PySpark does at every task and need not, and how much it hands over at a time."""

import gc
import os
import sys
import zipimport
from contextlib import contextmanager

# How many documents go to a task's Python at a time: a megabyte of short ones, and a gigabyte of
# documents of a megabyte.
BATCH_ROWS = 1000
BATCH = "spark.sql.execution.arrow.maxRecordsPerBatch"
SHORT_TRACEBACKS = "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled"


def settle():
    """Spares this worker a tenth of a second at each of its further tasks.

    Between two tasks PySpark collects garbage among all modules, and has every cached finder of a
    zip file read its directory again. Its own zip has one for each package, and Spark puts one of
    its jars, of thousands of names, among the places where Python looks for modules.
    """
    gc.freeze()
    import pyspark

    for name, finder in list(sys.path_importer_cache.items()):
        if isinstance(finder, zipimport.zipimporter):
            is_own = pyspark.__file__.startswith(finder.archive + os.sep)
            if is_own or finder.archive.endswith(".jar"):
                # It is made again where it is needed.
                del sys.path_importer_cache[name]


def drain(batches):
    """Takes what Spark sends to a task, without which it would not use the process again."""
    for _ in batches:
        pass


@contextmanager
def arrow_tasks(session, rows):
    """How tasks run that get their rows from Spark as batches of Arrow.

    So many rows at a time, where Spark's 10,000 can exceed what Arrow takes; and in the processes that
    serve all other tasks. For short tracebacks, its default here, Spark tells a process so in its
    environment, and starts others for other tasks, which takes an executor most of a second.
    """
    wanted = {BATCH: str(rows), SHORT_TRACEBACKS: "false"}
    before = {name: session.conf.get(name) for name in wanted}
    try:
        for name, value in wanted.items():
            session.conf.set(name, value)
        yield
    finally:
        for name, value in before.items():
            session.conf.set(name, value)
