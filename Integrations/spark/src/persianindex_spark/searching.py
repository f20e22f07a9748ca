# SPDX-License-Identifier: Apache-2.0
"""Searches the shards of a collection in two phases: statistics first, then hits ranked by them."""

import json
import os
import tempfile

from pyspark.sql import Window, functions, types

from . import tool
from .errors import ShardError, one_clear_error
from .manifest import Manifest, verify
from .workers import settle

# How many documents of the whole collection are told apart by more than their terms.
RESCORED = 24

HITS = types.StructType(
    [
        types.StructField("query", types.StringType(), False),
        types.StructField("key", types.StringType(), False),
        types.StructField("score", types.DoubleType(), False),
        types.StructField("base", types.DoubleType(), False),
        types.StructField("title", types.StringType()),
        types.StructField("snippet", types.StringType()),
    ]
)


def search(queries, path, limit=10, *, searchctl="searchctl", checksums=True):
    """Returns the best documents of every query, with the scores that one index would give.

    Each shard tells what it knows of the queries' terms; the sums are sent to all; each shard
    ranks by them and gives its best hits, with their scores by terms alone and with the evidence
    of how words are written and stand together. One index weighs that evidence in its best
    documents only, so it is counted in those that are the best of all shards by terms alone.

    Args:
        queries: A DataFrame with the columns `id` and `text` (plain words). It is collected to
            the driver and sent to every task, so it must fit into memory there.
        path: The folder that `build` was given.
        limit: The most hits for each query, at least 1.
        searchctl: The executable, as it is found on the executors.
        checksums: Whether each shard is read and compared with its checksums first.

    Returns:
        A DataFrame with the columns query, rank (from 1), key, score, title and snippet. Hits of
        equal score are ordered by key.

    Raises:
        ShardError: A shard is missing, damaged or of another analyzer.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    path = os.path.abspath(path)  # Executors run in folders of their own.
    manifest = Manifest.read(path)
    folder = os.path.join(path, manifest.build)
    session = queries.sparkSession
    context = session.sparkContext
    text = "".join(
        f"{_field(row.id, 'id')}\t{_field(row.text, 'text')}\n"
        for row in queries.select("id", "text").collect()
    )
    lines = context.broadcast(text)
    shards = context.parallelize(manifest.shards, len(manifest.shards))

    def count(shard):
        settle()
        index = os.path.join(folder, shard.name, "index")
        verify(index, shard, checksums)
        with _files(queries=lines.value) as (names, _):
            output = "".join(
                tool.stream(
                    searchctl,
                    ["statistics", "--index", index, "--queries", names["queries"]],
                    shard.name,
                )
            )
        value = json.loads(output)
        if value["analyzer"] != shard.analyzer:
            raise ShardError(
                f"{shard.name}: it is read with {value['analyzer']} but was built with"
                f" {shard.analyzer}; install the searchctl that built it"
            )
        return value

    with one_clear_error():
        statistics = shards.map(count).treeReduce(add)
    total = context.broadcast(json.dumps(statistics, ensure_ascii=False))

    def find(shard):
        settle()
        index = os.path.join(folder, shard.name, "index")
        with _files(queries=lines.value, statistics=total.value) as (names, _):
            output = tool.stream(
                searchctl,
                ["query", "--index", index, "--queries", names["queries"], "--json"]
                + ["--statistics", names["statistics"], "--limit", str(limit)]
                + ["--ranking", f"rescored={RESCORED}"],
                shard.name,
                accepted=(0, 1),
            )
            for line in output:
                hit = json.loads(line)
                if hit["type"] == "hit":
                    yield (
                        hit["query"],
                        hit["key"],
                        float(hit["score"]),
                        float(hit["baseScore"]),
                        hit.get("title"),
                        hit.get("snippet"),
                    )

    hits = session.createDataFrame(shards.flatMap(find), HITS)
    by_terms = Window.partitionBy("query").orderBy(functions.desc("base"), "key")
    hits = hits.withColumn("place", functions.row_number().over(by_terms))
    is_told = functions.col("place") <= RESCORED
    hits = hits.withColumn("score", functions.when(is_told, hits.score).otherwise(hits.base))
    # What is told apart stays before the rest, whose order by terms has no ties left.
    order = Window.partitionBy("query").orderBy(
        functions.when(is_told, 0).otherwise(hits.place), functions.desc("score"), "key"
    )
    return (
        hits.withColumn("rank", functions.row_number().over(order))
        .where(functions.col("rank") <= limit)
        .select("query", "rank", "key", "score", "title", "snippet")
    )


def add(left, right):
    """Adds two statistics of `searchctl statistics`, member by member."""
    if left["analyzer"] != right["analyzer"]:
        raise ShardError(
            f"statistics of {left['analyzer']} and of {right['analyzer']} do not add up"
        )
    names = [field["name"] for field in left["fields"]]
    if names != [field["name"] for field in right["fields"]]:
        raise ShardError("the shards have different fields; build anew")
    fields = []
    for one, other in zip(left["fields"], right["fields"]):
        field = {"name": one["name"], "totalLength": one["totalLength"] + other["totalLength"]}
        for form in ("terms", "writtenForms"):
            counts = dict(one[form])
            for term, number in other[form].items():
                counts[term] = counts.get(term, 0) + number
            field[form] = counts
        fields.append(field)
    return {
        **left,
        "documentCount": left["documentCount"] + right["documentCount"],
        "fields": fields,
    }


def _field(value, column):
    """A value as it can stand in a line of queries."""
    text = str(value)
    if column == "id" and ("\t" in text or "\n" in text or "\r" in text):
        raise ValueError(f"the id of a query has a tab or a line break: {text!r}")
    return " ".join(text.split()) if column == "text" else text


class _files:
    """Texts as files that searchctl can read."""

    def __init__(self, **texts):
        self.texts = texts

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        names = {}
        for name, text in self.texts.items():
            names[name] = os.path.join(self.folder.name, name)
            with open(names[name], "w", encoding="utf-8") as file:
                file.write(text)
        return names, self.folder.name

    def __exit__(self, *_):
        self.folder.cleanup()
