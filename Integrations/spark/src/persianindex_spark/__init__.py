# SPDX-License-Identifier: Apache-2.0
"""Builds and searches PersianIndex shards on Apache Spark, with the scores of one index."""

from .build import build, clean
from .errors import ShardError
from .manifest import Manifest, Shard
from .search import search

__all__ = ["Manifest", "Shard", "ShardError", "build", "clean", "search"]
