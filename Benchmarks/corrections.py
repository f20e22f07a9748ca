#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many slips in words of a dictionary `searchctl suggest --correct` finds out.

    ./corrections.py --docs news.jsonl                     {"title": …, "text": …} in each line
    ./corrections.py --docs news.jsonl --seed 7 --count 1000

Words of three letters or more that the dictionary of PersianStemmer 1.0.0 (BSD, from PyPI) and at
least three of the documents have are drawn evenly. Each gets one slip, of five kinds as often: a
letter that sounds the same, a neighbouring key, a letter left out, doubled or swapped with the
next. Slips that are words of the dictionary or the documents are drawn again.
"""
import argparse
import collections
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Scripts" / "lexicon"))
import build as lexicon  # noqa: E402

SOUNDS = ("زذضظ", "سصث", "تط", "هح", "قغ")
ROWS = ("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو")
KINDS = ("sound", "key", "left out", "doubled", "swapped")


def slip(word, rng):
    """The word with a slip, itself where the drawn kind does not fit, and the kind."""
    letters, place, kind = list(word), rng.randrange(len(word)), rng.choice(KINDS)
    if kind == "sound":
        places = [i for i, c in enumerate(letters) if any(c in group for group in SOUNDS)]
        if places:
            place = rng.choice(places)
            group = next(group for group in SOUNDS if letters[place] in group)
            letters[place] = rng.choice([c for c in group if c != letters[place]])
    elif kind == "key":
        row = next((row for row in ROWS if letters[place] in row), None)
        if row:
            key = row.index(letters[place])
            letters[place] = rng.choice([row[k] for k in (key - 1, key + 1) if 0 <= k < len(row)])
    elif kind == "left out":
        del letters[place]
    elif kind == "doubled":
        letters.insert(place, letters[place])
    elif place + 1 < len(letters):
        letters[place:place + 2] = reversed(letters[place:place + 2])
    return "".join(letters), kind


def main():
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("--index", type=Path, help="an index of the documents; else one is made")
    parser.add_argument("--seed", type=int, default=1399)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--searchctl", type=Path,
                        default=HERE.parent / ".build" / "release" / "searchctl")
    options = parser.parse_args()
    cache = Path(tempfile.gettempdir()) / "persianindex-lexicon"
    words = lexicon.Lexicon(lexicon.fetch(str(cache))).dictionary
    frequency = collections.Counter()
    with open(options.docs, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            text = f"{record.get('title') or ''} {record.get('text') or ''}"
            frequency.update({lexicon.fold(w) for w in re.findall(
                "[\u0621-\u064a\u066e-\u06d3\u200c]+", text)})
    drawn = sorted(w for w in words if len(w) >= 3 and frequency[w] >= 3)
    index = options.index
    if not index:
        index = Path(tempfile.mkdtemp()) / "index"
        subprocess.check_call([options.searchctl, "index", "-q", "--index", index, options.docs])
    rng, tried = random.Random(options.seed), 0
    first, among, asked = (collections.Counter() for _ in range(3))
    while tried < options.count:
        word = rng.choice(drawn)
        written, kind = slip(word, rng)
        if written == word or frequency[written] or written in words:
            continue
        tried += 1
        out = subprocess.run(
            [options.searchctl, "suggest", "--index", index, "--correct", "-n", "3", "-q", written],
            capture_output=True, text=True).stdout
        found = [lexicon.fold(line.partition("\t")[0]) for line in out.splitlines()]
        for name in (kind, "all"):
            asked[name] += 1
            first[name] += found[:1] == [word]
            among[name] += word in found
    print(f"{len(drawn)} words, {tried} slips, seed {options.seed}")
    for name in (*KINDS, "all"):
        if asked[name]:
            print(f"{name:9} {asked[name]:5}  first {first[name] / asked[name]:.3f}"
                  f"  among three {among[name] / asked[name]:.3f}")


if __name__ == "__main__":
    main()
