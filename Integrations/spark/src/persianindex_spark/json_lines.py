# SPDX-License-Identifier: Apache-2.0
"""Writes the rows of Arrow batches as JSON, a column at a time and none of them by itself."""

import json

import numpy
import pyarrow
import pyarrow.compute

TEXT = pyarrow.large_string()
# What JSON does not take in a string as it is; the backslash first, which the others bring.
ESCAPES = {byte: json.dumps(chr(byte))[1:-1].encode() for byte in (0x5C, 0x22, *range(32))}
GROWTH = numpy.array([len(ESCAPES.get(byte, b" ")) - 1 for byte in range(256)])


def documents(batch):
    """The rows of a batch as objects of JSON, an Arrow array of text.

    Args:
        batch: Columns of text and of whole numbers. The first has no null and becomes text; others
            have no members for their nulls. The last column is not a member but what ends each
            document: `}`, or further members of JSON behind a comma.
    """
    names, columns = list(batch.schema.names), list(batch.columns)
    rest, parts = columns.pop().cast(TEXT), []
    for name, column in zip(names, columns):
        start = f'{"," if parts else "{"}{json.dumps(name, ensure_ascii=False)}:'
        if parts and pyarrow.types.is_integer(column.type):
            member = [_text(start), column.cast(TEXT)]
        else:
            member = [_text(start + '"'), escaped(column), _text('"')]
        if column.null_count:
            member = [pyarrow.compute.if_else(column.is_valid(), _joined(member), _text(""))]
        parts += member
    return _joined([*parts, rest])


def escaped(column):
    """A column of text as it stands in strings of JSON; nulls become any text."""
    column = column.cast(TEXT)
    offsets, data = values(column)
    special = numpy.flatnonzero((data < 0x20) | (data == 0x22) | (data == 0x5C))
    found = data[special]
    block = data.tobytes()
    present = set(found.tolist())
    for byte in ESCAPES:
        if byte in present:
            block = block.replace(bytes([byte]), ESCAPES[byte])
    growth = numpy.concatenate([[0], numpy.cumsum(GROWTH[found])])
    offsets = offsets - offsets[0]
    offsets += growth[numpy.searchsorted(special, offsets)]
    buffers = [None, pyarrow.py_buffer(offsets), pyarrow.py_buffer(block)]
    return pyarrow.Array.from_buffers(TEXT, len(column), buffers)


def values(column):
    """Where the values of an Arrow array of text are, and all their bytes, one behind the other.

    Returns:
        An array of offsets, one more than there are values, the first of which is that of the
        first byte; and the bytes, which are those of the array, not a copy.
    """
    is_large = column.type in (TEXT, pyarrow.large_binary())
    _, offsets, data = column.buffers()
    if len(column) == 0 or data is None:
        return numpy.zeros(len(column) + 1, numpy.int64), numpy.zeros(0, numpy.uint8)
    offsets = numpy.frombuffer(offsets, numpy.int64 if is_large else numpy.int32)
    offsets = offsets[column.offset : column.offset + len(column) + 1]
    return offsets, numpy.frombuffer(data, numpy.uint8)[offsets[0] : offsets[-1]]


def _joined(parts):
    return pyarrow.compute.binary_join_element_wise(*parts, _text(""))


def _text(value):
    return pyarrow.scalar(value, TEXT)
