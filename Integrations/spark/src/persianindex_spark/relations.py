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
LOGICAL = "org.apache.spark.sql.catalyst.plans.logical."
PROJECT = LOGICAL + "Project"
# What names the rows below it, or puts them into other partitions or another order, by such columns:
# none of which a build keeps.
ARRANGING = {
    LOGICAL + "SubqueryAlias": None,
    LOGICAL + "View": None,
    LOGICAL + "Repartition": None,
    LOGICAL + "RepartitionByExpression": "partitionExpressions",
    LOGICAL + "RebalancePartitions": "partitionExpressions",
    LOGICAL + "Sort": "order",
}
EXPRESSIONS = "org.apache.spark.sql.catalyst.expressions."
ALIAS = EXPRESSIONS + "Alias"
ORDER = EXPRESSIONS + "SortOrder"
ATTRIBUTE = EXPRESSIONS + "AttributeReference"
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
    """Files for tasks to read, the options for searchctl, and the key's name and the columns for
    `files.survey`."""

    names: list
    options: list
    key: str
    columns: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Rows:
    """Files of Parquet for tasks to read, the types of their columns, and which of these is which
    member of a document, the key first."""

    names: list
    columns: dict
    members: dict


@dataclasses.dataclass(frozen=True)
class Relation:
    """What a DataFrame reads: the class of its files' format, their names, and its columns with
    the names that the files have for them."""

    format: str
    names: list
    columns: dict


def files_of(documents, key, options):
    """The files that a DataFrame reads, where reading them as they are gives the same documents.

    Returns:
        Lines or Rows; None where Spark has to read: where the DataFrame is more than what
        `spark.read.json`, `text` or `parquet` gives of local files and perhaps some of its columns
        under perhaps other names, in whatever partitions and order, or `options` are not plain.
    """
    try:
        relation = _relation(documents)
    except Exception:  # Spark Connect shows no plan, and other versions could have other ones.
        return None
    if not relation or (documents.columns == ["value"]) != (relation.format == TEXT):
        return None
    if relation.format == TEXT:
        return Lines(relation.names, options, key)
    types = dict(documents.dtypes)
    if len(types) < len(documents.columns):
        return None
    read = _reading if relation.format == JSON else _rows
    return read(relation, key, options, types)


def _relation(documents):
    """The files that a DataFrame reads and its columns in them, or None where it does more."""
    # Of another query, so that this one can still be cached.
    plan = documents.select("*")._jdf.queryExecution().withCachedData()
    columns = {name: number for number, name in _attributes(plan.output())}
    while _class(plan) == PROJECT or _only_arranges(plan):
        if _class(plan) == PROJECT:
            inner = dict(map(_of_which, _elements(plan.projectList())))
            columns = {name: inner[number] for name, number in columns.items()}
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
    schema = list(relation.dataSchema().fieldNames())
    inner = dict(_attributes(plan.output()))
    columns = {name: inner[number] for name, number in columns.items()}
    corrupt = documents.sparkSession.conf.get("spark.sql.columnNameOfCorruptRecord")
    if not names or corrupt in schema or not set(columns.values()) <= set(schema):
        return None
    return Relation(kind, names, columns)


def _only_arranges(plan):
    """Whether the rows of a plan are those of the one below it, by columns that nobody computes."""
    if _class(plan) not in ARRANGING:
        return False
    by = ARRANGING[_class(plan)]
    for expression in _elements(getattr(plan, by)()) if by else ():
        _column(expression, ORDER)
    return True


def _of_which(expression):
    """The numbers of a column and of the one that it is under another name, or the same."""
    return expression.exprId().id(), _column(expression, ALIAS).exprId().id()


def _column(expression, wrapping):
    """The column that an expression is, or is with something of a kind around it."""
    column = expression.child() if _class(expression) == wrapping else expression
    if _class(column) != ATTRIBUTE:
        raise ValueError("a column is computed")
    return column


def _attributes(output):
    return [(attribute.exprId().id(), attribute.name()) for attribute in _elements(output)]


def _elements(sequence):
    return [sequence.apply(number) for number in range(sequence.size())]


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
    columns = named and _columns(key, named, types)
    if columns is None:
        return None
    fields, maps = named
    members = relation.columns
    rules = []
    for part, names in CUSTOMARY.items():
        present = [name for name in names if name in types]
        # Lines can hold members that the DataFrame has no columns for, or has others for.
        is_plain = len(present) == len(names) and all(members[name] == name for name in present)
        if part not in maps and not is_plain:
            if len(present) > 1:
                return None
            rules += ["--map", f"{part}={members[present[0]] if present else uuid.uuid4().hex}"]
    if key != "id" and "id" in types:
        return None
    if members[key] != "id":
        # Spark gives it the name `id`, and nothing else would find it by its own.
        rules += ["--map", f"key={members[key]}"]
    if any(members[name] != name for name in [*fields, *maps.values()]):
        return None
    columns = {members[name]: kind for name, kind in columns.items()}
    if not all(re.fullmatch(r"[\w-]+", name) for name in columns):
        return None
    return Lines(relation.names, [*rules, *options], members[key], columns)


def _rows(relation, key, options, types):
    """The columns of Parquet of which searchctl takes notice."""
    named = _rules(options)
    columns = named and _columns(key, named, types)
    if columns is None:
        return None
    members = {name: relation.columns[name] for name in columns}
    # Dots are what separates the names of columns within columns.
    if any("." in name for name in members.values()):
        return None
    types = {members[name]: kind for name, kind in columns.items()}
    return Rows(relation.names, types, members)


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
