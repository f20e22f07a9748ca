# SPDX-License-Identifier: Apache-2.0
"""Lines of JSON in which Spark's reader finds what searchctl finds."""

import json
import re

# Spark's integers and how many digits all of their range have; text may hold longer ones.
DIGITS = {"string": 100, "bigint": 18, "int": 9, "smallint": 4, "tinyint": 2}


def differing(columns):
    """What finds a line that Spark's reader and searchctl could read differently.

    Of members that come twice Spark takes the last and searchctl the first; values of another type
    than their column's are written as text or dropped by Spark; and halves of characters have no
    UTF-8. Lines that searchctl refuses need no check here, because they fail the build.

    Args:
        columns: The names that searchctl looks for and the types of Spark's columns for them, which
            are keys of DIGITS. Names are of letters, digits, _ and -.

    Returns:
        A function of lines; the number of the first that could differ, or None.
    """
    good = [_good(name, kind) for name, kind in columns.items()]
    names = "|".join(map(re.escape, columns))
    # The name and what its value begins with; the name alone where the value does not fit.
    members = re.compile("|".join([*good, f'"(?:{names})"(?=\\s*:)']).encode()).findall
    # Escaped, names can hide; of escaped characters beyond 16 bits there can be halves.
    hidden = r"\\u(?:00[2-7]|[dD][89a-fA-F])" if names.isascii() else r"\\u"
    hides = re.compile(hidden.encode()).search
    accepted = {}

    def is_plain(line, shape):
        if shape not in accepted:
            found = [member.split(b'"', 2) for member in shape]
            is_once = len({name for _, name, _ in found}) == len(found)
            accepted[shape] = is_once and all(b":" in rest for _, _, rest in found)
        return accepted[shape] and not (b"\\" in line and hides(line))

    def first(lines):
        for number, shape in enumerate(map(tuple, map(members, lines))):
            line = lines[number]
            # Spark ends a line there, too.
            is_broken = b"\r" in line and b"\r" in line.rstrip()
            if is_broken or not (is_plain(line, shape) or _is_same(line, columns)):
                return number
        return None

    return first


def _good(name, kind):
    value = rf"(?=(?:null|{integer(kind)})\s*[,}}])"
    if kind == "string":
        value = f'(?:"|{value})'
    return rf'"{re.escape(name)}"\s*:\s*{value}'


def integer(kind):
    """A pattern of the integers that a column of such a type can hold."""
    # Without -0, which is 0 where it is an integer.
    return f"(?:0|-?[1-9][0-9]{{0,{DIGITS[kind] - 1}}})"


class _Digits(str):
    """An integer as it is spelt."""


def _is_same(line, columns):
    """Whether a line, read in full, is the same to both."""
    try:
        pairs = json.loads(line, object_pairs_hook=list, parse_int=_Digits) if line.strip() else []
    except (ValueError, RecursionError):
        return False
    values = [(name, value) for name, value in pairs if name in columns]
    return len(dict(values)) == len(values) and all(
        value is None or _fits(value, columns[name]) for name, value in values
    )


def _fits(value, kind):
    if isinstance(value, _Digits):
        return re.fullmatch(integer(kind), value) is not None
    if kind != "string" or not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
