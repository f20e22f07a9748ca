# SPDX-License-Identifier: Apache-2.0
"""The keys of lines of JSON that are written alike, found in many lines at once.

Lines of a file mostly have the same members in the same order. What stands between their strings is
the same then, so that of a line only these few bytes are compared, and where its quotes are tells
its key.
"""

import itertools
import re

import numpy

from . import records
from .chunks import Strings

STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
SCALAR = rb"true|false|null|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
NAME = rb'\s*([{,])\s*"([^"\\]*)"\s*:\s*'
MEMBER = re.compile(rb"(%b)(?:(%b)|%b)" % (NAME, STRING, SCALAR), re.DOTALL)
END = re.compile(rb"\s*\}\s*")
# More would take longer than to read each line by itself.
MOST_SHAPES = 16


def finder(key, columns):
    """What finds the keys of lines.

    Args:
        key: The name of the member that is the key.
        columns: The columns in which Spark has to find what searchctl finds in the lines, as
            `records.differing` takes them; may be empty.

    Returns:
        A function of a Chunk; it gives a list of the keys in UTF-8, and for lines that have to be
        looked at one by one None.
    """
    shapes = []

    def find(chunk):
        keys = [None] * len(chunk)
        strings = Strings(chunk)
        rest = numpy.flatnonzero(strings.is_whole)

        def take(shape):
            found, some = shape.keys(strings, rest)
            if len(found) == len(keys):
                keys[:] = some
                return rest[:0]
            for number, its_key in zip(found.tolist(), some):
                keys[number] = its_key
            return rest[[keys[number] is None for number in rest.tolist()]]

        for shape in shapes:
            rest = take(shape)
        for _ in range(MOST_SHAPES):
            if not len(rest) or len(shapes) == MOST_SHAPES:
                break
            first = rest[0]
            shape = Shape.of(chunk.line(first), key, columns)
            if shape:
                rest = take(shape)
            if shape and keys[first] is not None:
                shapes.append(shape)
            else:
                rest = rest[1:]
        return keys

    return find


class Shape:
    """What lines have in common whose members are the same, in the same order."""

    def __init__(self, gaps, quote_count, key_gap, key_quote):
        self._gaps = gaps
        self._quote_count = quote_count
        # Where the key is: in a gap, if it is a number, or behind a quote.
        self._key_gap = key_gap
        self._key_quote = key_quote

    @classmethod
    def of(cls, line, key, columns):
        """The shape of a line; None where it is no plain object with a key."""
        gaps, names, quotes = [], set(), 0
        key_gap = key_quote = None
        gap, end, mark = _Gap(-1), 0, b"{"
        while member := MEMBER.match(line, end):
            before, its_mark, name, string = member.groups()
            is_key = name == key.encode() and name not in names
            kind = columns.get(name.decode("utf-8", "replace"))
            if its_mark != mark or (kind and (name in names or (string and kind != "string"))):
                return None
            names.add(name)
            gap.add(before)
            quotes += 2
            if string is None:
                pattern = records.integer(kind or "string").encode() if is_key or kind else SCALAR
                gap.add_value(b"(%b)" % pattern if is_key else b"(?:%b|null)" % pattern)
            else:
                gap.end(quotes)
                gaps.append(gap)
                gap = _Gap(quotes + 1)
                quotes += 2
            if is_key:
                key_gap, key_quote = (gap, None) if string is None else (None, quotes - 2)
            end, mark = member.end(), b","
        if not END.fullmatch(line, end) or not (key_gap or key_quote):
            return None
        gap.add(line[end:])
        gap.end(None)
        return cls([*gaps, gap], quotes, key_gap, key_quote)

    def keys(self, strings, numbers):
        """The lines of such numbers that are of this shape.

        Returns:
            Their numbers and a list of their keys.
        """
        numbers = numbers[strings.counts[numbers] == self._quote_count]
        for gap in self._gaps:
            if gap.text is not None:
                numbers = numbers[gap.is_same(strings, numbers)]
        keys, is_one = None, numpy.ones(len(numbers), bool)
        for gap in self._gaps:
            if gap.text is None:
                matches = gap.matches(strings, numbers)
                is_one &= numpy.array([match is not None for match in matches], bool)
                if gap is self._key_gap:
                    keys = [match and match[1] for match in matches]
        if keys is None:
            first = strings.firsts[numbers] + self._key_quote
            ends = strings.quotes[first + 1]
            keys = list(strings.slices(strings.quotes[first] + 1, ends))
            if b"\\" in b"".join(keys):
                is_one &= numpy.array([b"\\" not in key for key in keys], bool)
        return numbers[is_one], list(itertools.compress(keys, is_one))


class _Gap:
    """What stands between two strings that are values, or before the first or behind the last.

    Attributes:
        text: What it is in every line; None where there are values in it.
    """

    def __init__(self, first):
        """The gap behind the quote of a number, -1 for the beginning of a line."""
        self._first = first
        self._last = None
        self._pattern = b""
        self._match = None
        self.text = b""

    def add(self, text):
        self._pattern += re.escape(text)
        if self.text is not None:
            self.text += text

    def add_value(self, pattern):
        self._pattern += pattern
        self.text = None

    def end(self, last):
        """Ends it before the quote of a number, None for the end of a line."""
        self._last = last
        if self.text is None:
            self._match = re.compile(self._pattern).fullmatch

    def is_same(self, strings, numbers):
        """Which lines have this text in this place."""
        starts, ends = self._places(strings, numbers)
        text = numpy.frombuffer(self.text, numpy.uint8)
        is_same = ends - starts == len(text)
        places = starts[is_same, None] + numpy.arange(len(text))
        is_same[is_same] = (strings.chunk.bytes[places] == text).all(axis=1)
        return is_same

    def matches(self, strings, numbers):
        """What is found in each line, None where it is something else."""
        return list(map(self._match, strings.slices(*self._places(strings, numbers))))

    def _places(self, strings, numbers):
        chunk, quotes = strings.chunk, strings.quotes
        firsts = strings.firsts[numbers]
        starts = chunk.starts[numbers] if self._first < 0 else quotes[firsts + self._first] + 1
        ends = chunk.ends[numbers] if self._last is None else quotes[firsts + self._last]
        return starts, ends
