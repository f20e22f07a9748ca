# SPDX-License-Identifier: Apache-2.0
"""What workers keep between two tasks."""

import sys
import zipfile
import zipimport

from persianindex_spark.workers import settle


def test_jars_are_not_read_again_for_each_task(tmp_path):
    finders = {}
    for name in ("spark-core.jar", "users.zip"):
        path = str(tmp_path / name)
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("module.py", "")
        finders[path] = sys.path_importer_cache[path] = zipimport.zipimporter(path)
    settle()
    # Users can replace what they sent along, and find it then.
    assert [path for path in finders if path in sys.path_importer_cache] == [path]
    del sys.path_importer_cache[path]
