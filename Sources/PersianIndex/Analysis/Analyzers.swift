// SPDX-License-Identifier: Apache-2.0

/// The analyzers of this library by the names that indexes store.
package enum Analyzers {
  /// Makes the analyzer of an index again.
  ///
  /// - Parameters:
  ///   - identity: The identity that the index stores, as in `persian/1-8f3a12c4`.
  ///   - configurationData: The settings that the index stores.
  ///   - path: The index's path, for the error.
  /// - Returns: The analyzer.
  /// - Throws: `.analyzerMismatch` where the name is not one of this library's.
  package static func analyzer(
    identity: String, configurationData: [UInt8], path: String
  ) throws(IndexError) -> any Analyzer {
    switch identity.prefix(while: { $0 != "/" }) {
    case "whitespace": return WhitespaceAnalyzer()
    case "standard": return StandardAnalyzer()
    case "persian":
      return PersianAnalyzer(configuration: try PersianConfiguration(data: configurationData))
    default:
      throw IndexError(
        .analyzerMismatch,
        "made with the analyzer \(identity), which this library does not have; pass that analyzer",
        path: path)
    }
  }
}
