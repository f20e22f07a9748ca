# SPDX-License-Identifier: Apache-2.0
"""Texts to measure on: from JSON Lines, or made by a seeded generator.

Every engine reads the same two files: raw.tsv holds each document's title and text, and
tokens.tsv the same text already split into words, so that engines without Persian analysis
(and engines with different analysis) can be compared on identical tokens.
"""
import bisect
import itertools
import json
import math
import random
import re
import unicodedata

FOLDED = {
    "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "ٱ": "ا", "ؤ": "و",
    "ئ": "ی", "\u200c": " ", "\u200d": "", "\u0640": "", "\u00ad": "",
}
FOLDED.update({chr(0x0660 + digit): str(digit) for digit in range(10)})
FOLDED.update({chr(0x06F0 + digit): str(digit) for digit in range(10)})
FOLDED.update({chr(mark): "" for mark in itertools.chain(
    range(0x0300, 0x0370), range(0x064B, 0x0660), [0x0670])})
TABLE = str.maketrans(FOLDED)
WORD = re.compile(r"[^\W_]+")


def words(text):
    """The words of a text: letters and digits only, so that any tokenizer sees the same ones."""
    text = unicodedata.normalize("NFKC", text).translate(TABLE).lower()
    return [word for word in WORD.findall(text) if len(word) <= 60]


def from_json_lines(path, limit=0):
    """Yields title and text, joined, of each line's object."""
    with open(path, encoding="utf-8") as lines:
        for line in itertools.islice(lines, limit or None):
            record = json.loads(line)
            both = f"{record.get('title') or ''} {record.get('text') or ''}"
            yield " ".join(both.split())


def prepare(texts, folder):
    """Writes raw.tsv, tokens.tsv and corpus.json; returns what corpus.json holds."""
    folder.mkdir(parents=True, exist_ok=True)
    summary = {"documents": 0, "tokens": 0, "raw_bytes": 0, "token_bytes": 0}
    with open(folder / "raw.tsv", "w", encoding="utf-8") as raw, \
            open(folder / "tokens.tsv", "w", encoding="utf-8") as tokens:
        for number, text in enumerate(texts):
            split = words(text)
            joined = " ".join(split)
            raw.write(f"{number}\t{text}\n")
            tokens.write(f"{number}\t{joined}\n")
            summary["documents"] += 1
            summary["tokens"] += len(split)
            summary["raw_bytes"] += len(text.encode())
            summary["token_bytes"] += len(joined.encode())
    (folder / "corpus.json").write_text(json.dumps(summary))
    return summary


class Synthetic:
    """A generator of Persian-looking documents: same seed, same text, on every machine.

    - Vocabulary: random words of Persian letters, the frequent ones shorter. The word of rank r
      is drawn with a weight of (r + 3) ** -1.2 (Zipf and Mandelbrot).
    - Documents have a log-normal length and a theme: 30 % of the tokens come from the theme's
      own words. Themes last for some documents, as subjects do in a news feed.
    - Bursts: 10 % of the tokens repeat one of the 60 before them, because a word that was used
      is likely to be used again.
    - Set phrases: at 2 % of the places a fixed sequence of two or three words begins, so that
      phrase queries have matches.
    """

    LETTERS = "ااااببپتتجچحخدددرررزسسسشششعغفقککگلللممممنننوووههیییی"

    def __init__(self, seed=20201118, vocabulary=250_000, mean_length=200):
        self.random = random.Random(seed)
        self.mean_length = mean_length
        self.vocabulary = self.make_vocabulary(vocabulary)
        weights = ((rank + 3) ** -1.2 for rank in range(1, vocabulary + 1))
        self.cumulative = list(itertools.accumulate(weights))
        middle = range(200, min(vocabulary, 80_000))
        self.themes = [self.random.sample(middle, min(2_000, len(middle))) for _ in range(400)]
        self.theme_cumulative = list(itertools.accumulate(1 / (r + 4) for r in range(2_000)))
        self.phrases = [
            [bisect.bisect(self.cumulative, self.random.random() * self.cumulative[-1])
             for _ in range(self.random.choice((2, 2, 3)))]
            for _ in range(30_000)]
        self.phrase_cumulative = list(itertools.accumulate(1 / (r + 5) for r in range(30_000)))

    def make_vocabulary(self, size):
        seen, result = set(), []
        while len(result) < size:
            length = round(self.random.gauss(1.6 + 0.36 * math.log(len(result) + 1), 0.8))
            length = max(1 if len(result) < 15 else 2, min(13, length))
            word = "".join(self.random.choices(self.LETTERS, k=length))
            if word not in seen:
                seen.add(word)
                result.append(word)
        return result

    def documents(self, count):
        """Yields `count` texts; a longer run begins with the texts of a shorter one."""
        draw = self.random.random
        ranks = range(len(self.vocabulary))
        theme = self.themes[0]
        spread = 0.7
        centre = math.log(self.mean_length) - spread * spread / 2
        for _ in range(count):
            if draw() < 0.2:
                theme = self.random.choice(self.themes)
            length = max(8, min(6_000, int(self.random.lognormvariate(centre, spread))))
            tokens = self.random.choices(ranks, cum_weights=self.cumulative, k=length)
            themed = self.random.choices(
                theme, cum_weights=self.theme_cumulative[:len(theme)], k=int(length * 0.3))
            for word in themed:
                tokens[int(draw() * length)] = word
            for _ in range(int(length * 0.1)):
                place = int(draw() * length)
                if place > 0:
                    tokens[place] = tokens[place - 1 - int(draw() * min(60, place))]
            starts = int(length * 0.02 + draw())
            for phrase in self.random.choices(
                    self.phrases, cum_weights=self.phrase_cumulative, k=starts):
                place = int(draw() * (length - len(phrase)))
                tokens[place:place + len(phrase)] = phrase
            yield " ".join([self.vocabulary[rank] for rank in tokens])
