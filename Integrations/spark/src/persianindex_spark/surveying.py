# SPDX-License-Identifier: Apache-2.0
"""Finds where the documents of files are, and whether a key comes twice; no text is moved."""

import functools
import os
import uuid
import zlib

import numpy
import pyarrow
import pyarrow.compute

from . import arrays, files
from .errors import in_shared_folder
from .workers import settle

KEYS = pyarrow.schema([("key", pyarrow.large_binary())])
# Keys that one task compares are those of so many bytes of lines, at least.
BUCKET = 1 << 30
CRC_KEYS = 100_000
# So many bytes of keys the driver compares by itself, where tasks see them before they build.
MOST_KEYS = 1 << 28


def survey(session, ranges, find, folder, size):
    """Has a task for each range put its documents into the order of their keys, and compares these.

    Spark spreads the keys for that, and no texts.

    Args:
        find: What finds the documents of a range, as `files.survey` gives them, or their keys alone.
        folder: Where the files go that say where the documents are.
        size: How many bytes the ranges have together.

    Returns:
        The names of these files by the numbers of the ranges, and the first key that comes more
        than once with how often it does, or None.
    """
    buckets = size // BUCKET + 1

    def order(number):
        settle()
        places, keys = find(ranges[number])
        if places is not None:
            name = f"order-{number:05d}-{uuid.uuid4().hex}"
            with in_shared_folder(), open(os.path.join(folder, name), "xb") as file:
                numpy.save(file, places)
            yield 0, name
        for bucket, some in _spread(keys, buckets):
            yield bucket, packed(some)

    def compare(pairs):
        settle()
        keys = []
        for _, value in pairs:
            if isinstance(value, str):
                yield value
            else:
                keys.append(value)
        twice = first_twice(keys)
        if twice:
            yield twice

    pairs = session.sparkContext.parallelize(range(len(ranges)), len(ranges)).flatMap(order)
    found = pairs.partitionBy(buckets, int).mapPartitions(compare).collect()
    orders = {int(name.split("-")[1]): name for name in found if isinstance(name, str)}
    return orders, min((twice for twice in found if isinstance(twice, tuple)), default=None)


def lines_in_order(ranges, orders, folder, origin):
    """What gives the lines of the range of a number in the order that was found, and no keys.

    Args:
        origin: What says which document of a range is the line of a number, as `files.origin` does.
    """

    def blocks(number, _):
        places = numpy.load(os.path.join(folder, orders[number]), mmap_mode="r")
        its_origin = functools.partial(origin, ranges[number], places)
        return files.read(ranges[number], places), None, its_origin

    return blocks


def lines_and_keys(ranges, find, origin, gives_keys):
    """What finds the documents of the range of a number and gives their lines and their keys."""

    def blocks(number, _):
        places, keys = find(ranges[number])
        its_origin = functools.partial(origin, ranges[number], places)
        return files.read(ranges[number], places), packed(keys) if gives_keys else None, its_origin

    return blocks


def _spread(keys, buckets):
    """The keys by bucket; equal ones are in the same, whatever range they are from."""
    if buckets == 1:
        return [(0, keys)]
    some = (keys.slice(first, CRC_KEYS) for first in range(0, len(keys), CRC_KEYS))
    sums = [numpy.fromiter(map(zlib.crc32, part.to_pylist()), numpy.int64) for part in some]
    numbers = numpy.concatenate([numpy.zeros(0, numpy.int64), *sums]) % buckets
    order = numpy.argsort(numbers, kind="stable")
    ends = numpy.cumsum(numpy.bincount(numbers, minlength=buckets))
    starts = [0, *ends[:-1]]
    spread = keys.take(arrays.of_numbers(order))
    return [(b, spread.slice(s, e - s)) for b, (s, e) in enumerate(zip(starts, ends)) if e > s]


def packed(keys):
    """An Arrow array of keys as bytes."""
    return pyarrow.record_batch([keys], schema=KEYS).serialize().to_pybytes()


class FewKeys:
    """Keys that a task sees, for the driver to compare, as long as they are few."""

    def __init__(self, limit):
        """No keys yet, and at most so many bytes of them."""
        self._limit, self._size, self._parts = limit, 0, []

    def add(self, keys):
        """Takes an Arrow array of keys, and keeps none of its memory; nulls equal nothing."""
        if self._parts is None:
            return
        keys = keys.take(pyarrow.compute.sort_indices(keys))
        self._size += keys.nbytes
        self._parts.append(keys)
        if self._size > self._limit:
            self._parts = None

    def write(self, path):
        """Writes the keys in their order to a file; nothing where they were too many."""
        if self._parts is not None:
            keys = pyarrow.chunked_array(self._parts, KEYS.field(0).type).combine_chunks()
            with in_shared_folder(), open(path, "xb") as file:
                file.write(packed(keys.take(pyarrow.compute.sort_indices(keys))))

    @staticmethod
    def read(paths):
        """The keys of tasks as `first_twice` takes them; None where those of some were too many."""
        try:
            return [pyarrow.memory_map(path).read_buffer() for path in paths]
        except FileNotFoundError:
            return None


def first_twice(parts):
    """The first of packed keys, by its bytes, that comes more than once and how often, or None."""
    parts = [pyarrow.ipc.read_record_batch(part, KEYS).column(0) for part in parts]
    keys = pyarrow.chunked_array(parts, KEYS.field(0).type).combine_chunks()
    # Ranges give theirs in order, and to sort such parts takes less than to count all keys.
    keys = keys.take(pyarrow.compute.sort_indices(keys))
    last = max(len(keys) - 1, 0)
    is_again = pyarrow.compute.equal(keys.slice(1), keys.slice(0, last))
    places = pyarrow.compute.indices_nonzero(is_again)
    if not len(places):
        return None
    start = places[0].as_py()
    key, count = keys[start].as_py(), 2
    while start + count < len(keys) and keys[start + count].as_py() == key:
        count += 1
    return key, count
