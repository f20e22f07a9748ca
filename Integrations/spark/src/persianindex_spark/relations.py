# SPDX-License-Identifier: Apache-2.0
"""DataFrames that are nothing but files of JSON Lines or Parquet, which tasks can read themselves."""

import dataclasses
import os
import re
import uuid
from urllib.parse import unquote

from . import files
from .records import DIGITS

LOCAL = "file://"
SOURCES = "org.apache.spark.sql.execution.datasources."
TEXT = SOURCES + "text.TextFileFormat"
JSON = SOURCES + "json.JsonFileFormat"
PARQUET = SOURCES + "parquet.ParquetFileFormat"
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
class Rows:
    """Files of Parquet for tasks to read, and the types of the columns, the key's first."""

    names: list
    columns: dict


@dataclasses.dataclass(frozen=True)
class Relation:
    """What a DataFrame reads: the class of its files' format, their names, and columns."""

    format: str
    names: list
    columns: list


def files_of(documents, key, options):
    """The files that a DataFrame reads, where reading them as they are gives the same documents.

    Returns:
        Lines or Rows; None where Spark has to read: where the DataFrame is more than what
        `spark.read.json`, `text` or `parquet` gives of local files and perhaps some of its columns,
        or `options` are not plain.
    """
    try:
        relation = _relation(documents)
    except Exception:  # Spark Connect shows no plan, and other versions could have other ones.
        return None
    if not relation or (relation.columns == ["value"]) != (relation.format == TEXT):
        return None
    if relation.format == TEXT:
        return Lines(relation.names, options)
    types = dict(documents.dtypes)
    if len(types) < len(relation.columns):
        return None
    read = _reading if relation.format == JSON else _rows
    return read(relation, key, options, types)


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
    if kind not in (TEXT, JSON, PARQUET):
        return None
    is_whole = relation.partitionSchema().length() == 0 and relation.bucketSpec().isEmpty()
    if not is_whole or not _is_neutral(relation.options()):
        return None
    names = _names(relation.location())
    columns = list(relation.dataSchema().fieldNames())
    corrupt = documents.sparkSession.conf.get("spark.sql.columnNameOfCorruptRecord")
    if not names or corrupt in columns or not set(documents.columns) <= set(columns):
        return None
    return Relation(kind, names, documents.columns)


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
    if named is None:
        return None
    _, maps = named
    rules = []
    for part, names in CUSTOMARY.items():
        present = [name for name in names if name in types]
        if part not in maps and len(present) < len(names):
            # Lines can hold members that the DataFrame has no columns for.
            if len(present) > 1:
                return None
            rules += ["--map", f"{part}={(present or [uuid.uuid4().hex])[0]}"]
    if key != "id":
        # Spark gives it the name `id`, and nothing else would find it by its own.
        if "id" in types:
            return None
        rules += ["--map", f"key={key}"]
    columns = _columns(key, named, types)
    if columns is None or not all(re.fullmatch(r"[\w-]+", name) for name in columns):
        return None
    return Lines(relation.names, [*rules, *options], columns)


def _rows(relation, key, options, types):
    """The columns of Parquet of which searchctl takes notice."""
    named = _rules(options)
    columns = named and _columns(key, named, types)
    # Dots are what separates the names of columns within columns.
    if columns is None or any("." in name for name in columns):
        return None
    return Rows(relation.names, columns)


def _columns(key, named, types):
    """The types of the columns that searchctl looks for, the key's first, or None."""
    fields, maps = named
    wanted = [*fields, *maps.values()]
    for part, names in CUSTOMARY.items():
        wanted += [name for name in names if name in types and part not in maps]
    if key != "id" and (key in wanted or "id" in wanted):
        return None
    if not set(wanted) <= set(types):
        return None
    columns = {name: types[name] for name in [key, *types] if name == key or name in wanted}
    return columns if set(columns.values()) <= set(DIGITS) else None


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
