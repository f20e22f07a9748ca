# SPDX-License-Identifier: Apache-2.0
"""Files of JSON Lines that tasks read themselves, in ranges of bytes and in the order of keys."""

import dataclasses
import glob
import mmap
import os
import re

import numpy
import pyarrow
import pyarrow.compute

from . import arrays
from .chunks import NEWLINE, Chunk
from .errors import ShardError
from .keys import Finder, checking_finder

# Spark reads these packed; a task could not begin in the middle of one.
PACKED = (".gz", ".bz2", ".deflate", ".lz4", ".snappy", ".zst")
# All files of a range are open at once, and a process may often open a thousand.
MOST_FILES = 250
CHUNK = 1 << 19
NO_KEY = "has no key, so it belongs to no shard"
UNLIKE = "can be another one where Spark reads it"
# More bytes than the processor keeps at hand take half as long again to put together.
BLOCK = 1 << 19


@dataclasses.dataclass(frozen=True)
class Piece:
    """The lines that begin in a range of a file's bytes, and by what a change of it shows."""

    name: str
    start: int
    end: int
    size: int
    modified: int

    def open(self):
        """The file; the caller closes it."""
        try:
            file = open(self.name, "rb")
        except OSError as error:
            raise ShardError(f"{error}; all executors have to see the files") from None
        status = os.fstat(file.fileno())
        if (status.st_size, status.st_mtime_ns) != (self.size, self.modified):
            file.close()
            raise ShardError(f"{self.name}: it has changed since the build began")
        return file


def find(names):
    """The files that Spark would read under these names, which may be folders and patterns.

    Returns:
        Absolute names; None where Spark alone can read them, because they are packed, elsewhere
        than in the file system, in folders of folders, or not there.
    """
    found = []
    for name in names:
        if name.startswith("file:"):
            name = re.sub("^file:(//)?", "", name)
        elif re.match("[A-Za-z][A-Za-z0-9+.-]*:", name):
            return None
        matches = [name] if os.path.exists(name) else sorted(glob.glob(name))
        if not matches:
            return None
        for match in map(os.path.abspath, matches):
            if os.path.isdir(match):
                inside = sorted(n for n in os.listdir(match) if not n.startswith(("_", ".")))
                found += [os.path.join(match, n) for n in inside]
            else:
                found.append(match)
    if any(os.path.isdir(name) or name.endswith(PACKED) for name in found):
        return None
    return found


def ranges(names, count):
    """Cuts files, one behind the other, into so many ranges of equally many bytes.

    Returns:
        A list of Piece for each range; None where a range would hold too many files to open.
    """
    stats = [os.stat(name) for name in names]
    total = sum(status.st_size for status in stats)
    cuts = [total * number // count for number in range(count + 1)]
    result = []
    for low, high in zip(cuts, cuts[1:]):
        pieces, base = [], 0
        for name, status in zip(names, stats):
            start, end = max(low - base, 0), min(high - base, status.st_size)
            if start < end:
                pieces.append(Piece(name, start, end, status.st_size, status.st_mtime_ns))
            base += status.st_size
        result.append(pieces)
    return None if any(len(pieces) > MOST_FILES for pieces in result) else result


def whole(name):
    """The piece that is all of a file."""
    status = os.stat(name)
    return Piece(name, 0, status.st_size, status.st_size, status.st_mtime_ns)


def size(ranges):
    """How many bytes ranges have together."""
    return sum(piece.end - piece.start for pieces in ranges for piece in pieces)


def survey(pieces, key, columns=None):
    """Finds the documents of a range.

    Args:
        columns: The names and types of the columns in which Spark's reader has to find what
            searchctl finds in the lines, as `records.differing` takes them.

    Returns:
        Where each line is, as rows of piece, start and length without the line's end, and the keys
        as they are in UTF-8, an Arrow array; both in the order of the keys.

    Raises:
        ShardError: A document has no key, or Spark's reader could find something else in it.
    """
    find = _checked(key, columns) if columns else _scanned(key)
    places, keys = [numpy.zeros((3, 0), numpy.int64)], []
    for number, piece in enumerate(pieces):
        for starts, ends, found in find(piece):
            place = numpy.stack([numpy.full(len(starts), number), starts, ends - starts])
            if found.null_count:
                place = place[:, arrays.numbers(pyarrow.compute.indices_nonzero(found.is_valid()))]
            places.append(place)
            keys.append(found.drop_null())
    return in_order(places, keys)


def in_order(places, keys):
    """The parts of what `survey` returns joined, and in the order of the keys."""
    keys = pyarrow.chunked_array(keys, pyarrow.large_binary()).combine_chunks()
    places = numpy.concatenate(places, axis=1)
    if not len(keys):
        return places, keys
    order = pyarrow.compute.sort_indices(keys)
    return places[:, arrays.numbers(order)], keys.take(order)


def read(pieces, places):
    """Yields the lines at such places as blocks of whole lines, in their order."""
    views = [memoryview(_mapped(piece)) for piece in pieces]
    count = places.shape[1]
    some = BLOCK * count // max(int(places[2].sum()), 1) + 1
    for first in range(0, count, some):
        numbers, starts, lengths = places[:, first : first + some]
        ends = starts + lengths
        # Lines that stand together are taken together.
        is_apart = (numbers[1:] != numbers[:-1]) | (starts[1:] != ends[:-1] + 1)
        lasts = numpy.append(numpy.flatnonzero(is_apart), len(starts) - 1)
        firsts = numpy.append(0, lasts[:-1] + 1)
        rows = zip(numbers[firsts].tolist(), starts[firsts].tolist(), ends[lasts].tolist())
        lines = [views[number][start:end] for number, start, end in rows]
        lines.append(b"")
        yield b"\n".join(lines)


def origin(pieces, places, number):
    """Says where the line of a number, from 1, among those at such places is."""
    piece, start, _ = places[:, number - 1].tolist()
    return f"the document at byte {start} of {pieces[piece].name}"


def _mapped(piece):
    """The bytes of a piece's file, those of the piece about to be read."""
    with piece.open() as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if hasattr(mmap, "MADV_WILLNEED"):
        # Read from its beginning to its end, where memory holds it: keys have another order.
        first = piece.start // mmap.PAGESIZE * mmap.PAGESIZE
        data.madvise(mmap.MADV_WILLNEED, first, piece.end - first)
    return data


def _scanned(key):
    """What gives the places and the keys of the lines of a piece, some at a time."""
    finder = Finder(key)

    def find(piece):
        mapped = _mapped(piece)
        data = numpy.frombuffer(mapped, numpy.uint8)
        for start, end in _chunks(mapped, piece):
            ends = start + numpy.flatnonzero(data[start:end] == NEWLINE)
            if data[end - 1] != NEWLINE:
                ends = numpy.append(ends, end)
            starts = numpy.append(start, ends[:-1] + 1)
            yield starts, ends, finder.find(data, starts, ends, _error(piece, starts, NO_KEY))

    return find


def _checked(key, columns):
    """The same for lines that Spark's reader has to find alike."""
    find_keys = checking_finder(key, columns)

    def find(piece):
        data = _mapped(piece)
        for start, end in _chunks(data, piece):
            chunk = Chunk(data[start:end])
            starts, ends = start + chunk.starts, start + chunk.ends
            errors = (_error(piece, starts, reason) for reason in (NO_KEY, UNLIKE))
            yield starts, ends, find_keys(chunk, *errors)

    return find


def _chunks(data, piece):
    """Where some lines of a piece begin and end, together all of it."""
    start = _first_line(data, piece)
    while start < piece.end:
        # The line that begins before is taken to its end.
        last = min(start + CHUNK, piece.end) - 1
        end = data.find(b"\n", last) + 1 or len(data)
        yield start, end
        start = end


def _error(piece, starts, reason):
    """What gives the error of the line of a number."""
    return lambda number: ShardError(
        f"{piece.name}: the document at byte {starts[number]} {reason}"
    )


def _first_line(data, piece):
    """Where the first line of a piece begins; one that begins before is of the range before."""
    return data.find(b"\n", piece.start - 1) + 1 or piece.end if piece.start else 0
