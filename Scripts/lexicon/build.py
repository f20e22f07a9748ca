#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the embedded lexicon, Sources/PersianIndex/Analysis/Persian/LexiconTables.swift.

usage: build.py [--cache DIR] [--text FILE]

Downloads shekar 1.7.0 (MIT), hazm 0.10.0 (MIT) and PersianStemmer 1.0.0 (BSD) from PyPI with pip
into the cache (default: a folder in the system's temporary folder), takes word facts from their
data files (words, counts, parts of speech, half-space compounds, broken plurals), joins them with
the hand-written files of data/, prunes inflected forms and noise, and writes one sorted text.
--text writes that text alone. See docs/LEXICON.md for the rules and for how to add a word.
"""
import argparse, collections, math, os, re, subprocess, sys, tarfile, tempfile, zipfile, hashlib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
ZWNJ = "\u200c"
PACKAGES = {
    "shekar-1.7.0-py3-none-any.whl": "shekar==1.7.0",
    "hazm-0.10.0-py3-none-any.whl": "hazm==0.10.0",
    "persianstemmer-1.0.0.tar.gz": "PersianStemmer==1.0.0",
}
LETTERS = "اآبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
FOLD = {c: c for c in LETTERS}
for group in ("أإٱا", "ؤو", "ئيىېےۍی", "كڪک", "ةۃۀہۂەھه"):
    for c in group:
        FOLD[c] = group[-1]
for c in "ءـًٌٍَُِّْٰٕٓٔ":
    FOLD[c] = ""
TOTAL = 185e9  # running words behind shekar's counts


def fold(word):
    """The word in index letters, half-spaces kept; None where a character is foreign to Persian."""
    out = []
    for c in word.strip(ZWNJ + " "):
        if c == ZWNJ:
            if out and out[-1] != ZWNJ:
                out.append(c)
        elif c in FOLD:
            out.append(FOLD[c])
        else:
            return None
    return "".join(out).strip(ZWNJ) or None


def fetch(cache):
    os.makedirs(cache, exist_ok=True)
    for name, requirement in PACKAGES.items():
        if not os.path.exists(os.path.join(cache, name)):
            subprocess.check_call([sys.executable, "-m", "pip", "download", "-q", "--no-deps",
                                   "-d", cache, requirement])
    wheel = zipfile.ZipFile(os.path.join(cache, "shekar-1.7.0-py3-none-any.whl"))
    hazm = zipfile.ZipFile(os.path.join(cache, "hazm-0.10.0-py3-none-any.whl"))
    stemmer = tarfile.open(os.path.join(cache, "persianstemmer-1.0.0.tar.gz"))
    member = lambda n: stemmer.extractfile("persianstemmer-1.0.0/PersianStemmer/data/" + n)
    text = lambda b: b.decode("utf-8-sig").splitlines()
    return {
        "vocab": text(wheel.read("shekar/data/files/vocab.csv")),
        "compounds": text(wheel.read("shekar/data/files/compound_words.csv")),
        "words": text(hazm.read("hazm/data/words.dat")),
        "dictionary": text(member("Dictionary.fa").read()),
        "broken": text(member("Mokassar.fa").read()),
    }


def hand(name):
    with open(os.path.join(HERE, "data", name), encoding="utf8") as f:
        return [l.strip() for l in f if l.strip() and not l.startswith("#")]


def hand_words(name):
    return [w for l in hand(name) for w in l.split()]


PRODUCTIVE = ("سازی", "بندی", "گیری", "شناسی", "گرایی", "گری", "نویسی", "داری", "خوانی", "گذاری",
              "یابی", "پذیری", "زدایی", "زایی", "پردازی", "نگاری", "سنجی", "رسانی", "کاری", "آوری",
              "خواهی", "جویی", "گویی", "دهی", "کشی", "ریزی", "دوستی", "پرستی", "ورزی", "افزایی",
              "ستانی", "یستی", "ولوژی", "گرافی", "تراپی", "مندی", "ناکی", "پوشی", "فروشی", "بازی",
              "اندازی", "پروری", "شکنی", "سوزی", "بینی", "یکی", "انی", "اتی", "یتی")
HEH_SUFFIXES = ("ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان", "هام",
                "هات", "هاش", "هامون", "هاتون", "هاشون", "هاست", "هایند")
CLITICS = ("م", "ت", "ش", "مان", "تان", "شان", "مون", "تون", "شون", "ام", "ات", "اش", "یم", "ید",
           "ند", "اند", "ایم", "اید", "است", "ست", "یند", "یش", "یت", "را", "رو", "و", "ه", "ا",
           "ای", "س", "اس", "ن", "ین", "یه", "یم", "ام", "شو", "مو", "تو")


# Words that are never joined to the next one on the strength of a list of compounds.
SEPARATE = set("به در از با که را و تا ما او من تو این آن هر چه یا".split())


# First parts that make new words freely.
PREFIXES = ("بی", "هم", "کم", "پر", "خوش", "بد", "نیک", "نیم", "پیش", "پس", "یک", "دو", "سه", "چهار",
            "پنج", "شش", "هفت", "هشت", "چند", "غیر", "ضد", "فوق", "ابر", "باز", "تک", "دل", "سر", "هیچ", "زیر", "رو", "نا", "عبد", "خود")


PHRASE_ENDINGS = ("ی", "یی", "یم", "یت", "یش", "یمان", "یتان", "یشان", "ها", "های", "هایی", "هایم",
                  "هایت", "هایش", "هایمان", "هایتان", "هایشان", "یه", "ست", "هاست")
# What makes new words of words.
DERIVATIONS = ("ی", "یی", "یه", "انه", "یت", "گر", "گری", "مند", "وار", "ستان", "یست", "یسم", "چی")


# Last parts of compounds that are as often words of their own after another word.
PLAIN_TAILS = set("علی خان جان پور رود مهر دست شدن زدن کردن دادن نشده شده کرده داده دیده بسته گرفته مانده خورده کار بار "
                  "زبان باران بال درد ماه روز مال دوم دهم تبار نظر چشم شهر خواب سنگ ماهی گفتار دوست رنگ روی پلو بند "
                  "دانه ران باره دستی دهی صفت".split())


class Lexicon:
    def __init__(self, sources):
        self.count = collections.Counter()
        self.pos = collections.defaultdict(set)
        self.rank = {}
        self.dictionary = set()
        self.compound = {}
        self.read(sources)

    def read(self, s):
        for line in s["vocab"]:
            word, number = line.rsplit(",", 1)
            word = fold(word)
            if word:
                self.count[word] += int(number)
        hazm_boundary = {}
        for line in s["words"]:
            word, number, pos = line.split("\t")
            raw = word
            word = fold(word)
            if not word or " " in raw:
                continue
            if ZWNJ in word:
                if pos != "0" or int(number) > 0:
                    hazm_boundary[word.replace(ZWNJ, "")] = word
                elif word.replace(ZWNJ, "") not in hazm_boundary:
                    self.compound.setdefault(word.replace(ZWNJ, ""), word)
                continue
            self.rank[word] = int(number)
            self.pos[word] |= set(pos.split(",")) - {"0"}
        for line in s["compounds"]:
            word = fold(line.replace("#", ZWNJ)) if " " not in line else None
            if word and ZWNJ in word:
                self.compound[word.replace(ZWNJ, "")] = word
        self.compound.update(hazm_boundary)
        for line in s["dictionary"]:
            word = fold(line.strip().replace(" ", ZWNJ)) if line.strip() else None
            if word and ZWNJ in word:
                if word.count(ZWNJ) == 1:
                    self.compound.setdefault(word.replace(ZWNJ, ""), word)
            elif word:
                self.dictionary.add(word)
        self.broken = {}
        for line in s["broken"]:
            pair = [fold(x) for x in re.split(r"\t+", line.strip())]
            if len(pair) == 2 and all(pair) and pair[0] != pair[1]:
                self.broken.setdefault(pair[0], pair[1])

    def known(self, word):
        return word in self.count or bool(self.pos.get(word))

    def lexical(self, word):
        return word in self.dictionary or bool(self.pos.get(word))


def verb_forms():
    """Forms that the verb grammar reads, by how sure a sign of a verb they are."""
    pasts, presents, colloquial = set(), set(), set()
    for line in hand("verbs.txt"):
        parts = line.lstrip("!").split()
        for x in [parts[0]] + [p[1:] for p in parts[1:] if p[0] in "=+"]:
            pasts.add(fold(x))
        for x in (p for p in parts[1:] if p[0] not in "=+"):
            presents.add(fold(x.lstrip("~")))
    strong, weak = set(), set()
    for a in pasts:
        if a[0] in "آا":
            for b in ("نیا" + a[1:], "نی" + a[1:], "می" + a[1:], "میا" + a[1:]):
                strong |= {b + e for e in ("", "م", "ی", "یم", "ید", "ند", "ه")}
        for e in ("م", "ی", "یم", "ید", "ند", "ه"):
            weak.add(a + e)
        for p in ("ن", "می", "نمی", "ب"):
            for e in ("", "م", "ی", "یم", "ید", "ند", "ه"):
                (strong if p != "ب" else weak).add(p + a + e)
    for a in presents:
        glides = []
        if a[0] == "آ":
            glides = ["یا" + a[1:], "یآ" + a[1:]]
        elif a[0] == "ا" and len(a) > 1:
            glides = ["ی" + a[1:], "یا" + a[1:]]
        for g in glides:
            for p in ("ب", "ن"):
                weak |= {p + g + e for e in ("", "م", "ی", "د", "یم", "ید", "ند", "ه", "ن")}
        for e in ("م", "ی", "د", "یم", "ید", "ند", "ه", "ن", "ین"):
            if len(a) > 1 and e not in ("ه", "ن", "ین"):
                weak.add(a + e)
            for p in ("ب", "ن"):
                weak.add(p + a + e)
            for p in ("می", "نمی"):
                strong.add(p + a + e)
        if len(a) > 1:
            weak |= {"ب" + a, "ن" + a}
    return pasts, strong, weak


def build(sources):
    lx = Lexicon(sources)
    mapping = {}  # word -> (canonical, class)
    forms = {}  # word -> with its half-spaces
    for name, kind in (("variants.txt", "v"), ("colloquial.txt", "q"), ("plurals.txt", "p")):
        for line in hand(name):
            word, canonical = line.split(None, 1)
            a = fold(word)
            b = " ".join(fold(x) for x in canonical.split())
            if a and b and a.replace(ZWNJ, "") != b.replace(ZWNJ, ""):
                mapping.setdefault(a.replace(ZWNJ, ""), (b, kind))
                forms.setdefault(a.replace(ZWNJ, ""), a)
    for plural, singular in lx.broken.items():
        mapping.setdefault(plural, (singular, "p"))
    # Phrases that are written as one word take endings like one.
    for word in ("گفتگو", "جستجو", "شستشو", "گفت‌وگو", "جست‌وجو"):
        joined = word.replace(ZWNJ, "")
        for ending in PHRASE_ENDINGS:
            mapping.setdefault(joined + ending, mapping[joined])
            forms.setdefault(joined + ending, word + ending)
    for word in hand_words("lexemes.txt"):
        mapping.pop(fold(word).replace(ZWNJ, ""), None)
    keep_forms = {fold(w).replace(ZWNJ, ""): fold(w) for w in hand_words("lexemes.txt") if ZWNJ in w}
    keep = {fold(w).replace(ZWNJ, "") for w in hand_words("lexemes.txt")}
    closed = [fold(w) for w in hand_words("closed.txt")]
    closed_joined = {w.replace(ZWNJ, "") for w in closed}
    verb_wins = {fold(w) for w in hand_words("verb-wins.txt")}
    stop = {fold(w) for w in hand_words("stop.txt")}
    indefinite = {fold(w) for w in hand_words("indefinite.txt")}
    noun_participles = {fold(w) for w in hand_words("noun-participles.txt")}
    apart = {}  # words that are several terms in every spelling: joined -> with its half-spaces
    binomials = hand_words("binomials.txt")
    for a, b in zip(binomials[::2], binomials[1::2]):
        apart[fold(a + "و" + b)] = fold(a + ZWNJ + "و" + ZWNJ + b)
    for w in hand_words("with-adjectives.txt"):
        apart[fold(w).replace(ZWNJ, "")] = fold("با" + ZWNJ + w[2:])
    pasts, strong, weak = verb_forms()
    others = {fold(p[1:]) for l in hand("verbs.txt") for p in l.split()[1:] if p[0] in "=+"}
    count, pos = lx.count, lx.pos

    def adjective(w):
        return bool(pos.get(w, set()) & {"AJ", "ADV", "AJC"})

    def suffixed(w, suffixes, least=2):
        for s in suffixes:
            if w.endswith(s) and len(w) - len(s) >= least:
                yield w[:-len(s)], s

    numerals = {fold(x) for x in
                "یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده "
                "هجده نوزده بیست سی چهل پنجاه شصت هفتاد هشتاد نود صد هزار میلیون میلیارد".split()}
    tens = "|".join(sorted(numerals))
    candidates = set(count) | {w for w in pos if pos[w]}
    candidates |= {w for w in lx.dictionary if w in lx.rank and len(w) > 3}
    words = {}
    for w in sorted(candidates):
        if ZWNJ in w or len(w) < 2 or len(w) > 24:
            continue
        c = count.get(w, 0)
        if w in keep or w in closed_joined:
            words[w] = c
            continue
        if w in mapping or w in apart or re.fullmatch("(%s)و(%s)(م|مین|می)?" % (tens, tens), w):
            continue
        if c < 3000 and not lx.lexical(w):
            continue
        noun = w in lx.dictionary and "N" in pos.get(w, ()) and lx.rank.get(w, 0) >= 100_000
        if w in strong and not (w[0] == "ن" and noun or w in lx.dictionary and w[0] == "ن"
                                and w not in weak):
            continue
        if w in weak and w not in pasts:
            if not lx.lexical(w) and w not in verb_wins:
                continue
        if re.match("(بر|در|باز|فرا|فرو|وا|ور)?ن?می", w) and len(w) > 4 and not lx.lexical(w):
            continue
        words[w] = c
    base = dict(words)

    def cost(c):
        return round(4 * math.log2(TOTAL / max(c, 700)))

    def run_on(w, c):
        """Whether a word that no dictionary lists is two words run together."""
        if w[:2] in ("که", "از", "در", "با", "تا") and w[2:] in ("که", "از", "در", "با", "به", "را"):
            return not lx.lexical(w)
        if len(w) < 5:
            return False
        for x in ("به", "در", "از", "با", "که"):
            if w.startswith(x) and w not in lx.dictionary and base.get(w[len(x):], 0) > 10 * c:
                return True
        if lx.lexical(w):
            return False
        for k in range(2, len(w) - 1):
            x, y = w[:k], w[k:]
            a = base.get(x, 0) or (x in closed_joined and (count.get(x) or 50_000_000))
            b = base.get(y, 0)
            if a and b and cost(a) + cost(b) < cost(c) + (34 if x in closed_joined else 28):
                return True
        return False

    tails_of_compounds = collections.Counter(f.split(ZWNJ)[-1] for f in lx.compound.values())

    def inflected(w, c):
        if w in indefinite:
            return True
        is_known_adjective = "AJ" in pos.get(w, ()) and w in lx.dictionary
        if w.endswith("ی") and not is_known_adjective and (mapping.get(w[:-1], ("", ""))[1] == "p"
                                or w.endswith("انی") and w[:-3] in base and (
                    w[:-1] not in base or not pos.get(w) and "PL" in pos.get(w[:-1], ()))):
            return True
        for s, _ in suffixed(w, HEH_SUFFIXES):
            if (s in base or w not in count or not lx.lexical(w)) and w not in lx.dictionary:
                return True
        for s, e in suffixed(w, ("ترین", "تر", "تری", "ترینی")):
            if s in base and (adjective(s) or "AJC" in pos.get(w, ())) and base[s] * 5 > c:
                return True
        if w.endswith("ی") and len(w) > 3 and not w.endswith(PRODUCTIVE):
            s = w[:-1]
            if s.endswith("ی") and s[:-1].endswith(("ا", "و")):
                s = s[:-1]
            elif w.endswith("ای") and w[:-2] in base and w[:-2].endswith("ه"):
                s = w[:-2]
            if mapping.get(s, ("", ""))[1] == "v" and not pos.get(w):
                return True
            if s in base:
                ratio = c / max(1, base[s])
                named = bool(pos.get(w, set()) & {"N", "AJ"})
                if s.endswith(("ا", "و")) and not w.endswith("یی"):
                    return not named or ratio < 0.3
                if not (named and w in count or w in lx.dictionary and ratio > 0.02
                        or w in lx.rank and ratio > 0.3 or ratio > 0.5):
                    return True
        for s, e in suffixed(w, ("یان", "گان", "ان")):
            stems = [s + "ه"] if e == "گان" else [s]
            for x in stems:
                if x in base and ("PL" in pos.get(w, ()) or not lx.lexical(w)) and base[x] > c / 4:
                    return True
                if e == "گان" and (len(x) > 3 or base.get(x, 0) > c) and base.get(x, 0) > c / 10:
                    return True
                if e == "ان" and tails_of_compounds[x] >= 8:
                    return True
                if len(x) > 3 and e == "ان" and base.get(x, 0) > 2 * c and not adjective(w):
                    return True
        for s, _ in suffixed(w, ("ات", "جات", "یات")):
            for x in (s, s + "ه", s + "ت"):
                if x in base and ("PL" in pos.get(w, ()) or not lx.lexical(w)):
                    return True
        for s, e in suffixed(w, ("ین", "ون")):
            if s in base and "PL" in pos.get(w, ()) or len(s) > 3 and mapping.get(s, ("", ""))[1] == "v":
                return True
            if e == "ین" and w[0] == "م" and len(s) > 3 and base.get(s, 0) * 3 > c:
                return True
            if e == "ین" and (len(s) == 4 and s[1] == "ا" or s in ("فعال", "داوطلب", "خیر")) \
                    and base.get(s, 0) * 3 > c:
                return True
            if e == "ین" and s[:-1] in numerals and s[-1] == "م":
                return True
            if e == "ون" and s.endswith("ی") and base.get(s, 0) * 3 > c:
                return True
        if w.endswith("ه") and len(w) > 3 and base.get(w[:-1], 0) > 10 * c and adjective(w[:-1]):
            if not pos.get(w):
                return True
        if not pos.get(w):
            for s, e in suffixed(w, ("یم", "یت", "یش")):
                if s.endswith("ا") and base.get(s, 0) > 20 * c:
                    return True
        if not lx.lexical(w):
            for s, e in suffixed(w, CLITICS):
                if s in base and base[s] > c * (1 if len(e) > 1 else 2 if e == "م" and adjective(s) else 4):
                    return True
        return False

    def bare_alef(w, c):
        """Whether a word is a slip for one with آ (آموزشی typed اموزشی)."""
        return len(w) > 2 and w[0] == "ا" and not pos.get(w) and (
            base.get("آ" + w[1:], 0) > 8 * c
            or mapping.get("آ" + w[1:], ("", ""))[1] == "p" and count.get("آ" + w[1:], 0) > 8 * c)

    def with_and(w, c):
        """Whether a word that no source gives a part of speech is و run on to another."""
        return len(w) > (2 if w[1:] in numerals else 3) and w[0] == "و" and not pos.get(w) \
            and base.get(w[1:], 0) > 50 * c

    past_pronouns = {a + e for a in pasts for e in
                     ("ش", "شان", "مان", "تان", "شون", "مون", "تون")}
    words = {w: c for w, c in base.items() if w in keep or w in closed_joined
             or not inflected(w, c) and not run_on(w, c) and not bare_alef(w, c)
             and not with_and(w, c) and (w not in past_pronouns or lx.lexical(w))}
    for w in keep:
        words.setdefault(w.replace(ZWNJ, ""), 0)
    # Words derived of a spelling are spellings of the words derived of its word.
    for a, (b, kind) in list(mapping.items()):
        if kind != "p" and len(b) > 3 and " " not in b and ZWNJ not in b:
            for ending in DERIVATIONS:
                if b + ending in words and a + ending not in keep:
                    mapping.setdefault(a + ending, (b + ending, kind))
                    words.pop(a + ending, None)
    # یزم and یسم are one ending, وو and و one spelling of a vowel after ا.
    for w in sorted(words):
        for x, y in (("یسم", "یزم"), ("یزم", "یسم")):
            v = w[:-3] + y
            if w.endswith(x) and len(w) > 5 and words[w] > words.get(v, 0):
                mapping.setdefault(v, (w, "v"))
        if "اوو" in w[1:]:
            v = w.replace("اوو", "او")
            a, b = (v, w) if words[w] > words.get(v, 0) else (w, v)
            if w not in keep and w not in mapping and v not in mapping:
                mapping[a] = (b, "v")
    for a in mapping:
        words.pop(a, None)
    # A target with a half-space is one word where the lexicon has it so, else several.
    for a, (b, kind) in list(mapping.items()):
        if ZWNJ in b:
            whole = [x if x.replace(ZWNJ, "") in closed_joined or x.replace(ZWNJ, "") in words
                     else x.replace(ZWNJ, " ") for x in b.split(" ")]
            mapping[a] = (" ".join(whole), kind)
    targets = {x for b, _ in mapping.values() for x in re.split("[ %s]" % ZWNJ, b)} - indefinite
    for w in sorted(targets | pasts | verb_wins):
        if len(w) > 1 and w not in mapping:
            words.setdefault(w, max(count.get(w, 0), 3_000_000 if w in targets else 0))

    # Where the joined spelling of a half-space compound is a word of its own, the spaced parts are
    # joined again; other compounds are read as their parts in every spelling.
    preverbs = ("", "بر", "در", "باز", "فرا", "فرو", "وا", "ور")

    def participle(w):
        if not w.endswith("ه") or w in noun_participles or w in keep:
            return False
        for a in sorted(pasts):
            for b in {a, "یا" + a[1:] if a[0] == "آ" else a, "ی" + a[1:] if a[0] == "ا" else a}:
                if w.endswith(b + "ه") and len(b) > 1:
                    head = w[:-len(b) - 1]
                    if head in ("", "ن") or head.removesuffix("ن") in preverbs and len(b) > 2:
                        return True
        return False

    parts_of = lambda form: form.split(ZWNJ)
    lines = collections.defaultdict(list)
    boundary = {}
    for joined, form in lx.compound.items():
        parts = form.split(ZWNJ)
        if len(joined) > 28 or any(len(p) < 2 and p != "و" for p in parts):
            continue
        if any(re.fullmatch("(بر|در|باز|فرا|فرو|وا|ور)?ن?می", p) for p in parts) or any(p in HEH_SUFFIXES for p in parts[1:]):
            continue
        parts = [q for p in parts for q in
                 (["و", p[1:]] if p[0] == "و" and p not in words and p not in weak
                  and (count.get(p[1:], 0) >= 2_000_000 or p[1:-1] in numerals) else [p])]
        form = ZWNJ.join(parts)
        if parts[-1] in ("جات", "گان", "ات", "تر", "ترین", "ام", "ای", "اش", "ات", "اند", "ایم", "اید", "مان", "ان"):
            continue
        if len(parts) > 2 and parts[0] in numerals:
            continue
        if joined in mapping or joined in closed_joined or joined in keep or joined in apart:
            continue
        if joined in strong or joined in weak:
            continue
        if len(parts) == 3 and parts[1] == "و" and parts[0] not in numerals:
            apart[joined] = form
            words.pop(joined, None)
            continue
        boundary[joined] = form
    tails = collections.Counter(f.split(ZWNJ)[-1] for f in boundary.values())
    for part, n in tails.items():
        if n >= 4 and part not in words and part not in mapping and len(part) > 2 \
                and part not in indefinite and part not in verb_wins and not part.endswith("گان"):
            words[part] = count.get(part, 0) or n * 300_000
    for w in sorted(words):
        if w not in boundary and w not in keep and w not in closed_joined and w.endswith("ه") \
                and w not in noun_participles and not participle(w):
            for a in sorted(pasts, key=lambda a: (-len(a), a)):
                head = w[:-len(a) - 1]
                if w.endswith(a + "ه") and len(a) > 1 and head in words and head not in ("نا", "فر") \
                        and (len(head) > 2 or len(a) > 3 and len(head) == 2):
                    boundary[w] = head + ZWNJ + a + "ه"
                    break
    for joined, form in boundary.items():
        c = count.get(joined, 0)
        last = form.split(ZWNJ)[-1]
        is_verbal = (last in pasts or last.endswith("ه") and last[:-1] in pasts) \
            and last not in noun_participles and form.split(ZWNJ)[0] not in preverbs + ("پیش", "پس")
        is_apart = parts_of(form)[0] in SEPARATE and joined not in keep and c < 1_000_000
        if joined in words and (lx.lexical(joined) or c >= 100_000) \
                and not is_verbal and not is_apart:
            continue
        words.pop(joined, None)
        base_form = inflected_compound(joined, form, boundary)
        if not base_form:
            lines["c", cost(max(c, 3000))].append(form)
    for joined, form in apart.items():
        lines["ac" if form.startswith("با" + ZWNJ) else "cs",
              cost(max(count.get(joined, 0), 3000))].append(form)
    found = {}
    for w in [w for w in words if w not in closed_joined]:
        c = words[w]
        flags = "n"
        if w in stop:
            flags += "w"
        if tails[w] >= 8 or w in numerals or w[-1] == "م" and w[:-1] in numerals:
            flags += "t"
        if adjective(w):
            flags += "a"
        if w in verb_wins or w in others or participle(w):
            flags += "v"
        form = boundary.get(w) or keep_forms.get(w)
        if not form and w.endswith("ن") and w[:-1] not in pasts:
            for x in ("فرا", "فرو", "وا"):
                if w.startswith(x) and w[len(x):-1] in pasts:
                    form = x + ZWNJ + w[len(x):]
        if not form and w not in keep:
            for x in PREFIXES:
                rest = w[len(x):]
                if w.startswith(x) and len(rest) >= (4 if x == "نا" else 3) \
                        and (x != "خود" or w[-1] == "ی" and rest[:2] != "رو") and (
                        rest in words or len(rest) > 3 and rest[-1] == "ی" and rest[:-1] in words
                        or x == "عبد" and rest[:2] == "ال"):
                    form = x + ZWNJ + w[len(x):]
                    break
        if form:
            if w not in keep and form.split(ZWNJ)[0] in SEPARATE:
                form = None
        if not form and w not in keep and w in lx.dictionary and pos.get(w, set()) & {"N", "AJ"}:
            for k in range(2 if len(w) > 5 else 3, len(w) - 2):
                x, y = w[:k], w[k:]
                if k == 2 and len(y) < 4:
                    continue
                if tails[y] >= (20 if y in closed_joined else 8) and x in words \
                        and x not in closed_joined and words[x] >= 100_000 \
                        and y not in PLAIN_TAILS:
                    form = x + ZWNJ + y
                    break
        if not form and c >= 20000 and len(w) >= 5 and w not in keep and w[:-1] not in pasts:
            best = None
            for k in range(2, len(w) - 1):
                x, y = w[:k], w[k:]
                if x in closed_joined or y in closed_joined or x not in words or y not in words \
                        or y in ("یی", "ها", "ان", "ات", "تر", "ای", "ام", "اش", "ون", "ین"):
                    continue
                a, b = words[x], words[y]
                if a < 100000 or b < 100000 or len(x) + len(y) < 5:
                    continue
                expected = a * b / TOTAL
                if c > 100 * expected and (best is None or expected > best[0]):
                    best = (expected, x + ZWNJ + y)
            form = best and best[1]
        found[w] = (flags, c, form)
    for w, (flags, c, form) in found.items():
        if not form and w not in keep:
            # A derived word is written apart where its base is.
            for stem in (w[:-1], w[:-2]):
                if w.endswith("ی") and stem in found and found[stem][2]:
                    form = found[stem][2] + w[len(stem):]
                    break
        if form:
            lines[flags + "s", cost(c)].append(form)
        else:
            lines[flags, cost(c)].append(w)
    for w in closed:
        joined = w.replace(ZWNJ, "")
        c = count.get(joined, 0) or 50_000_000
        if joined == "و":
            c = 8_000_000_000
        lines["f" + ("s" if ZWNJ in w else ""), cost(c)].append(w)

    def verb_shapes(parts):
        a = fold(parts[0])
        shapes = [a, a + "ند", a + "م", a + "ه", "ن" + a]
        for x in parts[1:]:
            if x[0] not in "=+~":
                shapes += [fold(x) + "د", fold(x) + "ند", "ب" + fold(x) + "د"]
        return shapes

    infinitive = lambda parts: count.get(fold(parts[0]) + "ن", 0) * 5
    owner = {}
    for line in hand("verbs.txt"):
        parts = line.lstrip("!").split()
        for f in verb_shapes(parts):
            if f not in owner or infinitive(owner[f]) < infinitive(parts):
                owner[f] = parts

    def verb_cost(parts):
        """The cost of a verb, from those of its forms that are nothing else."""
        n = infinitive(parts)
        for f in verb_shapes(parts):
            if owner[f][0] == parts[0] and (
                    f in verb_wins or f not in words or f in pasts and not pos.get(f)):
                n = max(n, count.get(f, 0))
        return cost(max(n, 30_000))

    text = []
    verbs = collections.defaultdict(list)
    for line in hand("verbs.txt"):
        parts = line.lstrip("!").split()
        verbs[cost(30_000) if line[0] == "!" else verb_cost(parts)].append(
            " ".join((x[0] if x[0] in "=+~" else "") + fold(x.lstrip("=+~")) for x in parts))
    # Causatives are made freely of present stems (انگیزاندن); those that are not listed are rare.
    for line in hand("verbs.txt"):
        for x in line.lstrip("!").split()[1:]:
            if x[0] in "=+~":
                continue
            x = fold(x)
            if len(x) >= 3 and x + "اند" not in pasts:
                pasts.add(x + "اند")
                verbs[cost(2_000)].append(x + "اند " + x + "ان =" + x + "انید")
    for c in sorted(verbs):
        text.append("=verbs %d" % c)
        text += sorted(verbs[c])
    for kind in "vqp":
        text.append("=map " + kind)
        text += sorted(forms.get(a, a) + " " + b for a, (b, k) in mapping.items() if k == kind and a)
    for flags, c in sorted(lines):
        text.append("=%s %d" % (flags, c))
        text += sorted(lines[flags, c])
    return "\n".join(text) + "\n"


def inflected_compound(joined, form, boundary):
    """Whether the compound is an inflected form of another one."""
    for suffix in ("ی", "ان", "ها", "های", "تر", "م", "ش"):
        if joined.endswith(suffix) and joined[:-len(suffix)] in boundary and suffix != "ی":
            return True
    return False


def swift(text):
    digest = hashlib.sha256(text.encode()).hexdigest()
    checksum = crc(text.encode())
    return f'''// SPDX-License-Identifier: Apache-2.0
// Generated by `python3 Scripts/lexicon/build.py`; do not edit. Sources and licences: NOTICE.txt.
// swift-format-ignore-file

/// The words of the Persian lexicon, one a line under headings that give their class and cost.
enum LexiconTables {{
  /// The checksum (CRC-32C) of ``words``.
  static let checksum: UInt32 = 0x{checksum:08X}

  /// The text that the lexicon is loaded from; docs/LEXICON.md describes it.
  static let words: StaticString = """
{text}"""
}}
'''


def crc(data):
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
        table.append(n)
    value = 0xFFFFFFFF
    for b in data:
        value = value >> 8 ^ table[(value ^ b) & 255]
    return value ^ 0xFFFFFFFF


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache", default=os.path.join(tempfile.gettempdir(), "persianindex-lexicon"))
    parser.add_argument("--text")
    arguments = parser.parse_args()
    text = build(fetch(arguments.cache))
    if arguments.text:
        with open(arguments.text, "w", encoding="utf8") as f:
            f.write(text)
        return
    path = os.path.join(ROOT, "Sources/PersianIndex/Analysis/Persian/LexiconTables.swift")
    with open(path, "w", encoding="utf8") as f:
        f.write(swift(text))


if __name__ == "__main__":
    main()
