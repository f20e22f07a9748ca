# SPDX-License-Identifier: Apache-2.0
"""Rows of Arrow: in files that tasks write for each other, and as searchctl reads them.

The first column has the keys, the others the members of documents; all are text or whole numbers.
"""

import bisect
import dataclasses
import itertools

import numpy
import pyarrow
import pyarrow.compute

from . import arrays, files
from .errors import ShardError, in_shared_folder
from .surveying import packed

TEXT = pyarrow.large_string()
# So many bytes of rows a task holds at once, about twice.
IN_MEMORY = 1 << 26
# How many rows, and bytes where these are many, searchctl gets at a time.
ROWS = 1000
BYTES = 1 << 24
# What ends a stream of Arrow.
END = b"\xff\xff\xff\xff\0\0\0\0"
# So many characters of a key tell which one it is.
MOST_NAMED = 200
NO_KEY = "a document has no key, so it belongs to no shard"


@dataclasses.dataclass(frozen=True)
class Span:
    """Some rows of a file."""

    file: files.Piece
    start: int
    end: int


def write(batches, path, seen=None):
    """Writes batches of the same columns to a file; whether they have any rows.

    Args:
        seen: The FewKeys that are told of the keys, if any.

    Raises:
        ShardError: A row has no key, and the keys are told.
    """
    writer, count = None, 0
    with in_shared_folder(), pyarrow.OSFile(path, "wb") as sink:
        for batch in batches:
            if seen:
                seen.add(keys([batch]))
            writer = writer or pyarrow.ipc.new_file(sink, batch.schema)
            writer.write_batch(batch)
            count += batch.num_rows
        if writer:
            writer.close()
    return count > 0


def ranges(names, count):
    """Cuts the rows of files that `write` wrote, one behind the other, into so many ranges.

    Returns:
        A list of Span for each range.
    """
    parts, total = [], 0
    for name in names:
        piece, first = files.whole(name), total
        total += sum(batch.num_rows for batch in _mapped(piece))
        parts.append((piece, first, total))
    cuts = [total * number // count for number in range(count + 1)]
    return [spans(parts, low, high) for low, high in zip(cuts, cuts[1:])]


def spans(parts, low, high):
    """The rows from one number to another, of files that begin and end at such numbers."""
    return [
        Span(piece, max(low, first) - first, min(high, end) - first)
        for piece, first, end in parts
        if max(low, first) < min(high, end)
    ]


def read(spans):
    """The batches of a range, which lie in their files."""
    result = []
    for span in spans:
        first = 0
        for batch in _mapped(span.file):
            start, end = max(span.start - first, 0), min(span.end - first, batch.num_rows)
            first += batch.num_rows
            if start < end:
                result.append(batch.slice(start, end - start))
    return result


def held(batches, path):
    """A list of batches, which is no larger than memory should hold: others are kept in a file."""
    some, size, batches = [], 0, iter(batches)
    for batch in batches:
        some.append(batch)
        size += batch.nbytes
        if size > IN_MEMORY:
            write(itertools.chain(some, batches), path)
            return list(_mapped(files.whole(path)))
    return some


def keys(batches):
    """The keys of batches of rows in UTF-8, an Arrow array.

    Raises:
        ShardError: A row has none.
    """
    found = [batch.column(0).cast(TEXT).cast(pyarrow.large_binary()) for batch in batches]
    found = pyarrow.chunked_array(found, pyarrow.large_binary()).combine_chunks()
    if found.null_count:
        raise ShardError(NO_KEY)
    return found


def in_order(batches):
    """Puts batches of rows into the order of their keys.

    Returns:
        The blocks of a stream of Arrow, none where there are no rows; and the keys in their order.
    """
    found = keys(batches)
    order = pyarrow.compute.sort_indices(found)
    return _stream(batches, order), found.take(order)


def blocks_and_keys(batches, gives_keys):
    """What gives the blocks of the range of a number, of which `batches` gives the rows.

    It also gives their keys, and what says which document the row of a number is.
    """

    def blocks(number, _):
        stream, found = in_order(batches(number))
        return stream, packed(found) if gives_keys else None, lambda row: described(found[row - 1])

    return blocks


def described(key):
    """A document as errors name it, by its key in Arrow or the beginning of a long one."""
    text = key.as_py().decode("utf-8", "replace")
    return f"the document '{text if len(text) <= MOST_NAMED else text[:MOST_NAMED] + '…'}'"


def _stream(batches, order):
    """The blocks of a stream of the rows of such numbers."""
    batches = [_alike(batch) for batch in batches if batch.num_rows]
    if not batches:
        return
    yield batches[0].schema.serialize()
    size = sum(batch.nbytes for batch in batches)
    some = max(ROWS, len(order) * IN_MEMORY // max(size, 1))
    starts = numpy.cumsum([0] + [batch.num_rows for batch in batches])
    for first in range(0, len(order), some):
        part = order.slice(first, some)
        if len(part) == len(order):
            rows = _joined(batches)
        else:
            rows, part = _taken(batches, starts, part)
        for start in range(0, len(part), ROWS):
            yield from _messages(rows.take(part.slice(start, ROWS)))
    yield END


def _taken(batches, starts, numbers):
    """The rows of such numbers in the order of the batches, and where each is among them."""
    places = pyarrow.compute.sort_indices(numbers)
    ascending = arrays.numbers(numbers.take(places))
    ends = numpy.searchsorted(ascending, starts)
    parts = [
        batch.take(arrays.of_numbers(ascending[low:high] - start))
        for batch, start, low, high in zip(batches, starts, ends, ends[1:])
        if low < high
    ]
    back = numpy.empty(len(numbers), numpy.int64)
    back[arrays.numbers(places)] = numpy.arange(len(numbers))
    return _joined(parts), arrays.of_numbers(back)


def _messages(batch):
    """A batch as blocks of a stream, in halves while it has too many bytes."""
    if batch.nbytes > BYTES and batch.num_rows > 1:
        half = batch.num_rows // 2
        yield from _messages(batch.slice(0, half))
        yield from _messages(batch.slice(half))
    else:
        yield batch.serialize()


def _alike(batch):
    """A batch under names for searchctl whose text can be of any length."""
    is_text = pyarrow.types.is_string
    columns = [column.cast(TEXT) if is_text(column.type) else column for column in batch.columns]
    return pyarrow.RecordBatch.from_arrays(columns, batch.schema.names)


def _joined(batches):
    table = pyarrow.Table.from_batches(batches).combine_chunks()
    batch, = table.to_batches()
    return batch


def _mapped(piece):
    """The batches of a file that `write` wrote."""
    piece.open().close()
    reader = pyarrow.ipc.open_file(pyarrow.memory_map(piece.name))
    return map(reader.get_batch, range(reader.num_record_batches))
