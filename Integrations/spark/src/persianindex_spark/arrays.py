# SPDX-License-Identifier: Apache-2.0
"""Arrays of Arrow from what is at hand and back, without pandas.

Arrow imports pandas, which takes a process 0.4 seconds, where it is given Python's values or makes an
array of numpy.
"""

import numpy
import pyarrow


def of_bytes(values):
    """An array of some bytes objects."""
    offsets = numpy.zeros(len(values) + 1, numpy.int64)
    numpy.cumsum(numpy.fromiter(map(len, values), numpy.int64, len(values)), out=offsets[1:])
    buffers = [None, pyarrow.py_buffer(offsets), pyarrow.py_buffer(b"".join(values))]
    return pyarrow.Array.from_buffers(pyarrow.large_binary(), len(values), buffers)


def of_numbers(numbers):
    """An array of an array of numpy of 64-bit integers, in whose memory it stays."""
    numbers = numpy.ascontiguousarray(numbers, numpy.int64)
    return pyarrow.Array.from_buffers(
        pyarrow.int64(), len(numbers), [None, pyarrow.py_buffer(numbers)]
    )


def numbers(array):
    """An array of numpy of an array of 64-bit integers below 2^63 without nulls."""
    data = array.buffers()[1]
    if data is None:
        return numpy.zeros(0, numpy.int64)
    return numpy.frombuffer(data, numpy.int64, len(array), array.offset * 8)
