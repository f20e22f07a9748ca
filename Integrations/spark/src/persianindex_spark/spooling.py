# SPDX-License-Identifier: Apache-2.0
"""Documents that Spark reads, written to files for the tasks that build shards.

Spark's own way to move a document, its shuffle, handles each by itself, several times. Here tasks
write them in blocks as they come: rows of text and whole numbers as such, others and lines as JSON with
beside each file where its documents are, so that other tasks can read them as they read the lines of
files.
"""

import os
import uuid

import numpy
import pyarrow
import pyarrow.compute
from pyspark import TaskContext
from pyspark.sql import functions

from . import arrays, files, json_lines, rows, surveying
from .errors import ShardError, in_shared_folder
from .keys import Finder
from .records import DIGITS
from .surveying import FewKeys
from .workers import BATCH_ROWS, arrow_tasks, settle

# A file costs a task, of which each costs a twentieth of a second; and to build a shard of a file
# takes so much longer than to write it that more tasks would gain little.
FILES_OF_A_SHARD = 2
# Where the documents of a file of lines are, with their keys; and few keys of any file, in order.
PLACES, KEYS = "places-", "keys-"
COLUMNS = pyarrow.schema(
    [("key", pyarrow.large_binary()), ("start", pyarrow.int64()), ("length", pyarrow.int64())]
)
MOST = (1 << 31) - 1


def spool(documents, key, shards, folder):
    """Has Spark read a DataFrame, and its tasks write the documents into a folder.

    Args:
        documents: Lines of JSON in the one column `value`, or columns of which `key` is one.
        folder: A folder that all executors and the driver see.

    Returns:
        The names of the files, in the order of the DataFrame's partitions; and whether they have
        rows as `rows.write` writes them, because all columns are text and whole numbers, and not JSON.
    """
    most = FILES_OF_A_SHARD * shards
    limit = surveying.MOST_KEYS // most
    names, has_rest = [], True
    if documents.columns == ["value"]:
        def blocks(batches):
            finder = Finder(key)
            return (_lines(batch, finder) for batch in batches)
    else:
        documents, names, has_rest = _plain_columns(documents, key)

        def blocks(batches):
            return map(_documents, named(batches))

    def named(batches):
        return (pyarrow.RecordBatch.from_arrays(batch.columns, names) for batch in batches)

    def write(batches):
        settle()
        path = place(folder, TaskContext.get().partitionId())
        put, some = (_write, blocks) if has_rest else (rows.write, named)
        if _with_keys(put, some(batches), path, limit):
            name = arrays.of_bytes([path.encode()]).cast(rows.TEXT).cast(pyarrow.string())
            yield pyarrow.RecordBatch.from_arrays([name], ["name"])

    with arrow_tasks(documents.sparkSession, BATCH_ROWS):
        tasks = documents.coalesce(most).mapInArrow(write, "name string")
        found = sorted(row.name for row in tasks.collect())
    return found, not has_rest


def spool_rows(session, count, batches, folder):
    """Has so many tasks write rows into a folder.

    Args:
        batches: What gives the rows of the task of a number.

    Returns:
        The names of the files that tasks write, in the order of the tasks.
    """
    limit = surveying.MOST_KEYS // count

    def write(number):
        settle()
        path = place(folder, number)
        return path if _with_keys(rows.write, batches(number), path, limit) else None

    return list(filter(None, session.sparkContext.parallelize(range(count), count).map(write).collect()))


def _with_keys(write, documents, path, limit):
    """Writes documents to a file, and their keys beside it where they are few; whether there are any."""
    seen = FewKeys(limit)
    if not write(documents, path, seen):
        return False
    seen.write(_beside(path, KEYS))
    return True


def place(folder, number):
    """A new file for what a task writes."""
    return os.path.join(folder, f"spool-{number:05d}-{uuid.uuid4().hex}")


def keys_of(names):
    """The keys in such files as `first_twice` takes them; None where they are many."""
    return FewKeys.read([_beside(name, KEYS) for name in names])


def survey(pieces):
    """Finds the documents of a range of the files; gives them as `files.survey` does."""
    places, keys = [numpy.zeros((3, 0), numpy.int64)], []
    for number, piece in enumerate(pieces):
        with pyarrow.memory_map(_beside(piece.name, PLACES)) as source:
            for batch in pyarrow.ipc.open_stream(source):
                starts, lengths = map(arrays.numbers, (batch["start"], batch["length"]))
                first, last = numpy.searchsorted(starts, [piece.start, piece.end])
                few = slice(first, last)
                number_of_each = numpy.full(last - first, number)
                places.append(numpy.stack([number_of_each, starts[few], lengths[few]]))
                keys.append(batch["key"][few])
    return files.in_order(places, keys)


def origin(pieces, places, number):
    """Says which document the line of a number, from 1, among those at such places is."""
    piece, place, _ = places[:, number - 1].tolist()
    with pyarrow.memory_map(_beside(pieces[piece].name, PLACES)) as source:
        for batch in pyarrow.ipc.open_stream(source):
            row = numpy.searchsorted(arrays.numbers(batch["start"]), place)
            if row < len(batch) and batch["start"][row].as_py() == place:
                return rows.described(batch["key"][row])


def _beside(path, what):
    """The file that tells what else is known of what a file holds."""
    folder, name = os.path.split(path)
    return os.path.join(folder, what + name)


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


def _documents(batch):
    """The keys of a batch's rows, and the rows as JSON."""
    return rows.keys([batch]), json_lines.documents(batch)


def _lines(batch, finder):
    """The keys of a batch's lines, nulls for those of white space, and the lines."""
    lines = batch.column(0).drop_null()
    offsets, text = json_lines.values(lines)
    offsets = offsets.astype(numpy.int64) - offsets[0]
    keys = finder.find(text, offsets[:-1], offsets[1:], lambda _: ShardError(rows.NO_KEY))
    return keys, lines


def _write(blocks, path, seen):
    """Writes documents as they come and where they are, and tells of their keys; whether there are any."""
    start = 0
    with in_shared_folder(), open(path, "xb") as file, pyarrow.OSFile(_beside(path, PLACES), "wb") as sink:
        with pyarrow.ipc.new_stream(sink, COLUMNS) as places:
            for keys, documents in blocks:
                seen.add(keys)
                offsets, text = json_lines.values(documents)
                starts = start + offsets[:-1].astype(numpy.int64) - offsets[0]
                columns = map(arrays.of_numbers, (starts, numpy.diff(offsets)))
                batch = pyarrow.RecordBatch.from_arrays([keys, *columns], COLUMNS.names)
                places.write(batch.filter(keys.is_valid()))
                start += file.write(text)
    return start > 0
