# SPDX-License-Identifier: Apache-2.0
"""Reads a CIFF file with Google's protobuf and compares it with what the analyzer makes of the
texts: terms, documents, frequencies, lengths and counts.

usage: check_ciff.py FILE.ciff BULK.ndjson
  BULK.ndjson: the same index from `searchctl export --format bulk`, whose terms are made from the
  stored texts and not read from posting lists
"""

import collections
import json
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def messages():
    """The messages of osirrc/ciff's CommonIndexFileFormat.proto."""
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
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName("ciff." + name))
        for name in tables
    }


def read(name):
    """The header, {term: {document: frequency}}, [key] and [length] of a file."""
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
    lists = {}
    for _ in range(header.num_postings_lists):
        found = next_message("PostingsList")
        document, postings = 0, {}
        for posting in found.postings:
            document += posting.docid
            postings[document] = posting.tf
        assert len(postings) == found.df and sum(postings.values()) == found.cf, found.term
        assert found.term not in lists, found.term
        lists[found.term] = postings
    keys, lengths = [], []
    for number in range(header.num_docs):
        record = next_message("DocRecord")
        assert record.docid == number
        keys.append(record.collection_docid)
        lengths.append(record.doclength)
    assert place == len(data), "something follows"
    return header, lists, keys, lengths


def main():
    header, lists, keys, lengths = read(sys.argv[1])
    expected = {}
    with open(sys.argv[2], encoding="utf-8") as lines:
        for action in lines:
            document = json.loads(next(lines))
            key = json.loads(action)["index"]["_id"]
            expected[key] = collections.Counter(document.get("text_terms", "").split(" "))
            del expected[key][""]
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
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
