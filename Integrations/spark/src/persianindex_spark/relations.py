# SPDX-License-Identifier: Apache-2.0
"""DataFrames that are nothing but files of JSON Lines, which tasks can read themselves."""

import dataclasses
import os
import re
import uuid
from urllib.parse import unquote

from . import files
from .records import DIGITS

LOCAL = "file://"
SOURCES = "org.apache.spark.sql.execution.datasources."
PROJECT = "org.apache.spark.sql.catalyst.plans.logical.Project"
ATTRIBUTE = "org.apache.spark.sql.catalyst.expressions.AttributeReference"
# What a reader's options may say for its lines to be those of the files.
NEUTRAL = {"path": None, "paths": None, "wholetext": "false"}
# Where searchctl looks for a part of a document that `--map` does not tell of.
CUSTOMARY = {
    "title": ("title", "headline"),
    "text": ("text", "body", "content", "contents"),
    "published": ("published", "date", "datePublished", "timestamp"),
}
KEY_NAMES = ("key", "id")
# Options of searchctl that do not depend on the documents.
INDIFFERENT = (
    "--words", "--protected-words", "--stop-words", "--synonyms", "--commit-every", "--threads",
)


@dataclasses.dataclass(frozen=True)
class Lines:
    """Files for tasks to read, the options for searchctl, and the columns for `files.survey`."""

    names: list
    options: list
    columns: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Relation:
    """What a DataFrame reads."""

    names: list
    is_text: bool
    columns: list


def lines_of(documents, key, options):
    """The lines that a DataFrame reads, where reading them from its files gives the same documents.

    Returns:
        Lines; None where Spark has to read: where the DataFrame is more than `spark.read.json` or
        `spark.read.text` of local files and perhaps some of its columns, or `options` are not plain.
    """
    try:
        relation = _relation(documents)
    except Exception:  # Spark Connect shows no plan, and other versions could have other ones.
        return None
    if not relation or (relation.columns == ["value"]) != relation.is_text:
        return None
    if relation.is_text:
        return Lines(relation.names, options)
    return _reading(relation, key, options, dict(documents.dtypes))


def _relation(documents):
    """The files that a DataFrame reads and all their columns, or None where it does more."""
    # Of another query, so that this one can still be cached.
    plan = documents.select("*")._jdf.queryExecution().withCachedData()
    while _class(plan) == PROJECT:
        outputs = plan.projectList()
        if any(_class(outputs.apply(i)) != ATTRIBUTE for i in range(outputs.size())):
            return None
        plan = plan.child()
    if _class(plan) != SOURCES + "LogicalRelation" or not plan.catalogTable().isEmpty():
        return None
    relation = plan.relation()
    if _class(relation) != SOURCES + "HadoopFsRelation":
        return None
    kind = _class(relation.fileFormat())
    if kind not in (SOURCES + "text.TextFileFormat", SOURCES + "json.JsonFileFormat"):
        return None
    is_whole = relation.partitionSchema().length() == 0 and relation.bucketSpec().isEmpty()
    if not is_whole or not _is_neutral(relation.options()):
        return None
    names = _names(relation.location())
    columns = list(relation.dataSchema().fieldNames())
    corrupt = documents.sparkSession.conf.get("spark.sql.columnNameOfCorruptRecord")
    if not names or corrupt in columns or not set(documents.columns) <= set(columns):
        return None
    return Relation(names, kind.endswith("TextFileFormat"), documents.columns)


def _names(location):
    """The names of local files that are as long as Spark found them, or None."""
    urls = list(location.inputFiles())
    if _class(location) != SOURCES + "InMemoryFileIndex":
        return None
    if not all(url.startswith(LOCAL + "/") for url in urls):
        return None
    names = [unquote(url[len(LOCAL) :]) for url in urls]
    # Spark reads a file up to where it ended when the DataFrame was made.
    if sum(map(os.path.getsize, names)) != location.sizeInBytes():
        return None
    return files.find(names)


def _is_neutral(options):
    entries = options.iterator()
    while entries.hasNext():
        entry = entries.next()
        name, value = entry._1().lower(), entry._2().lower()
        if name not in NEUTRAL or NEUTRAL[name] not in (None, value):
            return False
    return True


def _class(value):
    return value.getClass().getName()


def _reading(relation, key, options, types):
    """How searchctl reads columns of JSON in the lines that Spark reads them from."""
    named = _rules(options)
    if named is None or len(types) < len(relation.columns):
        return None
    fields, maps = named
    wanted, rules = [*fields, *maps.values()], []
    for part, names in CUSTOMARY.items():
        if part in maps:
            continue
        present = [name for name in names if name in types]
        if len(present) < len(names):
            # Lines can hold members that the DataFrame has no columns for.
            if len(present) > 1:
                return None
            rules += ["--map", f"{part}={(present or [uuid.uuid4().hex])[0]}"]
        wanted += present
    if key != "id":
        # Spark gives it the name `id`, and nothing else would find it by its own.
        if key in wanted or "id" in wanted or "id" in types:
            return None
        rules += ["--map", f"key={key}"]
    columns = {name: types.get(name) for name in [key, *wanted]}
    is_plain = all(re.fullmatch(r"[\w-]+", name) for name in columns)
    if not is_plain or not set(columns.values()) <= set(DIGITS):
        return None
    return Lines(relation.names, [*rules, *options], columns)


def _rules(options):
    """The names of further fields, and those that parts and fields are mapped to.

    Returns:
        A list of members' names and a dictionary of rules; None where an option is not known here.
    """
    fields, maps = [], {}
    words = iter(options)
    for word in words:
        name, equals, value = word.partition("=")
        value = value if equals else next(words, None)
        if value is None:
            return None
        if name == "--field":
            fields.append(value.split(":")[0])
        elif name in ("--map", "-m"):
            part, _, member = value.partition("=")
            maps["text" if part == "body" else part] = member
        elif name not in INDIFFERENT:
            return None
    if any(part in KEY_NAMES for part in maps):
        return None
    return [maps.get(field, field) for field in fields], maps
