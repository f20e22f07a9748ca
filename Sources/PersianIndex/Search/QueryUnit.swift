// SPDX-License-Identifier: Apache-2.0

/// One written word of a query's text after analysis: the terms that it stands for, in order.
struct QueryUnit {
  /// The terms in UTF-8; more than one where the word is a compound or words run together.
  var terms: [[UInt8]]
  /// The place of each term in the text's sequence of terms.
  var positions: [UInt32]
  /// The word as written in its spelling-independent form; empty where it has none.
  var writtenForm: [UInt8]
  /// Whether all its terms are function words.
  var isStopWord: Bool

  /// Analyses a text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - analyzer: The index's analyzer.
  ///   - buffer: A buffer to work in; its tokens are replaced.
  static func units(
    of text: String, analyzer: any Analyzer, buffer: inout TokenBuffer
  ) -> [QueryUnit] {
    buffer.removeAll()
    var text = text
    text.withUTF8 { analyzer.analyze($0, into: &buffer) }
    var units: [QueryUnit] = []
    for token in buffer.tokens {
      let term = Array(buffer.term(of: token))
      let isStopWord = token.flags.contains(.stopWord)
      if token.flags.contains(.continuesWord), !units.isEmpty {
        units[units.count - 1].terms.append(term)
        units[units.count - 1].positions.append(token.position)
        units[units.count - 1].isStopWord = units[units.count - 1].isStopWord && isStopWord
      } else {
        units.append(
          QueryUnit(
            terms: [term], positions: [token.position],
            writtenForm: Array(buffer.writtenForm(of: token)), isStopWord: isStopWord))
      }
    }
    return units
  }
}
