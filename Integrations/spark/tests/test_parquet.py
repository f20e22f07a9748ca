# SPDX-License-Identifier: Apache-2.0
"""Files of Parquet that tasks read themselves, and that they find in them what Spark does."""

import json
import os
import random

import pyarrow
import pyarrow.parquet
import pytest
from conftest import DOCUMENTS, exported, make_documents
from pyspark.sql import functions

from persianindex_spark import ShardError, build, parquet, sources, spooling, surveying
from persianindex_spark.relations import Rows, files_of

COLUMNS = {"id": "string", "text": "string"}


@pytest.fixture(scope="module")
def folder(spark, tmp_path_factory):
    """A folder of three files as Spark writes them."""
    folder = str(tmp_path_factory.mktemp("parquet") / "یک a%20b")
    spark.createDataFrame(DOCUMENTS).repartition(3).write.parquet(folder)
    return folder


def write(path, table, **settings):
    pyarrow.parquet.write_table(table, path, **settings)
    return str(path)


def table_of(documents):
    return pyarrow.Table.from_pylist(documents)


@pytest.mark.parametrize("count", [1, 2, 3, 10, 500])
def test_every_row_is_in_one_range(tmp_path, count):
    documents = make_documents(500)
    names = [
        write(tmp_path / "1.parquet", table_of(documents[:300]), row_group_size=70),
        write(tmp_path / "2.parquet", table_of(documents[300:301])),
        write(tmp_path / "3.parquet", table_of(documents[301:]), row_group_size=10),
    ]
    found = []
    for spans in parquet.ranges(names, count)[0]:
        for batch in parquet.batches(spans, COLUMNS, 64):
            assert batch.schema.names == ["id", "text"] and 0 < batch.num_rows <= 64
            found += batch.to_pylist()
    assert found == [{"id": d["id"], "text": d["text"]} for d in documents]


def test_ranges_are_even_or_end_with_groups(tmp_path):
    generator = random.Random(4)
    columns = {"n": "bigint"}
    for number in range(200):
        sizes = [generator.choice([0, 1, 7, 20, 20, 21, 50]) for _ in range(generator.randint(1, 9))]
        cuts = [0, *sorted(generator.sample(range(len(sizes) + 1), generator.randint(0, 2))), len(sizes)]
        names, starts, row = [], {0}, 0
        for low, high in zip(cuts, cuts[1:]):
            names.append(str(tmp_path / f"{number}-{len(names)}.parquet"))
            with pyarrow.parquet.ParquetWriter(names[-1], pyarrow.schema([("n", pyarrow.int64())])) as file:
                for size in sizes[low:high]:
                    numbers = pyarrow.array(range(row, row + size), pyarrow.int64())
                    file.write_table(pyarrow.table({"n": numbers}), 100)
                    row += size
                    starts.add(row)
        count = generator.randint(1, 6)
        ranges, is_even = parquet.ranges(names, count)
        found = [
            [n for batch in parquet.batches(spans, columns, 8) for n in batch.column(0).to_pylist()]
            for spans in ranges
        ]
        assert sum(found, []) == list(range(row))
        if is_even:
            assert len(found) == count
            assert all(abs(len(part) - row / count) <= row / count / 2 + 1 for part in found)
        else:
            assert all(part[0] in starts for part in found)


@pytest.mark.parametrize("rows, count, expected", [
    (10, 4, (True, [25] * 4)), (100, 1, (True, [100])), (100, 4, (False, [100])),
    (26, 4, (True, [25] * 4)), (40, 2, (True, [50, 50])), (80, 2, (True, [50, 50])),
    (26, 8, (True, [12, 14, 11, 15, 10, 16, 9, 13])), (50, 8, (False, [50, 50])),
])
def test_rows_are_read_seldom_more_than_once(tmp_path, rows, count, expected):
    table = pyarrow.table({"n": range(100)})
    name = write(tmp_path / "1.parquet", table, row_group_size=rows)
    ranges, is_even = parquet.ranges([name], count)
    assert (is_even, [sum(s.end - s.start for s in spans) for spans in ranges]) == expected


def test_text_kept_in_a_dictionary_and_whole_numbers_are_read(tmp_path):
    table = pyarrow.table({
        "text": pyarrow.array(["الف", "ب", "الف", None]).dictionary_encode(),
        "id": pyarrow.array([1, 2, 3, 4], pyarrow.int16()),
    })
    (spans,), _ = parquet.ranges([write(tmp_path / "1.parquet", table)], 1)
    batch, = parquet.batches(spans, {"id": "smallint", "text": "string"}, 10)
    assert batch.to_pydict() == {"id": [1, 2, 3, 4], "text": ["الف", "ب", "الف", None]}


@pytest.mark.parametrize("columns", [
    {"id": pyarrow.array([b"a"]), "text": ["b"]}, {"id": ["a"]}, {"ID": ["a"], "text": ["b"]},
    {"id": ["a"], "text": ["b"], "Text": ["c"]}, {"id": ["a"], "text": [["b"]]},
    {"id": [1], "text": ["b"]},
])
def test_files_of_other_columns_are_refused_by_name(tmp_path, columns):
    name = write(tmp_path / "1.parquet", pyarrow.table(columns))
    with pytest.raises(ShardError, match=f"^{name}: its column '(id|text)' is not plainly one of"):
        list(parquet.batches(parquet.ranges([name], 1)[0][0], COLUMNS, 10))


def test_damaged_and_changed_files_are_errors_of_one_line(tmp_path):
    name = write(tmp_path / "1.parquet", table_of(make_documents(50)))
    (spans,), _ = parquet.ranges([name], 1)
    with open(name, "rb") as file:
        content = file.read()
    status = os.stat(name)
    for start in (0, 200, len(content) // 2, len(content) - 300, len(content) - 8):
        with open(name, "wb") as file:
            file.write(content[:start] + b"\xff" * 40 + content[start + 40 :][: len(content)])
            file.truncate(len(content))
        os.utime(name, ns=(status.st_mtime_ns, status.st_mtime_ns))
        try:
            list(parquet.batches(spans, COLUMNS, 10))
        except ShardError as error:
            assert str(error).startswith(f"{name}: ") and "\n" not in str(error)
    write(name, table_of(make_documents(51)))
    with pytest.raises(ShardError, match="it has changed since the build began"):
        list(parquet.batches(spans, COLUMNS, 10))


@pytest.mark.parametrize("read, columns", [
    (lambda spark, folder: spark.read.parquet(folder), ["id", "text", "title"]),
    (lambda spark, folder: spark.read.load(folder).select("text", "id"), ["id", "text"]),
    (lambda spark, folder: spark.read.parquet(folder + "/*.parquet").drop("title"), ["id", "text"]),
])
def test_what_is_nothing_but_parquet_is_read_by_tasks(spark, folder, read, columns):
    found = files_of(read(spark, folder), "id", [])
    assert isinstance(found, Rows) and list(found.columns) == columns
    assert len(found.names) == 3


@pytest.mark.parametrize("change", [
    lambda frame: frame.where("id is not null"),
    lambda frame: frame.limit(10),
    lambda frame: frame.union(frame),
    lambda frame: frame.withColumn("text", functions.upper("text")),
    lambda frame: frame.select("id", "text", "text"),
])
def test_what_is_more_than_parquet_is_left_to_spark(spark, folder, change):
    assert files_of(change(spark.read.parquet(folder)), "id", []) is None


def test_only_columns_that_searchctl_looks_at_have_to_be_plain(spark, tmp_path):
    folder = str(tmp_path / "parquet")
    spark.sql("select 'a' id, 'b' text, 1.5D share, array(1) list, 7L n, 'k' as `a.b`").write.parquet(
        folder
    )
    frame = spark.read.parquet(folder)

    def columns(key, *options):
        found = files_of(frame, key, list(options))
        return found and found.columns

    assert columns("id") == {"id": "string", "text": "string"}
    assert columns("n") == {"n": "bigint", "text": "string"}
    assert columns("id", "--field", "n:integer") == {"id": "string", "text": "string", "n": "bigint"}
    assert columns("id", "--field", "m:integer", "--map", "m=n")["n"] == "bigint"
    for options in (
        ["--field", "share:number"], ["--field", "list:keyword"], ["--field", "a.b:keyword"],
        ["--field", "absent:keyword"], ["--encoding", "utf-16"],
    ):
        assert columns("id", *options) is None
    assert columns("text") is None
    assert columns("n", "--field", "id:keyword") is None


def test_parquet_is_the_same_on_all_routes(spark, searchctl, tmp_path, monkeypatch):
    documents = [
        {"n": n, "title": None if n % 3 else f"خبر «{n}»", "text": f"کتاب\n\"{n}\" \\ \x01", "y": n % 5}
        for n in range(-10, 60)
    ]
    folder = str(tmp_path / "parquet")
    spark.createDataFrame(documents, "n long, title string, text string, y int").repartition(
        3
    ).write.parquet(folder)
    frame = spark.read.parquet(folder)
    options = ["--field", "y:integer"]
    tried = []
    for name in ("read", "spooled", "spread"):
        def spy(*arguments, of=getattr(sources, name), name=name):
            tried.append(name)
            return of(*arguments)

        monkeypatch.setattr(sources, name, spy)
    found = []
    for number, (some, shuffle) in enumerate(
        [(frame, False), (frame.where("true"), False), (frame.where("true"), True)]
    ):
        path = str(tmp_path / str(number))
        build(some, path, 2, key="n", options=options, shuffle=shuffle, searchctl=searchctl)
        found.append(exported(path, searchctl))
    assert tried == ["read", "spooled", "spread"]
    assert len(found[0]) == 70
    assert found[0] == found[1] == found[2]


def test_files_in_which_spark_finds_other_columns_are_left_to_it(spark, searchctl, tmp_path, caplog):
    os.mkdir(tmp_path / "parquet")
    write(tmp_path / "parquet" / "1.parquet", pyarrow.table({"id": ["a"], "text": ["کتاب"]}))
    write(tmp_path / "parquet" / "2.parquet", pyarrow.table({"id": ["b"], "title": ["نان"]}))
    frame = spark.read.schema("id string, title string, text string").parquet(
        str(tmp_path / "parquet")
    )
    path = str(tmp_path / "collection")
    assert build(frame, path, 2, searchctl=searchctl).documents == 2
    assert "is not plainly one of string" in caplog.text
    assert '"text":"کتاب"' in "".join(exported(path, searchctl))


@pytest.mark.parametrize("few", [sources.FEW, 0])
@pytest.mark.parametrize("rows", [10, 100])
def test_each_row_is_a_document_however_they_are_grouped(
    spark, searchctl, tmp_path, monkeypatch, few, rows
):
    """Of small groups each task reads its own, of others tasks write all rows for each other."""
    monkeypatch.setattr(sources, "FEW", few)
    monkeypatch.delattr(*((spooling, "spool_rows") if rows == 10 else (sources.rows, "held")))
    for name in ("spooled", "spread"):
        monkeypatch.delattr(sources, name)
    table = table_of(DOCUMENTS[:100])
    name = write(tmp_path / "1.parquet", table, row_group_size=rows)
    path = str(tmp_path / "collection")
    manifest = build(spark.read.parquet(name), path, 4, searchctl=searchctl)
    assert len(manifest.shards) == 4
    found = [json.loads(line) for line in exported(path, searchctl)]
    assert sorted(d["id"] for d in found) == sorted(d["id"] for d in DOCUMENTS[:100])


@pytest.mark.parametrize("few", [sources.FEW, 0])
@pytest.mark.parametrize("rows", [10, 100])
def test_keys_that_come_twice_in_parquet(spark, searchctl, tmp_path, monkeypatch, few, rows):
    monkeypatch.setattr(sources, "FEW", few)
    table = table_of(DOCUMENTS[:50] + DOCUMENTS[7:9])
    name = write(tmp_path / "1.parquet", table, row_group_size=rows)
    frame = spark.read.parquet(name)
    path = str(tmp_path / "collection")
    assert build(frame, path, 4, searchctl=searchctl).documents == 50
    with pytest.raises(ShardError, match="the key 'd7' comes 2 times; build without distinct"):
        build(frame, path, 4, distinct=True, searchctl=searchctl)
    manifest = build(frame, path, 4, distinct=True, check=False, searchctl=searchctl)
    assert 50 <= manifest.documents <= 52
