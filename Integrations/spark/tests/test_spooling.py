# SPDX-License-Identifier: Apache-2.0
"""Documents that tasks write to files for others, and how rows become JSON."""

import json
import os
import random

import pyarrow
import pytest
from conftest import DOCUMENTS, LIMIT, QUERIES, assert_same, exported
from pyspark.sql import functions

from persianindex_spark import (
    ShardError, build, building, files, json_lines, sources, spooling, surveying,
)
from persianindex_spark.keys import Finder
from persianindex_spark.surveying import FewKeys

LETTERS = ['"', "\\", "\n", "\0", "\x1f", "\x7f", "ا", "a", "\u200c", "😀", "\t", "/", "\u2028"]


def text_of(generator, length=5):
    return "".join(generator.choices(LETTERS, k=generator.randrange(length)))


def test_rows_of_any_text_are_their_json():
    generator = random.Random(1)
    for _ in range(500):
        count = generator.randrange(6)
        kind = generator.choice([pyarrow.string(), pyarrow.large_string()])

        def column(of, nulls, kind=kind, count=count):
            some = [None if generator.random() < nulls else of() for _ in range(count)]
            return pyarrow.array(some, kind)

        batch = pyarrow.record_batch([
            column(lambda: text_of(generator), 0), column(lambda: text_of(generator), 0.3),
            column(lambda: text_of(generator), generator.choice([0, 0.5])),
            column(lambda: generator.randrange(-9, 10**12), 0.3, pyarrow.int64()),
            column(lambda: generator.choice(["}", ',"more":[1]}']), 0),
        ], names=["id", 'a "\\ب', "text", "year", "rest"])
        start = generator.randrange(count + 1)
        batch = batch.slice(start, generator.randrange(count - start + 1))
        found = [json.loads(line) for line in json_lines.documents(batch).to_pylist()]
        expected = []
        for row in batch.to_pylist():
            more = {"more": [1]} if len(row.pop("rest")) > 1 else {}
            expected.append({name: value for name, value in row.items() if value is not None} | more)
        assert found == expected


def test_keys_of_whole_numbers_become_text():
    batch = pyarrow.record_batch([pyarrow.array([7, -1]), pyarrow.array([1, None])], ["id", "n"])
    batch = batch.append_column("rest", pyarrow.array(["}", ',"x":2}']))
    keys, documents = spooling._documents(batch)
    assert documents.to_pylist() == ['{"id":"7","n":1}', '{"id":"-1","x":2}']
    assert keys.to_pylist() == [b"7", b"-1"]


def batches_of_lines(generator, count):
    lines = [
        None if generator.random() < 0.1 else " " * generator.randrange(3)
        if generator.random() < 0.1 else json.dumps({"id": f"k{number}", "text": text_of(generator)})
        for number in generator.sample(range(10**6), count)
    ]
    while lines:
        size = generator.randrange(1, len(lines) + 1)
        yield pyarrow.record_batch([pyarrow.array(lines[:size], pyarrow.string())], ["value"])
        lines = lines[size:]


def test_every_spooled_document_is_in_one_range_and_in_the_order_of_keys(tmp_path):
    generator = random.Random(5)
    names, expected = [], set()
    for number in range(4):
        batches = list(batches_of_lines(generator, generator.randrange(1, 20)))
        blocks = (spooling._lines(batch, Finder("id")) for batch in batches)
        names.append(str(tmp_path / f"spool-{number}"))
        if not spooling._write(blocks, names[-1], FewKeys(1)):
            names.pop()
        some = [line for batch in batches for line in batch.column(0).to_pylist()]
        expected |= {line for line in some if line and line.strip()}
    for count in (1, 2, 5, 40, 400):
        found = []
        for pieces in files.ranges(names, count):
            places, keys = spooling.survey(pieces)
            lines = b"".join(files.read(pieces, places)).decode().split("\n")[:-1]
            in_lines = [json.loads(line)["id"].encode() for line in lines]
            assert keys.to_pylist() == in_lines == sorted(in_lines)
            found += lines
        assert len(found) == len(expected) and set(found) == expected


@pytest.mark.parametrize("line", [
    '{"id":"a"}', ' { "id" : "a" , "x":1}', '{"x":"id","id":"a"}', '{"id":"\\u0061"}',
    '{"id":"a","id":"b"}', '\ufeff{"id":"a"}',
])
def test_keys_of_lines_are_found_however_they_are_written(line):
    batch = pyarrow.record_batch([pyarrow.array([line, "{\"id\": 17}", " \t", None])], ["value"])
    assert spooling._lines(batch, Finder("id"))[0].to_pylist() == [b"a", b"17", None]


@pytest.mark.parametrize("line", ['{"text":"a"}', '{"id":null}', '["id"]', "no JSON", '{"id":tru'])
def test_a_line_without_a_key_is_an_error(line):
    batch = pyarrow.record_batch([pyarrow.array(['{"id":"a"}', line])], ["value"])
    with pytest.raises(ShardError, match="a document has no key"):
        spooling._lines(batch, Finder("id"))


def test_a_folder_that_is_gone_is_an_error(tmp_path):
    with pytest.raises(ShardError, match="have to see the folder"):
        spooling._write(iter([]), str(tmp_path / "gone" / "spool-0"), FewKeys(1))


@pytest.fixture
def without_shuffle(monkeypatch):
    """Lets a build fail in which Spark moves the documents."""

    def fail(*_):
        raise AssertionError("Spark was to move the documents")

    monkeypatch.setattr(sources, "spread", fail)


@pytest.mark.parametrize("are_lines", [False, True])
def test_dataframes_are_built_without_a_shuffle(
    spark, searchctl, answers, tmp_path, without_shuffle, are_lines
):
    frame = spark.createDataFrame(DOCUMENTS).repartition(5)
    if are_lines:
        frame = frame.select(functions.to_json(functions.struct("*")).alias("value"))
    path = str(tmp_path)
    manifest = build(frame, path, 3, searchctl=searchctl)
    assert (manifest.documents, len(manifest.shards)) == (len(DOCUMENTS), 3)
    assert sorted(os.listdir(os.path.join(path, manifest.build))) == [
        f"shard-{number:05d}" for number in range(3)
    ]
    queries = spark.createDataFrame(QUERIES)
    from persianindex_spark import search

    found = [row.asDict() for row in search(queries, path, LIMIT, searchctl=searchctl).collect()]
    assert_same(found, answers, LIMIT)


@pytest.mark.parametrize("most, few, seen_by", [
    (1 << 28, 1 << 28, "writers"), (1 << 28, 0, "writers"), (0, 1 << 28, "builders"), (0, 0, "others"),
])
@pytest.mark.parametrize("kind", ["lines", "rows", "json"])
def test_keys_are_compared_by_whoever_sees_them_first(
    spark, searchctl, tmp_path, monkeypatch, most, few, seen_by, kind
):
    monkeypatch.setattr(surveying, "MOST_KEYS", most)
    monkeypatch.setattr(sources, "FEW", few)
    compared, shuffled = [], []
    for module, name, who in (
        (sources, "first_twice", "writers"), (building, "first_twice", "builders"),
        (sources, "survey", "others"),
    ):
        def spy(*arguments, of=getattr(module, name), who=who):
            # Keys that nobody sent are none.
            if who != "builders" or arguments[0]:
                compared.append(who)
            return of(*arguments)

        monkeypatch.setattr(module, name, spy)
    spread = sources.spread
    monkeypatch.setattr(sources, "spread", lambda *a: shuffled.append(1) or spread(*a))

    def frame(documents):
        documents = spark.createDataFrame(documents, "id string, title string, text string")
        if kind == "lines":
            return documents.select(functions.to_json(functions.struct("*")).alias("value"))
        return documents if kind == "rows" else documents.withColumn("n", functions.lit(0.5))

    path = str(tmp_path)
    documents = DOCUMENTS[:40]
    assert build(frame(documents), path, 3, searchctl=searchctl).documents == 40
    assert (compared, shuffled) == ([seen_by], [])
    assert build(frame(documents + documents[5:7]), path, 3, searchctl=searchctl).documents == 40
    assert (compared, shuffled) == ([seen_by] * 2, [1])


def test_columns_of_all_kinds_are_the_same_with_and_without_a_shuffle(spark, searchctl, tmp_path):
    frame = spark.sql("""
        select * from values
          ('a', 'خبر "یک"', 1, 2.5D, date'2024-03-20', array('الف', 'ب'), 5L, 'x`y'),
          ('b', 'ب', null, null, null, null, null, null),
          ('c', 'ه\\u200cا\\n', -7, 1e10D, date'1999-01-01', array(), 0L, 'z')
        as t(name, text, year, share, published, tags, id, `odd name``s`)
    """)
    options = [
        "--field", "year:integer", "--field", "share:number", "--field", "tags:keyword",
        "--field", "odd:keyword", "--map", "odd=odd name`s",
    ]
    found = []
    for shuffle in (False, True):
        path = str(tmp_path / str(shuffle))
        build(frame, path, 2, key="name", options=options, shuffle=shuffle, searchctl=searchctl)
        found.append(exported(path, searchctl))
    assert found[0] == found[1] and len(found[0]) == 3
    text = "".join(found[0])
    assert all(part in text for part in ('"year":-7', "2.5", "2024-03-20", "الف", "x`y"))


def test_text_that_is_none_is_written_by_spark(spark, searchctl, tmp_path, caplog):
    frame = spark.sql("select 'a' id, cast(x'D9FF41' as string) text union all select 'b', 'کتاب'")
    for shuffle in (False, True):
        path = str(tmp_path / str(shuffle))
        build(frame, path, 2, shuffle=shuffle, searchctl=searchctl)
        assert '"text":"\ufffd\ufffdA"' in exported(path, searchctl)[0]
    assert caplog.text.count("Spark reads the documents instead of the tasks") == 1


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("few", [0, sources.FEW])
def test_what_searchctl_refuses_is_told_by_its_key(
    spark, searchctl, tmp_path, monkeypatch, few, shuffle
):
    """Lines and rows alike; searchctl itself knows only how many it got before."""
    monkeypatch.setattr(sources, "FEW", few)
    lines = spark.createDataFrame([('{"id": "b", "text": "ب"}',), ('{"id": "a", "text"',)], ["value"])
    columns = spark.sql("select 'b' id, 'x' day union all select 'a', 'y'")
    for frame, reason in ((lines.repartition(2), "a colon is missing"), (columns, "no text")):
        with pytest.raises(ShardError, match=f"^shard-0000.: searchctl: .*{reason}") as error:
            build(frame, str(tmp_path), 1, shuffle=shuffle, searchctl=searchctl)
        assert shuffle or "the document 'a'" in str(error.value)
        assert os.listdir(tmp_path) == []


def test_very_uneven_partitions_are_moved_by_spark(spark, searchctl, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_FILES", 1)
    frame = spark.createDataFrame(DOCUMENTS[:100]).repartition(5)
    manifest = build(frame, str(tmp_path), 2, searchctl=searchctl)
    assert manifest.documents == 100
    assert os.listdir(tmp_path / manifest.build / "shard-00000") != []


def test_no_documents_are_an_error(spark, searchctl, tmp_path):
    frame = spark.createDataFrame([], "id string, text string")
    for shuffle in (False, True):
        with pytest.raises(ShardError, match="there are no documents"):
            build(frame, str(tmp_path), 2, shuffle=shuffle, searchctl=searchctl)
    assert os.listdir(tmp_path) == []
