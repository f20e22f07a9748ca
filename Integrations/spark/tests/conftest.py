# SPDX-License-Identifier: Apache-2.0
"""A real Spark of separate executor processes, and a collection of generated documents."""

import json
import os
import random
import shutil
import subprocess
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCE = os.path.join(ROOT, "src")
sys.path.insert(0, ROOT)
# The workers import the package from here.
os.environ["PYTHONPATH"] = SOURCE + os.pathsep + os.environ.get("PYTHONPATH", "")
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

from pyspark.sql import SparkSession  # noqa: E402

sys.path.insert(0, SOURCE)
from persianindex_spark import Manifest  # noqa: E402

WORDS = (
    "کتاب تاریخ شهر خانه دریا کوه راه نان آب باغ مردم زبان شعر نور دل جان روز شب سال ماه"
    " دوست سخن جهان خاک باد آتش گل برگ درخت سنگ"
).split()


@pytest.fixture(scope="session")
def searchctl():
    """The executable that the tests run."""
    name = os.environ.get("SEARCHCTL", "searchctl")
    found = shutil.which(name)
    if not found:
        pytest.exit(f"'{name}' is no executable; set SEARCHCTL to a built searchctl", 2)
    return os.path.abspath(found)


def session_of(**settings):
    """A session on two executor processes of one core and one GiB each."""
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("persianindex tests")
    builder = builder.config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
    builder = builder.config("spark.sql.shuffle.partitions", "4")
    builder = builder.config("spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"])
    for name, value in settings.items():
        builder = builder.config("spark." + name.replace("_", "."), value)
    return builder.getOrCreate()


@pytest.fixture(scope="session")
def spark():
    """One session for all tests, with speculation on."""
    session = session_of(speculation="true", speculation_interval="200ms")
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def make_documents(count, seed=1):
    """Documents of random words, some far more frequent than others."""
    generator = random.Random(seed)

    def text(length):
        return " ".join(
            WORDS[min(generator.randrange(len(WORDS)), generator.randrange(len(WORDS)))]
            for _ in range(length)
        )

    return [
        {"id": f"d{number}", "title": text(3), "text": text(generator.randint(1, 60))}
        for number in range(count)
    ]


def make_queries(count, seed=2):
    """Queries of one to four words."""
    generator = random.Random(seed)
    return [
        {"id": f"q{number}", "text": " ".join(generator.sample(WORDS, generator.randint(1, 4)))}
        for number in range(count)
    ]


def one_index(searchctl, folder, documents, queries, limit):
    """What one index with all documents answers: {query: [(score, key)]}."""
    index = os.path.join(folder, "whole")
    # Hits of equal score stand in the order of insertion here, and in that of keys on Spark.
    documents = sorted(documents, key=lambda document: document["id"].encode())
    lines = "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
    subprocess.run(
        [searchctl, "index", "--quiet", "--index", index, "--type", "jsonl", "-"],
        input=lines.encode(), check=True,
    )
    name = os.path.join(folder, "queries.tsv")
    with open(name, "w", encoding="utf-8") as file:
        file.writelines(f"{query['id']}\t{query['text']}\n" for query in queries)
    output = subprocess.run(
        [searchctl, "query", "--index", index, "--queries", name, "--json", "--limit", str(limit)],
        check=True, stdout=subprocess.PIPE,
    ).stdout.decode()
    answers = {query["id"]: [] for query in queries}
    for line in output.splitlines():
        hit = json.loads(line)
        answers[hit["query"]].append((hit["score"], hit["key"]))
    return answers


DOCUMENTS = make_documents(2000)
QUERIES = make_queries(100)
LIMIT = 10


@pytest.fixture(scope="session")
def answers(searchctl, tmp_path_factory):
    """What one index with DOCUMENTS answers to QUERIES."""
    return one_index(searchctl, str(tmp_path_factory.mktemp("one")), DOCUMENTS, QUERIES, LIMIT)


def assert_same(rows, answers, limit):
    """Compares hits: scores to 1e-4 place by place, keys where no near tie leaves a choice."""
    found = {query: [] for query in answers}
    for row in rows:
        found[row["query"]].append((row["rank"], row["score"], row["key"]))
    for query, expected in answers.items():
        hits = sorted(found[query])
        expected = expected[:limit]
        assert [hit[0] for hit in hits] == list(range(1, len(expected) + 1)), query
        for hit, (score, _) in zip(hits, expected):
            assert hit[1] == pytest.approx(score, abs=1e-4), query
        if expected:
            last = expected[-1][0] + 1e-4
            keys = {key for score, key in expected if score > last}
            assert {hit[2] for hit in hits if hit[1] > last} == keys, query


def exported(path, searchctl):
    """All documents of a collection, as the tool writes them, in the order of their keys."""
    manifest = Manifest.read(path)
    lines = []
    for shard in manifest.shards:
        index = os.path.join(path, manifest.build, shard.name, "index")
        output = subprocess.run(
            [searchctl, "export", "--quiet", "--index", index], stdout=subprocess.PIPE, check=True
        ).stdout
        lines += output.decode().split("\n")[:-1]
    return sorted(lines)


def wrapper(folder, name, script):
    """An executable shell script."""
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/bash\n" + script)
    os.chmod(path, 0o755)
    return path
