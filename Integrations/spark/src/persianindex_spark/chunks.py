# SPDX-License-Identifier: Apache-2.0
"""Lines of a file, and where their strings are."""

import numpy

NEWLINE, RETURN, QUOTE, SLASH = b'\n\r"\\'
# The digits that follow a \ud where it is half of a character.
HALVES = numpy.isin(numpy.arange(256), list(b"89abcdefABCDEF"))


class Chunk:
    """Some lines of a file.

    Attributes:
        data: The lines, with their ends, of which the last line of a file can be without.
        bytes: These as numbers.
        starts: Where each begins.
        ends: Where its end is, or that of the file.
    """

    def __init__(self, data):
        self.data = data
        self.bytes = numpy.frombuffer(data, numpy.uint8)
        self.ends = numpy.flatnonzero(self.bytes == NEWLINE)
        if not data.endswith(b"\n"):
            self.ends = numpy.append(self.ends, len(data))
        self.starts = numpy.append(0, self.ends[:-1] + 1)

    def __len__(self):
        return len(self.ends)

    def line(self, number):
        """A line without its end."""
        return self.data[self.starts[number] : self.ends[number]]


class Strings:
    """Where strings begin and end in lines, if they are lines of JSON.

    Attributes:
        chunk: The lines.
        quotes: Where quotes are that begin or end a string, of all lines.
        firsts: The number of these before each line.
        counts: The number of these in each line.
        is_whole: Which lines are lines to Spark, too, and have no half characters.
    """

    def __init__(self, chunk):
        self.chunk = chunk
        self.is_whole = numpy.ones(len(chunk), bool)
        is_quote = chunk.bytes == QUOTE
        if b"\\" in chunk.data:
            escaped = self._escaped()
            is_quote[escaped] = False
            self._exclude(self._halves(escaped))
        if b"\r" in chunk.data:
            # Spark ends a line there, too.
            returns = numpy.flatnonzero(chunk.bytes == RETURN)
            self._exclude(numpy.setdiff1d(returns, chunk.ends - 1))
        self.quotes = numpy.flatnonzero(is_quote)
        self.firsts = numpy.searchsorted(self.quotes, chunk.starts)
        self.counts = numpy.append(self.firsts[1:], len(self.quotes)) - self.firsts

    def slices(self, starts, ends):
        """Yields the bytes of such ranges."""
        data = self.chunk.data
        return (data[start:end] for start, end in zip(starts.tolist(), ends.tolist()))

    def _escaped(self):
        """The places of the bytes behind an odd number of backslashes."""
        slashes = numpy.flatnonzero(self.chunk.bytes == SLASH)
        firsts = numpy.flatnonzero(numpy.append(-1, slashes[:-1] + 1) != slashes)
        counts = numpy.append(firsts[1:], len(slashes)) - firsts
        places = (slashes[firsts] + counts)[counts % 2 == 1]
        return places[places < len(self.chunk.data)]

    def _halves(self, escaped):
        """Which escaped bytes begin half a character."""
        places = escaped[escaped < len(self.chunk.data) - 2]
        data = self.chunk.bytes
        places = places[data[places] == ord("u")]
        is_half = (data[places + 1] | 0x20) == ord("d")
        return places[is_half & HALVES[data[places + 2]]]

    def _exclude(self, places):
        self.is_whole[numpy.searchsorted(self.chunk.ends, places)] = False
