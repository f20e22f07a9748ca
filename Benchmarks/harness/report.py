# SPDX-License-Identifier: Apache-2.0
"""From measured queries to tables."""
import json
import math
import statistics

OURS = "persianindex"
FLOOR = 3.0
"""Microseconds below which nobody waits: a peer faster than this is matched by this."""

# Mean microseconds of Lucene 9.9.1 and of a natively built Tantivy 0.26.1, measured in one run on
# one machine over 338,247 Persian documents (48 million tokens, one segment, one thread). Only
# their ratio is used: the binding on PyPI cannot prune, so its latencies say too little about
# Tantivy, and a native build needs a registry of crates that is not always at hand.
NATIVE = {
    "TOP_10": {
        "term_high": (75, 17), "term_mid": (35, 12), "term_low": (6.0, 2.6),
        "and2_hh": (531, 1138), "and2_hl": (51, 27), "and2_mm": (90, 52), "and3": (201, 137),
        "or2_hh": (787, 535), "or2_hl": (172, 69), "or2_mm": (121, 77), "or4": (353, 337),
        "or8": (963, 1276), "phrase2_hh": (2830, 5781), "phrase2": (1109, 2326),
        "phrase3": (1279, 1355)},
    "TOP_100": {
        "term_high": (294, 75), "term_mid": (100, 33), "term_low": (12, 2.4),
        "and2_hh": (885, 1198), "and2_hl": (84, 33), "and2_mm": (107, 51), "and3": (261, 146),
        "or2_hh": (1157, 911), "or2_hl": (577, 199), "or2_mm": (237, 137), "or4": (673, 593),
        "or8": (1593, 1920), "phrase2_hh": (4365, 5788), "phrase2": (1847, 2337),
        "phrase3": (1449, 1381)},
    "COUNT": {
        "term_high": (1.6, 0.4), "term_mid": (1.7, 0.5), "term_low": (1.8, 0.5),
        "and2_hh": (773, 576), "and2_hl": (48, 18), "and2_mm": (56, 36), "and3": (169, 107),
        "or2_hh": (574, 333), "or2_hl": (290, 197), "or2_mm": (51, 23), "or4": (563, 331),
        "or8": (1229, 715), "phrase2_hh": (5575, 5384), "phrase2": (2306, 2180),
        "phrase3": (1656, 1306)},
    "TOP_10_COUNT": {
        "term_high": (452, 105), "term_mid": (44, 13), "term_low": (5.1, 1.9),
        "and2_hh": (1539, 1184), "and2_hl": (61, 27), "and2_mm": (67, 44), "and3": (218, 140),
        "or2_hh": (3196, 845), "or2_hl": (1705, 564), "or2_mm": (247, 87), "or4": (3060, 809),
        "or8": (5880, 1432), "phrase2_hh": (6138, 5751), "phrase2": (2544, 2365),
        "phrase3": (1778, 1331)},
}


def read_rows(path):
    """The measured queries of a search, by (command, class, query)."""
    rows = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if "class" in row:
                rows[row["command"], row["class"], row["query"]] = row
    return rows


def best_rows(rounds):
    """The rows of several searches as one: of each query the least of its times, since all that
    others do on the machine only adds to them."""
    return {key: {**row, "micros": min(other[key]["micros"] for other in rounds if key in other)}
            for key, row in rounds[0].items()}


def write_rows(rows, path):
    with open(path, "w", encoding="utf-8") as lines:
        for row in rows.values():
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def summarise(rows):
    """Mean, median and 99th percentile per command and class, over queries."""
    grouped = {}
    for (command, name, _), row in rows.items():
        grouped.setdefault(command, {}).setdefault(name, []).append(row["micros"])
    return {command: {name: statistics_of(times) for name, times in classes.items()}
            for command, classes in grouped.items()}


def statistics_of(times):
    times = sorted(times)
    last = min(len(times) - 1, int(len(times) * 0.99))
    return {"queries": len(times), "mean": round(statistics.fmean(times), 3),
            "median": round(statistics.median(times), 3), "p99": round(times[last], 3)}


def compare_counts(reference, other):
    """Which hit counts differ, and how many of the best ten are the same."""
    shared = [key for key in reference if key in other]
    differing = {}
    overlaps, ratios = [], []
    for key in shared:
        mine, theirs = reference[key], other[key]
        if mine["count"] != theirs["count"]:
            differing.setdefault(f"{key[0]} {key[1]}", []).append(
                [key[2], mine["count"], theirs["count"]])
        if mine.get("top") and theirs.get("top"):
            scores, others = dict(mine["top"]), dict(theirs["top"])
            both = scores.keys() & others.keys()
            overlaps.append(len(both) / len(scores))
            ratios += [others[hit] / scores[hit] for hit in both if scores[hit]]
    return {"compared": len(shared), "differing": sum(map(len, differing.values())),
            "top10_overlap": round(statistics.fmean(overlaps), 4) if overlaps else None,
            "median_score_difference": median_distance(ratios),
            "examples": {name: found[:2] for name, found in differing.items()}}


def median_distance(ratios):
    """How far scores are from those of the reference, a factor that is the same for all aside:
    Tantivy, say, multiplies all scores by k1 + 1, which Lucene leaves out."""
    if not ratios:
        return None
    factor = statistics.median(ratios)
    return round(statistics.median(abs(ratio / factor - 1) for ratio in ratios), 5)


def native_tantivy(engines, command, name):
    """What a native Tantivy would need here: Lucene's time by the recorded ratio, and never more
    than the measured binding, which does all that the native engine does and then some."""
    lucene = engines.get("lucene", {}).get("latency", {}).get(command, {}).get(name)
    wheel = engines.get("tantivy", {}).get("latency", {}).get(command, {}).get(name)
    ratio = NATIVE.get(command, {}).get(name)
    estimates = []
    if lucene and ratio:
        estimates.append(lucene["mean"] * ratio[1] / ratio[0])
    if wheel:
        estimates.append(wheel["mean"])
    if not estimates:
        return None
    mean = min(estimates)
    scale = mean / wheel["mean"] if wheel else ratio[1] / ratio[0]
    shape = wheel or lucene
    return {"mean": mean, "median": shape["median"] * scale, "p99": shape["p99"] * scale}


def standings(engines):
    """Our time against the better of Lucene and native Tantivy, per command and class."""
    ours = engines.get(OURS, {}).get("latency", {})
    result = []
    for command, classes in ours.items():
        for name, mine in classes.items():
            lucene = engines.get("lucene", {}).get("latency", {}).get(command, {}).get(name)
            tantivy = native_tantivy(engines, command, name)
            rivals = [(peer["mean"], title, peer) for title, peer in
                      (("Lucene", lucene), ("Tantivy", tantivy)) if peer]
            if not rivals or name == "miss":
                continue
            mean, title, better = min(rivals, key=lambda rival: rival[0])
            pisa = engines.get("pisa", {}).get("latency", {}).get(command, {}).get(name)
            result.append({
                "command": command, "class": name, "ours": mine["mean"], "better": mean,
                "rival": title, "ratio": mine["mean"] / mean,
                "floored_ratio": mine["mean"] / max(mean, FLOOR),
                "p99_ratio": mine["p99"] / better["p99"],
                "pisa_ratio": mine["mean"] / pisa["mean"] if pisa else None,
                "within": mine["mean"] <= max(mean, FLOOR),
                "p99_within": mine["p99"] <= max(better["p99"], FLOOR)})
    return result


def geometric_mean(values):
    values = list(values)
    return math.exp(statistics.fmean(math.log(value) for value in values)) if values else None


def significant(value):
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "| --- " * len(heads) + "|"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def render(result):
    """The whole result as Markdown."""
    engines = result["engines"]
    corpus, machine = result["corpus"], result["machine"]
    titles = {name: engine["title"] for name, engine in engines.items()}
    parts = [
        f"# {result['name']}, {result['mode']} mode\n",
        f"{corpus['documents']:,} documents, {corpus['tokens']:,} tokens, "
        f"{result['input_bytes'] / 1e6:.1f} MB of input. Commit {result['commit']}, "
        f"{result['date']}; {machine['cpu']}, {machine['cores']} cores, {machine['system']}.\n"]
    if result.get("rounds", 1) > 1:
        parts.append(f"Times of {result['rounds']} rounds, engines in turn: of each query the "
                     "least.\n")
    versions = ", ".join(f"{engine['title']} {engine['version']}"
                         for engine in engines.values() if engine.get("version"))
    parts.append(versions + ".\n")
    rows = []
    for name, engine in engines.items():
        for build in engine.get("builds", []):
            seconds = build["index_seconds"] + build["merge_seconds"]
            rows.append([
                titles[name], build["threads"], f"{build['index_seconds']:.2f}",
                f"{build['merge_seconds']:.2f}",
                f"{result['input_bytes'] / 1e6 / seconds:.1f}", f"{build['cpu']:.2f}",
                f"{result['input_bytes'] / 1e6 / build['cpu']:.1f}",
                f"{build['peak_megabytes']:.0f}", f"{build['bytes'] / 1e6:.1f}",
                f"{build['others']:.2f}"])
    if rows:
        parts += ["## Indexing\n", table(
            ["engine", "threads", "index s", "merge s", "MB/s", "CPU s", "MB per CPU s",
             "peak MB", "index MB", "other load"], rows)]
        if gain := result.get("parallel_gain"):
            parts.append(f"Two busy loops at once do {gain} times the work of one on this "
                         "machine: no second thread can bring more.\n")
    searched = [name for name in engines if engines[name].get("latency")]
    standing = {(row["command"], row["class"]): row for row in standings(engines)}
    for command in result["commands"]:
        shown = [name for name in searched if command in engines[name]["latency"]]
        classes = list(dict.fromkeys(
            cls for name in shown for cls in engines[name]["latency"][command]))
        rows = []
        for cls in classes:
            cells = [engines[name]["latency"][command].get(cls) for name in shown]
            estimate = native_tantivy(engines, command, cls)
            row = standing.get((command, cls))
            rows.append(
                [cls]
                + [f"{significant(c['mean'])} ({significant(c['median'])} / "
                   f"{significant(c['p99'])})" if c else "–" for c in cells]
                + [significant(estimate["mean"]) if estimate else "–"]
                + ([f"{row['ratio']:.2f}{'' if row['within'] else ' ✗'}",
                    f"{row['p99_ratio']:.2f}{'' if row['p99_within'] else ' ✗'}"]
                   if row else ["–", "–"]))
        parts += [f"## {command}\n", "Mean (median / 99th percentile), microseconds per query.\n",
                  table(["class"] + [titles[name] for name in shown]
                        + ["Tantivy, native (estimate)", "mean to the better", "p99 to the better"],
                        rows)]
    if standing:
        rows = list(standing.values())
        parts += ["## Standing\n", standing_table(rows)]
    parts += ["## Agreement\n", table(
        ["engine", "compared with " + titles.get(result["reference"], result["reference"]),
         "counts that differ", "top-10 overlap", "median relative score difference"],
        [[titles[name], engine["agreement"]["compared"], engine["agreement"]["differing"],
          engine["agreement"]["top10_overlap"], engine["agreement"]["median_score_difference"]]
         for name, engine in engines.items() if engine.get("agreement")])]
    parts.append(
        "Counts must be equal; scores need not be: each engine keeps field lengths in one byte and "
        "rounds those above its exact range its own way, which moves scores by a percent or so and "
        "with them documents near the tenth place. PISA and FTS5 reckon idf differently.\n")
    parts.append(
        "The ratio is ours to the better of Lucene and a native Tantivy. The binding of Tantivy "
        "on PyPI switches pruning off and cannot count without collecting, so the native figure "
        "is an estimate: Lucene's time here by the ratio of both engines in one earlier run "
        "(`harness/report.py`), and at most the binding's own time. ✗ marks a ratio above 1 "
        f"where the better needs more than {FLOOR:g} µs.\n")
    return "\n".join(parts)


def standing_table(rows):
    def group(title, test, goal):
        chosen = [row for row in rows if test(row)]
        if not chosen:
            return None
        worst = max(chosen, key=lambda row: row["ratio"])
        return [title, len(chosen), f"{geometric_mean(r['ratio'] for r in chosen):.3f}",
                f"{geometric_mean(r['floored_ratio'] for r in chosen):.3f}", goal,
                f"{worst['ratio']:.2f} ({worst['command']} {worst['class']})",
                sum(not row["within"] for row in chosen),
                sum(not row["p99_within"] for row in chosen)]

    groups = [
        group("all", lambda r: True, "≤ 0.60"),
        group("words", lambda r: r["class"].startswith("term"), ""),
        group("all-of", lambda r: r["class"].startswith("and"), ""),
        group("any-of", lambda r: r["class"].startswith("or"), ""),
        group("any-of, two common words", lambda r: r["class"] == "or2_hh", "≤ 0.50"),
        group("any-of, eight words", lambda r: r["class"] == "or8", "≤ 0.50"),
        group("phrases", lambda r: r["class"].startswith("phrase"), "≤ 0.35")]
    groups += [group(command, lambda r, c=command: r["command"] == c, "")
               for command in dict.fromkeys(row["command"] for row in rows)]
    text = table(["classes", "n", "geometric mean of ratios",
                  f"the same to at least {FLOOR:g} µs", "goal", "worst", "above 1",
                  "p99 above 1"], [row for row in groups if row])
    pisa = [row for row in rows if row["pisa_ratio"] and row["command"] == "TOP_10"
            and row["class"][:2] in ("an", "or")]
    if pisa:
        behind = [f"{row['class']} {row['pisa_ratio']:.2f}" for row in pisa
                  if row["pisa_ratio"] > 1]
        text += (f"\nAgainst PISA, TOP_10 any-of and all-of: geometric mean "
                 f"{geometric_mean(row['pisa_ratio'] for row in pisa):.3f}"
                 + (f"; behind in {', '.join(behind)}.\n" if behind else "; ahead everywhere.\n"))
    return text
