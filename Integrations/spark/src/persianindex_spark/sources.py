# SPDX-License-Identifier: Apache-2.0
"""Where the tasks that write shards find their documents.

Each function here gives the tasks, of which it knows the number, or a DataFrame whose partitions they
take; what gives in a task of a number, which has batches of these partitions, the blocks of its
shard's documents, their keys where the driver is to compare them, and what says which document has a
number among them, if anything does; and what these blocks are, to searchctl.
"""

import os

import pyarrow
from pyspark.sql import functions

from . import files, json_lines, parquet, rows, spooling
from .errors import KeyTwiceError, ShardError
from .relations import Rows
from .shard import ATTEMPTS
from .surveying import first_twice, lines_and_keys, lines_in_order, survey
from .workers import BATCH_ROWS

# So many bytes of lines are built before their keys are compared, which spares two stages; where
# a key does come twice the build was for nothing.
FEW = 1 << 28
MOST = (1 << 31) - 1
KEY_ROWS = 100_000
# More than hashes of 64 bits that are equal by chance: a hundred billion keys have 270 such.
SUSPECTS = 1000
TWICE = "the key '{}' comes {} times; build without distinct"


def named(session, names):
    """The names of files that tasks can read themselves, or None."""
    system = session.sparkContext._jsc.hadoopConfiguration().get("fs.defaultFS", "file:")
    # Names alone can be those of another file system.
    return files.find(names if system.startswith("file:") else [system])


def read(session, found, shards, folder, distinct, check):
    """Has tasks read files, of which `relations.files_of` tells; None where they are too many.

    Raises:
        KeyTwiceError: A key comes twice.
        ShardError: Spark could find other documents in the files.
    """
    folder = os.path.join(folder, ATTEMPTS)
    if isinstance(found, Rows):
        return _rows(session, found, shards, folder, distinct, check)

    def find(pieces):
        return files.survey(pieces, found.key, found.columns)

    ranges = files.ranges(found.names, shards)
    return ranges and _in_order(
        session, ranges, find, files.origin, folder, check or not distinct
    )


def _rows(session, found, shards, folder, distinct, check):
    """What `read` gives for files of Parquet."""
    if len(found.names) > files.MOST_FILES * shards:
        return None
    ranges, is_even = parquet.ranges(found.names, shards)
    columns = found.columns
    members = ["id", *list(found.members)[1:]]

    def batches(number):
        for batch in parquet.batches(ranges[number], columns, BATCH_ROWS):
            chosen = [batch[column] for column in found.members.values()]
            yield pyarrow.RecordBatch.from_arrays(chosen, members)

    if not is_even:
        names = spooling.spool_rows(session, len(ranges), batches, folder)
        compares = (check or not distinct) and not _are_compared(names)
        return _spooled_rows(session, names, shards, folder, compares)

    def held(number):
        return rows.held(batches(number), spooling.place(folder, number))

    def keys(spans):
        key = next(iter(columns))
        return None, rows.keys(parquet.batches(spans, {key: columns[key]}, KEY_ROWS))

    size = sum(map(os.path.getsize, found.names))
    return _rows_in_order(session, ranges, held, keys, size, folder, check or not distinct)


def _spooled_rows(session, names, shards, folder, compares):
    """The rows of files that tasks have written; None where they are too many."""
    if len(names) > files.MOST_FILES * shards:
        return None
    ranges = rows.ranges(names, shards)

    def batches(number):
        return rows.read(ranges[number])

    def keys(spans):
        return None, rows.keys(rows.read(spans))

    size = sum(map(os.path.getsize, names))
    return _rows_in_order(session, ranges, batches, keys, size, folder, compares)


def _rows_in_order(session, ranges, batches, keys, size, folder, compares):
    """A task for each range and what gives its rows."""
    if compares and size >= FEW:
        _, twice = survey(session, ranges, keys, folder, size)
        if twice:
            raise key_twice(*twice)
    return len(ranges), rows.blocks_and_keys(batches, compares and size < FEW), "arrow"


def spooled(documents, key, shards, folder):
    """Has Spark read a DataFrame, and tasks write files of it for others to read.

    Returns:
        None where very uneven partitions leave too many files.

    Raises:
        KeyTwiceError: A key comes twice.
    """
    folder = os.path.join(folder, ATTEMPTS)
    session = documents.sparkSession
    names, are_rows = spooling.spool(documents, key, shards, folder)
    compares = not _are_compared(names)
    if are_rows:
        return _spooled_rows(session, names, shards, folder, compares)
    ranges = files.ranges(names, shards)
    return ranges and _in_order(
        session, ranges, spooling.survey, spooling.origin, folder, compares
    )


def _are_compared(names):
    """Compares the keys in files that tasks have written; whether that can be, as they are few.

    Raises:
        KeyTwiceError: A key comes twice.
    """
    keys = spooling.keys_of(names)
    twice = first_twice(keys) if keys else None
    if twice:
        raise key_twice(*twice)
    return keys is not None


def _in_order(session, ranges, find, origin, folder, compares):
    """A task for each range and what gives its lines."""
    size = files.size(ranges)
    if not compares or size < FEW:
        return len(ranges), lines_and_keys(ranges, find, origin, compares), "jsonl"
    orders, twice = survey(session, ranges, find, folder, size)
    if twice:
        raise key_twice(*twice)
    return len(ranges), lines_in_order(ranges, orders, folder, origin), "jsonl"


def key_twice(key, count):
    """The error of a key, in bytes, that comes so often."""
    return KeyTwiceError(TWICE.format(key.decode("utf-8", "replace"), count))


def spread(documents, key, shards, distinct, check):
    """Has Spark move the lines of each shard by a hash of their keys, distinct ones not at all."""
    if distinct and check:
        require_distinct(documents, key)
    documents, document = _keyed(documents, key)
    if distinct:
        # Nobody else reads the key, which is what finds that there is none.
        has_key = functions.col("id").isNotNull()
        lines = documents.coalesce(shards).select(functions.when(has_key, document))
    else:
        # Sorted, so that every attempt at a shard sees its documents in the same order.
        rows = documents.repartition(shards, "id").sortWithinPartitions("id")
        lines = rows.select(document)
    lines = lines.toDF("line").select(functions.concat("line", functions.lit("\n")))
    return lines, lambda number, batches: (map(_block, batches), None, None), "jsonl"


def require_distinct(documents, key):
    """Checks that no key comes twice; Spark spreads hashes of eight bytes, and no documents."""
    keys = _keyed(documents, key)[0].select("id")
    number = functions.xxhash64("id")
    counts = keys.select(number.alias("number")).groupBy("number").count()
    # The keys of equal hashes are few, and compared as they are.
    numbers = [row.number for row in counts.where("count > 1").limit(SUSPECTS).collect()]
    if numbers:
        suspects = keys.where(number.isin(numbers)).groupBy("id").count()
        for row in suspects.where("count > 1").orderBy("id").limit(1).collect():
            raise ShardError(TWICE.format(row.id, row["count"]))


def _block(batch):
    """The lines of a batch, one directly behind the other; there must be no null."""
    return memoryview(json_lines.values(batch.column(0))[1])


def _keyed(documents, key):
    """The documents with their key in the column `id`, and what makes JSON of one."""
    if documents.columns == ["value"]:
        documents = documents.filter(functions.trim("value") != "")
        documents = documents.select(_key(key).alias("id"), "value")
        document = functions.col("value")
    else:
        if key.lower() != "id":
            # A column of this name would be the key to searchctl.
            documents = documents.drop("id")
        documents = documents.withColumnRenamed(key, "id")
        documents = documents.withColumn("id", functions.col("id").cast("string"))
        document = functions.to_json(functions.struct(*map(spooling.quoted, documents.columns)))
    no_key = functions.raise_error(functions.lit(f"ShardError: {rows.NO_KEY}")).cast("string")
    return documents.withColumn("id", functions.coalesce("id", no_key)), document


def _key(name):
    """The key of a line of JSON: taken from its beginning where it is plain to see there.

    Nothing here reads further into a line than its key, which `substring` of the line itself would.
    """
    value = functions.col("value")
    found = functions.get_json_object("value", f"$['{name}']")
    for start in (f'{{"{name}":"', f'{{"{name}": "'):
        head = functions.substring_index("value", '"', start.count('"') + 1)
        is_closed = functions.octet_length(head) < functions.octet_length("value")
        is_plain = value.startswith(start) & is_closed & ~head.contains("\\")
        found = functions.when(is_plain, head.substr(len(start) + 1, MOST)).otherwise(found)
    return found
