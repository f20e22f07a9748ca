// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// The terms of a text, in order.
func terms(_ text: String, _ analyzer: some Analyzer = PersianAnalyzer()) -> [String] {
  analyzer.tokens(of: text).map(\.term)
}

/// The written forms of a text, in order.
func writtenForms(_ text: String) -> [String] {
  PersianAnalyzer().tokens(of: text).map { $0.writtenForm ?? "" }
}
