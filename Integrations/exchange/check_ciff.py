# SPDX-License-Identifier: Apache-2.0
"""Reads a CIFF file with Google's protobuf and compares it with what the analyzer makes of the
texts: terms, documents, frequencies, lengths and counts. Where the file has positions and written
forms (no --plain), every list must have as many positions as occurrences, the terms must come in the
order of the texts, and the written forms must be as many as are told to be written otherwise.

usage: check_ciff.py FILE.ciff BULK.ndjson
  BULK.ndjson: the same index from `searchctl export --format bulk`, whose terms are made from the
  stored texts and not read from posting lists
"""

import collections
import itertools
import json
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def messages():
    """The messages of osirrc/ciff's CommonIndexFileFormat.proto, with the fields that `searchctl
    export` adds to them."""
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="ciff.proto", package="ciff", syntax="proto3")
    tables = {
        "Header": [
            ("version", kinds.TYPE_INT32), ("num_postings_lists", kinds.TYPE_INT32),
            ("num_docs", kinds.TYPE_INT32), ("total_postings_lists", kinds.TYPE_INT32),
            ("total_docs", kinds.TYPE_INT32), ("total_terms_in_collection", kinds.TYPE_INT64),
            ("average_doclength", kinds.TYPE_DOUBLE), ("description", kinds.TYPE_STRING),
        ],
        "Posting": [("docid", kinds.TYPE_INT32), ("tf", kinds.TYPE_INT32)],
        "PostingsList": [
            ("term", kinds.TYPE_STRING), ("df", kinds.TYPE_INT64), ("cf", kinds.TYPE_INT64),
            ("postings", kinds.TYPE_MESSAGE),
        ],
        "DocRecord": [
            ("docid", kinds.TYPE_INT32), ("collection_docid", kinds.TYPE_STRING),
            ("doclength", kinds.TYPE_INT32),
        ],
    }
    for name, fields in tables.items():
        message = file.message_type.add(name=name)
        for number, (field, kind) in enumerate(fields, 1):
            added = message.field.add(name=field, number=number, type=kind, label=1)
            if kind == kinds.TYPE_MESSAGE:
                added.label = kinds.LABEL_REPEATED
                added.type_name = ".ciff.Posting"
    header, _, postings, record = file.message_type
    header.field.add(name="total_length", number=1001, type=kinds.TYPE_INT64, label=1)
    header.field.add(name="analyzer", number=1002, type=kinds.TYPE_STRING, label=1)
    header.field.add(name="analyzer_settings", number=1003, type=kinds.TYPE_BYTES, label=1)
    postings.field.add(
        name="positions", number=1001, type=kinds.TYPE_UINT32, label=kinds.LABEL_REPEATED)
    for number, name, label in [(1002, "otherwise", 1), (1003, "forms", kinds.LABEL_REPEATED)]:
        postings.field.add(
            name=name, number=number, type=kinds.TYPE_MESSAGE, label=label,
            type_name=".ciff.PostingsList")
    record.field.add(name="insertion", number=1001, type=kinds.TYPE_SINT64, label=1)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName("ciff." + name))
        for name in tables
    }


def frequencies(found):
    """{document: frequency} of a posting list, whose counts must be right."""
    document, postings = 0, {}
    for posting in found.postings:
        document += posting.docid
        postings[document] = posting.tf
    assert len(postings) == found.df and sum(postings.values()) == found.cf, found.term
    return postings


def add_positions(found, postings, texts):
    """Adds the positions of a posting list to each document's [(position, term)]."""
    assert len(found.positions) in (0, found.cf), f"{found.term}: not as many positions as cf"
    gaps = iter(found.positions)
    for document, frequency in postings.items():
        for position in itertools.accumulate(itertools.islice(gaps, frequency)):
            texts[document].append((position, found.term))


def read(name):
    """The header, {term: {document: frequency}}, each document's [(position, term)], the number
    of tokens that are written otherwise, [key] and [length] of a file."""
    kinds = messages()
    with open(name, "rb") as file:
        data = file.read()
    place = 0

    def next_message(kind):
        nonlocal place
        length, shift = 0, 0
        while True:
            byte = data[place]
            place += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        message = kinds[kind].FromString(data[place : place + length])
        place += length
        return message

    header = next_message("Header")
    lists, texts = {}, [[] for _ in range(header.num_docs)]
    # For each document, its tokens that are written otherwise, by the terms and by the forms.
    by_terms, by_forms, last_form = collections.Counter(), collections.Counter(), b""
    for _ in range(header.num_postings_lists):
        found = next_message("PostingsList")
        assert found.term not in lists, found.term
        lists[found.term] = frequencies(found)
        add_positions(found, lists[found.term], texts)
        if found.HasField("otherwise"):
            others = frequencies(found.otherwise)
            assert found.otherwise.term == found.term, found.term
            assert all(lists[found.term][document] >= tf for document, tf in others.items())
            by_terms.update(others)
        for form in found.forms:
            assert last_form < form.term.encode(), f"{form.term} is out of order"
            last_form = form.term.encode()
            by_forms.update(frequencies(form))
    assert by_terms == by_forms, "the written forms are not those of the tokens written otherwise"
    keys, lengths, inserted = [], [], set()
    for number in range(header.num_docs):
        record = next_message("DocRecord")
        assert record.docid == number
        keys.append(record.collection_docid)
        lengths.append(record.doclength)
        inserted.add(number + record.insertion)
    assert inserted == set(range(header.num_docs)), "the order of insertion is none"
    assert place == len(data), "something follows"
    return header, lists, texts, sum(by_terms.values()), keys, lengths


def is_in_order(text, tokens):
    """Whether the terms come in the order of the tokens, those at one position in any order."""
    start = 0
    for _, group in itertools.groupby(sorted(text), key=lambda place: place[0]):
        terms = [term for _, term in group]
        if sorted(tokens[start : start + len(terms)]) != terms:
            return False
        start += len(terms)
    return start == len(tokens)


def main():
    header, lists, texts, otherwise, keys, lengths = read(sys.argv[1])
    expected, tokens = {}, {}
    with open(sys.argv[2], encoding="utf-8") as lines:
        for action in lines:
            document = json.loads(next(lines))
            key = json.loads(action)["index"]["_id"]
            tokens[key] = [
                term for term in document.get("text_terms", "").split(" ") if term]
            expected[key] = collections.Counter(tokens[key])
    assert sorted(keys) == sorted(expected), "other documents"
    found = {key: collections.Counter() for key in keys}
    for term, postings in lists.items():
        for document, frequency in postings.items():
            found[keys[document]][term] = frequency
    wrong = [key for key in keys if found[key] != expected[key]]
    exact = {key: sum(counts.values()) for key, counts in expected.items()}
    off = [abs(length - exact[key]) / max(exact[key], 1) for key, length in zip(keys, lengths)]
    assert header.total_terms_in_collection == sum(exact.values()), "another number of tokens"
    print(
        f"{len(keys)} documents, {len(lists)} terms, {sum(map(len, lists.values()))} postings:"
        f" {len(wrong)} documents differ; lengths are off by at most {100 * max(off):.1f} %"
    )
    if any(texts):
        mixed = sum(not is_in_order(text, tokens[key]) for key, text in zip(keys, texts))
        print(
            f"{sum(map(len, texts))} positions, {otherwise} tokens written otherwise:"
            f" {mixed} documents have another order of terms"
        )
        wrong += [None] * mixed
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
