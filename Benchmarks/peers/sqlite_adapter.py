# SPDX-License-Identifier: Apache-2.0
"""SQLite's FTS5 through Python's own sqlite3 module: it is on every machine.

Its tokenizer unicode61 (marks kept) splits prepared tokens exactly where the spaces are. FTS5
scores every match: there is no pruning.
"""
import os
import shutil
import sqlite3
import time

import adapter

options = adapter.arguments()
path = os.path.join(options.index, "fts.db")

if options.command == "build":
    shutil.rmtree(options.index, ignore_errors=True)
    os.makedirs(options.index)
    started = time.time()
    database = sqlite3.connect(path, isolation_level=None)
    for setting in ("page_size=4096", "journal_mode=OFF", "synchronous=OFF", "cache_size=-65536",
                    "locking_mode=EXCLUSIVE"):
        database.execute(f"PRAGMA {setting}")
    content = "" if options.stored else ", content=''"
    database.execute(f"CREATE VIRTUAL TABLE texts USING fts5(body{content}, detail=full, "
                     "columnsize=1, tokenize='unicode61 remove_diacritics 0')")
    database.execute("INSERT INTO texts(texts, rank) VALUES('hashsize', ?)",
                     (options.ram_mb << 20,))
    database.execute("BEGIN")
    count = 0

    def rows():
        global count
        for ordinal, text in adapter.documents(options.docs):
            count += 1
            yield ordinal + 1, text
    database.executemany("INSERT INTO texts(rowid, body) VALUES(?, ?)", rows())
    database.execute("COMMIT")
    indexed = merged = time.time()
    if options.merge:
        database.execute("INSERT INTO texts(texts) VALUES('optimize')")
        database.execute("VACUUM")
        merged = time.time()
    database.close()
    adapter.built("sqlite", sqlite3.sqlite_version, count, indexed - started, merged - indexed)
else:
    started = time.time()
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    database.execute("PRAGMA mmap_size=17179869184")
    database.execute("PRAGMA cache_size=-262144")
    opened = (time.time() - started) * 1e3
    COUNT = "SELECT count(*) FROM texts WHERE texts MATCH ?"
    TOP = "SELECT rowid, rank FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"

    def answer(command, text):
        kind, words = adapter.parse(text)
        quoted = [f'"{word}"' for word in words]
        if kind == "phrase":
            expression = f'"{" ".join(words)}"'
        else:
            expression = (" AND " if kind == "all" else " OR ").join(quoted)
        if command == "COUNT":
            return database.execute(COUNT, (expression,)).fetchone()[0], None
        rows = database.execute(TOP, (expression, adapter.limit_of(command))).fetchall()
        count = len(rows)
        if command.endswith("COUNT"):
            count = database.execute(COUNT, (expression,)).fetchone()[0]
        return count, lambda: [(row - 1, -rank) for row, rank in rows]

    adapter.search(options, {"engine": "sqlite", "version": sqlite3.sqlite_version,
                             "open_ms": opened}, answer)
