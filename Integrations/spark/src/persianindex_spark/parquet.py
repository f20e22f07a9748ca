# SPDX-License-Identifier: Apache-2.0
"""Files of Parquet that tasks read themselves, in ranges of rows."""

import bisect
import contextlib
import itertools

import pyarrow
import pyarrow.parquet

from . import files, rows
from .errors import ShardError

TEXT = (pyarrow.string(), pyarrow.large_string())
# Spark's types of whole numbers as Arrow has them.
INTEGERS = {
    "bigint": pyarrow.int64(), "int": pyarrow.int32(), "smallint": pyarrow.int16(),
    "tinyint": pyarrow.int8(),
}


# A group of rows is read from its beginning. Tasks read so many times all rows, at most, that
# each may begin where it should, or where a group does that is so near, in parts of a range. To read
# rows takes a thirtieth of what it takes to index them, so uneven shards would cost more.
MOST_READ = 2.5
NEAR = 0.25


def ranges(names, count):
    """Cuts the rows of files, one behind the other, into ranges.

    Returns:
        A list of rows.Span for each range; and whether there are `count` of about as many rows. Otherwise
        they end where groups of rows do, so that no row is read twice, and none is empty.

    Raises:
        ShardError: A file is damaged.
    """
    # Where each group begins among all rows, and where the last one ends.
    parts, starts = [], [0]
    for name in names:
        piece, first = files.whole(name), starts[-1]
        with _opened(piece) as file:
            for group in range(file.metadata.num_row_groups):
                starts.append(starts[-1] + file.metadata.row_group(group).num_rows)
        parts.append((piece, first, starts[-1]))
    cuts = [starts[-1] * number // count for number in range(count + 1)]
    at_groups = [_nearest(starts, cut) for cut in cuts]
    most = MOST_READ * starts[-1]
    if _rows_read(starts, cuts) > most:
        near = NEAR * starts[-1] / count
        cuts = [start if abs(start - cut) <= near else cut for cut, start in zip(cuts, at_groups)]
    is_even = _rows_read(starts, cuts) <= most
    if not is_even:
        cuts = sorted(set(at_groups))
    return [rows.spans(parts, low, high) for low, high in zip(cuts, cuts[1:])], is_even


def batches(spans, columns, most):
    """Yields the rows of a range, so many at a time.

    Args:
        spans: The parts of a range, as `ranges` cuts them.
        columns: Spark's types by the names of the columns: text and whole numbers.

    Raises:
        ShardError: A file is damaged, changed since the build began, or has other columns.
    """
    names = list(columns)
    for span in spans:
        with _opened(span.file) as file:
            _check(file.schema_arrow, columns, span.file.name)
            first, groups = _groups(file.metadata, span)
            for batch in file.iter_batches(most, groups, names, use_threads=False):
                start, end = max(span.start - first, 0), span.end - first
                first += batch.num_rows
                if start < batch.num_rows:
                    some = [_plain(batch[name]) for name in names]
                    yield pyarrow.record_batch(some, names).slice(start, end - start)
                if first >= span.end:
                    break


@contextlib.contextmanager
def _opened(piece):
    """A file whose errors are those of ShardError."""
    piece.open().close()
    try:
        with pyarrow.parquet.ParquetFile(piece.name, memory_map=True) as file:
            yield file
    except (pyarrow.ArrowException, OSError) as error:
        reason = " ".join(str(error).split("\n")[:1])
        raise ShardError(f"{piece.name}: {reason}") from None


def _nearest(starts, row):
    """The start that is nearest to a row; starts are in order."""
    after = bisect.bisect_left(starts, row)
    return min(starts[max(after - 1, 0) : after + 1], key=lambda start: abs(start - row))


def _rows_read(starts, cuts):
    """How many rows groups have together that ranges have rows of."""
    result = 0
    for low, high in zip(cuts, cuts[1:]):
        if low < high:
            first, last = bisect.bisect_right(starts, low) - 1, bisect.bisect_left(starts, high)
            result += starts[last] - starts[first]
    return result


def _groups(metadata, span):
    """The first row of the groups that have rows of a span, and their numbers."""
    sizes = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    starts = [0, *itertools.accumulate(sizes)]
    first = bisect.bisect_right(starts, span.start) - 1
    return starts[first], list(range(first, bisect.bisect_left(starts, span.end)))


def _check(schema, columns, name):
    """Checks that a file has the columns as Spark finds them: under these names in any case."""
    names = [field.lower() for field in schema.names]
    for column, kind in columns.items():
        is_there = column in schema.names and names.count(column.lower()) == 1
        if not is_there or not _is_of(schema.field(column).type, kind):
            raise ShardError(f"{name}: its column '{column}' is not plainly one of {kind}")


def _is_of(found, kind):
    if pyarrow.types.is_dictionary(found):
        found = found.value_type
    return found in TEXT if kind == "string" else found == INTEGERS.get(kind)


def _plain(column):
    is_dictionary = pyarrow.types.is_dictionary(column.type)
    return column.dictionary_decode() if is_dictionary else column
