// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Testing

/// The terms of a text, in order.
func terms(_ text: String, _ analyzer: some Analyzer = PersianAnalyzer()) -> [String] {
  analyzer.tokens(of: text).map(\.term)
}

/// The written forms of a text, in order.
func writtenForms(_ text: String) -> [String] {
  PersianAnalyzer().tokens(of: text).map { $0.writtenForm ?? "" }
}

/// Expects of each pair that its terms are the same, or that they are not.
///
/// - Parameters:
///   - areSame: What is expected of all the pairs.
///   - pairs: Pairs with two spaces or a new line between them, their members with a bar.
func expectPairs(areSame: Bool, _ pairs: String) {
  let analyzer = PersianAnalyzer()
  var tokens = TokenBuffer()
  func terms(_ text: Substring) -> [[UInt8]] {
    tokens.removeAll()
    Array(text.utf8).withUnsafeBufferPointer { analyzer.analyze($0, into: &tokens) }
    return tokens.tokens.map { Array(tokens.term(of: $0)) }
  }
  for pair in pairs.split(whereSeparator: \.isNewline).flatMap({ $0.split(separator: "  ") }) {
    let words = pair.split(separator: "|")
    let (first, second) = (terms(words[0]), terms(words[1]))
    #expect((first == second && !first.isEmpty) == areSame, "\(pair)")
  }
}
