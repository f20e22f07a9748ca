#!/bin/sh
# Compares every path of evaluation with the brute-force oracle over many random indexes.
#
#   Scripts/oracle.sh [INDEXES] [SEED]
#
# Every index answers 25 queries; 4,000 indexes, the default, make 100,000 pairs. A failure names its
# seed: repeat it with INDEXES 1.
set -eu
cd "$(dirname "$0")/.."
export ORACLE_INDEXES="${1:-4000}"
export ORACLE_SEED="${2:-1}"
export ORACLE_DOCUMENTS="${ORACLE_DOCUMENTS:-1500}"
# Package access for tests needs no flag; optimised, because the oracle looks at every document.
exec swift test -c release --filter 'OracleTests|AdversarialTests'
