# SPDX-License-Identifier: Apache-2.0
"""The engines that can be compared, where they come from and how they are started.

Peers are installed by name and version from PyPI into Benchmarks/.peers, which git ignores. A
peer that cannot be installed or started is left out with a word; it never stops a comparison.
"""
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
INSTALLED = HERE / ".peers"
PYTHON = INSTALLED / "venv" / "bin" / "python"
JAR = INSTALLED / "lucene.jar"
CLASSES = INSTALLED / "classes"
PEER = HERE / ".build" / "release" / "peer"
LUCENE_WHEEL = "pyserini==0.40.0"


@dataclass
class Engine:
    name: str
    title: str
    command: list
    build_options: list = field(default_factory=list)
    search_options: list = field(default_factory=list)
    analyses: bool = True
    """Whether it can analyse raw text itself; if not, it is compared on tokens only."""
    threads: bool = True
    """Whether its indexing can use several threads."""
    needs: list = field(default_factory=list)

    def missing(self):
        return [str(path) for path in self.needs if not Path(path).exists()]


def python_adapter(name):
    return [PYTHON if PYTHON.exists() else sys.executable, HERE / "peers" / f"{name}_adapter.py"]


def engines():
    java = shutil.which("java") or "java"
    return {engine.name: engine for engine in [
        Engine("persianindex", "PersianIndex", [PEER], needs=[PEER]),
        Engine("lucene", "Lucene",
               [java, "-Xms1g", "-Xmx3g", "-cp", f"{CLASSES}:{JAR}", "LuceneAdapter"],
               # The just-in-time compiler needs longer to warm up than compiled programs do.
               search_options=["--warmup", "12"], needs=[JAR, CLASSES / "LuceneAdapter.class"]),
        # The binding cannot merge on demand: only a large budget gives one segment.
        Engine("tantivy", "Tantivy (wheel)", python_adapter("tantivy"),
               build_options=["--ram-mb", "3500"],
               needs=[PYTHON, HERE / "peers" / "tantivy_adapter.py"]),
        Engine("pisa", "PISA", python_adapter("pisa"), analyses=False, needs=[PYTHON]),
        # Without pruning a query takes up to a third of a second: one timed pass must do.
        Engine("sqlite", "SQLite FTS5", python_adapter("sqlite"), threads=False,
               search_options=["--warmup", "1", "--min-passes", "1"]),
    ]}


def step(text):
    print(f"• {text}", file=sys.stderr, flush=True)


def install():
    """Installs what is not there yet; says what could not be had and goes on."""
    INSTALLED.mkdir(exist_ok=True)

    def attempt(what, command):
        step(what)
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if result.returncode:
            last = (result.stderr or result.stdout).strip().splitlines()[-1:]
            step(f"  not available: {' '.join(last)}")
        return result.returncode == 0

    if not PYTHON.exists():
        attempt("a Python environment of its own",
                [sys.executable, "-m", "venv", INSTALLED / "venv"])
    for line in (HERE / "peers" / "requirements.txt").read_text().splitlines():
        requirement = line.partition("#")[0].strip()
        if requirement and requirement != LUCENE_WHEEL:
            attempt(requirement, [PYTHON, "-m", "pip", "install", "--quiet", requirement])
    if not JAR.exists():
        downloads = INSTALLED / "downloads"
        if attempt(f"Lucene, from the wheel {LUCENE_WHEEL}",
                   [PYTHON, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary",
                    ":all:", "--dest", downloads, LUCENE_WHEEL]):
            wheel = next(downloads.glob("pyserini-*.whl"))
            with zipfile.ZipFile(wheel) as archive:
                name = next(n for n in archive.namelist() if n.endswith("fatjar.jar"))
                with archive.open(name) as source, open(JAR, "wb") as target:
                    shutil.copyfileobj(source, target)
            wheel.unlink()
    if JAR.exists():
        CLASSES.mkdir(exist_ok=True)
        attempt("the Lucene adapter",
                ["javac", "-nowarn", "-cp", JAR, "-d", CLASSES,
                 HERE / "peers" / "LuceneAdapter.java"])
    attempt("our own peer program",
            ["swift", "build", "--package-path", HERE, "-c", "release", "--product", "peer"])
