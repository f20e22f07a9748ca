# SPDX-License-Identifier: Apache-2.0
"""Finds the keys of lines of JSON."""

import json
import re

from . import records, shapes
from .errors import ShardError


def finder(name):
    """What finds the keys of a chunk's lines.

    Args:
        name: The name of the member that is the key.

    Returns:
        A function of a Chunk, its place in a file and the file's name. It gives a list of the keys
        in UTF-8, None for lines of white space, and raises ShardError where a document has no key.
    """
    find_first = _first_members(name)

    def find(chunk, place, file):
        keys = find_first(chunk.lines)
        if None in keys:
            _complete(keys, chunk, place, file, name)
        return keys

    return find


def checking_finder(name, columns):
    """What finds the keys of a chunk's lines in which Spark's reader finds the same documents.

    Args:
        columns: The columns in which it has to, as `records.differing` takes them.

    Returns:
        A function as that of `finder`, which also raises ShardError where Spark could find
        something else.
    """
    find_alike, find_first = shapes.finder(name, columns), _first_members(name)
    differing = records.differing(columns)

    def find(chunk, place, file):
        keys = find_alike(chunk)
        rest = [number for number, key in enumerate(keys) if key is None]
        if rest:
            lines = [chunk.lines[number] for number in rest]
            for number, key in zip(rest, find_first(lines)):
                keys[number] = key
            other = differing(lines)
            _complete(keys, chunk, place, file, name)
            if other is not None:
                document = _place(chunk, rest[other], place, file)
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


def _first_members(name):
    """What finds the keys of those lines that begin with it."""
    value = rb'(?:"([^"\\]*)"|(-?\d+)\s*[,}])'
    match = re.compile(rb"\s*\{\s*" + member(name).encode() + rb"\s*:\s*" + value).match

    def find(lines):
        return [found[found.lastindex] if found else None for found in map(match, lines)]

    return find


def _complete(keys, chunk, place, file, name):
    """Finds the keys of the lines that have none yet, but for those of white space."""
    for number, line in enumerate(chunk.lines):
        if keys[number] is None and line.strip():
            keys[number] = parsed(line, name)
            if keys[number] is None:
                document = _place(chunk, number, place, file)
                raise ShardError(f"{document} has no key, so it belongs to no shard")


def _place(chunk, number, place, file):
    return f"{file}: the document at byte {place + int(chunk.starts[number])}"


def _firsts(pairs):
    """The members of an object, of those that come twice the first, as searchctl takes them."""
    return dict(reversed(pairs))
