# SPDX-License-Identifier: Apache-2.0
"""Arrays of Arrow that are made without pandas."""

import os
import subprocess
import sys

import numpy
import pyarrow
from conftest import SOURCE

from persianindex_spark import arrays

# What the tasks of a build do with lines and rows.
WORK = """
import sys, tempfile
import pyarrow
from persianindex_spark import arrays, files, keys, rows, spooling, surveying

folder = tempfile.mkdtemp()
lines = arrays.of_bytes([b'{"id":"b"}', b'{"id": 7}']).cast(rows.TEXT)
keys, lines = spooling._lines(pyarrow.RecordBatch.from_arrays([lines], ["value"]), keys.Finder("id"))
spooling._write([(keys, lines)], folder + "/lines", surveying.FewKeys(1))
pieces, = files.ranges([folder + "/lines"], 1)
places, keys = spooling.survey(pieces)
assert list(files.read(pieces, places)) == [b'{"id": 7}\\n{"id":"b"}\\n']

rows.write([pyarrow.RecordBatch.from_arrays([lines, lines], ["id", "text"])], folder + "/rows")
for most in (1 << 26, 0):
    rows.IN_MEMORY = most
    blocks, keys = rows.in_order(rows.read(rows.ranges([folder + "/rows"], 1)[0]))
    assert len(b"".join(blocks)) > 100
assert surveying.first_twice([surveying.packed(keys)] * 2)[1] == 2
assert surveying.first_twice([surveying.packed(keys)]) is None
assert "pandas" not in sys.modules
"""


def test_tasks_leave_pandas_out():
    """Which takes each process 0.4 seconds."""
    subprocess.run([sys.executable, "-c", WORK], check=True, env=os.environ | {"PYTHONPATH": SOURCE})


def test_numbers_and_bytes_there_and_back():
    for values in ([], [b""], [b"a", b"", "ب".encode(), b"\0"], [None], [b"", None, b"a"] * 9):
        array = arrays.of_bytes(values)
        assert array.type == pyarrow.large_binary() and array.to_pylist() == values
    some = numpy.arange(10)[::3]
    array = arrays.of_numbers(some)
    assert array.to_pylist() == [0, 3, 6, 9]
    assert arrays.numbers(array.slice(1, 2)).tolist() == [3, 6]
    assert arrays.numbers(pyarrow.array([2], pyarrow.uint64())).tolist() == [2]
    assert arrays.numbers(pyarrow.array([], pyarrow.int64())).tolist() == []
