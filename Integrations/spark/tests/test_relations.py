# SPDX-License-Identifier: Apache-2.0
"""DataFrames that are nothing but files: which ones are, and that they are built as others are."""

import json
import os

import pytest
from conftest import exported, make_documents
from pyspark.sql import functions

from persianindex_spark import ShardError, build, sources
from persianindex_spark.records import differing
from persianindex_spark.relations import files_of

SCHEMA = "id string, title string, text string"
DOCUMENTS = make_documents(60)


def write(path, lines):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.writelines(line + "\n" for line in lines)
    return str(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of two files, the name of one of which needs encoding in a URL."""
    folder = tmp_path_factory.mktemp("lines")
    lines = [json.dumps(document, ensure_ascii=False) for document in DOCUMENTS]
    write(folder / "یک a%20b+c?*#.jsonl", lines[:20])
    write(folder / "2.jsonl", lines[20:])
    return str(folder)


@pytest.fixture
def routes(monkeypatch):
    """The routes that builds have tried, and whether Spark compared keys for one."""
    tried = []
    names = {"read": "files", "spooled": "spool", "spread": "spark", "require_distinct": "comparison"}
    for name, route in names.items():
        def spy(*arguments, of=getattr(sources, name), route=route):
            tried.append(route)
            return of(*arguments)

        monkeypatch.setattr(sources, name, spy)
    return tried


def assert_same_on_both(documents, path, searchctl, **settings):
    """Builds a DataFrame as it is and as Spark reads and moves it; returns the documents."""
    build(documents, str(path / "one"), 2, searchctl=searchctl, **settings)
    build(documents, str(path / "other"), 2, shuffle=True, searchctl=searchctl, **settings)
    found = exported(str(path / "one"), searchctl)
    assert found == exported(str(path / "other"), searchctl)
    return found


def viewed(documents, query):
    """What a query gives of a view of documents."""
    documents.createOrReplaceTempView("viewed")
    return documents.sparkSession.sql(query)


@pytest.mark.parametrize("read", [
    lambda spark, folder: spark.read.text(folder),
    lambda spark, folder: spark.read.json(folder),
    lambda spark, folder: spark.read.schema(SCHEMA).json(folder + "/*.jsonl"),
    lambda spark, folder: spark.read.json(sorted(os.path.join(folder, n) for n in os.listdir(folder))),
    lambda spark, folder: spark.read.json(folder).select("text", "id"),
    lambda spark, folder: spark.read.format("json").load(folder).drop("title").select("*"),
    lambda spark, folder: spark.read.text(folder).repartition(8),
    lambda spark, folder: spark.read.json(folder).repartition(3, "id").select("id", "text"),
    lambda spark, folder: spark.read.json(folder).repartitionByRange(3, functions.desc("id")),
    lambda spark, folder: spark.read.json(folder).hint("rebalance", "title").coalesce(1),
    lambda spark, folder: spark.read.json(folder).alias("a").orderBy("a.title", "id"),
    lambda spark, folder: spark.read.json(folder).select("id", "text").sortWithinPartitions("title"),
    lambda spark, folder: viewed(spark.read.json(folder), "select id, text body from viewed order by id"),
    lambda spark, folder: viewed(spark.read.text(folder), "select /*+ repartition(5) */ * from viewed"),
])
def test_what_is_nothing_but_files_is_read_by_tasks(spark, folder, read):
    lines = files_of(read(spark, folder), "id", [])
    assert sorted(lines.names) == sorted(os.path.join(folder, name) for name in os.listdir(folder))


@pytest.mark.parametrize("change", [
    lambda frame: frame.where("id is not null"),
    lambda frame: frame.limit(10),
    lambda frame: frame.union(frame),
    lambda frame: frame.distinct(),
    lambda frame: frame.repartition(2, functions.length("text")),
    lambda frame: frame.orderBy(functions.length("text")),
    lambda frame: frame.orderBy("id").limit(10),
    lambda frame: frame.where("id is not null").coalesce(1),
    lambda frame: frame.sample(0.5, 1),
    lambda frame: frame.withColumn("text", functions.upper("text")),
    lambda frame: frame.select("id", "text", "text"),
    lambda frame: frame.selectExpr("id", "cast(title as int) as title", "text"),
    lambda frame: frame.selectExpr("id", "title as headline", "id as title", "text"),
    lambda frame: frame.select("id", "text", "_metadata.file_name"),
])
def test_what_is_more_than_files_is_left_to_spark(spark, folder, change):
    assert files_of(change(spark.read.json(folder)), "id", []) is None


@pytest.mark.parametrize("options", [
    {"multiLine": True}, {"lineSep": ","}, {"mode": "DROPMALFORMED"}, {"allowComments": True},
    {"samplingRatio": 0.5}, {"pathGlobFilter": "2*"}, {"encoding": "UTF-16LE"}, {"unheard": "of"},
])
def test_readers_with_options_are_left_to_spark(spark, folder, options):
    reader = spark.read.schema(SCHEMA).options(**options)
    assert files_of(reader.json(folder), "id", []) is None
    assert files_of(spark.read.text(folder, wholetext=True), "id", []) is None
    assert files_of(spark.read.text(folder, lineSep=","), "id", []) is None


@pytest.mark.parametrize("schema", [
    "id double, text string", "id string, text array<string>", "id string, text string, date date",
    "id string, text string, body string", "id string, text string, _corrupt_record string",
    "value string", "id string, text string, title int",
])
def test_columns_that_searchctl_could_read_otherwise_are_left_to_spark(spark, folder, schema):
    taken = files_of(spark.read.schema(schema).json(folder), "id", []) is not None
    # Whole numbers are the same to both.
    assert taken == schema.endswith("title int")


def test_further_fields_and_other_keys_need_their_columns(spark, folder):
    schema = SCHEMA + ", kind string, year int, `a b` string, share double, headline string"
    frame = spark.read.schema(schema).json(folder)

    def columns(key="id", *options):
        lines = files_of(frame, key, list(options))
        return lines and sorted(lines.columns)

    standard = ["headline", "id", "text", "title"]
    assert columns() == standard
    assert columns("id", "--field", "kind:keyword") == sorted([*standard, "kind"])
    assert columns("id", "--field=year:integer", "--synonyms", "f") == sorted([*standard, "year"])
    assert columns("id", "--map", "title=kind") == ["id", "kind", "text"]
    assert columns("id", "--field", "sort:keyword", "-m", "sort=kind") == sorted([*standard, "kind"])
    for options in (
        ["--field", "absent:keyword"], ["--field", "a b:keyword"], ["--field", "share:number"],
        ["--map", "text=absent"], ["--map", "key=kind"], ["--encoding", "utf-16"], ["--field"],
    ):
        assert columns("id", *options) is None
    # The column of the key is `id` to searchctl where Spark writes it.
    assert columns("kind") is None
    frame = frame.drop("id")
    assert columns("kind") == sorted(["kind", "headline", "text", "title"])
    assert columns("title") is None
    assert columns("kind", "--field", "kind:keyword") is None
    assert columns("kind", "--field", "id:keyword") is None


@pytest.mark.parametrize("rename, key, rules", [
    (lambda frame: frame.select("ID", "text"), "ID", {"text": "text"}),
    (lambda frame: frame.selectExpr("id", "title as text"), "id", {"text": "title"}),
    (lambda frame: frame.selectExpr("id", "text as title", "title as text"), "id",
     {"title": "text", "text": "title"}),
    (lambda frame: frame.withColumnRenamed("title", "other"), "id", {"text": "text"}),
    (lambda frame: frame.withColumnRenamed("title", "name").drop("id"), "name",
     {"text": "text", "key": "title"}),
    (lambda frame: frame.selectExpr("id x", "text y").selectExpr("x id", "y body"), "id",
     {"text": "text"}),
    (lambda frame: frame.selectExpr("title id", "text", "text as title"), "id",
     {"key": "title", "text": "text", "title": "text"}),
    (lambda frame: viewed(frame.repartition(3), "select title text, id from viewed order by text"),
     "id", {"text": "title"}),
])
@pytest.mark.parametrize("kind", ["json", "parquet"])
def test_columns_under_other_names_are_found(
    spark, searchctl, tmp_path, routes, kind, rename, key, rules
):
    documents = [{"id": f"d{n}", "title": f"کتاب {n}", "text": f"متن {n}"} for n in range(9)]
    source = str(tmp_path / "source")
    if kind == "json":
        lines = [json.dumps(document, ensure_ascii=False) for document in documents]
        frame = rename(spark.read.schema(SCHEMA).json(write(source, lines)))
        given = dict(rule.split("=") for rule in files_of(frame, key, []).options[1::2])
        members = {"id", "title", "text", "key"}
        # For the other parts it names members that no line has.
        assert {part: name for part, name in given.items() if name in members} == rules
    else:
        spark.createDataFrame(documents, SCHEMA).coalesce(1).write.parquet(source)
        frame = rename(spark.read.parquet(source))
    assert len(assert_same_on_both(frame, tmp_path, searchctl, key=key)) == 9
    assert routes == ["files", "spark"]


def test_fields_under_other_names_are_left_to_spark(spark, folder):
    frame = spark.read.schema(SCHEMA + ", kind string").json(folder)
    renamed = frame.withColumnRenamed("kind", "sort")
    assert files_of(renamed, "id", [])
    assert files_of(renamed, "id", ["--field", "sort:keyword"]) is None
    assert files_of(frame, "id", ["--field", "kind:keyword"])


def test_cached_documents_are_left_to_spark(spark, folder):
    frame = spark.read.schema("id string, text string").json(folder)
    assert files_of(frame.select("id"), "id", [])
    frame.cache()
    try:
        assert files_of(frame, "id", []) is None
        assert files_of(frame.select("id"), "id", []) is None
    finally:
        frame.unpersist()
    assert files_of(frame, "id", [])


def test_files_that_tasks_cannot_read_as_spark_does_are_left_to_spark(spark, tmp_path):
    frame = spark.createDataFrame(DOCUMENTS[:4])
    frame.write.json(str(tmp_path / "packed"), compression="gzip")
    assert files_of(spark.read.json(str(tmp_path / "packed")), "id", []) is None
    frame.write.partitionBy("title").json(str(tmp_path / "parted"))
    parted = spark.read.json(str(tmp_path / "parted"))
    assert files_of(parted, "id", []) is None
    assert files_of(parted.select("id", "text"), "id", []) is None
    frame.write.orc(str(tmp_path / "columns"))
    assert files_of(spark.read.orc(str(tmp_path / "columns")), "id", []) is None
    assert files_of(frame, "id", []) is None
    name = write(tmp_path / "longer.jsonl", ['{"id":"a","text":"ب"}'])
    frame = spark.read.json(name)
    assert files_of(frame, "id", [])
    with open(name, "a", encoding="utf-8") as file:
        file.write('{"id":"b","text":"ب"}\n')
    # Spark reads up to where the file ended.
    assert files_of(frame, "id", []) is None
    os.remove(name)
    assert files_of(frame, "id", []) is None


def test_a_dataframe_without_a_plan_is_left_to_spark():
    class Connected:
        """What a DataFrame of Spark Connect looks like from here."""

        columns = ["value"]

        def select(self, _):
            return self

    assert files_of(Connected(), "id", []) is None


COLUMNS = {"id": "string", "text": "string", "year": "smallint"}
HALF, PAIR = "\\ud83d", "\\ud83d\\ude00"


@pytest.mark.parametrize("line", [
    '{"id":"a","text":"ب","year":1403}', ' { "text" : "" , "id" : "a" , "year" : -1 } \r', "", " ",
    '{"id":null,"text":null,"year":null}', '{"id":17,"text":"x"}', '{"other":["id",{"x":1.5}]}',
    '{"id":"a","text":"\\"text\\": \\"id\\" \\u06a9 \\\\ \\n"}', f'{{"text":"{PAIR}","id":"a"}}',
    '{"id":"a","o":{"id":5.5,"text":{}},"text":"x"}', '{"\\u0069d":"a"}', '\ufeff{"id":"a"}',
    '{"id":"\\"id","text":"x, \\"text\\": y"}', '{"id":"a","id2":"b","year":0}',
])
def test_lines_that_both_read_alike_are_found_to_be(line):
    assert differing(COLUMNS)([b"{}\n", line.encode() + b"\n", b"{}"]) is None


@pytest.mark.parametrize("line", [
    '{"id":"a","id":"b"}', '{"id":"a","text":"b","text":"c"}', '{"id":"a","\\u0069d":"b"}',
    '{"id":null,"text":"x","id":"b"}', '{"id":1.50}', '{"id":-0}', '{"id":1e3}', '{"id":true}',
    '{"text":{"a":1}}', '{"text":["a"]}', '{"year":"5"}', '{"year":10000}', '{"year":1.0}',
    f'{{"text":"{HALF}"}}', f'{{"text":"{HALF} {PAIR}"}}', '{"id":"a",\r"text":"b"}',
    '{"o":{"id":1},"id":2.5}', '{"id":"a","o":{"id":5.5}', '{"text":NaN}', '{"\\u0074ext":5.5}',
])
def test_lines_that_spark_could_read_otherwise_are_found(line):
    assert differing(COLUMNS)([b"{}\n", line.encode() + b"\n", b"{}"]) == 1


def test_names_in_other_letters_are_found_where_they_are_escaped():
    first = differing({"id": "string", "سال": "int"})
    assert first(['{"id":"a","سال":1403}\n'.encode()]) is None
    assert first([json.dumps({"id": "a", "سال": 1403}).encode()]) is None
    assert first([json.dumps({"id": "a", "سال": 1.5}).encode()]) == 0
    assert first(['{"id":"a","سال":1.5}\n'.encode()]) == 0


ODDITIES = [
    '\ufeff{"id":"mark","text":"نشان","body":"never"}', '{"text":"کتاب","id":"later"}',
    ' { "id" : "spaces" , "text" : "ب" } \r', "", "  \r", '{"id":"crlf","text":"ب"}\r',
    '{"id":"null","title":"عنوان","text":null}', '{"id":"none","title":"عنوان"}',
    '{"id":17,"text":"عدد"}', '{"id":"t","title":5,"text":"x"}', '{"id":"ID","ID":"x","text":"y"}',
    '{"id":"nested","o":{"id":1.5,"text":["x"]},"text":"z","date":"2020-01-01"}',
    '{"id":"escapes \\u06a9","text":"\\"a\\" \\\\ \\/ \\n\\t\\u0645 \\ud83d\\ude00 \\u200c"}',
    '{"id":"کلید","title":"","text":"ه\u200cا \u2028 \x7f"}', '{"id":"\\u0000","text":"\\u0000"}',
    '{"id":"headline","headline":"no column","text":"x"}', '{"id":"kinds","kind":"خبر","text":""}',
]


def test_a_file_of_oddities_is_the_same_on_both_routes(spark, searchctl, tmp_path, routes):
    name = write(tmp_path / "documents.jsonl", ODDITIES)
    schema = SCHEMA + ", kind string, other double"
    options = ["--field", "kind:keyword"]
    for number, frame in enumerate([spark.read.schema(schema).json(name), spark.read.text(name)]):
        path = tmp_path / f"collection-{number}"
        found = assert_same_on_both(frame, path, searchctl, options=options)
        assert len(found) == len(ODDITIES) - 2
        # The DataFrame has no column of dates, but its lines hold one.
        assert ("2020" in "".join(found)) == (frame.columns == ["value"])
    assert routes == ["files", "spark"] * 2


def test_integers_are_keys_and_fields_on_both_routes(spark, searchctl, tmp_path, routes):
    lines = [f'{{"n":{n},"text":"کتاب {n}","year":{1400 + n}}}' for n in range(-5, 20)]
    frame = spark.read.json(write(tmp_path / "documents.jsonl", lines))
    assert dict(frame.dtypes)["n"] == "bigint"
    found = assert_same_on_both(
        frame, tmp_path, searchctl, key="n", options=["--field", "year:integer"]
    )
    assert len(found) == 25 and '"year":1395' in "".join(found)
    assert routes == ["files", "spark"]


@pytest.mark.parametrize("line", [
    '{"id":"twice","text":"one","text":"two"}', '{"id":"half","text":"\\ud83d"}',
    '{"id":1.50,"text":"number"}', '{"id":"object","text":{"a":"b"}}',
    # searchctl refuses these, and Spark does not.
    "{'id':'quotes','text':'single'}", '{"id":"rest","text":"x"} rest',
    '{"id":"infinite","text":"x","other":NaN}', '[{"id":"p","text":"x"},{"id":"q","text":"y"}]',
])
def test_lines_that_only_spark_reads_so_are_built_as_it_reads_them(
    spark, searchctl, tmp_path, routes, caplog, line
):
    name = write(tmp_path / "documents.jsonl", ['{"id":"a","text":"ب"}', line])
    frame = spark.read.schema(SCHEMA + ", other double").json(name)
    found = assert_same_on_both(frame, tmp_path, searchctl)
    assert len(found) == 2 + line.startswith("[")
    assert routes == ["files", "spool", "spark"]
    assert len(os.listdir(tmp_path / "one")) == 2
    assert "Spark reads the documents instead of the tasks: " in caplog.text


@pytest.mark.parametrize("line", ['{"text":"x"}', '{"id":"a","text"', '{"id":"a",\r"text":"x"}'])
def test_what_neither_route_builds_is_told_as_spark_tells_it(
    spark, searchctl, tmp_path, routes, line
):
    name = write(tmp_path / "documents.jsonl", ['{"id":"b","text":"ب"}', line])
    path = tmp_path / "collection"
    with pytest.raises(ShardError, match="^a document has no key, so it belongs to no shard"):
        build(spark.read.schema(SCHEMA).json(name), str(path), 2, searchctl=searchctl)
    assert routes == ["files", "spool"]
    assert os.listdir(path) == []


@pytest.mark.parametrize("kind", ["text", "json"])
def test_keys_that_come_twice_in_a_dataframe_of_files(spark, searchctl, tmp_path, routes, kind):
    lines = [json.dumps(document, ensure_ascii=False) for document in DOCUMENTS]
    for number in range(2):
        write(tmp_path / f"{number}.jsonl", lines[: 30 * (number + 1)])
    frame = getattr(spark.read, kind)(str(tmp_path / "*.jsonl"))
    path = str(tmp_path / "collection")
    assert build(frame, path, 3, searchctl=searchctl).documents == len(DOCUMENTS)
    assert routes == ["files", "spark"]
    with pytest.raises(ShardError, match="the key 'd0' comes 2 times; build without distinct"):
        build(frame, path, 3, distinct=True, searchctl=searchctl)
    assert routes == ["files", "spark", "files"]
    unchecked = build(frame, path, 3, distinct=True, check=False, searchctl=searchctl)
    assert unchecked.documents > len(DOCUMENTS)
    assert routes == ["files", "spark", "files", "files"]
