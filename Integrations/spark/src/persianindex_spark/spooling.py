# SPDX-License-Identifier: Apache-2.0
"""Documents that Spark reads, written to files for the tasks that build shards.

Spark's own way to move a document, its shuffle, handles each by itself, several times. Here tasks
write them in blocks as they come, and beside each file where its documents are, so that other tasks
can read them as they read the lines of files.
"""

import itertools
import os
import uuid

import numpy
import pyarrow
import pyarrow.compute
from pyspark import TaskContext
from pyspark.sql import functions

from . import files, json_lines, parquet
from .errors import ShardError
from .keys import member, parsed
from .records import DIGITS
from .surveying import packed
from .workers import BATCH_ROWS, batches_of, drain, settle

# A file costs a task, of which each costs a twentieth of a second; and to build a shard of a file
# takes so much longer than to write it that more tasks would gain little.
FILES_OF_A_SHARD = 2
PLACES = pyarrow.schema(
    [("key", pyarrow.large_binary()), ("start", pyarrow.int64()), ("length", pyarrow.int64())]
)
MOST = (1 << 31) - 1
KEY_ROWS = 100_000
# So many bytes of a shard's rows memory holds, about twice.
IN_MEMORY = 1 << 26
NO_KEY = "a document has no key, so it belongs to no shard"
# The key of a line of JSON where it is plain to see at its beginning.
START = r"^\s*\{\s*"
VALUE = r'\s*:\s*(?:"(?P<text>[^"\\]*)"|(?P<number>-?[0-9]+)\s*[,}])'


def spool(documents, key, shards, folder):
    """Has Spark read a DataFrame, and its tasks write the documents into a folder.

    Args:
        documents: Lines of JSON in the one column `value`, or columns of which `key` is one.
        folder: A folder that all executors and the driver see.

    Returns:
        The names of the files, in the order of the DataFrame's partitions.
    """
    if documents.columns == ["value"]:
        def blocks(batches):
            return (_lines(batch, key) for batch in batches)
    else:
        documents, names, has_rest = _plain_columns(documents, key)

        def blocks(batches):
            for batch in batches:
                yield _rows(pyarrow.RecordBatch.from_arrays(batch.columns, names), has_rest)

    return _spool(documents.coalesce(FILES_OF_A_SHARD * shards), folder, blocks)


def spool_parquet(session, ranges, rows, folder):
    """Has a task for each range read files of Parquet and write the documents into a folder.

    Args:
        rows: What to read of the files, as `relations.files_of` tells.

    Returns:
        The names of the files that tasks write, in the order of the ranges.
    """

    def blocks(batches):
        drain(batches)
        spans = ranges[TaskContext.get().partitionId()]
        return _blocks(parquet.batches(spans, rows.columns, BATCH_ROWS), rows)

    return _spool(session.range(0, len(ranges), 1, len(ranges)), folder, blocks)


def rows_in_order(ranges, rows, folder, gives_keys):
    """What reads the rows of the range of a number and gives their lines in the order of keys.

    Where they are many they go through a file that a task writes for itself, so that their number
    is not bound to memory.
    """

    def blocks(number, _):
        batches, some, size = parquet.batches(ranges[number], rows.columns, BATCH_ROWS), [], 0
        for batch in batches:
            some.append(batch)
            size += batch.nbytes
            if size > IN_MEMORY:
                break
        else:
            lines, found = _in_order(some, rows)
            return lines, packed(found) if gives_keys else None
        path = os.path.join(folder, _name(number))
        _write(_blocks(itertools.chain(some, batches), rows), path)
        pieces = [files.whole(path)]
        places, found = survey(pieces)
        return files.read(pieces, places), packed(found) if gives_keys else None

    return blocks


def _in_order(batches, rows):
    """The lines of rows that memory holds in the order of their keys, and these."""
    table = pyarrow.Table.from_batches(batches) if batches else pyarrow.table({})
    if not table.num_rows:
        return iter(()), pyarrow.nulls(0, pyarrow.large_binary())
    batch, = table.combine_chunks().to_batches()
    keys = _keys(batch[next(iter(rows.columns))])
    order = pyarrow.compute.sort_indices(keys)

    def lines():
        for first in range(0, len(order), BATCH_ROWS):
            some = pyarrow.compute.take(batch, order.slice(first, BATCH_ROWS))
            documents = json_lines.documents(_members(some, rows), False, "\n")
            yield memoryview(json_lines.values(documents)[1])

    return lines(), keys.take(order)


def keys_of_rows(rows):
    """What gives the keys of a range of rows, and no places, for `surveying.survey`."""
    key, kind = next(iter(rows.columns.items()))

    def find(spans):
        batches = parquet.batches(spans, {key: kind}, KEY_ROWS)
        keys = pyarrow.chunked_array(
            [batch.column(0).cast(json_lines.TEXT) for batch in batches], json_lines.TEXT
        )
        return None, keys.cast(pyarrow.large_binary()).combine_chunks().drop_null()

    return find


def _blocks(batches, rows):
    """The keys and the documents of batches of files' rows, in blocks."""
    return (_rows(_members(batch, rows), False) for batch in batches)


def _members(batch, rows):
    """The columns of rows of files under the names that searchctl finds them by, the key first."""
    columns = [batch[member] for member in rows.members.values()]
    return pyarrow.RecordBatch.from_arrays(columns, ["id", *list(rows.members)[1:]])


def _name(number):
    """A new name for what a task writes."""
    return f"spool-{number:05d}-{uuid.uuid4().hex}"


def _spool(tasks, folder, blocks):
    """Writes what `blocks` makes of each partition's batches; returns the names of the files."""

    def write(batches):
        settle()
        name = _name(TaskContext.get().partitionId())
        if _write(blocks(batches), os.path.join(folder, name)):
            yield pyarrow.RecordBatch.from_pydict({"name": [name]})

    with batches_of(tasks.sparkSession, BATCH_ROWS):
        names = sorted(row.name for row in tasks.mapInArrow(write, "name string").collect())
    return [os.path.join(folder, name) for name in names]


def survey(pieces):
    """Finds the documents of a range of the files; gives them as `files.survey` does."""
    places, keys = [numpy.zeros((3, 0), numpy.int64)], []
    for number, piece in enumerate(pieces):
        with pyarrow.memory_map(_places(piece.name)) as source:
            for batch in pyarrow.ipc.open_stream(source):
                starts, lengths = batch["start"].to_numpy(), batch["length"].to_numpy()
                first, last = numpy.searchsorted(starts, [piece.start, piece.end])
                few = slice(first, last)
                number_of_each = numpy.full(last - first, number)
                places.append(numpy.stack([number_of_each, starts[few], lengths[few]]))
                keys.append(batch["key"][few])
    return files.in_order(places, keys)


def _places(name):
    """The file that tells where another one's documents are."""
    folder, name = os.path.split(name)
    return os.path.join(folder, "places-" + name)


def _plain_columns(documents, key):
    """The key, other columns of text and numbers, and what else there is as one column of JSON.

    Returns:
        A DataFrame of these columns under other names, which Python's part of Spark does not take
        all; their names; and whether it has the last, as `json_lines.documents` takes it.
    """
    # Another column `id` would be the key to searchctl.
    others = [(name, kind) for name, kind in documents.dtypes if name not in (key, "id")]
    plain = [name for name, kind in others if kind in DIGITS]
    columns = [functions.col(quoted(key)).cast("string"), *(functions.col(quoted(n)) for n in plain)]
    rest = [functions.col(quoted(name)) for name, kind in others if kind not in DIGITS]
    if rest:
        members = functions.to_json(functions.struct(*rest))
        more = functions.concat(functions.lit(","), functions.substring(members, 2, MOST))
        columns.append(functions.when(members == "{}", "}").otherwise(more))
    columns = [column.alias(f"c{number}") for number, column in enumerate(columns)]
    return documents.select(columns), ["id", *plain, *["rest"][: len(rest)]], bool(rest)


def quoted(name):
    """The name of a column as Spark reads it."""
    return "`" + name.replace("`", "``") + "`"


def _rows(batch, has_rest):
    """The keys of a batch's rows, and the rows as JSON."""
    return _keys(batch.column(0)), json_lines.documents(batch, has_rest)


def _keys(column):
    if column.null_count:
        raise ShardError(NO_KEY)
    return column.cast(json_lines.TEXT).cast(pyarrow.large_binary())


def _lines(batch, name):
    """The keys of a batch's lines, nulls for those of white space, and the lines."""
    lines = batch.column(0).drop_null()
    found = pyarrow.compute.extract_regex(lines, START + member(name) + VALUE)
    text, number = found.flatten()
    keys = pyarrow.compute.if_else(pyarrow.compute.equal(number, ""), text, number)
    keys = keys.cast(pyarrow.large_binary())
    if keys.null_count:
        some, in_bytes = keys.to_pylist(), lines.cast(pyarrow.large_binary())
        for place in numpy.flatnonzero(keys.is_null()):
            line = in_bytes[place].as_py()
            some[place] = parsed(line, name)
            if some[place] is None and line.strip():
                raise ShardError(NO_KEY)
        keys = pyarrow.array(some, pyarrow.large_binary())
    return keys, lines


def _write(blocks, path):
    """Writes documents as they come and where they are; whether there are any."""
    start = 0
    try:
        with open(path, "xb") as file, pyarrow.OSFile(_places(path), "wb") as sink:
            with pyarrow.ipc.new_stream(sink, PLACES) as places:
                for keys, documents in blocks:
                    offsets, text = json_lines.values(documents)
                    starts = start + offsets[:-1].astype(numpy.int64) - offsets[0]
                    columns = [keys, pyarrow.array(starts), pyarrow.array(numpy.diff(offsets), pyarrow.int64())]
                    batch = pyarrow.RecordBatch.from_arrays(columns, PLACES.names)
                    places.write(batch.filter(keys.is_valid()))
                    start += file.write(text)
    except OSError as error:
        raise ShardError(
            f"{error}; the driver and all executors have to see the folder"
        ) from None
    return start > 0
