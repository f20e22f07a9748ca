# SPDX-License-Identifier: Apache-2.0
"""Builds and searches on two executor processes, undisturbed and disturbed."""

import glob
import json
import os
import signal
import subprocess
import threading
import time

import pytest
from conftest import DOCUMENTS, LIMIT, QUERIES, assert_same, wrapper

from persianindex_spark import Manifest, ShardError, build, clean, search
from persianindex_spark.shard import accept, write_attempt
from processes import executors


@pytest.fixture(scope="module")
def frames(spark):
    return spark.createDataFrame(DOCUMENTS), spark.createDataFrame(QUERIES)


@pytest.fixture(scope="module")
def collection(frames, searchctl, tmp_path_factory):
    path = str(tmp_path_factory.mktemp("collection"))
    build(frames[0], path, 4, searchctl=searchctl)
    return path


def rows(frame):
    return [row.asDict() for row in frame.collect()]


def shard_folder(path, number=0):
    manifest = Manifest.read(path)
    return os.path.join(path, manifest.build, manifest.shards[number].name, "index")


def segment(path, number=0):
    folder = shard_folder(path, number)
    return os.path.join(folder, next(n for n in sorted(os.listdir(folder)) if ".seg" in n))


def test_hits_and_scores_are_those_of_one_index(frames, collection, searchctl, answers):
    found = rows(search(frames[1], collection, LIMIT, searchctl=searchctl))
    assert_same(found, answers, LIMIT)
    assert any(row["snippet"] for row in found)


def test_the_manifest_lists_every_document_once(collection):
    manifest = Manifest.read(collection)
    assert manifest.documents == len(DOCUMENTS)
    assert len(manifest.shards) == 4
    assert os.listdir(os.path.join(collection, manifest.build)).count("attempts") == 0


def test_documents_of_equal_keys_meet_in_one_shard(spark, searchctl, tmp_path):
    documents = spark.createDataFrame(DOCUMENTS[:50] * 3)
    assert build(documents, str(tmp_path), 3, searchctl=searchctl).documents == 50


@pytest.mark.parametrize("source", ["spool", "shuffle", "distinct", "files"])
def test_a_killed_executor_leaves_one_shard_each(
    spark, frames, searchctl, answers, tmp_path, source
):
    path = str(tmp_path / "collection")
    slow = wrapper(str(tmp_path), "slow", f'sleep 1.5\nexec "{searchctl}" "$@"\n')
    killed = []

    def kill():
        # As soon as an attempt has begun, one of the two executors goes.
        deadline = time.time() + 60
        while time.time() < deadline and not killed:
            if glob.glob(os.path.join(path, "*", "attempts", "shard-*")):
                killed.extend(executors(spark)[:1])
                for process in killed:
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.05)

    killer = threading.Thread(target=kill)
    killer.start()
    documents = frames[0].repartition(4) if source == "distinct" else frames[0]
    if source == "files":
        documents = str(tmp_path / "documents.jsonl")
        with open(documents, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(d, ensure_ascii=False) + "\n" for d in DOCUMENTS)
    settings = {"distinct": source == "distinct", "shuffle": source == "shuffle"}
    manifest = build(documents, path, 4, searchctl=slow, **settings)
    killer.join()
    assert len(killed) == 1
    assert manifest.documents == len(DOCUMENTS)
    names = os.listdir(os.path.join(path, manifest.build))
    assert sorted(names) == [f"shard-{number:05d}" for number in range(4)]
    if source != "distinct":  # documents came in an order of their own, and so do hits of equal score
        found = rows(search(frames[1], path, LIMIT, searchctl=searchctl))
        assert_same(found, answers, LIMIT)


def test_attempts_at_the_same_time_leave_one_shard(searchctl, tmp_path):
    lines = "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in DOCUMENTS[:300]).encode()
    results = []

    def attempt():
        blocks = (lines[start : start + 999] for start in range(0, len(lines), 999))
        results.append(write_attempt(str(tmp_path), 7, blocks, searchctl=searchctl))

    os.makedirs(tmp_path / "attempts")
    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({name for name, _ in results}) == 4
    assert all(shard.documents == 300 for _, shard in results)
    accept(str(tmp_path), *results[2])
    assert sorted(os.listdir(tmp_path)) == ["attempts", "shard-00007"]
    assert len(os.listdir(tmp_path / "attempts")) == 3


def test_an_attempt_after_the_end_of_the_build_leaves_nothing(searchctl, tmp_path):
    with pytest.raises(ShardError, match="shard-00007: .*have to see the folder"):
        write_attempt(str(tmp_path), 7, iter([b'{"id": "a", "text": "b"}\n']), searchctl=searchctl)
    assert os.listdir(tmp_path) == []


def test_a_half_written_shard_that_lies_about_is_passed_over(
    frames, collection, searchctl, answers, tmp_path
):
    manifest = Manifest.read(collection)
    folder = os.path.join(collection, manifest.build)
    half = os.path.join(folder, "attempts", "shard-00001-dead", "index")
    os.makedirs(half)
    with open(os.path.join(half, "segment-0000000000000001.seg"), "wb") as file:
        file.write(b"half a segment")
    other = os.path.join(collection, "build-dead", "shard-00000", "index")
    os.makedirs(other)
    assert_same(rows(search(frames[1], collection, LIMIT, searchctl=searchctl)), answers, LIMIT)
    assert clean(collection) == ["build-dead"]


def test_a_damaged_shard_is_named(frames, searchctl, tmp_path):
    path = str(tmp_path)
    build(frames[0], path, 2, searchctl=searchctl)
    name = segment(path, 1)
    with open(name, "r+b") as file:
        file.seek(os.path.getsize(name) // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 0xFF]))
    with pytest.raises(ShardError, match="shard-00001: .*is damaged"):
        search(frames[1], path, LIMIT, searchctl=searchctl)


def test_a_manifest_of_another_format_is_refused(frames, searchctl, tmp_path):
    path = str(tmp_path)
    build(frames[0], path, 2, searchctl=searchctl)
    with open(tmp_path / "manifest.json", "r+", encoding="utf-8") as file:
        value = json.load(file) | {"formatVersion": 1}
        file.seek(0)
        json.dump(value, file)
        file.truncate()
    with pytest.raises(ShardError, match="manifest.json: format 1; this package reads 2"):
        search(frames[1], path, LIMIT, searchctl=searchctl)


def test_a_missing_shard_is_named(frames, searchctl, tmp_path):
    path = str(tmp_path)
    build(frames[0], path, 2, searchctl=searchctl)
    os.remove(segment(path, 0))
    with pytest.raises(ShardError, match="shard-00000: .*is missing"):
        search(frames[1], path, LIMIT, searchctl=searchctl)


def test_an_unreachable_searchctl_publishes_nothing(frames, searchctl, tmp_path):
    path = str(tmp_path)
    manifest = build(frames[0], path, 2, searchctl=searchctl)
    with pytest.raises(ShardError, match="'no-such-tool' is not an executable"):
        build(frames[0], path, 2, searchctl="no-such-tool")
    assert Manifest.read(path) == manifest
    assert [name for name in os.listdir(path) if name.startswith("build-")] == [manifest.build]
    with pytest.raises(ShardError, match="'no-such-tool' is not an executable"):
        search(frames[1], path, LIMIT, searchctl="no-such-tool")


def test_a_tool_that_fails_is_quoted_with_the_shard(frames, tmp_path):
    failing = wrapper(str(tmp_path), "failing", 'echo "searchctl: the disk is full" >&2\nexit 2\n')
    path = str(tmp_path / "collection")
    with pytest.raises(ShardError, match=r"shard-0000\d: searchctl: the disk is full"):
        build(frames[0], path, 2, searchctl=failing)
    assert os.listdir(path) == []


@pytest.mark.parametrize(
    "old, new, told",
    [
        ('\\"analyzer\\":\\"[^\\"]*\\"', '\\"analyzer\\":\\"other/9\\"', "other/9"),
        ('FormatVersion\\":1', 'FormatVersion\\":7', "format 7"),
    ],
)
def test_shards_of_different_analyzers_and_formats_are_refused(
    frames, searchctl, tmp_path, old, new, told
):
    odd = wrapper(
        str(tmp_path),
        "odd",
        f'"{searchctl}" "$@" | if [ "$1" = index ] && mkdir "{tmp_path}/first"; then'
        f' sed "s#{old}#{new}#"; else cat; fi\n'
        'exit "${PIPESTATUS[0]}"\n',
    )
    path = str(tmp_path / "collection")
    with pytest.raises(ShardError, match=rf"shard-0000\d: it was built with .*{told}"):
        build(frames[0], path, 3, searchctl=odd)
    assert os.listdir(path) == []


def test_a_tool_that_tells_nothing_of_its_index_is_refused(frames, searchctl, tmp_path):
    silent = wrapper(str(tmp_path), "silent", f'"{searchctl}" "$@" > "{tmp_path}/told"\n')
    path = str(tmp_path / "collection")
    with pytest.raises(ShardError, match=r"shard-0000\d: '.*silent' does not tell what it has made"):
        build(frames[0], path, 2, searchctl=silent)
    assert os.listdir(path) == []


def test_a_relative_path_is_the_drivers(frames, spark, searchctl, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    manifest = build(spark.createDataFrame(DOCUMENTS[:100]), "here", 2, searchctl=searchctl)
    assert len(os.listdir(tmp_path / "here" / manifest.build)) == 2
    query = spark.createDataFrame([{"id": "1", "text": "کتاب"}])
    assert search(query, "here", 5, searchctl=searchctl).count() == 5


def test_a_new_build_replaces_the_old_one_in_one_step(spark, searchctl, tmp_path):
    path = str(tmp_path)
    first = build(spark.createDataFrame(DOCUMENTS[:100]), path, 2, searchctl=searchctl)
    second = build(spark.createDataFrame(DOCUMENTS[:200]), path, 3, searchctl=searchctl)
    assert Manifest.read(path) == second
    assert clean(path) == [first.build]
    query = spark.createDataFrame([{"id": "1", "text": "کتاب"}])
    assert search(query, path, 5, searchctl=searchctl).count() == 5


@pytest.mark.parametrize("shuffle", [False, True])
def test_lines_of_json_are_documents_as_columns_are(
    frames, spark, searchctl, answers, tmp_path, shuffle
):
    lines = [(json.dumps(d, ensure_ascii=False, separators=(",", ":")),) for d in DOCUMENTS]
    # As they come otherwise: with spaces, with escapes, with the key behind long members.
    lines[1] = (json.dumps(DOCUMENTS[1]),)
    first = {"title": DOCUMENTS[2]["title"], "text": DOCUMENTS[2]["text"], "id": "d2"}
    lines[2] = (json.dumps(first, ensure_ascii=False),)
    lines[3] = (json.dumps(DOCUMENTS[3]).replace('"d3"', '"d\\u0033"'),)
    lines.append(("",))
    frame = spark.createDataFrame(lines, "value string")
    manifest = build(frame, str(tmp_path), 4, shuffle=shuffle, searchctl=searchctl)
    assert manifest.documents == len(DOCUMENTS)
    assert_same(rows(search(frames[1], str(tmp_path), LIMIT, searchctl=searchctl)), answers, LIMIT)


def test_lines_have_their_key_in_the_member_that_is_named(spark, searchctl, tmp_path):
    lines = [(f'{{"name": {number % 7}, "text": "کتاب {number}"}}',) for number in range(20)]
    frame = spark.createDataFrame(lines, "value string")
    assert build(frame, str(tmp_path), 2, key="name", searchctl=searchctl).documents == 7


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_document_without_a_key_publishes_nothing(spark, searchctl, tmp_path, shuffle):
    for line in ('{"text": "کتاب"}', '{"id": "a", "text"', '{"id": "a", "text": "ب"} x'):
        frame = spark.createDataFrame([('{"id": "b", "text": "ب"}',), (line,)], "value string")
        with pytest.raises(ShardError) as error:
            build(frame, str(tmp_path), 2, shuffle=shuffle, searchctl=searchctl)
        message = str(error.value)
        assert "\n" not in message
        assert "has no key" in message or message.startswith("shard-")
    frame = spark.createDataFrame([("a", "ب"), (None, "ب")], "id string, text string")
    with pytest.raises(ShardError, match="^a document has no key, so it belongs to no shard$"):
        build(frame, str(tmp_path), 2, shuffle=shuffle, searchctl=searchctl)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("is_text", [True, False])
def test_distinct_documents_are_built_without_a_shuffle(
    frames, spark, searchctl, answers, tmp_path, is_text
):
    # Sorted, because hits of equal score stand in the order of their coming here.
    order = sorted(DOCUMENTS, key=lambda document: document["id"].encode())
    lines = [(json.dumps(document, ensure_ascii=False),) for document in order]
    frame = spark.createDataFrame(lines, "value string") if is_text else spark.createDataFrame(order)
    path = str(tmp_path)
    manifest = build(frame, path, 3, distinct=True, searchctl=searchctl)
    assert manifest.documents == len(DOCUMENTS)
    assert 1 <= len(manifest.shards) <= 3
    assert sorted(os.listdir(os.path.join(path, manifest.build))) == [
        shard.name for shard in manifest.shards
    ]
    assert_same(rows(search(frames[1], path, LIMIT, searchctl=searchctl)), answers, LIMIT)


@pytest.mark.parametrize("is_text", [True, False])
def test_distinct_keys_that_come_twice_are_named(spark, searchctl, tmp_path, is_text):
    documents = DOCUMENTS[:300] + DOCUMENTS[40:42]
    lines = [(json.dumps(document),) for document in documents]
    frame = spark.createDataFrame(lines, "value string") if is_text else spark.createDataFrame(documents)
    frame = frame.repartition(3)
    with pytest.raises(ShardError, match="the key 'd40' comes 2 times"):
        build(frame, str(tmp_path), 3, distinct=True, searchctl=searchctl)
    assert os.listdir(tmp_path) == []
    manifest = build(frame, str(tmp_path), 3, distinct=True, check=False, searchctl=searchctl)
    assert 300 <= manifest.documents <= 302


@pytest.mark.parametrize("settings", [{}, {"shuffle": True}, {"distinct": True}], ids=str)
def test_a_task_that_fails_halfway_leaves_nothing(spark, searchctl, tmp_path, settings):
    from pyspark.sql import functions

    frame = spark.range(4000).select(functions.to_json(functions.struct(
        functions.when(functions.col("id") < 3000, functions.col("id"))
        .otherwise(functions.raise_error(functions.lit("ShardError: the source broke")))
        .cast("string").alias("id"), functions.lit("کتاب").alias("text"),
    )).alias("value"))
    with pytest.raises(ShardError) as error:
        build(frame, str(tmp_path), 2, searchctl=searchctl, **settings)
    assert "the source broke" in str(error.value)
    assert os.listdir(tmp_path) == []
    bad = spark.createDataFrame([('{"id": "a", "text"',)], "value string")
    with pytest.raises(ShardError) as error:
        build(bad, str(tmp_path), 1, searchctl=searchctl, **settings)
    assert str(error.value).startswith("shard-00000: ")


def test_the_command_line_builds_and_searches(spark, searchctl, tmp_path):
    from persianindex_spark.cli import main

    source, queries = tmp_path / "documents.jsonl", tmp_path / "queries.tsv"
    source.write_text(
        "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in DOCUMENTS[:100]), "utf-8"
    )
    queries.write_text("a\tکتاب تاریخ\nb\tناموجود\n", "utf-8")
    path, output = str(tmp_path / "collection"), str(tmp_path / "hits")
    tool = ["--searchctl", searchctl]
    assert main(["build", str(source), path, "--shards", "2", *tool]) == 0
    assert main(["search", str(queries), path, output, "--limit", "3", *tool]) == 0
    hits = spark.read.json(output).collect()
    assert sorted((hit["query"], hit["rank"]) for hit in hits) == [("a", 1), ("a", 2), ("a", 3)]
    assert main(["search", str(queries), str(tmp_path / "none"), output, *tool]) == 2


def test_the_tool_that_these_tests_run_is_real(searchctl):
    output = subprocess.run([searchctl, "--version"], stdout=subprocess.PIPE, check=True).stdout
    assert output.startswith(b"searchctl")
