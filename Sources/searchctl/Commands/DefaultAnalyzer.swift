// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// The analyzer that the tool uses where no index says otherwise.
///
/// It cuts at ASCII spaces alone until the library has its Persian analyzer.
struct DefaultAnalyzer: Analyzer {
  var identity: AnalyzerIdentity { AnalyzerIdentity(name: "spaces", version: 1) }

  func analyze(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout TokenBuffer) {
    var index = 0
    while index < text.count {
      let start = index
      while index < text.count, text[index] != UInt8(ascii: " ") { index += 1 }
      if index > start {
        let term = UnsafeBufferPointer(rebasing: text[start..<index])
        tokens.append(term: term, form: term, range: UInt32(start)..<UInt32(index))
      }
      index += 1
    }
  }
}
