# SPDX-License-Identifier: Apache-2.0
"""Compares the best documents of searchctl and Lucene over the same exported terms.

    compare_top.py queries TOKENS.jsonl QUERIES.tsv > LUCENE.tsv
        makes the queries for LuceneTop.java; TOKENS.jsonl is what `searchctl analyze --json -` made
        of the texts of QUERIES.tsv. Words that analysis takes apart are phrases in searchctl, too.
    compare_top.py explain BULK.ndjson LUCENE.tsv OURS.trec LUCENE.trec
        computes BM25 (k1 1.2, b 0.75) of every document from the exported terms, once with the field
        lengths as searchctl rounds them and once as Lucene does, and compares each with what the
        engine printed. Where both agree, the lengths explain every difference between the engines.

Needs NumPy.
"""

import collections
import itertools
import json
import math
import sys

import numpy

K1, B, LIMIT = 1.2, 0.75, 10
JOINERS = set("-./:@_\u00ad\u200b\u200c\u200d\u200e\u200f\ufeff")


def make_queries(tokens, queries):
    with open(tokens, encoding="utf-8") as file:
        found = map(json.loads, file)
        lines = {line: list(group) for line, group in itertools.groupby(found, lambda t: t["line"])}
    with open(queries, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            name, text = line.rstrip("\n").split("\t")
            raw, units, end = text.encode(), [], 0
            for token in lines.get(number, []):
                between = raw[end : token["utf8"][0]].decode() if token["utf8"][0] > end else ""
                joins = "continuesWord" in token["flags"] or set(between) <= JOINERS
                if units and joins:
                    units[-1].append(token["term"])
                else:
                    units.append([token["term"]])
                end = max(end, token["utf8"][1])
            print(name + "\t" + " ".join("+".join(unit) for unit in units))


def our_lengths():
    """The length that searchctl takes for each length: FieldLengthCode.swift."""
    bounds, length = [], 0
    while len(bounds) < 219:
        bounds.append(length)
        length += 1 if len(bounds) < 40 else max(1, length // 32)
    bounds.append(length)

    def rounded(exact):
        for first, after in zip(bounds, bounds[1:]):
            if exact < after:
                return first + (after - 1 - first) // 2
        raise ValueError(exact)

    return rounded


def lucene_length(exact):
    """The length that Lucene takes: SmallFloat.byte4ToInt(intToByte4(n))."""
    if exact < 24:
        return exact
    rest = exact - 24
    shift = max(rest.bit_length() - 4, 0)
    return 24 + (rest >> shift << shift)


class Collection:
    def __init__(self, bulk):
        self.keys, self.tokens = [], []
        lists = collections.defaultdict(lambda: ([], []))
        with open(bulk, encoding="utf-8") as lines:
            for action in lines:
                terms = json.loads(next(lines)).get("text_terms", "").split()
                for term, frequency in collections.Counter(terms).items():
                    lists[term][0].append(len(self.keys))
                    lists[term][1].append(frequency)
                self.keys.append(json.loads(action)["index"]["_id"])
                self.tokens.append(terms)
        self.lists = {t: (numpy.array(d), numpy.array(f)) for t, (d, f) in lists.items()}
        exact = [len(terms) for terms in self.tokens]
        self.average = sum(exact) / len(exact)
        self.lengths = {
            name: numpy.array([table[length] for length in exact], dtype=float)
            for name, table in (
                ("ours", [*map(our_lengths(), range(max(exact) + 1))]),
                ("lucene", [*map(lucene_length, range(max(exact) + 1))]),
            )
        }

    def idf(self, term):
        frequency = len(self.lists[term][0]) if term in self.lists else 0
        return math.log(1 + (len(self.keys) - frequency + 0.5) / (frequency + 0.5))

    def unit(self, terms):
        """The documents that hold the terms one after another, how often, and the weight."""
        if any(term not in self.lists for term in terms):
            return None
        documents, frequencies = self.lists[terms[0]]
        weight = sum(self.idf(term) for term in terms)
        if len(terms) > 1:
            common = set(documents)
            for term in terms[1:]:
                common &= set(self.lists[term][0])
            counts = {}
            for document in sorted(common):
                text = self.tokens[document]
                count = sum(
                    text[place : place + len(terms)] == terms
                    for place in range(len(text) - len(terms) + 1)
                )
                if count:
                    counts[document] = count
            documents = numpy.array(list(counts), dtype=int)
            frequencies = numpy.array(list(counts.values()), dtype=int)
        return documents, frequencies, weight

    def scores(self, query, engine):
        total = numpy.zeros(len(self.keys))
        lengths = self.lengths[engine]
        for text, count in collections.Counter(query.split()).items():
            unit = self.unit(text.split("+"))
            if unit is None:
                continue
            documents, frequencies, weight = unit
            norm = K1 * (1 - B + B * lengths[documents] / self.average)
            total[documents] += count * weight * frequencies / (frequencies + norm)
        return total


def read_run(name):
    run = collections.defaultdict(list)
    with open(name, encoding="utf-8") as file:
        for line in file:
            query, _, key, _, score, _ = line.split()
            run[query].append((key, float(score)))
    return run


def explain(bulk, queries, ours, theirs):
    collection = Collection(bulk)
    places = {key: place for place, key in enumerate(collection.keys)}
    runs = {"ours": read_run(ours), "lucene": read_run(theirs)}
    same, overlap, wrong, count = 0, 0, 0, 0
    with open(queries, encoding="utf-8") as file:
        for line in file:
            name, query = line.rstrip("\n").split("\t")
            count += 1
            for engine, run in runs.items():
                scores = collection.scores(query, engine)
                best = numpy.sort(scores)[::-1][:LIMIT]
                best = best[best > 0]
                printed = run[name]
                agrees = len(printed) == len(best) and all(
                    abs(score - value) < 1e-3 and abs(scores[places[key]] - score) < 1e-3
                    for (key, score), value in zip(printed, best)
                )
                if not agrees:
                    wrong += 1
                    print(f"{name} {engine}: {query}: {printed[:3]} {best[:3]}")
            sets = [{key for key, _ in run[name]} for run in runs.values()]
            same += sets[0] == sets[1]
            overlap += len(sets[0] & sets[1]) / max(len(sets[0]), 1)
    print(
        f"{count} queries: {same} have the same best {LIMIT} in both, {100 * overlap / count:.1f} %"
        f" of the documents are the same; {wrong} runs differ from BM25 over the exported terms with"
        " the engine's own rounding of lengths"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["queries"] and len(sys.argv) == 4:
        make_queries(*sys.argv[2:])
    elif sys.argv[1:2] == ["explain"] and len(sys.argv) == 6:
        sys.exit(explain(*sys.argv[2:]))
    else:
        sys.exit(__doc__)
