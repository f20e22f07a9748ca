# SPDX-License-Identifier: Apache-2.0
"""Keys of many lines at once, compared with those of each line by itself."""

import json
import random

import numpy
import pytest

from persianindex_spark import ShardError
from persianindex_spark.keys import MOST_REACH, REACH, Finder


def absent(number):
    return ShardError(f"line {number} has no key")


def keys_of(finder, lines, before=b"", between=b""):
    """What a finder finds in lines that stand somewhere in some bytes."""
    starts, ends, data = [], [], before
    for line in lines:
        starts.append(len(data))
        data += line
        ends.append(len(data))
        data += between
    data = numpy.frombuffer(data, numpy.uint8)
    starts, ends = (numpy.array(places, numpy.int64) for places in (starts, ends))
    return finder.find(data, starts, ends, absent).to_pylist()


def key_of(line):
    """The key of a line, read in full."""
    if not line.strip():
        return None
    pairs = json.loads(line, parse_int=str, parse_float=str, object_pairs_hook=list)
    return next(value for name, value in pairs if name == "id").encode()


def random_line(generator):
    length = generator.choice([0, 1, 5, REACH - 1, REACH, REACH + 1, MOST_REACH, 2 * MOST_REACH])
    key = "".join(generator.choices(["a", "ب", "-", "😀", "\u007f", "9"], k=length))
    if generator.random() < 0.1:
        key += generator.choice(['"', "\\", "\n"]) + "x" * generator.randrange(3)
    if generator.random() < 0.1:
        key = generator.randrange(-9, 10**9)
    members = {"id": key, "text": "x" * generator.randrange(4) + generator.choice(["", '"id":"y"'])}
    if generator.random() < 0.1:
        members = dict(reversed(members.items()))
    compact = {"separators": (",", ":")} if generator.random() < 0.8 else {}
    line = json.dumps(members, ensure_ascii=generator.random() < 0.1, **compact)
    if generator.random() < 0.05:
        line = generator.choice(["", " ", "\t\r"])
    return line.encode() + generator.choice([b"", b"", b"\r"])


@pytest.mark.parametrize("between", [b"", b"\n"])
def test_keys_of_many_lines_are_those_of_each(between):
    for seed in range(400):
        generator = random.Random(seed)
        finder = Finder("id")
        # What is learnt of some lines is of use for others.
        for _ in range(3):
            lines = [random_line(generator) for _ in range(generator.randrange(12))]
            before = bytes(generator.randrange(3))
            assert keys_of(finder, lines, before, between) == list(map(key_of, lines)), seed


def test_lines_that_begin_alike_are_not_looked_at_one_by_one(monkeypatch):
    finder = Finder("id")
    looked = []
    monkeypatch.setattr(finder, "key", lambda line, *_: looked.append(line) or b"?")
    lines = [b'{"id":"%d","text":"%s"}' % (number, b"x" * 200) for number in range(100)]
    assert keys_of(finder, lines) == [b"%d" % number for number in range(100)]
    long = b"k" * (MOST_REACH // 2)
    lines = [b'{"id":"%b%d"}' % (long, number) for number in range(100)]
    keys_of(finder, lines)
    # The last lines are too near to the end of what there is.
    assert 0 < len(looked) < 5


@pytest.mark.parametrize("line", [b'{"id":"a', b'{"id":"a\\"', b'{"id":"', b'{"id"', b"{", b"x"])
def test_a_key_does_not_end_in_the_next_line(line):
    plain = b'{"id":"k","text":"%b"}' % (b"x" * 2 * REACH)
    for next_line in (plain, b'"'):
        for between in (b"", b"\n"):
            with pytest.raises(ShardError, match="line 1 has no key"):
                keys_of(Finder("id"), [plain, line, next_line, plain], between=between)


def test_names_are_found_as_they_are_written():
    for name in ("id", "شناسه", 'a"b', "a.b", "key "):
        line = json.dumps({name: "k", "other": "x" * 2 * REACH}, ensure_ascii=False).encode()
        assert keys_of(Finder(name), [line] * 5) == [b"k"] * 5
