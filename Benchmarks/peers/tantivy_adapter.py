# SPDX-License-Identifier: Apache-2.0
"""Tantivy through its Python binding.

The binding wraps every collector so that block-max pruning is off, and it cannot count without
collecting: its latencies are upper bounds for the engine.
"""
import os
import shutil
import time

import tantivy

import adapter

options = adapter.arguments()
tokenizer = "whitespace" if options.mode == "pre" else "default"

if options.command == "build":
    fields = tantivy.SchemaBuilder()
    fields.add_text_field("body", stored=bool(options.stored), tokenizer_name=tokenizer,
                          index_option="position")
    fields.add_unsigned_field("ordinal", stored=False, indexed=False, fast=True)
    shutil.rmtree(options.index, ignore_errors=True)
    os.makedirs(options.index)
    started, count = time.time(), 0
    index = tantivy.Index(fields.build(), path=options.index)
    # The budget is per thread here.
    writer = index.writer(heap_size=max(options.ram_mb, 15) << 20, num_threads=options.threads)
    for ordinal, text in adapter.documents(options.docs):
        document = tantivy.Document()
        document.add_text("body", text)
        document.add_unsigned("ordinal", ordinal)
        writer.add_document(document)
        count += 1
    writer.commit()
    indexed = time.time()
    writer.wait_merging_threads()
    merged = time.time()
    index.reload()
    adapter.built("tantivy", tantivy.__version__, count, indexed - started, merged - indexed,
                  segments=index.searcher().num_segments)
else:
    started = time.time()
    index = tantivy.Index.open(options.index)
    searcher, schema = index.searcher(), index.schema
    opened = (time.time() - started) * 1e3
    Query, Occur = tantivy.Query, tantivy.Occur

    def compile_query(text):
        if options.mode == "native":
            return index.parse_query(text, ["body"])
        kind, words = adapter.parse(text)
        if len(words) == 1:
            return Query.term_query(schema, "body", words[0])
        if kind == "phrase":
            return Query.phrase_query(schema, "body", words)
        occur = Occur.Must if kind == "all" else Occur.Should
        return Query.boolean_query([(occur, Query.term_query(schema, "body", w)) for w in words])

    def answer(command, text):
        query = compile_query(text)
        if command == "COUNT":
            return searcher.search(query, limit=1, count=True).count, None
        counting = command.endswith("COUNT")
        result = searcher.search(query, limit=adapter.limit_of(command), count=counting)
        hits = result.hits

        def fetch():
            if not hits:
                return []
            ordinals = searcher.fast_field_values("ordinal", [address for _, address in hits])
            return [(o[0] if isinstance(o, (list, tuple)) else o, score)
                    for o, (score, _) in zip(ordinals, hits)]
        return (result.count if counting else len(hits)), fetch

    adapter.search(options, {"engine": "tantivy", "version": tantivy.__version__,
                             "docs": searcher.num_docs, "open_ms": opened,
                             "segments": searcher.num_segments}, answer)
