// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// The version of the tool.
enum Version {
  static let number = "0.1.0"
  /// The day of the version, as the manual page names it.
  static let date = "2026-11-21"

  /// What `--version` prints.
  static var text: String {
    "searchctl \(number) (writes index format \(SearchIndex.formatVersion), reads"
      + " \(SearchIndex.oldestFormatVersion) to \(SearchIndex.formatVersion))\n"
  }
}
