# SPDX-License-Identifier: Apache-2.0
"""Lines of a file, and where their strings are."""

import numpy

RETURN, QUOTE, SLASH = b'\r"\\'
# The digits that follow a \ud where it is half of a character.
HALVES = numpy.isin(numpy.arange(256), list(b"89abcdefABCDEF"))


class Chunk:
    """Some lines of a file.

    Attributes:
        lines: The lines, with their ends.
        starts: Where each begins, from the first one on.
        ends: Where its end is, or that of the file.
    """

    def __init__(self, lines):
        self.lines = lines
        sizes = numpy.fromiter(map(len, lines), numpy.int64, len(lines))
        self.ends = numpy.cumsum(sizes)
        self.starts = self.ends - sizes
        # Of a file, the last line alone can be without an end.
        self.ends -= 1
        self.ends[-1] += not lines[-1].endswith(b"\n")


class Strings:
    """Where strings begin and end in lines, if they are lines of JSON.

    Attributes:
        chunk: The lines.
        data: The same, as one block of bytes.
        bytes: These as numbers.
        quotes: Where quotes are that begin or end a string, of all lines.
        firsts: The number of these before each line.
        counts: The number of these in each line.
        is_whole: Which lines are lines to Spark, too, and have no half characters.
    """

    def __init__(self, chunk):
        self.chunk = chunk
        self.data = b"".join(chunk.lines)
        self.bytes = numpy.frombuffer(self.data, numpy.uint8)
        self.is_whole = numpy.ones(len(chunk.lines), bool)
        is_quote = self.bytes == QUOTE
        if b"\\" in self.data:
            escaped = self._escaped()
            is_quote[escaped] = False
            self._exclude(self._halves(escaped))
        if b"\r" in self.data:
            # Spark ends a line there, too.
            returns = numpy.flatnonzero(self.bytes == RETURN)
            self._exclude(numpy.setdiff1d(returns, chunk.ends - 1))
        self.quotes = numpy.flatnonzero(is_quote)
        self.firsts = numpy.searchsorted(self.quotes, chunk.starts)
        self.counts = numpy.append(self.firsts[1:], len(self.quotes)) - self.firsts

    def slices(self, starts, ends):
        """Yields the bytes of such ranges."""
        data = self.data
        return (data[start:end] for start, end in zip(starts.tolist(), ends.tolist()))

    def _escaped(self):
        """The places of the bytes behind an odd number of backslashes."""
        slashes = numpy.flatnonzero(self.bytes == SLASH)
        firsts = numpy.flatnonzero(numpy.append(-1, slashes[:-1] + 1) != slashes)
        counts = numpy.append(firsts[1:], len(slashes)) - firsts
        places = (slashes[firsts] + counts)[counts % 2 == 1]
        return places[places < len(self.data)]

    def _halves(self, escaped):
        """Which escaped bytes begin half a character."""
        places = escaped[escaped < len(self.data) - 2]
        places = places[self.bytes[places] == ord("u")]
        is_half = (self.bytes[places + 1] | 0x20) == ord("d")
        return places[is_half & HALVES[self.bytes[places + 2]]]

    def _exclude(self, places):
        self.is_whole[numpy.searchsorted(self.chunk.ends, places)] = False
