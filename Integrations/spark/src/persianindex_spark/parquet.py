# SPDX-License-Identifier: Apache-2.0
"""Files of Parquet that tasks read themselves, in ranges of bytes."""

import pyarrow
import pyarrow.parquet

from .errors import ShardError

TEXT = (pyarrow.string(), pyarrow.large_string())
# Spark's types of whole numbers as Arrow has them.
INTEGERS = {
    "bigint": pyarrow.int64(), "int": pyarrow.int32(), "smallint": pyarrow.int16(),
    "tinyint": pyarrow.int8(),
}


def batches(pieces, columns, rows):
    """Yields the rows of the groups that begin in a range of files, so many at a time.

    Args:
        pieces: The parts of a range, as `files.ranges` cuts them.
        columns: Spark's types by the names of the columns: text and whole numbers.

    Raises:
        ShardError: A file is damaged, changed since the build began, or has other columns.
    """
    names = list(columns)
    for piece in pieces:
        piece.open().close()
        try:
            with pyarrow.parquet.ParquetFile(piece.name, memory_map=True) as file:
                _check(file.schema_arrow, columns, piece.name)
                groups = _groups(file.metadata, piece)
                for batch in file.iter_batches(rows, groups, names, use_threads=False):
                    yield pyarrow.record_batch([_plain(batch[name]) for name in names], names)
        except (pyarrow.ArrowException, OSError) as error:
            reason = " ".join(str(error).split("\n")[:1])
            raise ShardError(f"{piece.name}: {reason}") from None


def _groups(metadata, piece):
    """The numbers of the groups of rows that begin in a range of bytes."""
    starts = [
        min(metadata.row_group(number).column(0).data_page_offset, piece.size - 1)
        for number in range(metadata.num_row_groups)
    ]
    return [number for number, start in enumerate(starts) if piece.start <= start < piece.end]


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
