# SPDX-License-Identifier: Apache-2.0
"""Reads a `_bulk` export as strictly as OpenSearch and Elasticsearch are documented to.

Every action line, every source and every value is held against the mapping and the engines' limits;
nothing may be left to dynamic mapping. It prints what is wrong and ends with 1, or counts what it read.

usage: check_bulk.py MAPPING.json BULK.ndjson
"""

import datetime
import json
import math
import sys

# Documented limits: of an identifier, of a term, of a token of the white-space tokenizer (a longer
# one is cut there), and of the body of one request (http.max_content_length).
ID_BYTES = 512
TERM_BYTES = 32766
TOKEN_CHARACTERS = 255
REQUEST_BYTES = 100 << 20
MOST_TOLD = 20


class Wrong(Exception):
    """What one line has that an engine would refuse."""


def unique(members):
    """The members of an object, none of which may come twice."""
    names = [name for name, _ in members]
    if len(set(names)) < len(names):
        raise Wrong(f"a member comes twice: {names}")
    return dict(members)


def parsed(line):
    """A line as JSON, without the numbers and half characters that only Python accepts."""
    def refuse(word):
        raise Wrong(f"{word} is no JSON")

    try:
        text = line.decode("utf-8", "strict")
        value = json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError as error:
        raise Wrong(f"no UTF-8: {error}") from None
    except json.JSONDecodeError as error:
        raise Wrong(f"no JSON: {error}") from None
    if not isinstance(value, dict):
        raise Wrong("no object")
    return value


def check_action(action, seen):
    """An action line names the action and the document alone; the index is that of the URL."""
    if list(action) != ["index"] or set(action["index"]) - {"_id", "_index"}:
        raise Wrong(f"not an action to index a document: {action}")
    key = action["index"].get("_id")
    if not isinstance(key, str) or not 0 < len(key.encode()) <= ID_BYTES:
        raise Wrong(f"an identifier must have 1 to {ID_BYTES} bytes: {str(key)[:40]}…")
    if key in seen:
        raise Wrong(f"the identifier {key} comes twice")
    seen.add(key)


def check_value(name, value, kind, warnings):
    """A value, or each of several, is one that a field of its type takes."""
    type_name = kind["type"]
    if isinstance(value, list):
        for one in value:
            check_value(name, one, kind, warnings)
        return
    if type_name in ("text", "keyword"):
        good = isinstance(value, str)
        if good and type_name == "keyword" and kind.get("doc_values", True):
            good = len(value.encode()) <= TERM_BYTES
        if good and kind.get("analyzer") == "whitespace":
            warnings["long tokens"] += any(len(t) > TOKEN_CHARACTERS for t in value.split())
    elif type_name == "long":
        good = isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    elif type_name == "double":
        good = isinstance(value, (int, float)) and not isinstance(value, bool)
        good = good and math.isfinite(value)
    elif type_name == "date":
        try:
            good = bool(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")))
        except (AttributeError, ValueError):
            good = False
    else:
        raise Wrong(f"the field {name} has the unknown type {type_name}")
    if not good:
        raise Wrong(f"the field {name} of type {type_name} does not take {str(value)[:40]!r}")


def main(mapping_name, bulk_name):
    with open(mapping_name, "rb") as file:
        mapping = parsed(file.read())
    if list(mapping) != ["mappings"] or list(mapping["mappings"]) != ["properties"]:
        print("the mapping is no body of a request that creates an index")
        return 1
    properties = mapping["mappings"]["properties"]
    seen, wrong, values, largest = set(), 0, 0, 0
    warnings = {"long tokens": 0}
    line, number, action = b"\n", 0, None
    with open(bulk_name, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                if not line.endswith(b"\n") or line.endswith(b"\r\n"):
                    raise Wrong("does not end with a line feed alone")
                value = parsed(line)
                if number % 2:
                    action = line
                    check_action(value, seen)
                    continue
                largest = max(largest, len(action) + len(line))
                if largest > REQUEST_BYTES:
                    raise Wrong("is too long for one request")
                for name, member in value.items():
                    if name not in properties:
                        raise Wrong(f"the mapping has no field {name}")
                    check_value(name, member, properties[name], warnings)
                    values += 1
            except Wrong as error:
                wrong += 1
                if wrong <= MOST_TOLD:
                    print(f"line {number}: {error}")
    if number % 2:
        print("the last action has no source")
        wrong += 1
    print(
        f"{len(seen)} documents, {values} values, the longest {largest} bytes,"
        f" {warnings['long tokens']} fields with tokens that the engines cut; {wrong} wrong lines"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
