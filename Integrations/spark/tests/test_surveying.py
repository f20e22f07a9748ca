# SPDX-License-Identifier: Apache-2.0
"""Keys that are compared by several tasks."""

import json

import pyarrow
import pytest
from conftest import DOCUMENTS

from persianindex_spark import ShardError, arrays, build, sources, surveying


@pytest.mark.parametrize("buckets", [1, 2, 7])
def test_equal_keys_meet_in_one_bucket(monkeypatch, buckets):
    monkeypatch.setattr(surveying, "CRC_KEYS", 10)
    keys = [f"k{number % 40}".encode() for number in range(100)]
    parts = dict(surveying._spread(arrays.of_bytes(keys), buckets))
    found = [(key, bucket) for bucket, part in parts.items() for key in part.to_pylist()]
    assert sorted(key for key, _ in found) == sorted(keys)
    assert len(set(found)) == len(set(keys))
    assert set(parts) <= set(range(buckets)) and len(parts) == buckets


def test_few_keys_are_kept_and_many_are_not(tmp_path):
    some = arrays.of_bytes([b"k%d" % number for number in range(10)])
    keys, paths = surveying.FewKeys(200), []

    def first_twice():
        paths.append(str(tmp_path / str(len(paths))))
        keys.write(paths[-1])
        return surveying.first_twice(surveying.FewKeys.read(paths[-1:]))

    assert first_twice() is None
    keys.add(pyarrow.concat_arrays([some, pyarrow.nulls(3, some.type)]).slice(1))
    assert first_twice() is None
    keys.add(some.slice(4, 1))
    assert first_twice() == (b"k4", 2)
    assert surveying.first_twice(surveying.FewKeys.read(paths)) == (b"k1", 2)
    keys.add(some)
    keys.add(some)
    keys.write(str(tmp_path / "many"))
    assert surveying.FewKeys.read([*paths, str(tmp_path / "many")]) is None


def test_a_key_that_comes_twice_is_found_by_whichever_task_has_it(
    spark, searchctl, tmp_path, monkeypatch
):
    monkeypatch.setattr(sources, "FEW", 0)
    monkeypatch.setattr(surveying, "BUCKET", 500)
    name, path = str(tmp_path / "documents.jsonl"), str(tmp_path / "collection")
    for twice, count in (([], 0), ([3], 2), ([3, 11, 3], 3)):
        documents = DOCUMENTS[:20] + [DOCUMENTS[number] for number in twice]
        with open(name, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(document) + "\n" for document in documents)
        if count == 0:
            assert build(name, path, 3, distinct=True, searchctl=searchctl).documents == 20
            continue
        with pytest.raises(ShardError, match=f"the key '{'d11' if 11 in twice else 'd3'}' comes"):
            build(name, path, 3, distinct=True, searchctl=searchctl)
