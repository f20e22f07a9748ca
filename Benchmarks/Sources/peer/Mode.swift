// SPDX-License-Identifier: Apache-2.0
import PersianIndex

/// Whether text is split at spaces only, as for every engine, or analysed by us.
enum Mode: String {
  case prepared = "pre"
  case native

  init(_ name: String) throws(Failure) {
    guard let mode = Mode(rawValue: name) else {
      throw Failure("--mode is pre or native, not '\(name)'")
    }
    self = mode
  }

  var analyzer: any Analyzer {
    switch self {
    case .prepared: WhitespaceAnalyzer()
    case .native: PersianAnalyzer()
    }
  }
}
