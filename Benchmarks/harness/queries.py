# SPDX-License-Identifier: Apache-2.0
"""The queries of a comparison, drawn from the corpus that is searched.

A line is `class TAB query`; a query is `w`, `+a +b` (all of them), `a b` (any of them) or
`"a b"` (a phrase). The words of one query come from one document, so that they are words which
go together, and a phrase really occurs. Bands by share of the documents that hold the word:
high from 5 %, middle from 0.5 %, low from 10 documents.
"""
import collections
import random

CLASSES = {
    # class: (how many queries, kind, bands of its words; * is any band)
    "term_high": (60, "any", "h"), "term_mid": (60, "any", "m"), "term_low": (60, "any", "l"),
    "and2_hh": (60, "all", "hh"), "and2_hl": (60, "all", "hl"), "and2_mm": (60, "all", "mm"),
    "and3": (80, "all", "***"),
    "or2_hh": (60, "any", "hh"), "or2_hl": (60, "any", "hl"), "or2_mm": (60, "any", "mm"),
    "or4": (80, "any", "****"), "or8": (60, "any", "hh******"),
    "phrase2_hh": (60, "phrase", "hh"), "phrase2": (100, "phrase", "**"),
    "phrase3": (70, "phrase", "***"),
}


def make(tokens_path, out_path, seed=7, sample_size=5_000, scale=1.0):
    """Writes the queries for a tokens.tsv; returns how many there are of each class."""
    rng = random.Random(seed)
    frequency, sample, total = collections.Counter(), [], 0
    with open(tokens_path, encoding="utf-8") as lines:
        for line in lines:
            tokens = line.rstrip("\n").partition("\t")[2].split(" ")
            frequency.update(set(tokens))
            total += 1
            if len(tokens) < 20:
                continue
            if len(sample) < sample_size:
                sample.append(tokens)
            elif (place := rng.randrange(total)) < sample_size:
                sample[place] = tokens

    def band(word):
        share = frequency[word] / total
        if len(word) < 2 or frequency[word] < 10:
            return ""
        return "h" if share >= 0.05 else "m" if share >= 0.005 else "l"

    vocabulary = {"h": [], "m": [], "l": []}
    for word in sorted(frequency):
        if band(word):
            vocabulary[band(word)].append(word)

    def pick(kind, bands):
        if len(bands) == 1:
            return [rng.choice(vocabulary[bands])] if vocabulary[bands] else None
        document = rng.choice(sample)
        if kind == "phrase":
            start = rng.randrange(len(document) - len(bands) + 1)
            picked = document[start:start + len(bands)]
            fits = all(band(w) and wanted in ("*", band(w)) for w, wanted in zip(picked, bands))
            return picked if fits else None
        picked = []
        distinct = list(dict.fromkeys(document))
        for wanted in bands:
            choice = [w for w in distinct if w not in picked and band(w)
                      and wanted in ("*", band(w))]
            if not choice:
                return None
            picked.append(rng.choice(choice))
        return picked

    written, counts = set(), collections.Counter()
    with open(out_path, "w", encoding="utf-8") as out:
        for name, (wanted, kind, bands) in CLASSES.items():
            wanted = max(1, round(wanted * scale))
            for _ in range(wanted * 300):
                if counts[name] == wanted:
                    break
                picked = pick(kind, bands)
                if not picked:
                    continue
                query = " ".join("+" + w for w in picked) if kind == "all" else " ".join(picked)
                query = f'"{query}"' if kind == "phrase" else query
                if (name, query) not in written:
                    written.add((name, query))
                    out.write(f"{name}\t{query}\n")
                    counts[name] += 1
        for number in range(10):
            out.write(f"miss\tواژهنیافتنی{number}\n")
            counts["miss"] += 1
    return dict(counts)
