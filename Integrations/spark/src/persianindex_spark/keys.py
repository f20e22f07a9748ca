# SPDX-License-Identifier: Apache-2.0
"""Finds the keys of lines of JSON."""

import json
import re

import numpy
import pyarrow

from . import arrays, records, shapes

QUOTE, SLASH = b'"\\'
# So many bytes of a key are looked at at once, and twice as many as the one before had.
REACH = 64
MOST_REACH = 512


class Finder:
    """Finds the keys of lines; those of lines that begin alike, with a key of text, at once."""

    def __init__(self, name):
        """A finder of keys that are members of this name."""
        self._name = name
        self._match = _first_member(name)
        # What a line had before its key, and how much of others is looked at behind that.
        self._start, self._reach = numpy.zeros(0, numpy.uint8), 0

    def find(self, data, starts, ends, absent):
        """The keys of lines in UTF-8.

        Args:
            data: The bytes in which the lines are, an array.
            starts: Where each line begins, an array.
            ends: Where each ends, without what ends it.
            absent: Gives the error to raise for the line of a number, which has no key.

        Returns:
            An Arrow array, with nulls for lines of white space.
        """
        if not len(starts):
            return arrays.of_bytes([])

        def line(number):
            return data[starts[number] : ends[number]].tobytes()

        self._learn(line(0))
        lengths, text = self._alike(data, starts, ends)
        rest = numpy.flatnonzero(lengths < 0)
        lengths[rest] = 0
        keys = arrays.of_parts(lengths, text)
        if not len(rest):
            return keys
        others = [self.key(line(number), absent, number) for number in rest.tolist()]
        places = numpy.arange(len(lengths))
        places[rest] = len(lengths) + numpy.arange(len(rest))
        keys = pyarrow.concat_arrays([keys, arrays.of_bytes(others)])
        return keys.take(arrays.of_numbers(places))

    def key(self, line, absent, number):
        """The key of one line, None where that is white space."""
        found = self._match(line)
        key = found[found.lastindex] if found else parsed(line, self._name)
        if key is None and line.strip():
            raise absent(number)
        return key

    def _learn(self, line):
        """Has others begin as a line does, where this begins with its key."""
        found = self._match(line)
        if found and found.lastindex == 1:
            self._start = numpy.frombuffer(line[: found.start(1)], numpy.uint8)
            self._reach = min(max(REACH, 2 * len(found[1])), MOST_REACH)

    def _alike(self, data, starts, ends):
        """How long the keys are of lines that begin as was learnt, and these keys, in their order.

        Returns:
            An array of lengths, -1 for other lines; and one of all the keys' bytes.
        """
        first, width = len(self._start), len(self._start) + self._reach
        is_alike = starts + width <= len(data)
        if not first or not is_alike.any():
            return numpy.full(len(starts), -1), data[:0]
        windows = numpy.lib.stride_tricks.sliding_window_view(data, width)
        # Others take the place of lines that are at the end.
        heads = windows[numpy.where(is_alike, starts, 0)]
        tails = heads[:, first:]
        lengths = ((tails == QUOTE) | (tails == SLASH)).argmax(axis=1)
        is_alike &= (heads[:, :first] == self._start).all(axis=1)
        is_alike &= tails[numpy.arange(len(tails)), lengths] == QUOTE
        is_alike &= starts + first + lengths < ends
        lengths[~is_alike] = -1
        return lengths, tails[numpy.arange(self._reach) < lengths[:, None]]


def checking_finder(name, columns):
    """What finds the keys of a chunk's lines in which Spark's reader finds the same documents.

    Args:
        columns: The columns in which it has to, as `records.differing` takes them.

    Returns:
        A function of a Chunk and of what gives the error of a line, by its number, that has no key,
        and of one that can be another document to Spark. It gives the keys as a Finder does.
    """
    find_alike, finder = shapes.finder(name, columns), Finder(name)
    differing = records.differing(columns)

    def find(chunk, absent, unlike):
        keys = find_alike(chunk)
        rest = [number for number, key in enumerate(keys) if key is None]
        if rest:
            lines = list(map(chunk.line, rest))
            for number, line in zip(rest, lines):
                keys[number] = finder.key(line, absent, number)
            other = differing(lines)
            if other is not None:
                raise unlike(rest[other])
        return arrays.of_bytes(keys)

    return find


def parsed(line, name):
    """The key of a line in UTF-8 where it is not plain to see, or None."""
    try:
        # Numbers stay as they are written.
        key = json.loads(line, parse_int=str, parse_float=str, object_pairs_hook=_firsts)[name]
        return key.encode() if isinstance(key, str) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _first_member(name):
    """What matches a line that begins with its key, at any place of some bytes."""
    # White space, but for ends of lines.
    gap, value = rb"[ \t\r]*", rb'(?:"([^"\\\n]*)"|(-?[0-9]+)[ \t\r]*[,}])'
    member = re.escape(json.dumps(name, ensure_ascii=False)).encode()
    return re.compile(gap + rb"\{" + gap + member + gap + b":" + gap + value).match


def _firsts(pairs):
    """The members of an object, of those that come twice the first, as searchctl takes them."""
    return dict(reversed(pairs))
