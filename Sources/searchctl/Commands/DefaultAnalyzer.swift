// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// The analyzer that the tool uses where no index says otherwise.
enum DefaultAnalyzer {
  static func make() -> some Analyzer { StandardAnalyzer() }
}
