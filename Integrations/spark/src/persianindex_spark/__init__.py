# SPDX-License-Identifier: Apache-2.0
"""Builds and searches collections of PersianIndex shards on Apache Spark."""

from .errors import ShardError
from .manifest import Manifest, Shard

__all__ = ["Manifest", "Shard", "ShardError", "build", "clean", "search"]


def __getattr__(name):
    # Only what needs Spark imports it, so that the process of a task starts without.
    if name in ("build", "clean"):
        from . import building as module
    elif name == "search":
        from . import searching as module
    else:
        raise AttributeError(f"module 'persianindex_spark' has no attribute '{name}'")
    return getattr(module, name)
