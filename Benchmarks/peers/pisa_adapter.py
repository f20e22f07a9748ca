# SPDX-License-Identifier: Apache-2.0
"""PISA through the compiled module inside the pyterrier-pisa wheel; no Java is started.

PISA's own tokenizer knows ASCII only, so each distinct token gets an ASCII name first; that is
not timed. It keeps no positions (no phrases) and counts conjunctions only, as the length of an
unlimited result.
"""
import glob
import importlib.metadata
import importlib.util
import os
import pickle
import shutil
import sysconfig
import time

import numpy

import adapter

module_path = glob.glob(
    os.path.join(sysconfig.get_paths()["platlib"], "pyterrier_pisa", "_pisathon*.so"))[0]
description = importlib.util.spec_from_file_location("_pisathon", module_path)
pisa = importlib.util.module_from_spec(description)
description.loader.exec_module(pisa)

ENCODING = "block_simdbp"
VERSION = "pyterrier_pisa " + importlib.metadata.version("pyterrier_pisa")
options = adapter.arguments()


def prepare(context):
    """Builds what is missing of the compressed index and loads it."""
    pisa.prepare_index(context, options.index, encoding=ENCODING, scorer_name="bm25", stemmer="",
                       bm25_k1=1.2, bm25_b=0.75)


if options.command == "build":
    shutil.rmtree(options.index, ignore_errors=True)
    os.makedirs(options.index)
    names, plain, count = {}, options.index + ".txt", 0
    with open(plain, "w", buffering=1 << 20) as out:
        for ordinal, text in adapter.documents(options.docs):
            renamed = [names.setdefault(word, f"t{len(names):x}q") for word in text.split(" ")]
            out.write(f"d{ordinal} {' '.join(renamed)}\n")
            count += 1
    started = time.time()
    pisa.index(plain, options.index, "", 100_000, options.threads)
    indexed = time.time()
    prepare(pisa.RetrievalContext())
    merged = time.time()
    os.remove(plain)
    with open(options.index + ".names", "wb") as out:
        pickle.dump(names, out)
    needed = [name for name in os.listdir(options.index)
              if name.startswith("bm25") or name in ("fwd.termlex", "fwd.doclex")]
    size = sum(os.path.getsize(os.path.join(options.index, name)) for name in needed)
    adapter.built("pisa", VERSION, count, indexed - started, merged - indexed, bytes=size)
else:
    with open(options.index + ".names", "rb") as source:
        names = pickle.load(source)
    started = time.time()
    context = pisa.RetrievalContext()
    prepare(context)
    opened = (time.time() - started) * 1e3
    total = pisa.num_docs(options.index)
    arrays = {}

    def answer(command, text):
        kind, words = adapter.parse(text)
        if kind == "phrase" or command.startswith("TOP") and command.endswith("COUNT"):
            return None, None
        if command == "COUNT" and kind != "all":
            return None, None
        known = [names[word] for word in words if word in names]
        if not known or kind == "all" and len(known) < len(words):
            return 0, None
        limit = adapter.limit_of(command) or total
        if limit not in arrays:
            arrays[limit] = (numpy.empty(limit, numpy.int32), numpy.empty(limit, object),
                             numpy.empty(limit, numpy.int32), numpy.empty(limit, numpy.float32))
        query_numbers, keys, ranks, scores = arrays[limit]
        if command == "COUNT":
            algorithm = "ranked_and"
        elif kind == "all":
            algorithm = "block_max_ranked_and"
        else:
            algorithm = "maxscore" if len(known) > 4 else "block_max_wand"
        count = pisa.retrieve(
            context, algorithm, [(0, {name: 1.0 for name in known})], k=limit, threads=1,
            pretokenised=1, query_weighted=0, result_qidxs=query_numbers, result_docnos=keys,
            result_ranks=ranks, result_scores=scores)
        return count, lambda: [(int(keys[i][1:]), scores[i]) for i in range(count)]

    adapter.search(options, {"engine": "pisa", "version": VERSION, "docs": total,
                             "open_ms": opened, "encoding": ENCODING}, answer)
