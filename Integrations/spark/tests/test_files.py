# SPDX-License-Identifier: Apache-2.0
"""Builds from files of JSON Lines, which tasks read themselves, and what they leave to Spark."""

import gzip
import json
import os
import random

import pytest
from conftest import DOCUMENTS, LIMIT, QUERIES, assert_same

from persianindex_spark import Manifest, ShardError, build, files, search, sources, surveying


@pytest.fixture
def without_spark(monkeypatch):
    """Lets a build fail that has Spark read or spread the documents."""

    def fail(*_):
        raise AssertionError("Spark was to read the documents")

    for name in ("spooled", "spread"):
        monkeypatch.setattr(sources, name, fail)


def line_of(document, **settings):
    return json.dumps(document, ensure_ascii=False, **settings)


def write(path, text):
    path.write_bytes(text.encode())
    return str(path)


def built_keys(ranges, key="id", columns=None):
    """The keys of each range as they stand in its lines, in the order in which they are read."""
    result = []
    for pieces in ranges:
        places, keys = files.survey(pieces, key, columns)
        lines = b"".join(files.read(pieces, places)).splitlines()
        assert len(lines) == len(keys)
        in_lines = [str(json.loads(line)[key]) for line in lines]
        assert in_lines == [found.decode() for found in keys.to_pylist()]
        result.append(keys.to_pylist())
    return result


@pytest.mark.parametrize("chunk", [1, 100, 1 << 20])
@pytest.mark.parametrize("columns", [None, {"id": "string", "text": "string"}])
def test_every_line_is_in_one_range_and_in_the_order_of_keys(monkeypatch, tmp_path, chunk, columns):
    monkeypatch.setattr(files, "CHUNK", chunk)
    monkeypatch.setattr(files, "BLOCK", 100)
    generator = random.Random(3)
    names, keys = [], set()
    for number in range(5):
        text = ""
        for _ in range(generator.randint(0, 12)):
            key = f"k{generator.randrange(10 ** 6)}"
            keys.add(key.encode())
            text += line_of({"id": key, "text": "ب" * generator.randint(0, 50)}) + "\n"
            text += "\n" * generator.choice([0, 0, 1])
        text = text.rstrip("\n") + "\n" * generator.choice([0, 1, 2])
        names.append(write(tmp_path / f"{number}", text))
    size = sum(map(os.path.getsize, names))
    # Some ranges begin where a line does, others within one, and with 300 many hold none.
    for count in [1, 2, 3, 7, 20, 300, size]:
        found = built_keys(files.ranges(names, count), columns=columns)
        assert len(found) == count
        assert all(part == sorted(part) for part in found)
        assert sorted(sum(found, [])) == sorted(keys)


def test_lines_of_different_files_do_not_stand_together(tmp_path):
    names = [write(tmp_path / "1", '{"id":"b"}\n{"id":"x"}\n'), write(tmp_path / "2", '{"id":"a"}\n{"id":"c"}')]
    # The line of `c` begins where one would that follows `b`.
    assert built_keys(files.ranges(names, 1)) == [[b"a", b"b", b"c", b"x"]]


def test_keys_are_found_however_they_are_written(tmp_path):
    lines = [
        '{"id":"a"}', ' { "id" : "b" , "text": "x"}', '{"text":"id","id":"c"}', '{"id":17}',
        '{"id": -3, "text": ""}', '{"id": 1.50}', '{"id":"d\\u0033"}', '{"id":"د"}\r', "  ", "",
        '{"other":"{\\"id\\":\\"no\\"}","id":"e"}', '{"text":"x","id":"f","id":"g"}',
    ]
    name = write(tmp_path / "lines", "\n".join(lines))
    places, keys = files.survey(files.ranges([name], 1)[0], "id")
    expected = ["a", "b", "c", "17", "-3", "1.50", "d3", "د", "e", "f"]
    assert keys.to_pylist() == sorted(key.encode() for key in expected)
    blocks = b"".join(files.read(files.ranges([name], 1)[0], places))
    assert sorted(blocks.decode().splitlines(keepends=False)) == sorted(
        line.rstrip("\r") for line in lines if line.strip()
    )


@pytest.mark.parametrize(
    "line", ['{"text":"a"}', '{"id":null}', '{"id":["a"]}', '["id"]', "no JSON", '{"id":tru']
)
def test_a_line_without_a_key_is_named_by_its_place(tmp_path, line):
    name = write(tmp_path / "lines", '{"id":"a"}\n' + line + "\n")
    with pytest.raises(ShardError, match=f"{name}: the document at byte 11 has no key"):
        files.survey(files.ranges([name], 1)[0], "id")


def test_a_file_that_changes_or_goes_is_an_error(tmp_path):
    name = write(tmp_path / "lines", '{"id":"a"}\n')
    pieces = files.ranges([name], 1)[0]
    places, _ = files.survey(pieces, "id")
    write(tmp_path / "lines", '{"id":"a"}\n{"id":"b"}\n')
    with pytest.raises(ShardError, match="it has changed since the build began"):
        list(files.read(pieces, places))
    os.remove(name)
    with pytest.raises(ShardError, match="all executors have to see the files"):
        files.survey(pieces, "id")


def test_files_folders_and_patterns_are_found_and_the_rest_is_left_to_spark(tmp_path, monkeypatch):
    os.mkdir(tmp_path / "folder")
    one = write(tmp_path / "folder" / "1.jsonl", "a\n")
    two = write(tmp_path / "folder" / "2.jsonl", "b\n")
    write(tmp_path / "folder" / "_SUCCESS", "")
    folder = str(tmp_path / "folder")
    assert files.find([folder]) == [one, two]
    assert files.find([folder + "/*.jsonl"]) == [one, two]
    assert files.find([two, "file://" + one]) == [two, one]
    monkeypatch.chdir(folder)
    assert files.find(["1.jsonl"]) == [one]
    assert files.find(["absent.jsonl"]) is None
    assert files.find(["hdfs://node/" + one]) is None
    monkeypatch.setattr(files, "MOST_FILES", 1)
    assert files.ranges([one, two], 1) is None
    assert len(files.ranges([one, two], 2)) == 2
    write(tmp_path / "folder" / "3.jsonl.gz", "")
    assert files.find([folder]) is None
    assert files.find([str(tmp_path)]) is None


@pytest.mark.parametrize("bucket", [None, 1 << 30, 20_000])
def test_files_are_built_and_searched_as_one_index(
    spark, searchctl, answers, tmp_path, without_spark, monkeypatch, bucket
):
    if bucket:
        monkeypatch.setattr(sources, "FEW", 0)
        monkeypatch.setattr(surveying, "BUCKET", bucket)
    os.mkdir(tmp_path / "documents")
    for number in range(3):
        part = DOCUMENTS[number::3]
        text = "\n".join(line_of(document) for document in part)
        write(tmp_path / "documents" / f"part-{number}", text + "\n" * (number % 2))
    path = str(tmp_path / "collection")
    manifest = build(str(tmp_path / "documents"), path, 4, searchctl=searchctl)
    assert manifest.documents == len(DOCUMENTS)
    assert sorted(os.listdir(os.path.join(path, manifest.build))) == [
        f"shard-{number:05d}" for number in range(4)
    ]
    queries = spark.createDataFrame(QUERIES)
    found = [row.asDict() for row in search(queries, path, LIMIT, searchctl=searchctl).collect()]
    assert_same(found, answers, LIMIT)


@pytest.mark.parametrize("bucket", [None, 1 << 30, 2000])
def test_files_whose_keys_come_twice_are_spread_by_spark(
    spark, searchctl, tmp_path, monkeypatch, bucket
):
    if bucket:
        monkeypatch.setattr(sources, "FEW", 0)
        monkeypatch.setattr(surveying, "BUCKET", bucket)
    text = "".join(line_of(document) + "\n" for document in DOCUMENTS[:50])
    names = [write(tmp_path / f"{number}.jsonl", text) for number in range(3)]
    path = str(tmp_path / "collection")
    assert build(names, path, 3, searchctl=searchctl).documents == 50
    with pytest.raises(ShardError, match="the key 'd0' comes 3 times; build without distinct"):
        build(names, path, 3, distinct=True, searchctl=searchctl)
    manifest = build(names, path, 3, distinct=True, check=False, searchctl=searchctl)
    assert manifest.documents == 150
    assert Manifest.read(path) == manifest


def test_few_lines_make_few_shards_and_none_are_an_error(
    spark, searchctl, tmp_path, without_spark
):
    name = write(tmp_path / "few.jsonl", '{"name":"a","text":"کتاب"}\n{"name":"b","text":"ب"}')
    path = str(tmp_path / "collection")
    manifest = build(name, path, 7, key="name", searchctl=searchctl)
    assert manifest.documents == 2
    assert len(manifest.shards) == 2
    name = write(tmp_path / "none.jsonl", "\n\n")
    with pytest.raises(ShardError, match="there are no documents"):
        build(name, path, 2, searchctl=searchctl)
    assert Manifest.read(path) == manifest


def test_files_that_are_not_there_are_named(spark, searchctl, tmp_path):
    absent, path = str(tmp_path / "absent.jsonl"), str(tmp_path / "collection")
    with pytest.raises(ShardError, match=f"cannot be read: .*{absent}") as error:
        build(absent, path, 2, searchctl=searchctl)
    assert "\n" not in str(error.value) and not os.path.exists(path)


def test_packed_files_are_read_by_spark(spark, searchctl, tmp_path):
    name = str(tmp_path / "documents.jsonl.gz")
    with gzip.open(name, "wt", encoding="utf-8") as file:
        file.writelines(line_of(document) + "\n" for document in DOCUMENTS[:40])
    path = str(tmp_path / "collection")
    assert build(name, path, 2, searchctl=searchctl).documents == 40


@pytest.mark.parametrize("few", [0, sources.FEW])
@pytest.mark.parametrize("line, reason", [
    ('{"text": "کتاب"}', "has no key"),
    ('{"id": "a", "text"', "a colon is missing"),
    ('{"id": "c", "text": "ب"} x', "text after the JSON object"),
])
def test_a_bad_line_of_a_file_publishes_nothing(
    spark, searchctl, tmp_path, without_spark, monkeypatch, line, reason, few
):
    """Whether its keys come from the task that builds, or from one before, as those of many do."""
    monkeypatch.setattr(sources, "FEW", few)
    path = str(tmp_path / "collection")
    name = write(tmp_path / "documents.jsonl", '{"id": "b", "text": "ب"}\n' + line + "\n")
    with pytest.raises(ShardError) as error:
        build(name, path, 1, searchctl=searchctl)
    message = str(error.value)
    assert "\n" not in message and reason in message
    assert "the document at byte 26" in message and name in message
    assert os.listdir(path) == []
