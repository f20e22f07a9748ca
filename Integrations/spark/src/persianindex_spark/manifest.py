# SPDX-License-Identifier: Apache-2.0
"""The list of the shards of a collection, published in one step."""

import dataclasses
import json
import os
import uuid
import zlib

from .errors import ShardError

NAME = "manifest.json"
SHARD_NAME = "shard.json"
FORMAT_VERSION = 2


@dataclasses.dataclass(frozen=True)
class Shard:
    """One shard: an index of searchctl and the checksums of its files."""

    name: str
    documents: int
    analyzer: str
    format: int
    files: dict  # name: {"size": bytes, "crc32": number}

    @property
    def bytes(self):
        """The size of all files."""
        return sum(file["size"] for file in self.files.values())


@dataclasses.dataclass(frozen=True)
class Manifest:
    """The shards of one build; `build` is the folder that they are in."""

    build: str
    shards: list

    @property
    def documents(self):
        """The number of documents of all shards."""
        return sum(shard.documents for shard in self.shards)

    @staticmethod
    def read(path):
        """Reads the manifest of a collection."""
        name = os.path.join(path, NAME)
        try:
            with open(name, encoding="utf-8") as file:
                value = json.load(file)
            if value["formatVersion"] != FORMAT_VERSION:
                raise ShardError(
                    f"{name}: format {value['formatVersion']}; this package reads {FORMAT_VERSION}"
                )
            return Manifest(value["build"], [Shard(**shard) for shard in value["shards"]])
        except FileNotFoundError:
            raise ShardError(f"{name}: there is no collection here; build one") from None
        except (ValueError, KeyError, TypeError) as error:
            raise ShardError(f"{name}: the manifest is damaged ({error}); build anew") from None

    def publish(self, path):
        """Makes this the manifest of the collection, durably and in one step."""
        value = {
            "formatVersion": FORMAT_VERSION,
            "build": self.build,
            "shards": [dataclasses.asdict(shard) for shard in self.shards],
        }
        temporary = os.path.join(path, f".{NAME}.{uuid.uuid4().hex}")
        write_durably(temporary, json.dumps(value, ensure_ascii=False, indent=1) + "\n")
        os.replace(temporary, os.path.join(path, NAME))
        synchronize(path)


def write_durably(name, text):
    """Writes a file and waits until it is on the medium."""
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def synchronize(folder):
    """Waits until the names in a folder are on the medium."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checksum(name):
    """The CRC-32 of a file, as gzip has it: against damage, not against forgery."""
    result = 0
    with open(name, "rb") as file:
        while block := file.read(1 << 20):
            result = zlib.crc32(block, result)
    return result


def describe(folder):
    """The sizes and checksums of the files of an index."""
    files = {}
    for name in sorted(os.listdir(folder)):
        if name != "LOCK":
            whole = os.path.join(folder, name)
            files[name] = {"size": os.path.getsize(whole), "crc32": checksum(whole)}
    return files


def verify(folder, shard, checksums):
    """Checks that a shard is there and whole; its sizes always, its checksums where asked for."""
    for name, file in shard.files.items():
        whole = os.path.join(folder, name)
        try:
            size = os.path.getsize(whole)
        except OSError:
            raise ShardError(f"{shard.name}: {whole} is missing; build anew") from None
        if size != file["size"]:
            raise ShardError(
                f"{shard.name}: {whole} has {size} bytes instead of {file['size']}; build anew"
            )
        if checksums and checksum(whole) != file["crc32"]:
            raise ShardError(f"{shard.name}: {whole} is damaged; build anew")
