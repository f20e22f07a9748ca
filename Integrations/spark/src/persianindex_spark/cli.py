# SPDX-License-Identifier: Apache-2.0
"""The command line for spark-submit."""

import argparse
import sys

from pyspark.sql import SparkSession

from .building import build, clean
from .errors import ShardError
from .searching import search


def main(words=None):
    """Runs a command; returns 0, or 2 after saying what failed."""
    parser = argparse.ArgumentParser(prog="persianindex-spark", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="build and publish the shards of a collection")
    building.add_argument("documents", help="JSON Lines (.json, .jsonl, also packed) or Parquet")
    building.add_argument("path", help="the folder of the collection, seen by all executors")
    building.add_argument("--shards", type=int, required=True, help="the number of shards")
    building.add_argument(
        "--distinct", action="store_true", help="no key comes twice, so nothing is shuffled"
    )
    building.add_argument("--key", default="id", help="the column of the key (id)")
    building.add_argument(
        "--option", action="append", default=[], help="a further argument for `searchctl index`"
    )
    searching = commands.add_parser("search", help="search a collection with a table of queries")
    searching.add_argument("queries", help="lines of a name, a tab and plain words")
    searching.add_argument("path", help="the folder of the collection")
    searching.add_argument("output", help="the folder that gets the hits as JSON Lines")
    searching.add_argument("--limit", type=int, default=10, help="hits for each query (10)")
    searching.add_argument(
        "--no-checksums", action="store_true", help="trust the shards' files without reading them"
    )
    for command in (building, searching):
        command.add_argument("--searchctl", default="searchctl", help="the executable")
    cleaning = commands.add_parser("clean", help="remove builds that are not published")
    cleaning.add_argument("path", help="the folder of the collection")
    arguments = parser.parse_args(words)
    try:
        if arguments.command == "clean":
            print(f"{len(clean(arguments.path))} builds removed")
            return 0
        session = SparkSession.builder.appName("persianindex " + arguments.command).getOrCreate()
        if arguments.command == "build":
            return _build(session, arguments)
        return _search(session, arguments)
    except (ShardError, ValueError) as error:
        print(f"persianindex-spark: {error}", file=sys.stderr)
        return 2


def _build(session, arguments):
    documents = arguments.documents
    if documents.rstrip("/").endswith(".parquet"):
        documents = session.read.parquet(documents)
    manifest = build(
        documents,
        arguments.path,
        arguments.shards,
        key=arguments.key,
        distinct=arguments.distinct,
        searchctl=arguments.searchctl,
        options=arguments.option,
    )
    print(f"{manifest.documents} documents in {len(manifest.shards)} shards at {arguments.path}")
    return 0


def _search(session, arguments):
    queries = session.read.csv(
        arguments.queries, sep="\t", schema="id string, text string", quote=""
    )
    hits = search(
        queries,
        arguments.path,
        arguments.limit,
        searchctl=arguments.searchctl,
        checksums=not arguments.no_checksums,
    )
    hits.write.mode("error").json(arguments.output)
    return 0
