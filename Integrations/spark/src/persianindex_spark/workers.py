# SPDX-License-Identifier: Apache-2.0
"""What PySpark does at every task, and need not."""

import gc
import os
import sys
import zipimport


def settle():
    """Spares this worker a tenth of a second at each of its further tasks.

    Between two tasks PySpark collects garbage among all modules, and has every cached finder of a
    zip file read its directory again, of which its own zip has one for each package.
    """
    gc.freeze()
    import pyspark

    for name, finder in list(sys.path_importer_cache.items()):
        is_zip = isinstance(finder, zipimport.zipimporter)
        if is_zip and pyspark.__file__.startswith(finder.archive + os.sep):
            # It is made again where it is needed.
            del sys.path_importer_cache[name]
