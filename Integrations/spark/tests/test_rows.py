# SPDX-License-Identifier: Apache-2.0
"""Rows of Arrow in files, in ranges and in the order of their keys."""

import os
import random

import pyarrow
import pytest

from persianindex_spark import ShardError, rows, surveying

SCHEMA = pyarrow.schema([("id", pyarrow.string()), ("text", pyarrow.string()), ("n", pyarrow.int64())])


def make_rows(generator, count):
    texts = [None, "", "a\n\"b\"", "کتاب\u200cها", "x" * 500]
    return [
        {"id": f"k{number}", "text": generator.choice(texts), "n": generator.choice([None, number])}
        for number in generator.sample(range(10**6), count)
    ]


def batches_of(generator, documents):
    start = 0
    while start < len(documents):
        end = start + generator.randrange(1, 9)
        yield pyarrow.RecordBatch.from_pylist(documents[start:end], SCHEMA)
        start = end


def read_stream(blocks):
    stream = b"".join(blocks)
    return pyarrow.ipc.open_stream(stream).read_all().to_pylist() if stream else []


def written(tmp_path, generator, counts):
    documents, names = [], []
    for number, count in enumerate(counts):
        some = make_rows(generator, count)
        names.append(str(tmp_path / f"rows-{number}"))
        assert rows.write(batches_of(generator, some), names[-1]) == (count > 0)
        documents += some
        if not count:
            names.pop()
    return documents, names


@pytest.mark.parametrize("count", [1, 2, 3, 7, 200])
def test_every_row_is_in_one_of_even_ranges(tmp_path, count):
    documents, names = written(tmp_path, random.Random(1), [40, 0, 1, 77])
    ranges = rows.ranges(names, count)
    found = [[row for batch in rows.read(spans) for row in batch.to_pylist()] for spans in ranges]
    assert sum(found, []) == documents
    sizes = [len(part) for part in found]
    assert len(sizes) == count and max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("most, at_once, size", [
    (1 << 26, 1000, 1 << 24), (0, 5, 1 << 24), (2000, 1, 1 << 24), (1 << 26, 50, 300), (0, 1, 1),
])
def test_rows_come_in_the_order_of_their_keys_and_are_the_same(
    tmp_path, monkeypatch, most, at_once, size
):
    """In one piece or in many, from memory or from files, in large messages or in small ones."""
    for name, value in (("IN_MEMORY", most), ("ROWS", at_once), ("BYTES", size)):
        monkeypatch.setattr(rows, name, value)
    generator = random.Random(2)
    documents, names = written(tmp_path, generator, [60, 5, 31])
    (spans,) = rows.ranges(names, 1)
    blocks, packed, origin = rows.blocks_and_keys(lambda _: rows.read(spans), True)(0, ())
    expected = sorted(documents, key=lambda row: row["id"].encode())
    assert read_stream(blocks) == expected
    keys = pyarrow.ipc.read_record_batch(packed, surveying.KEYS).column(0).to_pylist()
    assert keys == [row["id"].encode() for row in expected]
    assert origin(7) == f"the document '{expected[6]['id']}'"


@pytest.mark.parametrize("kind", [pyarrow.string(), pyarrow.large_string(), pyarrow.int16()])
def test_keys_are_ordered_by_their_bytes_whatever_they_are(kind):
    found = [10, 9, -1, 100]
    column = pyarrow.array(found, pyarrow.int16()).cast(kind)
    blocks, keys = rows.in_order([pyarrow.record_batch([column], ["id"])])
    assert keys.to_pylist() == [b"-1", b"10", b"100", b"9"]
    assert [str(row["id"]) for row in read_stream(blocks)] == ["-1", "10", "100", "9"]


def test_more_than_memory_should_hold_is_kept_in_a_file(tmp_path, monkeypatch):
    generator = random.Random(3)
    documents = make_rows(generator, 100)
    path = str(tmp_path / "rows")
    for most, is_kept in ((1 << 26, False), (3000, True), (0, True)):
        monkeypatch.setattr(rows, "IN_MEMORY", most)
        found = rows.held(batches_of(generator, documents), path)
        assert [row for batch in found for row in batch.to_pylist()] == documents
        assert os.path.exists(path) == is_kept


def test_no_rows_are_no_stream():
    assert list(rows.in_order([])[0]) == []
    empty = pyarrow.RecordBatch.from_pylist([], SCHEMA)
    assert list(rows.in_order([empty])[0]) == []


def test_a_row_without_a_key_is_an_error():
    batch = pyarrow.record_batch([pyarrow.array(["a", None]), pyarrow.array(["b", "c"])], ["id", "text"])
    with pytest.raises(ShardError, match="a document has no key"):
        rows.in_order([batch])


def test_a_file_that_has_changed_or_a_folder_that_is_gone_is_an_error(tmp_path):
    generator = random.Random(4)
    _, names = written(tmp_path, generator, [9])
    (spans,) = rows.ranges(names, 1)
    rows.write(batches_of(generator, make_rows(generator, 12)), names[0])
    with pytest.raises(ShardError, match="it has changed since the build began"):
        rows.read(spans)
    with pytest.raises(ShardError, match="have to see the folder"):
        rows.write(iter([]), str(tmp_path / "gone" / "rows"))
