// SPDX-License-Identifier: Apache-2.0

/// Names an analyzer and the state of its rules and data, as stored in an index.
///
/// Two analyzers with equal identities give equal tokens for every text.
public struct AnalyzerIdentity: Sendable, Hashable, CustomStringConvertible {
  /// The analyzer's name, as in `persian`.
  public let name: String
  /// The version of the analyzer's rules; it rises whenever any text could give other tokens.
  public let version: UInt32
  /// A checksum of the analyzer's data (lexicon and user words), 0 where it has none.
  public let fingerprint: UInt32

  /// Creates an identity.
  ///
  /// - Parameters:
  ///   - name: The analyzer's name: non-empty ASCII, as in `persian`.
  ///   - version: The version of the analyzer's rules.
  ///   - fingerprint: A checksum of the analyzer's data, 0 where it has none.
  public init(name: String, version: UInt32, fingerprint: UInt32 = 0) {
    self.name = name
    self.version = version
    self.fingerprint = fingerprint
  }

  /// The identity in one word, as in `persian/1-8f3a12c4`.
  public var description: String {
    let digits = String(fingerprint, radix: 16)
    let padding = String(repeating: "0", count: 8 - digits.count)
    return "\(name)/\(version)" + (fingerprint == 0 ? "" : "-" + padding + digits)
  }
}
