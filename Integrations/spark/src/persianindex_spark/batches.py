# SPDX-License-Identifier: Apache-2.0
"""The bytes of a column of text, as Arrow holds them."""

import pyarrow


def block(batch):
    """The text of the first column, one value directly after the other; there must be no null.

    The bytes are those of the batch, not a copy.
    """
    column = batch.column(0)
    if len(column) == 0:
        return memoryview(b"")
    is_large = pyarrow.types.is_large_string(column.type)
    _, offsets, text = column.buffers()
    offsets = memoryview(offsets).cast("q" if is_large else "i")
    start, end = offsets[column.offset], offsets[column.offset + len(column)]
    return memoryview(text)[start:end]
