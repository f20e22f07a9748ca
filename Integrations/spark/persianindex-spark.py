# SPDX-License-Identifier: Apache-2.0
"""What spark-submit is given: spark-submit --py-files ... persianindex-spark.py build ..."""

import sys

from persianindex_spark.cli import main

if __name__ == "__main__":
    sys.exit(main())
