# SPDX-License-Identifier: Apache-2.0
"""Finds the keys of lines of JSON."""

import json
import re

import numpy

from . import records, shapes
from .errors import ShardError


def scanner(name):
    """What finds the lines of a part of a file and their keys.

    Args:
        name: The name of the member that is the key.

    Returns:
        A function of the bytes of a file, the places between which lines of it begin, the first of
        which is where one does, and the file's name. It gives where lines begin, an array, where
        they end, and a list of the keys in UTF-8, None for lines of white space, and raises
        ShardError where a document has no key.
    """
    match = _first_member(name)

    def scan(data, start, end, file):
        starts, keys, find = [], [], data.find
        while start < end:
            found = match(data, start)
            keys.append(found[found.lastindex] if found else None)
            starts.append(start)
            # The last line of a file can be without an end.
            start = find(b"\n", start) + 1 or len(data) + 1
        ends = [next_start - 1 for next_start in [*starts[1:], start]]
        if None in keys:
            _complete(keys, lambda number: data[starts[number] : ends[number]], starts, file, name)
        return numpy.array(starts, numpy.int64), numpy.array(ends, numpy.int64), keys

    return scan


def checking_finder(name, columns):
    """What finds the keys of a chunk's lines in which Spark's reader finds the same documents.

    Args:
        columns: The columns in which it has to, as `records.differing` takes them.

    Returns:
        A function of a Chunk, its place in a file and the file's name. It gives a list of the keys
        as `scanner` does, and also raises ShardError where Spark could find something else.
    """
    find_alike, match = shapes.finder(name, columns), _first_member(name)
    differing = records.differing(columns)

    def find(chunk, place, file):
        keys = find_alike(chunk)
        rest = [number for number, key in enumerate(keys) if key is None]
        if rest:
            lines = list(map(chunk.line, rest))
            for number, found in zip(rest, map(match, lines)):
                keys[number] = found[found.lastindex] if found else None
            other = differing(lines)
            _complete(keys, chunk.line, place + chunk.starts, file, name)
            if other is not None:
                document = _document(file, place + chunk.starts[rest[other]])
                raise ShardError(f"{document} can be another one where Spark reads it")
        return keys

    return find


def member(name):
    """A pattern of the name of a member of JSON as it is mostly written."""
    return re.escape(json.dumps(name, ensure_ascii=False))


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
    return re.compile(gap + rb"\{" + gap + member(name).encode() + gap + b":" + gap + value).match


def _complete(keys, line_of, places, file, name):
    """Finds the keys of the lines that have none yet, but for those of white space."""
    for number, key in enumerate(keys):
        if key is None and (line := line_of(number)).strip():
            keys[number] = parsed(line, name)
            if keys[number] is None:
                document = _document(file, places[number])
                raise ShardError(f"{document} has no key, so it belongs to no shard")


def _document(file, place):
    return f"{file}: the document at byte {place}"


def _firsts(pairs):
    """The members of an object, of those that come twice the first, as searchctl takes them."""
    return dict(reversed(pairs))
