# SPDX-License-Identifier: Apache-2.0
"""Keys of lines that are written alike, against each line read by itself."""

import json
import random

import pytest

from persianindex_spark import shapes
from persianindex_spark.chunks import Chunk
from persianindex_spark.keys import parsed
from persianindex_spark.records import differing

EMPTY = {}
COLUMNS = {"id": "string", "text": "string", "title": "string", "year": "int"}


def keys_of(lines, columns=EMPTY):
    """The keys that are found in lines."""
    data = "".join(line + "\n" for line in lines).encode()
    return shapes.finder("id", columns)(Chunk(data))


@pytest.mark.parametrize("columns", [{}, COLUMNS])
@pytest.mark.parametrize(
    "line",
    [
        '{"id": "a", "title": "", "text": "کتاب"}', '{"text":"x\\"y","id":"a"}',
        ' { "id" : "a" , "text" : "\\\\" } ', '{"id":"a"}\r', '{"id":"a","year":1390}',
        '{"year":null,"id":"a","score":-1.5e3,"new":true,"text":"x"}', '{"more":"\\\\\\"","id":"a"}',
        '{"id":"a","text":"\\u0645\\uD7FF\\n"}', '{"id":"a","text":"}{\\"id\\":\\"b\\""}',
    ],
)
def test_keys_of_plain_lines_are_found(line, columns):
    other = line.replace('"a"', '"کلید"')
    assert keys_of([line, other, "", line], columns=columns) == [
        b"a", "کلید".encode(), None, b"a"
    ]


@pytest.mark.parametrize("number", ["17", "-3", "0"])
def test_keys_that_are_numbers_are_found(number):
    lines = ['{"id":1,"text":"a"}', f'{{"id":{number},"text":"b"}}', '{"id":1.5,"text":"b"}']
    assert keys_of(lines) == [b"1", number.encode(), None]
    assert keys_of(lines, columns=COLUMNS) == [b"1", number.encode(), None]


@pytest.mark.parametrize(
    "line",
    [
        '{"id":"a\\u0062","text":"x"}', '{"id":"a","text":"x","text":"y"}', '{"id":"a","text":true}',
        '{"id":"a","text":"\\ud83d\\ude00"}', '{"id":"a",\r"text":"x"}', '{"id":"a","text":["x"]}',
        '{"id":"a","year":"1390"}', '{"id":"a","year":1390.0}', '{"id":"a","year":12345678901}',
        '{"id":"a","m":{"text":"x"}}', '{"id":"a"{"text":"x"}',
        '{"id":"a","te\\u0078t":"x"}', '{"id":"a" "text":"x"}',
        '{"id":"a","text":"x"', '{"id":"a","text":"x"},', '["id"]', '{"text":"x"}', '{"id":null}',
    ],
)
def test_other_lines_are_left_to_be_looked_at_one_by_one(line):
    # Behind lines of the shapes that come nearest.
    known = ['{"id":"b","text":"x"}', '{"id":"b","year":1}', '{"id":"b","text":"x","text":"y"}']
    found = keys_of([*known, line, known[0]], columns=COLUMNS)
    assert found == [b"b", b"b", None, None, b"b"]


def random_lines(generator):
    """Lines of a few shapes, some of them with a change that can make it another one."""
    names = ["id", "title", "text", "year", "x"]
    layouts = []
    for _ in range(3):
        some = generator.sample(names, generator.randint(2, 5))
        if generator.random() < 0.2:
            some.append(generator.choice(names))
        layouts.append((some, generator.choice([(",", ":"), (", ", ": "), (" ,\t", " : ")])))
    return [random_line(generator, *generator.choice(layouts)) for _ in range(60)]


def random_line(generator, names, style):
    alphabet = 'aب"\\\n\t/😀ی \u200c'
    numbers = [0, 7, 7, 7, -12, 10 ** 8, 10 ** 10, 1.5, True, None]
    is_ascii = generator.random() < 0.3
    parts = []
    for name in names:
        value = "".join(generator.choices(alphabet, k=generator.randint(0, 6)))
        if name in ("year", "x"):
            value = generator.choice(numbers)
        elif name == "id":
            value = generator.choice(["a", "b7", "کلید", "c/d", value])
        elif generator.random() < 0.05:
            value = generator.choice([*numbers, {"text": "a"}, [value]])
        parts.append(style[1].join(json.dumps(p, ensure_ascii=is_ascii) for p in (name, value)))
    line = "{" + style[0].join(parts) + "}" + generator.choice(["", "", "", " ", "\r"])
    if generator.random() < 0.2:
        place = generator.randrange(len(line))
        change = generator.choice(["", '"', "\\", ",", "x", "\r", " ", '\\"', "\\u0062", "\\ud83d"])
        line = line[:place] + change + line[place + generator.randrange(2) :]
    return line


@pytest.mark.parametrize("columns", [{}, COLUMNS])
def test_what_is_found_is_what_each_line_read_by_itself_has(columns):
    is_other = differing(COLUMNS)
    generator = random.Random(5)
    count = total = 0
    for _ in range(500):
        lines = random_lines(generator)
        for line, key in zip(lines, keys_of(lines, columns=columns)):
            try:
                json.loads(line)
            except ValueError:
                continue  # searchctl refuses it, whatever key is found.
            total += "id" in line
            if key is not None:
                count += 1
                assert key == parsed(line.encode(), "id"), line
                assert not columns or is_other([line.encode()]) is None, line
    assert count > total / 3


def test_files_of_many_shapes_have_the_first_of_them_found():
    names = [f"m{number}" for number in range(shapes.MOST_SHAPES + 5)]
    lines = [f'{{"id":"a","{name}":"x"}}' for name in names] * 2
    found = keys_of(lines)
    assert found[: len(names)] == [b"a"] * shapes.MOST_SHAPES + [None] * 5
    assert found[len(names) :] == found[: len(names)]
