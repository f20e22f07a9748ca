# SPDX-License-Identifier: Apache-2.0
"""Arrays of Arrow from what is at hand and back, without pandas.

Arrow imports pandas, which takes a process 0.4 seconds, where it is given Python's values or makes an
array of numpy.
"""

import numpy
import pyarrow


def of_bytes(values):
    """An array of some bytes objects, with nulls for None."""
    lengths = numpy.fromiter((len(value or b"") for value in values), numpy.int64, len(values))
    is_there = None
    if None in values:
        is_there = numpy.packbits([value is not None for value in values], bitorder="little")
    return of_parts(lengths, b"".join(filter(None, values)), is_there)


def of_parts(lengths, data, is_there=None):
    """An array of bytes of such lengths, all of which stand one behind the other.

    Args:
        lengths: An array of numpy.
        data: The bytes, in whose memory the array stays.
        is_there: A bit for each that is not null, from the lowest; None where no one is.
    """
    offsets = numpy.zeros(len(lengths) + 1, numpy.int64)
    numpy.cumsum(lengths, out=offsets[1:])
    buffers = [None if is_there is None else pyarrow.py_buffer(is_there)]
    buffers += [pyarrow.py_buffer(offsets), pyarrow.py_buffer(data)]
    return pyarrow.Array.from_buffers(pyarrow.large_binary(), len(lengths), buffers)


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
