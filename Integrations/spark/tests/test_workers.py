# SPDX-License-Identifier: Apache-2.0
"""What workers keep between two tasks."""

import os
import sys
import time
import zipfile
import zipimport

import pyarrow

from persianindex_spark.workers import arrow_tasks, settle


def test_jars_are_not_read_again_for_each_task(tmp_path):
    finders = {}
    for name in ("spark-core.jar", "users.zip"):
        path = str(tmp_path / name)
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("module.py", "")
        finders[path] = sys.path_importer_cache[path] = zipimport.zipimporter(path)
    settle()
    # Users can replace what they sent along, and find it then.
    assert [path for path in finders if path in sys.path_importer_cache] == [path]
    del sys.path_importer_cache[path]


def test_what_spark_reads_goes_to_the_processes_of_other_tasks(spark):
    def process(_):
        # So that no executor gets through with all tasks alone.
        time.sleep(0.05)
        return f"{os.getcwd()} {os.getppid()}"

    def processes(batches):
        for batch in batches:
            rows = list(map(process, range(batch.num_rows)))
            yield pyarrow.RecordBatch.from_arrays([pyarrow.array(rows)], ["process"])

    found = set(spark.sparkContext.parallelize(range(8), 8).map(process).collect())
    before = spark.conf.get("spark.sql.execution.arrow.maxRecordsPerBatch")
    with arrow_tasks(spark, 7):
        rows = spark.range(8).repartition(8).mapInArrow(processes, "process string").collect()
        found |= {row.process for row in rows}
    assert len(found) == len({one.split()[0] for one in found}) == 2
    assert spark.conf.get("spark.sql.execution.arrow.maxRecordsPerBatch") == before
